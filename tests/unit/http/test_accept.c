// Who reads an answer: a person with a browser, or a program.
#include "../test.h"

#include "http/accept.h"

static void people_and_programs_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        bool html;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"*/*", false},
        {"text/*", false},
        {"application/json", false},
        {"application/problem+json, */*", false},
        {"text/html", true},
        {"TEXT/HTML", true},
        // Chromium, Firefox and Safari when an address is opened.
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
         "*/*;q=0.8",
         true},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},
        {"application/json;q=0.5, text/html", true},
        {"application/json, text/html;q=0.9", false},
        {"text/html, application/json", false}, // JSON to those who ask for it as much
        {"text/html;q=0.9,application/problem+json;q=0.8", true},
        {"text/html;q=0", false},
        {"text/html;q=0.000", false},
        {"text/html;q=0.001", true},
        {"text/html ; level=1 ; q=0.2 , application/json;q=0.1", true},
        {"text/html;q=", false},
        {"text/html;q=2", false},
        {"text/html;q=0.1234567", false},
        {"text/html;q=x", false},
        {"text/html;level=1", true},
        {";;;,,,;q=1", false},
        {"text/htmlx", false},
        {"atext/html", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (accept_prefers_html(cases[i].accept) != cases[i].html) {
            fail_msg("%s", cases[i].accept);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_and_programs_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
