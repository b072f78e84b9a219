// Reading the words of one SDP line. Views only. Internal to wire/.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/sdp.h"

// Takes the text up to `end` (not included; all when there is none) and steps behind it.
struct sdp_text sdp_text_take(struct sdp_text *rest, char end);
// The next line without its end and the blanks before that.
struct sdp_text sdp_text_line(struct sdp_text *rest);
// The next word between blanks; empty at the end.
struct sdp_text sdp_text_word(struct sdp_text *rest);
// A whole decimal number of at most `max`. False for anything else.
bool sdp_text_number(struct sdp_text text, uint32_t max, uint32_t *ret_number);
// When `rest` begins with `prefix`, steps behind it.
bool sdp_text_skip(struct sdp_text *rest, const char *prefix);
// ASCII letters alike in both cases.
bool sdp_text_equal_ignoring_case(struct sdp_text text, const char *other);
bool sdp_text_same(struct sdp_text a, struct sdp_text b);

// The URI of a known extension; NULL for SDP_EXTENSION_OTHER.
const char *sdp_extension_uri(enum sdp_extension_name extension);
