// Mails that leave the machine: whoever has something to say to people who are not here posts it,
// and need not look after it any more. What was posted is stored; it goes to the operator's mail
// server as soon as that takes it, is tried again for five days, survives every restart, and goes
// once, unless the server took it and the machine stopped before it heard so: then twice, with one
// Message-ID. Control thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "mail/sender.h"

struct app;
struct mail_row;

#define APP_MAILS_MAX 2048 // posted at once

struct app_mail {
    const char *to;         // address
    const char *to_name;    // may be NULL
    enum language language; // of subject and text
    const char *subject;
    const char *text;     // lines ended by LF; an address of a page can be pressed
    const char *calendar; // as calendar_write() makes it; NULL: none
    const char *method;   // with a calendar: calendar_method_text()
    bool secret;          // holds a personal link: its text goes with its last try
};

// Gives a mail to the operator's mail server, elsewhere; app_mail_done() says what came of it. One
// at a time. False when that cannot be now; else the row is the port's to free.
struct app_mail_port {
    bool (*give)(void *context, struct mail_row *row);
    void *context;
    const char *from; // the address that mails come from; borrowed for the life of the app
    const char *url;  // where people reach the server, without a slash at its end; the same
};

// There is a mail server: from now on what is due goes there. Once, after app_create().
void app_mail_serve(struct app *app, const struct app_mail_port *port);
// Whether there is one.
bool app_mail_possible(const struct app *app);
// All or none. ERR_UNAVAILABLE: there is no mail server; ERR_INVALID: an address is none, or a text
// cannot be sent (mail/message.h), `ret_which` says whose; ERR_FULL: too many wait already.
enum err CHECKED app_mail_post(struct app *app, const struct app_mail *mails, uint32_t count,
                               uint32_t *ret_which);
// What came of the mail that was given to the port.
void app_mail_done(struct app *app, const struct mail_answer *answer, time_us now, time_ms wall);
