// A calendar as programs of every maker read it (RFC 5545, by libical): a feed that is fetched, or
// an invitation that goes with a mail (RFC 5546). Times stand in the zone that the people named,
// with its rules beside them. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

#define CALENDAR_EVENTS_MAX 2048
#define CALENDAR_LINE_MAX   1023 // bytes of a title, place, name or address
#define CALENDAR_TEXT_MAX   8192 // bytes of a description

enum calendar_method {
    CALENDAR_PUBLISH, // a feed: nobody answers
    CALENDAR_REQUEST, // an invitation, or one that has changed
    CALENDAR_CANCEL,
    CALENDAR_METHOD_COUNT,
};
// As METHOD says it.
const char *calendar_method_text(enum calendar_method method);

// Texts are UTF-8 and borrowed; those that "may be NULL" are left out then.
struct calendar_event {
    const char *uid;   // the same for ever, and in the whole world: ID@HOST
    uint32_t sequence; // grows with each change that people should hear of
    time_ms changed_at;
    time_ms starts_at;
    time_ms ends_at;
    const char *zone; // as in zone.h
    bool cancelled;
    const char *title;
    const char *place;       // may be NULL
    const char *description; // may be NULL; lines ended by LF
    const char *url;         // of the page; may be NULL
};

struct calendar {
    enum calendar_method method;
    const char *name;           // of a feed; may be NULL
    const char *organizer;      // address; NULL only with CALENDAR_PUBLISH
    const char *organizer_name; // may be NULL
    const char *attendee;       // address of whom it is for; NULL only with CALENDAR_PUBLISH
    const char *attendee_name;  // may be NULL
    const struct calendar_event *events;
    uint32_t count; // one exactly, but with CALENDAR_PUBLISH
};

// ERR_INVALID: a text is not UTF-8, too long, or has a control character where none may be, or a
// time is out of range. ERR_NOT_FOUND: no such zone. The text is malloc's and ends with a 0; its
// lines have 75 bytes at most and end with CRLF.
enum err CHECKED calendar_write(const struct calendar *calendar, char **ret_text, size_t *ret_size);
