// A message as it goes to a mail server: RFC 5322 with MIME, one recipient, ASCII but for addresses
// that are not. The same mail is always the same bytes, so that whoever gets it twice can tell. Any
// thread.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/time.h"

#define MAIL_NAME_MAX     255         // bytes of a name that is shown
#define MAIL_SUBJECT_MAX  1023        // bytes
#define MAIL_TEXT_MAX     (64 * 1024) // bytes
#define MAIL_CALENDAR_MAX (64 * 1024)

// All texts are UTF-8 and borrowed.
struct mail {
    const char *id; // letters and digits, never used twice: left of the @ in Message-ID
    time_ms at;     // Date
    const char *from;
    const char *from_name; // may be empty, as the next name
    const char *to;
    const char *to_name;
    const char *subject;
    const char *language; // of subject and text: a tag of RFC 5646
    const char *text;     // lines ended by LF
    const char *calendar; // as calendar_write() makes it; NULL: none
    const char *method;   // the calendar's METHOD: "REQUEST", "CANCEL" or "PUBLISH"
};

// ERR_INVALID: an address is none, or a control character stands in a field of the head, or a text
// is not UTF-8, or too long, or the calendar is of another method.
enum err CHECKED mail_check(const struct mail *mail);
// The same is refused. The message is malloc's, its lines end with CRLF.
enum err CHECKED mail_write(const struct mail *mail, char **ret_message, size_t *ret_size);
