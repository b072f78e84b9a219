// What the demonstration meetings are made of: a session of a council in six languages, and a room
// in which its interpreters rehearse, as tables. Texts stand in the order ar zh en fr ru es; names
// of States follow the United Nations' multilingual terminology (UNTERM).
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "contract/types.h"

#define DEMO_MEETING     "demo"
#define DEMO_REHEARSAL   "rehearsal"
#define DEMO_LANGUAGES   6
#define DEMO_TEAM_LEADER "interpreter-en-1"

struct demo_delegation {
    const char *id; // also the code, in lower case
    const char *code;
    enum delegation_kind kind;
    const char *name[DEMO_LANGUAGES];
};

struct demo_office {
    const char *id;
    const char *name[DEMO_LANGUAGES];
};

struct demo_item {
    const char *id;
    const char *number;
    const char *document;
    const char *title[DEMO_LANGUAGES];
};

struct demo_participant {
    const char *id;
    const char *name;
    enum capacity capacity;
    enum language language;
    const char *delegation; // id; NULL for none
    const char *title;      // function, in English; NULL for none
    const char *office;     // id, the function in six languages; NULL for none
    const char *link;       // the printed link's title; NULL when no link is printed
    bool trainer; // of the rehearsal alone; interpreters are in both, others in the council
};

struct demo_meeting {
    const char *id;
    bool rehearsal;
    const char *const *title;
    const char *const *body;
    const struct demo_item *items;
    uint32_t item_count;
};

struct demo_booth {
    enum language language;
    enum language allowed[2]; // LANGUAGE_NONE: none (more)
    enum language output_b;
    enum language output_c;
    bool auto_relay;
    int64_t turn_minutes;
};

extern const struct demo_office demo_offices[];
extern const uint32_t demo_office_count;
extern const struct demo_meeting demo_meetings[];
extern const uint32_t demo_meeting_count;
extern const struct demo_delegation demo_delegations[];
extern const uint32_t demo_delegation_count;
extern const struct demo_participant demo_participants[];
extern const uint32_t demo_participant_count;
extern const struct demo_booth demo_booths[];
extern const uint32_t demo_booth_count;
