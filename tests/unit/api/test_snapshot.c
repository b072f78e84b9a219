#include "../test.h"

#include <stdio.h>
#include <string.h>

#include "api/snapshot.h"

static struct meeting *a_meeting(void)
{
    struct meeting *meeting = test_calloc(1, sizeof(*meeting));
    snprintf(meeting->id, sizeof(meeting->id), "demo");
    meeting->floor_microphones_max = 1;
    for (uint32_t i = 0; i < 3; i++) {
        snprintf(meeting->participants[i].id, sizeof(meeting->participants[i].id), "p%u", i);
        meeting->participants[i].capacity = CAPACITY_DELEGATE;
    }
    meeting->participants_count = 3;
    return meeting;
}

static struct viewer delegate(const char *id)
{
    return (struct viewer){.capacity = CAPACITY_DELEGATE, .participant = id};
}

static void test_encoded_once_for_all_who_see_the_same(void **state)
{
    (void)state;
    struct snapshots snapshots = {0};
    struct meeting *meeting = a_meeting();
    char id[8];
    const char *first = NULL;
    for (uint32_t i = 0; i < 500; i++) {
        snprintf(id, sizeof(id), "p%u", i);
        const struct viewer viewer = delegate(id);
        const char *text = snapshot_text(&snapshots, meeting, 7, &viewer);
        first = first == NULL ? text : first;
        assert_ptr_equal(text, first);
    }
    assert_int_equal(snapshots.encoded, 1);
    const struct viewer listener = {.capacity = CAPACITY_LISTENER, .participant = "audience-x"};
    assert_non_null(snapshot_text(&snapshots, meeting, 7, &listener));
    assert_int_equal(snapshots.encoded, 2);
    // Something happened.
    const struct viewer viewer = delegate("p0");
    meeting->recorded = true;
    assert_non_null(strstr(snapshot_text(&snapshots, meeting, 8, &viewer), "\"recorded\":true"));
    assert_int_equal(snapshots.encoded, 3);
    snapshots_finish(&snapshots);
    test_free(meeting);
}

static void test_what_is_told_to_one_alone_reaches_nobody_else(void **state)
{
    (void)state;
    struct snapshots snapshots = {0};
    struct meeting *meeting = a_meeting();
    meeting->participants[1].help = HELP_STATE_ASKED;
    meeting->documents_count = 1;
    struct document *speech = &meeting->documents[0];
    snprintf(speech->id, sizeof(speech->id), "d");
    snprintf(speech->title, sizeof(speech->title), "Not yet delivered");
    snprintf(speech->participant, sizeof(speech->participant), "p2");
    speech->size = 1;
    speech->embargoed = true;
    static const struct {
        const char *who;
        bool asked;
        bool speech;
    } cases[] = {{"p0", false, false}, {"p1", true, false}, {"p2", false, true},
                 {"p0", false, false}, {"p1", true, false}, {"nobody", false, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct viewer viewer = delegate(cases[i].who);
        const char *text = snapshot_text(&snapshots, meeting, 7, &viewer);
        assert_int_equal(strstr(text, "\"asked\"") != NULL, cases[i].asked);
        assert_int_equal(strstr(text, "Not yet delivered") != NULL, cases[i].speech);
    }
    assert_int_equal(snapshots.encoded, 1 + 3);
    snapshots_finish(&snapshots);
    test_free(meeting);
}

// More meetings than places, again and again.
static void test_bounded(void **state)
{
    (void)state;
    struct snapshots snapshots = {0};
    struct meeting *meeting = a_meeting();
    const struct viewer viewer = delegate("p0");
    for (uint32_t i = 0; i < 4 * SNAPSHOTS_KEPT; i++) {
        char expected[64];
        snprintf(meeting->id, sizeof(meeting->id), "m%u", i % (2 * SNAPSHOTS_KEPT));
        snprintf(expected, sizeof(expected), "\"id\":\"%s\"", meeting->id);
        assert_non_null(strstr(snapshot_text(&snapshots, meeting, 7, &viewer), expected));
    }
    snapshots_finish(&snapshots);
    test_free(meeting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoded_once_for_all_who_see_the_same),
        cmocka_unit_test(test_what_is_told_to_one_alone_reaches_nobody_else),
        cmocka_unit_test(test_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
