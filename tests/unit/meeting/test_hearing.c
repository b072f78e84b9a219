// A microphone takes nothing from anybody before it is heard, and a press that nothing comes of is
// undone. An open microphone that falls silent keeps its place; on the floor it gives way to the
// other one, and is closed when its time is over.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

// s1 is on the air, s2 presses and nothing is heard of it.
#define ON_AIR "ch sitting.open; s1 desk.microphone on"
#define MUTE   "s2 source.mute; s3 source.mute; "
#define OPENS  MUTE ON_AIR "; s2 desk.microphone on"

static void a_press_takes_nothing(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {MUTE ON_AIR, "s2 desk.microphone on", ERR_NONE, "desk.opening s2 es"},
        {MUTE "ch sitting.open; ch floor.give d1", "s2 desk.microphone on", ERR_NONE,
         "desk.opening s2 es"},
        {OPENS, "+100000", ERR_NONE, ""}, // time alone says nothing of what is heard
        {OPENS, "s2 source.heard", ERR_NONE,
         "desk.changed s1 es off by s2; desk.changed s2 es on; channel es interpreted s2"},
        {OPENS, "s2 source.unheard", ERR_NONE, "desk.opening s2 es undone"},
        {OPENS, "s1 source.heard", ERR_NONE, ""},
        {OPENS, "s1 source.unheard", ERR_NONE, ""},
        {OPENS, "d1 source.unheard", ERR_NONE, ""},
        {OPENS "; s2 source.unheard", "s2 source.heard", ERR_NONE, ""},
        {OPENS "; s2 source.unheard", "s2 desk.microphone on", ERR_NONE, "desk.opening s2 es"},
        // The key again.
        {OPENS, "s2 desk.microphone on", ERR_NONE, ""},
        {OPENS, "s2 desk.microphone off", ERR_NONE, "desk.opening s2 es off"},
        {OPENS, "s2 desk.microphone cough", ERR_CONFLICT, "microphone_not_heard"},
        // Whatever else ends it.
        {OPENS, "s2 room.leave", ERR_NONE, "desk.opening s2 es off; presence.changed s2 entrance"},
        {OPENS, "s2 source.ended", ERR_NONE, "desk.opening s2 es off"},
        {OPENS, "s2 desk.rest on", ERR_NONE, "desk.chosen s2 rests; desk.opening s2 es off"},
        {OPENS, "mo participant.remove s2", ERR_NONE,
         "desk.opening s2 es off; participant.removed s2"},
        {OPENS, "te desk.assign s2 fr 1", ERR_NONE,
         "desk.opening s2 es off; desk.assigned s2 fr 1"},
        {OPENS, "ch sitting.suspend", ERR_NONE,
         "desk.opening s2 es off; desk.changed s1 es off; sitting.changed suspended 1; channel es "
         "silent"},
        {OPENS, "s1 interpretation.suspend es please", ERR_NONE,
         "desk.opening s2 es off; desk.changed s1 es off; interpretation.changed es suspended "
         "please; channel es silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Two open at once: who is heard first is on the air, who is heard last stays.
static void two_presses(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OPENS, "s3 desk.microphone on", ERR_NONE, "desk.opening s3 es"},
        {OPENS "; s3 desk.microphone on", "s2 source.heard", ERR_NONE,
         "desk.changed s1 es off by s2; desk.changed s2 es on; channel es interpreted s2"},
        {OPENS "; s3 desk.microphone on; s2 source.heard", "s3 source.heard", ERR_NONE,
         "desk.changed s2 es off by s3; desk.changed s3 es on; channel es interpreted s3"},
        {OPENS "; s3 desk.microphone on; s2 source.heard", "s3 source.unheard", ERR_NONE,
         "desk.opening s3 es undone"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// What was judged at the press is judged again when it is heard.
#define B_OF_FRENCH "te booth.set fr override en none none plain 0; f1 desk.output b en"

static void another_booth(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"f1 source.mute; " B_OF_FRENCH, "f1 desk.microphone on", ERR_NONE,
         "desk.opening f1 fr b en"},
        {"f1 source.mute; " B_OF_FRENCH "; f1 desk.microphone on", "f1 source.heard", ERR_NONE,
         "desk.changed f1 fr on b en; channel en interpreted f1"},
        // A choice of output moves what opens.
        {"f1 source.mute; " B_OF_FRENCH "; f1 desk.microphone on", "f1 desk.output a", ERR_NONE,
         "desk.opening f1 fr; desk.chosen f1 en"},
        // The booth may no longer work into it.
        {"f1 source.mute; " B_OF_FRENCH "; f1 desk.microphone on; te booth.set fr override none "
         "none none plain 0",
         "f1 source.heard", ERR_NONE, "desk.opening f1 fr off"},
        // Another booth has taken it meanwhile.
        {"f1 source.mute; " B_OF_FRENCH "; te interlock.set no_override no_override; f1 "
         "desk.microphone on; te booth.set es override en none none plain 0; s1 desk.output b en; "
         "s1 desk.microphone on",
         "f1 source.heard", ERR_NONE, "desk.changed f1 fr off for es"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// s1 is on the air in English by B, and nothing is heard of it when it is turned; f1 feeds Spanish.
#define ALONE                                                                                      \
    "s1 source.mute; te interlock.set a_overrides_bc no_override; te booth.set fr override es es " \
    "none plain 0; te booth.set es override en+ru en none plain 0; s1 desk.output b; "             \
    "s1 desk.microphone on; s1 source.heard"
#define AWAY   ALONE "; f1 desk.output b; f1 desk.microphone on"
#define TURNED AWAY "; s1 desk.output a"
#define COUGHS AWAY "; s1 desk.microphone cough; s1 desk.output a"

// A turn on the air takes nothing from anybody either, and the old output is kept until then.
static void a_turned_output(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {AWAY, "s1 desk.output a", ERR_NONE, "desk.opening s1 es"},
        {TURNED, "+100000", ERR_NONE, ""},
        {TURNED, "s1 source.heard", ERR_NONE,
         "desk.changed f1 fr off for es; desk.changed s1 es on; channel en silent; channel es "
         "interpreted s1"},
        {TURNED, "s1 source.unheard", ERR_NONE, "desk.opening s1 es undone"},
        {TURNED "; s1 source.unheard", "s1 source.heard", ERR_NONE, ""},
        {TURNED "; s1 source.unheard", "s1 desk.output a", ERR_NONE, "desk.opening s1 es"},
        // Taken back, closed, and closed by others.
        {TURNED, "s1 desk.output a", ERR_NONE, ""},
        {TURNED, "s1 desk.output b", ERR_NONE, "desk.opening s1 es off"},
        {TURNED, "s1 desk.output b ru", ERR_NONE, "desk.opening s1 es b ru"},
        {TURNED, "s1 desk.microphone off", ERR_NONE,
         "desk.opening s1 es off; desk.changed s1 es off; channel en silent"},
        {TURNED, "s1 page.left 0", ERR_NONE,
         "desk.opening s1 es off; desk.changed s1 es off lost; handover.changed es counting s1 s2; "
         "channel en silent"},
        {TURNED, "s2 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr off for es; desk.changed s1 es off by s2; desk.changed s2 es on; "
         "channel en silent; channel es interpreted s2"},
        {TURNED, "s1 desk.rest on", ERR_CONFLICT, "microphone_open"},
        // What is handed over is what is fed.
        {ALONE "; s2 handover.request; s1 handover.accept; s1 desk.output a",
         "s2 desk.microphone on", ERR_NONE,
         "desk.opening s1 es off; handover.changed es switching s1 s2; desk.changed s2 es on b en; "
         "channel en interpreted s2"},
        // The language of an output is chosen when it is fed.
        {AWAY, "s1 desk.output b ru", ERR_NONE, "desk.opening s1 es b ru"},
        {AWAY "; s1 desk.output b ru", "s1 source.heard", ERR_NONE,
         "desk.changed s1 es on b ru; desk.chosen s1 b ru; channel en silent; channel ru "
         "interpreted s1"},
        {AWAY "; s1 desk.output b ru; s1 source.unheard", "s1 desk.output b", ERR_NONE, ""},
        {AWAY "; s1 desk.output b ru; te booth.set es override en en none plain 0",
         "s1 source.heard", ERR_NONE, "desk.opening s1 es off"},
        // What may not be taken is refused at the press; and kept when it was taken meanwhile.
        {AWAY "; r1 desk.microphone on", "s1 desk.output b ru", ERR_CONFLICT, "output_held"},
        {AWAY "; s1 desk.output b ru; r1 desk.microphone on", "s1 source.heard", ERR_NONE,
         "desk.opening s1 es off"},
        // A cough: it waits for its end.
        {AWAY "; s1 desk.microphone cough", "s1 desk.output a", ERR_NONE, "desk.opening s1 es"},
        {COUGHS, "s1 source.heard", ERR_NONE, ""},
        {COUGHS, "s1 source.unheard", ERR_NONE, ""},
        {COUGHS, "s1 desk.microphone on", ERR_NONE,
         "desk.changed s1 es on b en; desk.opening s1 es"},
        {COUGHS "; s1 desk.microphone on", "s1 source.heard", ERR_NONE,
         "desk.changed f1 fr off for es; desk.changed s1 es on; channel en silent; channel es "
         "interpreted s1"},
        {TURNED, "s1 desk.microphone cough", ERR_NONE,
         "desk.changed s1 es cough b en; desk.opening s1 es"},
        // That it is silent was told, and stays told.
        {TURNED, "s1 source.silent no_sound 2000 0", ERR_NONE, "microphone.silent s1 no_sound"},
        {AWAY "; s1 source.silent no_sound 2000 0; s1 desk.output a", "s1 source.unheard", ERR_NONE,
         "desk.opening s1 es undone"},
        {AWAY "; s1 source.silent no_sound 2000 0; s1 desk.output a; s1 source.unheard",
         "s1 source.silent no_sound 9000 0", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

#define ARMED MUTE ON_AIR "; s2 handover.request; s1 handover.accept"
#define TIMED MUTE ON_AIR "; s2 handover.request 5000; s1 handover.accept"
#define COUNT MUTE ON_AIR "; s1 source.lost 1000"

#define OVER COUNT "; +1000"

#define REMOVED MUTE ON_AIR "; mo participant.remove s1"

static void handovers(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        // The 300 ms in which both are open begin when the new one is heard.
        {ARMED, "s2 desk.microphone on", ERR_NONE, "desk.opening s2 es"},
        {ARMED "; s2 desk.microphone on; +700", "s2 source.heard", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on; channel es interpreted s2"},
        {ARMED "; s2 desk.microphone on; +700; s2 source.heard", "+299", ERR_NONE, ""},
        {ARMED "; s2 desk.microphone on; +700; s2 source.heard", "+300", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none cut"},
        {ARMED "; s2 desk.microphone on", "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es undone; handover.changed es none void"},
        {ARMED "; s2 desk.microphone on", "s1 handover.decline", ERR_NONE,
         "desk.opening s2 es off; handover.changed es none withdrawn"},
        {ARMED "; s2 desk.microphone on", "s2 desk.microphone off", ERR_NONE,
         "desk.opening s2 es off; handover.changed es none void"},
        // The partner has gone: what opens is heard, or nobody is.
        {ARMED, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; desk.opening s2 es; handover.changed es none done; channel es "
         "silent"},
        {ARMED "; s1 desk.microphone off", "s2 source.heard", ERR_NONE,
         "desk.changed s2 es on; channel es interpreted s2"},
        {ARMED "; s1 desk.microphone off", "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es undone"},
        // The moment: the old one stays until the new one is heard.
        {TIMED, "+5000", ERR_NONE, "handover.changed es armed s1 s2; desk.opening s2 es"},
        {TIMED "; +5000", "+100000", ERR_NONE, ""},
        {TIMED "; +5000", "s2 source.heard", ERR_NONE,
         "desk.changed s1 es off; desk.changed s2 es on; handover.changed es none done; channel es "
         "interpreted s2"},
        {TIMED "; +5000", "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es undone; handover.changed es none void"},
        {TIMED "; +5000", "s1 handover.decline", ERR_NONE,
         "desk.opening s2 es off; handover.changed es none withdrawn"},
        {TIMED "; +4900; s2 desk.microphone on", "+100", ERR_NONE,
         "handover.changed es armed s1 s2"},
        {TIMED "; +4900; s2 desk.microphone on", "s2 source.heard", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on; channel es interpreted s2"},
        // The countdown.
        {COUNT, "s2 desk.microphone on", ERR_NONE, "desk.opening s2 es"},
        {COUNT "; s2 desk.microphone on", "s2 source.heard", ERR_NONE,
         "desk.changed s1 es off lost; desk.changed s2 es on; handover.changed es none forced; "
         "channel es interpreted s2"},
        {COUNT "; s2 desk.microphone on", "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es undone; handover.changed es counting s1 s3"},
        {COUNT "; s2 desk.microphone on", "+1000", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; channel es silent"},
        {COUNT, "+1000", ERR_NONE,
         "desk.changed s1 es off lost; desk.opening s2 es; handover.changed es counting s1 s2; "
         "channel es silent"},
        // It is over: the next one opens for whoever is not heard, and at last nobody does.
        {OVER, "s2 source.heard", ERR_NONE,
         "desk.changed s2 es on; handover.changed es none forced; channel es interpreted s2"},
        {OVER, "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {OVER "; s2 source.unheard", "s3 source.heard", ERR_NONE,
         "desk.changed s3 es on; handover.changed es none forced; channel es interpreted s3"},
        {OVER "; s2 source.unheard", "s3 source.unheard", ERR_NONE,
         "desk.opening s3 es off; handover.changed es none void"},
        {OVER, "+100000", ERR_NONE, ""},
        {OVER, "s2 page.left 0", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {OVER, "s2 handover.decline", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {OVER, "s2 desk.microphone off", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {OVER, "s3 handover.request", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {OVER, "s2 handover.accept", ERR_NONE, ""},
        {OVER, "s1 desk.microphone on", ERR_NONE,
         "desk.opening s2 es off; handover.changed es none void; desk.changed s1 es on; channel es "
         "interpreted s1"},
        {OVER "; s3 desk.microphone on", "s3 source.heard", ERR_NONE,
         "desk.opening s2 es off; handover.changed es none void; desk.changed s3 es on; channel es "
         "interpreted s3"},
        {OVER, "mo participant.remove s1", ERR_NONE, "participant.removed s1"},
        // Of those who are left each is tried once.
        {REMOVED, "+2000", ERR_NONE, "desk.opening s2 es; handover.changed es counting s1 s2"},
        {REMOVED "; +2000", "s2 source.unheard", ERR_NONE,
         "desk.opening s2 es off; handover.changed es counting s1 s3; desk.opening s3 es; "
         "handover.changed es counting s1 s3"},
        {REMOVED "; +2000; s2 source.unheard", "s3 source.unheard", ERR_NONE,
         "desk.opening s3 es off; handover.changed es none void"},
        {OVER "; s2 source.unheard; mo participant.remove s1", "s3 source.unheard", ERR_NONE,
         "desk.opening s3 es off; handover.changed es none void"},
        {COUNT "; s2 desk.microphone on; s1 source.back", "s2 source.heard", ERR_NONE,
         "desk.changed s1 es off by s2; desk.changed s2 es on; channel es interpreted s2"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A language stays unserved from when nobody was heard, whatever was pressed meanwhile.
static void unserved_since(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, "f1 source.mute; ch sitting.open; ch floor.give d1");
    time_ms since = script.state->meeting.channels[CHANNEL_ID_FR].unserved_since;
    assert_int_equal(since, script.now);
    script_run(&script, "+5000; f1 desk.microphone on; +1000; f1 source.unheard; +1000");
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].unserved_since, since);
    const struct desk *desk = &script.state->meeting.booths[0].desks[0];
    assert_string_equal(desk->participant, "f1");
    assert_int_equal(desk->undone_at, script.now - 1000);
    assert_int_equal(desk->opened_at, 0);
    script_run(&script, "f1 desk.microphone on");
    assert_int_equal(desk->undone_at, 0);
    script_run(&script, "+400; f1 source.heard");
    assert_int_equal(desk->opened_at, script.now); // the turn begins when it is heard
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].unserved_since, 0);
    // Who is on the air and muted interprets for nobody: the floor is carried meanwhile.
    script_run(&script, "+5000; f1 source.silent no_sound 2000 0");
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].state, CHANNEL_STATE_FLOOR);
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].unserved_since, script.now);
    script_run(&script, "+3000; f1 source.sounds");
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].state,
                     CHANNEL_STATE_INTERPRETED);
    assert_int_equal(script.state->meeting.channels[CHANNEL_ID_FR].unserved_since, 0);
    script_finish(&script);
}

#define FLOOR "ch sitting.open; ch floor.give d3; ch floor.give d2"

static void on_the_floor(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        // The newer delivers nothing: the older is carried, and is the language that is spoken.
        {FLOOR, "d2 source.silent no_packets 1000 15000", ERR_NONE,
         "microphone.silent d2 no_packets closes 15000; floor_language.changed fr; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "d2 source.sounds", ERR_NONE,
         "microphone.silent d2 heard; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "d2 source.silent no_packets 1100 15000",
         ERR_NONE, ""},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "+13999", ERR_NONE, ""},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "+14000", ERR_NONE,
         "microphone.closed d2 14000 silent"},
        {FLOOR "; d2 source.silent no_packets 1000 0", "+1000000", ERR_NONE, ""},
        {FLOOR "; d2 source.silent no_packets 1000 15000; +5000; d2 source.sounds", "+100000",
         ERR_NONE, ""},
        // What was declared of the older is spoken again, and still when the newer is gone.
        {"ch sitting.open; ch floor.give d3; mo floor.language es; ch floor.give d2",
         "d2 source.silent no_packets 1000 15000", ERR_NONE,
         "microphone.silent d2 no_packets closes 15000; floor_language.changed es; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
        {"ch sitting.open; ch floor.give d3; mo floor.language es; ch floor.give d2",
         "ch floor.end d2", ERR_NONE,
         "microphone.closed d2 0; floor_language.changed es; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
        // Digital silence is no more than that: the one that is heard is carried.
        {FLOOR, "d2 source.silent no_sound 2000 15000", ERR_NONE,
         "microphone.silent d2 no_sound closes 15000; floor_language.changed fr; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
        {FLOOR "; d2 source.silent no_sound 2000 15000", "d2 source.sounds", ERR_NONE,
         "microphone.silent d2 heard; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {FLOOR "; d2 source.silent no_sound 2000 15000", "+13000", ERR_NONE,
         "microphone.closed d2 13000 silent"},
        {FLOOR "; d2 source.silent no_sound 2000 0", "d2 source.silent no_packets 1000 15000",
         ERR_NONE, "microphone.silent d2 no_packets closes 15000"},
        // Muted both: the newest, and before one that delivers nothing.
        {FLOOR "; d2 source.silent no_sound 2000 0", "d3 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent d3 no_sound; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "d3 source.silent no_sound 2000 0",
         ERR_NONE, "microphone.silent d3 no_sound"},
        // Both: the newest.
        {FLOOR "; d2 source.silent no_packets 1000 15000", "d3 source.silent no_packets 1000 15000",
         ERR_NONE,
         "microphone.silent d3 no_packets closes 15000; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {FLOOR "; d2 source.silent no_packets 1000 15000", "ch floor.end d2", ERR_NONE,
         "microphone.closed d2 0"},
        // A feed is carried before a microphone that delivers nothing.
        {"x feed.begin stage; x feed.delivers stage sound; te feed.put stage floor; ch "
         "sitting.open; ch floor.give d1",
         "d1 source.silent no_packets 1000 15000", ERR_NONE,
         "microphone.silent d1 no_packets closes 15000; channel floor+ar+zh+en+fr+ru+es floor feed "
         "stage"},
        {"x feed.begin stage; x feed.delivers stage sound; te feed.put stage floor; ch "
         "sitting.open; ch floor.give d1",
         "d1 source.silent no_sound 2000 15000", ERR_NONE,
         "microphone.silent d1 no_sound closes 15000; channel floor+ar+zh+en+fr+ru+es floor feed "
         "stage"},
        // Others than those of open microphones.
        {FLOOR, "d1 source.silent no_packets 1000 15000", ERR_NONE, ""},
        {FLOOR, "s1 source.silent no_packets 1000 15000", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// d2 comes to the floor and sends nothing, while d3 speaks French.
#define AWAITED "d2 source.mute; ch sitting.open; ch floor.give d3; ch floor.give d2"

// Who is heard is carried, and its language is the floor's, until the newest is heard too.
static void a_newcomer_on_the_floor(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"d2 source.mute; ch sitting.open; ch floor.give d3", "ch floor.give d2", ERR_NONE,
         "microphone.opened d2 2"},
        {AWAITED, "d2 source.heard", ERR_NONE,
         "microphone.silent d2 heard; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {AWAITED "; d2 source.heard", "d2 source.heard", ERR_NONE, ""},
        {AWAITED, "d3 source.heard", ERR_NONE, ""},
        {AWAITED, "d2 source.unheard", ERR_NONE, ""},
        // What is declared is of the one that is heard.
        {AWAITED "; mo floor.language es; d2 source.heard", "ch floor.end d2", ERR_NONE,
         "microphone.closed d2 0; floor_language.changed es; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
        // It is told that it is not heard; its place is kept.
        {AWAITED, "d2 source.silent no_packets 1000 15000", ERR_NONE,
         "microphone.silent d2 no_packets closes 15000"},
        {AWAITED "; d2 source.silent no_packets 1000 15000", "d2 source.sounds", ERR_NONE,
         "microphone.silent d2 heard; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        // The other one goes, or falls silent: then it is the newest there is.
        {AWAITED, "ch floor.end d3", ERR_NONE,
         "microphone.closed d3 600; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {AWAITED, "d3 source.silent no_sound 2000 15000", ERR_NONE,
         "microphone.silent d3 no_sound closes 15000; floor_language.changed none; channel "
         "floor+ar+zh+en+fr+ru+es floor d2"},
        {AWAITED, "ch floor.end d2", ERR_NONE, "microphone.closed d2 0"},
        // Behind a feed that is heard.
        {"d3 source.mute; x feed.begin stage; x feed.delivers stage sound; te feed.put stage "
         "floor; ch sitting.open",
         "ch floor.give d3", ERR_NONE, "microphone.opened d3 2"},
        {"d3 source.mute; x feed.begin stage; x feed.delivers stage sound; te feed.put stage "
         "floor; ch sitting.open; ch floor.give d3",
         "d3 source.heard", ERR_NONE,
         "microphone.silent d3 heard; floor_language.changed fr; channel "
         "floor+ar+zh+en+fr+ru+es floor d3"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A feed on the floor, put there after d1 was given the floor.
#define STAGE                                                                                      \
    "x feed.begin stage; x feed.delivers stage sound; ch sitting.open; ch floor.give d1; +10; te " \
    "feed.put stage floor"
#define GONE STAGE "; x feed.delivers stage nothing; x feed.silent stage 1000 15000"

static void a_feed_on_the_floor(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {STAGE "; x feed.delivers stage nothing", "x feed.silent stage 1000 15000", ERR_NONE,
         "feed.changed stage floor 2 silent closes 15000"},
        {GONE, "x feed.silent stage 1100 15000", ERR_NONE, ""},
        {GONE, "+13999", ERR_NONE, ""},
        {GONE, "+14000", ERR_NONE, "feed.changed stage none"},
        {GONE "; x feed.sounds stage", "+100000", ERR_NONE, ""},
        {GONE "; te feed.put stage none", "+100000", ERR_NONE, ""},
        {STAGE "; x feed.silent stage 1000 0", "+100000", ERR_NONE, ""},
        // Digital silence: the microphone that is open is carried, until the feed sounds again.
        {STAGE, "x feed.silent stage 2000 15000", ERR_NONE,
         "feed.changed stage floor 2 sound silent closes 15000; channel floor+ar+zh+en+fr+ru+es "
         "floor d1"},
        {STAGE "; x feed.silent stage 2000 15000", "x feed.sounds stage", ERR_NONE,
         "feed.changed stage floor 2 sound; channel floor+ar+zh+en+fr+ru+es floor feed stage"},
        // Elsewhere it is nobody's floor that it holds.
        {"x feed.begin fr; x feed.delivers fr sound", "x feed.silent fr 2000 15000", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

#define MUTED ON_AIR "; ch floor.give d1; s1 source.silent no_sound 2000 0"

static void at_a_desk(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {ON_AIR, "s1 source.silent no_sound 2000 15000", ERR_NONE, "microphone.silent s1 no_sound"},
        {ON_AIR "; s1 source.silent no_sound 2000 0", "+100000", ERR_NONE, ""},
        {ON_AIR "; s1 source.silent no_sound 2000 0", "s1 source.sounds", ERR_NONE,
         "microphone.silent s1 heard"},
        {ON_AIR "; s1 source.silent no_sound 2000 0", "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; channel es silent"},
        {ON_AIR "; s1 source.silent no_sound 2000 0; s1 desk.microphone off",
         "s1 desk.microphone on", ERR_NONE, "desk.changed s1 es on; channel es interpreted s1"},
        {ON_AIR "; s1 source.silent no_sound 2000 0", "s1 desk.microphone cough", ERR_NONE,
         "desk.changed s1 es cough still no_sound"},
        // The floor stands in for a muted one, who coughs and is not heard after it.
        {MUTED, "s1 desk.microphone cough", ERR_NONE, "desk.changed s1 es cough still no_sound"},
        {MUTED "; s1 desk.microphone cough", "s1 desk.microphone on", ERR_NONE,
         "desk.changed s1 es on still no_sound"},
        {MUTED "; s1 desk.microphone cough; s1 desk.microphone on", "s1 source.sounds", ERR_NONE,
         "microphone.silent s1 heard; channel es interpreted s1"},
        {MUTED "; s1 desk.microphone cough", "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off"},
        {ON_AIR "; s1 desk.microphone cough", "s1 source.silent no_sound 2000 0", ERR_NONE, ""},
        {OPENS, "s2 source.silent no_sound 2000 0", ERR_NONE, ""},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A partner who is not heard keeps nobody whom they opened over from the microphone.
#define OVER_ME ON_AIR "; s2 desk.microphone on"

static void opened_over(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {OVER_ME, "s1 desk.microphone on", ERR_CONFLICT, "partner_opened_over"},
        {OVER_ME "; s2 source.silent no_sound 2000 0", "s1 desk.microphone on", ERR_NONE,
         "desk.changed s2 es off by s1; desk.changed s1 es on; channel es interpreted s1"},
        {OVER_ME "; s2 source.silent no_packets 1000 0", "s1 desk.microphone on", ERR_NONE,
         "desk.changed s2 es off by s1; desk.changed s1 es on; channel es interpreted s1"},
        {OVER_ME "; s2 source.silent no_sound 2000 0; s2 source.sounds", "s1 desk.microphone on",
         ERR_CONFLICT, "partner_opened_over"},
        {OVER_ME "; s2 desk.microphone cough", "s1 desk.microphone on", ERR_CONFLICT,
         "partner_opened_over"},
        // Heard again before the press was.
        {"s1 source.mute; ch sitting.open; s1 desk.microphone on; s1 source.heard; s2 "
         "desk.microphone on; s2 source.silent no_sound 2000 0; s1 desk.microphone on; s2 "
         "source.sounds",
         "s1 source.heard", ERR_NONE, "desk.opening s1 es off"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Two open in a booth: who is muted does not keep the channel from who speaks.
#define BOTH "te booth.set es mixed none none none plain 0; " ON_AIR "; s2 desk.microphone on"

static void two_open_in_a_booth(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {BOTH, "s2 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent s2 no_sound; channel es interpreted s1"},
        {BOTH "; s2 source.silent no_sound 2000 0", "s2 source.sounds", ERR_NONE,
         "microphone.silent s2 heard; channel es interpreted s2"},
        {BOTH "; s2 source.silent no_sound 2000 0", "s1 source.silent no_sound 2000 0", ERR_NONE,
         "microphone.silent s1 no_sound; channel es interpreted s2"},
        // When one alone may stay open, it is the one that is heard.
        {BOTH "; s2 source.silent no_sound 2000 0",
         "te booth.set es override none none none plain 0", ERR_NONE,
         "booth.changed es; desk.changed s2 es off for es"},
        {BOTH, "te booth.set es override none none none plain 0", ERR_NONE,
         "booth.changed es; desk.changed s1 es off for es"},
        {BOTH "; s2 desk.microphone cough", "te booth.set es override none none none plain 0",
         ERR_NONE, "booth.changed es; desk.changed s2 es off for es"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void strangers(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_step(&script, "x source.heard");
    assert_int_equal(script.err, ERR_NOT_FOUND);
    script_step(&script, "x source.silent no_packets 1000 0");
    assert_int_equal(script.err, ERR_NOT_FOUND);
    script_finish(&script);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_press_takes_nothing),
        cmocka_unit_test(two_presses),
        cmocka_unit_test(another_booth),
        cmocka_unit_test(a_turned_output),
        cmocka_unit_test(handovers),
        cmocka_unit_test(unserved_since),
        cmocka_unit_test(on_the_floor),
        cmocka_unit_test(a_newcomer_on_the_floor),
        cmocka_unit_test(a_feed_on_the_floor),
        cmocka_unit_test(at_a_desk),
        cmocka_unit_test(opened_over),
        cmocka_unit_test(two_open_in_a_booth),
        cmocka_unit_test(strangers),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
