// An interpreter on the air may be lost in two ways: their packets cease, or their connection. Both
// become one countdown in the meeting, which ends when both are back. The page sees it for at least
// a second before the partner takes over.
#include "app/app_priv.h"
#include "base/text.h"
#include "meeting/timing.h"

#define LOSS_VISIBLE_MS 1000
#define LOSS_AGAIN_MS   250 // a loss that the meeting could not count yet: another one is counted

// When the countdown of this desk begins to be seen, and from when its two seconds count.
struct loss {
    time_ms seen_at; // PRESENCE_NEVER: nothing is lost
    time_ms since;
};

static struct loss loss_earlier(struct loss a, struct loss b)
{
    return b.seen_at < a.seen_at ? b : a;
}

static struct loss loss_of(const struct app *app, const struct app_meeting *meeting,
                           const struct desk *desk)
{
    struct loss loss = {.seen_at = PRESENCE_NEVER, .since = PRESENCE_NEVER};
    handle peer_handle;
    const struct app_peer *peer = peer_of(app, meeting, desk->participant, &peer_handle);
    if (peer != NULL && peer->silent_since != 0) {
        // A microphone that has just been opened has a second to deliver.
        time_ms since = peer->silent_since > desk->opened_at ? peer->silent_since : desk->opened_at;
        loss = (struct loss){.seen_at = since + LOSS_VISIBLE_MS, .since = since};
    }
    for (uint32_t i = 0; i < meeting->presence.gone_count; i++) {
        const struct meeting_gone *gone = &meeting->presence.gone[i];
        if (text_equal(gone->participant, desk->participant)) {
            time_ms since = gone->lost_at - HANDOVER_LOST_MS;
            loss = loss_earlier(loss, (struct loss){.seen_at = since, .since = since});
        }
    }
    return loss;
}

static bool loss_is_counted(const struct booth *booth, const struct desk *desk)
{
    return booth->handover.state == HANDOVER_STATE_COUNTING &&
           text_equal(booth->handover.from, desk->participant);
}

static void loss_check(struct app *app, struct app_meeting *meeting, const struct booth *booth,
                       const struct desk *desk)
{
    struct loss loss = loss_of(app, meeting, desk);
    bool counted = loss_is_counted(booth, desk);
    enum err err = ERR_NONE;
    if (!counted && loss.seen_at <= app->wall) {
        err = meeting_source_lost(&meeting->decided, desk->participant, loss.since, app->wall,
                                  &app->events);
    } else if (counted && loss.seen_at == PRESENCE_NEVER) {
        err = meeting_source_back(&meeting->decided, desk->participant, app->wall, &app->events);
    } else {
        return;
    }
    if (err == ERR_NONE) {
        app_record(app, meeting, NULL);
    }
}

void losses_on_deadline(struct app *app, struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        const struct booth *booth = &decided->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            if (booth->desks[j].microphone != MICROPHONE_OFF && outbox_has_room(&app->outbox)) {
                loss_check(app, meeting, booth, &booth->desks[j]);
            }
        }
    }
}

time_ms losses_next_deadline(const struct app *app, const struct app_meeting *meeting)
{
    const struct meeting *decided = &meeting->decided.meeting;
    time_ms next = PRESENCE_NEVER;
    for (uint32_t i = 0; i < decided->booths_count; i++) {
        const struct booth *booth = &decided->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            if (desk->microphone != MICROPHONE_OFF && !loss_is_counted(booth, desk)) {
                time_ms seen_at = loss_of(app, meeting, desk).seen_at;
                // Whatever has come is looked at already.
                seen_at = seen_at > app->wall ? seen_at : app->wall + LOSS_AGAIN_MS;
                next = seen_at < next ? seen_at : next;
            }
        }
    }
    return next;
}
