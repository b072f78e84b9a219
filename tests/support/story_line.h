// A story's lines of JSON (sim/sim_story.c), read as events.
#pragma once

#include <jansson.h>

#include "contract/types.h"

// NULL, or why the line is no event of this contract; static text.
const char *story_read_event(const json_t *line, struct event *ret_event);
