#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ALL "channel floor+ar+zh+en+fr+ru+es "

static void is_removed_with_everything(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "mo participant.remove d1", ERR_NONE, "participant.removed d1"},
        {"ch sitting.open; ch floor.give d1; d1 camera.set on; d1 screen.set on; "
         "d1 floor.request",
         "mo participant.remove d1", ERR_NONE,
         "screen.changed d1 off; camera.changed d1 off; microphone.closed d1 0; "
         "request.removed 1; "
         "participant.removed d1; " ALL "silent"},
        {"ch sitting.open; ch floor.give d1; f1 desk.microphone on", "mo participant.remove f1",
         ERR_NONE,
         "desk.changed f1 fr off lost; handover.changed fr counting f1 f2; participant.removed f1; "
         "channel fr floor d1"},
        {"", "mo participant.remove mo", ERR_CONFLICT, "not_oneself"},
        {"", "mo participant.remove nobody", ERR_NOT_FOUND, "no_such_participant"},
        {"mo participant.remove d1", "d1 room.enter", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "ch participant.remove d1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static enum err add(struct script *script, const struct participant *participant)
{
    return meeting_add_participant(script->state, participant, script->now, script->events,
                                   &script->refusal);
}

static void is_added_at_rest(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct participant wish = {.id = "new",
                               .name = "N. N.",
                               .capacity = CAPACITY_DELEGATE,
                               .delegation = "fra",
                               .presence = PRESENCE_PRESENT,
                               .microphone = MICROPHONE_ON,
                               .camera = true,
                               .screen = true,
                               .spoken_ms = 5};
    assert_int_equal(add(&script, &wish), ERR_NONE);
    const struct participant *added = meeting_find_participant(script.state, "new");
    assert_string_equal(added->name, "N. N.");
    assert_int_equal(added->presence, PRESENCE_AWAY);
    assert_int_equal(added->microphone, MICROPHONE_OFF);
    assert_false(added->camera || added->screen);
    assert_int_equal(added->spoken_ms, 0);
    assert_null(meeting_check(script.state, true));
    assert_int_equal(add(&script, &wish), ERR_CONFLICT);
    script_finish(&script);
}

static void refusals(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct participant nameless = {.capacity = CAPACITY_LISTENER};
    assert_int_equal(add(&script, &nameless), ERR_INVALID);
    struct participant spaced = {.id = "a b", .capacity = CAPACITY_LISTENER};
    assert_int_equal(add(&script, &spaced), ERR_INVALID);
    struct participant foreign = {.id = "x", .delegation = "usa"};
    assert_int_equal(add(&script, &foreign), ERR_NOT_FOUND);
    struct participant tongueless = {.id = "x", .capacity = CAPACITY_INTERPRETER};
    assert_int_equal(add(&script, &tongueless), ERR_INVALID);
    for (int i = 0; i < BOOTH_DESKS_MAX - 2; i++) {
        char id[16];
        snprintf(id, sizeof id, "f%d", 10 + i);
        script_add(&script, id, CAPACITY_INTERPRETER, LANGUAGE_FR);
    }
    struct participant seventh = {
        .id = "x", .capacity = CAPACITY_INTERPRETER, .language = LANGUAGE_FR};
    assert_int_equal(add(&script, &seventh), ERR_FULL);
    assert_int_equal(script.refusal.reason, REFUSAL_BOOTH_FULL);
    script_finish(&script);
}

static void fills_the_meeting_and_is_found_after_removals(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    char id[32];
    while (script.state->meeting.participants_count < MEETING_PLACES_MAX) {
        snprintf(id, sizeof id, "x%u", script.state->meeting.participants_count);
        script_add(&script, id, CAPACITY_DELEGATE, LANGUAGE_NONE);
    }
    struct participant late = {.id = "late", .capacity = CAPACITY_LISTENER};
    assert_int_equal(add(&script, &late), ERR_FULL);
    assert_int_equal(script.refusal.reason, REFUSAL_MEETING_FULL);
    assert_int_equal(script.refusal.most, 1000);
    for (int i = 20; i < MEETING_PLACES_MAX; i += 3) {
        char step[64];
        snprintf(step, sizeof step, "mo participant.remove x%d", i);
        script_run(&script, step);
    }
    for (int i = 20; i < MEETING_PLACES_MAX; i++) {
        snprintf(id, sizeof id, "x%d", i);
        assert_int_equal(meeting_find_participant(script.state, id) == NULL, (i - 20) % 3 == 0);
    }
    assert_int_equal(add(&script, &late), ERR_NONE);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_removed_with_everything),
        cmocka_unit_test(is_added_at_rest),
        cmocka_unit_test(refusals),
        cmocka_unit_test(fills_the_meeting_and_is_found_after_removals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
