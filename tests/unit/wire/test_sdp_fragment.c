// Fragments of SDP for an ICE restart.
#include "../test.h"

#include <string.h>

#include "wire/sdp_fragment.h"

#define UFRAG    "a=ice-ufrag:EsAw\r\n"
#define PASSWORD "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"

static struct sdp_fragment fragment;

static enum err parse(const char *text)
{
    return sdp_fragment_parse(text, strlen(text), &fragment);
}

static void test_credentials_are_found_at_either_level(void **state)
{
    (void)state;
    assert_int_equal(parse(UFRAG PASSWORD "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:7\r\n"),
                     ERR_NONE);
    assert_true(sdp_text_equal(fragment.ufrag, "EsAw"));
    assert_true(sdp_text_equal(fragment.password, "P2uYro0UCOQ4zxjKXaWCBui1"));
    assert_true(sdp_text_equal(fragment.kind, "audio") && sdp_text_equal(fragment.mid, "7"));
    // The first section counts; lines may end in LF alone.
    assert_int_equal(parse("m=video 9 X 0\na=mid:v\n" UFRAG PASSWORD
                           "m=audio 9 X 0\na=mid:a\na=ice-ufrag:other\n"),
                     ERR_NONE);
    assert_true(sdp_text_equal(fragment.kind, "video") && sdp_text_equal(fragment.mid, "v"));
    assert_true(sdp_text_equal(fragment.ufrag, "EsAw"));
    assert_int_equal(parse(UFRAG PASSWORD), ERR_NONE);
    assert_int_equal(fragment.mid.size, 0);
    assert_int_equal(parse("a=ice-ufrag:EsAw \r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\t\r\n"),
                     ERR_NONE);
    assert_true(sdp_text_equal(fragment.ufrag, "EsAw"));
}

static void test_what_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err err;
    } cases[] = {
        {"", ERR_INVALID},
        {UFRAG, ERR_INVALID},
        {PASSWORD, ERR_INVALID},
        {"a=ice-ufrag:abc\n" PASSWORD, ERR_INVALID},              // three characters
        {UFRAG "a=ice-pwd:012345678901234567890\n", ERR_INVALID}, // 21
        {"a=ice-ufrag:Es\"w\n" PASSWORD, ERR_INVALID},
        {"v=0\r\n" UFRAG PASSWORD, ERR_MALFORMED},
        {UFRAG PASSWORD "a=", ERR_MALFORMED},
        {UFRAG PASSWORD "a=mid:\r\n", ERR_MALFORMED},
        {UFRAG PASSWORD "a=mid:a b\r\n", ERR_MALFORMED},
        {UFRAG PASSWORD
         "a=mid:01234567890123456789012345678901234567890123456789012345678901234\r\n",
         ERR_MALFORMED}, // 65
        {UFRAG PASSWORD "m=\r\n", ERR_MALFORMED},
        {UFRAG PASSWORD "garbage", ERR_MALFORMED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(cases[i].text), cases[i].err);
    }
    static const char with_nul[] = "a=x\0y\r\n" UFRAG PASSWORD;
    assert_int_equal(sdp_fragment_parse(with_nul, sizeof(with_nul) - 1, &fragment), ERR_MALFORMED);
    static char large[SDP_FRAGMENT_SIZE_MAX + 1];
    assert_int_equal(sdp_fragment_parse(large, sizeof(large), &fragment), ERR_TOO_LARGE);
}

static void test_the_answer_names_the_same_section(void **state)
{
    (void)state;
    char text[1024];
    size_t size = 0;
    struct address candidates[2];
    assert_int_equal(address_from_text("192.0.2.7", 9000, &candidates[0]), ERR_NONE);
    assert_int_equal(address_from_text("2001:db8::1", 9000, &candidates[1]), ERR_NONE);
    assert_int_equal(parse(UFRAG PASSWORD "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"),
                     ERR_NONE);
    assert_int_equal(
        sdp_fragment_write(&fragment, "ours", "secret", candidates, 2, text, sizeof(text), &size),
        ERR_NONE);
    assert_int_equal(size, strlen(text));
    assert_string_equal(text,
                        "a=ice-lite\r\n"
                        "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
                        "a=mid:0\r\n"
                        "a=ice-ufrag:ours\r\n"
                        "a=ice-pwd:secret\r\n"
                        "a=candidate:1 1 udp 2130706431 192.0.2.7 9000 typ host\r\n"
                        "a=candidate:2 1 udp 2130706175 2001:db8::1 9000 typ host\r\n"
                        "a=end-of-candidates\r\n");
    assert_int_equal(
        sdp_fragment_write(&fragment, "ours", "secret", candidates, 2, text, 40, &size),
        ERR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credentials_are_found_at_either_level),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_the_answer_names_the_same_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
