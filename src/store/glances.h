// What a list of seats says of a meeting that is not in memory: titles, sitting, and who is what
// there. No second truth: it counts for as long as the head of the meeting's journal is the one
// that it was made of, by number and hash, so that nobody keeps it up. Synchronous, on the store's
// own thread.
#pragma once

#include "base/err.h"
#include "contract/types.h"
#include "store/store.h"

// As the meeting is after event `seq`. Keeps nothing when its journal has come further.
enum err CHECKED glance_put(struct store *store, const struct meeting *meeting, uint64_t seq);
// The seat of `participant`, without its date. ERR_NOT_FOUND: nothing is kept that counts, and the
// journal is to be read. `ret_listed`: whether they are in the list of participants; without it
// the seat has no capacity.
enum err CHECKED glance_get(struct store *store, const char *meeting, const char *participant,
                            struct seat *ret_seat, bool *ret_listed);
// What everybody's seat in it says: meeting, titles, sitting; participant, capacity and date stay
// as they are. Pure.
void glance_describe(const struct meeting *meeting, struct seat *seat);
