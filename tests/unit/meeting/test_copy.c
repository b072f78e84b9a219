#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void add(struct script *script, int people, int items)
{
    struct event_list *events = script->events;
    struct refusal refusal;
    for (int i = 0; i < people; i++) {
        struct participant person = {.capacity = CAPACITY_DELEGATE};
        snprintf(person.id, sizeof person.id, "p%d", i);
        assert_int_equal(
            meeting_add_participant(script->state, &person, script->now, events, &refusal),
            ERR_NONE);
    }
    for (int i = 0; i < items; i++) {
        struct agenda_item item = {.state = ITEM_STATE_PENDING};
        snprintf(item.id, sizeof item.id, "item%d", i);
        snprintf(item.number, sizeof item.number, "%d", i + 1);
        assert_int_equal(meeting_add_item(script->state, &item, script->now, events, &refusal),
                         ERR_NONE);
    }
}

// A state whose lists were longer is the copy afterwards, to the last byte of all its room.
static void test_a_copy_is_equal_in_all_its_bytes(void **state)
{
    (void)state;
    struct script full;
    struct script small;
    script_init(&full);
    script_init(&small);
    add(&full, 300, 20);
    assert_false(meeting_state_equal(full.state, small.state));
    meeting_state_copy(full.state, small.state);
    assert_memory_equal(full.state, small.state, sizeof *full.state);
    assert_true(meeting_state_equal(full.state, small.state));
    add(&small, 5, 1);
    assert_false(meeting_state_equal(full.state, small.state));
    meeting_state_copy(full.state, small.state);
    assert_memory_equal(full.state, small.state, sizeof *full.state);
    script_finish(&full);
    script_finish(&small);
}

static void test_a_state_begun_anew_is_empty(void **state)
{
    (void)state;
    struct script script;
    struct meeting_state *fresh = test_calloc(1, sizeof *fresh);
    script_init(&script);
    add(&script, 100, 10);
    meeting_state_init(script.state, "m");
    meeting_state_init(fresh, "m");
    assert_memory_equal(script.state, fresh, sizeof *fresh);
    test_free(fresh);
    script_finish(&script);
}

// A difference in the last item of each list is one.
static void test_what_is_filled_is_compared(void **state)
{
    (void)state;
    struct script script;
    struct meeting_state *copy = test_calloc(1, sizeof *copy);
    script_init(&script);
    add(&script, 3, 3);
    meeting_state_copy(copy, script.state);
    assert_true(meeting_state_equal(copy, script.state));
    struct meeting *meeting = &copy->meeting;
    meeting->participants[meeting->participants_count - 1].spoken_ms++;
    assert_false(meeting_state_equal(copy, script.state));
    meeting->participants[meeting->participants_count - 1].spoken_ms--;
    meeting->agenda[meeting->agenda_count - 1].state = ITEM_STATE_DONE;
    assert_false(meeting_state_equal(copy, script.state));
    meeting->agenda[meeting->agenda_count - 1].state = ITEM_STATE_PENDING;
    assert_true(meeting_state_equal(copy, script.state));
    copy->last_request++; // behind the lists
    assert_false(meeting_state_equal(copy, script.state));
    test_free(copy);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_copy_is_equal_in_all_its_bytes),
        cmocka_unit_test(test_a_state_begun_anew_is_empty),
        cmocka_unit_test(test_what_is_filled_is_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
