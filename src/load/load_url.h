// Addresses of many clients from one pattern: "{n}" becomes the client's number (from 0), and
// "{ar,fr,en}" one of the words in turn. No allocation. Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LOAD_URL_MAX 1023 // bytes

// ERR_MALFORMED for a brace that is not closed, ERR_TOO_LARGE when it does not fit.
enum err CHECKED load_url_expand(const char *pattern, uint32_t number,
                                 char ret_url[LOAD_URL_MAX + 1]);
