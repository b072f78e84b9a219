#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "contract/visibility.h"
#include "script.h"

static void says(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "f1 chat.send booth hello", ERR_NONE, "chat.said booth fr hello"},
        {"", "f1 chat.send booth hello ru", ERR_NONE, "chat.said booth fr hello"},
        {"", "f1 chat.send interpreters hello", ERR_NONE, "chat.said interpreters hello"},
        {"", "f1 chat.send technician hello", ERR_NONE, "chat.said technician fr hello"},
        {"", "te chat.send technician hello fr", ERR_NONE, "chat.said technician fr hello"},
        {"", "te chat.send technician hello", ERR_INVALID, "talk_needs_booth"},
        {"", "te chat.send technician hello zh", ERR_INVALID, "talk_needs_booth"},
        {"", "te chat.send moderator hello fr", ERR_FORBIDDEN, "not_in_chat"},
        {"", "mo chat.send moderator hello fr", ERR_NONE, "chat.said moderator fr hello"},
        {"", "mo chat.send interpreters hello", ERR_FORBIDDEN, "not_in_chat"},
        {"", "te chat.send booth hello fr", ERR_FORBIDDEN, "not_in_chat"},
        {"", "f1 chat.send booth", ERR_INVALID, "chat_needs_words"},
        {"", "d1 chat.send booth hello", ERR_FORBIDDEN, "capacity_forbids"},
        {"f1 room.leave", "f1 chat.send booth hello", ERR_CONFLICT, "not_in_room"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void keeps_the_latest(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct meeting *meeting = &script.state->meeting;
    script_run(&script, "f1 chat.send booth first");
    for (uint32_t i = 0; i < MEETING_CHAT_MAX; i++) {
        script_run(&script, "r1 chat.send interpreters again");
    }
    assert_int_equal(meeting->chat_count, MEETING_CHAT_MAX);
    assert_string_equal(meeting->chat[0].text, "again");
    assert_string_equal(meeting->chat[0].participant, "r1");
    script_finish(&script);
}

// Every room × capacity, in the booth's own language and in another.
static void only_members_read(void **state)
{
    (void)state;
    for (int room = 0; room < CHAT_ROOM_COUNT; room++) {
        for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
            bool interpreter = capacity == CAPACITY_INTERPRETER;
            bool staff = (room == CHAT_ROOM_TECHNICIAN && capacity == CAPACITY_TECHNICIAN) ||
                         (room == CHAT_ROOM_MODERATOR && capacity == CAPACITY_MODERATOR);
            bool all = room == CHAT_ROOM_INTERPRETERS;
            enum language booth = all ? LANGUAGE_NONE : LANGUAGE_FR;
            struct viewer viewer = {
                .capacity = (enum capacity)capacity, .participant = "p", .language = LANGUAGE_FR};
            assert_int_equal(chat_reads(&viewer, (enum chat_room)room, booth),
                             interpreter || staff);
            viewer.language = LANGUAGE_RU;
            assert_int_equal(chat_reads(&viewer, (enum chat_room)room, booth),
                             (interpreter && all) || staff);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says),
        cmocka_unit_test(keeps_the_latest),
        cmocka_unit_test(only_members_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
