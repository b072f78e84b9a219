// A date closes the door to new entries and puts nobody out: whoever is in when the date of their
// session or link comes stays until the sitting closes and an hour more, is told fifteen minutes
// before the end, and renews by one press. While somebody is in, their session is kept a few
// minutes ahead of the date, so that a page that is loaded anew, or a control process that is,
// finds it good. Deadlines are monotonic: a wall clock that jumps ends nobody.
#pragma once

#include "app/app_priv.h"
#include "store/people.h"

#define STAY_TOLD_US  (INT64_C(15) * 60 * TIME_US_PER_S) // before anybody is out
#define STAY_AFTER_MS (INT64_C(60) * 60 * 1000)          // after the sitting
#define STAY_KEPT_MS  (INT64_C(5) * 60 * 1000)           // so far ahead a session is kept
#define STAY_LEAD_MS  (INT64_C(2) * 60 * 1000)           // and no nearer than that

// Whether the session is good now: by its date, or because somebody is in with it, or was a moment
// ago.
bool stay_is_good(struct app *app, const struct session_row *row);
// The same, and nothing is written: for one who looks at many.
bool stay_stands(const struct app *app, const struct session_row *row);
// The same for one seat of a session that is good, when its link had a date of its own.
bool stay_is_good_seat(struct app *app, const struct session_row *row, const struct seat_row *seat);
// The same for a link that is its own session: its page is in, or left a moment ago (the journal
// does not say "away" yet) while the sitting lasts.
bool stay_is_good_link(const struct app *app, const struct token_row *row);
// session.renew
void stay_renew(struct app *app, app_live live, uint64_t request);
