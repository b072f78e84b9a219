// A meeting made of bytes: each four are a step, a command of somebody, a fact from outside, or
// time that passes. Whatever the bytes are, what happens could happen. An invariant that does not
// hold stops the process. One thread: the events of a step are in memory of the module's own.
#pragma once

#include <stdint.h>

#include "meeting/meeting.h"
#include "meeting/presence.h"

#define SCENE_STEP 4

// An event, which is applied already.
typedef void scene_happened(void *context, const struct event *event);

struct scene {
    struct meeting_state state;
    struct meeting_presence presence;
    time_ms now;
    scene_happened *happened;
    void *context;
    uint32_t documents; // that were sent
};

// Everybody is in the room, two items on the agenda, nothing has begun.
void scene_begin(struct scene *scene, scene_happened *happened, void *context);
void scene_step(struct scene *scene, const uint8_t step[SCENE_STEP]);
// Whom a byte means.
const char *scene_person(uint8_t byte);
// That person, as they come into the meeting.
struct participant scene_comer(uint8_t byte);

// scene_setup.c: something that the secretariat does (meeting/setup.h), made of two bytes; no
// events where it is refused.
void scene_setup(struct scene *scene, uint8_t first, uint8_t second, struct event_list *ret_events);
