// Which of our two answers a request would rather have (RFC 9110, section 12.5.1).
#pragma once

#include <stdbool.h>

// Whether Accept (NULL when absent) names text/html, and with more weight than JSON: what browsers
// send when a person opens an address. What names neither, or takes anything, is a program.
bool accept_prefers_html(const char *accept);
