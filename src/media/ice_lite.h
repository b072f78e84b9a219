// The ICE-lite agent of one peer (RFC 8445 section 2.5): it answers connectivity checks, learns
// from them which addresses the client has, and sends to the one the client nominated last. It
// never sends a check. No socket, no clock.
//
// A client whose address changes under it (a NAT that forgot its binding) does not know and
// nominates nothing. Its media tell at once: it sends them by one path alone, so the path by which
// they come is the one it uses. A check from an address never seen before tells as well, when the
// path in use has just fallen silent; should that be heard again, it was no change and is undone.
//
// Whoever sees a client's checks pass can send them again from elsewhere, nominations too; media it
// cannot (RFC 3711 section 3.3.2). Where a path has delivered media just now, a nomination moves
// nothing until media come by the other path, or none by this; and a path that delivers none keeps
// nothing from one that does.
//
// The user name fragment encodes the peer's index, so a check finds its peer without a search.
// Credentials are read-only after ice_credentials_init(): any thread may verify; struct ice_lite
// belongs to the peer's thread. An ICE restart (RFC 8445 section 9) makes new ones; the ones before
// stay good beside them, because the client goes on with the old path until it has a new one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "media/path.h"
#include "wire/address.h"
#include "wire/stun.h"

#define ICE_UFRAG_INDEX_DIGITS \
    5 // hexadecimal; the rest is random: 47 bits (RFC 8445 section 5.3 asks for 24)
#define ICE_UFRAG_LENGTH     13 //
#define ICE_PASSWORD_LENGTH  24 // 142 bits (128 asked for)
#define ICE_REMOTE_UFRAG_MAX 256
#define ICE_ADDRESSES_MAX    8 // validated addresses of a peer that are remembered
// A selected path that was not heard for so long loses to any that has a check. Consent checks come
// every 5 s at most, plus or minus a fifth (RFC 7675 section 5.1).
#define ICE_SELECTED_SILENT_US (6 * (time_us)TIME_US_PER_S + TIME_US_PER_S / 10)
// To media by another path after so long: stragglers on either side of a change are over by then,
// and whoever sends copies of a client's packets from elsewhere draws nothing while it is heard
// itself.
#define ICE_MEDIA_SILENT_US (250 * (time_us)TIME_US_PER_MS)
// To a nomination after so long without media: a listener sends reports about once a second
// (RFC 3550 section 6.2 allows less, and such a client's nominations are believed at once).
#define ICE_NOMINATED_SILENT_US (1500 * (time_us)TIME_US_PER_MS)
// To a check from a new address after so long, if the nomination is as old as this.
#define ICE_GUESS_SILENT_US ((time_us)TIME_US_PER_S)
#define ICE_SETTLED_US      (5 * (time_us)TIME_US_PER_S)

struct ice_credentials {
    char ufrag[ICE_UFRAG_LENGTH + 1];
    char password[ICE_PASSWORD_LENGTH + 1];
    char remote_ufrag[ICE_REMOTE_UFRAG_MAX + 1];
    struct hmac_sha1_key key;             // of the password
    const struct ice_credentials *before; // what held until an ICE restart; NULL: these are first
};

// ERR_INVALID when the client's fragment is empty or longer than ICE allows. `index` < 2^20.
enum err CHECKED ice_credentials_init(struct ice_credentials *credentials, uint32_t index,
                                      const char *remote_ufrag, size_t remote_ufrag_size);
// The index in a USERNAME that starts with a fragment of ours; false when it has not the form of
// one.
bool ice_username_index(const uint8_t *username, size_t size, uint32_t *ret_index);
// USERNAME is "ours:theirs" of these credentials.
bool ice_username_matches(const struct ice_credentials *credentials, const uint8_t *username,
                          size_t size);
// Which of the newest credentials and those right before them USERNAME names; NULL for neither.
const struct ice_credentials *ice_credentials_named(const struct ice_credentials *newest,
                                                    const uint8_t *username, size_t size);
// USERNAME and MESSAGE-INTEGRITY are right.
bool ice_check_authentic(const struct ice_credentials *credentials,
                         const struct stun_message *check);

struct ice_lite {
    struct address addresses[ICE_ADDRESSES_MAX]; // validated, the newest last
    uint8_t address_count;
    bool nominated;           // the client nominated `selected`, it was not just the first
    struct path selected;     // remote.family ADDRESS_NONE before the first check
    struct path guessed_from; // `selected` follows from a check alone; this one was before it
    time_us nominated_at;
    const struct ice_credentials *nominated_by; // the newest at that time; compared, never read
    time_us checked_at;                         // last authentic check, from any address
    time_us selected_heard_at;                  // last authentic packet by `selected`
    time_us media_heard_at; // last of media by it; when it was selected, if none came since
    bool media_heard;       // some did
};

struct ice_outcome {
    size_t answer_size; // 0: no answer
    bool accepted;      // the address is validated
    bool conflict;      // answered with 487
    bool selected;      // `selected` is another path than before
    bool learned;       // the address was not known before
    bool forgotten;     // the oldest address made room: `forgotten_address`
    struct address forgotten_address;
};

void ice_lite_init(struct ice_lite *ice);
bool ice_lite_knows(const struct ice_lite *ice, const struct address *address);
// An authentic check (ice_check_authentic) by a path: validates its address, selects it when the
// check nominates it and maybe else, and writes the answer.
struct ice_outcome ice_lite_receive(struct ice_lite *ice, const struct ice_credentials *credentials,
                                    const struct stun_message *check, bool nominates,
                                    const struct path *path, time_us now,
                                    uint8_t answer[STUN_ANSWER_MAX]);
// Authentic media by another path than the selected one. What follows: whether the path is selected
// now, and whether its address is validated by that.
struct ice_outcome ice_lite_heard_elsewhere(struct ice_lite *ice, const struct path *path,
                                            time_us now);
// Authentic media by a path. True when it is the selected one, as with nearly every packet; else
// ice_lite_heard_elsewhere() follows.
static inline bool ice_lite_heard(struct ice_lite *ice, const struct path *path, time_us now)
{
    if (!path_equal(&ice->selected, path)) {
        return false;
    }
    ice->selected_heard_at = now;
    ice->media_heard_at = now;
    ice->media_heard = true;
    ice->guessed_from.remote.family = ADDRESS_NONE; // rightly guessed
    return true;
}
