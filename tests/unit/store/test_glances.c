// What is kept of a meeting for lists of seats, and for how long it counts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/glances.h"
#include "store/journal.h"

static struct folder folder;
static struct store *store;
static struct meeting *meeting;

static void append(uint64_t seq)
{
    static struct event event = {.type = EVENT_SITTING_CHANGED,
                                 .as.sitting_changed = {.state = SITTING_STATE_OPEN}};
    uint64_t ticket = 0;
    event.seq = seq;
    event.at = 1000;
    assert_int_equal(journal_append(store, "m", &event, 1, &ticket), ERR_NONE);
    assert_int_equal(journal_flush(store), ERR_NONE);
}

static int set_up(void **state)
{
    (void)state;
    folder_init(&folder);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    meeting = calloc(1, sizeof(*meeting));
    assert_non_null(meeting);
    strcpy(meeting->id, "m");
    strcpy(meeting->title[LANGUAGE_AR], "المجلس");
    strcpy(meeting->body[LANGUAGE_EN], "Council");
    meeting->sitting = SITTING_STATE_SUSPENDED;
    meeting->participants_count = 2;
    strcpy(meeting->participants[0].id, "chair");
    meeting->participants[0].capacity = CAPACITY_CHAIR;
    strcpy(meeting->participants[1].id, "booth");
    meeting->participants[1].capacity = CAPACITY_INTERPRETER;
    append(1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(meeting);
    store_close(store);
    folder_finish(&folder);
    return 0;
}

static void says_what_the_meeting_is(void **state)
{
    struct seat seat;
    bool listed = false;
    (void)state;
    assert_int_equal(glance_get(store, "m", "booth", &seat, &listed), ERR_NOT_FOUND);
    assert_int_equal(glance_put(store, meeting, 1), ERR_NONE);
    assert_int_equal(glance_get(store, "m", "booth", &seat, &listed), ERR_NONE);
    assert_true(listed);
    assert_int_equal(seat.capacity, CAPACITY_INTERPRETER);
    assert_int_equal(seat.sitting, SITTING_STATE_SUSPENDED);
    assert_string_equal(seat.meeting, "m");
    assert_string_equal(seat.participant, "booth");
    assert_string_equal(seat.title[LANGUAGE_AR], "المجلس");
    assert_string_equal(seat.body[LANGUAGE_EN], "Council");
    assert_int_equal(glance_get(store, "m", "audience-1", &seat, &listed), ERR_NONE);
    assert_false(listed);
    assert_int_equal(glance_get(store, "other", "booth", &seat, &listed), ERR_NOT_FOUND);
}

static void counts_until_the_journal_goes_on(void **state)
{
    struct seat seat;
    bool listed = false;
    (void)state;
    assert_int_equal(glance_put(store, meeting, 1), ERR_NONE);
    append(2);
    assert_int_equal(glance_get(store, "m", "chair", &seat, &listed), ERR_NOT_FOUND);
    assert_int_equal(glance_put(store, meeting, 1), ERR_NONE); // of before: nothing
    assert_int_equal(glance_get(store, "m", "chair", &seat, &listed), ERR_NOT_FOUND);
    meeting->participants_count = 1;
    assert_int_equal(glance_put(store, meeting, 2), ERR_NONE);
    assert_int_equal(glance_get(store, "m", "chair", &seat, &listed), ERR_NONE);
    assert_true(listed);
    assert_int_equal(glance_get(store, "m", "booth", &seat, &listed), ERR_NONE);
    assert_false(listed); // removed
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(says_what_the_meeting_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_until_the_journal_goes_on, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
