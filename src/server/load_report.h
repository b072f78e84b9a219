// What `plenary load` prints: lines of progress, a table for people, one line of JSON for machines.
#pragma once

#include <stdio.h>

#include "load/load.h"

// Rewrites its line on a terminal, else writes one.
void load_report_progress(FILE *to, const struct load_progress *progress);
// Ends the line that progress left on a terminal.
void load_report_progress_end(FILE *to);
void load_report_table(FILE *to, const struct load_options *options,
                       const struct load_result *result);
// One line. False when memory is short.
bool load_report_json(FILE *to, const struct load_options *options,
                      const struct load_result *result);
