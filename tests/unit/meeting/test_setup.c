#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void creates_once(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct event_meeting_created created = {.floor_microphones_max = 2};
    assert_int_equal(
        meeting_create(script.state, &created, script.now, script.events, &script.refusal),
        ERR_CONFLICT);
    struct meeting_state *fresh = test_calloc(1, sizeof *fresh);
    meeting_state_init(fresh, "other");
    created.floor_microphones_max = 3;
    assert_int_equal(meeting_create(fresh, &created, 7, script.events, &script.refusal),
                     ERR_INVALID);
    created.floor_microphones_max = 1;
    strcpy(created.title[2], "Council");
    assert_int_equal(meeting_create(fresh, &created, 7, script.events, &script.refusal), ERR_NONE);
    assert_string_equal(fresh->meeting.id, "other");
    assert_string_equal(fresh->meeting.title[2], "Council");
    assert_int_equal(fresh->meeting.floor_microphones_max, 1);
    assert_int_equal(fresh->seq, 1);
    assert_int_equal(fresh->at, 7);
    assert_null(meeting_check(fresh, true));
    test_free(fresh);
    script_finish(&script);
}

static void delegations(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct delegation delegation = {.id = "fra"};
    assert_int_equal(meeting_add_delegation(script.state, &delegation, script.now, script.events,
                                            &script.refusal),
                     ERR_CONFLICT);
    strcpy(delegation.id, "né");
    assert_int_equal(meeting_add_delegation(script.state, &delegation, script.now, script.events,
                                            &script.refusal),
                     ERR_INVALID);
    int added = 0;
    enum err err = ERR_NONE;
    while (err == ERR_NONE) {
        snprintf(delegation.id, sizeof delegation.id, "d%d", added++);
        err = meeting_add_delegation(script.state, &delegation, script.now, script.events,
                                     &script.refusal);
    }
    assert_int_equal(err, ERR_FULL);
    assert_int_equal(script.state->meeting.delegations_count, MEETING_DELEGATIONS_MAX);
    assert_string_equal(meeting_find_delegation(script.state, "d7")->id, "d7");
    script_finish(&script);
}

static void offices(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct office office = {.id = "rapporteur"};
    assert_int_equal(
        meeting_add_office(script.state, &office, script.now, script.events, &script.refusal),
        ERR_NONE);
    assert_int_equal(script.events->events[0].type, EVENT_OFFICE_ADDED);
    assert_int_equal(
        meeting_add_office(script.state, &office, script.now, script.events, &script.refusal),
        ERR_CONFLICT);
    struct participant one = {.id = "ana-2", .capacity = CAPACITY_DELEGATE, .office = "rapporteur"};
    assert_int_equal(
        meeting_add_participant(script.state, &one, script.now, script.events, &script.refusal),
        ERR_NONE);
    assert_string_equal(meeting_find_participant(script.state, "ana-2")->office, "rapporteur");
    strcpy(one.id, "ana-3");
    strcpy(one.office, "nobody");
    assert_int_equal(
        meeting_add_participant(script.state, &one, script.now, script.events, &script.refusal),
        ERR_NOT_FOUND);
    assert_int_equal(script.refusal.reason, REFUSAL_NO_SUCH_OFFICE);
    strcpy(office.id, "né");
    assert_int_equal(
        meeting_add_office(script.state, &office, script.now, script.events, &script.refusal),
        ERR_INVALID);
    int added = 0;
    enum err err = ERR_NONE;
    while (err == ERR_NONE) {
        snprintf(office.id, sizeof office.id, "o%d", added++);
        err = meeting_add_office(script.state, &office, script.now, script.events, &script.refusal);
    }
    assert_int_equal(err, ERR_FULL);
    assert_int_equal(script.state->meeting.offices_count, MEETING_OFFICES_MAX);
    script_finish(&script);
}

static void items(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct agenda_item item = {.id = "i1", .state = ITEM_STATE_CURRENT};
    assert_int_equal(
        meeting_add_item(script.state, &item, script.now, script.events, &script.refusal),
        ERR_CONFLICT);
    item.id[0] = '\0';
    assert_int_equal(
        meeting_add_item(script.state, &item, script.now, script.events, &script.refusal),
        ERR_INVALID);
    int added = 0;
    enum err err = ERR_NONE;
    while (err == ERR_NONE) {
        snprintf(item.id, sizeof item.id, "n%d", added++);
        err = meeting_add_item(script.state, &item, script.now, script.events, &script.refusal);
    }
    assert_int_equal(err, ERR_FULL);
    assert_null(meeting_current_item(script.state));
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creates_once),
        cmocka_unit_test(delegations),
        cmocka_unit_test(offices),
        cmocka_unit_test(items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
