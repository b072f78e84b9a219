// Gives messages to the one mail server that the operator has named (RFC 5321, by libcurl), one
// after the other on a connection that is kept for a moment. A sender belongs to one thread at a
// time; each call takes as long as the server does, up to the timeouts.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define MAIL_WORDS_MAX 255

enum mail_tls {
    MAIL_TLS_REQUIRED,      // STARTTLS (or smtps:), and the certificate is good for the name
    MAIL_TLS_OPPORTUNISTIC, // where it is offered, whoever's the certificate is
    MAIL_TLS_NONE,
    MAIL_TLS_COUNT,
};
bool mail_tls_from_text(const char *text, enum mail_tls *ret_tls);
// smtp://HOST[:PORT] or smtps://HOST[:PORT], nothing else.
bool mail_server_is_valid(const char *url);

// All texts are borrowed for as long as the sender lives.
struct mail_server {
    const char *url;           // as above
    const char *name;          // of this machine, for EHLO
    const char *user;          // empty: nobody signs in
    const char *password_file; // its first line; read for each mail
    const char *authorities;   // PEM file of those that vouch for the server; empty: the system's
    enum mail_tls tls;
};

enum mail_outcome {
    MAIL_TAKEN,       // the server answers for it now
    MAIL_PUT_OFF,     // not this mail now: a later try may do
    MAIL_REFUSED,     // not this mail, ever
    MAIL_UNREACHABLE, // no mail now, whichever it is
};

struct mail_answer {
    enum mail_outcome outcome;
    char words[MAIL_WORDS_MAX + 1]; // the server's last line, or what happened; never a secret
};

struct mail_sender;

// Before other threads use libcurl for the first time. ERR_INVALID: a name and a password would go
// to whoever answers; they go over TLS that is required alone.
enum err CHECKED mail_sender_create(const struct mail_server *server,
                                    struct mail_sender **ret_sender);
// NULL is allowed.
void mail_sender_destroy(struct mail_sender *sender);
// What is under way ends at once (while a name is looked up, soon), as MAIL_PUT_OFF or
// MAIL_UNREACHABLE; so does all that follows. Any thread.
void mail_sender_stop(struct mail_sender *sender);
// `from` and `to` are addresses that mail_address_check() has taken. Where one is not ASCII and the
// server does not offer SMTPUTF8, the mail is refused before it is shown to it.
void mail_send(struct mail_sender *sender, const char *from, const char *to, const char *message,
               size_t size, struct mail_answer *ret_answer);
// Connects, greets, signs in, and sends nothing: MAIL_TAKEN when the server would go on.
void mail_greet(struct mail_sender *sender, struct mail_answer *ret_answer);
