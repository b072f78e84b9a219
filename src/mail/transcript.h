// What a mail server and this one say to each other in one transfer, as far as what came of it
// depends on it. Never what is said to sign in. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TRANSCRIPT_REPLY_MAX 239

// How far it went: what a refusal is about.
enum transcript_stage {
    TRANSCRIPT_GREETING,  // connection, STARTTLS, sign-in: nothing of any mail
    TRANSCRIPT_SENDER,    // MAIL FROM was said
    TRANSCRIPT_RECIPIENT, // RCPT TO was said
    TRANSCRIPT_CONTENT,   // DATA was said
};

struct transcript {
    enum transcript_stage stage;
    bool greeting;                        // what is answered next is answered to EHLO
    bool over;                            // QUIT was said
    bool takes_utf8;                      // SMTPUTF8 (RFC 6531) was offered on this connection
    int code;                             // of the last answer; 0: none came
    char reply[TRANSCRIPT_REPLY_MAX + 1]; // its last line, in printable ASCII
};

// Another transfer, perhaps on the same connection: what it offers stays.
void transcript_begin(struct transcript *transcript);
// One command that was sent, one line that came.
void transcript_sent(struct transcript *transcript, const char *command, size_t length);
void transcript_came(struct transcript *transcript, const char *line, size_t length);
