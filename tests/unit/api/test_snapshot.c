#include "../test.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/snapshot.h"
#include "contract/json.h"

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

// The last text that was made is kept, for who asks whether it is the same again.
struct fixture {
    struct snapshots snapshots;
    struct meeting *meeting;
    uint64_t touched[MEETING_SECTION_COUNT];
    char *text;
};

static int begin(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));
    fixture->meeting = a_meeting();
    *state = fixture;
    return 0;
}

static int finish(void **state)
{
    struct fixture *fixture = *state;
    snapshots_finish(&fixture->snapshots);
    free(fixture->text);
    test_free(fixture->meeting);
    test_free(fixture);
    return 0;
}

static const char *text_for(struct fixture *fixture, const struct viewer *viewer)
{
    struct snapshot snapshot;
    assert_true(
        snapshot_make(&fixture->snapshots, fixture->meeting, fixture->touched, viewer, &snapshot));
    free(fixture->text);
    fixture->text = snapshot_text(&snapshot, "", "");
    assert_non_null(fixture->text);
    return fixture->text;
}

static void test_one_object_of_all_sections(void **state)
{
    struct fixture *fixture = *state;
    const struct viewer viewer = delegate("p0");
    json_t *expected = meeting_encode_for(fixture->meeting, &viewer);
    json_t *whole = meeting_encode(fixture->meeting);
    json_t *joined = json_loads(text_for(fixture, &viewer), JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_equal(joined, expected));
    assert_true(json_equal(joined, whole)); // nothing is hidden here
    struct snapshot snapshot;
    assert_true(
        snapshot_make(&fixture->snapshots, fixture->meeting, fixture->touched, &viewer, &snapshot));
    char *within = snapshot_text(&snapshot, "{\"meeting\":", "}");
    json_t *outer = json_loads(within, JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_equal(json_object_get(outer, "meeting"), expected));
    free(within);
    json_decref(outer);
    json_decref(joined);
    json_decref(whole);
    json_decref(expected);
}

static void test_encoded_once_for_all_who_see_the_same(void **state)
{
    struct fixture *fixture = *state;
    char id[8];
    for (uint32_t i = 0; i < 500; i++) {
        snprintf(id, sizeof(id), "p%u", i);
        const struct viewer viewer = delegate(id);
        (void)text_for(fixture, &viewer);
    }
    assert_int_equal(fixture->snapshots.encoded, MEETING_SECTION_COUNT);
    // Another capacity: anew what may be hidden from some, and nothing else.
    const struct viewer listener = {.capacity = CAPACITY_LISTENER, .participant = "audience-x"};
    (void)text_for(fixture, &listener);
    uint32_t hiding = 0;
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        hiding += meeting_section_hides((enum meeting_section)i);
    }
    assert_in_range(hiding, 1, MEETING_SECTION_COUNT - 1);
    assert_int_equal(fixture->snapshots.encoded, MEETING_SECTION_COUNT + hiding);
}

static void test_an_event_costs_the_section_that_it_touched(void **state)
{
    struct fixture *fixture = *state;
    const struct viewer viewer = delegate("p0");
    (void)text_for(fixture, &viewer);
    fixture->meeting->recorded = true;
    fixture->touched[MEETING_SECTION_SITTING] = 8;
    assert_non_null(strstr(text_for(fixture, &viewer), "\"recorded\":true"));
    assert_int_equal(fixture->snapshots.encoded, MEETING_SECTION_COUNT + 1);
    fixture->meeting->participants[2].presence = PRESENCE_PRESENT;
    fixture->touched[MEETING_SECTION_PEOPLE] = 9;
    assert_non_null(strstr(text_for(fixture, &viewer), "\"presence\":\"present\""));
    assert_int_equal(fixture->snapshots.encoded, MEETING_SECTION_COUNT + 2);
}

static void test_what_is_told_to_one_alone_reaches_nobody_else(void **state)
{
    struct fixture *fixture = *state;
    struct meeting *meeting = fixture->meeting;
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
        const char *text = text_for(fixture, &viewer);
        assert_int_equal(strstr(text, "\"asked\"") != NULL, cases[i].asked);
        assert_int_equal(strstr(text, "Not yet delivered") != NULL, cases[i].speech);
    }
    // Of p1 and p2 the one section in which they see something of their own; what the others of
    // their kind see of it was there, or is then.
    assert_int_equal(fixture->snapshots.encoded, MEETING_SECTION_COUNT + 3);
}

// More meetings than places, again and again.
static void test_bounded(void **state)
{
    struct fixture *fixture = *state;
    struct meeting *meeting = fixture->meeting;
    const struct viewer viewer = delegate("p0");
    for (uint32_t i = 0; i < 4 * SNAPSHOTS_KEPT; i++) {
        char expected[64];
        snprintf(meeting->id, sizeof(meeting->id), "m%u", i % (2 * SNAPSHOTS_KEPT));
        snprintf(expected, sizeof(expected), "\"id\":\"%s\"", meeting->id);
        assert_non_null(strstr(text_for(fixture, &viewer), expected));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_object_of_all_sections),
        TEST(test_encoded_once_for_all_who_see_the_same),
        TEST(test_an_event_costs_the_section_that_it_touched),
        TEST(test_what_is_told_to_one_alone_reaches_nobody_else),
        TEST(test_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
