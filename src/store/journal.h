// The journal: streams of events in their order, append-only, each row chained to the one before of
// its stream by its hash. A meeting's stream is "meeting/ID"; the calls that speak of a meeting
// take the ID.
//
// Appending is asynchronous. The control thread encodes the events and posts them as one batch; the
// writing thread commits all waiting batches in one transaction (group commit: one fsync for all
// that came during the last one) and then makes store_event_fd() readable. Nothing may be told to
// anyone before journal_committed() has reached its ticket.
//
// When a commit fails, nothing is tried again as if nothing had been. Everything that waits is
// refused: the journal is closed, and journal_committed() says so. The writer opens the database
// anew, looks whether what it acknowledged is there, and tries a commit, until one succeeds: then
// journal_reopen() opens the journal again. Only when the disk was full and the reserve (store.h)
// makes room, the same batches are written after that look, and nobody learns of it. When what was
// acknowledged is not there any more, the process must end, and a new one replays what is. What was
// refused may stand on the disk nevertheless when the process ends while the journal is closed.
//
// A row's hash is SHA-256 over, in this order, numbers big-endian and every text preceded by its
// length in 4 bytes:
//   "plenary journal 2" | the previous row's hash (32 bytes, zeros before the first) | stream |
//   seq (8) | at (8) | by | on_behalf (1) | type | commitment (32)
// where the commitment is SHA-256 over the row's salt (16 random bytes) and `data`, the event's
// data as compact JSON with sorted keys. So data and salt can be destroyed, and the chain still
// shows that nothing else was changed; and who has the hashes cannot find short data by trying. The
// rows of before (form 1) have no salt and no commitment:
//   the previous row's hash | the meeting's ID | seq (8) | at (8) | by | on_behalf (1) | type |
//   data
// They keep their hashes, and the first row of form 2 follows the last of them. The newest hash of
// each stream is also kept apart, so that rows cut from the end are missed too.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "store/store.h"

#define JOURNAL_HASH_SIZE   32
#define JOURNAL_SALT_SIZE   16
#define JOURNAL_STREAM_MAX  (CONTRACT_ID_MAX + 15)
#define JOURNAL_BATCHES_MAX 4096 // posted and not yet committed

enum journal_form {
    JOURNAL_FORM_PLAIN = 1,     // its data are in its hash: rows of before
    JOURNAL_FORM_COMMITTED = 2, // a commitment to them is
};

// One event as it is stored. Everything is borrowed for the length of the call that shows it.
struct journal_row {
    const char *stream;
    uint64_t seq;
    time_ms at;
    const char *by; // empty: the server itself
    bool on_behalf_of_chair;
    const char *type;
    const char *data;
    size_t data_length;
    enum journal_form form;
    bool emptied; // of form 2: data and salt were destroyed, both; the commitment stands for them
    uint8_t salt[JOURNAL_SALT_SIZE];       // of form 2, as is the next
    uint8_t commitment[JOURNAL_HASH_SIZE]; //
    uint8_t previous[JOURNAL_HASH_SIZE];
    uint8_t hash[JOURNAL_HASH_SIZE];
};

// Posts a batch: all of it is committed or nothing. Events of one meeting must come in the order of
// their seq, without a gap. ERR_INVALID when an event could not be read back (nothing is posted),
// ERR_FULL when JOURNAL_BATCHES_MAX wait, ERR_STORAGE while closed, ERR_IO as below. `ret_ticket`
// counts the batches of this store from 1. No events: the last ticket given.
enum err CHECKED journal_append(struct store *store, const char *meeting,
                                const struct event *events, uint32_t count, uint64_t *ret_ticket);
// Every batch up to this ticket is on the disk. Makes the event fd quiet. ERR_STORAGE while the
// journal is closed: of what was posted nothing beyond `ret_ticket` is, or ever will be, committed.
// ERR_IO when what was acknowledged is not on the disk any more.
enum err CHECKED journal_committed(struct store *store, uint64_t *ret_ticket);
// Ends ERR_STORAGE as soon as the disk takes everything again: true when events are taken from now
// on. Whoever appends has forgotten what was refused by then.
bool journal_reopen(struct store *store);
// Waits until everything posted is committed or refused; returns as journal_committed(). For
// setting up and stopping, not for serving.
enum err CHECKED journal_flush(struct store *store);

// Visitors return false to stop. Only committed rows are seen.
typedef bool journal_event_visitor(void *context, const struct event *event);
typedef bool journal_row_visitor(void *context, const struct journal_row *row);
typedef bool journal_meeting_visitor(void *context, const char *meeting, uint64_t last_seq);

// The events after `after`, oldest first. ERR_MALFORMED when a row cannot be read as an event.
enum err CHECKED journal_read(struct store *store, const char *meeting, uint64_t after,
                              journal_event_visitor *visit, void *context);
// Of those from `from` to before `before` the ones whose type is wanted, the newest first; the
// others are not read as events.
enum err CHECKED journal_read_back(struct store *store, const char *meeting, uint64_t from,
                                   uint64_t before, const bool wanted[EVENT_COUNT],
                                   journal_event_visitor *visit, void *context);
enum err CHECKED journal_read_rows(struct store *store, const char *meeting, uint64_t after,
                                   journal_row_visitor *visit, void *context);
// The meetings that have a journal: where something happened last comes first.
enum err CHECKED journal_meetings(struct store *store, journal_meeting_visitor *visit,
                                  void *context);

// The hash of the meeting's last event and its number; 0 and zeros for a meeting without one.
enum err CHECKED journal_head(struct store *store, const char *meeting, uint64_t *ret_seq,
                              uint8_t ret_hash[JOURNAL_HASH_SIZE]);
// The hash of one event. ERR_NOT_FOUND when there is none of that number.
enum err CHECKED journal_hash_of(struct store *store, const char *meeting, uint64_t seq,
                                 uint8_t ret_hash[JOURNAL_HASH_SIZE]);

struct journal_verdict {
    uint64_t rows;        // that are good
    uint64_t bad_seq;     // the first that is not; 0 when all are
    uint64_t emptied;     // of the good ones, those whose data were destroyed
    uint64_t emptied_seq; // the first of them; 0 when there is none
    const char *reason;   // static text; NULL when all are good
};
// Walks the whole chain of one meeting. An error only when the database cannot be read: a broken
// chain is a verdict.
enum err CHECKED journal_verify(struct store *store, const char *meeting,
                                struct journal_verdict *ret_verdict);

// What a row of form 2 commits to by its salt and data. Pure.
void journal_commitment(const struct journal_row *row, uint8_t ret_commitment[JOURNAL_HASH_SIZE]);
// The hash that `row` must have after `row->previous`; of form 2 by its commitment, whatever its
// data. Pure.
void journal_hash(const struct journal_row *row, uint8_t ret_hash[JOURNAL_HASH_SIZE]);
