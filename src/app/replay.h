// A meeting's state from its journal.
#pragma once

#include "meeting/meeting.h"
#include "store/journal.h"

// Verifies the hash chain and applies every event to `state`, which must be new and carry the
// meeting's id. ERR_NOT_FOUND when there is no journal of that id, ERR_MALFORMED when the chain is
// broken or a row cannot be read.
enum err CHECKED replay_meeting(struct store *store, struct meeting_state *state);
