// Inside src/meeting: a desk whose interpreter is gone from it without a press. There are two ways:
// open and silent (no packets, no connection: it may come back by itself, and is closed when the
// countdown ends), and vacant (its page is gone: closed at once, and only a press opens it again).
#pragma once

#include "meeting/meeting_priv.h"

// Off the air without a press of its interpreter's: the desk says since when.
void desk_cut(struct outcome *outcome, struct booth *booth, struct desk *desk);
// Whoever would press is gone since then: the microphone closes, and the countdown runs. Nothing
// for desks that are off the air, and for others than interpreters; likewise below.
void desk_drop(struct outcome *outcome, const char *participant, time_ms since);
// The participant is lost for good: the partner takes over at once.
void desk_lose(struct outcome *outcome, const char *participant);
// The participant cannot take over either.
void desk_excuse(struct outcome *outcome, const char *participant);
// No desk of the booth says any more when it was cut off.
void desks_forget_cuts(struct booth *booth);

// Whether the booth counts down for a desk that is closed already.
bool lost_is_vacant(struct booth *booth);
// Somebody opens by their own press: such a countdown is over.
void lost_end_vacant(struct outcome *outcome, struct booth *booth);
// Whether no other booth has taken the channel meanwhile.
bool lost_output_is_free(const struct outcome *outcome, const struct booth *booth,
                         enum language target);
