// Structured logs: one JSON object a line on standard error, an event name and fields. Only the
// outer ring (server, http, app, media process) logs; wire, crypto, meeting and media machines
// count instead. Never a secret.
//   log_event(LOG_INFO, "floor.granted", LOG_TEXT("meeting", id), LOG_INT("wait_ms", wait));
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name; // NULL ends the list
    const char *text; // NULL when the field is a number
    int64_t number;
};

#define LOG_TEXT(field_name, value) ((struct log_field){(field_name), (value), 0})
#define LOG_INT(field_name, value)  ((struct log_field){(field_name), 0, (int64_t)(value)})
#define log_event(level, event, ...) \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__, {0, 0, 0}})

// Before the threads start. `process` names the face of the binary ("control"); a static text.
void log_setup(const char *process, enum log_level least);
bool log_level_from_text(const char *text, enum log_level *ret_level);
// Thread-safe: one write(2) per line.
void log_write(enum log_level level, const char *event, const struct log_field *fields);
