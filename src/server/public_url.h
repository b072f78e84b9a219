// The address people type: scheme, host and port of the configuration.
#pragma once

#include <stddef.h>

#include "server/config.h"

#define PUBLIC_URL_MAX 320

// "https://host:8443", without a trailing slash; the port is left out when it is the scheme's own.
void public_url(const struct config *config, char ret_url[PUBLIC_URL_MAX]);
