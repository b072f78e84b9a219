#include "api/json_guard.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "contract/types.h"

// Brackets and commas outside strings. Broken JSON may be counted wrongly, but never too low for
// what the parser will build: the parser stops at the first thing that is no JSON, and up to there
// both read strings alike. A value is the first of its object or array, or follows a comma.
static bool is_too_much(const char *text, size_t size, uint32_t values_max)
{
    unsigned int depth = 0;
    uint32_t values = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > CONTRACT_JSON_DEPTH_MAX || ++values > values_max) {
                return true;
            }
        } else if (c == ',') {
            if (++values > values_max) {
                return true;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

enum err json_guard_parse(const char *text, size_t size, uint32_t values_max, json_t **ret_object)
{
    *ret_object = NULL;
    if (size > CONTRACT_BODY_MAX) {
        return ERR_TOO_LARGE;
    }
    if (size == 0 || is_too_much(text, size, values_max)) {
        return ERR_MALFORMED;
    }
    json_error_t unused;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &unused);
    if (!json_is_object(value)) {
        json_decref(value);
        return ERR_MALFORMED;
    }
    *ret_object = value;
    return ERR_NONE;
}

// Beyond the blanks at `at`, and `wanted` behind them; 0 where it does not stand there.
static size_t past(const char *text, size_t size, size_t at, const char *wanted)
{
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0') {
        at++;
    }
    size_t length = strlen(wanted);
    return at + length <= size && memcmp(text + at, wanted, length) == 0 ? at + length : 0;
}

uint64_t json_guard_first_number(const char *text, size_t size, const char *key)
{
    const char *const before[] = {"{", "\"", key, "\":", ""};
    size_t at = 0;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        at = past(text, size, at, before[i]);
        if (at == 0) {
            return 0;
        }
    }
    size_t end = at;
    while (end < size && text[end] >= '0' && text[end] <= '9') {
        end++;
    }
    unsigned long long number = 0;
    bool whole = end < size &&
                 text_to_u64(text + at, end - at, CONTRACT_INTEGER_MAX, &number) == ERR_NONE;
    return whole ? number : 0;
}
