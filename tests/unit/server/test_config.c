#include "../test.h"

#include <stdlib.h>

#include "place.h"
#include "server/config.h"

static struct config config;
static char problem[256];

static enum err read_text(const char *text)
{
    place_put("plenary.yaml", text);
    config_default(&config);
    problem[0] = '\0';
    return config_read_file(&config, "plenary.yaml", problem, sizeof(problem));
}

static void the_defaults(void **state)
{
    (void)state;
    config_default(&config);
    assert_string_equal(config.host, "127.0.0.1");
    assert_int_equal(config.port, 8443);
    assert_true(config_host_is_loopback(&config));
    assert_false(config_tls_wanted(&config));
}

static void a_file_of_sections(void **state)
{
    (void)state;
    assert_int_equal(read_text("# the hall\nhttp:\n  host: meet.example.org\n  port: 443\n"
                               "media:\n  port: 4000\n  candidates: '192.0.2.1, 2001:db8::1'\n"),
                     ERR_NONE);
    assert_string_equal(config.host, "meet.example.org");
    assert_int_equal(config.port, 443);
    assert_int_equal(config.media_port, 4000);
    assert_string_equal(config.candidates, "192.0.2.1, 2001:db8::1");
    assert_true(config_tls_wanted(&config));
    assert_int_equal(read_text("http: {port: 1, tls: on}\n"), ERR_NONE);
    assert_int_equal(config.port, 1);
    assert_int_equal(read_text(""), ERR_NONE);
}

static void set(const char *key, const char *value, enum err wanted)
{
    if (config_set(&config, key, value) != wanted) {
        fail_msg("%s=%s", key, value);
    }
}

static void mail(void **state)
{
    (void)state;
    config_default(&config);
    assert_null(config_mail_problem(&config)); // none is sent, and that is well
    set("mail.server", "mail.example.org", ERR_INVALID);
    set("mail.server", "smtp://plenary:secret@mail.example.org", ERR_INVALID);
    set("mail.server", "smtp://mail.example.org:587", ERR_NONE);
    assert_non_null(strstr(config_mail_problem(&config), "mail.from"));
    set("mail.from", "Plenary <plenary@example.org>", ERR_INVALID);
    set("mail.from", "plenary@example.org", ERR_NONE);
    set("mail.from_name", "Secretariat\r\nBcc: all@example.org", ERR_INVALID);
    set("mail.from_name", "Secrétariat", ERR_NONE);
    assert_null(config_mail_problem(&config));
    set("mail.user", "plenary", ERR_NONE);
    assert_non_null(strstr(config_mail_problem(&config), "mail.password_file"));
    set("mail.password_file", "/etc/plenary/mail-password", ERR_NONE);
    assert_null(config_mail_problem(&config));
    set("mail.tls", "sometimes", ERR_INVALID);
    set("mail.tls", "opportunistic", ERR_NONE);
    assert_non_null(strstr(config_mail_problem(&config), "mail.tls=required"));
}

static void mistakes_in_a_file_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err err;
        const char *named;
    } cases[] = {
        {"http:\n  prot: 1\n", ERR_NOT_FOUND, "http.prot"},
        {"http:\n  port: 0\n", ERR_INVALID, "http.port"},
        {"http:\n  port: 65536\n", ERR_INVALID, "http.port"},
        {"http:\n  port: many\n", ERR_INVALID, "http.port"},
        {"http:\n  port: -1\n", ERR_INVALID, "http.port"},
        {"http:\n  port: 99999999999999999999999\n", ERR_INVALID, "http.port"},
        {"http:\n  port: ''\n", ERR_INVALID, "http.port"},
        {"port: 1\n", ERR_MALFORMED, "line"},
        {"- http\n", ERR_MALFORMED, "line"},
        {"http:\n  host: [a, b]\n", ERR_MALFORMED, "line"},
        {"http:\n  host: {a: b}\n", ERR_MALFORMED, "line"},
        {"http: &a\n  port: 1\nmedia: *a\n", ERR_MALFORMED, "line"},
        {"http:\n\tport: 1\n", ERR_MALFORMED, "line"},
        {"\"\n", ERR_MALFORMED, "line"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum err err = read_text(cases[i].text);
        if (err != cases[i].err || strstr(problem, cases[i].named) == NULL) {
            fail_msg("'%s': %s, '%s'", cases[i].text, err_slug(err), problem);
        }
    }
    char text[700] = "http:\n  host: ";
    memset(text + strlen(text), 'a', CONFIG_TEXT_MAX + 1);
    assert_int_equal(read_text(text), ERR_INVALID);
    assert_int_equal(config_read_file(&config, "nowhere.yaml", problem, sizeof(problem)),
                     ERR_NOT_FOUND);
    assert_non_null(strstr(problem, "nowhere.yaml"));
}

// docs/operating.md: 5,000 listeners' pages beside a meeting of 500, with room for those who come
// and go: one place for connections in sixteen is kept for who has a session, and a page that is
// loaded takes several. The unit's LimitNOFILE is enough for them.
static void the_defaults_are_enough_for_an_audience(void **state)
{
    (void)state;
    config_default(&config);
    assert_true(config.connections_max * 15 / 16 >= 5500 + 1000);
    assert_true(config.peers_max >= 5500);
    assert_true(3 * config.connections_max + 256 <= 65536);
}

static void assignments(void **state)
{
    (void)state;
    config_default(&config);
    assert_int_equal(config_set_assignment(&config, "http.host=a=b"), ERR_NONE);
    assert_string_equal(config.host, "a=b");
    assert_int_equal(config_set_assignment(&config, "http.web_root="), ERR_NONE);
    assert_string_equal(config.web_root, "");
    assert_int_equal(config_set_assignment(&config, "http.port=80"), ERR_NONE);
    assert_int_equal(config.port, 80);
    assert_int_equal(config_set_assignment(&config, "http.port"), ERR_MALFORMED);
    assert_int_equal(config_set_assignment(&config, "http.port=08x"), ERR_INVALID);
    assert_int_equal(config_set_assignment(&config, "http=1"), ERR_NOT_FOUND);
    assert_int_equal(config_set_assignment(&config, "=1"), ERR_NOT_FOUND);
    assert_int_equal(config_set_assignment(&config, ""), ERR_MALFORMED);
    char name[200];
    memset(name, 'a', sizeof(name));
    memcpy(name + sizeof(name) - 3, "=1", 3);
    assert_int_equal(config_set_assignment(&config, name), ERR_MALFORMED);
    assert_int_equal(config.port, 80);
}

static void the_environment_is_read_and_handed_on(void **state)
{
    (void)state;
    config_default(&config);
    setenv("PLENARY_HTTP_HOST", "hall.example.org", 1);
    setenv("PLENARY_MEDIA_PEERS_MAX", "77", 1);
    assert_int_equal(config_read_environment(&config, problem, sizeof(problem)), ERR_NONE);
    assert_string_equal(config.host, "hall.example.org");
    assert_int_equal(config.peers_max, 77);
    setenv("PLENARY_MEDIA_PEERS_MAX", "many", 1);
    assert_int_equal(config_read_environment(&config, problem, sizeof(problem)), ERR_INVALID);
    assert_non_null(strstr(problem, "PLENARY_MEDIA_PEERS_MAX"));
    // A process started next reads the very same.
    config.peers_max = 78;
    config.port = 4711;
    assert_int_equal(config_write_environment(&config), ERR_NONE);
    struct config again;
    config_default(&again);
    assert_int_equal(config_read_environment(&again, problem, sizeof(problem)), ERR_NONE);
    assert_memory_equal(&again, &config, sizeof(config));
}

static void an_unknown_form_of_the_sound_is_refused(void **state)
{
    (void)state;
    static const char *const known[] = {"plain", "long", "red", "red2", "auto"};
    config_default(&config);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        assert_int_equal(config_set(&config, "media.listen_only_variant", known[i]), ERR_NONE);
        assert_string_equal(config.listen_only_variant, known[i]);
    }
    assert_int_equal(config_set(&config, "media.listen_only_variant", "loud"), ERR_INVALID);
    assert_int_equal(config_set(&config, "media.listen_only_variant", ""), ERR_INVALID);
    assert_string_equal(config.listen_only_variant, "auto");
}

static void tls_by_itself(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        const char *tls;
        bool wanted;
    } cases[] = {{"127.0.0.1", "auto", false}, {"localhost", "auto", false},
                 {"::1", "auto", false},       {"10.0.0.1", "auto", true},
                 {"meet.org", "auto", true},   {"meet.org", "off", false},
                 {"127.0.0.1", "on", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        config_default(&config);
        assert_int_equal(config_set(&config, "http.host", cases[i].host), ERR_NONE);
        assert_int_equal(config_set(&config, "http.tls", cases[i].tls), ERR_NONE);
        assert_int_equal(config_tls_wanted(&config), cases[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults),
        cmocka_unit_test(a_file_of_sections),
        cmocka_unit_test(mail),
        cmocka_unit_test(mistakes_in_a_file_are_named),
        cmocka_unit_test(the_defaults_are_enough_for_an_audience),
        cmocka_unit_test(assignments),
        cmocka_unit_test(the_environment_is_read_and_handed_on),
        cmocka_unit_test(an_unknown_form_of_the_sound_is_refused),
        cmocka_unit_test(tls_by_itself),
    };
    return cmocka_run_group_tests(tests, place_enter, place_leave);
}
