// A meeting's whole state as one person may see it. Control thread only.
#pragma once

#include <jansson.h>

#include "api/event_batch.h"
#include "contract/types.h"

// The resource "meeting", a new reference, NULL when memory is short. Calls for help are told to
// those alone who may see help.changed; for others `help` is none, except their own.
json_t *snapshot_encode(const struct meeting *meeting, const struct event_viewer *viewer);
// The participant, or NULL.
const struct participant *snapshot_participant(const struct meeting *meeting,
                                               const char *participant);
