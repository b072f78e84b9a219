// Work that takes long and that a request waits for, on the worker that the request's route names
// (contract/workers.json). In front of each worker stands a queue: bounded, one job of a person
// where the worker says so, and whoever finds it full is answered 429 or 503 with Retry-After. One
// job is at work, the others wait here and not on the worker, so that a job whose client has
// vanished is dropped before it costs anything. Private to src/api; control thread only, but for
// job_kind.work.
#pragma once

#include "api/call.h"

struct job;

struct job_kind {
    size_t size; // of the whole job, whose first member is struct job
    // On the worker: touches nothing but the job, and what ports.report_make() may.
    void (*work)(struct job *job);
    // Back on the control thread: answers `call`.
    void (*done)(struct job *job, struct call *call);
    // It will not be worked: the queue was full, somebody displaced it, its client has vanished.
    // What is answered is the queue's business. May be NULL.
    void (*dropped)(struct job *job);
    // Gives back what it owns; its bytes are wiped after that. May be NULL.
    void (*finish)(struct job *job);
};

struct job {
    const struct job_kind *kind;
    struct api *api;
    enum rest_worker worker;               // whose queue it stands in
    handle call;                           // that waits for it
    char owner[2 * (CONTRACT_ID_MAX + 1)]; // meeting and participant; empty: nobody's
    struct job *next;
};

// Who is next, where it is not who came first. All of these are asked by the queue.
struct job_order {
    // A job has come. The one that is told to come again for it: NULL, another, or itself.
    struct job *(*put)(struct api *api, struct job *job);
    // NULL when none may be worked now.
    struct job *(*take)(struct api *api);
    // A waiting job is dropped.
    void (*leave)(struct api *api, struct job *job);
    // When take() has one; TIME_US_NEVER when nobody waits.
    time_us (*next)(const struct api *api);
};

// NULL when memory is short. Give it to job_begin(), or to job_discard().
struct job *job_create(struct call *call, const struct job_kind *kind);
// It waits, or is at work, or its call is refused already.
void job_begin(struct job *job);
// Has not been begun; nobody is answered.
void job_discard(struct job *job);
// When api_on_deadline() may begin with one that waits.
time_us jobs_next_deadline(const struct api *api);
void jobs_on_deadline(struct api *api);
// The client of a request has vanished. True when its job had not been begun: it is dropped, and
// nothing will be answered.
bool jobs_give_up(struct api *api, uint64_t request);
// Frees all; the workers must have stopped.
void jobs_finish(struct api *api);
