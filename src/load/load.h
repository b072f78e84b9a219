// A load of WebRTC clients for any server that speaks WHIP and WHEP (RFC 9725): publishers that
// send Opus, listeners that hear it, and what it costs. Everything in one thread and one call:
//
//   load_options_init() → fill in → load_run() → struct load_result
//
// The publishers join first, then the listeners, at their rate; when all have joined (or failed)
// and the server had a second to settle, the measurement begins. At the end every session is
// deleted. Arrivals and phases of the streams come from the seed. Nothing is printed here.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/time.h"
#include "load/load_dtls.h"
#include "load/load_histogram.h"
#include "load/load_payload.h"
#include "load/load_process.h"
#include "load/load_stream.h"
#include "load/load_url.h"
#include "wire/address.h"

#define LOAD_URLS_MAX       8
#define LOAD_PUBLISHERS_MAX 1024
#define LOAD_LISTENERS_MAX  60000
#define LOAD_FAILURES_MAX   8 // different ones that are remembered
#define LOAD_WORDS_MAX      192

enum load_stage {
    LOAD_PUBLISHING, // publishers join
    LOAD_JOINING,    // listeners join
    LOAD_SETTLING,
    LOAD_MEASURING,
    LOAD_ENDING, // sessions are deleted
    LOAD_DONE,
};

// What goes on while it runs.
struct load_progress {
    enum load_stage stage;
    time_us elapsed; // since the beginning
    uint32_t wanted; // of those who join in this stage
    uint32_t joined; // listeners who are in; publishers in LOAD_PUBLISHING
    uint32_t failed;
    double packets_per_s; // since the last call
    int64_t lost;         // in this stage
    time_us delay_p99;    // in this stage
    double server_share;  // of one core since the last call; below 0: unknown
    double own_share;
};

struct load_options {
    const char *whip[LOAD_URLS_MAX]; // patterns (load_url.h), taken in turn; borrowed
    const char *whep[LOAD_URLS_MAX];
    uint32_t whip_count;
    uint32_t whep_count;
    const char *whip_token; // NULL: none. Patterns too
    const char *whep_token;
    uint32_t publishers;
    uint32_t listeners;
    double join_rate;    // listeners a second; 0: as fast as `handshakes` allows
    bool even_arrivals;  // evenly spaced instead of a Poisson process
    uint32_t handshakes; // joins under way at once
    uint32_t duration_s;
    uint64_t seed;
    uint32_t payload;    // bytes of an Opus packet
    uint32_t packet_ms;  // of sound in it
    uint32_t longest_ms; // what listeners ask for (a=maxptime); 0: nothing
    bool red;            // listeners welcome RED
    enum load_cipher cipher;
    uint32_t sample;        // one listener in so many is decrypted and timed
    struct address source;  // the clients' address; ADDRESS_NONE: chosen
    unsigned source_prefix; // 0: one address
    uint32_t patience_s;    // for one join
    bool insecure;
    pid_t processes[LOAD_PROCESSES_MAX]; // of the server, on this machine
    size_t process_count;
    int core;    // of the server; -1: not watched
    int stop_fd; // readable: end early and orderly; once more: at once. -1: none
    void (*progress)(void *context, const struct load_progress *progress); // once a second
    void *progress_context;
};

// One part of the run.
struct load_phase {
    time_us length;
    struct load_counts counts;         // all listeners
    struct load_frame_counts frames;   // sampled listeners
    uint64_t frames_sent;              // by all publishers
    uint64_t unopened;                 // packets that did not decrypt
    struct load_histogram delay;       // from sending to arrival, of each packet's newest frame
    struct load_histogram frame_delay; // of every frame: with the wait for others in its packet
};

struct load_failure {
    uint32_t count;
    char words[LOAD_WORDS_MAX];
};

struct load_result {
    uint32_t publishers_joined;
    uint32_t listeners_joined;
    uint32_t publishers_failed;
    uint32_t listeners_failed;
    uint32_t silent;      // listeners joined who heard nothing in the last second
    uint32_t ended;       // sessions that the server ended
    uint32_t not_deleted; // sessions whose DELETE failed
    uint32_t gcm;         // clients by cipher
    uint32_t cm;
    bool interrupted;
    bool measured; // the measurement ran to its end
    size_t failure_count;
    struct load_failure failures[LOAD_FAILURES_MAX];
    time_us joining;             // from the first listener's request to the last one's connection
    struct load_histogram join;  // listeners: from request to connection
    struct load_histogram sound; // listeners: from request to the first packet
    struct load_phase joined;    // while listeners joined: of those already in
    struct load_phase steady;    // the measurement
    bool usage_known;
    struct load_usage used; // by the server in the measurement; memory at its end
    uint64_t memory_before; // of the server before the first client
    bool core_known;
    struct load_core_usage core; // in the measurement
    struct load_usage own;       // by this process in the measurement
    uint64_t dropped_here;       // datagrams lost in this process's own sockets
};

void load_options_init(struct load_options *options);
// ERR_INVALID: the options do not fit together, or an address is wrong; ERR_NOT_FOUND: a process or
// a host is not there; otherwise the system refused. *ret_problem is then a static text. Clients
// that cannot join are no error here: they are counted. `ret_result` is large.
enum err CHECKED load_run(const struct load_options *options, struct load_result *ret_result,
                          const char **ret_problem);
