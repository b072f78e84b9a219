// The security log: one line for each event, with `"event": "security.…"`, who, to whom, from
// where and why.
// An attack must not fill the disk: more than 20 lines a second (bursts of 200) are counted instead
// and told in one line when it is quieter. Never a secret. Control thread only.
#pragma once

#include <stdint.h>

#include "base/time.h"

#define SECURITY_LOG_BURST 200
#define SECURITY_LOG_PER_S 20

struct security_log {
    time_ms last_at;
    int64_t milli; // thousandths of lines that may be written
    uint64_t left_out;
};

struct security_event {
    const char *event;   // "security.sign_in_refused": static text
    const char *who;     // account or participant; may be NULL
    const char *about;   // whose account it was done to; may be NULL: their own
    const char *meeting; // may be NULL
    const char *remote;  // the address; may be NULL
    const char *reason;  // why it was refused: a warning; NULL: it was done
};

void security_log_init(struct security_log *log, time_ms now);
void security_log_write(struct security_log *log, const struct security_event *event, time_ms now);
