// The handover of a booth's microphone, for two to six desks. One table: state × input → what is
// done. A microphone opens here only for who asked for it, agreed to it, or did not decline during
// the countdown; and it is on the air only once it is heard (hearing.c).
//
//   none ──request──► requested ─┐accept             ┌─ take-over press ──► switching ──► done, cut
//     │                          ├──────► armed ─────┤
//     └────offer────► offered ───┘                   └─ partner off, the moment ───────► done
//   any of them ──no packets──► counting ──2 s──► over ──heard──► forced
//                                 ▲───────the next───── unheard
//
// A countdown that is over has no deadline: the one to take over opens, and whoever is not heard
// within a second makes room for the next.
#include "meeting/meeting_priv.h"
#include "meeting/timing.h"

#include <string.h>

enum handover_action {
    KEEP,
    NO_SUCH,  // refused: nothing to answer
    BUSY,     // refused: one is under way
    ASK,      // it begins
    ANSWER,   // the other's request or offer is the answer
    AGREE,    // armed
    DECLINE,  // by the one who was asked; withdrawn by the one who asked
    CALL_OFF, // withdrawn though agreed
    SWITCH,   // the new one is heard and on the air; the old one has 300 ms, or none at the moment
    CHANGE,   // the new one opens, the old one closes
    WAIT,     // the moment has come: the new one opens, the old one stays until it is heard
    FINISH,   // it came about by itself
    CUT,      // the old one closes: 300 ms are over
    LAPSE,    //
    FAIL,     // one of the two is out of it
    COUNT,    // the visible countdown
    RECKON,   // another cause: the countdown ends with the earliest of those that stand
    FORCE,    // the new one opens in place of the lost one
    LET,      // it does already, and the lost one is out of it
    STEP_IN,  // during the countdown: the one who asks takes over
    PASS_ON,  // during the countdown: the next of the rota
};

// clang-format off
static const uint8_t handover_table[HANDOVER_INPUT_COUNT][HANDOVER_STATE_COUNT] = {
    //                       none       requested  offered    armed      switching  counting
    [HANDOVER_REQUEST]  = {ASK,       BUSY,      ANSWER,    BUSY,      BUSY,      STEP_IN},
    [HANDOVER_OFFER]    = {ASK,       ANSWER,    BUSY,      BUSY,      BUSY,      BUSY},
    [HANDOVER_ACCEPT]   = {NO_SUCH,   AGREE,     AGREE,     NO_SUCH,   NO_SUCH,   FORCE},
    [HANDOVER_DECLINE]  = {NO_SUCH,   DECLINE,   DECLINE,   CALL_OFF,  NO_SUCH,   PASS_ON},
    [HANDOVER_TAKE]     = {KEEP,      FINISH,    FINISH,    SWITCH,    FINISH,    FORCE},
    [HANDOVER_OFF]      = {KEEP,      FAIL,      FAIL,      CHANGE,    FINISH,    FORCE},
    [HANDOVER_LOST]     = {COUNT,     COUNT,     COUNT,     COUNT,     CUT,       RECKON},
    [HANDOVER_BACK]     = {KEEP,      KEEP,      KEEP,      KEEP,      KEEP,      FAIL},
    [HANDOVER_DEAD]     = {KEEP,      FAIL,      FAIL,      FORCE,     CUT,       FORCE},
    [HANDOVER_GONE]     = {KEEP,      FAIL,      FAIL,      FAIL,      FAIL,      PASS_ON},
    [HANDOVER_DUE]      = {KEEP,      LAPSE,     LAPSE,     WAIT,      CUT,       FORCE},
    [HANDOVER_OVERRIDE] = {KEEP,      FAIL,      FAIL,      FAIL,      FAIL,      FAIL},
    [HANDOVER_END]      = {KEEP,      FAIL,      FAIL,      FAIL,      FAIL,      FAIL},
};
// clang-format on

static bool is(const char *one, const char *other)
{
    return strcmp(one, other) == 0;
}

static bool handover_is_over(const struct booth *booth)
{
    return booth->handover.state == HANDOVER_STATE_COUNTING && booth->handover.deadline == 0;
}

static void handover_put(struct outcome *outcome, const struct booth *booth,
                         const struct handover *next, enum handover_result result)
{
    struct event_handover_changed *changed =
        &outcome_draft(outcome, EVENT_HANDOVER_CHANGED)->as.handover_changed;
    changed->language = booth->language;
    changed->handover = *next;
    changed->result = result;
    outcome_emit(outcome);
}

static void handover_finish(struct outcome *outcome, const struct booth *booth,
                            enum handover_result result)
{
    // What was agreed no longer is: the one who was to take over does not open.
    const struct desk *to = booth_desk(booth, booth->handover.to);
    bool came_about = result == HANDOVER_RESULT_DONE || result == HANDOVER_RESULT_CUT ||
                      result == HANDOVER_RESULT_FORCED;
    bool opens = booth->handover.state == HANDOVER_STATE_ARMED || handover_is_over(booth);
    if (opens && !came_about && to != NULL) {
        hearing_end(outcome, booth, to, false);
    }
    const struct handover none = {.state = HANDOVER_STATE_NONE};
    handover_put(outcome, booth, &none, result);
}

// Of a desk that is there: what it feeds, or when it has closed would feed.
static enum language handover_desk_feeds(const struct booth *booth, const struct desk *from,
                                         enum output *ret_output)
{
    *ret_output = output_chosen(from);
    return from->target != LANGUAGE_NONE ? from->target : output_target(booth, from, *ret_output);
}

enum language handover_feeds(const struct booth *booth, enum output *ret_output)
{
    const struct handover *handover = &booth->handover;
    if (handover->target != LANGUAGE_NONE) {
        *ret_output = handover->output != OUTPUT_NONE ? handover->output : OUTPUT_A;
        // Meanwhile the language may have been taken off the booth.
        return output_may_feed(booth, *ret_output, handover->target) ? handover->target
                                                                     : LANGUAGE_NONE;
    }
    const struct desk *from = booth_desk(booth, handover->from);
    ASSERT(from != NULL);
    return handover_desk_feeds(booth, from, ret_output);
}

// A countdown for a desk that is closed says itself what that fed: the one who sat there may choose
// another output meanwhile, or sit there no more.
static void handover_keep_channel(const struct booth *booth, struct handover *next)
{
    const struct desk *from = booth_desk(booth, next->from);
    if (next->target == LANGUAGE_NONE && from != NULL && !booth_desk_on_air(from)) {
        enum output output;
        next->target = handover_desk_feeds(booth, from, &output);
        next->output = output != OUTPUT_A ? output : OUTPUT_NONE;
        id_copy(next->first, next->to);
    }
}

static void handover_ask(struct outcome *outcome, const struct booth *booth,
                         const struct handover_step *step)
{
    bool request = step->input == HANDOVER_REQUEST;
    struct handover next = {.state = request ? HANDOVER_STATE_REQUESTED : HANDOVER_STATE_OFFERED,
                            .moment = step->at,
                            .deadline = outcome->now + HANDOVER_LAPSE_MS};
    if (step->at != 0 && step->at < next.deadline) {
        next.deadline = step->at;
    }
    id_copy(next.from, request ? booth_newest(booth, step->who)->participant : step->who);
    id_copy(next.to, request ? step->who : step->to);
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
}

static void handover_arm(struct outcome *outcome, const struct booth *booth)
{
    struct handover next = booth->handover;
    next.state = HANDOVER_STATE_ARMED;
    next.deadline = next.moment;
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
}

// The new one opens into the channel that the old one feeds: at once when it is heard already.
static void handover_open(struct outcome *outcome, const struct booth *booth, enum output output,
                          enum language target, bool heard)
{
    const struct desk *to = booth_desk(booth, booth->handover.to);
    if (to == NULL || booth_desk_on_air(to)) {
        return;
    }
    if (heard) {
        desk_open(outcome, booth, to, output, target);
    } else {
        hearing_begin(outcome, booth, to, output, target);
    }
}

static void handover_close_from(struct outcome *outcome, const struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    if (from != NULL && booth_desk_on_air(from)) {
        desk_close(outcome, booth, from, "");
    }
}

// The same, of one who is lost.
static void handover_cut_from(struct outcome *outcome, const struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    if (from != NULL && booth_desk_on_air(from)) {
        desk_cut(outcome, booth, from);
    }
}

static void handover_switch(struct outcome *outcome, const struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    hearing_end(outcome, booth, from, false); // where it was turned to is not handed over
    struct handover next = booth->handover;
    next.state = HANDOVER_STATE_SWITCHING;
    next.deadline = outcome->now + HANDOVER_OVERLAP_MS;
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
    handover_open(outcome, booth, output_chosen(from), from->target, true);
}

// The moment that was agreed has come: the old one stays until the new one is heard.
static void handover_wait(struct outcome *outcome, const struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    struct handover next = booth->handover;
    next.deadline = 0;
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
    handover_open(outcome, booth, output_chosen(from), from->target, false);
}

// Whether no other booth has taken the channel meanwhile.
static bool handover_output_is_free(const struct meeting *meeting, const struct booth *booth,
                                    enum language target)
{
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *other = &meeting->booths[i];
        for (uint32_t j = 0; other != booth && j < other->desks_count; j++) {
            if (booth_desk_on_air(&other->desks[j]) && other->desks[j].target == target) {
                return false;
            }
        }
    }
    return true;
}

// Into what the old one fed. `chains`: where the new one is not heard yet, it is over only when one
// is.
static void handover_replace(struct outcome *outcome, const struct booth *booth,
                             enum handover_result result, bool heard, bool chains)
{
    enum output output;
    enum language target = handover_feeds(booth, &output);
    if (result == HANDOVER_RESULT_FORCED) {
        handover_cut_from(outcome, booth);
    } else {
        handover_close_from(outcome, booth);
    }
    // Another booth may have taken the output of one who was cut off.
    bool opens = target != LANGUAGE_NONE &&
                 handover_output_is_free(&outcome->state->meeting, booth, target);
    if (opens) {
        handover_open(outcome, booth, output, target, heard);
    }
    const struct desk *to = booth_desk(booth, booth->handover.to);
    opens = opens && to != NULL;
    if (opens && chains && hearing_is_opening(to)) {
        struct handover next = booth->handover;
        next.deadline = 0;
        handover_keep_channel(booth, &next);
        handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
    } else {
        handover_finish(outcome, booth, opens ? result : HANDOVER_RESULT_VOID);
    }
}

// A countdown ends no later than the moment that the two have agreed upon.
static time_ms handover_by_moment(const struct outcome *outcome, time_ms moment, time_ms deadline)
{
    time_ms at = moment > outcome->now ? moment : outcome->now;
    return moment != 0 && at < deadline ? at : deadline;
}

static void handover_count(struct outcome *outcome, const struct booth *booth,
                           const struct handover_step *step)
{
    struct handover next = {.state = HANDOVER_STATE_COUNTING};
    const struct desk *to = is(booth->handover.from, step->who)
                                ? booth_desk(booth, booth->handover.to)
                                : NULL;
    bool agreed = to != NULL && booth->handover.state == HANDOVER_STATE_ARMED;
    next.moment = agreed ? booth->handover.moment : 0;
    next.deadline = handover_by_moment(outcome, next.moment, step->at);
    to = to != NULL ? to : rota_next(outcome->state, booth, step->who, step->who);
    id_copy(next.from, step->who);
    id_copy(next.to, to != NULL ? to->participant : "");
    handover_keep_channel(booth, &next);
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
}

static void handover_reckon(struct outcome *outcome, const struct booth *booth, time_ms deadline)
{
    struct handover next = booth->handover;
    deadline = handover_by_moment(outcome, next.moment, deadline);
    if (next.deadline != deadline && !handover_is_over(booth)) {
        next.deadline = deadline;
        handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
    }
}

// Another is to take over; at once where the countdown is over.
static void handover_turn_to(struct outcome *outcome, const struct booth *booth, const char *who)
{
    bool over = handover_is_over(booth);
    const struct desk *before = booth_desk(booth, booth->handover.to);
    struct handover next = booth->handover;
    id_copy(next.to, who);
    if (next.target != LANGUAGE_NONE && next.first[0] == '\0') {
        id_copy(next.first, who);
    }
    if (over) {
        next.deadline = outcome->now;
    }
    if (over && before != NULL) {
        hearing_end(outcome, booth, before, false);
    }
    handover_put(outcome, booth, &next, HANDOVER_RESULT_NONE);
    if (over) {
        handover_replace(outcome, booth, HANDOVER_RESULT_FORCED, false, true);
    }
}

// Onwards only: who has declined, or was not heard, is not asked again.
static void handover_pass_on(struct outcome *outcome, const struct booth *booth)
{
    const struct handover *handover = &booth->handover;
    bool there = booth_desk(booth, handover->from) != NULL;
    const char *end = there ? handover->from : handover->first;
    const struct desk *to = booth_desk(booth, end) != NULL
                                ? rota_next(outcome->state, booth, handover->to, end)
                                : NULL;
    if (to == NULL && handover_is_over(booth)) {
        handover_finish(outcome, booth, HANDOVER_RESULT_VOID);
    } else {
        handover_turn_to(outcome, booth, to != NULL ? to->participant : "");
    }
}

// The action for who does it: an input of someone it does not concern changes nothing.
static enum handover_action handover_action(const struct booth *booth,
                                            const struct handover_step *step)
{
    const struct handover *handover = &booth->handover;
    bool from = is(step->who, handover->from);
    bool to = is(step->who, handover->to);
    enum handover_action action = (enum handover_action)
        handover_table[step->input][handover->state];
    if (handover->state == HANDOVER_STATE_NONE) {
        return action;
    }
    bool mine = true;
    if (handover_is_over(booth) && action == FORCE && step->input != HANDOVER_TAKE) {
        return step->input == HANDOVER_OFF && from ? LET : KEEP;
    }
    switch (step->input) {
    case HANDOVER_REQUEST: return action == ANSWER && !to ? BUSY : action;
    case HANDOVER_OFFER: return action == ANSWER && !is(step->to, handover->to) ? BUSY : action;
    case HANDOVER_ACCEPT:
        mine = handover->state == HANDOVER_STATE_REQUESTED ? from : to;
        return mine ? action : NO_SUCH;
    case HANDOVER_DECLINE:
        mine = handover->state == HANDOVER_STATE_COUNTING ? to : from || to;
        return mine ? action : NO_SUCH;
    case HANDOVER_OVERRIDE: mine = from || to; break;
    case HANDOVER_TAKE:
    case HANDOVER_GONE: mine = to; break;
    case HANDOVER_OFF:
        // While both are open the new one may close too: the old one stays on the air.
        mine = from;
        break;
    case HANDOVER_LOST:
    case HANDOVER_DEAD:
        if (to && handover->state == HANDOVER_STATE_SWITCHING) {
            return FAIL; // before the old one closed: that stays on the air
        }
        mine = from;
        break;
    case HANDOVER_BACK: mine = from; break;
    case HANDOVER_DUE:
    case HANDOVER_END:
    case HANDOVER_INPUT_COUNT: break;
    }
    return mine ? action : KEEP;
}

static void handover_do(struct outcome *outcome, const struct booth *booth,
                        const struct handover_step *step, enum handover_action action)
{
    bool asked = booth->handover.state == HANDOVER_STATE_REQUESTED
                     ? is(step->who, booth->handover.from)
                     : is(step->who, booth->handover.to);
    bool heard = step->input == HANDOVER_TAKE;
    bool moment_came = booth->handover.moment != 0 && booth->handover.deadline == 0;
    switch (action) {
    case ASK: handover_ask(outcome, booth, step); break;
    case ANSWER:
    case AGREE: handover_arm(outcome, booth); break;
    case DECLINE:
        handover_finish(outcome, booth,
                        asked ? HANDOVER_RESULT_DECLINED : HANDOVER_RESULT_WITHDRAWN);
        break;
    case CALL_OFF: handover_finish(outcome, booth, HANDOVER_RESULT_WITHDRAWN); break;
    case SWITCH:
        if (moment_came) {
            handover_replace(outcome, booth, HANDOVER_RESULT_DONE, heard, false);
        } else {
            handover_switch(outcome, booth);
        }
        break;
    case CHANGE: handover_replace(outcome, booth, HANDOVER_RESULT_DONE, heard, false); break;
    case WAIT: handover_wait(outcome, booth); break;
    case FINISH: handover_finish(outcome, booth, HANDOVER_RESULT_DONE); break;
    case CUT:
        handover_close_from(outcome, booth);
        handover_finish(outcome, booth, HANDOVER_RESULT_CUT);
        break;
    case LAPSE: handover_finish(outcome, booth, HANDOVER_RESULT_LAPSED); break;
    case FAIL: handover_finish(outcome, booth, HANDOVER_RESULT_VOID); break;
    case COUNT: handover_count(outcome, booth, step); break;
    case RECKON: handover_reckon(outcome, booth, step->at); break;
    case FORCE:
        // For one who was cut off somebody is wanted who is heard; who closed by a press is there.
        handover_replace(outcome, booth, HANDOVER_RESULT_FORCED, heard,
                         step->input != HANDOVER_OFF);
        break;
    case LET: handover_finish(outcome, booth, HANDOVER_RESULT_FORCED); break;
    case STEP_IN: handover_turn_to(outcome, booth, step->who); break;
    case PASS_ON: handover_pass_on(outcome, booth); break;
    case KEEP:
    case NO_SUCH:
    case BUSY: break;
    }
}

static enum err handover_judge(struct outcome *outcome, const struct booth *booth,
                               const struct handover_step *step)
{
    enum handover_action action = handover_action(booth, step);
    if (action == NO_SUCH) {
        return outcome_refuse(outcome, REFUSAL_NO_HANDOVER_FOR_YOU);
    }
    if (action == BUSY) {
        return outcome_refuse(outcome, REFUSAL_HANDOVER_UNDER_WAY);
    }
    return ERR_NONE;
}

enum err handover_feed(struct outcome *outcome, const struct booth *booth,
                       const struct handover_step *step)
{
    enum err err = handover_judge(outcome, booth, step);
    if (err == ERR_NONE) {
        handover_do(outcome, booth, step, handover_action(booth, step));
    }
    return err;
}

void handover_tell(struct outcome *outcome, const struct booth *booth, enum handover_input input,
                   const char *who)
{
    const struct handover_step step = {.input = input, .who = who, .to = ""};
    enum err err = handover_feed(outcome, booth, &step);
    ASSERT(err == ERR_NONE);
}

bool handover_awaits(const struct booth *booth, const struct desk *desk)
{
    enum handover_state state = booth->handover.state;
    return (state == HANDOVER_STATE_ARMED || state == HANDOVER_STATE_COUNTING) &&
           is(booth->handover.to, desk->participant);
}

bool handover_waits_for(const struct booth *booth, const struct desk *desk)
{
    return handover_is_over(booth) && is(booth->handover.to, desk->participant);
}

// Whether the booth counts down for a desk that is closed already.
static bool handover_is_vacant(const struct booth *booth)
{
    const struct desk *from = booth_desk(booth, booth->handover.from);
    return booth->handover.state == HANDOVER_STATE_COUNTING &&
           (from == NULL || !booth_desk_on_air(from));
}

void handover_end_vacant(struct outcome *outcome, const struct booth *booth)
{
    if (handover_is_vacant(booth)) {
        handover_tell(outcome, booth, HANDOVER_BACK, booth->handover.from);
    }
}

// ---- Commands ----

static enum err handover_moment(struct outcome *outcome, time_ms moment)
{
    if (moment != 0 && (moment <= outcome->now || moment > outcome->now + HANDOVER_MOMENT_MS)) {
        return outcome_refuse(outcome, REFUSAL_MOMENT_TOO_FAR);
    }
    return ERR_NONE;
}

enum err handover_request(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    struct handover_step step = {
        .input = HANDOVER_REQUEST, .to = "", .at = outcome->command->as.handover_request.moment};
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err == ERR_NONE) {
        err = handover_moment(outcome, step.at);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (booth_desk_on_air(desk)) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_OPEN);
    }
    // Who was cut off asks nobody: that one presses again.
    bool vacant = handover_is_vacant(booth) && !is(booth->handover.from, desk->participant);
    if (booth_newest(booth, desk->participant) == NULL && !vacant) {
        return outcome_refuse(outcome, REFUSAL_NO_PARTNER_ON_AIR);
    }
    step.who = desk->participant;
    err = handover_judge(outcome, booth, &step);
    if (err != ERR_NONE) {
        return err;
    }
    // Who asks is ready.
    struct desk wish = *desk;
    wish.resting = false;
    desk_choose(outcome, booth, desk, &wish);
    return handover_feed(outcome, booth, &step);
}

enum err handover_offer(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    const struct command_handover_offer *command = &outcome->command->as.handover_offer;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err == ERR_NONE) {
        err = handover_moment(outcome, command->moment);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (!booth_desk_on_air(desk)) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_OFF);
    }
    // Who has asked is meant when nobody is named.
    bool asked = booth->handover.state == HANDOVER_STATE_REQUESTED;
    const struct desk *to = command->participant[0] != '\0'
                                ? booth_desk(booth, command->participant)
                            : asked ? booth_desk(booth, booth->handover.to)
                                    : rota_next(outcome->state, booth, desk->participant,
                                                desk->participant);
    if (to == NULL || booth_desk_state(outcome->state, to) != DESK_STATE_STANDBY) {
        return outcome_refuse(outcome, REFUSAL_PARTNER_NOT_READY);
    }
    const struct handover_step step = {.input = HANDOVER_OFFER,
                                       .who = desk->participant,
                                       .to = to->participant,
                                       .at = command->moment};
    return handover_feed(outcome, booth, &step);
}

static enum err handover_answer(struct outcome *outcome, enum handover_input input)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    const struct handover_step step = {.input = input, .who = desk->participant, .to = ""};
    return handover_feed(outcome, booth, &step);
}

enum err handover_accept(struct outcome *outcome)
{
    return handover_answer(outcome, HANDOVER_ACCEPT);
}

enum err handover_decline(struct outcome *outcome)
{
    return handover_answer(outcome, HANDOVER_DECLINE);
}
