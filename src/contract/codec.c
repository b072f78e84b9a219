#include "contract/codec.h"

#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/types.h"
#include "words/words.h"

static const char *const languages[CONTRACT_LANGUAGES] = {"ar", "zh", "en", "fr", "ru", "es"};

// A decoding under way: how deep in what, and what is to be said when it fails.
struct decoding {
    const struct codec_shape *shape;
    char *base;
    char *name;              // of the offending field: char[CODEC_FIELD_MAX + 1]
    struct refusal *refusal; // NULL: what was kept is read, and its texts are taken as they are
};

_Static_assert(sizeof(enum capacity) == sizeof(uint32_t), "enums are stored as 32 bits");

void codec_name_field(char field[CODEC_FIELD_MAX + 1], const char *name)
{
    text_copy_cut(field, CODEC_FIELD_MAX + 1, name);
    for (char *at = field; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            *at = '?';
        }
    }
}

// "name" becomes "parent.name".
static void field_prefix(char field[CODEC_FIELD_MAX + 1], const char *parent)
{
    char inner[CODEC_FIELD_MAX + 1];
    memcpy(inner, field, sizeof(inner));
    struct text_builder builder = text_builder(field, CODEC_FIELD_MAX + 1);
    text_append(&builder, parent);
    text_append(&builder, ".");
    text_append(&builder, inner);
    if (builder.failed) {
        codec_name_field(field, parent);
    }
}

// C0, DEL and C1 (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F) have no place in a name or title.
static bool has_control(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7f) {
            return true;
        }
        if (byte == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0) {
            return true;
        }
    }
    return false;
}

static bool is_plain(const char *text, size_t length)
{
    return text_is_utf8(text, length) && !has_control(text, length);
}

static bool decode_bytes(const json_t *value, int64_t min, int64_t max, char *to)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (text == NULL || length < (size_t)min || length > (size_t)max || !is_plain(text, length)) {
        return false;
    }
    memcpy(to, text, length);
    to[length] = '\0';
    return true;
}

static bool decode_text(const json_t *value, int64_t min, int64_t max, char *to)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (text == NULL || !is_plain(text, length)) {
        return false;
    }
    size_t characters = text_characters(text, length);
    if (characters < (size_t)min || characters > (size_t)max) {
        return false;
    }
    memcpy(to, text, length);
    to[length] = '\0';
    return true;
}

static bool take_text(struct refusal *refusal, const json_t *value, int64_t min, int64_t max,
                      char *to)
{
    if (!json_is_string(value)) {
        return false;
    }
    uint32_t came = 0;
    enum err err = words_take(json_string_value(value), json_string_length(value), (uint32_t)max,
                              to, &came);
    if (err == ERR_TOO_LARGE) {
        *refusal = (struct refusal){.reason = REFUSAL_TEXT_TOO_LONG, .came = came, .most = max};
    }
    return err == ERR_NONE && came >= min;
}

static bool read_text(const struct decoding *at, const json_t *value, int64_t min, int64_t max,
                      char *to)
{
    return at->refusal != NULL ? take_text(at->refusal, value, min, max, to)
                               : decode_text(value, min, max, to);
}

static bool decode_id(const json_t *value, bool optional, char *to)
{
    if (!decode_bytes(value, optional ? 0 : 1, CONTRACT_ID_MAX, to)) {
        return false;
    }
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return to[strspn(to, allowed)] == '\0';
}

// Which language's text stands where there is none: English, or else the first that there is.
static size_t language_instead(const json_t *value)
{
    size_t at = 0;
    if (json_object_get(value, "en") != NULL) {
        while (strcmp(languages[at], "en") != 0) {
            at++;
        }
        return at;
    }
    while (at < CONTRACT_LANGUAGES - 1 && json_object_get(value, languages[at]) == NULL) {
        at++;
    }
    return at;
}

// One to all of the languages; a small body writes one.
static bool decode_localized(const struct decoding *at, const json_t *value, int64_t max, char *to)
{
    if (!json_is_object(value)) {
        return false;
    }
    const char *instead = to + language_instead(value) * WORDS_SIZE(max);
    size_t given = 0;
    for (size_t i = 0; i < CONTRACT_LANGUAGES; i++) {
        const json_t *text = json_object_get(value, languages[i]);
        given += text != NULL ? 1 : 0;
        if (text != NULL && !read_text(at, text, 0, max, to + i * WORDS_SIZE(max))) {
            return false;
        }
    }
    if (given == 0 || json_object_size(value) != given) {
        return false;
    }
    for (size_t i = 0; i < CONTRACT_LANGUAGES; i++) {
        if (json_object_get(value, languages[i]) == NULL) {
            memcpy(to + i * WORDS_SIZE(max), instead, strlen(instead) + 1);
        }
    }
    return true;
}

static bool decode_integer(const json_t *value, int64_t min, int64_t max, void *to)
{
    if (!json_is_integer(value)) {
        return false;
    }
    int64_t number = json_integer_value(value);
    if (number < min || number > max) {
        return false;
    }
    memcpy(to, &number, sizeof(number));
    return true;
}

static bool decode_enum(const struct codec_field *field, const json_t *value, void *to)
{
    if (!json_is_string(value)) {
        return false;
    }
    const char *text = json_string_value(value);
    for (uint32_t i = (uint32_t)field->min; i <= (uint32_t)field->max; i++) {
        if (strlen(field->texts[i]) == json_string_length(value) &&
            strcmp(field->texts[i], text) == 0) {
            memcpy(to, &i, sizeof(i));
            return field->only == 0 || (field->only >> i & 1u) != 0;
        }
    }
    return false;
}

static bool decode_sdp(const json_t *value, int64_t max, void *to)
{
    if (!json_is_string(value)) {
        return false;
    }
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (length == 0 || length > (size_t)max || strlen(text) != length) {
        return false;
    }
    memcpy(to, &text, sizeof(text));
    return true;
}

static bool decode_boolean(const json_t *value, void *to)
{
    if (!json_is_boolean(value)) {
        return false;
    }
    bool truth = json_is_true(value);
    memcpy(to, &truth, sizeof(truth));
    return true;
}

static enum err decode_shape(struct decoding *at, const json_t *data);

static bool decode_inner(const struct decoding *at, const struct codec_shape *shape,
                         const json_t *data, char *to)
{
    struct decoding inner = {.shape = shape, .base = to, .name = at->name, .refusal = at->refusal};
    return json_is_object(data) && decode_shape(&inner, data) == ERR_NONE;
}

static bool decode_list(const struct decoding *at, const struct codec_field *field,
                        const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > (size_t)field->max) {
        return false;
    }
    uint32_t count = (uint32_t)json_array_size(value);
    for (uint32_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        char *to = at->base + field->offset;
        bool good = field->kind == CODEC_INTEGER_LIST
                        ? decode_integer(item, -CONTRACT_INTEGER_MAX, CONTRACT_INTEGER_MAX,
                                         to + i * sizeof(int64_t))
                        : decode_inner(at, field->of, item, to + i * field->of->size);
        if (!good) {
            return false;
        }
    }
    memcpy(at->base + field->count_offset, &count, sizeof(count));
    return true;
}

static bool decode_field(const struct decoding *at, const struct codec_field *field,
                         const json_t *value)
{
    char *to = at->base + field->offset;
    switch (field->kind) {
    case CODEC_ID: return decode_id(value, field->optional, to);
    case CODEC_TEXT: return read_text(at, value, field->min, field->max, to);
    case CODEC_BYTES: return decode_bytes(value, field->min, field->max, to);
    case CODEC_LOCALIZED: return decode_localized(at, value, field->max, to);
    case CODEC_INTEGER:
    case CODEC_TIME: return decode_integer(value, field->min, field->max, to);
    case CODEC_BOOLEAN: return decode_boolean(value, to);
    case CODEC_ENUM: return decode_enum(field, value, to);
    case CODEC_RESOURCE: return decode_inner(at, field->of, value, to);
    case CODEC_RESOURCE_LIST:
    case CODEC_INTEGER_LIST: return decode_list(at, field, value);
    case CODEC_SDP: return decode_sdp(value, field->max, to);
    }
    ASSERT(false);
}

static const struct codec_field *shape_find(const struct codec_shape *shape, const char *name)
{
    for (uint32_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static enum err refuse_unknown(const struct codec_shape *shape, const json_t *data,
                               char field[CODEC_FIELD_MAX + 1])
{
    const char *name;
    json_t *value;
    // jansson's macro wants a mutable object, and does not change it.
    json_object_foreach((json_t *)(uintptr_t)data, name, value)
    {
        if (shape_find(shape, name) == NULL) {
            codec_name_field(field, name);
            return ERR_INVALID;
        }
    }
    return ERR_NONE;
}

// With an empty name; of what lies within, the offender has named itself before.
static enum err decode_shape(struct decoding *at, const json_t *data)
{
    if (data != NULL && !json_is_object(data)) {
        codec_name_field(at->name, "data");
        return ERR_INVALID;
    }
    for (uint32_t i = 0; i < at->shape->field_count; i++) {
        const struct codec_field *row = &at->shape->fields[i];
        const json_t *value = json_object_get(data, row->name);
        if (value == NULL && row->optional) {
            continue;
        }
        if (value == NULL || !decode_field(at, row, value)) {
            if (at->name[0] != '\0') {
                field_prefix(at->name, row->name);
            } else {
                codec_name_field(at->name, row->name);
            }
            return ERR_INVALID;
        }
    }
    return data == NULL ? ERR_NONE : refuse_unknown(at->shape, data, at->name);
}

enum err codec_decode(const struct codec_shape *shape, const json_t *data, void *ret,
                      char field[CODEC_FIELD_MAX + 1])
{
    field[0] = '\0';
    struct decoding at = {.shape = shape, .base = ret, .name = field};
    return decode_shape(&at, data);
}

enum err codec_take(const struct codec_shape *shape, const json_t *data, void *ret,
                    char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal)
{
    field[0] = '\0';
    *ret_refusal = (struct refusal){0};
    struct decoding at = {.shape = shape, .base = ret, .name = field, .refusal = ret_refusal};
    return decode_shape(&at, data);
}

static json_t *encode_localized(int64_t max, const char *from)
{
    json_t *object = json_object();
    for (size_t i = 0; i < CONTRACT_LANGUAGES; i++) {
        const char *text = from + i * WORDS_SIZE(max);
        if (json_object_set_new(object, languages[i], json_string(text)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static int64_t load_integer(const void *from)
{
    int64_t number;
    memcpy(&number, from, sizeof(number));
    return number;
}

static uint32_t load_u32(const void *from)
{
    uint32_t number;
    memcpy(&number, from, sizeof(number));
    return number;
}

static json_t *encode_list(const struct codec_field *field, const char *base)
{
    uint32_t count = load_u32(base + field->count_offset);
    ASSERT(count <= (uint64_t)field->max);
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        const char *from = base + field->offset;
        json_t *item = field->kind == CODEC_INTEGER_LIST
                           ? json_integer(load_integer(from + i * sizeof(int64_t)))
                           : codec_encode(field->of, from + i * field->of->size);
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *encode_enum(const struct codec_field *field, const void *from)
{
    uint32_t value = load_u32(from);
    ASSERT((int64_t)value >= field->min && (int64_t)value <= field->max);
    return json_string(field->texts[value]);
}

static json_t *encode_sdp(const void *from)
{
    const char *text;
    memcpy(&text, from, sizeof(text));
    return json_string(text == NULL ? "" : text);
}

static json_t *encode_boolean(const void *from)
{
    bool truth;
    memcpy(&truth, from, sizeof(truth));
    return json_boolean(truth);
}

static json_t *encode_field(const struct codec_field *field, const char *base)
{
    const char *from = base + field->offset;
    switch (field->kind) {
    case CODEC_ID:
    case CODEC_TEXT:
    case CODEC_BYTES: return json_string(from);
    case CODEC_LOCALIZED: return encode_localized(field->max, from);
    case CODEC_INTEGER:
    case CODEC_TIME: return json_integer(load_integer(from));
    case CODEC_BOOLEAN: return encode_boolean(from);
    case CODEC_ENUM: return encode_enum(field, from);
    case CODEC_RESOURCE: return codec_encode(field->of, from);
    case CODEC_RESOURCE_LIST:
    case CODEC_INTEGER_LIST: return encode_list(field, base);
    case CODEC_SDP: return encode_sdp(from);
    }
    ASSERT(false);
}

// An optional field that is zero is not given. (sdp, localized and resource are never optional.)
static bool field_is_absent(const struct codec_field *field, const char *base)
{
    if (!field->optional) {
        return false;
    }
    const char *from = base + field->offset;
    switch (field->kind) {
    case CODEC_ID:
    case CODEC_TEXT:
    case CODEC_BYTES: return from[0] == '\0';
    case CODEC_INTEGER:
    case CODEC_TIME: return load_integer(from) == 0;
    case CODEC_BOOLEAN: return from[0] == 0;
    case CODEC_ENUM: return load_u32(from) == 0;
    case CODEC_RESOURCE_LIST:
    case CODEC_INTEGER_LIST: return load_u32(base + field->count_offset) == 0;
    case CODEC_LOCALIZED:
    case CODEC_RESOURCE:
    case CODEC_SDP: return false;
    }
    ASSERT(false);
}

json_t *codec_encode(const struct codec_shape *shape, const void *from)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < shape->field_count; i++) {
        const struct codec_field *field = &shape->fields[i];
        if (!field_is_absent(field, from) &&
            json_object_set_new(object, field->name, encode_field(field, from)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static uint32_t field_values_max(const struct codec_field *field)
{
    switch (field->kind) {
    case CODEC_LOCALIZED: return 1 + CONTRACT_LANGUAGES;
    case CODEC_RESOURCE: return codec_values_max(field->of);
    case CODEC_RESOURCE_LIST: return 1 + (uint32_t)field->max * codec_values_max(field->of);
    case CODEC_INTEGER_LIST: return 1 + (uint32_t)field->max;
    case CODEC_ID:
    case CODEC_TEXT:
    case CODEC_BYTES:
    case CODEC_INTEGER:
    case CODEC_BOOLEAN:
    case CODEC_TIME:
    case CODEC_ENUM:
    case CODEC_SDP: break;
    }
    return 1;
}

uint32_t codec_values_max(const struct codec_shape *shape)
{
    uint32_t values = 1;
    for (uint32_t i = 0; i < shape->field_count; i++) {
        values += field_values_max(&shape->fields[i]);
    }
    return values;
}
