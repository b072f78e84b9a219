// Inside src/app only: what a meeting's sound would be if it could be written. While the store is
// closed, what the rules make of what is heard, and who closes their own microphone, stand in
// `decided` alone: media carries that, nobody is told, and it goes to the journal as soon as it
// can. Control thread.
#pragma once

#include "app/app.h"

struct app_meeting;
struct app_connection;

// Whether a part may decide of the sound now, be it for the journal or meanwhile. Where there is no
// room meanwhile, what was decided is thrown away first, but for who closed what: what is heard is
// looked at again, and comes to the same.
bool meanwhile_may_decide(struct app *app, struct app_meeting *meeting);
// app_record() of the events of such a decision, with no answer.
void meanwhile_record(struct app *app, struct app_meeting *meeting);
// The command of one who closes their own microphone, or takes that back, while the store is
// closed. True when it was taken and is answered; false: it is refused like all others.
bool meanwhile_command(struct app *app, const struct app_connection *connection, uint64_t request,
                       const struct command *command);

// What media carries of the meeting; NULL while that is on its way to the disk, and stays as it is.
const struct meeting_state *meanwhile_carried(const struct app_meeting *meeting);

// (meanwhile_kept.c)
// What stands meanwhile, onto `decided`, which is what has been told.
void meanwhile_restore(struct app_meeting *meeting);
// The store has closed (again); it is open: to the journal; a batch of the meeting was written.
void meanwhile_closed(struct app_meeting *meeting);
void meanwhile_write(struct app *app, struct app_meeting *meeting);
void meanwhile_committed(struct app_meeting *meeting);
