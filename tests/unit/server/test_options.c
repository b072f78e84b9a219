#include "../test.h"

#include <stdlib.h>
#include <unistd.h>

#include "place.h"
#include "server/options.h"

#define ARGUMENTS_MAX 24

static struct options options;
static const char *role;
static bool loud;
static struct option_values colours;
static int code;

static bool read_line(const char *const *words)
{
    const struct option_extra extras[] = {{"role", true, &role, NULL, "a capacity"},
                                          {"loud", false, NULL, &loud, "more words"},
                                          {"colour", true, NULL, NULL, "several", &colours},
                                          {0}};
    static char copies[ARGUMENTS_MAX][128];
    char *arguments[ARGUMENTS_MAX + 1] = {NULL};
    int count = 0;
    snprintf(copies[0], sizeof(copies[0]), "test");
    arguments[count++] = copies[0];
    for (size_t i = 0; words[i] != NULL; i++, count++) {
        snprintf(copies[count], sizeof(copies[0]), "%s", words[i]);
        arguments[count] = copies[count];
    }
    role = NULL;
    loud = false;
    colours.count = 0;
    code = -1;
    return options_read(count, arguments, "Usage: test", extras, &options, &code);
}

#define READ(...) read_line((const char *const[]){__VA_ARGS__, NULL})

static int clean(void **state)
{
    (void)state;
    unsetenv("PLENARY_HTTP_PORT");
    unsetenv("PLENARY_MEDIA_PORT");
    return 0;
}

static void what_is_shared_and_what_is_ones_own(void **state)
{
    (void)state;
    assert_true(READ("--data", "/srv/plenary", "--role", "chair", "--loud", "--json", "--host",
                     "meet.org", "--set", "people.session_hours=8"));
    assert_string_equal(options.config.data, "/srv/plenary");
    assert_string_equal(options.config.host, "meet.org");
    assert_int_equal(options.config.session_hours, 8);
    assert_string_equal(role, "chair");
    assert_true(loud);
    assert_true(options.json);
}

static void some_may_be_given_several_times(void **state)
{
    (void)state;
    assert_true(READ("--colour", "red", "--loud", "--colour", "blue"));
    assert_int_equal(colours.count, 2);
    assert_string_equal(colours.items[0], "red");
    assert_string_equal(colours.items[1], "blue");
    const char *too_many[2 * OPTION_VALUES_MAX + 3] = {NULL};
    for (int i = 0; i < 2 * OPTION_VALUES_MAX + 2; i++) {
        too_many[i] = i % 2 == 0 ? "--colour" : "red";
    }
    assert_false(read_line(too_many));
    assert_int_equal(code, 2);
}

static void the_media_port_follows_unless_it_is_given(void **state)
{
    (void)state;
    assert_true(READ("--json"));
    assert_int_equal(options.config.media_port, 8443);
    assert_true(READ("--port", "9000"));
    assert_int_equal(options.config.media_port, 9000);
    assert_true(READ("--port", "9000", "--media-port", "9001"));
    assert_int_equal(options.config.media_port, 9001);
    assert_true(READ("--set", "media.port=9001", "--port", "9000"));
    assert_int_equal(options.config.media_port, 9001);
    assert_true(READ("--set", "http.port=9000"));
    assert_int_equal(options.config.media_port, 9000);
    place_put("given.yaml", "media:\n  port: 9001\n");
    assert_true(READ("--config", "given.yaml", "--port", "9000"));
    assert_int_equal(options.config.media_port, 9001);
    setenv("PLENARY_MEDIA_PORT", "9002", 1);
    assert_true(READ("--port", "9000"));
    assert_int_equal(options.config.media_port, 9002);
}

static void the_nearer_wins(void **state)
{
    (void)state;
    place_put("far.yaml", "http:\n  port: 1001\n  host: far.org\npeople:\n  session_hours: 3\n");
    setenv("PLENARY_HTTP_PORT", "1002", 1);
    assert_true(READ("--config", "far.yaml"));
    assert_int_equal(options.config.port, 1002);
    assert_string_equal(options.config.host, "far.org");
    assert_true(READ("--port", "1003", "--config", "far.yaml"));
    assert_int_equal(options.config.port, 1003);
    assert_true(READ("--set", "http.port=1003", "--port", "1004"));
    assert_int_equal(options.config.port, 1004);
    assert_int_equal(options.config.session_hours, 24);
}

static void mistakes_end_with_2(void **state)
{
    (void)state;
    static const char *const lines[][3] = {
        {"--no-such", NULL},        {"--port", "many", NULL},     {"--port", "0", NULL},
        {"--port", NULL},           {"--set", "no.such=1", NULL}, {"--set", "http.port", NULL},
        {"--config", "none", NULL}, {"--media-port", "-1", NULL}, {"--set", "http.port=", NULL}};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (read_line(lines[i]) || code != 2) {
            fail_msg("%s %s: %d", lines[i][0], lines[i][1] != NULL ? lines[i][1] : "", code);
        }
    }
    setenv("PLENARY_HTTP_PORT", "nonsense", 1);
    assert_false(READ("--json"));
    assert_int_equal(code, 2);
    place_put("bad.yaml", "http: 7\n");
    unsetenv("PLENARY_HTTP_PORT");
    assert_false(READ("--config", "bad.yaml"));
    assert_int_equal(code, 2);
}

static void help_ends_with_0(void **state)
{
    (void)state;
    assert_false(READ("--help"));
    assert_int_equal(code, 0);
    assert_false(READ("--port", "9000", "--help"));
    assert_int_equal(code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_shared_and_what_is_ones_own, clean),
        cmocka_unit_test_teardown(some_may_be_given_several_times, clean),
        cmocka_unit_test_teardown(the_media_port_follows_unless_it_is_given, clean),
        cmocka_unit_test_teardown(the_nearer_wins, clean),
        cmocka_unit_test_teardown(mistakes_end_with_2, clean),
        cmocka_unit_test_teardown(help_ends_with_0, clean),
    };
    return cmocka_run_group_tests(tests, place_enter, place_leave);
}
