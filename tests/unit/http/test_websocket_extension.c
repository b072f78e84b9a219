#include "../test.h"

#include <string.h>

#include "http/websocket_extension.h"

#define PLAIN "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

static const struct {
    const char *offers;
    int window;
    const char *answer;
} cases[] = {
    {NULL, 0, ""},
    {"", 0, ""},
    {"permessage-deflate", 15, PLAIN},
    // As Chromium, Firefox and two libraries offer.
    {"permessage-deflate; client_max_window_bits", 15, PLAIN},
    {"permessage-deflate; server_max_window_bits=12; client_max_window_bits=12", 12,
     PLAIN "; server_max_window_bits=12"},
    {"permessage-deflate; client_no_context_takeover; server_no_context_takeover", 15, PLAIN},
    {"Permessage-Deflate ;Server_Max_Window_Bits=\"9\"", 9, PLAIN "; server_max_window_bits=9"},
    // The first that can be served.
    {"x-webkit-deflate-frame, permessage-deflate", 15, PLAIN},
    {"permessage-deflate; server_max_window_bits=8, permessage-deflate", 15, PLAIN},
    {"permessage-deflate; server_max_window_bits=10, permessage-deflate", 10,
     PLAIN "; server_max_window_bits=10"},
    {",, permessage-deflate,", 15, PLAIN},
    // What cannot be served, or is not what the RFC allows.
    {"permessage-deflate; server_max_window_bits=8", 0, ""}, // zlib has none
    {"permessage-deflate; server_max_window_bits", 0, ""},
    {"permessage-deflate; server_max_window_bits=16", 0, ""},
    {"permessage-deflate; server_max_window_bits=7", 0, ""},
    {"permessage-deflate; server_max_window_bits=010", 0, ""},
    {"permessage-deflate; server_max_window_bits=", 0, ""},
    {"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", 0, ""},
    {"permessage-deflate; client_max_window_bits=99", 0, ""},
    {"permessage-deflate; server_no_context_takeover=true", 0, ""},
    {"permessage-deflate; unknown", 0, ""},
    {"permessage-deflate;", 0, ""},
    {"permessage-deflate; server_max_window_bits=\"10", 0, ""},
    {"permessage-deflate server_no_context_takeover", 0, ""},
    {"permessage-deflated", 0, ""},
    {"permessage-deflate\"; server_no_context_takeover", 0, ""},
    {"permessage-bzip2", 0, ""},
};

static void the_first_offer_that_can_be_served_is_chosen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char answer[WEBSOCKET_EXTENSION_MAX + 1] = "before";
        int window = websocket_extension(cases[i].offers, answer);
        if (window != cases[i].window || strcmp(answer, cases[i].answer) != 0) {
            fail_msg("%s: %d, %s", cases[i].offers, window, answer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_offer_that_can_be_served_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
