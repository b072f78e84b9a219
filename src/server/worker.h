// One thread for work that takes long and belongs to nobody's loop (password hashing). Work goes in
// and comes back through bounded rings; the control thread calls worker_collect() when worker_fd()
// is readable.
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct worker;

enum err CHECKED worker_create(struct worker **ret_worker);
// Waits for the work under way; what is queued is dropped.
void worker_destroy(struct worker *worker);
// `work` runs on the worker thread, then `done` on the control thread. False when too much is
// queued.
bool worker_run(struct worker *worker, void (*work)(void *), void (*done)(void *), void *argument);
int worker_fd(const struct worker *worker);
void worker_collect(struct worker *worker);
