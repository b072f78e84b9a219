#include "../test.h"
#include <stdlib.h>

#include "api/json_guard.h"
#include "contract/types.h"

#define VALUES_MAX 11

static enum err parse(const char *text, size_t size)
{
    json_t *value = NULL;
    enum err result = json_guard_parse(text, size, VALUES_MAX, &value);
    assert_int_equal(result == ERR_NONE, value != NULL);
    json_decref(value);
    return result;
}

static void objects_are_read_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(parse("{}", 2), ERR_NONE);
    assert_int_equal(parse(" {\"a\": [1, 2]} ", 15), ERR_NONE);
    static const char *const bad[] = {"",
                                      "[]",
                                      "1",
                                      "null",
                                      "{",
                                      "{\"a\":1,}",
                                      "{\"a\":1}x",
                                      "{'a':1}",
                                      "{\"a\":1e999}",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"a\":\"\xff\"}",
                                      "{\"a\":99999999999999999999}",
                                      "\xef\xbb\xbf{}"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(parse(bad[i], strlen(bad[i])), ERR_MALFORMED);
    }
}

static void a_first_number_is_read_from_the_beginning_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t number;
    } cases[] = {
        {"{\"id\":7,\"command\":\"media.join\",\"data\":{\"sdp\":\"v=0", 7},
        {" {\n\"id\" : 7", 0}, // a blank before the colon is JSON, and nobody's
        {" {\n\"id\": 12 ,", 12},
        {"{\"id\":9007199254740991}", 9007199254740991},
        {"{\"id\":9007199254740992}", 0},
        {"{\"id\":7", 0}, // there may be more digits
        {"{\"id\":-7,", 0},
        {"{\"id\":\"7\",", 0},
        {"{\"idle\":7,", 0},
        {"{\"command\":\"a\",\"id\":7}", 0},
        {"[\"id\":7,", 0},
        {"{\"id\":", 0},
        {"{", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(json_guard_first_number(cases[i].text, strlen(cases[i].text), "id"),
                         cases[i].number);
    }
}

static void a_key_stands_once(void **state)
{
    (void)state;
    const char *text = "{\"a\":1,\"a\":1}";
    assert_int_equal(parse(text, strlen(text)), ERR_MALFORMED);
    text = "{\"b\":{\"a\":1,\"\\u0061\":2}}";
    assert_int_equal(parse(text, strlen(text)), ERR_MALFORMED);
}

static void eight_levels_and_no_more(void **state)
{
    (void)state;
    const char *eight = "{\"a\":[[[[[[[1]]]]]]]}";
    const char *nine = "{\"a\":[[[[[[[[1]]]]]]]]}";
    assert_int_equal(parse(eight, strlen(eight)), ERR_NONE);
    assert_int_equal(parse(nine, strlen(nine)), ERR_MALFORMED);
    const char *text = "{\"a\":\"[[[[[[[[[[{{{{\\\"[[[[[[[[[\"}";
    assert_int_equal(parse(text, strlen(text)), ERR_NONE);
}

static void sixty_thousand_brackets_cost_nothing(void **state)
{
    (void)state;
    char *text = malloc(CONTRACT_BODY_MAX);
    memset(text, '[', CONTRACT_BODY_MAX);
    assert_int_equal(parse(text, CONTRACT_BODY_MAX), ERR_MALFORMED);
    free(text);
}

static void eleven_values_and_no_more(void **state)
{
    (void)state;
    const char *text = "{\"a\":[1,2,3,4,5],\"b\":{\"c\":\",,,[[{{\",\"d\":[[]]}}";
    assert_int_equal(parse(text, strlen(text)), ERR_NONE);
    text = "{\"a\":[1,2,3,4,5],\"b\":{\"c\":\",,,[[{{\",\"d\":[[]]},\"e\":1}";
    assert_int_equal(parse(text, strlen(text)), ERR_MALFORMED);
    text = "{\"a\":[],\"b\":[],\"c\":[],\"d\":[],\"e\":[],\"f\":[]}";
    assert_int_equal(parse(text, strlen(text)), ERR_MALFORMED);
}

static void too_large_is_said_so(void **state)
{
    (void)state;
    char *text = malloc(CONTRACT_BODY_MAX + 1);
    memset(text, ' ', CONTRACT_BODY_MAX + 1);
    text[0] = '{';
    text[1] = '}';
    assert_int_equal(parse(text, CONTRACT_BODY_MAX), ERR_NONE);
    assert_int_equal(parse(text, CONTRACT_BODY_MAX + 1), ERR_TOO_LARGE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read_and_nothing_else),
        cmocka_unit_test(a_first_number_is_read_from_the_beginning_alone),
        cmocka_unit_test(a_key_stands_once),
        cmocka_unit_test(eight_levels_and_no_more),
        cmocka_unit_test(sixty_thousand_brackets_cost_nothing),
        cmocka_unit_test(eleven_values_and_no_more),
        cmocka_unit_test(too_large_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
