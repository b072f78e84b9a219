// A meeting's state from its journal.
#pragma once

#include "meeting/meeting.h"
#include "store/journal.h"

// Why a journal cannot be replayed.
struct replay_fault {
    uint64_t seq;     // the first event that is at fault
    char reason[192]; // in English, for the operator
};

// Begins `state` anew, verifies the hash chain, applies every event, and checks what came of it.
// ERR_NOT_FOUND when there is no journal of that name; ERR_SET_ASIDE, and the fault, when the chain
// is broken, an event cannot be read, or does what cannot be: `state` is worthless then.
enum err CHECKED replay_try(struct store *store, const char *meeting, struct meeting_state *state,
                            struct replay_fault *ret_fault);
// The same; the fault goes to the log.
enum err CHECKED replay_meeting(struct store *store, const char *meeting,
                                struct meeting_state *state);

// Tries each meeting of the store, and shows those at fault.
typedef void replay_fault_visitor(void *context, const char *meeting,
                                  const struct replay_fault *fault);
enum err CHECKED replay_examine(struct store *store, replay_fault_visitor *visit, void *context,
                                uint32_t *ret_meetings);
