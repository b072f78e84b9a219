// Inside src/meeting only: whether open microphones are heard.
#pragma once

#include "meeting/meeting_priv.h"

// hearing.c
bool hearing_is_opening(const struct desk *desk);
// The desk opens by this output into this channel, once it is heard.
void hearing_begin(struct outcome *outcome, const struct booth *booth, struct desk *desk,
                   enum output output, enum language target);
// It no longer does. Nothing for a desk that did not.
void hearing_end(struct outcome *outcome, const struct booth *booth, struct desk *desk,
                 bool undone);
void hearing_end_all(struct outcome *outcome, struct booth *booth);
void hearing_put_floor(struct floor_microphone *floor, uint32_t count,
                       const struct event_microphone_silent *silent);
void hearing_apply_silent(struct meeting_state *state, const struct event *event);
void hearing_apply_opening(struct meeting_state *state, const struct event *event);

// booth.c
// The microphone that opens is heard: what the press was for comes about.
void booth_heard(struct outcome *outcome, struct booth *booth, struct desk *desk);

// output.c
bool output_is_allowed(const struct booth *booth, enum language language);

// floor.c
// The microphone that is carried: the newest of those that are heard, else of those that deliver
// packets, else the newest; NULL for none.
const struct floor_microphone *floor_newest(const struct floor_microphone *floor, uint32_t count);
void floor_silence(struct outcome *outcome, const struct event_microphone_silent *silent);
// Closes the one at this place of the list, because it delivers nothing.
void floor_close_silent(struct outcome *outcome, uint32_t at);
