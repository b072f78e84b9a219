#include "offer_random.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define SECTIONS_MAX 5
#define DIGEST                                                                                   \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:" \
    "EE:FF"

struct maker {
    uint64_t state;
    struct text_builder text;
    const char *end; // of a line
    bool sends;
    bool transport_for_session;
    bool bundle;
    bool alike; // no mid in packets, and few payload types for all sections
    unsigned sections;
    char mids[SECTIONS_MAX][64];
    unsigned ids[4];    // of mid, level, abs-send-time, rid
    uint8_t types[128]; // in use
};

static uint32_t next(struct maker *maker)
{
    maker->state = maker->state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(maker->state >> 33);
}

static bool one_in(struct maker *maker, unsigned n)
{
    return next(maker) % n == 0;
}

static const char *one_of(struct maker *maker, const char *const *texts, unsigned count)
{
    return texts[next(maker) % count];
}
#define ONE_OF(maker, ...)                              \
    one_of((maker), (const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void line(struct maker *maker, const char *text)
{
    text_append(&maker->text, text);
    text_append(&maker->text, one_in(maker, 40) ? " \t" : "");
    text_append(&maker->text, maker->end);
}

#define LINE(maker, ...)                                 \
    do {                                                 \
        char made[512];                                  \
        (void)snprintf(made, sizeof(made), __VA_ARGS__); \
        line((maker), made);                             \
    } while (0)

static void transport(struct maker *maker)
{
    LINE(maker, "a=ice-ufrag:pLay");
    LINE(maker, "a=ice-pwd:0123456789abcdefghijkl");
    if (!one_in(maker, 60)) {
        LINE(maker, "a=fingerprint:%s %s", one_in(maker, 10) ? "SHA-256" : "sha-256",
             one_in(maker, 60) ? "00:11" : DIGEST);
    }
    for (unsigned i = one_in(maker, 20) ? next(maker) % 6 : 0; i > 0; i--) {
        LINE(maker, "a=fingerprint:sha-256 %02X%s", i, strchr(DIGEST, ':'));
    }
    if (!one_in(maker, 8)) {
        LINE(maker, "a=setup:%s",
             one_in(maker, 30) ? ONE_OF(maker, "passive", "holdconn")
                               : ONE_OF(maker, "actpass", "active"));
    }
}

// A payload type, nearly always one that nobody has.
static unsigned type_new(struct maker *maker)
{
    unsigned type;
    if (maker->alike) {
        return 96 + next(maker) % 6;
    }
    do {
        type = one_in(maker, 30) ? next(maker) % 128 : 96 + next(maker) % 32;
    } while (maker->types[type] != 0 && !one_in(maker, 60));
    maker->types[type] = 1;
    return type;
}

static void extensions(struct maker *maker, bool video)
{
    static const char *const uris[] = {"urn:ietf:params:rtp-hdrext:sdes:mid",
                                       "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                                       "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
                                       "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"};
    for (unsigned i = 0; i < 4; i++) {
        bool of_kind = i == 1 ? !video : i < 2 || video;
        if (of_kind && !(i == 0 && maker->alike) && !one_in(maker, 4)) {
            unsigned id = one_in(maker, 40) ? next(maker) % 300 : maker->ids[i];
            LINE(maker, "a=extmap:%u%s %s", id, one_in(maker, 10) ? "/sendrecv" : "", uris[i]);
        }
    }
    if (one_in(maker, 4)) {
        LINE(maker, "a=extmap:%u urn:strange", 1 + next(maker) % 14);
    }
}

static void sound_codecs(struct maker *maker, unsigned opus)
{
    if (!one_in(maker, 30)) {
        LINE(maker, "a=rtpmap:%u %s", opus,
             ONE_OF(maker, "opus/48000/2", "opus/48000/2", "OPUS/48000/2", "opus/48000",
                    "opus/48000/"));
    }
    if (one_in(maker, 4)) {
        LINE(maker, "a=fmtp:%u minptime=10;useinbandfec=1", opus);
    }
    if (one_in(maker, 5)) {
        LINE(maker, "a=maxptime:%u", 10 * (1 + next(maker) % 12));
    }
}

static void picture_codecs(struct maker *maker, const unsigned types[4])
{
    bool vp8 = !one_in(maker, 3);
    LINE(maker, "a=rtpmap:%u %s/90000", types[0],
         vp8 ? "VP8" : ONE_OF(maker, "VP9", "H265", "AV1", "H264"));
    if (!one_in(maker, 3)) {
        LINE(maker, "a=rtpmap:%u rtx/90000", types[1]);
        LINE(maker, "a=fmtp:%u apt=%u", types[1], types[0]);
    }
    if (!one_in(maker, 3)) {
        LINE(maker, "a=rtpmap:%u H264/90000", types[2]);
        if (!one_in(maker, 4)) {
            LINE(maker,
                 "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=%u;profile-level-id=%s",
                 types[2], next(maker) % 8 < 5 ? 1 : next(maker) % 3,
                 ONE_OF(maker, "42e01f", "640032", "4d001f"));
        }
        if (one_in(maker, 2)) {
            LINE(maker, "a=rtpmap:%u rtx/90000", types[3]);
            LINE(maker, "a=fmtp:%u apt=%u", types[3], types[2]);
        }
    }
    LINE(maker, "a=rtcp-fb:%s nack", one_in(maker, 2) ? "*" : "x");
    LINE(maker, "a=rtcp-fb:%u %s", types[0],
         ONE_OF(maker, "nack pli", "ccm fir", "goog-remb", "nack"));
}

static void layers(struct maker *maker)
{
    unsigned count = 1 + next(maker) % 4;
    char list[64] = "";
    for (unsigned i = 0; i < count; i++) {
        LINE(maker, "a=rid:r%u send", i);
        (void)snprintf(list + strlen(list), sizeof(list) - strlen(list), "%sr%u", i > 0 ? ";" : "",
                       i);
    }
    LINE(maker, "a=simulcast:%s%s", ONE_OF(maker, "send ", " send rid="), list);
}

static void ssrcs(struct maker *maker, unsigned index, bool video)
{
    unsigned ssrc = one_in(maker, 20) ? 7 : 1000 + index * 10;
    if (one_in(maker, 2)) {
        return;
    }
    if (video && one_in(maker, 2)) {
        LINE(maker, "a=ssrc-group:FID %u %u", ssrc, ssrc + 1);
        LINE(maker, "a=ssrc:%u cname:x", ssrc);
        LINE(maker, "a=ssrc:%u cname:x", ssrc + 1);
    } else {
        LINE(maker, "a=ssrc:%u%s", ssrc, one_in(maker, 4) ? "" : " cname:x");
    }
}

static void section(struct maker *maker, unsigned index, bool video)
{
    unsigned types[4];
    for (unsigned i = 0; i < 4; i++) {
        types[i] = type_new(maker);
    }
    unsigned port = one_in(maker, 20) ? 0 : 9;
    LINE(maker, "m=%s %u %s %u %u %u %u", video ? "video" : "audio", port,
         one_in(maker, 20)
             ? ONE_OF(maker, "UDP/TLS/RTP/SAVP", "RTP/AVP", "TCP/DTLS/RTP/SAVPF", "RTP/X")
             : "UDP/TLS/RTP/SAVPF",
         types[0], types[1], types[2], types[3]);
    LINE(maker, "c=IN IP4 0.0.0.0");
    if (maker->mids[index][0] != 0) {
        LINE(maker, "a=mid:%s", maker->mids[index]);
    }
    if (port == 0 && one_in(maker, 2)) {
        LINE(maker, "a=bundle-only");
    }
    if (!maker->transport_for_session && !(maker->bundle && index > 0 && one_in(maker, 6))) {
        transport(maker);
    }
    extensions(maker, video);
    if (!one_in(maker, 10)) {
        LINE(maker, "a=%s",
             one_in(maker, 12) ? ONE_OF(maker, "sendrecv", "inactive", "sendonly", "recvonly")
             : maker->sends    ? "sendonly"
                               : "recvonly");
    }
    if (!one_in(maker, 40)) {
        LINE(maker, "a=%s", one_in(maker, 10) ? "rtcp-mux-only" : "rtcp-mux");
    }
    if (video) {
        picture_codecs(maker, types);
    } else {
        sound_codecs(maker, types[0]);
    }
    if (video && maker->sends && one_in(maker, 3)) {
        layers(maker);
    }
    ssrcs(maker, index, video);
    if (one_in(maker, 6)) {
        LINE(maker, "a=%s", ONE_OF(maker, "", "x", "candidate:?", "ssrc:-1", "rtpmap:x", "fmtp:"));
    }
}

static void session(struct maker *maker)
{
    text_append(&maker->text, one_in(maker, 20) ? "\xef\xbb\xbf" : "");
    text_append(&maker->text, one_in(maker, 20) ? maker->end : "");
    LINE(maker, "v=0");
    LINE(maker, "o=- 1 2 IN IP4 127.0.0.1");
    LINE(maker, "s=-");
    LINE(maker, "t=0 0");
    if (maker->bundle) {
        text_append(&maker->text, "a=group:BUNDLE");
        for (unsigned i = 0; i < maker->sections; i++) {
            if (maker->mids[i][0] != 0 && !one_in(maker, 12)) {
                text_append_format(&maker->text, " %s", maker->mids[i]);
            }
        }
        text_append(&maker->text, maker->end);
    }
    if (maker->transport_for_session) {
        transport(maker);
    }
}

size_t offer_random(uint64_t seed, bool sends, char *to, size_t capacity)
{
    struct maker maker = {.state = seed * 0x9e3779b97f4a7c15ull + 1,
                          .text = text_builder(to, capacity),
                          .sends = sends};
    (void)next(&maker);
    maker.end = one_in(&maker, 5) ? "\n" : "\r\n";
    maker.transport_for_session = one_in(&maker, 4);
    maker.bundle = !one_in(&maker, 8);
    maker.alike = one_in(&maker, 6);
    maker.sections = 1 + next(&maker) % SECTIONS_MAX;
    for (unsigned i = 0; i < maker.sections; i++) {
        if (!one_in(&maker, 10)) {
            (void)snprintf(maker.mids[i], sizeof(maker.mids[i]), "%u%s", i,
                           one_in(&maker, 10) ? "-a-mid-that-is-longer-than-most-of-them" : "");
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        maker.ids[i] = one_in(&maker, 4) ? 1 + next(&maker) % 255 : i + 1;
    }
    session(&maker);
    for (unsigned i = 0; i < maker.sections; i++) {
        if (one_in(&maker, 8)) {
            LINE(&maker, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
            LINE(&maker, "a=mid:%s", maker.mids[i][0] != 0 ? maker.mids[i] : "d");
        } else {
            section(&maker, i, one_in(&maker, 2));
        }
    }
    return maker.text.length;
}
