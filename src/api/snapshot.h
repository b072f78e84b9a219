// A meeting's whole state as one person may see it. Control thread only.
#pragma once

#include <jansson.h>

#include "api/event_batch.h"
#include "contract/types.h"

// The resource "meeting", a new reference, NULL when memory is short. Calls for help are told to
// those alone who may see help.changed; for others `help` is none, except their own.
// Signals and chats are those that the viewer was told, or would have been.
json_t *snapshot_encode(const struct meeting *meeting, const struct event_viewer *viewer);
// Who looks: with the booth of an interpreter. `meeting` may be NULL. Borrows `participant`.
struct event_viewer snapshot_viewer(const struct meeting *meeting, enum capacity capacity,
                                    const char *participant);
// The participant, or NULL.
const struct participant *snapshot_participant(const struct meeting *meeting,
                                               const char *participant);
