// Inside src/meeting only: what apply.c and check.c ask of each section of a meeting's state. Which
// fields a section has is said in contract/ (sections.json, resources/meeting.json), and from there
// come its encoding, its room and what it does with items; what else there is of it is a row in
// section.c and the functions named there.
#pragma once

#include "contract/sections.h"
#include "meeting/meeting.h"

// Writes what the event says into one section, and into no other. It may read them all: those
// before its own in the order of the sections follow the event already, those behind not yet.
typedef void section_apply(struct meeting_state *state, const struct event *event);
// NULL, or the name of what is broken.
typedef const char *section_check(const struct meeting_state *state);

struct section {
    section_apply *const
        *apply;           // for each type of event, NULL where nothing is to be done; or NULL
    section_check *check; // between the events of a batch too; or NULL
    section_check *check_settled; // only a whole batch makes this true; or NULL
};

extern const struct section sections[MEETING_SECTION_COUNT];

// The tables of functions, each in the file that writes the section.
extern section_apply *const sitting_apply[EVENT_COUNT];  // sitting_state.c
extern section_apply *const people_apply[EVENT_COUNT];   // people_state.c
extern section_apply *const agenda_apply[EVENT_COUNT];   // agenda_state.c
extern section_apply *const speakers_apply[EVENT_COUNT]; // speakers_state.c
extern section_apply *const floor_apply[EVENT_COUNT];    // floor_state.c
extern section_apply *const booths_apply[EVENT_COUNT];   // desk_state.c
extern section_apply *const chat_apply[EVENT_COUNT];     // chat_state.c
extern section_apply *const help_apply[EVENT_COUNT];     // help_state.c

section_check check_people;         // check_people.c
section_check check_audience;       //
section_check check_agenda;         // check_agenda.c
section_check check_speakers;       //
section_check check_floor;          // check_floor.c
section_check check_channels;       // check_channel.c
section_check check_desks;          // check_booth.c
section_check check_booths_at_rest; //
section_check check_help;           // check_help.c
section_check check_documents;      // check_papers.c
