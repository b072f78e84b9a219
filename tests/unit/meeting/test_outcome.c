#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "meeting/meeting_priv.h"
#include "script.h"

#define ALL "channel floor+ar+zh+en+fr+ru+es "

// A decision of several steps, as no command is one.
static void begin(struct script *script, struct outcome *outcome, const char *caller)
{
    outcome_begin(outcome, script->state, script->now, script->events);
    outcome->caller = meeting_find_participant(script->state, caller);
}

static void end(struct script *script, struct outcome *outcome)
{
    outcome_settle(outcome);
    script->told[0] = '\0';
    script_told(script);
}

static void remove_one(struct outcome *outcome, const char *words)
{
    const struct command command = script_command(words);
    outcome->command = &command;
    assert_int_equal(participant_remove(outcome), ERR_NONE);
    outcome->command = NULL;
}

// The speaker, a channel's holder and one who waits go; the caller, who stands behind them in the
// list, stays the one who does it.
static void two_participants_are_removed(void **state)
{
    (void)state;
    struct script script;
    struct outcome outcome;
    script_init(&script);
    script_run(&script,
               "ch sitting.open; ch floor.give d1; d1 screen.set on; d2 floor.request; "
               "d3 floor.request; f1 desk.microphone on; te team.lead f1");
    begin(&script, &outcome, "li");
    remove_one(&outcome, "mo participant.remove d1");
    remove_one(&outcome, "mo participant.remove f1");
    remove_one(&outcome, "mo participant.remove d2");
    end(&script, &outcome);
    assert_string_equal(
        script.told,
        "screen.changed d1 off; microphone.closed d1 0; participant.removed d1; "
        "desk.changed f1 fr off lost; handover.changed fr counting f1 f2; team.changed; "
        "participant.removed f1; "
        "request.removed 1; participant.removed d2; " ALL "silent");
    for (uint32_t i = 0; i < script.events->count; i++) {
        assert_string_equal(script.events->events[i].by, "li");
    }
    assert_string_equal(outcome.caller->id, "li");
    script_run(&script, "ch floor.give d3; f2 desk.microphone on");
    script_finish(&script);
}

static void what_has_ended_does_not_end_again(void **state)
{
    (void)state;
    struct script script;
    struct outcome outcome;
    script_init(&script);
    script_run(&script,
               "ch sitting.open; ch floor.give d1; d1 screen.set on; d1 camera.set on; "
               "d2 floor.request; f1 desk.microphone on; f2 talk.set partners; "
               "x feed.begin stage; te feed.put stage floor");
    begin(&script, &outcome, "mo");
    for (int i = 0; i < 2; i++) {
        presence_end_sending(&outcome, meeting_find_participant(script.state, "d1"));
        speakers_remove_participant(&outcome, "d2");
        speakers_clear(&outcome);
        talkback_end(&outcome, "f2");
        booth_close_desk(&outcome, "f1");
        booth_close_all(&outcome);
        floor_close_all(&outcome);
    }
    end(&script, &outcome);
    assert_string_equal(script.told,
                        "screen.changed d1 off; camera.changed d1 off; microphone.closed d1 0; "
                        "request.removed 1; talk.changed f2 none; desk.changed f1 fr off; "
                        "feed.changed stage none; " ALL "silent");
    script_finish(&script);
}

static void what_comes_next_sees_what_was_decided(void **state)
{
    (void)state;
    struct script script;
    struct outcome outcome;
    script_init(&script);
    script_run(&script, "ch sitting.open; ch floor.give d1; ch floor.give d2; +600");
    begin(&script, &outcome, "ch");
    assert_true(floor_is_full(&script.state->meeting));
    floor_close_microphone(&outcome, "d1");
    const struct command give = script_command("ch floor.give d3");
    outcome.command = &give;
    assert_int_equal(floor_give(&outcome), ERR_NONE); // the place is free
    end(&script, &outcome);
    assert_string_equal(script.told,
                        // d2 is carried until d3 is heard.
                        "microphone.closed d1 1200; microphone.opened d3 1");
    script_finish(&script);
}

// ---- There is no way back ----

static void refuse_late(void *context)
{
    struct outcome *outcome = context;
    enum err err = outcome_refuse(outcome, REFUSAL_NOBODY_HAS_FLOOR);
    assert_int_equal(err, ERR_NONE); // not reached
}

static void draft(void *context)
{
    (void)outcome_draft(context, EVENT_SITTING_CHANGED);
}

static void who_refuses_has_decided_nothing(void **state)
{
    (void)state;
    struct script script;
    struct outcome outcome;
    script_init(&script);
    script_run(&script, "d1 camera.set on");
    begin(&script, &outcome, "ch");
    assert_int_equal(outcome_refuse(&outcome, REFUSAL_NOBODY_HAS_FLOOR), ERR_CONFLICT);
    sharing_end_camera(&outcome, meeting_find_participant(script.state, "d1"));
    assert_non_null(assert_try(refuse_late, &outcome));
    draft(&outcome);
    assert_non_null(assert_try(draft, &outcome)); // one at a time
    script_finish(&script);
}

static void who_judges_decides_nothing(void **state)
{
    (void)state;
    struct script script;
    struct outcome outcome;
    script_init(&script);
    outcome_judge(&outcome, script.state, script.now);
    assert_non_null(assert_try(draft, &outcome));
    assert_int_equal(outcome_refuse(&outcome, REFUSAL_NOBODY_HAS_FLOOR), ERR_CONFLICT);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_participants_are_removed),
        cmocka_unit_test(what_has_ended_does_not_end_again),
        cmocka_unit_test(what_comes_next_sees_what_was_decided),
        cmocka_unit_test(who_refuses_has_decided_nothing),
        cmocka_unit_test(who_judges_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
