// The doors towards the media process: offers and their answers, what is delivered, and whose
// sessions end.
#include <inttypes.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"

// The owner's note: what a new control process needs to know the session again.
// "MEETING/whip:NAME:SESSION:WHO:SINCE:RESTARTS:BY". A participant's id holds no ':'.
static void owner_write(const struct app_door *door, uint32_t restarts,
                        char owner[LINK_OWNER_MAX + 1])
{
    struct text_builder text = text_builder(owner, LINK_OWNER_MAX + 1);
    text_append_format(&text, "%s/%s:%s:%s:%s:%" PRId64 ":%" PRIu32 ":%s", door->meeting->id,
                       door_kind_names[door->kind], door->name, door->session, door->who,
                       door->since, restarts, door->by);
    ASSERT(!text.failed);
}

static void sdp_fill(struct link_message *message, const char *sdp, size_t size)
{
    ASSERT(size <= LINK_SDP_MAX);
    memcpy(message->sdp, sdp, size);
    message->sdp[size] = '\0';
    message->sdp_length = (uint32_t)size;
}

bool door_create(struct app *app, struct app_door *door, const char *sdp, size_t size)
{
    struct link_message *message = peer_message(app, LINK_PEER_CREATE);
    message->peer = door->id;
    owner_write(door, door->restarts, message->owner);
    if (door->kind == APP_DOOR_PUBLISH) {
        message->section_count = 2;
        message->sections[0] = (struct link_section){
            .kind = LINK_AUDIO,
            .direction = LINK_SEND,
            .source = door->senders[TRACK_NAME_MICROPHONE].source,
            .optional = true};
        message->sections[1] = (struct link_section){
            .kind = LINK_VIDEO,
            .direction = LINK_SEND,
            .source = door->senders[TRACK_NAME_CAMERA].source,
            .optional = true};
    } else {
        message->section_count = 2;
        message->sections[0] = (struct link_section){
            .kind = LINK_AUDIO,
            .direction = LINK_RECEIVE,
            .slot = SOUND_SLOT,
            .channel = peer_channel_listened(door->meeting, door->channel)};
        message->sections[1] = (struct link_section){
            .kind = LINK_VIDEO,
            .direction = LINK_RECEIVE,
            .optional = true,
            .slot = PICTURE_SLOT,
            .channel = peer_channel(door->meeting, ROUTE_SPEAKER)};
    }
    sdp_fill(message, sdp, size);
    return peer_send(app);
}

bool door_restart(struct app *app, const struct app_door *door, const char *fragment, size_t size)
{
    struct link_message *message = peer_message(app, LINK_PEER_RESTART);
    message->peer = door->id;
    owner_write(door, door->restarts + 1, message->owner);
    sdp_fill(message, fragment, size);
    return peer_send(app);
}

// ---- Answers

// Tells the waiting client why not, and forgets.
static void door_refuse(struct app *app, struct app_door *door, struct app_door_answer *answer)
{
    log_event(LOG_INFO, "door.refused", LOG_TEXT("meeting", door->meeting->id),
              LOG_TEXT("name", door->name), LOG_TEXT("error", err_slug(answer->err)),
              LOG_TEXT("reason", refusal_reason_name(answer->refusal.reason)),
              LOG_TEXT("detail", answer->detail != NULL ? answer->detail : ""));
    door_reply(app, door, answer);
    door_forget(app, door);
}

static void door_refuse_as(struct app *app, struct app_door *door, enum refusal_reason reason)
{
    struct app_door_answer answer = {.err = refusal_reason_err(reason), .refusal.reason = reason};
    door_refuse(app, door, &answer);
}

static enum refusal_reason restart_refusal(enum err err)
{
    switch ((int)err) {
    case ERR_INVALID: return REFUSAL_RESTART_NEEDS_CREDENTIALS;
    case ERR_UNSUPPORTED: return REFUSAL_RESTARTED_TOO_OFTEN;
    case ERR_MALFORMED: return REFUSAL_FRAGMENT_UNREADABLE;
    default: return REFUSAL_NONE;
    }
}

static void door_restarted(struct app *app, struct app_door *door,
                           const struct link_message *message)
{
    if (message->err != ERR_NONE) {
        door_restart_refuse(app, door, message->err, restart_refusal(message->err));
        return;
    }
    door->restarts++;
    struct app_door_answer answer = {
        .restarted = true, .sdp = message->sdp, .sdp_size = message->sdp_length};
    door_reply(app, door, &answer);
}

// The same publisher came back under the same name: what it tried before makes way, but for the
// session that publishes. That one goes on until the new one comes through.
static void door_follows_on(struct app *app, const struct app_door *door)
{
    struct app_meeting *meeting = door->meeting;
    const struct app_door *publishes = door_publishing(meeting, door->name);
    for (uint32_t i = meeting->publisher_count; i-- > 0;) {
        struct app_door *other = meeting->publishers[i];
        if (other != door && other != publishes && !other->waits &&
            text_equal(other->name, door->name)) {
            door_close(app, other);
        }
    }
}

static bool door_delivers_any(const struct app_door *door)
{
    return door->delivers[TRACK_NAME_MICROPHONE] || door->delivers[TRACK_NAME_CAMERA];
}

// The session that published makes way once another of its publisher is heard; what is quiet takes
// nothing from one that is heard.
static void door_make_way(struct app *app, struct app_meeting *meeting, const char *name)
{
    struct app_door *now = door_publishing(meeting, name);
    for (uint32_t i = meeting->publisher_count; now != NULL && i-- > 0;) {
        const struct app_door *next = meeting->publishers[i];
        bool follows = next != now && !next->waits && text_equal(next->name, name);
        bool through = next->quiet_since == 0 || now->quiet_since != 0;
        if (follows && door_delivers_any(next) && through) {
            door_close(app, now);
            peer_follow_meeting(app, meeting);
            return;
        }
    }
}

// With media's own words, when it is the offer.
static void door_refuse_offer(struct app *app, struct app_door *door,
                              const struct link_message *message)
{
    struct app_door_answer answer = {.err = message->err};
    bool full = message->err == ERR_FULL;
    answer.refusal.reason = full ? REFUSAL_MEDIA_FULL : REFUSAL_OFFER_NOT_TAKEN;
    answer.detail = !full && message->sdp_length > 0 ? message->sdp : NULL;
    door_refuse(app, door, &answer);
}

bool door_answered(struct app *app, const struct link_message *message)
{
    struct app_door *door = door_by_id(app, message->peer);
    if (door == NULL) {
        return false;
    }
    if (door->too_late > 0) { // media answers in order
        door->too_late--;
        return true;
    }
    if (door->restarting) {
        door_restarted(app, door, message);
        return true;
    }
    if (!door->waits) {
        return true;
    }
    struct app_meeting *meeting = door->meeting;
    if (message->err != ERR_NONE) {
        door_refuse_offer(app, door, message);
        peer_follow_meeting(app, meeting);
        return true;
    }
    if (door->kind == APP_DOOR_PUBLISH) {
        door_follows_on(app, door);
    } else if (door->variant != LINK_VARIANT_AUTO) {
        receiver_tell_variant(app, door);
    }
    struct app_door_answer answer = {.sdp = message->sdp, .sdp_size = message->sdp_length};
    door_reply(app, door, &answer);
    door_follow(app, meeting);
    peer_follow_meeting(app, meeting);
    receivers_changed(app, meeting);
    return true;
}

// ---- What they do

void door_set_phase(struct app *app, struct app_door *door, enum link_peer_phase phase)
{
    bool was = door->phase == LINK_PEER_CONNECTED;
    bool is = phase == LINK_PEER_CONNECTED;
    door->phase = phase;
    if (door->kind == APP_DOOR_LISTEN && was != is) {
        door->meeting->receivers_connected[door->channel] += is ? 1 : -1;
        receivers_changed(app, door->meeting);
    }
}

bool door_state(struct app *app, const struct link_message *message)
{
    struct app_door *door = door_by_id(app, message->peer);
    if (door == NULL) {
        return false;
    }
    struct app_meeting *meeting = door->meeting;
    if (message->phase != LINK_PEER_CLOSED) {
        door_set_phase(app, door, message->phase);
        return true;
    }
    if (door->waits) {
        door_refuse_as(app, door, REFUSAL_MEDIA_ENDED);
    } else {
        door_forget(app, door);
    }
    door_follow(app, meeting);
    peer_follow_meeting(app, meeting);
    return true;
}

void door_source_state(struct app *app, const struct link_message *message)
{
    const struct app_sender *sender = sender_of(app, message->source);
    struct app_door *door = sender != NULL ? sender->door : NULL;
    if (door == NULL) {
        return;
    }
    enum track_name track = (enum track_name)(sender - door->senders);
    door->delivers[track] = message->active;
    if (track == TRACK_NAME_MICROPHONE) {
        feed_hearing_heard(app, door, message);
    }
    struct app_meeting *meeting = door->meeting;
    door_make_way(app, meeting, door->name);
    door_follow(app, meeting);
}

// ---- Whose access ends

static void door_end(struct app *app, struct app_door *door)
{
    if (door->waits) {
        peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
        (void)peer_send(app);
        door_refuse(app, door, &(struct app_door_answer){.err = ERR_FORBIDDEN});
    } else {
        door_close(app, door);
    }
}

static void doors_end(struct app *app, const struct app_leaver *leaver)
{
    const struct app_attendance *attendance = attendance_of(leaver->meeting, leaver->participant);
    struct list_link *at = attendance != NULL ? attendance->doors.first : NULL;
    for (struct list_link *next; at != NULL; at = next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, of_person);
        next = at->next;
        if (leaver->session == NULL || text_equal(door->by, leaver->session)) {
            door_end(app, door);
        }
    }
    door_follow_later(app, leaver->meeting);
    peer_follow_meeting(app, leaver->meeting);
}

// ---- Deadlines

static void doors_on_deadline(struct app *app)
{
    for (struct list_link *at = app->expecting_doors.first, *next; at != NULL; at = next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, expecting);
        next = at->next;
        if (door->answer_due > app->now) {
            continue;
        }
        if (door->restarting) {
            door->too_late++;
            door_restart_refuse(app, door, ERR_UNAVAILABLE, REFUSAL_MEDIA_UNAVAILABLE);
            continue;
        }
        peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
        (void)peer_send(app);
        door_refuse_as(app, door, REFUSAL_MEDIA_UNAVAILABLE);
    }
}

static time_us doors_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (struct list_link *at = app->expecting_doors.first; at != NULL; at = at->next) {
        time_us due = LIST_ITEM(at, struct app_door, expecting)->answer_due;
        next = due < next ? due : next;
    }
    return next;
}

// ---- The media process goes

static void doors_link_down(struct app *app)
{
    for (struct list_link *at = app->expecting_doors.first, *next; at != NULL; at = next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, expecting);
        next = at->next;
        if (door->waits) {
            door_refuse_as(app, door, REFUSAL_MEDIA_RESTARTED);
        } else {
            door_restart_refuse(app, door, ERR_UNAVAILABLE, REFUSAL_MEDIA_RESTARTED);
        }
    }
}

const struct app_part doors_part = {.end = doors_end,
                                    .link_down = doors_link_down,
                                    .on_deadline = doors_on_deadline,
                                    .next_deadline = doors_next_deadline};
