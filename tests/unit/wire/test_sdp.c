#include "../test.h"

#include <stdlib.h>

#include "media/abilities.h"
#include "wire/sdp.h"

#define FINGERPRINT                                                                              \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:" \
    "EE:FF"
#define TRANSPORT                                                                                \
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 " FINGERPRINT \
    "\r\n"
#define SESSION "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

// Large: not on the stack.
static struct sdp_description offer;
static struct sdp_description again;
static struct sdp_answer answer;
static char text[SDP_SIZE_MAX + 1];
static char written[SDP_ANSWER_MAX];

static size_t load(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/sdp/%s.sdp", TEST_DATA, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, SDP_SIZE_MAX, file);
    fclose(file);
    text[size] = '\0';
    return size;
}

static void parse_ok(const char *sdp)
{
    assert_int_equal(sdp_parse(sdp, strlen(sdp), &offer), ERR_NONE);
    assert_int_equal(sdp_offer_check(&offer), ERR_NONE);
}

static void answer_fill(void)
{
    sdp_answer_init(&answer, &offer, &media_abilities);
    answer.session_id = 42;
    answer.ufrag = "serverfrag";
    answer.password = "serverpassword0123456789";
    answer.fingerprint = FINGERPRINT;
    answer.cname = "plenary";
    answer.opus_bits_per_second = 96000;
    answer.candidate_count = 2;
    assert_int_equal(address_from_text("192.0.2.1", 7000, &answer.candidates[0]), ERR_NONE);
    assert_int_equal(address_from_text("2001:db8::1", 7000, &answer.candidates[1]), ERR_NONE);
    for (unsigned i = 0; i < answer.section_count; i++) {
        struct sdp_answer_section *section = &answer.sections[i];
        if (section->direction == SDP_SENDONLY && !section->rejected) {
            section->ssrc = 1000 + i;
            section->rtx_ssrc = section->rtx_payload_type != 0 ? 2000 + i : 0;
            section->msid_stream = "plenary";
            section->msid_track = "slot";
        }
    }
}

// The answer, read by our own parser: what the other side sees.
static void answer_round_trip(void)
{
    size_t size;
    assert_int_equal(sdp_answer_write(&answer, written, sizeof(written), &size), ERR_NONE);
    assert_int_equal(strlen(written), size);
    assert_int_equal(sdp_parse(written, size, &again), ERR_NONE);
    assert_int_equal(again.section_count, offer.section_count);
}

static size_t count(const char *haystack, const char *needle)
{
    size_t found = 0;
    for (const char *at = haystack; (at = strstr(at, needle)) != NULL; at++) {
        found++;
    }
    return found;
}

static bool has_codec(const struct sdp_section *section, enum sdp_codec_name name)
{
    for (unsigned i = 0; i < section->codec_count; i++) {
        if (section->codecs[i].codec == name) {
            return true;
        }
    }
    return false;
}

// The fixtures of both browsers hold: audio out, simulcast video out, video out, 3 audio in, 3
// video in.
static void check_browser_offer(void)
{
    assert_int_equal(offer.section_count, 9);
    for (unsigned i = 0; i < 9; i++) {
        const struct sdp_section *section = &offer.sections[i];
        bool audio = i == 0 || (i >= 3 && i < 6);
        assert_int_equal(section->kind, audio ? SDP_AUDIO : SDP_VIDEO);
        assert_int_equal(section->direction, i < 3 ? SDP_SENDONLY : SDP_RECVONLY);
        assert_int_equal(section->mid.size, 1);
        assert_int_equal(section->mid.data[0], '0' + i);
        assert_true(section->bundle == 1 && section->rtcp_mux && !section->rejected);
        assert_int_equal(section->fingerprints.count, 1);
        assert_int_equal(section->setup, SDP_SETUP_ACTPASS);
        assert_non_null(sdp_section_extension(section, SDP_EXTENSION_MID));
        assert_non_null(sdp_section_extension(section, audio ? SDP_EXTENSION_AUDIO_LEVEL
                                                             : SDP_EXTENSION_ABS_SEND_TIME));
    }
    assert_int_equal(offer.sections[1].rid_count, 3);
    assert_true(sdp_text_equal(offer.sections[1].rids[0], "l"));
    assert_true(sdp_text_equal(offer.sections[1].rids[2], "h"));
    assert_non_null(sdp_section_extension(&offer.sections[1], SDP_EXTENSION_RID));
    assert_int_equal(offer.sections[2].rid_count, 0);
}

static void check_browser_answer(void)
{
    for (unsigned i = 0; i < 9; i++) {
        const struct sdp_section *section = &again.sections[i];
        const struct sdp_section *offered = &offer.sections[i];
        bool audio = offered->kind == SDP_AUDIO;
        assert_int_equal(section->direction, i < 3 ? SDP_RECVONLY : SDP_SENDONLY);
        assert_int_equal(section->setup, SDP_SETUP_PASSIVE);
        assert_true(section->rtcp_mux && section->bundle == 1);
        bool red = audio && has_codec(offered, SDP_CODEC_RED);
        unsigned codecs = audio ? 1u + red : has_codec(offered, SDP_CODEC_H264) ? 4 : 2;
        assert_int_equal(section->codec_count, codecs);
        assert_int_equal(section->codecs[0].codec, audio ? SDP_CODEC_OPUS : SDP_CODEC_VP8);
        if (red) {
            assert_int_equal(section->codecs[1].codec, SDP_CODEC_RED);
            assert_true(sdp_text_equal(section->codecs[1].fmtp, "111/111"));
        }
        if (audio) {
            assert_int_equal(section->codecs[0].feedback, 0);
            assert_true(sdp_text_equal(section->codecs[0].fmtp,
                                       "minptime=10;useinbandfec=1;usedtx=0;"
                                       "maxaveragebitrate=96000"));
        } else {
            assert_int_equal(section->codecs[0].feedback, SDP_FEEDBACK_NACK |
                                                              SDP_FEEDBACK_NACK_PLI |
                                                              SDP_FEEDBACK_FIR | SDP_FEEDBACK_REMB);
            assert_int_equal(section->codecs[1].codec, SDP_CODEC_RTX);
            assert_int_equal(section->codecs[1].apt, section->codecs[0].payload_type);
        }
        if (i >= 3) {
            assert_int_equal(section->ssrcs[0], 1000 + i);
            assert_int_equal(section->fid_repair, audio ? 0 : 2000 + i);
            assert_true(sdp_text_equal(section->msid_stream, "plenary"));
        }
        for (int j = 0; j < section->extension_count; j++) {
            const struct sdp_extension *extension = &section->extensions[j];
            const struct sdp_extension *same = sdp_section_extension(offered, extension->extension);
            assert_non_null(same);
            assert_int_equal(same->id, extension->id);
        }
    }
    assert_int_equal(again.sections[0].candidate_count, 2);
    assert_int_equal(count(written, "a=end-of-candidates\r\n"), 1);
    assert_int_equal(count(written, "a=ice-lite\r\n"), 1);
    assert_int_equal(count(written, "a=simulcast:recv l;m;h\r\n"), 1);
    assert_int_equal(count(written, "transport-cc"), 0);
    assert_non_null(strstr(written, "a=group:BUNDLE 0 1 2 3 4 5 6 7 8\r\n"));
    assert_non_null(strstr(written, "a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host\r\n"));
}

static void test_browsers(void **state)
{
    (void)state;
    static const char *const names[] = {"chromium", "firefox"};
    for (size_t i = 0; i < 2; i++) {
        size_t size = load(names[i]);
        assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
        assert_int_equal(sdp_offer_check(&offer), ERR_NONE);
        check_browser_offer();
        answer_fill();
        answer_round_trip();
        check_browser_answer();
    }
}

static void test_aiortc(void **state)
{
    (void)state;
    size_t size = load("aiortc");
    assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
    assert_int_equal(sdp_offer_check(&offer), ERR_NONE);
    assert_int_equal(offer.section_count, 4);
    assert_int_equal(offer.sections[0].candidate_count, 2);
    assert_int_equal(offer.sections[0].ssrc_count, 1);
    answer_fill();
    answer_round_trip();
    assert_int_equal(again.sections[1].direction, SDP_SENDONLY);
    assert_int_equal(again.sections[1].ssrcs[0], 1001);
}

static void test_gstreamer(void **state)
{
    (void)state;
    size_t size = load("gstreamer");
    assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
    assert_int_equal(sdp_offer_check(&offer), ERR_NONE);
    assert_int_equal(offer.section_count, 2);
    answer_fill();
    answer_round_trip();
    assert_int_equal(again.sections[0].codecs[0].codec, SDP_CODEC_OPUS);
    assert_int_equal(again.sections[1].codecs[0].codec, SDP_CODEC_VP8);
    assert_int_equal(again.sections[1].direction, SDP_SENDONLY);
}

// An encoder's offer: sound, and pictures in H.264 alone.
static void check_encoder(const char *name, uint8_t payload_type, const char *fmtp)
{
    char line[128];
    load(name);
    parse_ok(text);
    const struct sdp_codec *codec = &offer.sections[1].codecs[0];
    assert_int_equal(codec->codec, SDP_CODEC_H264);
    assert_int_equal(codec->packetization_mode, 1);
    answer_fill();
    answer_round_trip();
    assert_false(again.sections[0].rejected);
    assert_false(again.sections[1].rejected);
    assert_int_equal(again.sections[1].direction, SDP_RECVONLY);
    assert_int_equal(again.sections[1].codec_count, 1);
    assert_int_equal(again.sections[1].codecs[0].payload_type, payload_type);
    assert_int_equal(again.sections[1].codecs[0].profile_level, codec->profile_level);
    snprintf(line, sizeof(line), "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=1;%s\r\n",
             payload_type, fmtp);
    assert_non_null(strstr(written, line));
}

static void test_encoders(void **state)
{
    (void)state;
    check_encoder("obs", 96, "profile-level-id=42e01f");
    assert_non_null(strstr(written, "a=rtcp-fb:96 nack pli\r\n"));
    assert_int_equal(offer.sections[1].ssrcs[0], 1001002);
    check_encoder("ffmpeg", 106, "profile-level-id=640028");
    assert_null(strstr(written, "a=rtcp-fb:"));
    // Pictures in single units only are taken, interleaved ones are not.
    static const char *const modes[] = {"packetization-mode=0", "packetization-mode=2"};
    for (size_t i = 0; i < 2; i++) {
        load("obs");
        memcpy(strstr(text, "packetization-mode=1"), modes[i], strlen(modes[i]));
        parse_ok(text);
        answer_fill();
        assert_false(answer.sections[0].rejected);
        assert_int_equal(answer.sections[1].rejected, i == 1);
    }
    assert_string_equal(answer.sections[1].reason,
                        "H.264 of packetization mode 2 is not taken: VP8 or H.264");
}

// Of several H.264 types the one that every decoder has, beside VP8, each with its repair.
static void test_player(void **state)
{
    (void)state;
    load("player");
    parse_ok(text);
    answer_fill();
    answer_round_trip();
    const struct sdp_answer_section *video = &answer.sections[1];
    assert_int_equal(video->payload_type, 96);
    assert_int_equal(video->rtx_payload_type, 97);
    assert_int_equal(video->h264.payload_type, 104);
    assert_int_equal(video->h264.rtx_payload_type, 105);
    assert_int_equal(again.sections[1].codec_count, 4);
    assert_non_null(strstr(written, "m=video 7000 UDP/TLS/RTP/SAVPF 96 97 104 105\r\n"));
    assert_int_equal(count(written, "nack pli"), 2);
}

static void test_single_section(void **state)
{
    (void)state;
    // What a WHIP client sends: one section, perhaps no BUNDLE group, transport at the session
    // level, active.
    parse_ok(SESSION TRANSPORT
             "a=setup:active\r\n"
             "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n"
             "a=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 OPUS/48000/2\r\n");
    assert_int_equal(offer.sections[0].setup, SDP_SETUP_ACTIVE);
    answer_fill();
    answer_round_trip();
    assert_int_equal(count(written, "a=group:BUNDLE"), 0);
    assert_int_equal(count(written, "a=mid:"), 0);
    assert_int_equal(again.sections[0].direction, SDP_RECVONLY);
    assert_int_equal(again.sections[0].codecs[0].payload_type, 96);
}

#define AUDIO_SECTION "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtpmap:96 opus/48000/2\r\n"

static void refused(const char *sdp, enum err expected)
{
    enum err err = sdp_parse(sdp, strlen(sdp), &offer);
    if (err == ERR_NONE) {
        err = sdp_offer_check(&offer);
    }
    assert_int_equal(err, expected);
    assert_string_not_equal(offer.problem, "");
}

static void test_refusals(void **state)
{
    (void)state;
    parse_ok(SESSION AUDIO_SECTION TRANSPORT "a=rtcp-mux\r\na=setup:actpass\r\n");
    refused(SESSION AUDIO_SECTION TRANSPORT "a=rtcp-mux\r\na=setup:passive\r\n", ERR_UNSUPPORTED);
    refused(SESSION AUDIO_SECTION TRANSPORT "a=setup:actpass\r\n", ERR_UNSUPPORTED);
    refused(SESSION AUDIO_SECTION
            "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
            "a=fingerprint:sha-1 00:11\r\na=rtcp-mux\r\n",
            ERR_UNSUPPORTED);
    refused(SESSION AUDIO_SECTION "a=fingerprint:sha-256 " FINGERPRINT "\r\na=rtcp-mux\r\n",
            ERR_UNSUPPORTED);
    refused(SESSION AUDIO_SECTION "a=fingerprint:sha-256 00:11\r\n", ERR_UNSUPPORTED);
    refused(SESSION AUDIO_SECTION TRANSPORT "a=rtcp-mux\r\n" AUDIO_SECTION, ERR_MALFORMED);
    refused(SESSION "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n",
            ERR_UNSUPPORTED);
    refused("hello", ERR_MALFORMED);
    refused(SESSION "nonsense\r\n", ERR_MALFORMED);
    refused(SESSION "m=audio\r\n", ERR_MALFORMED);
    refused(SESSION "m=audio 99999 UDP/TLS/RTP/SAVPF 96\r\n", ERR_MALFORMED);
}

#define DIGEST_REST                                  \
    ":11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:" \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
#define DIGEST(first) "a=fingerprint:sha-256 " first DIGEST_REST
#define ICE           "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=rtcp-mux\r\n"

static void digests_of(const char *sdp, const char *expected)
{
    parse_ok(sdp);
    const struct sdp_fingerprints *fingerprints = &offer.sections[0].fingerprints;
    assert_int_equal(fingerprints->count, strlen(expected));
    for (size_t i = 0; i < fingerprints->count; i++) {
        assert_int_equal(fingerprints->digests[i][0], expected[i]);
        assert_int_equal(fingerprints->digests[i][SDP_DIGEST_SIZE - 1], 0xff);
    }
}

// RFC 8122 section 5: as many as a client may have certificates; the section's own replace the
// session's.
static void test_fingerprints(void **state)
{
    (void)state;
    digests_of(SESSION AUDIO_SECTION ICE DIGEST("01") DIGEST("02"), "\x01\x02");
    digests_of(SESSION DIGEST("01") DIGEST("02") AUDIO_SECTION ICE, "\x01\x02");
    digests_of(SESSION DIGEST("01") DIGEST("02") AUDIO_SECTION ICE DIGEST("03"), "\x03");
    digests_of(SESSION AUDIO_SECTION ICE DIGEST("01") DIGEST("01") DIGEST("02") DIGEST("03")
                   DIGEST("02") DIGEST("04") DIGEST("01"),
               "\x01\x02\x03\x04");
    digests_of(SESSION AUDIO_SECTION ICE "a=fingerprint:sha-512 " DIGEST_REST DIGEST("02"), "\x02");
    // The client's may be the fifth: refused now and not by DTLS.
    refused(SESSION AUDIO_SECTION ICE DIGEST("01") DIGEST("02") DIGEST("03") DIGEST("04")
                DIGEST("05"),
            ERR_UNSUPPORTED);
    assert_string_equal(offer.problem, "more than 4 sha-256 fingerprints are offered");
    refused(SESSION DIGEST("01") DIGEST("02") DIGEST("03") DIGEST("04") DIGEST("05")
                AUDIO_SECTION ICE,
            ERR_UNSUPPORTED);
    digests_of(SESSION DIGEST("01") DIGEST("02") DIGEST("03") DIGEST("04") DIGEST("05")
                   AUDIO_SECTION ICE DIGEST("06"),
               "\x06");
}

static void test_maxima(void **state)
{
    (void)state;
    size_t size = (size_t)snprintf(text, sizeof(text), SESSION);
    for (unsigned i = 0; i < SDP_SECTIONS_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size,
                                 "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:%u\r\n", i);
    }
    assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
    assert_int_equal(offer.section_count, SDP_SECTIONS_MAX);
    size += (size_t)snprintf(text + size, sizeof(text) - size, "m=audio 9 X 96\r\n");
    assert_int_equal(sdp_parse(text, size, &offer), ERR_TOO_LARGE);
    assert_int_equal(sdp_parse(text, SDP_SIZE_MAX + 1, &offer), ERR_TOO_LARGE);
    // More payload types, extensions, SSRCs and layers than fit are left out.
    size = (size_t)snprintf(text, sizeof(text), SESSION "m=video 9 UDP/TLS/RTP/SAVPF");
    for (unsigned i = 0; i < 128; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size, " %u", i);
    }
    size += (size_t)snprintf(text + size, sizeof(text) - size, "\r\n");
    for (unsigned i = 1; i < 200; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size,
                                 "a=ssrc:%u cname:x\r\na=extmap:%u urn:x\r\na=rid:%u send\r\n", i,
                                 i, i);
    }
    assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
    assert_int_equal(offer.sections[0].codec_count, SDP_CODECS_MAX);
    assert_int_equal(offer.sections[0].extension_count, SDP_EXTENSIONS_MAX);
    assert_int_equal(offer.sections[0].ssrc_count, SDP_SSRCS_MAX);
    assert_int_equal(offer.sections[0].rid_count, SDP_RIDS_MAX);
}

// Port 0 alone is a rejection; with a=bundle-only it is not (RFC 8843 section 7.2).
static void test_rejected_and_bundle_only(void **state)
{
    (void)state;
    parse_ok(SESSION
             "a=group:BUNDLE a v d h\r\n"
             "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:a\r\na=rtcp-mux\r\n"
             "a=rtpmap:96 opus/48000/2\r\n" TRANSPORT
             "a=setup:actpass\r\n"
             "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=mid:v\r\na=bundle-only\r\n"
             "a=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\na=recvonly\r\n"
             "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=mid:z\r\na=rtpmap:97 VP8/90000\r\n"
             "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n"
             "m=video 9 UDP/TLS/RTP/SAVPF 98\r\na=mid:h\r\na=rtpmap:98 H264/90000\r\n"
             "a=rtcp-mux\r\n");
    assert_false(offer.sections[1].rejected);
    assert_true(sdp_text_equal(offer.sections[1].ufrag, "abcd")); // of the bundle's first section
    assert_true(offer.sections[2].rejected);
    answer_fill();
    assert_false(answer.sections[1].rejected);
    assert_true(answer.sections[2].rejected); // as offered
    assert_true(answer.sections[3].rejected); // no data channels
    assert_true(answer.sections[4].rejected); // no codec in common
    answer_round_trip();
    assert_non_null(strstr(written, "a=group:BUNDLE a v\r\n"));
    assert_non_null(strstr(written, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
    assert_non_null(strstr(written, "m=video 0 UDP/TLS/RTP/SAVPF 98\r\n"));
}

static void test_simulcast_order(void **state)
{
    (void)state;
    parse_ok(SESSION
             "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\n"
             "a=rid:h send\r\na=rid:l send max-width=320\r\na=rid:x recv\r\n"
             "a=simulcast:recv x send ~l,alternative;h\r\n" TRANSPORT);
    assert_int_equal(offer.sections[0].rid_count, 2);
    assert_true(sdp_text_equal(offer.sections[0].rids[0], "l"));
    assert_true(sdp_text_equal(offer.sections[0].rids[1], "h"));
}

static void test_answer_too_large(void **state)
{
    (void)state;
    size_t size = load("chromium");
    assert_int_equal(sdp_parse(text, size, &offer), ERR_NONE);
    answer_fill();
    size_t whole;
    assert_int_equal(sdp_answer_write(&answer, written, sizeof(written), &whole), ERR_NONE);
    for (size_t capacity = 1; capacity <= whole; capacity += 97) {
        assert_int_equal(sdp_answer_write(&answer, written, capacity, &size), ERR_TOO_LARGE);
    }
    assert_int_equal(sdp_answer_write(&answer, written, whole + 1, &size), ERR_NONE);
}

static void test_every_truncation(void **state)
{
    (void)state;
    // Only the address sanitizer can see a fault here: the text ends exactly where its memory ends.
    size_t size = load("firefox");
    for (size_t cut = 0; cut < size; cut += 7) {
        char *exact = malloc(cut + 1);
        assert_non_null(exact);
        memmove(exact, text, cut);
        enum err err = sdp_parse(exact, cut, &offer);
        if (err == ERR_NONE) {
            err = sdp_offer_check(&offer);
        }
        assert_true(err == ERR_NONE || offer.problem[0] != 0);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_browsers),         cmocka_unit_test(test_aiortc),
        cmocka_unit_test(test_gstreamer),        cmocka_unit_test(test_encoders),
        cmocka_unit_test(test_player),           cmocka_unit_test(test_single_section),
        cmocka_unit_test(test_refusals),         cmocka_unit_test(test_fingerprints),
        cmocka_unit_test(test_maxima),           cmocka_unit_test(test_rejected_and_bundle_only),
        cmocka_unit_test(test_simulcast_order),  cmocka_unit_test(test_answer_too_large),
        cmocka_unit_test(test_every_truncation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
