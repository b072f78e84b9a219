// An interpreter on the air may be lost in two ways: their packets cease, or their connection. Both
// become one countdown in the meeting, by the earlier of their deadlines, which ends when both are
// back. The page sees it for at least a second before the partner takes over. Who is gone with the
// page itself does not come back but by a press: live.c.
//
// A countdown belongs to the meeting, and outlives both processes: no news of the one who is lost
// is no good news, and only packets end it. Whoever is to take over is waited for as long as media
// is just coming back.
#include "app/app_priv.h"
#include "app/part.h"
#include "base/text.h"
#include "meeting/timing.h"

#define LOSS_VISIBLE_MS 1000
#define LOSS_AGAIN_MS   250 // a loss that the meeting could not count yet: another one is counted

// What is lost of a desk, by all causes that stand: a stronger one, seen later, may end earlier.
struct loss {
    time_ms since;   // the earliest of the causes that are seen; PRESENCE_NEVER: none is
    time_ms seen_at; // when the next one comes to be seen; PRESENCE_NEVER
};

static void loss_add(struct loss *loss, time_ms since, time_ms seen_at, time_ms now)
{
    if (seen_at > now) {
        loss->seen_at = seen_at < loss->seen_at ? seen_at : loss->seen_at;
    } else if (since < loss->since) {
        loss->since = since;
    }
}

// Without a peer nothing comes by the line: that it is long keeps nobody on the air.
static time_ms gone_since(const struct app *app, const struct app_meeting *meeting,
                          const struct meeting_gone *gone)
{
    bool heard = app->link.phase != APP_LINK_READY || peer_of(meeting, gone->participant) != NULL;
    return gone->lost_at - HANDOVER_LOST_MS - (heard ? 0 : gone->line_ms);
}

static bool loss_is_counted(const struct booth *booth, const struct desk *desk)
{
    return booth->handover.state == HANDOVER_STATE_COUNTING &&
           text_equal(booth->handover.from, desk->participant);
}

// Of the packets. What was counted before media, or this process, was started anew stands by its
// own deadline until they come again.
static void loss_add_silence(struct loss *loss, const struct app *app,
                             const struct app_meeting *meeting, const struct booth *booth,
                             const struct desk *desk)
{
    time_ms now = app_meeting_time(app, meeting);
    time_ms since = hearing_missing_since(app, meeting, desk->participant, desk->opened_at);
    if (since != PRESENCE_NEVER) {
        // A microphone that has just been opened has a second to deliver.
        loss_add(loss, since, since + LOSS_VISIBLE_MS, now);
    }
    if (loss_is_counted(booth, desk) && !hearing_is_heard(app, meeting, desk->participant)) {
        since = booth->handover.deadline - HANDOVER_LOST_MS;
        loss_add(loss, since, since, now);
    }
}

static struct loss loss_of(const struct app *app, const struct app_meeting *meeting,
                           const struct booth *booth, const struct desk *desk)
{
    struct loss loss = {.since = PRESENCE_NEVER, .seen_at = PRESENCE_NEVER};
    time_ms now = app_meeting_time(app, meeting);
    loss_add_silence(&loss, app, meeting, booth, desk);
    for (uint32_t i = 0; i < meeting->presence.gone_count; i++) {
        const struct meeting_gone *gone = &meeting->presence.gone[i];
        if (text_equal(gone->participant, desk->participant)) {
            time_ms since = gone_since(app, meeting, gone);
            loss_add(&loss, since, since, now);
        }
    }
    return loss;
}

static void loss_check(struct app *app, struct app_meeting *meeting, const struct booth *booth,
                       const struct desk *desk)
{
    struct loss loss = loss_of(app, meeting, booth, desk);
    bool counted = loss_is_counted(booth, desk);
    time_ms now = app_meeting_time(app, meeting);
    enum err err = ERR_NONE;
    if (loss.since != PRESENCE_NEVER) {
        err = meeting_source_lost(&meeting->decided, desk->participant, loss.since, now,
                                  &app->events);
    } else if (counted) {
        err = meeting_source_back(&meeting->decided, desk->participant, now, &app->events);
    } else {
        return;
    }
    if (err == ERR_NONE) {
        app_record(app, meeting, NULL);
    }
}

// A page sends while it stands by, though only silence. Whose packets ceased when those of the one
// who is lost did went by the same cable, which may tell their connection much later; who never
// sent, or has pressed since, is waited for.
static bool taker_has_ceased(const struct app *app, const struct app_meeting *meeting,
                             const struct handover *handover)
{
    const struct app_peer *peer = peer_of(meeting, handover->to);
    time_ms lost_at = handover->deadline - HANDOVER_LOST_MS;
    return hearing_knows(app) && peer != NULL && peer->silent_since > peer->awaited_at &&
           peer->silent_since >= lost_at - LOSS_VISIBLE_MS &&
           peer->silent_since + LOSS_VISIBLE_MS <= app_meeting_time(app, meeting);
}

static bool taker_is_gone(const struct app *app, const struct app_meeting *meeting,
                          const struct handover *handover)
{
    bool due = handover->state == HANDOVER_STATE_COUNTING && handover->deadline != 0 &&
               handover->deadline <= app_meeting_time(app, meeting) && handover->to[0] != '\0';
    return due &&
           (live_of(meeting, handover->to) == NULL || taker_has_ceased(app, meeting, handover));
}

// The countdown is due, and whoever is to take over went with the same cable: the next is tried
// first. Only then, because a page that is loaded anew is back in time.
static void pass_over_the_gone(struct app *app, struct app_meeting *meeting,
                               const struct booth *booth)
{
    app->events.count = 1;
    while (taker_is_gone(app, meeting, &booth->handover) && app->events.count > 0 &&
           outbox_has_room(&app->outbox)) {
        meeting_taker_gone(&meeting->decided, booth->handover.to, app_meeting_time(app, meeting),
                           &app->events);
        app_record(app, meeting, NULL);
    }
}

static void look_at_meeting(struct app *app, struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        const struct booth *booth = &decided->booths[i];
        pass_over_the_gone(app, meeting, booth);
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            if (booth->desks[j].microphone != MICROPHONE_OFF && outbox_has_room(&app->outbox)) {
                loss_check(app, meeting, booth, &booth->desks[j]);
            }
        }
    }
}

// PRESENCE_NEVER when nothing is to be looked at.
static time_ms next_of_meeting(const struct app *app, const struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    time_ms next = PRESENCE_NEVER;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        const struct booth *booth = &decided->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            if (desk->microphone != MICROPHONE_OFF) {
                struct loss loss = loss_of(app, meeting, booth, desk);
                bool waits = loss.since != PRESENCE_NEVER && !loss_is_counted(booth, desk);
                time_ms again = waits ? app_meeting_time(app, meeting) + LOSS_AGAIN_MS
                                      : PRESENCE_NEVER;
                time_ms seen_at = again < loss.seen_at ? again : loss.seen_at;
                next = seen_at < next ? seen_at : next;
            }
        }
    }
    return next;
}

time_ms losses_since(const struct app *app, const struct app_meeting *meeting,
                     const char *participant)
{
    time_ms since = app_meeting_time(app, meeting);
    time_ms silent = hearing_missing_since(app, meeting, participant, 0);
    if (silent < since) {
        since = silent;
    }
    for (uint32_t i = 0; i < meeting->presence.gone_count; i++) {
        const struct meeting_gone *gone = &meeting->presence.gone[i];
        time_ms at = gone->away_at - PRESENCE_AWAY_AFTER_MS;
        if (text_equal(gone->participant, participant) && at < since) {
            since = at;
        }
    }
    return since;
}

// Until when what has come due waits; TIME_US_NEVER: it does not. Without the link nobody knows
// whether the one who is lost is heard again; after a restart of media whoever is there first does.
static time_us hold_of(const struct app *app, const struct app_meeting *meeting,
                       const struct booth *booth)
{
    const struct app_peer *to = peer_of(meeting, booth->handover.to);
    bool ready = app->link.phase == APP_LINK_READY;
    bool carried = ready && to != NULL && to->connected_at != 0;
    time_us until = ready ? app->link.settled_at : app->link.gone_at + APP_MEDIA_SETTLE_US;
    bool due = booth->handover.state == HANDOVER_STATE_COUNTING && booth->handover.deadline != 0 &&
               booth->handover.deadline <= app_meeting_time(app, meeting);
    return due && !carried && until > app->now ? until : TIME_US_NEVER;
}

time_us losses_hold(const struct app *app, const struct app_meeting *meeting)
{
    time_us until = TIME_US_NEVER;
    for (uint32_t i = 0; i < meeting->decided.meeting.booths_count; i++) {
        time_us hold = hold_of(app, meeting, &meeting->decided.meeting.booths[i]);
        until = hold < until ? hold : until;
    }
    return until;
}

const struct app_part losses_part = {.meeting_on_deadline = look_at_meeting,
                                     .meeting_next_deadline = next_of_meeting};
