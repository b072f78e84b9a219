#include "api/viewer.h"

#include "base/text.h"

struct viewer viewer_in(const struct meeting *meeting, enum capacity capacity,
                        const char *participant)
{
    const struct participant *found = meeting != NULL ? participant_in(meeting, participant) : NULL;
    struct viewer viewer = {.capacity = capacity, .participant = participant};
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
