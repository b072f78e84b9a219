// Host and port as a request names them (RFC 9110, section 7.2; RFC 3986, section 3.2). Pure.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// uri-host [":" port]: a registered name with whole escapes, an IPv4 address, or an IPv6 address in
// brackets; a port of at most 65535, or none behind its colon. Stricter than the grammar where it
// leaves open whom one asks: never empty, no user, no comma (two values that somebody joined), no
// empty label but a dot at the end, no address of a later IP and no zone.
bool authority_is_good(const char *text, size_t size);
