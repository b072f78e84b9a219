// People: accounts, personal-link tokens, sessions. Rows as they are stored; the rules (who may
// sign in, how a password is hashed, when a session ends) are app's. Secrets never arrive here: a
// password as its argon2id string, a token as its SHA-256. Times are given. Every call is
// synchronous, on the store's own thread.
//
// ERR_NOT_FOUND: no such row. ERR_CONFLICT: the key is taken. Visitors return false to stop.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "store/store.h"

#define ACCOUNT_NAME_MAX     63
#define ACCOUNT_PASSWORD_MAX 127 // libsodium's crypto_pwhash_STRBYTES - 1
#define ACCOUNT_ADDRESS_MAX  254 // RFC 5321, section 4.5.3.1.3, without the brackets
#define TOKEN_HASH_SIZE      32
#define TOKEN_USES_UNLIMITED INT64_MAX
#define TOKEN_DOOR_MAX       (CONTRACT_ID_MAX + 5)

// ---- Accounts

struct account_row {
    char name[ACCOUNT_NAME_MAX + 1]; // the key
    char display_name[PARTICIPANT_NAME_SIZE];
    char password[ACCOUNT_PASSWORD_MAX + 1]; // argon2id string; empty: cannot sign in by password
    char address[ACCOUNT_ADDRESS_MAX + 1];   // for mail; empty: none
    bool administrator;
    bool secretariat;
    bool disabled;
    time_ms created_at;
};

typedef bool account_visitor(void *context, const struct account_row *account);

enum err CHECKED account_add(struct store *store, const struct account_row *account);
enum err CHECKED account_get(struct store *store, const char *name,
                             struct account_row *ret_account);
// Everything but `created_at`.
enum err CHECKED account_update(struct store *store, const struct account_row *account);
// With its places in meetings, its sessions and its links.
enum err CHECKED account_delete(struct store *store, const char *name);
// By name, from the first after `after` on (empty: from the first).
enum err CHECKED account_list(struct store *store, const char *after, account_visitor *visit,
                              void *context);
// How many there are, and how many of them are administrators that are not disabled.
struct account_counts {
    int64_t all;
    int64_t administrators;
};
enum err CHECKED account_count(struct store *store, struct account_counts *ret_counts);

// Whose account it is at a provider (OpenID Connect: issuer and subject together name a person for
// ever).
#define SUBJECT_ISSUER_MAX 511
#define SUBJECT_MAX        255
enum err CHECKED account_find_subject(struct store *store, const char *issuer, const char *subject,
                                      char ret_account[ACCOUNT_NAME_MAX + 1]);
// ERR_CONFLICT: the subject has one. ERR_NOT_FOUND: there is no such account.
enum err CHECKED account_bind_subject(struct store *store, const char *issuer, const char *subject,
                                      const char *account);
// A new account that is the subject's, both or neither.
enum err CHECKED account_add_for_subject(struct store *store, const struct account_row *account,
                                         const char *issuer, const char *subject);

// Which participant an account is in a meeting. Setting replaces; an empty participant takes the
// place away.
enum err CHECKED account_set_participant(struct store *store, const char *name, const char *meeting,
                                         const char *participant);
enum err CHECKED account_get_participant(struct store *store, const char *name, const char *meeting,
                                         char ret_participant[CONTRACT_ID_MAX + 1]);

// A number that moves whenever an account is disabled, enabled or removed, or one of its places is
// given, changed or taken away, whichever process did it.
enum err CHECKED people_version(struct store *store, int64_t *ret_version);

// ---- Links of accounts: by one their holder sets a password, once. An account has one that is
// good. The first account's is good while there is no account.

struct account_link_row {
    uint8_t hash[TOKEN_HASH_SIZE];      // the key
    char account[ACCOUNT_NAME_MAX + 1]; // empty: it makes the first account
    time_ms created_at;
    time_ms expires_at;
    enum link_state state; // as kept: good, used, or revoked by a newer one
};

// Those of before open nothing any more. ERR_NOT_FOUND: no such account.
enum err CHECKED account_link_add(struct store *store, const struct account_link_row *link);
enum err CHECKED account_link_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                                   struct account_link_row *ret_link);
// The account's newest.
enum err CHECKED account_link_newest(struct store *store, const char *account,
                                     struct account_link_row *ret_link);
// What the holder has set: the account's name and password, or the first account, all of it.
// ERR_EXPIRED: the link is not good any more; ERR_CONFLICT: there is an account already, and the
// link is the first's; ERR_NOT_FOUND: the account or the link is gone. Then nothing is written. Two
// callers cannot use it.
enum err CHECKED account_link_use(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                                  const struct account_row *account, time_ms now);

// ---- Personal-link tokens

struct token_row {
    uint8_t hash[TOKEN_HASH_SIZE]; // the key
    char meeting[CONTRACT_ID_MAX + 1];
    char participant[CONTRACT_ID_MAX + 1]; // empty until the first use adds one, made of the rest
    char name[PARTICIPANT_NAME_SIZE];
    char delegation[CONTRACT_ID_MAX + 1];
    enum capacity capacity;
    enum language language;
    time_ms created_at;
    time_ms expires_at;
    int64_t uses_left; // TOKEN_USES_UNLIMITED
    bool revoked;
    char door[TOKEN_DOOR_MAX + 1]; // the one door it opens; empty for a person's link
};

typedef bool token_visitor(void *context, const struct token_row *token);

enum err CHECKED token_add(struct store *store, const struct token_row *token);
// Many, all or none.
enum err CHECKED tokens_add(struct store *store, const struct token_row *tokens, uint32_t count);
enum err CHECKED token_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                            struct token_row *ret_token);
// The participant's newest link; a revoked one too.
enum err CHECKED token_find_participant(struct store *store, const char *meeting,
                                        const char *participant, struct token_row *ret_token);
// Takes one use. ERR_EXPIRED when the token is revoked, used up, or expired at `now`; two callers
// cannot take the last use.
enum err CHECKED token_use(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE], time_ms now);
// Writes down which participant the token has become.
enum err CHECKED token_bind(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                            const char *participant);
enum err CHECKED token_revoke(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE]);
// All tokens of a participant; none is a success.
enum err CHECKED token_revoke_participant(struct store *store, const char *meeting,
                                          const char *participant);
// The tokens of a meeting, oldest first.
enum err CHECKED token_list(struct store *store, const char *meeting, token_visitor *visit,
                            void *context);

// ---- Sessions

// A person who has signed in. `meeting` and `participant` are the seat that they signed in for; all
// that they may sit in are their seats.
struct session_row {
    char id[CONTRACT_ID_MAX + 1];          // public: to list and revoke
    uint8_t hash[TOKEN_HASH_SIZE];         // of the session token
    char meeting[CONTRACT_ID_MAX + 1];     // empty: an account's session without a meeting
    char participant[CONTRACT_ID_MAX + 1]; // empty: the same
    char account[ACCOUNT_NAME_MAX + 1];    // empty: signed in by a personal link
    char name[PARTICIPANT_NAME_SIZE];
    enum capacity capacity;
    time_ms created_at;
    time_ms seen_at;
    time_ms expires_at;
    time_ms kept_until; // whoever was in when it expired may come back until then; 0: nobody was
};

typedef bool session_visitor(void *context, const struct session_row *session);

// One made by a link has the seat that it is for.
enum err CHECKED session_add(struct store *store, const struct session_row *session);

// What signing in by a link writes down.
struct link_session_row {
    uint8_t link[TOKEN_HASH_SIZE]; // one of its uses is taken, as by token_use()
    bool binds;                    // it becomes the session's participant, as by token_bind()
    struct session_row session;
    enum err err; // of token_use(): nothing is written of this one then
};
// Those who come together, in one transaction: an error is everybody's, and nothing is written.
enum err CHECKED session_add_by_links(struct store *store, struct link_session_row *rows,
                                      uint32_t count, time_ms now);
// Also finds an expired one: whether it is still good is the caller's question.
enum err CHECKED session_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                              struct session_row *ret_session);
enum err CHECKED session_get(struct store *store, const char *id, struct session_row *ret_session);
enum err CHECKED session_touch(struct store *store, const char *id, time_ms now);
// Its new date.
enum err CHECKED session_extend(struct store *store, const char *id, time_ms expires_at);
enum err CHECKED session_keep(struct store *store, const char *id, time_ms kept_until);
enum err CHECKED session_revoke(struct store *store, const char *id);
// The participant's seats in all sessions, and the sessions of links that have no other; none is a
// success.
enum err CHECKED session_revoke_participant(struct store *store, const char *meeting,
                                            const char *participant);
// Those of an account (when not empty) or else those that have a seat of this participant; newest
// first.
enum err CHECKED session_list(struct store *store, const char *account, const char *meeting,
                              const char *participant, session_visitor *visit, void *context);
// ---- Seats: the participant that a session's person is in a meeting. An account has its places
// (account_set_participant) in each of its sessions; what a link has brought belongs to the
// session.

struct seat_row {
    char meeting[CONTRACT_ID_MAX + 1]; // the key, within one session
    char participant[CONTRACT_ID_MAX + 1];
    time_ms expires_at; // the link's date; INT64_MAX: the session's own is the only one
    time_ms kept_until; // as a session's
};

typedef bool seat_visitor(void *context, const struct seat_row *seat);

// What a link has brought. Replaces the one in the same meeting. ERR_NOT_FOUND: no such session.
enum err CHECKED seat_set(struct store *store, const char *session, const struct seat_row *seat);
// An account's place comes before what a link has brought. `account` may be empty.
enum err CHECKED seat_find(struct store *store, const char *session, const char *account,
                           const char *meeting, struct seat_row *ret_seat);
// By meeting, each meeting once, from the first after `after` on (empty: from the first).
enum err CHECKED seat_list(struct store *store, const char *session, const char *account,
                           const char *after, seat_visitor *visit, void *context);

// Deletes the sessions, tokens and links that expired at or before `before`; `ret_count` says how
// many.
enum err CHECKED people_expire(struct store *store, time_ms before, uint32_t *ret_count);
