// What the media process says, handed to the part that it concerns.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/levels.h"
#include "app/quality_priv.h"
#include "base/log.h"
#include "base/text.h"

// The answer to LINK_PEER_CREATE.
static void receive_answer(struct app *app, const struct link_message *message)
{
    if (door_answered(app, message)) {
        return;
    }
    struct app_peer *peer = peer_by_id(app, message->peer);
    if (peer == NULL || peer->answer_due == 0) {
        return; // replaced meanwhile
    }
    peer->answer_due = 0;
    peer_due_changed(app, peer);
    if (message->err != ERR_NONE) {
        struct app_meeting *meeting = peer->meeting;
        const char *reason = message->sdp_length > 0 ? message->sdp
                                                     : "the offer does not fit the media plan";
        log_event(LOG_INFO, "media.join_refused", LOG_TEXT("error", err_slug(message->err)),
                  LOG_TEXT("reason", reason));
        peer_refuse(app, peer, message->err, reason);
        peer_follow_meeting(app, meeting);
        return;
    }
    app_live live = peer->answer_live;
    peer->answer_live = HANDLE_NONE;
    if (live != HANDLE_NONE) {
        app_answer_join(app, live, peer->answer_request, message->sdp);
    }
}

// Who is heard stands in for who is not: the routes follow.
static void receive_source_state(struct app *app, const struct link_message *message)
{
    struct app_meeting *changed = hearing_source_state(app, message);
    if (changed != NULL) {
        peer_follow_meeting(app, changed);
    }
    door_source_state(app, message);
}

static void receive_state(struct app *app, const struct link_message *message)
{
    if (app->link.phase == APP_LINK_SYNCING) {
        link_sync_peer_state(app, message);
        return;
    }
    if (door_state(app, message)) {
        return;
    }
    struct app_peer *peer = peer_by_id(app, message->peer);
    if (peer == NULL) {
        return; // closed by us meanwhile
    }
    hearing_peer_phase(app, peer, message->phase);
    peer_tell_page(app, peer);
    if (message->phase == LINK_PEER_CLOSED) {
        struct app_meeting *meeting = peer->meeting;
        peer_forget(app, peer, REFUSAL_MEDIA_ENDED);
        peer_follow_meeting(app, meeting);
    }
}

static void receive_counters(struct app *app, const struct link_message *message)
{
    app->media_counter_count = 0;
    for (uint32_t i = 0; i < message->counter_count && i < LINK_COUNTERS_MAX; i++) {
        struct app_media_counter *counter = &app->media_counters[app->media_counter_count++];
        struct text_builder name = text_builder(counter->name, sizeof(counter->name));
        text_append(&name, "plenary_media_");
        text_append(&name, message->counters[i].name);
        counter->value = message->counters[i].value;
    }
}

void app_link_receive(struct app *app, const struct link_message *message, time_us now,
                      time_ms wall)
{
    app_clock(app, now, wall);
    struct app_peer *peer;
    // Only what media says; anything else is a bug of the other side and is passed over.
    if (message->type == LINK_PEER_ANSWER) {
        receive_answer(app, message);
    } else if (message->type == LINK_PEER_STATE) {
        receive_state(app, message);
    } else if (message->type == LINK_SYNCED && app->link.phase == APP_LINK_SYNCING) {
        link_sync_end(app);
    } else if (message->type == LINK_SOURCE_STATE) {
        receive_source_state(app, message);
    } else if (message->type == LINK_PEER_REPORT && door_by_id(app, message->peer) == NULL) {
        peer = peer_by_id(app, message->peer);
        if (peer != NULL) {
            health_report(app, peer, message);
            quality_report(app, peer, message);
            peer_tell_pictures(app, peer, message->report.slots_held,
                               message->report.pictures_up_held);
        }
    } else if (message->type == LINK_SOURCE_LEVELS) {
        levels_receive(app, message);
    } else if (message->type == LINK_COUNTERS) {
        receive_counters(app, message);
    }
}
