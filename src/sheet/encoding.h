// A file of text as UTF-8: UTF-8 with its mark (U+FEFF) or without, and UTF-16 with it, in either
// order of bytes, which is Excel's "Unicode text". Other encodings are not guessed at.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct encoding_text {
    const char *data; // within the file, or `owned`; not checked
    size_t size;
    char *owned;
};

// What is no UTF-16 becomes a byte that is in no UTF-8, so that it is refused where it stands.
// ERR_FULL: without memory.
enum err CHECKED encoding_read(const void *bytes, size_t size, struct encoding_text *ret_text);
void encoding_finish(struct encoding_text *text);

#define ENCODING_SIGN_MAX 4

// Writes a code point as UTF-8; returns how many bytes.
size_t encoding_put(uint32_t sign, char to[ENCODING_SIGN_MAX]);
