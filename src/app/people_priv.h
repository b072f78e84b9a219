// Inside src/app only: what signing in, sessions and passwords lend each other.
#pragma once

#include "app/app_priv.h"
#include "app/secret.h"

// What a session made of `row` (meeting, participant, account, name, capacity, expires_at) has
// besides, and its token, which is shown once.
void session_make(struct session_row *row, time_ms wall, char ret_token[APP_TOKEN_MAX + 1]);
// One link can sign in as often as it likes: what is more than a person has places for makes room.
enum err CHECKED session_trim(struct app *app, const struct session_row *newest);
// All of it, at once.
enum err CHECKED session_begin(struct app *app, struct session_row *row, time_ms wall,
                               struct session *ret_session);
// All sessions of an account but `spared` (an id; "": none is), at once; none is a success.
// `reason` is told to whoever is in.
enum err CHECKED sessions_end_of_account(struct app *app, const char *account, const char *spared,
                                         const char *reason);
// An account's, in the meeting that is wanted, or ("") without one. ERR_FORBIDDEN: it has no place
// there.
enum err CHECKED account_session(struct app *app, const struct account_row *account,
                                 const char *wanted, time_ms wall, struct session *ret_session);
// Some of a person's seats, by meeting: an account has as many as it has meetings.
struct seat_rows {
    struct seat_row rows[SEATS_SEATS_MAX];
    uint32_t count;
    // A meeting: the next reading goes on after it. Empty: begins at the first; after a reading,
    // there are no more. An error says nothing of it.
    char next[CONTRACT_ID_MAX + 1];
};

// The next seats of a session; those of whoever asks, of which a bare link has the one that it is
// for. With an error the list holds those that were read until then.
enum err CHECKED seats_read(struct app *app, const char *session, const char *account,
                            struct seat_rows *ret_list);
enum err CHECKED seats_own(struct app *app, const struct app_identity *identity,
                           struct seat_rows *ret_list);
// The seat in `meeting` (ERR_NOT_FOUND: none), or (NULL) the one that they signed in for; when that
// is closed to them another that is not. `seat` stays as it is for who signed in without a meeting.
// ERR_FORBIDDEN: they have none any more.
enum err CHECKED seat_choose(struct app *app, const struct session_row *row, const char *meeting,
                             struct seat_row *seat);
// Says in `identity` what they are there. ERR_FORBIDDEN (removed), ERR_EXPIRED, ERR_SET_ASIDE.
enum err CHECKED seat_sit(struct app *app, const struct session_row *row,
                          const struct seat_row *seat, struct app_identity *identity);

// The link's participant, made by the first use of a wish; or one of the audience, of whom the link
// alone tells. ERR_FORBIDDEN when removed. `ret_refusal`: why the meeting does not take somebody
// new, with its error. Somebody new is decided and not committed yet (link_waits()), and the link
// does not say yet who it is for: token_bind(), once link_taken() has nothing against it.
enum err CHECKED link_arrive(struct app *app, struct token_row *token,
                             struct participant *ret_participant, struct refusal *ret_refusal);
bool link_waits(const struct app *app, const char *meeting, const char *participant);
// After the waiting. ERR_STORAGE: the journal did not take them. ERR_FORBIDDEN: they were removed.
enum err CHECKED link_taken(const struct app *app, const char *meeting, const char *participant);
// For the journal, with the whole loop.
void link_wait(struct app *app);
// All of it at once, for who is answered at once: committed before anybody hears of it.
enum err CHECKED link_participant(struct app *app, struct token_row *token,
                                  struct participant *ret_participant, struct refusal *ret_refusal);
// ERR_UNAUTHENTICATED, ERR_FORBIDDEN (revoked with the participant) or ERR_EXPIRED.
enum err CHECKED link_find(struct app *app, const char *token, time_ms wall,
                           struct token_row *ret_row);
// The participant's links open nothing any more, and the sessions that they made end.
enum err CHECKED seat_end_links(struct app *app, const char *meeting, const char *participant);
