// A desk whose interpreter is gone from it without a press. There are two ways: open and silent (no
// packets, no connection: it may come back by itself, and is closed when the countdown ends), and
// vacant (its page is gone, or its interpreter is taken away: closed at once, and only a press
// opens one again).
#include "meeting/meeting_priv.h"
#include "meeting/timing.h"

#include <string.h>

static bool lost_find_on_air(struct outcome *outcome, const char *participant,
                             const struct booth **ret_booth, const struct desk **ret_desk)
{
    if (!booth_find_desk(outcome->state, participant, ret_booth, ret_desk)) {
        return false;
    }
    // What was still opening opens no more.
    bool awaited = handover_waits_for(*ret_booth, *ret_desk);
    hearing_end(outcome, *ret_booth, *ret_desk, false);
    if (awaited) {
        handover_tell(outcome, *ret_booth, HANDOVER_GONE, participant);
    }
    return booth_desk_on_air(*ret_desk);
}

static void lost_count(struct outcome *outcome, const struct booth *booth, const char *who,
                       time_ms deadline)
{
    const struct handover_step step = {
        .input = HANDOVER_LOST, .who = who, .to = "", .at = deadline};
    enum err err = handover_feed(outcome, booth, &step);
    ASSERT(err == ERR_NONE);
}

// Closed before the countdown runs, so that only a press of the same person opens it again.
void lost_drop(struct outcome *outcome, const char *participant, time_ms since)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    if (!lost_find_on_air(outcome, participant, &booth, &desk)) {
        return;
    }
    desk_cut(outcome, booth, desk);
    lost_count(outcome, booth, participant, since + HANDOVER_LOST_MS);
}

void lost_lose(struct outcome *outcome, const char *participant)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    if (!lost_find_on_air(outcome, participant, &booth, &desk)) {
        return;
    }
    bool counted = booth->handover.state == HANDOVER_STATE_COUNTING &&
                   strcmp(booth->handover.from, participant) == 0;
    if (!counted) {
        lost_count(outcome, booth, participant, outcome->now);
    }
    handover_tell(outcome, booth, HANDOVER_DEAD, participant);
    if (booth_desk_on_air(desk)) {
        desk_cut(outcome, booth, desk); // the booth's handover is another's
    }
}

// Whether nobody of the booth goes on in the channel, and somebody might: not in a language that
// was taken off the booth.
static bool lost_is_missed(const struct booth *booth, const struct desk *desk)
{
    bool fed = false;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        fed = fed || (&booth->desks[i] != desk && booth->desks[i].target == desk->target);
    }
    return booth_desk_on_air(desk) && booth->desks_count > 1 && !fed &&
           output_target(booth, desk, output_chosen(desk)) != LANGUAGE_NONE;
}

void lost_vacate(struct outcome *outcome, const char *participant)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    if (!booth_find_desk(outcome->state, participant, &booth, &desk)) {
        return;
    }
    hearing_end(outcome, booth, desk, false);
    bool missed = lost_is_missed(booth, desk);
    bool from = strcmp(booth->handover.from, participant) == 0;
    bool ready = from && (booth->handover.state == HANDOVER_STATE_ARMED ||
                          booth->handover.state == HANDOVER_STATE_COUNTING);
    if (booth_desk_on_air(desk)) {
        desk_cut(outcome, booth, desk); // who is moved reads at the new desk when it was
    }
    if (missed) {
        lost_count(outcome, booth, participant, outcome->now + (ready ? 0 : HANDOVER_LOST_MS));
    }
    if (ready || !missed) {
        handover_tell(outcome, booth, HANDOVER_DEAD, participant);
    }
    handover_tell(outcome, booth, HANDOVER_GONE, participant);
}

void lost_excuse(struct outcome *outcome, const char *participant)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    if (booth_find_desk(outcome->state, participant, &booth, &desk)) {
        handover_tell(outcome, booth, HANDOVER_GONE, participant);
    }
}
