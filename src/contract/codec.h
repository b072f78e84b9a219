// Between C structs and JSON by tables: one row says where a field lies and what may stand in it.
// The tables are generated (contract/json.c); this interpreter is all the code there is. No shared
// state: any thread.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "contract/refusal.h"

#define CODEC_FIELD_MAX 63

enum codec_kind {
    CODEC_ID,            // char[CONTRACT_ID_MAX + 1], letters, digits, '-', '_'
    CODEC_TEXT,          // char[WORDS_SIZE(max)], UTF-8 without controls, min to max characters
    CODEC_BYTES,         // char[max + 1], the same of min to max bytes: made by machines
    CODEC_LOCALIZED,     // char[CONTRACT_LANGUAGES][WORDS_SIZE(max)]
    CODEC_INTEGER,       // int64_t from min to max
    CODEC_BOOLEAN,       // bool
    CODEC_TIME,          // time_ms from 0 to max
    CODEC_ENUM,          // an enum from min to max, named by `texts`
    CODEC_RESOURCE,      // a struct described by `of`
    CODEC_RESOURCE_LIST, // structs described by `of`, at most max, and a uint32_t at count_offset
    CODEC_INTEGER_LIST,  // int64_t, at most max, and a uint32_t at count_offset
    CODEC_SDP,           // const char *, borrowed from the JSON; lines allowed
};

struct codec_shape;

struct codec_field {
    const char *name;
    enum codec_kind kind;
    bool optional; // missing in JSON means zero; zero is not written
    size_t offset;
    size_t count_offset;
    int64_t min;
    int64_t max;
    uint32_t only; // CODEC_ENUM: bits of the values that are allowed here; 0 for all
    const char *const *texts;
    const struct codec_shape *of;
};

struct codec_shape {
    const char *name;
    const struct codec_field *fields;
    uint32_t field_count;
    size_t size; // of the struct
};

// Fills `ret`, which the caller has zeroed. ERR_INVALID with the offending field's name
// ("participant.name" when nested). NULL stands for an empty object. Of CODEC_LOCALIZED one
// language is enough: what is not given becomes the English text, or without it the first that is
// given.
enum err CHECKED codec_decode(const struct codec_shape *shape, const json_t *data, void *ret,
                              char field[CODEC_FIELD_MAX + 1]);
// The same for what comes from people: each CODEC_TEXT and CODEC_LOCALIZED is cleaned first
// (words/words.h), and "" when nothing of it is seen. `ret_refusal`: why, where the reason has
// words of its own; else zero.
enum err CHECKED codec_take(const struct codec_shape *shape, const json_t *data, void *ret,
                            char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal);
// The most JSON values that an object of this shape has, itself among them.
uint32_t codec_values_max(const struct codec_shape *shape);
// A new reference; NULL when memory is short or a text is not UTF-8.
json_t *codec_encode(const struct codec_shape *shape, const void *from);
// Writes `name` into `field`, cut where it does not fit, control characters replaced.
void codec_name_field(char field[CODEC_FIELD_MAX + 1], const char *name);
