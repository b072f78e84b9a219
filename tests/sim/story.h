// Stories for two reducers, told as lines of JSON to standard output: {"meeting": …} before the
// first event, {"seq", "at", "by", "type", "data"} for each, and {"after": …} now and then.
#pragma once

#include "meeting/meeting.h"

#define STORY_AFTER_EVERY 100 // events

// "meeting" or "after".
void story_state(const char *name, const struct meeting_state *state);
void story_event(const struct event *event);
