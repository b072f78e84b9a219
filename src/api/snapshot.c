#include "api/snapshot.h"

#include "base/text.h"
#include "contract/json.h"
#include "contract/permissions.h"

json_t *snapshot_encode(const struct meeting *meeting, const struct event_viewer *viewer)
{
    json_t *object = meeting_encode(meeting);
    if (object == NULL || event_visible(EVENT_HELP_CHANGED, viewer->capacity)) {
        return object;
    }
    json_t *participants = json_object_get(object, "participants");
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, viewer->participant)) {
            continue;
        }
        json_t *none = json_string(help_state_text(HELP_STATE_NONE));
        if (json_object_set_new(json_array_get(participants, i), "help", none) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

const struct participant *snapshot_participant(const struct meeting *meeting,
                                               const char *participant)
{
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, participant)) {
            return &meeting->participants[i];
        }
    }
    return NULL;
}
