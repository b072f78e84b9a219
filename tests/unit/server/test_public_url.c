#include "../test.h"

#include "server/public_url.h"

static void as_people_type_it(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        const char *tls;
        const char *port;
        const char *url;
    } cases[] = {
        {"127.0.0.1", "auto", "8443", "http://127.0.0.1:8443"},
        {"127.0.0.1", "on", "8443", "https://127.0.0.1:8443"},
        {"localhost", "auto", "80", "http://localhost"},
        {"meet.example.org", "auto", "443", "https://meet.example.org"},
        {"meet.example.org", "auto", "80", "https://meet.example.org:80"},
        {"meet.example.org", "off", "443", "http://meet.example.org:443"},
        {"2001:db8::1", "auto", "8443", "https://[2001:db8::1]:8443"},
        {"[2001:db8::1]", "auto", "443", "https://[2001:db8::1]"},
        {"::1", "auto", "80", "http://[::1]"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config;
        char url[PUBLIC_URL_MAX];
        config_default(&config);
        assert_int_equal(config_set(&config, "http.host", cases[i].host), ERR_NONE);
        assert_int_equal(config_set(&config, "http.tls", cases[i].tls), ERR_NONE);
        assert_int_equal(config_set(&config, "http.port", cases[i].port), ERR_NONE);
        public_url(&config, url);
        assert_string_equal(url, cases[i].url);
    }
}

static void the_longest_host_fits(void **state)
{
    (void)state;
    struct config config;
    char url[PUBLIC_URL_MAX];
    config_default(&config);
    memset(config.host, ':', CONFIG_TEXT_MAX);
    config.port = 65535;
    public_url(&config, url);
    assert_int_equal(strlen(url), strlen("https://[]:65535") + CONFIG_TEXT_MAX);
}

static void a_proxy_is_in_front(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        const char *url;
        const char *prefix;
        const char *host;
        bool https;
    } cases[] = {
        {"https://meet.example.org", "https://meet.example.org", "", "meet.example.org", true},
        {"https://meet.example.org/", "https://meet.example.org", "", "meet.example.org", true},
        {"http://10.0.0.1:8080/sub", "http://10.0.0.1:8080/sub", "/sub", "10.0.0.1", false},
        {"https://[2001:db8::1]:444/a/b-c_d~e/", "https://[2001:db8::1]:444/a/b-c_d~e",
         "/a/b-c_d~e", "2001:db8::1", true},
        {"", "http://127.0.0.1:8443", "", "127.0.0.1", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config;
        char url[PUBLIC_URL_MAX];
        char part[CONFIG_TEXT_MAX + 1];
        config_default(&config);
        assert_int_equal(config_set(&config, "http.url", cases[i].set), ERR_NONE);
        public_url(&config, url);
        assert_string_equal(url, cases[i].url);
        public_url_prefix(&config, part);
        assert_string_equal(part, cases[i].prefix);
        public_url_host(&config, part);
        assert_string_equal(part, cases[i].host);
        assert_int_equal(public_url_is_https(&config), cases[i].https);
    }
    static const char *const bad[] = {
        "meet.example.org", "ftp://x",         "https://",       "https:///a",
        "https://x:0",      "https://x:99999", "https://x:a",    "https://x?a",
        "https://x/a?b",    "https://x/a#b",   "https://user@x", "https://[::1",
        "https://x//a",     "https://x/../a",  "https://x/a b",  "https://x/\"onload=\"",
        "https://x y",      "javascript://x",  "https://x/%2e"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct config config;
        config_default(&config);
        assert_int_equal(config_set(&config, "http.url", bad[i]), ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_people_type_it),
        cmocka_unit_test(the_longest_host_fits),
        cmocka_unit_test(a_proxy_is_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
