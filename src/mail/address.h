// An address of mail as people write it. A subset of RFC 5321 that every server takes: a dot-atom,
// "@", the name of a domain. No comments, no quoted local parts, no numeric addresses of machines,
// no routes. Signs beyond ASCII (RFC 6531) are allowed where nobody can mistake them; whether the
// server takes them is its own word. Any thread.
#pragma once

#include <stdbool.h>

#include "base/err.h"

#define MAIL_ADDRESS_MAX 254 // octets: RFC 5321 section 4.5.3.1.3, without the angle brackets
#define MAIL_LOCAL_MAX   64  // section 4.5.3.1.1

// ERR_INVALID: nothing can be sent there. `ret_ascii` (may be NULL): every server takes it.
enum err CHECKED mail_address_check(const char *address, bool *ret_ascii);
