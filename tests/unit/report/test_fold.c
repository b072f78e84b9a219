#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "meeting/meeting.h"
#include "report/report.h"
#include "script.h"

static struct report_fold *fold;

static void record(const struct event *event)
{
    assert_int_equal(report_fold_event(fold, event), ERR_NONE);
}

// Plays the steps and closes the report at their end.
static const struct report *report_of(const char *steps)
{
    struct script script;
    assert_int_equal(report_fold_create("m", &fold), ERR_NONE);
    script_seen = record;
    script_init(&script);
    script_run(&script, steps);
    script_seen = NULL;
    report_fold_finish(fold, script.now);
    script_finish(&script);
    return report_fold_report(fold);
}

static const struct report_person *person(const struct report *report, const char *id)
{
    for (uint32_t i = 0; i < report->person_count; i++) {
        if (strcmp(report->persons[i].id, id) == 0) {
            return &report->persons[i];
        }
    }
    fail_msg("no %s in the report", id);
    return NULL;
}

#define OPEN "ch sitting.open; "
#define GIVE "ch floor.give d1; se floor.language en; "

static void counts_air_and_standby(void **state)
{
    (void)state;
    const struct report *report = report_of(
        OPEN
        "+1000; f1 desk.microphone on; +60000; f1 desk.microphone cough; +2000; "
        "f1 desk.microphone off; +3000; f2 desk.microphone on; +5000");
    const struct report_person *first = person(report, "f1");
    assert_int_equal(first->air_ms, 62000);
    assert_int_equal(first->standby_ms, 1000 + 3000 + 5000);
    assert_int_equal(first->turns, 1);
    assert_int_equal(first->turn_longest_ms, 62000);
    const struct report_person *second = person(report, "f2");
    assert_int_equal(second->air_ms, 5000); // goes on
    assert_int_equal(second->turns, 1);
    assert_int_equal(second->standby_ms, 66000);
    assert_int_equal(report->sitting_ms, 71000);
    assert_int_equal(report->sitting_count, 1);
    report_fold_destroy(fold);
}

static void standby_ends_with_the_sitting_and_with_rest(void **state)
{
    (void)state;
    const struct report *report = report_of(
        "+9000; " OPEN
        "+1000; f1 desk.rest on; +2000; f1 desk.rest off; +4000; "
        "ch sitting.close; +50000");
    assert_int_equal(person(report, "f1")->standby_ms, 5000);
    assert_int_equal(person(report, "f2")->standby_ms, 7000);
    assert_int_equal(report->sittings[0].to - report->sittings[0].from, 7000);
    report_fold_destroy(fold);
}

static void counts_who_spoke(void **state)
{
    (void)state;
    const struct report *report = report_of(
        OPEN "ch floor.give d1; +10000; ch floor.end d1; +5000; ch floor.give d1; +7000");
    assert_int_equal(person(report, "d1")->spoken_ms, 17000);
    assert_int_equal(person(report, "d1")->interventions, 2);
    assert_int_equal(report->floor_ms, 17000);
    assert_int_equal(report->channels[CHANNEL_ID_FLOOR].segment_count, 2);
    report_fold_destroy(fold);
}

static void a_gap_above_three_seconds_is_told(void **state)
{
    (void)state;
    // French: 2 s at first (breath), then 3.001 s. Spanish: never interpreted.
    const struct report *report = report_of(
        OPEN GIVE
        "+2000; f1 desk.microphone on; +5000; f1 desk.microphone off; "
        "+3001; f2 desk.microphone on; +1000; ch floor.end d1; +60000");
    const struct report_channel *french = &report->channels[CHANNEL_ID_FR];
    assert_int_equal(french->gap_ms, 5001);
    assert_int_equal(french->gap_count, 1);
    assert_int_equal(french->gap_longest_ms, 3001);
    assert_int_equal(report->channels[CHANNEL_ID_ES].gap_longest_ms, 11001);
    assert_int_equal(report->channels[CHANNEL_ID_EN].gap_ms, 0); // spoken
    uint32_t of_french = 0;
    for (uint32_t i = 0; i < report->gap_count; i++) {
        if (report->gaps[i].channel == CHANNEL_ID_FR) {
            of_french++;
            assert_int_equal(report->gaps[i].to - report->gaps[i].from, 3001);
            assert_int_equal(report->gaps[i].language, LANGUAGE_EN);
        }
    }
    assert_int_equal(of_french, 1);
    report_fold_destroy(fold);
}

static void exactly_three_seconds_are_no_gap(void **state)
{
    (void)state;
    const struct report *report = report_of(
        OPEN
        "f1 desk.microphone on; ch floor.give d1; +5000; f1 desk.microphone off; +3000; "
        "f1 desk.microphone on; +1000");
    assert_int_equal(report->channels[CHANNEL_ID_FR].gap_ms, 3000);
    assert_int_equal(report->channels[CHANNEL_ID_FR].gap_count, 0);
    report_fold_destroy(fold);
}

static void tells_the_hand(void **state)
{
    (void)state;
    const struct report *report = report_of(
        OPEN
        "ch floor.give d1; f1 desk.microphone on; r1 desk.listen fr; r1 desk.microphone on; "
        "+10000; r1 desk.listen floor; +4000");
    const struct report_channel *russian = &report->channels[CHANNEL_ID_RU];
    assert_int_equal(russian->depth_ms[2], 10000);
    assert_int_equal(russian->depth_ms[1], 4000);
    assert_int_equal(russian->segment_count, 2);
    assert_int_equal(russian->segments[0].depth, 2);
    assert_string_equal(report->persons[russian->segments[0].person].id, "r1");
    assert_int_equal(report->channels[CHANNEL_ID_FR].depth_ms[1], 14000);
    report_fold_destroy(fold);
}

static void counts_handovers(void **state)
{
    (void)state;
    const struct report *report = report_of(
        OPEN
        "f1 desk.microphone on; +1000; f2 handover.request; f1 handover.accept; +1000; "
        "f2 desk.microphone on; +100; f1 desk.microphone off; +1000; "
        "f1 handover.request; f2 handover.decline");
    assert_int_equal(report->handovers_by_result[HANDOVER_RESULT_DONE], 1);
    assert_int_equal(report->handovers_by_result[HANDOVER_RESULT_DECLINED], 1);
    assert_int_equal(person(report, "f1")->handovers_given, 1);
    assert_int_equal(person(report, "f2")->handovers_taken, 1);
    assert_int_equal(report->handover_count, 2);
    assert_string_equal(report->persons[report->handovers[0].from].id, "f1");
    assert_string_equal(report->persons[report->handovers[0].to].id, "f2");
    assert_int_equal(report->handovers[0].overlap_ms, 100);
    report_fold_destroy(fold);
}

static void tells_clashes(void **state)
{
    (void)state;
    const struct report *report = report_of(
        "te booth.set fr mixed none none none plain 0; " OPEN
        "f1 desk.microphone on; +1000; f2 desk.microphone on; +4000; f1 desk.microphone off; "
        "+1000");
    assert_int_equal(report->clash_count, 1);
    assert_int_equal(report->clashes[0].booth, LANGUAGE_FR);
    assert_int_equal(report->clashes[0].to - report->clashes[0].from, 4000);
    assert_int_equal(report->clash_ms, 4000);
    report_fold_destroy(fold);
}

static void a_full_list_says_so_and_sums_go_on(void **state)
{
    (void)state;
    struct script script;
    assert_int_equal(report_fold_create("m", &fold), ERR_NONE);
    script_seen = record;
    script_init(&script);
    script_run(&script, OPEN "ch floor.give d1; se floor.language en");
    for (int i = 0; i < REPORT_GAPS_MAX; i++) {
        script_run(&script, "+4000; f1 desk.microphone on; +1000; f1 desk.microphone off");
    }
    script_run(&script, "+4000; f1 desk.microphone on; +1000; ch floor.end d1");
    script_seen = NULL;
    report_fold_finish(fold, script.now);
    script_finish(&script);
    const struct report *report = report_fold_report(fold);
    assert_int_equal(report->channels[CHANNEL_ID_FR].gap_count, REPORT_GAPS_MAX + 1);
    assert_int_equal(report->channels[CHANNEL_ID_FR].gap_ms, 4000 * (REPORT_GAPS_MAX + 1));
    assert_int_equal(report->gap_count, REPORT_GAPS_MAX);
    assert_true(report->gaps_left_out > 0);
    report_fold_destroy(fold);
}

static void takes_quality_of_whom_it_knows(void **state)
{
    (void)state;
    struct script script;
    assert_int_equal(report_fold_create("m", &fold), ERR_NONE);
    script_seen = record;
    script_init(&script);
    script_seen = NULL;
    struct quality_minute minute = {.at = 60000};
    assert_true(quality_add_sample(&minute, &(struct quality_sample){30, 2, 5, 50}));
    report_fold_quality(fold, "d1", &minute);
    report_fold_quality(fold, "nobody", &minute);
    report_fold_finish(fold, script.now);
    script_finish(&script);
    const struct report *report = report_fold_report(fold);
    assert_int_equal(report->quality_count, 1);
    assert_int_equal(person(report, "d1")->quality.samples, 1);
    report_fold_destroy(fold);
}

static void refuses_a_journal_with_a_hole(void **state)
{
    (void)state;
    assert_int_equal(report_fold_create("m", &fold), ERR_NONE);
    struct event event = {.seq = 2, .at = 1, .type = EVENT_MEETING_CREATED};
    assert_int_equal(report_fold_event(fold, &event), ERR_MALFORMED);
    report_fold_destroy(fold);
    assert_int_equal(report_fold_create("an id that is much longer than ids are", &fold),
                     ERR_INVALID);
}

// ---- More people than there is room for

static struct meeting_state *crowded;

static void come(const char *id, enum capacity capacity, bool audience)
{
    struct event event = {.seq = crowded->seq + 1, .at = 1000, .type = EVENT_PARTICIPANT_ADDED};
    struct participant *participant = &event.as.participant_added.participant;
    snprintf(participant->id, sizeof(participant->id), "%s", id);
    snprintf(participant->name, sizeof(participant->name), "Person %s", id);
    participant->capacity = capacity;
    participant->audience = audience;
    record(&event);
    meeting_apply(crowded, &event);
}

static void go(const char *id)
{
    struct event event = {.seq = crowded->seq + 1, .at = 1000, .type = EVENT_PARTICIPANT_REMOVED};
    snprintf(event.as.participant_removed.participant, CONTRACT_ID_MAX + 1, "%s", id);
    record(&event);
    meeting_apply(crowded, &event);
}

// As many as `count` with ids "x0", "x1", … come, and go again when they do not stay.
static void crowd(char letter, uint32_t count, enum capacity capacity, bool audience, bool stay)
{
    for (uint32_t i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%c%u", letter, i);
        come(id, capacity, audience);
        if (!stay) {
            go(id);
        }
    }
}

static void speak(const char *id, int64_t spoken_ms)
{
    struct event event = {.seq = crowded->seq + 1, .at = 1000, .type = EVENT_MICROPHONE_OPENED};
    snprintf(event.as.microphone_opened.participant, CONTRACT_ID_MAX + 1, "%s", id);
    event.as.microphone_opened.position = 1;
    record(&event);
    meeting_apply(crowded, &event);
    event = (struct event){
        .seq = crowded->seq + 1, .at = 1000 + spoken_ms, .type = EVENT_MICROPHONE_CLOSED};
    snprintf(event.as.microphone_closed.participant, CONTRACT_ID_MAX + 1, "%s", id);
    event.as.microphone_closed.spoken_ms = spoken_ms;
    record(&event);
    meeting_apply(crowded, &event);
}

static void crowd_begin(void)
{
    crowded = calloc(1, sizeof(*crowded));
    assert_non_null(crowded);
    meeting_state_init(crowded, "m");
    assert_int_equal(report_fold_create("m", &fold), ERR_NONE);
    struct event event = {.seq = 1, .at = 1000, .type = EVENT_MEETING_CREATED};
    event.as.meeting_created.floor_microphones_max = 1;
    record(&event);
    meeting_apply(crowded, &event);
}

static const struct report *crowd_end(void)
{
    report_fold_finish(fold, 2000);
    free(crowded);
    return report_fold_report(fold);
}

static bool is_in(const struct report *report, const char *id)
{
    for (uint32_t i = 0; i < report->person_count; i++) {
        if (strcmp(report->persons[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void a_full_meeting_is_in_it_whole(void **state)
{
    (void)state;
    crowd_begin();
    crowd('l', 3 * REPORT_AUDIENCE_MAX, CAPACITY_LISTENER, true, false); // called for help
    crowd('o', MEETING_PLACES_MAX - 1, CAPACITY_OBSERVER, false, true);
    come("d1", CAPACITY_DELEGATE, false);
    speak("d1", 9000);
    const struct report *report = crowd_end();
    assert_int_equal(report->person_count, REPORT_AUDIENCE_MAX + MEETING_PLACES_MAX);
    assert_int_equal(report->persons_left_out, 2 * REPORT_AUDIENCE_MAX);
    assert_int_equal(person(report, "d1")->spoken_ms, 9000);
    report_fold_destroy(fold);
}

// A name is corrected, and who had it may be gone by the end.
static void is_named_as_last_corrected(void **state)
{
    (void)state;
    crowd_begin();
    come("stays", CAPACITY_DELEGATE, false);
    come("goes", CAPACITY_DELEGATE, false);
    static const char *const ids[] = {"stays", "goes"};
    for (size_t i = 0; i < 2; i++) {
        struct event event = {
            .seq = crowded->seq + 1, .at = 1000, .type = EVENT_PARTICIPANT_CHANGED};
        struct event_participant_changed *changed = &event.as.participant_changed;
        snprintf(changed->participant, sizeof(changed->participant), "%s", ids[i]);
        snprintf(changed->name, sizeof(changed->name), "Corrected %s", ids[i]);
        record(&event);
        meeting_apply(crowded, &event);
    }
    go("goes");
    const struct report *report = crowd_end();
    assert_int_equal(report->person_count, 2);
    assert_string_equal(report->persons[0].name, "Corrected stays");
    assert_string_equal(report->persons[1].name, "Corrected goes");
    report_fold_destroy(fold);
}

static void who_serves_or_speaks_comes_before_others(void **state)
{
    (void)state;
    crowd_begin();
    crowd('r', REPORT_ORDINARY_MAX + 7, CAPACITY_OBSERVER, false, false);
    come("d1", CAPACITY_DELEGATE, false);
    come("d2", CAPACITY_DELEGATE, false);
    come("c1", CAPACITY_CHAIR, false);
    come("t1", CAPACITY_TECHNICIAN, false);
    speak("d2", 4000);
    const struct report *report = crowd_end();
    assert_int_equal(report->person_count, REPORT_ORDINARY_MAX + 3);
    assert_int_equal(report->persons_left_out, 7 + 1); // d1 said nothing
    assert_false(is_in(report, "d1"));
    assert_true(is_in(report, "c1"));
    assert_true(is_in(report, "t1"));
    assert_int_equal(person(report, "d2")->spoken_ms, 4000);
    assert_int_equal(person(report, "d2")->interventions, 1);
    report_fold_destroy(fold);
}

static void beyond_all_room_they_are_counted(void **state)
{
    (void)state;
    struct quality_minute minute = {.at = 60000};
    assert_true(quality_add_sample(&minute, &(struct quality_sample){30, 2, 5, 50}));
    crowd_begin();
    crowd('s', REPORT_PERSONS_MAX, CAPACITY_SECRETARY, false, false);
    come("c1", CAPACITY_CHAIR, false);
    speak("c1", 4000);
    report_fold_quality(fold, "c1", &minute);
    const struct report *report = crowd_end();
    assert_int_equal(report->person_count, REPORT_PERSONS_MAX);
    assert_int_equal(report->persons_left_out, 1);
    assert_int_equal(report->quality_left_out, 1);
    report_fold_destroy(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_air_and_standby),
        cmocka_unit_test(standby_ends_with_the_sitting_and_with_rest),
        cmocka_unit_test(counts_who_spoke),
        cmocka_unit_test(a_gap_above_three_seconds_is_told),
        cmocka_unit_test(exactly_three_seconds_are_no_gap),
        cmocka_unit_test(tells_the_hand),
        cmocka_unit_test(counts_handovers),
        cmocka_unit_test(tells_clashes),
        cmocka_unit_test(a_full_list_says_so_and_sums_go_on),
        cmocka_unit_test(takes_quality_of_whom_it_knows),
        cmocka_unit_test(refuses_a_journal_with_a_hole),
        cmocka_unit_test(a_full_meeting_is_in_it_whole),
        cmocka_unit_test(is_named_as_last_corrected),
        cmocka_unit_test(who_serves_or_speaks_comes_before_others),
        cmocka_unit_test(beyond_all_room_they_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
