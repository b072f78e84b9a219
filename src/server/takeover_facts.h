// What a version says of itself before it takes over (`plenary control --check`), as lines of text:
// each a word and a value, the last `ready`, or `refused` and why. No I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define TAKEOVER_FACTS_MAX   2048 // bytes of text
#define TAKEOVER_VERSION_MAX 31
#define TAKEOVER_LAYOUT_MAX  63
#define TAKEOVER_REFUSAL_MAX 511

struct takeover_facts {
    char version[TAKEOVER_VERSION_MAX + 1];
    char layout[TAKEOVER_LAYOUT_MAX + 1]; // of what the supervisor hands over (inheritance.h)
    uint32_t link;                        // version of the link
    uint32_t tables;                      // version of the database's tables as they are
    uint32_t makes;                       // as they will be, once it has begun
    uint32_t unreadable; // meetings that it would begin with and cannot read; `refusal` names one
    bool ready;
    char refusal[TAKEOVER_REFUSAL_MAX + 1];
};

// ERR_TOO_LARGE when it does not fit; TAKEOVER_FACTS_MAX always does.
enum err CHECKED takeover_facts_write(const struct takeover_facts *facts, char *ret_text,
                                      size_t size);
// Words that are not known are passed over: a later version may say more. ERR_MALFORMED when a
// value cannot be, when a word comes twice or is missing, or when neither `ready` nor `refused`
// ends it; who refuses need not say anything else.
enum err CHECKED takeover_facts_read(const char *text, size_t length,
                                     struct takeover_facts *ret_facts);
