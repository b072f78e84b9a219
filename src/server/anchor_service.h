// Signs the heads of the journals (document/anchor.h) at intervals and at the end of each item and
// sitting, keeps them in ANCHOR_FILE, and carries them out of this machine: to a file elsewhere, to
// a web address, as configured. All of it in a thread of its own: nobody waits for a disk or a
// server that does not answer, and what could not be delivered is delivered later, also after a
// restart. The working directory is the data folder.
#pragma once

#include "base/err.h"
#include "base/time.h"
#include "document/signer.h"

struct anchor_config {
    const char *file;    // lines are appended to it; empty: none
    const char *webhook; // http: or https: address; lines are posted to it; empty: none
    time_us interval;
};

struct anchor_service;

// Opens ANCHOR_FILE, reads what names and certificates need and starts the thread, which first
// holds the journal against the heads that were signed before and logs what contradicts them, and
// opens the file elsewhere: only the thread waits for a disk of another machine. `signer` is
// borrowed.
enum err CHECKED anchor_service_create(const struct anchor_config *config,
                                       const struct signer *signer,
                                       struct anchor_service **ret_service);
// Signs what is new, delivers it to the file, and ends. NULL is allowed.
void anchor_service_destroy(struct anchor_service *service);
// The head of this meeting is to be signed; `why` is static. Any thread.
void anchor_service_due(struct anchor_service *service, const char *meeting, const char *why);

struct anchor_figures {
    uint64_t signed_total;
    uint64_t undelivered;    // bytes that wait to leave the machine
    uint64_t contradictions; // that were found at the start
};
struct anchor_figures anchor_service_figures(const struct anchor_service *service);
