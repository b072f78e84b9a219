#include "../test.h"

#include "load/load_description.h"

#define FINGERPRINT                                                     \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55" \
    ":66:77:88:99:AA:BB:CC:DD:EE:FF"

static struct sdp_description description;
static struct load_answer answer;
static char offer_text[LOAD_OFFER_MAX];

static struct load_offer offer(bool sends)
{
    struct load_offer made = {
        .sends = sends,
        .red = !sends,
        .ufrag = "abcdefgh",
        .password = "abcdefghijklmnopqrstuvwx",
        .fingerprint = FINGERPRINT,
        .ssrc = 4711,
        .packet_ms = 20,
        .cname = "load",
    };
    assert_int_equal(address_from_text("127.77.0.9", 5000, &made.candidate), ERR_NONE);
    return made;
}

static void our_own_server_takes_the_offer(void **state)
{
    (void)state;
    for (int sends = 0; sends <= 1; sends++) {
        struct load_offer made = offer(sends == 1);
        assert_int_equal(load_offer_write(&made, offer_text), ERR_NONE);
        assert_int_equal(sdp_parse(offer_text, strlen(offer_text), &description), ERR_NONE);
        assert_int_equal(sdp_offer_check(&description), ERR_NONE);
        assert_int_equal(description.section_count, 1);
        const struct sdp_section *section = &description.sections[0];
        assert_int_equal(section->direction, sends == 1 ? SDP_SENDONLY : SDP_RECVONLY);
        assert_int_equal(section->codecs[0].codec, SDP_CODEC_OPUS);
        assert_int_equal(section->codec_count, sends == 1 ? 1 : 2);
        assert_int_equal(section->ssrc_count, sends == 1 ? 1 : 0);
        assert_int_equal(section->candidate_count, 1);
    }
}

#define HEAD                                                                         \
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n"                \
    "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=ice-ufrag:serv\r\na=ice-pwd:"           \
    "abcdefghijklmnopqrstuvwxyz\r\na=setup:passive\r\na=rtpmap:111 opus/48000/2\r\n" \
    "a=rtpmap:63 red/48000/2\r\n"
#define PRINT "a=fingerprint:sha-256 " FINGERPRINT "\r\n"
#define CANDIDATES                                                            \
    "a=candidate:1 1 TCP 1 192.0.2.1 9 typ host tcptype passive\r\n"          \
    "a=candidate:2 1 udp 2130706431 192.0.2.7 8443 typ host generation 0\r\n" \
    "a=candidate:2 2 udp 2130706431 192.0.2.7 8444 typ host\r\n"              \
    "a=candidate:3 1 UDP 1 secret.local 8443 typ host\r\n"                    \
    "a=candidate:4 1 UDP 1 2001:db8::1 8443 typ host\r\n"                     \
    "a=candidate:5 1 udp 1\r\n"

static enum err read_text(const char *text, const char **ret_problem)
{
    return load_answer_read(text, strlen(text), &description, &answer, ret_problem);
}

static void an_answer_tells_what_is_needed(void **state)
{
    (void)state;
    const char *problem;
    char ip[ADDRESS_TEXT_SIZE];
    assert_int_equal(read_text(HEAD PRINT CANDIDATES, &problem), ERR_NONE);
    assert_string_equal(answer.ufrag, "serv");
    assert_string_equal(answer.password, "abcdefghijklmnopqrstuvwxyz");
    assert_int_equal(answer.digest[1], 0x11);
    assert_int_equal(answer.opus_type, 111);
    assert_int_equal(answer.red_type, 63);
    assert_false(answer.server_is_active);
    assert_int_equal(answer.candidate_count, 2);
    address_ip_text(&answer.candidates[0], ip);
    assert_string_equal(ip, "192.0.2.7");
    assert_int_equal(answer.candidates[0].port, 8443);
    assert_int_equal(answer.candidates[1].family, ADDRESS_IPV6);
}

static void what_lacks_something_is_refused_in_words(void **state)
{
    (void)state;
    const char *problem = NULL;
    assert_int_equal(read_text("<html>", &problem), ERR_MALFORMED);
    assert_non_null(problem);
    assert_int_equal(read_text(HEAD CANDIDATES, &problem), ERR_UNSUPPORTED);
    assert_non_null(strstr(problem, "fingerprint"));
    assert_int_equal(read_text(HEAD PRINT, &problem), ERR_UNSUPPORTED);
    assert_non_null(strstr(problem, "candidate"));
    assert_int_equal(read_text("v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\n", &problem),
                     ERR_UNSUPPORTED);
    assert_non_null(strstr(problem, "refuses"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_server_takes_the_offer),
        cmocka_unit_test(an_answer_tells_what_is_needed),
        cmocka_unit_test(what_lacks_something_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
