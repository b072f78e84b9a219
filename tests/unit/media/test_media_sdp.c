// Real browsers' offers (tests/data/sdp) against control's sections.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/media_sdp.h"

static const char *data_folder;
static struct media_sdp *sdp;
static char offer[SDP_SIZE_MAX];
static char answer[SDP_ANSWER_MAX];

// microphone, camera, screen, floor 1, floor 2, language, speaker, chair, screen: docs/protocol.md
static const struct link_section plan[] = {
    {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 11},
    {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 12},
    {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 13},
    {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 0, .channel = 1},
    {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 1, .channel = 2},
    {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 2},
    {.kind = LINK_VIDEO, .direction = LINK_RECEIVE, .slot = 3},
    {.kind = LINK_VIDEO, .direction = LINK_RECEIVE, .slot = 4},
    {.kind = LINK_VIDEO, .direction = LINK_RECEIVE, .slot = 5},
};
#define PLAN_SIZE ((uint8_t)(sizeof(plan) / sizeof(plan[0])))

static int setup(void **state)
{
    (void)state;
    sdp = media_sdp_create(false);
    return sdp != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    media_sdp_destroy(sdp);
    return 0;
}

static size_t offer_load(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s.sdp", data_folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(offer, 1, sizeof(offer), file);
    (void)fclose(file);
    return size;
}

static void assert_answer(uint8_t sections)
{
    static struct sdp_description read;
    size_t size = 0;
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    certificate_fingerprint_text((const uint8_t[CERTIFICATE_DIGEST_SIZE]){1, 2, 3}, fingerprint);
    struct media_sdp_server server = {.fingerprint = fingerprint, .candidate_count = 1};
    assert_int_equal(address_from_text("192.0.2.1", 3478, &server.candidates[0]), ERR_NONE);
    assert_int_equal(media_sdp_write_answer(sdp, &server, answer, sizeof(answer), &size), ERR_NONE);
    assert_int_equal(sdp_parse(answer, size, &read), ERR_NONE);
    assert_int_equal(read.section_count, sections);
    const struct media_session *session = media_sdp_session(sdp);
    for (uint8_t i = 0; i < session->section_count; i++) {
        const struct media_section *section = &session->sections[i];
        bool send = section->wish.direction == LINK_SEND;
        assert_false(read.sections[i].rejected);
        assert_int_equal(read.sections[i].direction, send ? SDP_RECVONLY : SDP_SENDONLY);
        assert_int_equal(read.sections[i].setup, SDP_SETUP_PASSIVE);
        assert_int_equal(read.sections[i].codecs[0].payload_type, section->payload_type);
        assert_int_equal(section->ssrc != 0, !send);
        assert_true(send || read.sections[i].ssrcs[0] == section->ssrc);
    }
    assert_non_null(strstr(answer, "a=ice-lite"));
    assert_non_null(strstr(answer, media_sdp_credentials(sdp)->ufrag));
}

static void assert_answer_written(void)
{
    size_t size = 0;
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    certificate_fingerprint_text((const uint8_t[CERTIFICATE_DIGEST_SIZE]){1, 2, 3}, fingerprint);
    const struct media_sdp_server server = {.fingerprint = fingerprint};
    assert_int_equal(media_sdp_write_answer(sdp, &server, answer, sizeof(answer), &size), ERR_NONE);
    assert_true(size < sizeof(answer));
    answer[size] = 0;
}

static void assert_ssrcs_differ(void)
{
    const struct media_session *session = media_sdp_session(sdp);
    uint32_t seen[2 * LINK_SECTIONS_MAX + 1] = {session->rtcp_ssrc};
    unsigned count = 1;
    for (uint8_t i = 0; i < session->section_count; i++) {
        const uint32_t both[2] = {session->sections[i].ssrc, session->sections[i].rtx_ssrc};
        for (unsigned k = 0; k < 2; k++) {
            for (unsigned j = 0; both[k] != 0 && j < count; j++) {
                assert_int_not_equal(seen[j], both[k]);
            }
            seen[count] = both[k];
            count += both[k] != 0;
        }
    }
}

static void browser_offer(const char *name)
{
    size_t size = offer_load(name);
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, PLAN_SIZE, 5), ERR_NONE);
    const struct media_session *session = media_sdp_session(sdp);
    assert_int_equal(session->section_count, PLAN_SIZE);
    assert_int_not_equal(session->mid_id, 0);
    assert_int_not_equal(session->rid_id, 0);
    assert_string_equal(session->sections[0].mid, "0");
    assert_int_equal(session->sections[0].layer_count, 1);
    assert_int_equal(session->sections[0].feedback, 0);
    const struct media_section *camera = &session->sections[1];
    assert_int_equal(camera->layer_count, 3);
    assert_string_equal(camera->rids[0], "l");
    assert_string_equal(camera->rids[2], "h");
    assert_int_not_equal(camera->rtx_payload_type, 0);
    assert_true((camera->feedback & SDP_FEEDBACK_NACK) != 0);
    assert_true((camera->feedback & SDP_FEEDBACK_REMB) != 0);
    assert_int_equal(session->sections[2].layer_count, 1);
    assert_int_not_equal(session->sections[6].rtx_ssrc, 0);
    assert_int_equal(session->sections[3].rtx_ssrc, 0);
    uint32_t index = 0;
    char username[64];
    (void)snprintf(username, sizeof(username), "%s:x", media_sdp_credentials(sdp)->ufrag);
    assert_true(ice_username_index((uint8_t *)username, strlen(username), &index));
    assert_int_equal(index, 5);
    assert_answer(PLAN_SIZE);
    assert_ssrcs_differ();
}

static void test_chromium(void **state)
{
    (void)state;
    browser_offer("chromium");
    const struct media_session *session = media_sdp_session(sdp);
    assert_int_equal(session->sections[0].red_payload_type, 0); // what it sends is plain Opus
    for (uint8_t i = 3; i < 6; i++) {
        assert_int_equal(session->sections[i].payload_type, 111);
        assert_int_equal(session->sections[i].red_payload_type, 63);
        assert_int_equal(session->sections[i].ptime_max_ms, 0);
        assert_int_equal(session->sections[i].feedback, 0); // no NACK, REMB or transport-cc
    }
    const char *red = strstr(answer, "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n");
    assert_non_null(red);
    assert_non_null(strstr(answer, " 111 63\r\n")); // Opus first
    assert_null(strstr(answer, "transport-cc"));
}

static void test_all_fingerprints_are_kept(void **state)
{
    (void)state;
    static const char own[] = "a=fingerprint:sha-256 ";
    size_t size = offer_load("chromium");
    offer[size] = '\0';
    char *line = strstr(offer, own);
    assert_non_null(line);
    // Another one in front of the client's own, in the section that gives the transport.
    char other[sizeof(own) + CERTIFICATE_FINGERPRINT_SIZE + 1];
    size_t length = sizeof(own) - 1 + CERTIFICATE_FINGERPRINT_SIZE + 1; // and its line's end
    memcpy(other, line, length);
    memcpy(other + sizeof(own) - 1, "00:00", 5);
    memmove(line + length, line, size - (size_t)(line - offer) + 1);
    memcpy(line, other, length);
    assert_int_equal(media_sdp_read_offer(sdp, offer, size + length, plan, PLAN_SIZE, 5), ERR_NONE);
    const struct certificate_digests *digests = &media_sdp_session(sdp)->certificate_digests;
    assert_int_equal(digests->count, 2);
    assert_memory_equal(digests->digests[0] + 2, digests->digests[1] + 2,
                        CERTIFICATE_DIGEST_SIZE - 2);
    assert_memory_not_equal(digests->digests[0], digests->digests[1], 2);
}

static void test_firefox(void **state)
{
    (void)state;
    browser_offer("firefox");
    assert_int_equal(media_sdp_session(sdp)->sections[3].red_payload_type, 0);
    assert_null(strstr(answer, "red/48000"));
}

static void replace_all(char *text, size_t *size, const char *from, const char *to)
{
    static char rest[SDP_SIZE_MAX];
    text[*size] = 0;
    for (char *at = strstr(text, from); at != NULL; at = strstr(at + strlen(to), from)) {
        (void)snprintf(rest, sizeof(rest), "%s", at + strlen(from));
        (void)snprintf(at, SDP_SIZE_MAX - (size_t)(at - text), "%s%s", to, rest);
    }
    *size = strlen(text);
}

static void test_redundancy_and_packet_time(void **state)
{
    (void)state;
    static const char *const others[] = {"a=fmtp:63 111/0", "a=fmtp:63 111/", "a=fmtp:63 0/5/7",
                                         "a=fmtp:64 111/111"};
    for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        size_t size = offer_load("chromium");
        replace_all(offer, &size, "a=fmtp:63 111/111", others[i]);
        assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, PLAN_SIZE, 5), ERR_NONE);
        bool fits = strcmp(others[i], "a=fmtp:63 111/") == 0; // one block, its own
        assert_int_equal(media_sdp_session(sdp)->sections[3].red_payload_type, fits ? 63 : 0);
    }
    size_t size = offer_load("chromium");
    replace_all(offer, &size, "a=fmtp:63 111/111", "a=fmtp:63 111/111/111\r\na=maxptime:40");
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, PLAN_SIZE, 5), ERR_NONE);
    assert_int_equal(media_sdp_session(sdp)->sections[3].red_payload_type, 63);
    assert_int_equal(media_sdp_session(sdp)->sections[3].ptime_max_ms, 40);
    // Another number for Opus: the packets made once for all do not fit.
    size = offer_load("chromium");
    replace_all(offer, &size, "111", "112");
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, PLAN_SIZE, 5), ERR_NONE);
    assert_int_equal(media_sdp_session(sdp)->sections[3].payload_type, 112);
    assert_int_equal(media_sdp_session(sdp)->sections[3].red_payload_type, 0);
    assert_answer(PLAN_SIZE);
    assert_null(strstr(answer, "red/48000"));
}

static void test_sendrecv_serves_either_direction(void **state)
{
    (void)state;
    size_t size = offer_load("gstreamer"); // audio sendrecv, video recvonly
    struct link_section sections[2] = {{.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 1},
                                       {.kind = LINK_VIDEO, .direction = LINK_RECEIVE}};
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_NONE);
    assert_answer(2);
    sections[0] = (struct link_section){.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 1};
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_NONE);
    assert_answer(2);
    sections[1].direction = LINK_SEND; // the client only receives there
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_INVALID);
}

static void test_sections_that_do_not_fit(void **state)
{
    (void)state;
    struct link_section changed[LINK_SECTIONS_MAX];
    size_t size = offer_load("chromium");
    memcpy(changed, plan, sizeof(plan));
    changed[3].kind = LINK_VIDEO;
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, changed, PLAN_SIZE, 0), ERR_INVALID);
    memcpy(changed, plan, sizeof(plan));
    changed[0] = (struct link_section){.kind = LINK_AUDIO, .direction = LINK_RECEIVE};
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, changed, PLAN_SIZE, 0), ERR_INVALID);
    memcpy(changed, plan, sizeof(plan));
    changed[PLAN_SIZE] = plan[0];
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, changed, PLAN_SIZE + 1, 0),
                     ERR_INVALID);
    // Fewer sections than the offer has: the rest is rejected in the answer.
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, 2, 0), ERR_NONE);
    assert_int_equal(media_sdp_session(sdp)->section_count, 2);
    assert_answer(PLAN_SIZE);
    assert_non_null(strstr(answer, "m=audio 0 "));
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, 0, 0), ERR_INVALID);
}

// Layers are sorted by the names that clients in practice give them.
// What encoders offer at the door of publishers: one source of sound, one of pictures in H.264,
// each known by its SSRC alone.
static void test_encoders(void **state)
{
    (void)state;
    static const struct link_section door[] = {
        {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 1},
        {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 2, .optional = true},
    };
    static const struct {
        const char *name;
        uint8_t payload_type;
        uint32_t ssrc;
    } encoders[] = {{"obs", 96, 1001002}, {"ffmpeg", 106, 2002002}};
    for (size_t i = 0; i < 2; i++) {
        size_t size = offer_load(encoders[i].name);
        assert_int_equal(media_sdp_read_offer(sdp, offer, size, door, 2, 5), ERR_NONE);
        const struct media_session *session = media_sdp_session(sdp);
        assert_int_equal(session->section_count, 2);
        assert_int_equal(session->mid_id, 0);
        assert_int_equal(session->sections[1].codec, ROUTER_H264);
        assert_int_equal(session->sections[1].payload_type, encoders[i].payload_type);
        assert_int_equal(session->sections[1].layer_count, 1);
        assert_int_equal(session->sections[1].ssrc_count, 1);
        assert_int_equal(session->sections[1].ssrcs[0], encoders[i].ssrc);
        assert_answer(2);
    }
}

// A listener takes both codecs under one SSRC; a sender that has VP8 sends that.
static void test_both_codecs(void **state)
{
    (void)state;
    static const struct link_section hears[] = {
        {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 0},
        {.kind = LINK_VIDEO, .direction = LINK_RECEIVE, .slot = 1},
    };
    static const struct link_section sends[] = {
        {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 1},
        {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 2},
    };
    size_t size = offer_load("player");
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, hears, 2, 5), ERR_NONE);
    const struct media_section *video = &media_sdp_session(sdp)->sections[1];
    assert_int_equal(video->payload_type, 96);
    assert_int_equal(video->h264_payload_type, 104);
    assert_int_equal(video->h264_rtx_payload_type, 105);
    assert_ssrcs_differ();
    assert_answer(2);
    size = offer_load("player");
    replace_all(offer, &size, "a=recvonly", "a=sendonly");
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sends, 2, 5), ERR_NONE);
    video = &media_sdp_session(sdp)->sections[1];
    assert_int_equal(video->codec, ROUTER_VP8);
    assert_int_equal(video->payload_type, 96);
    assert_answer_written();
    assert_null(strstr(answer, "H264"));
    // Who takes H.264 alone is sent nothing else.
    size = offer_load("player");
    replace_all(offer, &size, "VP8/90000", "VP9/90000");
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, hears, 2, 5), ERR_NONE);
    video = &media_sdp_session(sdp)->sections[1];
    assert_int_equal(video->payload_type, 0);
    assert_int_equal(video->h264_payload_type, 104);
    assert_int_not_equal(video->rtx_ssrc, 0);
    assert_answer_written();
    assert_null(strstr(answer, "VP8"));
}

static void rids_sorted(const char *from, const char *to, const char *first, const char *last)
{
    size_t size = offer_load("chromium");
    offer[size] = 0;
    char *at;
    while ((at = strstr(offer, from)) != NULL) {
        memcpy(at, to, strlen(to));
    }
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, plan, PLAN_SIZE, 0), ERR_NONE);
    assert_string_equal(media_sdp_session(sdp)->sections[1].rids[0], first);
    assert_string_equal(media_sdp_session(sdp)->sections[1].rids[2], last);
}

static void test_layers_are_sorted(void **state)
{
    (void)state;
    rids_sorted("send l;m;h", "send h;m;l", "l", "h");
    rids_sorted("send l;m;h", "send m;h;l", "l", "h");
}

// The i-th media line of the answer: rejected or not.
static void assert_rejected(uint8_t section, bool rejected)
{
    static struct sdp_description read;
    assert_int_equal(sdp_parse(answer, strlen(answer), &read), ERR_NONE);
    assert_int_equal(read.sections[section].rejected, rejected);
}

static void test_offers_find_their_sections_in_any_order(void **state)
{
    (void)state;
    size_t size = offer_load("chromium"); // audio, video, video, audio × 3, video × 3
    const struct link_section sound_and_picture[] = {
        {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 2, .optional = true},
        {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 1},
    };
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sound_and_picture, 2, 0), ERR_NONE);
    const struct media_session *session = media_sdp_session(sdp);
    assert_int_equal(session->section_count, 2);
    assert_int_equal(session->sections[0].wish.source, 1);
    assert_int_equal(session->sections[1].wish.source, 2);
    const struct link_section listener[] = {
        {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 0},
    };
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, listener, 1, 0), ERR_NONE);
    assert_answer_written();
    assert_rejected(0, true);
    assert_rejected(3, false);
    assert_rejected(4, true);
}

static void test_what_is_optional_may_be_missing(void **state)
{
    (void)state;
    size_t size = offer_load("chromium");
    offer[size] = 0;
    replace_all(offer, &size, "VP8/90000", "VPX/90000"); // no codec of ours
    replace_all(offer, &size, "H264/90000", "H26X/90000");
    struct link_section sections[] = {
        {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = 1},
        {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 2, .optional = true},
    };
    // Not silently without a picture, unless that is wanted.
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_UNSUPPORTED);
    media_sdp_destroy(sdp);
    sdp = media_sdp_create(true);
    assert_non_null(sdp);
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_NONE);
    assert_int_equal(media_sdp_session(sdp)->section_count, 1);
    assert_answer_written();
    assert_rejected(0, false);
    assert_rejected(1, true);
    sections[1].optional = false;
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_UNSUPPORTED);
    sections[0].optional = true;
    sections[0].direction = sections[1].direction = LINK_RECEIVE;
    sections[1].optional = true;
    sections[0].kind = LINK_VIDEO; // nothing at all remains
    assert_int_equal(media_sdp_read_offer(sdp, offer, size, sections, 2, 0), ERR_UNSUPPORTED);
}

int main(int argc, char **argv)
{

    data_folder = argc == 2 ? argv[1] : "";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_chromium, setup, teardown),
        cmocka_unit_test_setup_teardown(test_firefox, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_fingerprints_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_redundancy_and_packet_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sendrecv_serves_either_direction, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sections_that_do_not_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_encoders, setup, teardown),
        cmocka_unit_test_setup_teardown(test_both_codecs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_layers_are_sorted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_offers_find_their_sections_in_any_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_is_optional_may_be_missing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
