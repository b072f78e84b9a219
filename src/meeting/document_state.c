// The documents as they are.
#include "meeting/document.h"

#include <string.h>

const struct document *meeting_find_document(const struct meeting_state *state, const char *id)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        if (strcmp(meeting->documents[i].id, id) == 0) {
            return &meeting->documents[i];
        }
    }
    return NULL;
}
