// Session descriptions for WebRTC (RFC 8866, RFC 8829, RFC 8843 BUNDLE, RFC 8853 simulcast). Reads
// an offer into a bounded struct of views into the caller's text, which must outlive it; writes the
// answer of an ICE-lite, DTLS-passive server. No allocation. Any thread. struct sdp_description is
// large (about 72 KB): keep it off small stacks.
//
// What need not be understood is ignored: one part that cannot be read or taken costs that part,
// not the whole. Why is said in words, for the client and the log.
//
//   sdp_parse() → sdp_offer_check() → sdp_answer_init() → adjust sections (ssrc, msid, rejected) →
//   sdp_answer_write()
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/address.h"

#define SDP_SIZE_MAX       49152 // bytes of a description we read
#define SDP_SECTIONS_MAX   16
#define SDP_CODECS_MAX     64 // payload types per section
#define SDP_EXTENSIONS_MAX 24 // extmap lines per section
#define SDP_SSRCS_MAX      8  // distinct SSRCs per section
#define SDP_RIDS_MAX       4  // simulcast layers per section
#define SDP_CANDIDATES_MAX 8  // of ours, written into an answer
#define SDP_ANSWER_MAX     32768
#define SDP_DIGEST_SIZE    32  // SHA-256
#define SDP_DIGESTS_MAX    4   // of which the client's certificate has one
#define SDP_MID_MAX        64  // bytes of a mid that we tell sections by
#define SDP_REASON_MAX     159 // bytes of why something is not taken

// A view: not NUL-terminated; data NULL and size 0 when absent.
struct sdp_text {
    const char *data;
    size_t size;
};
bool sdp_text_equal(struct sdp_text text, const char *other);

enum sdp_kind {
    SDP_OTHER,
    SDP_AUDIO,
    SDP_VIDEO
}; // SDP_OTHER: application and what else there is; always rejected
enum sdp_direction { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE };
enum sdp_setup {
    SDP_SETUP_NONE,
    SDP_SETUP_ACTPASS,
    SDP_SETUP_ACTIVE,
    SDP_SETUP_PASSIVE,
    SDP_SETUP_OTHER, // holdconn, or no word of RFC 4145
};

// rtcp-fb, as bits.
#define SDP_FEEDBACK_NACK         0x01
#define SDP_FEEDBACK_NACK_PLI     0x02
#define SDP_FEEDBACK_FIR          0x04
#define SDP_FEEDBACK_REMB         0x08
#define SDP_FEEDBACK_TRANSPORT_CC 0x10

enum sdp_codec_name {
    SDP_CODEC_OTHER,
    SDP_CODEC_OPUS,
    SDP_CODEC_VP8,
    SDP_CODEC_H264,
    SDP_CODEC_RTX,
    SDP_CODEC_RED
};

struct sdp_codec {
    uint8_t payload_type;
    uint8_t channels;           // 1 when not said
    uint8_t feedback;           // SDP_FEEDBACK_ bits
    uint8_t apt;                // RTX: the payload type it repeats; 255 when not said
    uint8_t packetization_mode; // H.264 (RFC 6184 section 8.1): 0 when not said
    uint32_t profile_level;     // H.264: profile-level-id; 0 when not said
    enum sdp_codec_name codec;
    uint32_t clock_hz; // 0 when there was no rtpmap
    struct sdp_text name;
    struct sdp_text fmtp;
};

// Header extensions we know (RFC 8852, RFC 6464, abs-send-time).
enum sdp_extension_name {
    SDP_EXTENSION_OTHER,
    SDP_EXTENSION_MID,
    SDP_EXTENSION_RID,
    SDP_EXTENSION_REPAIRED_RID,
    SDP_EXTENSION_ABS_SEND_TIME,
    SDP_EXTENSION_AUDIO_LEVEL,
    SDP_EXTENSION_COUNT,
};

struct sdp_extension {
    uint8_t id; // 1..255
    enum sdp_extension_name extension;
    struct sdp_text uri;
};

// The sha-256 fingerprints: the certificate has any of them (RFC 8122 section 5).
struct sdp_fingerprints {
    uint8_t count; // different ones
    bool broken;   // one that cannot be read was given
    bool excess;   // more were given than are kept: no promise can be made
    uint8_t digests[SDP_DIGESTS_MAX][SDP_DIGEST_SIZE];
};

struct sdp_section {
    enum sdp_kind kind;
    struct sdp_text kind_text; // "audio"
    struct sdp_text protocol;  // "UDP/TLS/RTP/SAVPF"
    struct sdp_text formats;   // the rest of the m= line
    struct sdp_text mid;
    bool rejected;       // port 0 without bundle-only
    uint8_t bundle;      // the BUNDLE group that its mid stands in, from 1; 0: none
    uint8_t bundle_rank; // its place there, from 0; the first accepted gives the transport
    bool rtcp_mux;       // or rtcp-mux-only (RFC 8858)
    bool rtcp_rsize;
    // The section's own or else the session's.
    bool direction_said;
    enum sdp_direction direction; // sendrecv when neither says it
    struct sdp_text ufrag;
    struct sdp_text password;
    struct sdp_fingerprints fingerprints; // one of its own, and none of the session's is meant
    enum sdp_setup setup;
    uint8_t codec_count;
    struct sdp_codec codecs[SDP_CODECS_MAX]; // in the order of the m= line
    uint8_t extension_count;
    struct sdp_extension extensions[SDP_EXTENSIONS_MAX];
    uint8_t ssrc_count;
    uint32_t ssrcs[SDP_SSRCS_MAX];
    uint32_t fid_primary; // ssrc-group:FID; 0 when there is none
    uint32_t fid_repair;
    uint8_t rid_count; // a=rid:… send, in the order of a=simulcast when given
    struct sdp_text rids[SDP_RIDS_MAX];
    struct sdp_text msid_stream;
    struct sdp_text msid_track;
    uint16_t ptime_max_ms;    // a=maxptime; 0: not said
    uint16_t candidate_count; // counted, not read: an ICE-lite server learns addresses from checks
};

struct sdp_description {
    uint8_t section_count;
    struct sdp_section sections[SDP_SECTIONS_MAX];
    char problem[SDP_REASON_MAX + 1]; // in English, when parsing or checking failed; else empty
};

// ERR_TOO_LARGE beyond SDP_SIZE_MAX or SDP_SECTIONS_MAX; ERR_MALFORMED for what is not SDP: the
// problem then names the line. Further payload types, extensions, SSRCs and layers than fit are
// left out. Ignored: unknown lines, attributes that cannot be read, a byte order mark and empty
// lines in front, blanks at the end of a line.
enum err CHECKED sdp_parse(const char *text, size_t size, struct sdp_description *ret_description);
// Can this server answer anything of it? ERR_UNSUPPORTED when it can take the transport of no
// section (problem: why not of the first one); ERR_MALFORMED when two sections have the same mid.
enum err CHECKED sdp_offer_check(struct sdp_description *offer);
// Why this server cannot take the section's transport (passive DTLS setup, no rtcp-mux, no sha-256
// fingerprint, no ICE credentials, ...), a static text in English; NULL when it can.
const char *sdp_section_problem(const struct sdp_section *section);
// Beside rtcp-mux 64 to 95 are RTCP's (RFC 5761 section 4); 0 stands for "none" here.
bool sdp_payload_type_usable(unsigned payload_type);
// NULL when the section has none. `extension` other than SDP_EXTENSION_OTHER.
const struct sdp_extension *sdp_section_extension(const struct sdp_section *section,
                                                  enum sdp_extension_name extension);

// Who sends in a section, as an answer sees it.
enum sdp_role { SDP_CLIENT_SENDS, SDP_CLIENT_RECEIVES, SDP_ROLES };

// What a server can do with media: an answer promises no more than this.
struct sdp_abilities {
    // The greatest id of a header extension that is read from a client and written to one; 0: none.
    uint8_t extension_id_max[SDP_ROLES][SDP_EXTENSION_COUNT];
    uint8_t h264_modes[SDP_ROLES]; // bit m: packetization mode m
    uint8_t layers_max;            // simulcast, of VP8
    uint8_t red_opus_type;         // RED is made for this payload type of Opus alone; 0: none
};

struct sdp_answer_h264 {
    uint8_t payload_type;       // 0: not accepted
    uint8_t rtx_payload_type;   // 0: none
    uint8_t feedback;           // SDP_FEEDBACK_ bits accepted
    uint8_t packetization_mode; // as offered
    uint32_t profile_level;     // as offered; 0: not said
};

// One section of an answer, in the server's words. Texts are borrowed until sdp_answer_write()
// returns.
struct sdp_answer_section {
    const struct sdp_section *offered;
    bool rejected;
    char reason[SDP_REASON_MAX + 1]; // why, in English; empty: the client itself offers nothing
    bool codec_lacks;                // rejected because it offers no codec of ours
    enum sdp_direction direction;    // the server's
    uint8_t payload_type;            // Opus or VP8; 0: not accepted, H.264 alone
    uint8_t rtx_payload_type;        // 0: none (0 is never a dynamic payload type)
    uint8_t red_payload_type;        // audio: RFC 2198, beside Opus; 0: none
    uint8_t feedback;                // SDP_FEEDBACK_ bits accepted; none for audio
    struct sdp_answer_h264 h264;     // video, beside VP8 or alone
    uint8_t
        extension_ids[SDP_EXTENSION_COUNT]; // 0: not accepted. Indexed by enum sdp_extension_name
    bool simulcast;                         // accept the offered rids
    // Of the slot, when the server sends here:
    uint32_t ssrc;     // 0: not announced
    uint32_t rtx_ssrc; // 0: none
    const char *msid_stream;
    const char *msid_track;
};

struct sdp_answer {
    uint64_t session_id; // any number under 2^62, kept for the session's life
    const char *ufrag;
    const char *password;
    const char *fingerprint; // "AB:CD:…", SHA-256
    const char *cname;
    uint32_t opus_bits_per_second; // maxaveragebitrate; 0 leaves it out
    uint8_t candidate_count;
    struct address candidates[SDP_CANDIDATES_MAX]; // host, UDP, the preferred first
    uint8_t section_count;
    struct sdp_answer_section sections[SDP_SECTIONS_MAX];
};

// Everything that follows from the offer and from what the server can do: Opus with RED, VP8 and
// H.264 with RTX, feedback, extensions, simulcast, mirrored direction; sections that cannot be
// accepted are rejected, with the reason. A section in both directions is taken for one in which
// the client receives. The caller fills in the rest. `offer` is borrowed.
void sdp_answer_init(struct sdp_answer *answer, const struct sdp_description *offer,
                     const struct sdp_abilities *abilities);
// The same for one section whose role is known. `offered` is borrowed.
void sdp_answer_section_init(struct sdp_answer_section *section, const struct sdp_section *offered,
                             enum sdp_role role, const struct sdp_abilities *abilities);
// Rejects the section. `reason` is copied.
void sdp_answer_reject(struct sdp_answer_section *section, const char *reason);
// NUL-terminated; `ret_size` without the NUL. ERR_TOO_LARGE when it does not fit (SDP_ANSWER_MAX
// always does for texts of ordinary length).
enum err CHECKED sdp_answer_write(const struct sdp_answer *answer, char *to, size_t capacity,
                                  size_t *ret_size);
