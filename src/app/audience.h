// Inside src/app only, as part of app_priv.h: whoever came as a listener by a link of their own is
// one of the audience, who is counted and in no list: no participant of the meeting's state, no
// event of its journal. They are known by their id, by their link in the store, and while their
// page or their sound is there by their attendance. Only while a call for help of theirs is open
// are they a participant too (meeting_audience_calls). Listeners whom older journals have among the
// participants, or an organiser has put there by name, are participants like others. Control
// thread only.
#pragma once

#include "app/app.h"
#include "meeting/meeting.h"
#include "store/people.h"

struct app_attendance;
struct app_meeting;

// Whether the id is of the audience: no participant's is made like it.
bool audience_is(const char *participant);
// The id of whoever comes with this link: the same each time, until it is written down.
void audience_name(struct token_row *token);
// Who has this link, which has such an id: at the entrance.
void audience_of_link(const struct token_row *token, struct participant *ret_listener);
// The same by the id, as the store has them; somebody without a name when it does not.
// ERR_FORBIDDEN: the link was revoked.
enum err CHECKED audience_read(const struct app *app, const char *meeting, const char *id,
                               struct participant *ret_listener);

// A participant, or one of the audience whose page or sound is there; NULL: neither. As decided.
const struct participant *person_of(const struct app_meeting *meeting, const char *id);
// The same, and one of the audience who is about to come. ERR_FORBIDDEN: removed, or nobody.
enum err CHECKED person_find(const struct app *app, const struct app_meeting *meeting,
                             const char *id, struct participant *ret_person);
// A command for the meeting by one of the audience who is in no list.
void audience_command(struct app *app, app_live live, uint64_t request,
                      const struct command *command);
