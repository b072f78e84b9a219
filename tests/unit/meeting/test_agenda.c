#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void starts(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "ch item.start i1", ERR_NONE, "item.started i1"},
        {"ch item.start i1", "mo item.start i2", ERR_NONE, "item.started i2"},
        {"ch item.start i1", "ch item.start i1", ERR_NONE, ""},
        {"", "ch item.start i9", ERR_NOT_FOUND, "no_such_item"},
        {"", "d1 item.start i1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void the_one_before_is_done(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "ch item.start i1; ch item.start i2");
    assert_int_equal(meeting_find_item(script.state, "i1")->state, ITEM_STATE_DONE);
    assert_string_equal(meeting_current_item(script.state)->id, "i2");
    script_run(&script, "ch item.start i1");
    assert_string_equal(meeting_current_item(script.state)->id, "i1");
    assert_int_equal(meeting_find_item(script.state, "i2")->state, ITEM_STATE_DONE);
    script_finish(&script);
}

static enum err put_item(struct script *script, bool new, const char *id, int64_t minutes)
{
    // Neither of the two is the wish's to say.
    struct agenda_item item = {.minutes = minutes, .state = ITEM_STATE_DONE, .started_at = 5};
    snprintf(item.id, sizeof item.id, "%s", id);
    return (new ? meeting_add_item : meeting_change_item)(script->state, &item, script->now,
                                                          script->events, &script->refusal);
}

static enum err move_item(struct script *script, const char *item, const char *before)
{
    return meeting_move_item(script->state, item, before, script->now, script->events,
                             &script->refusal);
}

static enum err remove_item(struct script *script, const char *item)
{
    return meeting_remove_item(script->state, item, script->now, script->events, &script->refusal);
}

static void check_order(const struct script *script, const char *wanted)
{
    char order[64] = "";
    for (uint32_t i = 0; i < script->state->meeting.agenda_count; i++) {
        snprintf(order + strlen(order), sizeof order - strlen(order), "%s%s", i > 0 ? " " : "",
                 script->state->meeting.agenda[i].id);
    }
    assert_string_equal(order, wanted);
}

static void an_item_changes_and_its_state_stays(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_refused(&script, put_item(&script, false, "i9", 5), ERR_NOT_FOUND, REFUSAL_NO_SUCH_ITEM);
    script_set_up(&script, put_item(&script, false, "i1", 20), "agenda_item.changed i1 pending");
    assert_int_equal(meeting_find_item(script.state, "i1")->minutes, 20);
    assert_int_equal(meeting_find_item(script.state, "i1")->started_at, 0);
    script_set_up(&script, put_item(&script, false, "i1", 20), "");
    script_run(&script, "ch item.start i1");
    time_ms since = meeting_find_item(script.state, "i1")->started_at;
    assert_int_equal(since, script.state->at);
    script_set_up(&script, put_item(&script, false, "i1", 30), "agenda_item.changed i1 current");
    assert_int_equal(meeting_find_item(script.state, "i1")->started_at, since);
    script_set_up(&script, put_item(&script, true, "i3", 1), "agenda_item.added");
    assert_int_equal(meeting_find_item(script.state, "i3")->started_at, 0);
    script_finish(&script);
}

static void items_are_put_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        const char *before;
        const char *told;
        const char *order;
    } moves[] = {
        {"i4", "i1", "agenda_item.moved i4 i1", "i4 i1 i2 i3"},
        {"i4", "i1", "", "i4 i1 i2 i3"},
        {"i4", "i3", "agenda_item.moved i4 i3", "i1 i2 i4 i3"},
        {"i1", "", "agenda_item.moved i1", "i2 i4 i3 i1"},
        {"i1", "", "", "i2 i4 i3 i1"},
        {"i1", "i1", "", "i2 i4 i3 i1"},
        {"i3", "i4", "agenda_item.moved i3 i4", "i2 i3 i4 i1"},
    };
    struct script script;
    script_init(&script);
    script_set_up(&script, put_item(&script, true, "i3", 0), "agenda_item.added");
    script_set_up(&script, put_item(&script, true, "i4", 0), "agenda_item.added");
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        script_set_up(&script, move_item(&script, moves[i].item, moves[i].before), moves[i].told);
        check_order(&script, moves[i].order);
    }
    script_refused(&script, move_item(&script, "i9", "i1"), ERR_NOT_FOUND, REFUSAL_NO_SUCH_ITEM);
    script_refused(&script, move_item(&script, "i1", "i9"), ERR_NOT_FOUND, REFUSAL_NO_SUCH_ITEM);
    script_finish(&script);
}

static void an_item_that_nothing_belongs_to_goes(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *item;
        enum refusal_reason reason; // NONE: it goes
    } cases[] = {
        {"", "i2", REFUSAL_NONE},
        {"ch item.start i1", "i2", REFUSAL_NONE},
        {"ch item.start i1", "i1", REFUSAL_ITEM_TAKEN_UP},
        {"ch item.start i1; ch item.start i2", "i1", REFUSAL_ITEM_TAKEN_UP},
        {"mo hand_in x document i2", "i2", REFUSAL_ITEM_IN_USE},
        {"mo hand_in x document i2; mo document.remove x", "i2", REFUSAL_NONE},
        {"ch time.allow i2 member 60", "i2", REFUSAL_ITEM_IN_USE},
        {"", "i9", REFUSAL_NO_SUCH_ITEM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct script script;
        script_init(&script);
        if (cases[i].before[0] != '\0') {
            script_run(&script, cases[i].before);
        }
        if (cases[i].reason == REFUSAL_NONE) {
            script_set_up(&script, remove_item(&script, cases[i].item), "agenda_item.removed i2");
            assert_null(meeting_find_item(script.state, "i2"));
        } else {
            script_refused(&script, remove_item(&script, cases[i].item),
                           refusal_reason_err(cases[i].reason), cases[i].reason);
        }
        script_finish(&script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts),
        cmocka_unit_test(the_one_before_is_done),
        cmocka_unit_test(an_item_changes_and_its_state_stays),
        cmocka_unit_test(items_are_put_in_order),
        cmocka_unit_test(an_item_that_nothing_belongs_to_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
