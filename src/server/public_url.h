// The address people use: http.url, or scheme, host and port of the configuration.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/config.h"

#define PUBLIC_URL_MAX 320

// What http.url may be: "", or http or https, a host, perhaps a port and a path of plain segments.
bool public_url_is_valid(const char *url);
// "https://host:8443" or "https://host/sub", without a trailing slash; the port is left out when it
// is the scheme's own.
void public_url(const struct config *config, char ret_url[PUBLIC_URL_MAX]);
// "", or "/sub": where on its host the server stands.
void public_url_prefix(const struct config *config, char ret_prefix[CONFIG_TEXT_MAX + 1]);
// The name or address in it, without brackets.
void public_url_host(const struct config *config, char ret_host[CONFIG_TEXT_MAX + 1]);
// Whether people come over TLS, made here or in front.
bool public_url_is_https(const struct config *config);
