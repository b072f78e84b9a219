#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

// Every command × capacity × presence × state of the sitting, and with and
// without the floor: who is refused follows the permission matrix and the rules
// below, and a refusal never has events.
struct rule {
    const char *step; // without the caller
    bool needs_room;
    bool needs_open_sitting;
    bool narrower; // not everyone whom the matrix permits, always
};

static const struct rule rules[] = {
    {"camera.set on", true, false},
    {"screen.set on", true, false},
    {"desk.microphone on", true, false},
    {"floor.request", true, false},
    {"floor.take", true, true},
    {"floor.give d2", false, true},
    {"floor.end d3", false, true},
    {"floor.end_all", false, false},
    {"sitting.suspend", false, true},
    {"sitting.open", false, false},
    {"sitting.close", false, false},
    {"item.start i1", false, false},
    {"list.open", false, false},
    {"list.close", false, false},
    {"request.add d2", false, false},
    {"request.move 1 1", false, false},
    {"request.remove 1", false, false},
    {"floor.withdraw", false, false},
    {"floor.yield", false, false},
    {"channel.auto_floor fr off", false, false},
    {"feed.put stage fr", false, false},
    {"feed.end stage", false, false},
    {"help.ask", false, false},
    {"help.cancel", false, false},
    {"help.handle d1 none", false, false},
    {"participant.remove d2", false, false},
    {"room.enter", false, false},
    {"room.leave", false, false},
    {"booth.set fr override none none none plain 30 rota", false, false, true},
    {"team.lead f2", false, false, true},
    {"desk.assign f2 ru 1", false, false, true},
    {"desk.output a", true, false},
    {"desk.listen ru", false, false},
    {"desk.preselect 1 ru", false, false},
    {"desk.rest on", true, false},
    {"interlock.set a_overrides_a no_override", false, false},
    {"handover.request", true, false},
    {"handover.offer f2", true, false},
    {"handover.accept", true, false},
    {"handover.decline", true, false},
    {"floor.language fr", false, false},
    {"signal.send slow_down", true, false},
    {"interpretation.suspend fr later", true, false, true},
    {"interpretation.resume fr", true, false, true},
    {"chat.send technician hello fr", true, false, true},
    {"channel.force fr te", false, false},
    {"channel.release fr", false, false},
    {"channel.delay fr 300", false, false},
    {"talk.set partners", true, false},
    {"document.release x", false, false},
    {"document.remove x", false, false},
};

static const char *const sittings[] = {"", "; ch sitting.open; ch floor.give d3",
                                       "; ch sitting.open; ch sitting.suspend"};

static void bring_to(struct script *script, const char *who, enum presence presence)
{
    static const char *const ways[PRESENCE_COUNT] = {"%s disconnect; +60000", "%s room.leave", "",
                                                     "%s disconnect; +3000"};
    char steps[64];
    snprintf(steps, sizeof steps, ways[presence], who);
    script_run(script, steps);
    assert_int_equal(meeting_find_participant(script->state, who)->presence, presence);
}

// The first of the capacity; who is not in the script comes now.
static const char *caller_of(struct script *script, enum capacity capacity)
{
    const struct meeting *meeting = &script->state->meeting;
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (meeting->participants[i].capacity == capacity) {
            return meeting->participants[i].id;
        }
    }
    char steps[96];
    script_add(script, capacity_text(capacity), capacity, LANGUAGE_NONE);
    snprintf(steps, sizeof steps, "%s connect; %s room.enter", capacity_text(capacity),
             capacity_text(capacity));
    script_run(script, steps);
    return capacity_text(capacity);
}

static void check_one(const struct rule *rule, enum capacity capacity, enum presence presence,
                      size_t sitting)
{
    struct script script;
    script_init(&script);
    char steps[128];
    snprintf(steps, sizeof steps, "x feed.begin stage; d3 floor.request%s", sittings[sitting]);
    script_run(&script, steps);
    char caller[CONTRACT_ID_MAX + 1];
    snprintf(caller, sizeof caller, "%s", caller_of(&script, capacity));
    bring_to(&script, caller, presence);
    snprintf(steps, sizeof steps, "%s source.mute; d2 source.mute",
             caller); // the command's events alone
    script_run(&script, steps);
    snprintf(steps, sizeof steps, "%s %s", caller, rule->step);
    uint64_t before = script.state->seq;
    script_step(&script, steps);
    struct command command = script_command(steps);
    enum permission_grant grant = permission_grant(command.type, capacity);
    bool open = script.state->meeting.sitting == SITTING_STATE_OPEN || sitting == 1;
    if (grant == PERMISSION_NONE) {
        assert_int_equal(script.err, ERR_FORBIDDEN);
    } else if ((rule->needs_room && presence != PRESENCE_PRESENT) ||
               (rule->needs_open_sitting && !open)) {
        assert_int_equal(script.err, ERR_CONFLICT);
    } else if (!rule->narrower) {
        assert_int_not_equal(script.err, ERR_FORBIDDEN);
    }
    assert_true(script.err == ERR_NONE || script.state->seq == before);
    for (uint32_t i = 0; i < script.events->count; i++) {
        const struct event *event = &script.events->events[i];
        // A signal is in no name.
        assert_string_equal(event->by, event->type == EVENT_SIGNAL_RAISED ? "" : caller);
        assert_int_equal(event->on_behalf_of_chair, grant == PERMISSION_ON_BEHALF_OF_CHAIR);
        assert_int_equal(event->seq, before + 1 + i);
    }
    script_finish(&script);
}

static void check_rule(const struct rule *rule)
{
    for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
        for (int presence = 0; presence < PRESENCE_COUNT; presence++) {
            for (size_t sitting = 0; sitting < 3; sitting++) {
                check_one(rule, (enum capacity)capacity, (enum presence)presence, sitting);
            }
        }
    }
}

static void the_whole_matrix(void **state)
{
    (void)state;
    bool seen[COMMAND_COUNT] = {false};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char words[64];
        snprintf(words, sizeof words, "ch %s", rules[i].step);
        enum command_type type = script_command(words).type;
        assert_true(command_is_meeting(type));
        seen[type] = true;
        check_rule(&rules[i]);
    }
    // A command without a line asks for the capacity alone.
    for (int type = 0; type < COMMAND_COUNT; type++) {
        if (!seen[type] && command_is_meeting((enum command_type)type)) {
            check_rule(&(struct rule){.step = command_name((enum command_type)type)});
        }
    }
}

static void the_server_itself(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct meeting_caller server = {.grant = PERMISSION_OWN};
    static const char *const own[] = {"x floor.request", "x floor.withdraw",    "x floor.yield",
                                      "x floor.take",    "x camera.set on",     "x screen.set on",
                                      "x room.enter",    "x room.leave",        "x help.ask",
                                      "x help.cancel",   "x desk.microphone on"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        struct command command = script_command(own[i]);
        assert_int_equal(meeting_decide(script.state, &command, &server, script.now, script.events,
                                        &script.refusal),
                         ERR_FORBIDDEN);
        assert_int_equal(script.refusal.reason, REFUSAL_PARTICIPANTS_ALONE);
    }
    struct command open = script_command("x sitting.open");
    assert_int_equal(
        meeting_decide(script.state, &open, &server, script.now, script.events, &script.refusal),
        ERR_NONE);
    assert_int_equal(script.events->count, 1);
    assert_string_equal(script.events->events[0].by, "");
    script_finish(&script);
}

static void a_stranger_with_a_grant(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    struct meeting_caller stranger = {.participant = "gone", .grant = PERMISSION_OWN};
    struct command command = script_command("x sitting.open");
    assert_int_equal(meeting_decide(script.state, &command, &stranger, script.now, script.events,
                                    &script.refusal),
                     ERR_FORBIDDEN);
    assert_int_equal(script.refusal.reason, REFUSAL_NOT_A_PARTICIPANT);
    script_finish(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_matrix),
        cmocka_unit_test(the_server_itself),
        cmocka_unit_test(a_stranger_with_a_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
