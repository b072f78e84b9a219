// Carries the lines of ANCHOR_FILE out of the machine and remembers, in a file beside it, how far
// each way has come. The thread of anchor_service.c alone.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

struct anchor_courier;

// `file` and `webhook` as in anchor_service.h; `stopping` ends a delivery under way when it is set.
// Does not touch `file`: it may stand on a machine that does not answer.
enum err CHECKED anchor_courier_create(const char *file, const char *webhook,
                                       const _Atomic bool *stopping,
                                       struct anchor_courier **ret_courier);
void anchor_courier_destroy(struct anchor_courier *courier);
// Opens `file` for the first time, and says so when that cannot be. Takes as long as the disk does.
void anchor_courier_begin(struct anchor_courier *courier);
// Delivers what can be delivered; `fd` is ANCHOR_FILE. Gives the bytes that still wait.
uint64_t anchor_courier_deliver(struct anchor_courier *courier, int fd, time_us now);
// When to try again; TIME_US_NEVER when nothing waits.
time_us anchor_courier_next(const struct anchor_courier *courier);
