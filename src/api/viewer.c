#include "api/viewer.h"

#include "base/text.h"
#include "contract/permissions.h"

struct viewer viewer_in(const struct meeting *meeting, enum capacity capacity,
                        const char *participant)
{
    struct viewer viewer = {.capacity = capacity, .participant = participant};
    // Who has no desk has no booth either: nobody is looked for, for each of thousands and each
    // event.
    const struct participant *found = meeting != NULL && capacity_can(capacity, ABILITY_HAS_DESK)
                                          ? participant_in(meeting, participant)
                                          : NULL;
    viewer.language = found != NULL ? viewer_of(found).language : LANGUAGE_NONE;
    return viewer;
}

const struct participant *participant_in(const struct meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, participant)) {
            return &meeting->participants[i];
        }
    }
    return NULL;
}
