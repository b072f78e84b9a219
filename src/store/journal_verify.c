#include <stdint.h>
#include <string.h>

#include "store/journal_priv.h"

struct verification {
    struct journal_verdict verdict;
    uint8_t last[JOURNAL_HASH_SIZE]; // of the last good row
};

// Its hash, and whether it has that and its data are what it committed to, or were destroyed.
static bool row_is_whole(const struct journal_row *row, uint8_t ret_hash[JOURNAL_HASH_SIZE])
{
    uint8_t commitment[JOURNAL_HASH_SIZE];
    journal_commitment(row, commitment);
    journal_hash(row, ret_hash);
    bool committed = row->form == JOURNAL_FORM_PLAIN ||
                     (row->form == JOURNAL_FORM_COMMITTED &&
                      (row->emptied ||
                       memcmp(commitment, row->commitment, sizeof commitment) == 0));
    return committed && memcmp(row->hash, ret_hash, JOURNAL_HASH_SIZE) == 0;
}

static const char *verify_row(const struct verification *verification,
                              const struct journal_row *row)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    if (row->seq == 0 || row->seq > INT64_MAX) {
        return "a row stands before the first"; // none of the server's: it counts from 1
    }
    if (row->seq != verification->verdict.rows + 1) {
        return "a row is missing";
    }
    if (memcmp(row->previous, verification->last, JOURNAL_HASH_SIZE) != 0) {
        return "a row does not follow the one before";
    }
    return row_is_whole(row, hash) ? NULL : "a row was changed";
}

static bool verify_visit(void *context, const struct journal_row *row)
{
    struct verification *verification = context;
    const char *reason = verify_row(verification, row);
    if (reason != NULL) {
        verification->verdict.bad_seq = verification->verdict.rows + 1;
        verification->verdict.reason = reason;
        return false;
    }
    verification->verdict.rows++;
    if (row->emptied && verification->verdict.emptied++ == 0) {
        verification->verdict.emptied_seq = row->seq;
    }
    memcpy(verification->last, row->hash, JOURNAL_HASH_SIZE);
    return true;
}

enum err journal_verify_in(struct database *database, const char *stream,
                           struct journal_verdict *ret_verdict)
{
    struct verification verification = {0};
    struct journal_head head;
    struct journal_head newer;
    // The head before and after: rows and head may be added while we read, together, and are never
    // taken away.
    enum err err = journal_table_head(database, stream, &head);
    if (err == ERR_NONE) {
        err = journal_table_read_all(database, stream, verify_visit, &verification);
    }
    if (err == ERR_NONE) {
        err = journal_table_head(database, stream, &newer);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct journal_verdict *verdict = &verification.verdict;
    if (verdict->bad_seq == 0 && verdict->rows > newer.seq) {
        verdict->bad_seq = newer.seq + 1;
        verdict->reason = "a row stands after the last one that was written";
    } else if (verdict->bad_seq == 0 && verdict->rows < head.seq) {
        verdict->bad_seq = verdict->rows + 1;
        verdict->reason = "rows are missing at the end";
    } else if (verdict->bad_seq == 0 && verdict->rows == head.seq &&
               memcmp(verification.last, head.hash, JOURNAL_HASH_SIZE) != 0) {
        verdict->bad_seq = verdict->rows;
        verdict->reason = "the last row is not the one that was written";
    }
    *ret_verdict = *verdict;
    return ERR_NONE;
}

struct head_check {
    const struct journal_head *head;
    uint32_t rows;
    bool good;
};

static bool head_visit(void *context, const struct journal_row *row)
{
    struct head_check *check = context;
    uint8_t hash[JOURNAL_HASH_SIZE];
    check->rows++;
    check->good = row_is_whole(row, hash) && check->rows == 1 && row->seq == check->head->seq &&
                  memcmp(hash, check->head->hash, JOURNAL_HASH_SIZE) == 0;
    return check->good;
}

enum err journal_verify_head(struct database *database, const struct journal_head *head)
{
    struct head_check check = {.head = head};
    struct journal_head found;
    enum err err = journal_table_head(database, head->stream, &found);
    if (err == ERR_NONE) {
        err = journal_table_read(database, head->stream, head->seq - 1, head_visit, &check);
    }
    if (err != ERR_NONE) {
        return err;
    }
    return check.good && found.seq == head->seq &&
                   memcmp(found.hash, head->hash, JOURNAL_HASH_SIZE) == 0
               ? ERR_NONE
               : ERR_CONFLICT;
}
