// Who looks at a meeting's state. Control thread only.
#pragma once

#include "contract/types.h"
#include "contract/visibility.h"

// With the booth of an interpreter. `meeting` may be NULL, and the participant not in it (any
// more). Borrows `participant`.
struct viewer viewer_in(const struct meeting *meeting, enum capacity capacity,
                        const char *participant);
// The participant, or NULL.
const struct participant *participant_in(const struct meeting *meeting, const char *participant);
