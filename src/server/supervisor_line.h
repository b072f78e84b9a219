// What control says to the supervisor that started it. Control thread only.
#pragma once

#include <stdbool.h>

#include "app/app.h"
#include "base/time.h"
#include "server/vital_signs.h"

struct supervisor_line {
    int fd;         // the writing end of the supervisor's pipe, which owns it
    bool announced; // that control can do its work
    time_us looked_at;
};

// Once. False when it was said before.
bool supervisor_line_ready(struct supervisor_line *line);
// While media of an older version waits to be replaced: says so when nobody needs it.
void supervisor_line_look(struct supervisor_line *line, const struct vital_signs *signs,
                          const struct app *app, time_us now);
