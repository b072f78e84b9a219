#include "api/snapshot.h"

#include "app/app.h"
#include "app/documents.h"
#include "base/text.h"
#include "contract/json.h"
#include "contract/permissions.h"

// Calls for help of others are nobody's business.
static bool hide_help(json_t *object, const struct meeting *meeting,
                      const struct event_viewer *viewer)
{
    json_t *participants = json_object_get(object, "participants");
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, viewer->participant)) {
            continue;
        }
        json_t *none = json_string(help_state_text(HELP_STATE_NONE));
        if (json_object_set_new(json_array_get(participants, i), "help", none) != 0) {
            return false;
        }
    }
    return true;
}

// From the last to the first, so that the places of those before stay.
static void hide_signals(json_t *object, const struct meeting *meeting,
                         const struct event_viewer *viewer)
{
    for (uint32_t i = meeting->signals_count; i-- > 0;) {
        if (!text_equal(meeting->signals[i].participant, viewer->participant)) {
            (void)json_array_remove(json_object_get(object, "signals"), i);
        }
    }
}

static void hide_chats(json_t *object, const struct meeting *meeting,
                       const struct event_viewer *viewer)
{
    for (uint32_t i = meeting->chat_count; i-- > 0;) {
        const struct chat_line *line = &meeting->chat[i];
        if (!event_visible(EVENT_CHAT_SAID, viewer->capacity) ||
            !app_chat_reads(line->room, line->language, viewer->capacity, viewer->language)) {
            (void)json_array_remove(json_object_get(object, "chat"), i);
        }
    }
}

static void hide_documents(json_t *object, const struct meeting *meeting,
                           const struct event_viewer *viewer)
{
    for (uint32_t i = meeting->documents_count; i-- > 0;) {
        if (!app_document_reads(&meeting->documents[i], viewer->capacity, viewer->participant)) {
            (void)json_array_remove(json_object_get(object, "documents"), i);
        }
    }
}

json_t *snapshot_encode(const struct meeting *meeting, const struct event_viewer *viewer)
{
    json_t *object = meeting_encode(meeting);
    if (object == NULL) {
        return NULL;
    }
    hide_chats(object, meeting, viewer);
    hide_documents(object, meeting, viewer);
    if (!event_visible(EVENT_SIGNAL_RAISED, viewer->capacity)) {
        hide_signals(object, meeting, viewer);
    }
    if (!event_visible(EVENT_HELP_CHANGED, viewer->capacity) &&
        !hide_help(object, meeting, viewer)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

struct event_viewer snapshot_viewer(const struct meeting *meeting, enum capacity capacity,
                                    const char *participant)
{
    struct event_viewer viewer = {.capacity = capacity, .participant = participant};
    const struct participant *found = meeting != NULL && capacity == CAPACITY_INTERPRETER
                                          ? snapshot_participant(meeting, participant)
                                          : NULL;
    viewer.language = found != NULL ? found->language : LANGUAGE_NONE;
    return viewer;
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
