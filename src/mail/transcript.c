#include "mail/transcript.h"

#include <string.h>
#include <strings.h>

void transcript_begin(struct transcript *transcript)
{
    bool takes_utf8 = transcript->takes_utf8;
    *transcript = (struct transcript){.takes_utf8 = takes_utf8};
}

static bool says(const char *line, size_t length, const char *what)
{
    size_t size = strlen(what);
    return length >= size && strncasecmp(line, what, size) == 0;
}

void transcript_sent(struct transcript *transcript, const char *command, size_t length)
{
    transcript->greeting = says(command, length, "EHLO ");
    if (transcript->greeting) {
        transcript->takes_utf8 = false; // after STARTTLS all is offered anew (RFC 3207 section 4.2)
    } else if (says(command, length, "MAIL FROM:")) {
        transcript->stage = TRANSCRIPT_SENDER;
    } else if (says(command, length, "RCPT TO:")) {
        transcript->stage = TRANSCRIPT_RECIPIENT;
    } else if (says(command, length, "DATA")) {
        transcript->stage = TRANSCRIPT_CONTENT;
    } else if (says(command, length, "QUIT")) {
        transcript->over = true;
    }
}

static bool is_digit(char sign)
{
    return sign >= '0' && sign <= '9';
}

// RFC 5321 section 4.2: three digits, then "-" while further lines follow.
void transcript_came(struct transcript *transcript, const char *line, size_t length)
{
    if (transcript->over || length < 3 || !is_digit(line[0]) || !is_digit(line[1]) ||
        !is_digit(line[2])) {
        return;
    }
    if (transcript->greeting && length > 4 && says(line + 4, length - 4, "SMTPUTF8")) {
        transcript->takes_utf8 = true;
    }
    transcript->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    size_t at = 0;
    for (; at < length && at < TRANSCRIPT_REPLY_MAX && line[at] != '\r' && line[at] != '\n'; at++) {
        transcript->reply[at] = line[at] >= ' ' && line[at] < 0x7f ? line[at] : '?';
    }
    transcript->reply[at] = '\0';
}
