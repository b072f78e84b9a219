// The doors towards the media process: offers and their answers, what is delivered, adoption after
// a restart; and what the journal must say of the feeds that follow from it.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "meeting/feed.h"

#define RETRY_US (10 * TIME_US_PER_MS) // until the journal has room again

// The owner's note: what a new control process needs to know the session again.
// "MEETING/whip:NAME:SESSION:WHO:SINCE:RESTARTS:BY". A participant's id holds no ':'.
static const char *const kind_names[APP_DOOR_KIND_COUNT] = {
    [APP_DOOR_PUBLISH] = "whip", [APP_DOOR_LISTEN] = "whep"};

static void owner_write(const struct app_door *door, uint32_t restarts,
                        char owner[LINK_OWNER_MAX + 1])
{
    struct text_builder text = text_builder(owner, LINK_OWNER_MAX + 1);
    text_append_format(&text, "%s/%s:%s:%s:%s:%" PRId64 ":%" PRIu32 ":%s", door->meeting->id,
                       kind_names[door->kind], door->name, door->session, door->who, door->since,
                       restarts, door->by);
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
        message->sections[0] = (struct link_section){.kind = LINK_AUDIO,
                                                     .direction = LINK_SEND,
                                                     .source = door->sources[TRACK_NAME_MICROPHONE],
                                                     .optional = true};
        message->sections[1] = (struct link_section){.kind = LINK_VIDEO,
                                                     .direction = LINK_SEND,
                                                     .source = door->sources[TRACK_NAME_CAMERA],
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

static void door_reply(struct app *app, struct app_door *door, struct app_door_answer *answer)
{
    char etag[APP_DOOR_ETAG_MAX + 1];
    door_etag(door, etag);
    answer->kind = door->kind;
    answer->meeting = door->meeting->id;
    answer->name = door->name;
    answer->session = door->session;
    answer->etag = etag;
    door->waits = false;
    door->restarting = false;
    app->doors_waiting--;
    app->ports.door_answer(app->ports.context, door->request, answer);
}

void door_refuse(struct app *app, handle door_handle, enum err err, const char *detail)
{
    struct app_door *door = pool_get(&app->doors, door_handle);
    struct app_door_answer answer = {.err = err, .detail = detail};
    log_event(LOG_INFO, "door.refused", LOG_TEXT("meeting", door->meeting->id),
              LOG_TEXT("name", door->name), LOG_TEXT("error", err_slug(err)),
              LOG_TEXT("reason", detail != NULL ? detail : ""));
    door_reply(app, door, &answer);
    door_forget(app, door_handle);
}

void door_restart_refuse(struct app *app, struct app_door *door, enum err err, const char *detail)
{
    struct app_door_answer answer = {.err = err, .detail = detail};
    door_reply(app, door, &answer);
}

static const char *restart_refusal_detail(enum err err)
{
    switch ((int)err) {
    case ERR_INVALID: return "an ICE restart needs a new ice-ufrag and ice-pwd";
    case ERR_UNSUPPORTED: return "this session has restarted ICE too often: make a new one";
    case ERR_MALFORMED: return "the body is no SDP fragment";
    default: return NULL;
    }
}

static void door_restarted(struct app *app, struct app_door *door,
                           const struct link_message *message)
{
    if (message->err != ERR_NONE) {
        door_restart_refuse(app, door, message->err, restart_refusal_detail(message->err));
        return;
    }
    door->restarts++;
    struct app_door_answer answer = {
        .restarted = true, .sdp = message->sdp, .sdp_size = message->sdp_length};
    door_reply(app, door, &answer);
}

// The same publisher came back under the same name: its older session makes way.
static void door_replace_older(struct app *app, const struct app_door *door)
{
    struct app_meeting *meeting = door->meeting;
    for (uint32_t i = meeting->publisher_count; i-- > 0;) {
        handle older_handle = meeting->publishers[i];
        const struct app_door *older = pool_get(&app->doors, older_handle);
        if (older != door && !older->waits && text_equal(older->name, door->name)) {
            door_close(app, older_handle);
        }
    }
}

// Media's own words, when it is the offer.
static const char *refusal_detail(const struct link_message *message)
{
    if (message->err == ERR_FULL) {
        return "no room for another media connection";
    }
    return message->sdp_length > 0 ? message->sdp : NULL;
}

bool door_answered(struct app *app, const struct link_message *message)
{
    handle door_handle;
    struct app_door *door = door_by_id(app, message->peer, &door_handle);
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
        door_refuse(app, door_handle, message->err, refusal_detail(message));
        peer_follow_meeting(app, meeting);
        return true;
    }
    if (door->kind == APP_DOOR_PUBLISH) {
        door_replace_older(app, door);
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

static void door_set_phase(struct app *app, struct app_door *door, enum link_peer_phase phase)
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
    handle door_handle;
    struct app_door *door = door_by_id(app, message->peer, &door_handle);
    if (door == NULL) {
        return false;
    }
    struct app_meeting *meeting = door->meeting;
    if (message->phase != LINK_PEER_CLOSED) {
        door_set_phase(app, door, message->phase);
        return true;
    }
    if (door->waits) {
        door_refuse(app, door_handle, ERR_UNAVAILABLE, "the media connection ended");
    } else {
        door_forget(app, door_handle);
    }
    door_follow(app, meeting);
    peer_follow_meeting(app, meeting);
    return true;
}

void door_source_state(struct app *app, const struct link_message *message)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        struct app_meeting *meeting = app->meetings[i];
        for (uint32_t k = 0; k < meeting->publisher_count; k++) {
            struct app_door *door = pool_get(&app->doors, meeting->publishers[k]);
            for (int track = 0; track < TRACK_NAME_COUNT; track++) {
                if (door->sources[track] == message->source && message->source != 0) {
                    door->delivers[track] = message->active;
                    if (track == TRACK_NAME_MICROPHONE) {
                        feed_hearing_heard(app, door, message);
                    }
                    door_follow(app, meeting);
                    return;
                }
            }
        }
    }
}

// ---- What the journal must say

const struct app_door *door_publishing(const struct app *app, const struct app_meeting *meeting,
                                       const char *feed)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = pool_get(&app->doors, meeting->publishers[i]);
        if (!door->waits && text_equal(door->name, feed)) {
            return door;
        }
    }
    return NULL;
}

static bool may_record(struct app *app, struct app_meeting *meeting)
{
    meeting->feeds_dirty = app->stopping || !outbox_has_room(&app->outbox);
    if (meeting->feeds_dirty) {
        app_wake_at(app, app->now + RETRY_US);
    }
    return !meeting->feeds_dirty;
}

static void end_unpublished(struct app *app, struct app_meeting *meeting)
{
    for (uint32_t i = meeting->decided.meeting.feeds_count; i-- > 0;) {
        const char *feed = meeting->decided.meeting.feeds[i].id;
        if (door_publishing(app, meeting, feed) == NULL && may_record(app, meeting)) {
            meeting_feed_end(&meeting->decided, feed, app_meeting_time(app, meeting), &app->events);
            app_record(app, meeting, NULL);
        }
    }
}

// False when the feed was ended by a command, so that its publisher has to go.
static bool record_publisher(struct app *app, struct app_door *door)
{
    struct app_meeting *meeting = door->meeting;
    const struct feed *feed = meeting_find_feed(&meeting->decided, door->name);
    if (feed == NULL && door->begun) {
        return false;
    }
    if (!may_record(app, meeting)) {
        return true;
    }
    if (feed == NULL) {
        struct refusal refusal = {0};
        const struct meeting_feed_wish wish = {.id = door->name, .participant = door->who};
        enum err err = meeting_feed_begin(&meeting->decided, &wish, app_meeting_time(app, meeting),
                                          &app->events, &refusal);
        if (err != ERR_NONE) {
            log_event(LOG_WARNING, "door.no_feed", LOG_TEXT("meeting", meeting->id),
                      LOG_TEXT("name", door->name),
                      LOG_TEXT("refusal", refusal_reason_name(refusal.reason)));
            return false;
        }
        app_record(app, meeting, NULL);
    }
    door->begun = true;
    meeting_feed_delivers(&meeting->decided, door->name, door->delivers[TRACK_NAME_MICROPHONE],
                          door->delivers[TRACK_NAME_CAMERA], app_meeting_time(app, meeting),
                          &app->events);
    app_record(app, meeting, NULL);
    return true;
}

void door_follow(struct app *app, struct app_meeting *meeting)
{
    if (app->link.phase != APP_LINK_READY) {
        return; // after LINK_SYNC it is known who publishes
    }
    end_unpublished(app, meeting);
    for (uint32_t i = meeting->publisher_count; i-- > 0;) {
        handle door_handle = meeting->publishers[i];
        struct app_door *door = pool_get(&app->doors, door_handle);
        if (!door->waits && !record_publisher(app, door)) {
            door_close(app, door_handle);
        }
    }
}

void doors_undo(struct app *app)
{
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        handle door_handle;
        struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && door->begun) {
            door->begun = meeting_find_feed(&door->meeting->decided, door->name) != NULL;
        }
    }
}

static void door_end(struct app *app, const struct app_door *door, handle door_handle)
{
    if (door->waits) {
        peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
        (void)peer_send(app);
        door_refuse(app, door_handle, ERR_FORBIDDEN, NULL);
    } else {
        door_close(app, door_handle);
    }
}

void doors_end_participant(struct app *app, struct app_meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        handle door_handle;
        const struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && door->meeting == meeting && text_equal(door->who, participant)) {
            door_end(app, door, door_handle);
        }
    }
    door_follow(app, meeting);
    peer_follow_meeting(app, meeting);
}

void doors_end_session(struct app *app, const char *session)
{
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        handle door_handle;
        const struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && text_equal(door->by, session)) {
            struct app_meeting *meeting = door->meeting;
            door_end(app, door, door_handle);
            door_follow(app, meeting);
            peer_follow_meeting(app, meeting);
        }
    }
}

// ---- Deadlines

void doors_on_deadline(struct app *app)
{
    for (uint32_t i = 0; app->doors_waiting > 0 && i < app->doors.capacity; i++) {
        handle door_handle;
        struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door == NULL || !(door->waits || door->restarting) || door->answer_due > app->now) {
            continue;
        }
        if (door->restarting) {
            door->too_late++;
            door_restart_refuse(app, door, ERR_UNAVAILABLE, "the media process does not answer");
            continue;
        }
        peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
        (void)peer_send(app);
        door_refuse(app, door_handle, ERR_UNAVAILABLE, "the media process does not answer");
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (app->meetings[i]->feeds_dirty) {
            door_follow(app, app->meetings[i]);
        }
    }
}

time_us doors_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0, left = app->doors_waiting; left > 0 && i < app->doors.capacity; i++) {
        handle door_handle;
        const struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && (door->waits || door->restarting)) {
            left--;
            next = door->answer_due < next ? door->answer_due : next;
        }
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (app->meetings[i]->feeds_dirty && app->now + RETRY_US < next) {
            next = app->now + RETRY_US;
        }
    }
    return next;
}

// ---- The media process comes and goes

void doors_link_down(struct app *app)
{
    for (uint32_t i = 0; app->doors_waiting > 0 && i < app->doors.capacity; i++) {
        handle door_handle;
        struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && door->waits) {
            door_refuse(app, door_handle, ERR_UNAVAILABLE, "the media process was restarted");
        } else if (door != NULL && door->restarting) {
            door_restart_refuse(app, door, ERR_UNAVAILABLE, "the media process was restarted");
        }
    }
}

void doors_sync_begin(struct app *app)
{
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        handle door_handle;
        struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL) {
            door->seen = false;
            door->too_late = 0; // what was not answered went with the link
            memset(door->delivers, 0, sizeof(door->delivers));
            feed_hearing_begins(app, door);
        }
    }
}

// The next part of the note, up to ':' or the end.
static bool owner_part(const char **at, char *to, size_t size)
{
    size_t length = strcspn(*at, ":");
    if (text_copy_n(to, size, *at, length) != ERR_NONE) {
        return false;
    }
    *at += length + ((*at)[length] == ':');
    return true;
}

static bool owner_number(const char **at, uint64_t max, unsigned long long *ret_number)
{
    char part[CONTRACT_ID_MAX + 1];
    return owner_part(at, part, sizeof(part)) &&
           text_to_u64(part, strlen(part), max, ret_number) == ERR_NONE;
}

static bool owner_read(struct app *app, const char *owner, struct app_door *ret_door)
{
    char part[CONTRACT_ID_MAX + 1];
    unsigned long long since = 0;
    unsigned long long restarts = 0;
    const char *slash = strchr(owner, '/');
    if (slash == NULL ||
        text_copy_n(part, sizeof(part), owner, (size_t)(slash - owner)) != ERR_NONE) {
        return false;
    }
    const char *at = slash + 1;
    if (loading_find(app, part, &ret_door->meeting) != ERR_NONE ||
        !owner_part(&at, part, sizeof(part)) ||
        !owner_part(&at, ret_door->name, sizeof(ret_door->name)) ||
        !owner_part(&at, ret_door->session, sizeof(ret_door->session)) ||
        !owner_part(&at, ret_door->who, sizeof(ret_door->who)) ||
        !owner_number(&at, INT64_MAX, &since) || !owner_number(&at, UINT32_MAX, &restarts) ||
        !owner_part(&at, ret_door->by, sizeof(ret_door->by))) {
        return false;
    }
    ret_door->since = (time_ms)since;
    ret_door->restarts = (uint32_t)restarts;
    ret_door->kind = text_equal(part, kind_names[APP_DOOR_LISTEN]) ? APP_DOOR_LISTEN
                                                                   : APP_DOOR_PUBLISH;
    return strlen(ret_door->session) > 16;
}

static void adopt_sections(struct app_door *door, const struct link_message *message)
{
    for (uint8_t i = 0; i < message->section_count; i++) {
        const struct link_section *section = &message->sections[i];
        if (section->direction == LINK_RECEIVE && section->slot == SOUND_SLOT) {
            door->channel = peer_channel_heard(door->meeting, section->channel);
        } else if (section->direction == LINK_SEND) {
            door->sources[section->kind == LINK_AUDIO ? TRACK_NAME_MICROPHONE : TRACK_NAME_CAMERA] =
                section->source;
        }
    }
}

static struct app_door *door_adopt(struct app *app, const struct link_message *message)
{
    struct app_door read = {0};
    handle door_handle;
    if (!owner_read(app, message->owner, &read)) {
        return NULL;
    }
    struct app_door *door = door_take(app, read.meeting, read.kind, message->peer, &door_handle);
    if (door == NULL) {
        return NULL;
    }
    memcpy(door->name, read.name, sizeof(door->name));
    memcpy(door->session, read.session, sizeof(door->session));
    memcpy(door->who, read.who, sizeof(door->who));
    memcpy(door->by, read.by, sizeof(door->by));
    door->since = read.since;
    door->restarts = read.restarts;
    door->begun = meeting_find_feed(&door->meeting->decided, door->name) != NULL;
    adopt_sections(door, message);
    return door;
}

bool door_sync_state(struct app *app, const struct link_message *message)
{
    handle door_handle;
    struct app_door *door = door_by_id(app, message->peer, &door_handle);
    const char *slash = strchr(message->owner, '/');
    if (door == NULL && (slash == NULL || strchr(slash, ':') == NULL)) {
        return false; // a page's
    }
    if (message->phase == LINK_PEER_CLOSED) {
        return true;
    }
    door = door != NULL ? door : door_adopt(app, message);
    if (door == NULL) {
        peer_message(app, LINK_PEER_CLOSE)->peer = message->peer;
        (void)peer_send(app);
        return true;
    }
    door->seen = true;
    door_set_phase(app, door, message->phase);
    return true;
}

void doors_sync_end(struct app *app)
{
    for (uint32_t i = 0; i < app->doors.capacity; i++) {
        handle door_handle;
        const struct app_door *door = pool_at(&app->doors, i, &door_handle);
        if (door != NULL && !door->seen) {
            door_forget(app, door_handle);
        } else if (door != NULL && door->kind == APP_DOOR_LISTEN) {
            receiver_tell_slot(app, door); // a choice made while the link was down
        }
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        door_follow(app, app->meetings[i]);
        receivers_changed(app, app->meetings[i]);
    }
}
