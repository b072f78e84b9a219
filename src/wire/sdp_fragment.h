// Fragments of SDP as trickle ICE sends them by PATCH (RFC 8840 section 9, RFC 9725 section 4.3):
// what an ICE restart needs of the client's, and the server's in return. No I/O, no allocation; any
// thread.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "wire/address.h"
#include "wire/sdp.h"

#define SDP_FRAGMENT_SIZE_MAX 48000

// Texts are borrowed from the fragment that was parsed.
struct sdp_fragment {
    struct sdp_text kind; // "audio": of the first section; empty when it names none
    struct sdp_text mid;  // of the first section; empty when it names none
    struct sdp_text ufrag;
    struct sdp_text password;
};

// Lines "a=…" and "m=…" and nothing else, or ERR_MALFORMED; ERR_TOO_LARGE; ERR_INVALID without ICE
// credentials of the form of RFC 8839 section 5.4. All that is bundled has the same credentials, so
// the first count. Candidates are not read: an ICE-lite server learns addresses from checks.
enum err CHECKED sdp_fragment_parse(const char *text, size_t size, struct sdp_fragment *ret);

// The server's fragment with these credentials, for the section that the client's named.
// NUL-terminated; `ret_size` without the NUL. ERR_TOO_LARGE when it does not fit.
enum err CHECKED sdp_fragment_write(const struct sdp_fragment *client, const char *ufrag,
                                    const char *password, const struct address *candidates,
                                    unsigned candidate_count, char *to, size_t capacity,
                                    size_t *ret_size);
