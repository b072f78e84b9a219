// Bounded text: copying into fixed arrays, building into a fixed buffer, validation. No allocation.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// A text under construction in the caller's buffer. Always NUL-terminated; `failed` is sticky once
// it did not fit.
struct text_builder {
    char *data; // not owned
    size_t size;
    size_t length;
    bool failed;
};

struct text_builder text_builder(char *data, size_t size);
void text_append(struct text_builder *builder, const char *text);
void text_append_n(struct text_builder *builder, const char *text, size_t length);
void text_append_format(struct text_builder *builder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Copies `from` into `to[size]`. ERR_TOO_LARGE (and an empty `to`) when it does not fit whole.
enum err CHECKED text_copy(char *to, size_t size, const char *from);
enum err CHECKED text_copy_n(char *to, size_t size, const char *from, size_t length);
// Copies as much as fits, cutting at a UTF-8 boundary. For logs and labels only.
void text_copy_cut(char *to, size_t size, const char *from);

bool text_equal(const char *a, const char *b);
// FNV-1a, 32 bits: the same for ever. For ids that nobody chooses so that they collide.
uint32_t text_hash(const char *text);
bool text_starts_with(const char *text, const char *prefix);
bool text_is_utf8(const char *text, size_t length);
// Code points of text that is UTF-8.
size_t text_characters(const char *text, size_t length);
// Lower-case hexadecimal; `to` has room for 2 * size + 1.
void text_hex(char *to, const void *data, size_t size);
// ERR_MALFORMED unless `text` is exactly 2 * size hexadecimal digits.
enum err CHECKED text_unhex(void *to, size_t size, const char *text);
// Decimal without sign, spaces or overflow beyond `max`; ERR_MALFORMED otherwise.
enum err CHECKED text_to_u64(const char *text, size_t length, unsigned long long max,
                             unsigned long long *ret_value);
