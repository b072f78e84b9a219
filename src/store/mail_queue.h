// Mails that are to leave the machine, and what became of them. A mail is written here before
// anybody is told that it will go, and stands here until the mail server has taken it. What holds a
// personal link loses its text with its last try: kept are address, subject, dates and result.
// Synchronous, on the store's own thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "store/store.h"

#define MAIL_QUEUE_WAITING_MAX  10000
#define MAIL_QUEUE_FINISHED_MAX 50000 // sent or failed; of more the oldest go
#define MAIL_QUEUE_ERROR_MAX    255
#define MAIL_QUEUE_ADDRESS_MAX  254
#define MAIL_QUEUE_SHORT_MAX    1023

enum mail_state { MAIL_WAITING, MAIL_SENT, MAIL_FAILED, MAIL_STATE_COUNT };
const char *mail_state_text(enum mail_state state); // "waiting", "sent", "failed"

// Texts are borrowed when a row is added, and the row's own when it is read.
struct mail_row {
    char id[CONTRACT_ID_MAX + 1]; // the key
    const char *address;
    const char *name;     // of whom it is for; may be empty
    const char *language; // of subject and text, as in Content-Language
    const char *subject;
    const char *text;     // lines ended by LF
    const char *calendar; // empty: none
    const char *method;   // of the calendar
    bool secret;          // its text goes with its last try
    time_ms created_at;
    // What became of it so far.
    enum mail_state state;
    uint32_t tries;
    time_ms next_try_at; // while it waits
    time_ms finished_at; // 0: it waits
    const char *error;   // of the last try that failed; empty: none did
};

// They wait, and are due at once. All or none: ERR_FULL when more than MAIL_QUEUE_WAITING_MAX would
// wait, ERR_CONFLICT: an id is taken.
enum err CHECKED mail_queue_add(struct store *store, const struct mail_row *rows, uint32_t count);
// The one that is due for longest at `now`; ERR_NOT_FOUND when none is. Owned by the caller:
// mail_row_free().
enum err CHECKED mail_queue_next(struct store *store, time_ms now, struct mail_row **ret_row);
void mail_row_free(struct mail_row *row);
// What came of a try of a mail that waits; ERR_NOT_FOUND for any other. `tried`: it was this mail's
// try, and not one that ended before the server saw anything of it.
enum err CHECKED mail_queue_sent(struct store *store, const char *id, time_ms at);
enum err CHECKED mail_queue_put_off(struct store *store, const char *id, bool tried,
                                    time_ms next_try_at, const char *error);
enum err CHECKED mail_queue_failed(struct store *store, const char *id, time_ms at,
                                   const char *error);

struct mail_counts {
    uint32_t of[MAIL_STATE_COUNT];
};
enum err CHECKED mail_queue_count(struct store *store, struct mail_counts *ret_counts);
typedef bool mail_visitor(void *context, const struct mail_row *row);
// Newest first, without text and calendar. False from the visitor stops.
enum err CHECKED mail_queue_list(struct store *store, mail_visitor *visit, void *context);
// Those finished before that time go, and of the others what is beyond MAIL_QUEUE_FINISHED_MAX.
enum err CHECKED mail_queue_tidy(struct store *store, time_ms before);
