// Private to src/api: what the api holds.
#pragma once

#include "api/api.h"
#include "api/live_table.h"
#include "api/password_queue.h"
#include "api/rate_limit.h"
#include "api/snapshot.h"
#include "base/pool.h"
#include "contract/routes.h"

struct job;
struct job_order;
struct papers_stream;

// A request whose body is larger than REST_BODY_MAX.
#define API_LARGE_BODIES_MAX 8
struct api_large_body {
    uint64_t request; // 0: free
    size_t received;
    time_us since;
    char meeting[CONTRACT_ID_MAX + 1];
    char participant[CONTRACT_ID_MAX + 1];
};

// Of one worker (api/job.h).
struct job_queue {
    const struct job_order *order; // static; NULL: first come, first served
    struct job *waiting;           // owned; who came first is first
    struct job *at_work;           // owned; NULL: none is on the worker
};

// Who signs in by a link (api/sign_in.h): in this turn of the loop, and, of those who are new,
// since the journal took the last.
#define API_LINKS_AT_ONCE 64
#define API_LINKS_MAX     512
struct api_links {
    uint32_t count;
    handle calls[API_LINKS_MAX]; // of struct call: each waits for its answer
    struct app_link_sign_in sign_ins[API_LINKS_MAX];
};

struct api_counters {
    uint64_t requests;
    uint64_t problems;
    uint64_t sign_ins;
    uint64_t sign_ins_refused;
    uint64_t bearers_refused;
    uint64_t rate_limited;
    uint64_t live_opened;
    uint64_t live_resumed;
    uint64_t live_subscribed;
    uint64_t live_ended_silent;
    uint64_t live_ended_slow;
    uint64_t live_ended_misbehaved;
    uint64_t live_put_off;
    uint64_t messages_received;
    uint64_t messages_malformed;
    uint64_t messages_refused;
    uint64_t commands;
    uint64_t events_published;
    uint64_t event_messages_sent;
};

struct api {
    struct api_ports ports;
    struct app *app; // borrowed
    struct live_table lives;
    struct snapshots snapshots;
    struct remote_limits *limits;  // owned; of addresses
    struct remote_limits *persons; // owned; of participants
    struct pool calls;             // of struct call: requests that await their answers
    struct job_queue jobs[REST_WORKER_COUNT];
    struct password_queue passwords; // their places are parts of jobs
    struct api_links links;
    struct api_large_body large_bodies[API_LARGE_BODIES_MAX];
    struct papers_stream *archives; // that are being sent; each belongs to its response
    struct event *events;           // owned; API_EVENTS_PAGE of them, for reading back
    struct api_counters counters;
    time_us now; // as last given; for what comes back from the app's calls and from workers
    time_ms wall;
    time_us next_beat;           // TIME_US_NEVER without connections
    uint32_t message_values_max; // of JSON in a message on a live connection
};

#define API_EVENTS_PAGE 256

static inline void api_set_now(struct api *api, time_us now, time_ms wall)
{
    api->now = now;
    api->wall = wall;
}
