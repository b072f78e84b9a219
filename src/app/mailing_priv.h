// Inside src/app only, as part of app_priv.h: what the part that sends mails remembers (mailing.c).
// All of it may be forgotten: what counts is stored.
#pragma once

#include "app/mailing.h"

struct mailing {
    struct app_mail_port port; // nothing is given, and nothing taken, without one
    time_us look_at;           // at what is due
    time_us held_until;        // the server takes no mail
    time_us pause;             // of the next such hold; 0: it took one last, or was not asked
    time_us tidy_at;
    bool under_way; // one mail at a time
    bool answered;  // what came of it is not written down yet
    struct mail_answer answer;
    char id[CONTRACT_ID_MAX + 1]; // of that mail, as what follows
    uint32_t tries;
    time_ms created_at;
    bool secret;
    bool log_has_secret; // a text that was erased stands in the database's log
    uint64_t taken;
    uint64_t put_off;
};
