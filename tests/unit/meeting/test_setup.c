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

static enum err rename_meeting(struct script *script, const char *title, const char *body)
{
    struct event_meeting_renamed renamed = {0};
    snprintf(renamed.title[2], sizeof renamed.title[2], "%s", title);
    snprintf(renamed.body[2], sizeof renamed.body[2], "%s", body);
    return meeting_rename(script->state, &renamed, script->now, script->events, &script->refusal);
}

static void is_renamed(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_set_up(&script, rename_meeting(&script, "Council", "ITU"), "meeting.renamed");
    assert_string_equal(script.state->meeting.title[2], "Council");
    assert_string_equal(script.state->meeting.body[2], "ITU");
    assert_int_equal(script.state->meeting.floor_microphones_max, 2);
    script_set_up(&script, rename_meeting(&script, "Council", "ITU"), "");
    script_set_up(&script, rename_meeting(&script, "Council", "UPU"), "meeting.renamed");
    script_finish(&script);
}

static enum err put_delegation(struct script *script, bool new, const char *id, const char *code)
{
    struct delegation delegation = {0};
    snprintf(delegation.id, sizeof delegation.id, "%s", id);
    snprintf(delegation.code, sizeof delegation.code, "%s", code);
    return (new ? meeting_add_delegation : meeting_change_delegation)(
        script->state, &delegation, script->now, script->events, &script->refusal);
}

static enum err remove_delegation(struct script *script, const char *id)
{
    return meeting_remove_delegation(script->state, id, script->now, script->events,
                                     &script->refusal);
}

static void delegations_change_and_go(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_set_up(&script, put_delegation(&script, false, "fra", "FR"), "delegation.changed fra");
    assert_string_equal(meeting_find_delegation(script.state, "fra")->code, "FR");
    script_set_up(&script, put_delegation(&script, false, "fra", "FR"), "");
    script_refused(&script, put_delegation(&script, false, "ken", "KEN"), ERR_NOT_FOUND,
                   REFUSAL_NO_SUCH_DELEGATION);
    script_refused(&script, remove_delegation(&script, "ken"), ERR_NOT_FOUND,
                   REFUSAL_NO_SUCH_DELEGATION);
    script_refused(&script, remove_delegation(&script, "fra"), ERR_CONFLICT,
                   REFUSAL_DELEGATION_IN_USE);
    script_set_up(&script, put_delegation(&script, true, "ken", "KEN"), "delegation.added");
    script_set_up(&script, remove_delegation(&script, "ken"), "delegation.removed ken");
    assert_null(meeting_find_delegation(script.state, "ken"));
    script_finish(&script);
}

static enum err put_office(struct script *script, bool new, const char *id, const char *name)
{
    struct office office = {0};
    snprintf(office.id, sizeof office.id, "%s", id);
    snprintf(office.name[2], sizeof office.name[2], "%s", name);
    return (new ? meeting_add_office : meeting_change_office)(script->state, &office, script->now,
                                                              script->events, &script->refusal);
}

static enum err remove_office(struct script *script, const char *id)
{
    return meeting_remove_office(script->state, id, script->now, script->events, &script->refusal);
}

static void offices_change_and_go(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_refused(&script, put_office(&script, false, "vice", "Vice"), ERR_NOT_FOUND,
                   REFUSAL_NO_SUCH_OFFICE);
    script_refused(&script, remove_office(&script, "vice"), ERR_NOT_FOUND, REFUSAL_NO_SUCH_OFFICE);
    script_set_up(&script, put_office(&script, true, "vice", "Vice"), "office.added");
    script_set_up(&script, put_office(&script, false, "vice", "Vice-Chair"), "office.changed vice");
    script_set_up(&script, put_office(&script, false, "vice", "Vice-Chair"), "");
    const struct participant one = {
        .id = "vi", .capacity = CAPACITY_DELEGATE, .office = "vice", .delegation = "fra"};
    script_set_up(
        &script,
        meeting_add_participant(script.state, &one, script.now, script.events, &script.refusal),
        "participant.added");
    script_refused(&script, remove_office(&script, "vice"), ERR_CONFLICT, REFUSAL_OFFICE_IN_USE);
    script_run(&script, "mo participant.remove vi");
    script_set_up(&script, remove_office(&script, "vice"), "office.removed vice");
    assert_int_equal(script.state->meeting.offices_count, 0);
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
        cmocka_unit_test(is_renamed),
        cmocka_unit_test(delegations_change_and_go),
        cmocka_unit_test(offices_change_and_go),
        cmocka_unit_test(items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
