// Inside src/app only, of meanwhile.h: what is kept while nothing can be written. Of one meeting,
// made when there is something to keep. Knows neither journal nor rules. Control thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "meeting/meeting.h"

struct app_meeting;

#define MEANWHILE_EVENTS_MAX 320 // of one meeting; one batch of the journal's
#define MEANWHILE_WORDS_MAX  32

// The last that somebody said of their own microphone.
struct meanwhile_word {
    char participant[CONTRACT_ID_MAX + 1];
    enum command_type type;
    enum microphone microphone; // of COMMAND_DESK_MICROPHONE
};

struct app_meanwhile {
    bool posted; // to the journal, and not committed yet
    uint32_t word_count;
    struct meanwhile_word words[MEANWHILE_WORDS_MAX];
    uint32_t of_words; // so many events are theirs, the first
    uint32_t count;
    struct event events[MEANWHILE_EVENTS_MAX]; // follow what has been told
};

// That of the meeting, made if there is none; NULL when there is no memory.
struct app_meanwhile *meanwhile_begin(struct app_meeting *meeting);
void meanwhile_end(struct app_meeting *meeting);
// Keeps events that `decided` has. False when there is no room: the caller undoes them.
bool meanwhile_hold(struct app_meeting *meeting, const struct event_list *events);
