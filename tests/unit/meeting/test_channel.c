#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

#define FLOOR "ch sitting.open; ch floor.give d1"

static void auto_floor(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"", "te channel.auto_floor fr off", ERR_NONE, "channel fr silent"},
        {FLOOR, "te channel.auto_floor fr off", ERR_NONE, "channel fr silent"},
        {FLOOR "; te channel.auto_floor fr off", "mo channel.auto_floor fr on", ERR_NONE,
         "channel fr floor d1"},
        {FLOOR "; te channel.auto_floor fr off", "mo channel.auto_floor fr off", ERR_NONE, ""},
        {FLOOR "; f1 desk.microphone on", "te channel.auto_floor fr off", ERR_NONE,
         "channel fr interpreted f1"},
        {"te channel.auto_floor fr off; ch sitting.open", "ch floor.give d1", ERR_NONE,
         "microphone.opened d1 1; channel floor+ar+zh+en floor d1; channel fr silent; "
         "channel ru+es floor d1"}, // fr is not served from now on
        {"", "te channel.auto_floor floor on", ERR_INVALID, "floor_has_no_auto_floor"},
        {"", "ch channel.auto_floor fr off", ERR_FORBIDDEN, "capacity_forbids"},
        {"", "f1 channel.auto_floor fr off", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void follows_the_floor_only_where_its_booth_is_silent(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR "; f1 desk.microphone on", "ch floor.give d2", ERR_NONE,
         "microphone.opened d2 2; channel floor+ar+zh+en+ru+es floor d2"},
        {FLOOR "; f1 desk.microphone on; ch floor.end d1", "f1 desk.microphone off", ERR_NONE,
         "desk.changed f1 fr off; channel fr silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

#define BY_HAND "te source.mute; " FLOOR "; te channel.force ru te"

// A desk of which nothing is heard holds its output, and gives way to what is heard.
static void gives_way_to_what_is_heard(void **state)
{
    (void)state;
#define MUTE "; f1 desk.microphone on; +5000; f1 source.silent no_sound 2000 0"
    static const struct script_case cases[] = {
        {FLOOR "; f1 desk.microphone on; +5000", "f1 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent f1 no_sound; channel fr floor d1"},
        {FLOOR "; f1 desk.microphone on; +5000", "f1 source.silent no_packets 2000 0", ERR_NONE,
         "microphone.silent f1 no_packets; channel fr floor d1"},
        {FLOOR MUTE, "f1 source.sounds", ERR_NONE,
         "microphone.silent f1 heard; channel fr interpreted f1"},
        {FLOOR MUTE, "f1 desk.microphone off", ERR_NONE, "desk.changed f1 fr off"},
        // Nothing else is heard: nobody speaks, or what is said there is not heard either.
        {"ch sitting.open" MUTE, "ch floor.give d1", ERR_NONE,
         "microphone.opened d1 1; channel floor+ar+zh+en+fr+ru+es floor d1"},
        {"ch sitting.open; f1 desk.microphone on; +5000", "f1 source.silent no_sound 2000 0",
         ERR_NONE, "microphone.silent f1 no_sound"},
        {FLOOR MUTE, "d1 source.silent no_sound 1000 15000", ERR_NONE,
         "microphone.silent d1 no_sound closes 15000; channel fr interpreted f1"},
        {FLOOR "; te channel.auto_floor fr off; f1 desk.microphone on; +5000",
         "f1 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent f1 no_sound; channel fr interpreted f1"},
        // A cough is meant.
        {FLOOR "; f1 desk.microphone on", "f1 desk.microphone cough", ERR_NONE,
         "desk.changed f1 fr cough"},
    };
#undef MUTE
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void forced(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {FLOOR "; f1 desk.microphone on", "te channel.force ru f1", ERR_NONE,
         "channel ru interpreted f1 forced"},
        {FLOOR, "te channel.force ru d1", ERR_NONE, "channel ru floor d1 forced"},
        {FLOOR "; f1 desk.microphone on", "te channel.force fr", ERR_NONE,
         "channel fr silent forced"},
        {FLOOR, "te channel.force ru te", ERR_NONE,
         "channel ru floor te forced unheard; channel ru floor te forced"},
        // Until a technician's own source is heard the channel waits for it, and so from when it is
        // not heard any more.
        {"te source.mute; " FLOOR, "te channel.force ru te", ERR_NONE,
         "channel ru floor te forced unheard"},
        {BY_HAND, "+100000", ERR_NONE, ""},
        {BY_HAND, "te source.heard", ERR_NONE, "channel ru floor te forced"},
        {BY_HAND, "te source.unheard", ERR_NONE, ""},
        {BY_HAND, "te source.silent no_packets 1000 0", ERR_NONE, ""},
        {BY_HAND "; te source.heard", "te source.silent no_packets 1000 0", ERR_NONE,
         "channel ru floor te forced unheard"},
        {BY_HAND "; te source.heard", "te source.heard", ERR_NONE, ""},
        {BY_HAND, "te channel.release ru", ERR_NONE, "channel ru floor d1"},
        {BY_HAND, "te channel.force ru d1", ERR_NONE, "channel ru floor d1 forced"},
        {BY_HAND, "te room.leave", ERR_NONE, "presence.changed te entrance; channel ru floor d1"},
        {FLOOR, "te channel.force ru d2", ERR_CONFLICT, "microphone_not_open"},
        {FLOOR, "te channel.force ru f1", ERR_CONFLICT, "microphone_not_open"},
        {FLOOR, "te channel.force ru nobody", ERR_NOT_FOUND, "no_such_participant"},
        {FLOOR, "te channel.force floor f1", ERR_INVALID, "floor_not_by_hand"},
        {FLOOR "; f1 desk.microphone on; te channel.force ru f1", "te channel.release ru", ERR_NONE,
         "channel ru floor d1"},
        {FLOOR "; f1 desk.microphone on; te channel.force ru f1", "f1 desk.microphone off",
         ERR_NONE, "desk.changed f1 fr off; channel fr+ru floor d1"},
        {FLOOR "; f1 desk.microphone on; te channel.force ru f1", "mo participant.remove f1",
         ERR_NONE,
         "desk.changed f1 fr off lost; handover.changed fr counting f1 f2; participant.removed f1; "
         "channel fr+ru floor d1"},
        {FLOOR "; f1 desk.microphone on; te channel.force ru f1", "r1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru on"},
        {FLOOR "; te channel.force ru te", "te room.leave", ERR_NONE,
         "presence.changed te entrance; channel ru floor d1"},
        {FLOOR "; te channel.force ru te", "te disconnect", ERR_NONE, ""},
        {FLOOR "; te channel.force ru te; te disconnect", "+3000", ERR_NONE,
         "presence.changed te lost; channel ru floor d1"},
        {FLOOR, "mo channel.force ru d1", ERR_FORBIDDEN, "capacity_forbids"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The record says why, as long as the route is forced.
static void reason_of_a_forced_route(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct channel *russian = &script.state->meeting.channels[CHANNEL_ID_RU];
    script_run(&script,
               "ch sitting.open; ch floor.give d1; te channel.force ru te line_to_the_hall");
    assert_true(russian->forced);
    assert_string_equal(russian->reason, "line_to_the_hall");
    script_run(&script, "te channel.force ru te another");
    assert_string_equal(russian->reason, "another");
    script_run(&script, "te channel.release ru");
    assert_false(russian->forced);
    assert_string_equal(russian->reason, "");
    script_finish(&script);
}

// The chair's light: since when a language is not served.
static void served(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct channel *channels = script.state->meeting.channels;
    script_run(&script, "ch sitting.open; ch floor.give d1");
    time_ms since = script.now;
    assert_int_equal(channels[CHANNEL_ID_FR].unserved_since, since);
    assert_int_equal(channels[CHANNEL_ID_ZH].unserved_since, 0); // no booth: not promised
    assert_int_equal(channels[CHANNEL_ID_FLOOR].unserved_since, 0);
    script_run(&script, "+5000; f1 desk.microphone on");
    assert_int_equal(channels[CHANNEL_ID_FR].unserved_since, 0);
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, since);
    script_run(&script, "mo floor.language ru"); // the original serves
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, 0);
    script_run(&script, "+1000; f1 desk.microphone cough; +1000; f1 desk.microphone off");
    assert_int_equal(channels[CHANNEL_ID_FR].unserved_since, script.now);
    script_run(&script, "ch floor.end d1");
    assert_int_equal(channels[CHANNEL_ID_FR].unserved_since, 0);
    script_finish(&script);
}

// By hand: what is spoken there decides, not that somebody is.
static void served_by_hand(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct channel *channels = script.state->meeting.channels;
    script_run(&script,
               "ch sitting.open; ch floor.give d1; f1 desk.microphone on; r1 "
               "desk.microphone on; +1000");
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, 0);
    script_run(&script, "te channel.force ru f1"); // French on the Russian channel
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, script.now);
    script_run(&script, "te channel.force ru r1");
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, 0);
    script_run(&script, "mo floor.language ru; te channel.force ru te"); // the technician's own
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, script.now);
    script_run(&script, "te channel.force ru d1"); // who speaks Russian on the floor
    assert_int_equal(channels[CHANNEL_ID_RU].unserved_since, 0);
    script_finish(&script);
}

static void delayed(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    const struct channel *channels = script.state->meeting.channels;
    script_run(&script, "te channel.delay fr 300; te channel.delay floor 1000");
    assert_int_equal(channels[CHANNEL_ID_FR].delay_ms, 300);
    assert_int_equal(channels[CHANNEL_ID_FLOOR].delay_ms, 1000);
    script_run(&script, "f1 desk.microphone on; te channel.delay floor 0");
    assert_int_equal(channels[CHANNEL_ID_FR].delay_ms, 300);
    assert_int_equal(channels[CHANNEL_ID_FLOOR].delay_ms, 0);
    script_finish(&script);
}

static void begins_silent_with_auto_floor(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        const struct channel *channel = &script.state->meeting.channels[i];
        assert_int_equal(channel->id, i);
        assert_int_equal(channel->state, CHANNEL_STATE_SILENT);
        assert_int_equal(channel->auto_floor, i != CHANNEL_ID_FLOOR);
    }
    script_finish(&script);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_floor),
        cmocka_unit_test(follows_the_floor_only_where_its_booth_is_silent),
        cmocka_unit_test(begins_silent_with_auto_floor),
        cmocka_unit_test(gives_way_to_what_is_heard),
        cmocka_unit_test(forced),
        cmocka_unit_test(served),
        cmocka_unit_test(served_by_hand),
        cmocka_unit_test(reason_of_a_forced_route),
        cmocka_unit_test(delayed),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
