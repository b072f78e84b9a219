// Who has the places for connections, and who gives way when there are none left. Counted by
// address (client_address_counted) and by person: a few places of somebody with a session never
// give way; of the others first those of the person who has most beyond these, then those of the
// address that has most. No socket, no clock: `now` is given. One owning thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "http/client_address.h"

// Without a session, in the order in which they give way.
enum place_kind {
    PLACE_NEW,   // has not sent a whole head of a request, at first or again
    PLACE_IDLE,  // between two requests
    PLACE_BUSY,  // a request is at hand
    PLACE_KNOWN, // somebody with a session, who has no more of them than a person may
    PLACE_KIND_COUNT,
};

struct places;
struct place_address;
struct place_person;

// One connection's, within the owner's memory; on a list.
struct place {
    struct place_address *address;
    struct place_person *person; // NULL: nobody has shown a session
    enum place_kind kind;
    bool live;         // PLACE_KNOWN: as a live connection
    time_us since;     // of this kind
    bool on_probation; // entered on a place kept for who has a session
    struct place *older;
    struct place *newer;
};

struct places_config {
    uint32_t max;
    uint32_t kept;            // of them: only for who shows a session or asks whether we live
    uint32_t per_address_max; // does not bind trusted proxies
    uint64_t seed;
};

enum err CHECKED places_create(const struct places_config *config, struct places **ret_places);
void places_destroy(struct places *places);

// A connection that has to be closed before another is admitted, or because its address has too
// many that say nothing; NULL when there is none. The owner closes it and calls places_leave(), and
// asks again.
struct place *places_victim(struct places *places, const struct client_address *counted,
                            bool trusted, time_us now);
// A whole request of somebody without a session is there: false when its place is one of those that
// are kept for who has one, and the others are still taken. Half of the kept ones (at least one)
// are never PLACE_KNOWN, so that somebody is there who gives way.
bool places_claim(struct places *places, struct place *place);
// False when there is no place, even for who has a session; or none but those that are kept, and
// the address is one of those that have most.
bool places_enter(struct places *places, struct place *place, const struct client_address *counted,
                  bool trusted, time_us now);
void places_leave(struct places *places, struct place *place);
// Any kind but PLACE_KNOWN; what is that stays it.
void places_set_kind(struct places *places, struct place *place, enum place_kind kind, time_us now);

// So many of one person are PLACE_KNOWN at once: requests (a browser opens six), and live
// connections (one, and those that are just being replaced).
#define PLACES_OF_A_PERSON 8
#define PLACES_LIVE        8
// Somebody with a session is there, with a live connection or a request. False when this place is
// not one of those that are theirs: it may have to give way. Where there is none for a live
// connection, it takes that of a request, or of the same person's live one.
bool places_know(struct places *places, struct place *place, uint64_t person, bool live,
                 time_us now);
// The connection says goodbye: it is nobody's now.
void places_forget(struct places *places, struct place *place, time_us now);

// A handshake has come about: the time for the head begins.
void places_restart(struct places *places, struct place *place, time_us now);

// While half of all places are taken, so many of an address may take their time with a head; of
// more, each has PLACES_HURRY_US.
#define PLACES_NEW_FEW  64
#define PLACES_HURRY_US (4 * TIME_US_PER_S)
// The oldest that has to hurry and does not; NULL when there is none. The owner closes it.
struct place *places_overdue(struct places *places, time_us now);

struct places_figures {
    uint64_t open[PLACE_KIND_COUNT];
    uint64_t gave_way;
    uint64_t overdue;
    uint64_t refused;
};
const struct places_figures *places_figures(const struct places *places);
