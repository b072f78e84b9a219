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
    assert_int_equal(script.refusal.most, MEETING_PLACES_MAX);
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

static enum err change(struct script *script, const struct participant *wish)
{
    return meeting_change_participant(script->state, wish, script->now, script->events,
                                      &script->refusal);
}

// Somebody who speaks and has asked again goes on; only what is kept of the person is another.
static void is_corrected(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "ch sitting.open; ch floor.give d1; d1 floor.request; +1000");
    struct participant wish = {.id = "d1",
                               .name = "Dee",
                               .capacity = CAPACITY_CHAIR,
                               .language = LANGUAGE_ES,
                               .title = "Minister",
                               .presence = PRESENCE_AWAY};
    script_set_up(&script, change(&script, &wish),
                  "participant.changed d1 Dee es; floor_language.changed es; channel es floor d1");
    const struct participant *now = meeting_find_participant(script.state, "d1");
    assert_string_equal(now->name, "Dee");
    assert_string_equal(now->delegation, "");
    assert_string_equal(now->title, "Minister");
    assert_int_equal(now->language, LANGUAGE_ES);
    assert_int_equal(now->capacity, CAPACITY_DELEGATE);
    assert_int_equal(now->presence, PRESENCE_PRESENT);
    assert_int_equal(now->microphone, MICROPHONE_ON);
    assert_non_null(meeting_find_request(script.state, "d1"));
    script_set_up(&script, change(&script, &wish), "");
    strcpy(wish.delegation, "usa");
    script_refused(&script, change(&script, &wish), ERR_NOT_FOUND, REFUSAL_NO_SUCH_DELEGATION);
    strcpy(wish.delegation, "fra");
    strcpy(wish.office, "none");
    script_refused(&script, change(&script, &wish), ERR_NOT_FOUND, REFUSAL_NO_SUCH_OFFICE);
    wish.office[0] = '\0';
    script_set_up(&script, change(&script, &wish), "participant.changed d1 Dee fra es");
    strcpy(wish.id, "nobody");
    script_refused(&script, change(&script, &wish), ERR_NOT_FOUND, REFUSAL_NO_SUCH_PARTICIPANT);
    script_run(&script, "d1 floor.yield");
    script_finish(&script);
}

static void an_interpreter_keeps_the_booth(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct participant wish = {.id = "f1", .name = "Effie", .language = LANGUAGE_RU};
    script_refused(&script, change(&script, &wish), ERR_CONFLICT, REFUSAL_BOOTH_STAYS);
    wish.language = LANGUAGE_NONE;
    script_set_up(&script, change(&script, &wish), "participant.changed f1 Effie fr");
    wish.language = LANGUAGE_FR;
    script_set_up(&script, change(&script, &wish), "");
    bool found = false;
    for (uint32_t i = 0; i < script.state->meeting.hours_count; i++) {
        found |= strcmp(script.state->meeting.hours[i].name, "Effie") == 0;
    }
    assert_true(found);
    script_run(&script, "ch sitting.open; f1 desk.microphone on");
    script_finish(&script);
}

static void the_audience_is_nobody_here(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    // Their link was made before both were removed.
    const struct participant listener = {.id = "au",
                                         .name = "A",
                                         .capacity = CAPACITY_LISTENER,
                                         .delegation = "ken",
                                         .office = "vice",
                                         .presence = PRESENCE_PRESENT};
    script_set_up(&script,
                  meeting_audience_calls(script.state, &listener, HELP_REASON_SOUND, script.now,
                                         script.events, &script.refusal),
                  "participant.added; help.changed au asked sound");
    assert_string_equal(meeting_find_participant(script.state, "au")->delegation, "");
    const struct participant wish = {.id = "au", .name = "B"};
    script_refused(&script, change(&script, &wish), ERR_NOT_FOUND, REFUSAL_NO_SUCH_PARTICIPANT);
    script_finish(&script);
}

static enum err removed(struct script *script, const char *id)
{
    return meeting_remove_participant(script->state, id, script->now, script->events,
                                      &script->refusal);
}

// As by the command, which one of them would have given.
static void the_server_removes_like_a_moderator(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "ch sitting.open; ch floor.give d1; d1 camera.set on; d1 floor.request");
    script_set_up(&script, removed(&script, "d1"),
                  "camera.changed d1 off; microphone.closed d1 0; request.removed 1; "
                  "participant.removed d1; " ALL "silent");
    script_refused(&script, removed(&script, "d1"), ERR_NOT_FOUND, REFUSAL_NO_SUCH_PARTICIPANT);
    script_set_up(&script, removed(&script, "mo"), "participant.removed mo");
    assert_string_equal(script.events->events[0].by, "");
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_removed_with_everything),
        cmocka_unit_test(is_added_at_rest),
        cmocka_unit_test(refusals),
        cmocka_unit_test(is_corrected),
        cmocka_unit_test(an_interpreter_keeps_the_booth),
        cmocka_unit_test(the_audience_is_nobody_here),
        cmocka_unit_test(the_server_removes_like_a_moderator),
        cmocka_unit_test(fills_the_meeting_and_is_found_after_removals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
