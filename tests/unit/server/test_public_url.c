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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_people_type_it),
        cmocka_unit_test(the_longest_host_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
