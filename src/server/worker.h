// One thread for work that takes long and belongs to nobody's loop (reports, password hashing).
// Work goes in and comes back through bounded rings; the control thread calls worker_collect() when
// worker_fd() is readable.
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct worker;

enum worker_manner {
    WORKER_ORDINARY,
    WORKER_GIVES_WAY, // to sound and to the loop: niceness 10
};
enum err CHECKED worker_create(enum worker_manner manner, struct worker **ret_worker);
// Waits for the work under way; what is queued is dropped.
void worker_destroy(struct worker *worker);
// `work` runs on the worker thread, then `done` on the control thread. False when too much is
// queued.
bool worker_run(struct worker *worker, void (*work)(void *), void (*done)(void *), void *argument);
int worker_fd(const struct worker *worker);
void worker_collect(struct worker *worker);
