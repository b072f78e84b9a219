#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

// Each state of the machine × each input. s1 is on the air, s2 is the partner, s3 the third.
#define NONE      "ch sitting.open; s1 desk.microphone on"
#define REQUESTED NONE "; s2 handover.request"
#define OFFERED   NONE "; s1 handover.offer s2"
#define ARMED     REQUESTED "; s1 handover.accept"
#define SWITCHING ARMED "; s2 desk.microphone on"
#define COUNTING  NONE "; s1 source.lost 1000"

// The countdown is over: s2 opens, and is heard.
#define OVER   "desk.changed s1 es off lost; handover.changed es counting s1 s2; channel es silent"
#define FORCED "desk.changed s2 es on; handover.changed es none forced; channel es interpreted s2"

static const struct desk *booth_desk_in(const struct meeting_state *state, enum language language,
                                        const char *participant)
{
    for (uint32_t i = 0; i < state->meeting.booths_count; i++) {
        const struct booth *booth = &state->meeting.booths[i];
        for (uint32_t j = 0; booth->language == language && j < booth->desks_count; j++) {
            if (strcmp(booth->desks[j].participant, participant) == 0) {
                return &booth->desks[j];
            }
        }
    }
    return NULL;
}

static void request(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s2 handover.request", ERR_NONE, "handover.changed es requested s1 s2"},
        {REQUESTED, "s2 handover.request", ERR_CONFLICT, "handover_under_way"},
        {OFFERED, "s2 handover.request", ERR_NONE, "handover.changed es armed s1 s2"},
        {ARMED, "s2 handover.request", ERR_CONFLICT, "handover_under_way"},
        {SWITCHING, "s2 handover.request", ERR_CONFLICT, "microphone_open"},
        {COUNTING, "s2 handover.request", ERR_NONE, "handover.changed es counting s1 s2"},
        {REQUESTED, "s3 handover.request", ERR_CONFLICT, "handover_under_way"},
        {NONE "; s2 desk.rest on", "s2 handover.request", ERR_NONE,
         "desk.chosen s2; handover.changed es requested s1 s2"},
        {OFFERED, "s3 handover.request", ERR_CONFLICT, "handover_under_way"},
        {COUNTING, "s3 handover.request", ERR_NONE, "handover.changed es counting s1 s3"},
        {NONE, "s1 handover.request", ERR_CONFLICT, "microphone_open"},
        {"", "s2 handover.request", ERR_CONFLICT, "no_partner_on_air"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void offer(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s1 handover.offer s2", ERR_NONE, "handover.changed es offered s1 s2"},
        {REQUESTED, "s1 handover.offer s2", ERR_NONE, "handover.changed es armed s1 s2"},
        {OFFERED, "s1 handover.offer s2", ERR_CONFLICT, "handover_under_way"},
        {ARMED, "s1 handover.offer s2", ERR_CONFLICT, "handover_under_way"},
        {SWITCHING, "s1 handover.offer s2", ERR_CONFLICT, "partner_not_ready"},
        {COUNTING, "s1 handover.offer s2", ERR_CONFLICT, "handover_under_way"},
        {REQUESTED, "s1 handover.offer s3", ERR_CONFLICT, "handover_under_way"},
        {REQUESTED, "s1 handover.offer", ERR_NONE, "handover.changed es armed s1 s2"},
        {NONE, "s1 handover.offer", ERR_NONE, "handover.changed es offered s1 s2"},
        {NONE, "s2 handover.offer s1", ERR_CONFLICT, "microphone_off"},
        {NONE, "s1 handover.offer f1", ERR_CONFLICT, "partner_not_ready"},
        {NONE "; s2 desk.rest on", "s1 handover.offer s2", ERR_CONFLICT, "partner_not_ready"},
        {NONE "; s2 desk.rest on", "s1 handover.offer", ERR_NONE,
         "handover.changed es offered s1 s3"},
        {NONE "; s2 room.leave; s3 room.leave", "s1 handover.offer", ERR_CONFLICT,
         "partner_not_ready"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void accept(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s2 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
        {REQUESTED, "s1 handover.accept", ERR_NONE, "handover.changed es armed s1 s2"},
        {OFFERED, "s2 handover.accept", ERR_NONE, "handover.changed es armed s1 s2"},
        {ARMED, "s2 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
        {SWITCHING, "s2 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
        {COUNTING, "s2 handover.accept", ERR_NONE, OVER "; " FORCED},
        {REQUESTED, "s2 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
        {OFFERED, "s1 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
        {OFFERED, "s3 handover.accept", ERR_CONFLICT, "no_handover_for_you"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void decline(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s2 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {REQUESTED, "s2 handover.decline", ERR_NONE, "handover.changed es none withdrawn"},
        {OFFERED, "s2 handover.decline", ERR_NONE, "handover.changed es none declined"},
        {ARMED, "s2 handover.decline", ERR_NONE, "handover.changed es none withdrawn"},
        {SWITCHING, "s2 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {COUNTING, "s2 handover.decline", ERR_NONE, "handover.changed es counting s1 s3"},
        {NONE, "s1 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {REQUESTED, "s1 handover.decline", ERR_NONE, "handover.changed es none declined"},
        {OFFERED, "s1 handover.decline", ERR_NONE, "handover.changed es none withdrawn"},
        {ARMED, "s1 handover.decline", ERR_NONE, "handover.changed es none withdrawn"},
        {SWITCHING, "s1 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {COUNTING, "s1 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {REQUESTED, "s3 handover.decline", ERR_CONFLICT, "no_handover_for_you"},
        {COUNTING "; s3 desk.rest on", "s2 handover.decline", ERR_NONE,
         "handover.changed es counting s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The one to take over opens the microphone.
static void take(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s2 desk.microphone on", ERR_NONE,
         "desk.changed s1 es off by s2; desk.changed s2 es on; channel es interpreted s2"},
        {REQUESTED, "s2 desk.microphone on", ERR_NONE,
         "handover.changed es none done; desk.changed s1 es off by s2; desk.changed s2 es on; "
         "channel es interpreted s2"},
        {OFFERED, "s2 desk.microphone on", ERR_NONE,
         "handover.changed es none done; desk.changed s1 es off by s2; desk.changed s2 es on; "
         "channel es interpreted s2"},
        {ARMED, "s2 desk.microphone on", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on; channel es interpreted s2"},
        {SWITCHING, "s2 desk.microphone on", ERR_NONE, ""},
        {COUNTING, "s2 desk.microphone on", ERR_NONE,
         "desk.changed s1 es off lost; desk.changed s2 es on; handover.changed es none forced; "
         "channel "
         "es interpreted s2"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The one on the air closes it.
static void off(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s1 desk.microphone off", ERR_NONE, "desk.changed s1 es off; channel es silent"},
        {REQUESTED, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none void; channel es silent"},
        {OFFERED, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none void; channel es silent"},
        {ARMED, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none done; channel es silent; desk.changed "
         "s2 "
         "es on; channel es interpreted s2"},
        {SWITCHING, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none done"},
        {COUNTING, "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none forced; channel es silent; desk.changed "
         "s2 "
         "es on; channel es interpreted s2"},
        {SWITCHING, "s2 desk.microphone off", ERR_NONE,
         "desk.changed s2 es off; handover.changed es none void; channel es interpreted s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void lost(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s1 source.lost 1000", ERR_NONE, "handover.changed es counting s1 s2"},
        {REQUESTED, "s1 source.lost 1000", ERR_NONE, "handover.changed es counting s1 s2"},
        {OFFERED, "s1 source.lost 1000", ERR_NONE, "handover.changed es counting s1 s2"},
        {ARMED, "s1 source.lost 1000", ERR_NONE, "handover.changed es counting s1 s2"},
        {SWITCHING, "s1 source.lost 1000", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none cut"},
        {COUNTING, "s1 source.lost 1000", ERR_NONE, ""},
        {COUNTING, "s1 source.lost 1500", ERR_NONE, "handover.changed es counting s1 s2"},
        {COUNTING, "s2 source.lost 1500", ERR_NONE, ""},
        {NONE, "s2 source.lost 1000", ERR_NONE, ""},
        {NONE "; s2 room.leave; s3 room.leave", "s1 source.lost 1000", ERR_NONE,
         "handover.changed es counting s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static void back(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s1 source.back", ERR_NONE, ""},
        {REQUESTED, "s1 source.back", ERR_NONE, ""},
        {OFFERED, "s1 source.back", ERR_NONE, ""},
        {ARMED, "s1 source.back", ERR_NONE, ""},
        {SWITCHING, "s1 source.back", ERR_NONE, ""},
        {COUNTING, "s1 source.back", ERR_NONE, "handover.changed es none void"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The connection ends for good: three seconds after it broke.
static void dead(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE "; s1 disconnect", "+3000", ERR_NONE,
         "handover.changed es counting s1 s2; desk.changed s1 es off lost; handover.changed es "
         "counting s1 s2; presence.changed s1 lost; channel es silent; " FORCED},
        {REQUESTED "; s1 disconnect", "+3000", ERR_NONE,
         "handover.changed es counting s1 s2; desk.changed s1 es off lost; handover.changed es "
         "counting s1 s2; presence.changed s1 lost; channel es silent; " FORCED},
        {OFFERED "; s1 disconnect", "+3000", ERR_NONE,
         "handover.changed es counting s1 s2; desk.changed s1 es off lost; handover.changed es "
         "counting s1 s2; presence.changed s1 lost; channel es silent; " FORCED},
        {ARMED "; s1 disconnect", "+3000", ERR_NONE,
         "handover.changed es counting s1 s2; desk.changed s1 es off lost; handover.changed es "
         "counting s1 s2; presence.changed s1 lost; channel es silent; " FORCED},
        {ARMED "; s1 disconnect; +2900; s2 desk.microphone on", "+100", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none cut; presence.changed s1 lost"},
        {NONE "; s1 disconnect; +2500; s1 source.lost 1000", "+500", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; presence.changed s1 "
         "lost; channel es silent; " FORCED},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The page that pressed is gone: off the air at once, and the countdown runs from when it went.
#define CUT    "desk.changed s1 es off lost; handover.changed es counting s1 s2; channel es silent"
#define VACANT NONE "; s1 page.left 500"

static void page_left(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s1 page.left 0", ERR_NONE, CUT},
        {VACANT, "s1 handover.request", ERR_CONFLICT, "no_partner_on_air"},
        {REQUESTED, "s1 page.left 0", ERR_NONE, CUT},
        {OFFERED, "s1 page.left 0", ERR_NONE, CUT},
        {ARMED, "s1 page.left 0", ERR_NONE, CUT},
        {SWITCHING, "s1 page.left 0", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es none cut"},
        // The new one, before the old one has closed: that stays on the air.
        {SWITCHING, "s2 page.left 0", ERR_NONE,
         "desk.changed s2 es off lost; handover.changed es none void; channel es interpreted s1"},
        {SWITCHING "; s2 page.left 0", "+300", ERR_NONE, ""},
        {SWITCHING "; s2 disconnect", "+300", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none cut"},
        {COUNTING, "s1 page.left 0", ERR_NONE, CUT},
        {NONE, "s2 page.left 0", ERR_NONE, ""},
        {NONE, "nobody page.left 0", ERR_NONE, ""},
        {NONE "; s2 room.leave; s3 room.leave", "s1 page.left 0", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1; channel es silent"},
        {VACANT, "+1499", ERR_NONE, ""},
        {VACANT, "+1500", ERR_NONE, "handover.changed es counting s1 s2; " FORCED},
        // What is told of packets and connections concerns only desks that are open.
        {VACANT, "s1 source.lost 1000", ERR_NONE, ""},
        {VACANT, "s1 source.back", ERR_NONE, ""},
        {VACANT "; s1 disconnect", "+1500", ERR_NONE,
         "handover.changed es counting s1 s2; " FORCED},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Who presses ends it: the same person, the partner, or a third.
static void page_left_and_a_press(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {VACANT, "s1 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es on; channel es interpreted s1"},
        {VACANT, "s2 desk.microphone on", ERR_NONE,
         "desk.changed s2 es on; handover.changed es none forced; channel es interpreted s2"},
        {VACANT, "s2 handover.accept", ERR_NONE, "handover.changed es counting s1 s2; " FORCED},
        {VACANT, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s3 es on; channel es interpreted s3"},
        {VACANT, "s3 handover.request", ERR_NONE, "handover.changed es counting s1 s3"},
        {VACANT, "s2 handover.decline", ERR_NONE, "handover.changed es counting s1 s3"},
        {VACANT, "s1 desk.microphone off", ERR_NONE, ""},
        {VACANT, "s1 room.leave", ERR_NONE,
         "handover.changed es none forced; presence.changed s1 entrance; desk.changed s2 es on; "
         "channel es interpreted s2"},
        {VACANT, "mo participant.remove s1", ERR_NONE,
         "handover.changed es counting s1 s2; participant.removed s1; " FORCED},
        {VACANT "; s2 room.leave; s3 room.leave", "+1500", ERR_NONE,
         "handover.changed es none void"},
        {VACANT, "ch sitting.close", ERR_NONE,
         "handover.changed es none void; sitting.changed closed 1"},
        // Another booth has taken the output meanwhile.
        {"te booth.set fr override es es none plain 0; f1 desk.output b es; ch sitting.open; s1 "
         "desk.microphone on; s1 page.left 500; f1 desk.microphone on",
         "+1500", ERR_NONE, "handover.changed es none void"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Whoever has the microphone is removed, or moved to another booth: no press of theirs.
#define REMOVED NONE "; mo participant.remove s1"
#define MOVED   NONE "; mo desk.assign s1 fr 1"
#define NOT_A   "te booth.set es override en+fr en none plain 0; s1 desk.output b; "
static void taken_away(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; participant.removed s1; "
         "channel es silent"},
        {NONE, "mo desk.assign s1 fr 1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; desk.assigned s1 fr 1; "
         "channel es silent"},
        {REMOVED, "+1999", ERR_NONE, ""},
        {REMOVED, "+2000", ERR_NONE, "handover.changed es counting s1 s2; " FORCED},
        {MOVED, "+2000", ERR_NONE, "handover.changed es counting s1 s2; " FORCED},
        // Into the channel that they fed.
        {NOT_A REMOVED, "+2000", ERR_NONE,
         "handover.changed es counting s1 s2; desk.changed s2 es on b en; handover.changed es none "
         "forced; channel en interpreted s2"},
        {NOT_A MOVED, "s2 desk.microphone on", ERR_NONE,
         "desk.changed s2 es on b en; handover.changed es none forced; channel en interpreted s2"},
        // Which may have been taken off the booth meanwhile.
        {NOT_A REMOVED "; te booth.set es override fr none none plain 0", "+2000", ERR_NONE,
         "handover.changed es none void"},
        {NOT_A REMOVED "; te booth.set es override fr none none plain 0", "s2 desk.microphone on",
         ERR_NONE,
         "handover.changed es none void; desk.changed s2 es on; channel es interpreted s2"},
        {NOT_A NONE "; te booth.set es override fr none none plain 0", "mo participant.remove s1",
         ERR_NONE, "desk.changed s1 es off lost; participant.removed s1; channel en silent"},
        // Anybody's press, or answer.
        {REMOVED, "s2 handover.accept", ERR_NONE, "handover.changed es counting s1 s2; " FORCED},
        {REMOVED, "s3 handover.request", ERR_NONE, "handover.changed es counting s1 s3"},
        {REMOVED, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s3 es on; channel es interpreted s3"},
        {REMOVED, "s2 handover.decline", ERR_NONE, "handover.changed es counting s1 s3"},
        {REMOVED "; s2 handover.decline", "s3 handover.decline", ERR_NONE,
         "handover.changed es counting s1"},
        {REMOVED "; s2 handover.decline; s3 handover.decline", "+2000", ERR_NONE,
         "handover.changed es none void"},
        // Who has asked is the one; what was agreed needs no time.
        {NONE "; s3 handover.request", "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s3; participant.removed s1; "
         "channel es silent"},
        {ARMED, "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; handover.changed es "
         "counting "
         "s1 s2; participant.removed s1; channel es silent; " FORCED},
        {SWITCHING, "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es none cut; participant.removed s1"},
        {COUNTING, "mo desk.assign s1 fr 1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; handover.changed es "
         "counting "
         "s1 s2; desk.assigned s1 fr 1; channel es silent; " FORCED},
        // Both open: nobody is missed. Nobody else at a desk: nobody to wait for.
        {"te booth.set es mixed none none none plain 0; s2 desk.microphone on; " NONE,
         "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; participant.removed s1; channel es interpreted s2"},
        {"mo participant.remove s2; mo participant.remove s3; " NONE, "mo participant.remove s1",
         ERR_NONE, "desk.changed s1 es off lost; participant.removed s1; channel es silent"},
        {"s2 room.leave; s3 room.leave; " NONE, "mo participant.remove s1", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1; participant.removed s1; "
         "channel "
         "es silent"},
        {"s2 room.leave; s3 room.leave; " REMOVED, "+2000", ERR_NONE,
         "handover.changed es none void"},
        {REMOVED, "mo participant.remove s2", ERR_NONE,
         "handover.changed es counting s1 s3; participant.removed s2"},
        // The one who was asked first is gone too: the rota goes round no more.
        {REMOVED "; s2 handover.decline; mo participant.remove s2", "s3 handover.decline", ERR_NONE,
         "handover.changed es counting s1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The desk keeps when it was cut off, until its next press or the end of the sitting.
static void the_desk_says_when_it_was_cut_off(void **state)
{
    (void)state;
    struct script script;
    script_init(&script);
    script_run(&script, VACANT);
    time_ms cut = script.now;
    const struct desk *desk = booth_desk_in(script.state, LANGUAGE_ES, "s1");
    assert_int_equal(desk->lost_at, cut);
    script_run(&script, "+5000");
    assert_int_equal(desk->lost_at, cut);
    script_run(&script, "s2 desk.microphone off; s1 desk.microphone on");
    assert_int_equal(desk->lost_at, 0);
    script_run(&script, "s1 desk.microphone off");
    assert_int_equal(desk->lost_at, 0);
    script_run(&script, "s1 desk.microphone on; s1 source.lost 1000; +1000");
    assert_int_equal(desk->lost_at, script.now);
    script_run(&script, "ch sitting.suspend");
    assert_int_not_equal(desk->lost_at, 0);
    script_run(&script, "ch sitting.close");
    assert_int_equal(desk->lost_at, 0);
    script_finish(&script);
}

// The partner leaves the room.
static void gone(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s2 room.leave", ERR_NONE, "presence.changed s2 entrance"},
        {REQUESTED, "s2 room.leave", ERR_NONE,
         "handover.changed es none void; presence.changed s2 entrance"},
        {OFFERED, "s2 room.leave", ERR_NONE,
         "handover.changed es none void; presence.changed s2 entrance"},
        {ARMED, "s2 room.leave", ERR_NONE,
         "handover.changed es none void; presence.changed s2 entrance"},
        {SWITCHING, "s2 room.leave", ERR_NONE,
         "desk.changed s2 es off; handover.changed es none void; presence.changed s2 entrance; "
         "channel es interpreted s1"},
        {COUNTING, "s2 room.leave", ERR_NONE,
         "handover.changed es counting s1 s3; presence.changed s2 entrance"},
        {REQUESTED, "s2 desk.rest on", ERR_NONE,
         "desk.chosen s2 rests; handover.changed es none void"},
        {ARMED, "mo participant.remove s2", ERR_NONE,
         "handover.changed es none void; participant.removed s2"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The deadline of each state, and a millisecond before.
static void due(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "+60000", ERR_NONE, ""},
        {REQUESTED, "+59999", ERR_NONE, ""},
        {REQUESTED, "+60000", ERR_NONE, "handover.changed es none lapsed"},
        {OFFERED, "+60000", ERR_NONE, "handover.changed es none lapsed"},
        {ARMED, "+3600000", ERR_NONE, ""},
        {SWITCHING, "+299", ERR_NONE, ""},
        {SWITCHING, "+300", ERR_NONE, "desk.changed s1 es off; handover.changed es none cut"},
        {COUNTING, "+999", ERR_NONE, ""},
        {COUNTING, "+1000", ERR_NONE, OVER "; " FORCED},
        // A stronger cause shortens the countdown, and counts no more once it is gone.
        {COUNTING "; s1 source.lost 1500", "+499", ERR_NONE, ""},
        {COUNTING "; s1 source.lost 1500", "+500", ERR_NONE, OVER "; " FORCED},
        {COUNTING "; s1 source.lost 1500; s1 source.lost 1000", "+999", ERR_NONE, ""},
        {COUNTING "; s2 handover.decline; s3 handover.decline; s2 room.leave", "+1000", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es none void; channel es silent"},
        {NONE "; s2 room.leave; s3 room.leave; s1 source.lost 1000", "+1000", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es none void; channel es silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A moment is agreed: nobody presses.
static void moment(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE "; s2 handover.request 5000; s1 handover.accept", "+4999", ERR_NONE, ""},
        {NONE "; s2 handover.request 5000; s1 handover.accept", "+5000", ERR_NONE,
         "handover.changed es armed s1 s2; desk.changed s1 es off; desk.changed s2 es on; "
         "handover.changed es none done; channel es interpreted s2"},
        {NONE "; s1 handover.offer s2 90000; s2 handover.accept", "+90000", ERR_NONE,
         "handover.changed es armed s1 s2; desk.changed s1 es off; desk.changed s2 es on; "
         "handover.changed es none done; channel es interpreted s2"},
        {NONE "; s2 handover.request 5000", "+5000", ERR_NONE, "handover.changed es none lapsed"},
        {NONE, "s2 handover.request -1", ERR_INVALID, "moment_too_far"},
        {NONE, "s2 handover.request 7200001", ERR_INVALID, "moment_too_far"},
        {NONE "; s2 handover.request 5000; s1 handover.accept", "s1 handover.decline", ERR_NONE,
         "handover.changed es none withdrawn"},
        // Who gives is lost before: it is not put off by a countdown, whatever cause comes after.
        {NONE "; s2 handover.request 5000; s1 handover.accept; +4500; s1 source.lost 0", "+499",
         ERR_NONE, ""},
        {NONE "; s2 handover.request 5000; s1 handover.accept; +4500; s1 source.lost 0", "+500",
         ERR_NONE, OVER "; " FORCED},
        {NONE "; s2 handover.request 5000; s1 handover.accept; +4500; s1 source.lost 0;"
              " s1 source.lost 200",
         "+500", ERR_NONE, OVER "; " FORCED},
        {NONE "; s2 handover.request 5000; s1 handover.accept; +1000; s1 source.lost 0", "+2000",
         ERR_NONE, OVER "; " FORCED},
        {NONE "; s2 handover.request 5000; s1 handover.accept; +4500; s1 source.lost 0",
         "s1 source.back", ERR_NONE, "handover.changed es none void"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// A third desk takes the air.
static void override(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "s3 desk.microphone on", ERR_NONE,
         "desk.changed s1 es off by s3; desk.changed s3 es on; channel es interpreted s3"},
        {REQUESTED, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s3 es on; "
         "channel es interpreted s3"},
        {OFFERED, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s3 es on; "
         "channel es interpreted s3"},
        {ARMED, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s3 es on; "
         "channel es interpreted s3"},
        {SWITCHING, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s2 es off by "
         "s3; desk.changed s3 es on; channel es interpreted s3"},
        {COUNTING, "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s3 es on; "
         "channel es interpreted s3"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The booth closes.
static void end(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {NONE, "ch sitting.suspend", ERR_NONE,
         "desk.changed s1 es off; sitting.changed suspended 1; channel es silent"},
        {REQUESTED, "ch sitting.suspend", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off; sitting.changed suspended 1; "
         "channel es silent"},
        {OFFERED, "ch sitting.suspend", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off; sitting.changed suspended 1; "
         "channel es silent"},
        {ARMED, "ch sitting.suspend", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off; sitting.changed suspended 1; "
         "channel es silent"},
        {SWITCHING, "ch sitting.suspend", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off; desk.changed s2 es off; "
         "sitting.changed suspended 1; channel es silent"},
        {COUNTING, "ch sitting.suspend", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off; sitting.changed suspended 1; "
         "channel es silent"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// The partner goes on where the first worked to.
static void partner_keeps_the_output(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"te booth.set es override en+fr en none plain 0; s1 desk.output b; s1 desk.microphone on; "
         "s2 handover.request; s1 handover.accept",
         "s2 desk.microphone on", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on b en; channel en interpreted "
         "s2"},
        {"te booth.set es override en+fr en none plain 0; s1 desk.output b fr; s1 desk.microphone "
         "on; s2 handover.request; s1 handover.accept",
         "s1 desk.microphone off", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none done; channel fr silent; desk.changed "
         "s2 es "
         "on b fr; channel fr interpreted s2"},
        {"te booth.set es override en+fr en none plain 0; s1 desk.output b fr; s1 desk.microphone "
         "on; s1 source.lost 1500",
         "+500", ERR_NONE,
         "desk.changed s1 es off lost; handover.changed es counting s1 s2; channel fr silent; "
         "desk.changed s2 es on b fr; handover.changed es none forced; channel fr interpreted s2"},
        {COUNTING "; s1 source.back", "s2 desk.microphone on", ERR_NONE,
         "desk.changed s1 es off by s2; desk.changed s2 es on; channel es interpreted s2"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Who steps in by the key goes on where the partner was, agreed or not.
static void into_the_channel_of_the_partner(void **state)
{
    (void)state;
#define INTO_EN                                                                           \
    "te booth.set es override en+fr en none plain 0; ch sitting.open; s1 desk.output b; " \
    "s1 desk.microphone on; "
    static const struct script_case cases[] = {
        {INTO_EN "s2 handover.request; s1 handover.accept", "s2 desk.microphone on", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on b en; channel en interpreted "
         "s2"},
        {INTO_EN "s1 source.lost 1000", "s2 desk.microphone on", ERR_NONE,
         "desk.changed s1 es off lost; desk.changed s2 es on b en; handover.changed es none "
         "forced; channel en interpreted s2"},
        // A third is no part of it.
        {INTO_EN "s1 source.lost 1000", "s3 desk.microphone on", ERR_NONE,
         "handover.changed es none void; desk.changed s1 es off by s3; desk.changed s3 es on; "
         "channel en silent; channel es interpreted s3"},
        // And stays there, whatever the own choice of B is.
        {INTO_EN "s2 desk.output b fr; s1 source.lost 1000; +2000", "s2 desk.microphone cough",
         ERR_NONE, "desk.changed s2 es cough b en"},
    };
#undef INTO_EN
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

// Two may be open at once in a mixed booth: no handover is needed, and one still works.
static void a_mixed_booth(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {"te booth.set es mixed none none none plain 0; " REQUESTED, "s2 desk.microphone on",
         ERR_NONE,
         "handover.changed es none done; desk.changed s2 es on; channel es interpreted s2"},
        {"te booth.set es mixed none none none plain 0; " ARMED, "s2 desk.microphone on", ERR_NONE,
         "handover.changed es switching s1 s2; desk.changed s2 es on; channel es interpreted s2"},
        {"te booth.set es mixed none none none plain 0; " SWITCHING, "+300", ERR_NONE,
         "desk.changed s1 es off; handover.changed es none cut"},
        {"te booth.set es mixed none none none plain 0; s3 desk.microphone on; " NONE,
         "s2 handover.request", ERR_NONE, "handover.changed es requested s1 s2"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request),
        cmocka_unit_test(offer),
        cmocka_unit_test(accept),
        cmocka_unit_test(decline),
        cmocka_unit_test(take),
        cmocka_unit_test(off),
        cmocka_unit_test(lost),
        cmocka_unit_test(back),
        cmocka_unit_test(dead),
        cmocka_unit_test(page_left),
        cmocka_unit_test(page_left_and_a_press),
        cmocka_unit_test(taken_away),
        cmocka_unit_test(the_desk_says_when_it_was_cut_off),
        cmocka_unit_test(gone),
        cmocka_unit_test(due),
        cmocka_unit_test(moment),
        cmocka_unit_test(override),
        cmocka_unit_test(end),
        cmocka_unit_test(partner_keeps_the_output),
        cmocka_unit_test(into_the_channel_of_the_partner),
        cmocka_unit_test(a_mixed_booth),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
