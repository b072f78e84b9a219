#include <string.h>

#include "store/house.h"
#include "store/people.h"
#include "store/store_priv.h"

enum err address_set(struct store *store, const char *meeting, const char *participant,
                     const char *address)
{
    struct statement statement;
    if (address[0] == '\0') {
        statement_reuse(&statement, &store->database,
                        "DELETE FROM address WHERE meeting = ? AND participant = ?");
    } else {
        statement_reuse(&statement, &store->database,
                        "INSERT INTO address (meeting, participant, address) VALUES (?, ?, ?)"
                        " ON CONFLICT (meeting, participant)"
                        " DO UPDATE SET address = excluded.address");
    }
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    if (address[0] != '\0') {
        statement_bind_text(&statement, address);
    }
    return statement_run(&statement);
}

// ?1 is the meeting. Of each participant the newest link, of those that are a person's.
#define LINKS                                                                                \
    "SELECT participant, revoked, expires_at, uses_left, max(created_at) AS made FROM token" \
    " WHERE meeting = ?1 AND participant <> '' AND door = '' GROUP BY participant"
#define KNOWN                                                               \
    "SELECT participant FROM address WHERE meeting = ?1"                    \
    " UNION SELECT participant FROM account_participant WHERE meeting = ?1" \
    " UNION SELECT participant FROM token WHERE meeting = ?1 AND participant <> ''"
#define CONTACTS                                                                             \
    "SELECT known.participant, coalesce(address, ''), coalesce(max(account), ''),"           \
    " coalesce(revoked, -1), coalesce(link.expires_at, 0), coalesce(uses_left, 0)"           \
    " FROM (" KNOWN                                                                          \
    ") AS known"                                                                             \
    " LEFT JOIN address ON address.meeting = ?1 AND address.participant = known.participant" \
    " LEFT JOIN account_participant AS place"                                                \
    "  ON place.meeting = ?1 AND place.participant = known.participant"                      \
    " LEFT JOIN (" LINKS ") AS link ON link.participant = known.participant"

static enum link_state link_of(struct statement *statement, time_ms now)
{
    int64_t revoked = statement_int(statement, 3);
    if (revoked < 0) {
        return LINK_STATE_NONE;
    }
    if (revoked > 0) {
        return LINK_STATE_REVOKED;
    }
    if (statement_int(statement, 4) <= now) {
        return LINK_STATE_EXPIRED;
    }
    return statement_int(statement, 5) == 0 ? LINK_STATE_USED : LINK_STATE_GOOD;
}

static void contact_read(struct statement *statement, time_ms now, struct contact_row *contact)
{
    *contact = (struct contact_row){0};
    statement_copy_text(statement, 0, contact->participant, sizeof contact->participant);
    statement_copy_text(statement, 1, contact->address, sizeof contact->address);
    statement_copy_text(statement, 2, contact->account, sizeof contact->account);
    contact->link = link_of(statement, now);
    contact->link_expires_at = contact->link == LINK_STATE_NONE ? 0 : statement_int(statement, 4);
}

enum err contact_list(struct store *store, const char *meeting, time_ms now, contact_visitor *visit,
                      void *context)
{
    struct statement statement;
    struct contact_row contact;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    CONTACTS " GROUP BY known.participant ORDER BY known.participant");
    statement_bind_text(&statement, meeting);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        contact_read(&statement, now, &contact);
        if (statement.err == ERR_NONE && !visit(context, &contact)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}

enum err contact_get(struct store *store, const char *meeting, const char *participant, time_ms now,
                     struct contact_row *ret_contact)
{
    struct statement statement;
    bool row = false;
    *ret_contact = (struct contact_row){0};
    statement_reuse(&statement, &store->database,
                    CONTACTS " WHERE known.participant = ?2 GROUP BY known.participant");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        contact_read(&statement, now, ret_contact);
        err = statement.err;
    }
    statement_finish(&statement);
    return err;
}

static enum err contact_add(struct store *store, const char *meeting, const struct contact_row *row)
{
    enum err err = row->address[0] != '\0'
                       ? address_set(store, meeting, row->participant, row->address)
                       : ERR_NONE;
    return err == ERR_NONE && row->account[0] != '\0'
               ? account_set_participant(store, row->account, meeting, row->participant)
               : err;
}

enum err contacts_add(struct store *store, const char *meeting, const struct contact_row *rows,
                      uint32_t count)
{
    enum err err = database_begin(&store->database);
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        err = contact_add(store, meeting, &rows[i]);
    }
    err = err == ERR_NONE ? database_commit(&store->database) : err;
    if (err != ERR_NONE) {
        database_rollback(&store->database);
    }
    return err;
}
