#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contract/visibility.h"
#include "meeting/document.h"
#include "script.h"

static void who_adds_what(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "d1 hand_in x speech i1 - embargoed", ERR_NONE, "document.added x d1 embargoed"},
        {"", "d1 hand_in x speech - d1 open", ERR_NONE, "document.added x d1"},
        {"", "d1 hand_in x speech - d2 open", ERR_FORBIDDEN, "own_speech_alone"},
        {"", "d1 hand_in x document i1", ERR_FORBIDDEN, "own_speech_alone"},
        {"", "ch hand_in x document i1", ERR_NONE, "document.added x"},
        {"", "ch hand_in x speech - - embargoed", ERR_NONE, "document.added x ch embargoed"},
        {"", "ch hand_in x speech - d1", ERR_FORBIDDEN, "own_speech_alone"},
        {"", "mo hand_in x speech i1 d2 embargoed", ERR_NONE, "document.added x d2 embargoed"},
        {"", "mo hand_in x speech i1", ERR_INVALID, "does_not_speak"},
        {"", "se hand_in x document i2", ERR_NONE, "document.added x"},
        {"", "se hand_in x document i2 - embargoed", ERR_INVALID, "embargo_for_speeches"},
        {"", "mo hand_in x document i2 d1", ERR_INVALID, "embargo_for_speeches"},
        {"", "mo hand_in x speech i1 f1", ERR_INVALID, "does_not_speak"},
        {"", "mo hand_in x speech i1 nobody", ERR_NOT_FOUND, "no_such_participant"},
        {"", "f1 hand_in x document i1", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "te hand_in x document i1", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "li hand_in x speech -", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "d1 hand_in x speech i9", ERR_NOT_FOUND, "no_such_item"},
        {"", "d1 hand_in x speech - - open untitled", ERR_INVALID, "document_needs_title"},
        {"d1 hand_in x speech -", "d1 hand_in x speech -", ERR_CONFLICT, "contents_used"},
        {"d1 hand_in x speech - - embargoed", "d1 hand_in y speech - - embargoed x", ERR_NONE,
         "document.added y d1 embargoed"},
        {"d1 hand_in x speech -", "d2 hand_in y speech - - open x", ERR_FORBIDDEN,
         "document_not_yours"},
        {"d1 hand_in x speech - - embargoed", "d2 hand_in y speech - - open x", ERR_NOT_FOUND,
         "no_such_document"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void who_releases_and_removes(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"d1 hand_in x speech - - embargoed", "d1 document.release x", ERR_NONE,
         "document.released x d1"},
        {"d1 hand_in x speech - - embargoed", "mo document.release x", ERR_NONE,
         "document.released x d1"},
        {"d1 hand_in x speech - - embargoed", "d2 document.release x", ERR_NOT_FOUND,
         "no_such_document"},
        {"d1 hand_in x speech - - embargoed", "f1 document.release x", ERR_FORBIDDEN,
         "capacity_forbids"},
        {"d1 hand_in x speech -", "d1 document.release x", ERR_NONE, ""},
        {"d1 hand_in x speech -", "d2 document.remove x", ERR_FORBIDDEN, "document_not_yours"},
        {"d1 hand_in x speech - - embargoed", "ch document.remove x", ERR_NOT_FOUND,
         "no_such_document"},
        {"mo hand_in x speech - d1 embargoed", "d1 document.remove x", ERR_NONE,
         "document.removed x d1 embargoed"},
        {"d1 hand_in x speech -", "se document.remove x", ERR_NONE, "document.removed x d1"},
        {"", "mo document.remove x", ERR_NOT_FOUND, "no_such_document"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

#define HANDED_IN "d1 hand_in x speech i1 - embargoed; ch sitting.open"

static void what_was_delivered_is_released(void **state)
{
    (void)state;
    static const struct {
        const char *steps;
        bool embargoed;
    } cases[] = {
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +10000; d1 floor.yield", false},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +9999; d1 floor.yield", true},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +60000", true},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +60000; ch floor.end d1", false},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +60000; ch sitting.close", false},
        // Time in which nobody was heard is no speech: never, first not, not any more.
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +2000; d1 source.silent no_packets 2000 "
                   "15000; +20000",
         true},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +8000; d1 source.silent no_sound 8000 0; "
                   "+1000; d1 source.sounds; +9999; d1 floor.yield",
         true},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +8000; d1 source.silent no_sound 8000 0; "
                   "+1000; d1 source.sounds; +10000; d1 floor.yield",
         false},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +9000; +2000; d1 source.silent "
                   "no_packets 2000 0; +60000; d1 floor.yield",
         true},
        {HANDED_IN "; ch item.start i1; ch floor.give d1; +10000; +2000; d1 source.silent "
                   "no_packets 2000 0; +60000; d1 floor.yield",
         false},
        // Spoken to another item.
        {HANDED_IN "; ch item.start i2; ch floor.give d1; +60000; d1 floor.yield", true},
        // No item is being discussed.
        {HANDED_IN "; ch floor.give d1; +60000; d1 floor.yield", false},
        {HANDED_IN "; ch item.start i1; ch floor.give d2; +60000; d2 floor.yield", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct script script;
        script_init(&script);
        script_run(&script, cases[i].steps);
        const struct document *document = meeting_find_document(script.state, "x");
        assert_non_null(document);
        if (document->embargoed != cases[i].embargoed) {
            fail_msg("%s", cases[i].steps);
        }
        assert_int_equal(document->released_at != 0, !cases[i].embargoed);
        script_finish(&script);
    }
}

static void who_reads(void **state)
{
    (void)state;
    const struct document embargoed = {
        .embargoed = true, .participant = "d1", .added_by = "d1", .kind = DOCUMENT_KIND_SPEECH};
    struct document open = embargoed;
    open.embargoed = false;
    for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
        bool needs = capacity == CAPACITY_INTERPRETER || capacity == CAPACITY_CAPTIONER ||
                     capacity == CAPACITY_MODERATOR || capacity == CAPACITY_SECRETARY;
        const struct viewer other = {.capacity = (enum capacity)capacity, .participant = "p"};
        const struct viewer speaker = {.capacity = (enum capacity)capacity, .participant = "d1"};
        const struct viewer nobody = {.capacity = (enum capacity)capacity, .participant = ""};
        assert_int_equal(document_told(&embargoed, &other), needs);
        assert_true(document_told(&embargoed, &speaker));
        assert_int_equal(document_told(&embargoed, &nobody), needs);
        assert_true(document_told(&open, &other));
    }
}

static void there_is_an_end(void **state)
{
    (void)state;
    struct script script;
    char step[64];
    script_init(&script);
    for (int i = 0; i < DOCUMENT_SPEECHES_MAX; i++) {
        snprintf(step, sizeof step, "d1 hand_in s%d speech -", i);
        script_run(&script, step);
    }
    script_step(&script, "d1 hand_in more speech -");
    assert_int_equal(script.err, ERR_FULL);
    // One that replaces another is not one more of the speaker's, and both stand until the other's
    // contents are destroyed.
    script_run(&script, "d1 hand_in more speech - - open s2");
    for (int i = DOCUMENT_SPEECHES_MAX + 1; i < MEETING_DOCUMENTS_MAX; i++) {
        snprintf(step, sizeof step, "mo hand_in p%d document i1", i);
        script_run(&script, step);
    }
    script_step(&script, "mo hand_in last document i1");
    assert_int_equal(script.err, ERR_FULL);
    script_step(&script, "mo hand_in last document i1 - open p9"); // no place for both
    assert_int_equal(script.err, ERR_FULL);
    script_run(&script, "mo document.remove p9; mo hand_in last document i1");
    assert_int_equal(script.state->meeting.documents_count, MEETING_DOCUMENTS_MAX);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_adds_what),
        cmocka_unit_test(who_releases_and_removes),
        cmocka_unit_test(what_was_delivered_is_released),
        cmocka_unit_test(who_reads),
        cmocka_unit_test(there_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
