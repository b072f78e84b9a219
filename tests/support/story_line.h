// A story's lines of JSON (sim/sim_story.c), read as events.
#pragma once

#include <jansson.h>

#include "contract/types.h"

// The stories of a folder (*.jsonl) one after the other, by name; how many there were.
unsigned stories_each(const char *folder, void (*visit)(const char *path, void *context),
                      void *context);
// NULL, or why the line is no event of this contract; static text.
const char *story_read_event(const json_t *line, struct event *ret_event);
// What was shown then is shown now. A later contract may show more, and leave out what says nothing
// (decision 024). What is otherwise is told on standard error.
bool story_still_shows(const json_t *now, const json_t *then);
