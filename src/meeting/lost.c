#include "meeting/lost.h"

#include "meeting/hearing_priv.h"
#include "meeting/timing.h"

#include <string.h>

// The participant's booth and desk; false for others than interpreters.
static bool lost_find(struct outcome *outcome, const char *participant, struct booth **ret_booth,
                      struct desk **ret_desk)
{
    const struct participant *interpreter = meeting_find_participant(outcome->state, participant);
    if (interpreter == NULL || interpreter->capacity != CAPACITY_INTERPRETER) {
        return false;
    }
    *ret_booth = booth_of(outcome->booths, outcome->booth_count, interpreter->language);
    *ret_desk = booth_desk(*ret_booth, participant);
    return *ret_desk != NULL;
}

static bool lost_find_on_air(struct outcome *outcome, const char *participant,
                             struct booth **ret_booth, struct desk **ret_desk)
{
    if (!lost_find(outcome, participant, ret_booth, ret_desk)) {
        return false;
    }
    // What was still opening opens no more.
    hearing_end(outcome, *ret_booth, *ret_desk, false);
    return booth_desk_on_air(*ret_desk);
}

void desk_cut(struct outcome *outcome, struct booth *booth, struct desk *desk)
{
    struct desk wish = *desk;
    wish.microphone = MICROPHONE_OFF;
    wish.lost_at = outcome->now;
    booth_put(outcome, booth, &wish);
}

static void lost_count(struct outcome *outcome, struct booth *booth, const char *who,
                       time_ms deadline)
{
    const struct handover_step step = {
        .input = HANDOVER_LOST, .who = who, .to = "", .at = deadline};
    enum err err = handover_feed(outcome, booth, &step);
    ASSERT(err == ERR_NONE);
}

// Closed before the countdown runs, so that only a press of the same person opens it again.
void desk_drop(struct outcome *outcome, const char *participant, time_ms since)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    if (!lost_find_on_air(outcome, participant, &booth, &desk)) {
        return;
    }
    desk_cut(outcome, booth, desk);
    lost_count(outcome, booth, participant, since + HANDOVER_LOST_MS);
}

void desk_lose(struct outcome *outcome, const char *participant)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
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

void desk_excuse(struct outcome *outcome, const char *participant)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    if (lost_find(outcome, participant, &booth, &desk)) {
        handover_tell(outcome, booth, HANDOVER_GONE, participant);
    }
}

void desks_forget_cuts(struct booth *booth)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        booth->desks[i].lost_at = 0;
    }
}

bool lost_is_vacant(struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    return booth->handover.state == HANDOVER_STATE_COUNTING && from != NULL &&
           !booth_desk_on_air(from);
}

void lost_end_vacant(struct outcome *outcome, struct booth *booth)
{
    if (lost_is_vacant(booth)) {
        handover_tell(outcome, booth, HANDOVER_BACK, booth->handover.from);
    }
}

bool lost_output_is_free(const struct outcome *outcome, const struct booth *booth,
                         enum language target)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        const struct booth *other = &outcome->booths[i];
        for (uint32_t j = 0; other != booth && j < other->desks_count; j++) {
            if (booth_desk_on_air(&other->desks[j]) && other->desks[j].target == target) {
                return false;
            }
        }
    }
    return true;
}
