// What is limited is told in words before the limit is met: to the log, once at nine tenths of it
// and again only when it had fallen below eight.
#include "app/app_priv.h"
#include "app/documents.h"
#include "app/part.h"
#include "base/log.h"
#include "meeting/setup.h"

static void look(bool *warned, const char *what, const char *meeting, uint32_t used, uint32_t most)
{
    bool near = used >= most - most / 10;
    if (near && !*warned) {
        log_event(LOG_WARNING, "limit.near", LOG_TEXT("what", what), LOG_TEXT("meeting", meeting),
                  LOG_INT("used", used), LOG_INT("most", most));
    }
    *warned = near || (*warned && used > most - most / 5);
}

// Peers come with connections, or soon after.
static void limits_live_opened(struct app *app, app_live live)
{
    (void)live;
    look(&app->connections_near, "http.connections_max", "", app->connections.used,
         app->connections.capacity);
    look(&app->peers_near, "media.peers_max", "", app->peers.used + app->doors.used,
         app->config.doors_max);
}

static uint32_t megabytes_of_papers(const struct meeting *meeting)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        bytes += (uint64_t)meeting->documents[i].size;
    }
    return (uint32_t)(bytes >> 20);
}

static void limits_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                          uint32_t count)
{
    const struct meeting *state = &meeting->told.meeting;
    (void)app;
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].type == EVENT_PARTICIPANT_ADDED) {
            look(&meeting->people_near, "participants", meeting->id, meeting_places_taken(state),
                 MEETING_PLACES_MAX);
            look(&meeting->hours_near, "hours", meeting->id, state->hours_count, MEETING_HOURS_MAX);
        } else if (events[i].type == EVENT_TIME_ALLOWED) {
            look(&meeting->times_near, "speaking_times", meeting->id, state->speaking_times_count,
                 MEETING_SPEAKING_TIMES_MAX);
        } else if (events[i].type == EVENT_DOCUMENT_ADDED) {
            look(&meeting->papers_near, "documents", meeting->id, state->documents_count,
                 MEETING_DOCUMENTS_MAX);
            look(&meeting->papers_large, "documents, megabytes", meeting->id,
                 megabytes_of_papers(state), APP_CONTENT_MEETING_MAX >> 20);
        }
    }
}

const struct app_part limits_part = {.follow = limits_follow, .live_opened = limits_live_opened};
