// What media hears of open microphones becomes facts of the meeting. No news is no good news: a
// microphone counts as silent until media has heard it. A desk that opens is awaited (it is on the
// air once it is heard, and its press is undone when nothing came for a second and the line's round
// trip, or only digital silence while the channel carries somebody else); an open microphone that
// is not heard is told, and one of the floor is closed in the end.
#include "app/app_priv.h"
#include "app/part.h"
#include "base/text.h"
#include "meeting/timing.h"

#define HEARING_WAIT_MS       LINK_SUCCESSION_MS
#define HEARING_ROUND_TRIP_MS 5000 // more than that is not waited for
#define HEARING_AGAIN_MS      50   // what could not be told yet

static time_ms later(time_ms a, time_ms b)
{
    return a > b ? a : b;
}

uint16_t hearing_patience_ms(const struct app_peer *peer)
{
    int64_t round_trip_ms = peer != NULL ? peer->health.round_trip_ms : 0;
    round_trip_ms = round_trip_ms < HEARING_ROUND_TRIP_MS ? round_trip_ms : HEARING_ROUND_TRIP_MS;
    return (uint16_t)(HEARING_WAIT_MS + round_trip_ms);
}

bool hearing_knows(const struct app *app)
{
    return app->link.phase == APP_LINK_READY && app->link.still_since == 0;
}

bool hearing_is_heard(const struct app *app, const struct app_meeting *meeting,
                      const char *participant)
{
    const struct app_peer *peer = peer_of(meeting, participant);
    return app->link.phase == APP_LINK_READY && peer != NULL && peer->silent_since == 0;
}

// ---- What media says ----

void hearing_peer_begins(const struct app *app, struct app_peer *peer)
{
    time_ms now = app_meeting_time(app, peer->meeting);
    peer->awaited_at = now;
    peer->open_at = now;
    peer->silent_since = now;
    peer->quiet_since = now;
}

void hearing_peer_phase(struct app *app, struct app_peer *peer, enum link_peer_phase phase)
{
    peer->phase = phase;
    if (phase != LINK_PEER_CONNECTED) {
        peer->connected_at = 0;
    } else if (peer->connected_at == 0) {
        peer->connected_at = app_meeting_time(app, peer->meeting);
        app_wake_at(app, app->now); // a countdown may wait for it
    }
}

// Its output is turned on the air: what it has lacked there it has lacked since then.
static void hearing_turns(const struct app *app, struct app_peer *peer)
{
    time_ms now = app_meeting_time(app, peer->meeting);
    peer->awaited_at = now;
    peer->silent_since = peer->silent_since != 0 ? peer->silent_since : now;
    peer->quiet_since = peer->quiet_since != 0 ? peer->quiet_since : now;
}

static void hearing_await(struct app *app, struct app_peer *peer, const struct desk *desk)
{
    if (desk != NULL && desk->microphone != MICROPHONE_OFF) {
        hearing_turns(app, peer);
    } else {
        hearing_peer_begins(app, peer);
    }
    app_wake_at(app, app->now); // the time that it is given runs from now
    if (peer->senders[TRACK_NAME_MICROPHONE].source != 0) {
        peer_message(app, LINK_SOURCE_AWAIT)->source = peer->senders[TRACK_NAME_MICROPHONE].source;
        (void)peer_send(app);
    }
}

time_ms hearing_since_when(time_ms now, bool there_is, time_ms before)
{
    return there_is ? 0 : before != 0 ? before : now - APP_SOURCE_SILENT_MS;
}

struct app_meeting *hearing_source_state(struct app *app, const struct link_message *message)
{
    struct app_peer *peer = peer_of_microphone(app, message->source);
    if (peer == NULL) {
        return NULL;
    }
    time_ms now = app_meeting_time(app, peer->meeting);
    bool was_heard = peer->silent_since == 0;
    peer->silent_since = hearing_since_when(now, message->active, peer->silent_since);
    peer->quiet_since = hearing_since_when(now, message->sounding, peer->quiet_since);
    app_wake_at(app, app->now);
    return was_heard != (peer->silent_since == 0) ? peer->meeting : NULL;
}

static void hearing_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                           uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        bool opening = event->type == EVENT_DESK_OPENING && event->as.desk_opening.since != 0;
        if (event->type == EVENT_MICROPHONE_OPENED || event->type == EVENT_CHANNEL_CHANGED) {
            app_wake_at(app, app->now); // it may be heard already
        }
        if (!opening && event->type != EVENT_DESK_CHANGED) {
            continue;
        }
        struct app_peer *peer = peer_of(meeting, opening ? event->as.desk_opening.participant
                                                         : event->as.desk_changed.participant);
        if (peer != NULL && opening) {
            hearing_await(app, peer, meeting_find_desk(&meeting->told, peer->participant));
        } else if (peer != NULL) {
            bool coughs = event->as.desk_changed.microphone == MICROPHONE_COUGH;
            peer->open_at = peer->coughs && !coughs ? app_meeting_time(app, meeting)
                                                    : peer->open_at;
            peer->coughs = coughs;
        }
    }
}

// The link is ready: what opens is awaited again.
static void hearing_ready(struct app *app)
{
    app->link.settled_at = app->now + (app->link.was_down ? APP_MEDIA_SETTLE_US : 0);
    for (struct list_link *at = app->all_peers.first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, link);
        const struct desk *desk = meeting_find_desk(&peer->meeting->told, peer->participant);
        if (desk != NULL && desk->opening_since != 0) {
            hearing_await(app, peer, desk);
        }
    }
}

// ---- What it means ----

time_ms hearing_settled_at(const struct app *app, const struct app_meeting *meeting)
{
    return clock_at(&meeting->clock, app->link.settled_at);
}

// Before, it says nothing that nothing comes. A page has a while to join a media process that was
// started again; one that has joined sends.
static time_ms due_since(const struct app *app, const struct app_meeting *meeting,
                         const struct app_peer *peer)
{
    time_ms settled_at = hearing_settled_at(app, meeting);
    bool earlier = peer != NULL && peer->connected_at != 0 && peer->connected_at < settled_at;
    return earlier ? peer->connected_at : settled_at;
}

// Without a connection either it is presence that counts, but for the part of its patience that a
// long line is given: nothing comes by it.
static time_ms overdue_since(const struct app_meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < meeting->presence.gone_count; i++) {
        const struct meeting_gone *gone = &meeting->presence.gone[i];
        if (gone->line_ms > 0 && text_equal(gone->participant, participant)) {
            return gone->lost_at - gone->line_ms;
        }
    }
    return PRESENCE_NEVER;
}

time_ms hearing_missing_since(const struct app *app, const struct app_meeting *meeting,
                              const char *participant, time_ms opened_at)
{
    const struct app_peer *peer = peer_of(meeting, participant);
    if (!hearing_knows(app) || (peer != NULL && peer->silent_since == 0)) {
        return PRESENCE_NEVER;
    }
    if (peer != NULL) {
        return later(later(peer->silent_since, opened_at), due_since(app, meeting, peer));
    }
    const struct app_connection *connection = live_of(meeting, participant);
    time_ms since = connection != NULL ? connection->media_gone_at
                                       : overdue_since(meeting, participant);
    return later(later(since, opened_at), hearing_settled_at(app, meeting));
}

struct open_microphone {
    const char *participant;
    bool desk;
    time_ms opened_at;
    enum silence told;
    bool awaited; // it is told when it is heard
};

static struct open_microphone open_at_desk(const struct desk *desk)
{
    return (struct open_microphone){desk->participant, true, desk->opened_at, desk->silence, false};
}

static struct open_microphone open_on_floor(const struct floor_microphone *floor)
{
    return (struct open_microphone){floor->participant, false, floor->opened_at, floor->silence,
                                    floor->awaited};
}

// A technician's own, to which a channel is routed by hand.
static struct open_microphone open_by_hand(const struct channel *channel)
{
    bool silent = channel->silent_since != 0;
    return (struct open_microphone){channel->holder, false, 0,
                                    silent ? SILENCE_NO_PACKETS : SILENCE_NONE, silent};
}

// Does the language's channel carry sound, as far as anyone knows? One who coughs will be back.
static bool channel_is_heard(const struct meeting_state *state, enum language language)
{
    const struct channel *channel = &state->meeting.channels[language];
    return channel->state != CHANNEL_STATE_SILENT &&
           meeting_silence_of(state, channel->holder) == SILENCE_NONE;
}

enum verdict { VERDICT_WAIT, VERDICT_HEARD, VERDICT_UNHEARD };

static enum verdict judge_opening(const struct app *app, const struct app_meeting *meeting,
                                  const struct desk *desk, time_ms *ret_due)
{
    const struct app_peer *peer = peer_of(meeting, desk->participant);
    // What media said before the press was committed says nothing of it.
    bool asked = peer != NULL && peer->awaited_at >= desk->opening_since;
    *ret_due = PRESENCE_NEVER;
    bool coughs = desk->microphone == MICROPHONE_COUGH; // it is asked again when that ends
    if (app->link.phase != APP_LINK_READY || (peer != NULL && !asked) || coughs) {
        return VERDICT_WAIT;
    }
    if (asked && peer->quiet_since == 0) {
        return VERDICT_HEARD;
    }
    if (!hearing_knows(app)) {
        return VERDICT_WAIT;
    }
    time_ms from = later(asked ? peer->awaited_at : desk->opening_since,
                         due_since(app, meeting, peer));
    *ret_due = from + hearing_patience_ms(peer);
    if (*ret_due > app_meeting_time(app, meeting)) {
        return VERDICT_WAIT;
    }
    // There, and quiet: it takes the channel from nobody who is heard.
    bool there = asked && peer->silent_since == 0;
    return there && !channel_is_heard(&meeting->decided, desk->opening_target) ? VERDICT_HEARD
                                                                               : VERDICT_UNHEARD;
}

// Who is gone with media and connection counts as lost (losses.c): while no countdown can be
// written it is said of the microphone, in the time of a loss.
static time_ms gone_since(const struct app *app, const struct app_meeting *meeting,
                          const struct open_microphone *open)
{
    const char *participant = open->participant;
    bool there = peer_of(meeting, participant) != NULL || live_of(meeting, participant) != NULL;
    bool counts = app->store_closed || open->told != SILENCE_NONE;
    for (uint32_t i = 0; counts && !there && i < meeting->presence.gone_count; i++) {
        const struct meeting_gone *gone = &meeting->presence.gone[i];
        if (text_equal(gone->participant, participant)) {
            return gone->away_at - PRESENCE_AWAY_AFTER_MS + HANDOVER_LOST_MS -
                   HEARING_NO_PACKETS_MS;
        }
    }
    return PRESENCE_NEVER;
}

// What the microphone lacks at this moment; *ret_due is when that may change by time alone. A
// desk's counts from its press, and again from the end of a cough.
static struct meeting_silence judge_open(const struct app *app, const struct app_meeting *meeting,
                                         const struct open_microphone *open, time_ms *ret_due)
{
    const char *participant = open->participant;
    const struct app_peer *peer = peer_of(meeting, participant);
    struct meeting_silence silence = {.participant = participant};
    time_ms from = open->desk && peer != NULL ? peer->open_at : open->opened_at;
    time_ms missing = hearing_missing_since(app, meeting, participant, from);
    missing = missing != PRESENCE_NEVER ? missing : gone_since(app, meeting, open);
    int64_t close_ms = app->config.close_silent_ms;
    *ret_due = PRESENCE_NEVER;
    if (missing != PRESENCE_NEVER) {
        // One that has just been opened has the line's round trip too.
        *ret_due = missing + (missing > from ? HEARING_NO_PACKETS_MS : hearing_patience_ms(peer));
        silence.silence = SILENCE_NO_PACKETS;
        silence.since = missing;
    } else if (peer != NULL && peer->quiet_since != 0 && hearing_knows(app)) {
        time_ms since = later(peer->quiet_since, from);
        *ret_due = since + HEARING_NO_SOUND_MS - HEARING_WAIT_MS +
                   (since > from ? HEARING_WAIT_MS : hearing_patience_ms(peer));
        silence.silence = SILENCE_NO_SOUND;
        silence.since = since;
    }
    silence.closes_at = close_ms > 0 ? silence.since + close_ms : 0;
    if (*ret_due > app_meeting_time(app, meeting)) {
        // What it was told to lack it lacks until it is heard.
        bool lacks = silence.silence != SILENCE_NONE;
        silence = (struct meeting_silence){.participant = participant};
        silence.silence = lacks ? open->told : SILENCE_NONE;
    }
    return silence;
}

// One of the floor that was awaited.
static bool is_heard_now(const struct app *app, const struct app_meeting *meeting,
                         const struct open_microphone *open)
{
    const struct app_peer *peer = peer_of(meeting, open->participant);
    return open->awaited && hearing_knows(app) && peer != NULL && peer->silent_since == 0 &&
           peer->quiet_since == 0;
}

// ---- Time ----

static void tell_opening(struct app *app, struct app_meeting *meeting, const struct desk *desk)
{
    time_ms due;
    enum verdict verdict = judge_opening(app, meeting, desk, &due);
    if (verdict == VERDICT_WAIT) {
        return;
    }
    enum err err = (verdict == VERDICT_HEARD ? meeting_source_heard : meeting_source_unheard)(
        &meeting->decided, desk->participant, app_meeting_time(app, meeting), &app->events);
    if (err == ERR_NONE) {
        meanwhile_record(app, meeting);
    }
}

static void tell_silence(struct app *app, struct app_meeting *meeting, struct open_microphone open)
{
    time_ms due;
    time_ms now = app_meeting_time(app, meeting);
    struct meeting_silence silence = judge_open(app, meeting, &open, &due);
    if (!hearing_knows(app)) {
        return;
    }
    enum err err = is_heard_now(app, meeting, &open)
                       ? meeting_source_heard(&meeting->decided, open.participant, now,
                                              &app->events)
                       : meeting_source_silent(&meeting->decided, &silence, now, &app->events);
    if (err == ERR_NONE) {
        meanwhile_record(app, meeting);
    }
}

static void look_at_meeting(struct app *app, struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        for (uint32_t j = 0; j < decided->booths[i].desks_count; j++) {
            const struct desk *desk = &decided->booths[i].desks[j];
            if (!meanwhile_may_decide(app, meeting)) {
                return;
            }
            if (desk->opening_since != 0) {
                tell_opening(app, meeting, desk);
            }
            // One whose output is turned is open all the while.
            if (desk->microphone == MICROPHONE_ON && meanwhile_may_decide(app, meeting)) {
                tell_silence(app, meeting, open_at_desk(desk));
            }
        }
    }
    for (uint32_t i = 0; i < decided->floor_count && meanwhile_may_decide(app, meeting); i++) {
        tell_silence(app, meeting, open_on_floor(&decided->floor[i]));
    }
    for (uint32_t i = 0; i < decided->channels_count && meanwhile_may_decide(app, meeting); i++) {
        if (meeting_routes_own(&meeting->decided, &decided->channels[i])) {
            tell_silence(app, meeting, open_by_hand(&decided->channels[i]));
        }
    }
}

time_ms hearing_ahead(time_ms now, time_ms due, bool told)
{
    return due > now ? due : told ? PRESENCE_NEVER : now + HEARING_AGAIN_MS;
}

static time_ms due_of_open(const struct app *app, const struct app_meeting *meeting,
                           struct open_microphone open)
{
    time_ms due;
    time_ms now = app_meeting_time(app, meeting);
    struct meeting_silence silence = judge_open(app, meeting, &open, &due);
    bool heard = is_heard_now(app, meeting, &open);
    return hearing_ahead(now, heard ? now : due, silence.silence == open.told && !heard);
}

// A channel tells that its source is not heard, and not what it lacks.
static time_ms due_by_hand(const struct app *app, const struct app_meeting *meeting,
                           const struct channel *channel)
{
    const struct open_microphone open = open_by_hand(channel);
    time_ms due;
    time_ms now = app_meeting_time(app, meeting);
    bool silent = judge_open(app, meeting, &open, &due).silence != SILENCE_NONE;
    bool heard = is_heard_now(app, meeting, &open);
    return hearing_ahead(now, heard ? now : due, !heard && (open.awaited || !silent));
}

static time_ms next_of_meeting(const struct app *app, const struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    time_ms next = PRESENCE_NEVER;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        for (uint32_t j = 0; j < decided->booths[i].desks_count; j++) {
            const struct desk *desk = &decided->booths[i].desks[j];
            if (desk->opening_since != 0) {
                time_ms due;
                bool waits = judge_opening(app, meeting, desk, &due) == VERDICT_WAIT;
                due = hearing_ahead(app_meeting_time(app, meeting), due, waits);
                next = due < next ? due : next;
            }
            if (desk->microphone == MICROPHONE_ON) {
                time_ms due = due_of_open(app, meeting, open_at_desk(desk));
                next = due < next ? due : next;
            }
        }
    }
    for (uint32_t i = 0; i < decided->floor_count; i++) {
        time_ms due = due_of_open(app, meeting, open_on_floor(&decided->floor[i]));
        next = due < next ? due : next;
    }
    for (uint32_t i = 0; i < decided->channels_count; i++) {
        if (meeting_routes_own(&meeting->decided, &decided->channels[i])) {
            time_ms due = due_by_hand(app, meeting, &decided->channels[i]);
            next = due < next ? due : next;
        }
    }
    return next;
}

const struct app_part hearing_part = {.follow = hearing_follow,
                                      .link_ready = hearing_ready,
                                      .meeting_on_deadline = look_at_meeting,
                                      .meeting_next_deadline = next_of_meeting};
