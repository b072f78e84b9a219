// The session descriptions of a load's client: an offer with one Opus section (and RED when
// wished), and what is needed of the server's answer. No allocation; the answer is large, keep it
// off small stacks. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/certificate.h"
#include "wire/address.h"
#include "wire/sdp.h"

#define LOAD_OFFER_MAX      2048 // bytes with NUL
#define LOAD_UFRAG_SIZE     8
#define LOAD_PASSWORD_SIZE  24
#define LOAD_CANDIDATES_MAX 8
#define LOAD_CREDENTIAL_MAX 256 // bytes (RFC 8839 section 5.4)
#define LOAD_TYPE_NONE      255 // no such payload type

struct load_offer {
    bool sends; // else it receives
    bool red;   // RFC 2198 is welcome
    const char *ufrag;
    const char *password;
    const char *fingerprint;
    uint32_t ssrc;            // when it sends
    unsigned packet_ms;       // when it sends; when it receives, the longest it wishes, 0: unsaid
    struct address candidate; // ADDRESS_NONE: left to the checks
    const char *cname;
};

// ERR_TOO_LARGE when it does not fit.
enum err CHECKED load_offer_write(const struct load_offer *offer, char ret_text[LOAD_OFFER_MAX]);

struct load_answer {
    char ufrag[LOAD_CREDENTIAL_MAX + 1];
    char password[LOAD_CREDENTIAL_MAX + 1];
    uint8_t digest[SDP_DIGEST_SIZE];
    bool server_is_active; // the server begins the DTLS handshake
    uint8_t opus_type;
    uint8_t red_type; // LOAD_TYPE_NONE when not agreed on
    uint8_t candidate_count;
    struct address candidates[LOAD_CANDIDATES_MAX]; // UDP, as listed
};

// ERR_MALFORMED for what is no description, ERR_UNSUPPORTED for one that cannot be used; in both
// cases *ret_problem is a static text.
enum err CHECKED load_answer_read(const char *text, size_t size,
                                  struct sdp_description *description,
                                  struct load_answer *ret_answer, const char **ret_problem);
