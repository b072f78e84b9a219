// Feeds: what encoders and halls publish into the meeting from outside its pages. A feed is a fact
// from outside, like a connection: it begins, delivers, pauses, ends; these functions give the
// events that follow and have applied them, as commands do. Where it goes is a command (feed.put),
// or its name: one named as a language stands on that language's channel from the beginning, as a
// booth would.
#pragma once

#include "meeting/meeting.h"

struct meeting_feed_wish {
    const char *id;          // a-z, 0-9 and '-', at most CONTRACT_ID_MAX
    const char *participant; // who publishes; empty for a token of the feed's own
};

bool meeting_feed_id_is_valid(const char *id);
// NULL when there is none. Valid until the next event is applied.
const struct feed *meeting_find_feed(const struct meeting_state *state, const char *id);

// A feed that is there already goes on as it was, without an event. One named `floor` takes a free
// place on the floor when its publisher is one who may put it there. ERR_FULL at the maximum,
// ERR_INVALID for the id.
enum err CHECKED meeting_feed_begin(struct meeting_state *state,
                                    const struct meeting_feed_wish *wish, time_ms now,
                                    struct event_list *ret_events, struct refusal *ret_refusal);
void meeting_feed_delivers(struct meeting_state *state, const char *id, bool sound, bool picture,
                           time_ms now, struct event_list *ret_events);
// One on the floor is not heard since then, and leaves the floor at `closes_at` (0: never) if that
// lasts; `since` 0: it is heard. The same fact twice changes nothing.
void meeting_feed_silent(struct meeting_state *state, const char *id, time_ms since,
                         time_ms closes_at, time_ms now, struct event_list *ret_events);
void meeting_feed_end(struct meeting_state *state, const char *id, time_ms now,
                      struct event_list *ret_events);
