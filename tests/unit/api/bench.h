// An api with a fake app and a fake http: what was sent to each connection can be read back.
#pragma once

#include <jansson.h>

#include "api/api.h"
#include "fake_app.h"

#define BENCH_SENT_MAX 8192
#define BENCH_REQUEST  77 // the number of a bench_call() that gives none

struct bench_sent {
    api_connection connection;
    char *text; // owned
    size_t size;
};

struct bench {
    struct api *api;
    struct app *app;
    time_us now;
    time_ms wall;
    struct bench_sent sent[BENCH_SENT_MAX];
    uint32_t sent_count;
    uint32_t read;                 // bench_next() has given these
    api_connection full;           // live_send says no for this one
    api_connection reading_slowly; // live_has_room says no
    uint16_t closed_code[64];
    char closed_reason[64][64];
    bool ready;
    // Work on the workers, until bench_run_work() and bench_run_report().
    struct bench_work {
        void (*work)(void *argument);
        void (*done)(void *argument);
        void *argument;
    } work; // contents and passwords
    struct bench_work report_work;
    bool worker_full;
    const char *provider;     // its name; NULL: there is none
    const char *provider_why; // what comes of asking it; NULL: the person `provider_person`
    const char *provider_person;
    char provider_code[64];        // as last brought back
    struct api_report_wish report; // the last one asked for
    enum err report_err;           // what comes of it
    uint64_t responded_request;
    uint32_t responded_count;
    struct api_response responded; // the later answer; given back by bench_destroy()
};

struct bench *bench_create(void);
void bench_destroy(struct bench *bench);
// Texts of states that the api keeps for the next who comes.
uint32_t bench_kept_texts(const struct bench *bench);
void bench_pass(struct bench *bench, time_us us);
void bench_run_work(struct bench *bench);
void bench_run_report(struct bench *bench);

// A request; the response's body as JSON (NULL when it is none). The status is in *ret_status.
struct bench_request {
    enum api_method method;
    const char *path;
    const char *query;
    const char *bearer;
    const char *body;
    const char *content_type; // NULL: application/json
    const char *remote;       // NULL: 192.0.2.1
    const char *accept;
    const char *if_match;
    const char *browser;
    bool encoded;
    uint64_t number; // 0: BENCH_REQUEST
};
json_t *bench_call(struct bench *bench, const struct bench_request *request,
                   struct api_response *ret_response);

// The same with what comes at the end of the turn.
json_t *bench_call_turn(struct bench *bench, const struct bench_request *request,
                        struct api_response *ret_response);

// Accepts and opens; the problem's status when refused, 101 when open. `query` without the token.
int bench_open(struct bench *bench, api_connection connection, const char *bearer,
               const char *query);
void bench_say(struct bench *bench, api_connection connection, const char *text);
void bench_say_bytes(struct bench *bench, api_connection connection, const char *text, size_t size);
// The next message to this connection, a new reference; NULL when there is none.
json_t *bench_next(struct bench *bench, api_connection connection);
// Its text; valid until bench_destroy().
const char *bench_next_text(struct bench *bench, api_connection connection);
// Throws away everything sent so far.
void bench_skip(struct bench *bench);
// "kind": the message's first of hello, snapshot, events, notice, reply, ping.
const char *bench_kind(const json_t *message);
