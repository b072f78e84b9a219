#include "command_fill.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "contract/json.h"

static bool put_number(const struct codec_field *field, char *place, int64_t number)
{
    if (field->kind == CODEC_ENUM) {
        uint32_t value = (uint32_t)number;
        memcpy(place, &value, sizeof(value));
    } else if (field->kind == CODEC_BOOLEAN) {
        *(bool *)place = number != 0;
    } else {
        memcpy(place, &number, sizeof(number));
    }
    return number >= field->min && number <= field->max;
}

static bool put_enum(const struct codec_field *field, char *place, const char *word)
{
    for (int64_t value = field->min; value <= field->max; value++) {
        if (text_equal(field->texts[value], word)) {
            return put_number(field, place, value);
        }
    }
    return false;
}

static bool put_word(const struct codec_field *field, char *place, const char *word)
{
    unsigned long long number = 0;
    switch ((int)field->kind) {
    case CODEC_ID:
        return text_copy(place, CONTRACT_ID_MAX + 1, text_equal(word, "-") ? "" : word) == ERR_NONE;
    case CODEC_TEXT:
    case CODEC_BYTES: return text_copy(place, (size_t)field->max + 1, word) == ERR_NONE;
    case CODEC_BOOLEAN: *(bool *)place = text_equal(word, "on"); return true;
    case CODEC_ENUM: return put_enum(field, place, word);
    case CODEC_INTEGER:
        return text_to_u64(word, strlen(word), INT64_MAX, &number) == ERR_NONE &&
               put_number(field, place, (int64_t)number);
    default: return false;
    }
}

bool command_fill_words(struct command *command, const char *const *words, uint32_t count)
{
    const struct codec_shape *shape = command_shape(command->type);
    for (uint32_t i = 0; i < shape->field_count && i < count; i++) {
        char *place = (char *)&command->as + shape->fields[i].offset;
        if (words[i][0] != '\0' && !put_word(&shape->fields[i], place, words[i])) {
            return false;
        }
    }
    return true;
}

static void put_byte(const struct codec_field *field, char *place, uint8_t byte)
{
    switch ((int)field->kind) {
    case CODEC_ID: snprintf(place, CONTRACT_ID_MAX + 1, "x%u", byte); break;
    case CODEC_TEXT:
    case CODEC_BYTES: snprintf(place, (size_t)field->max + 1, "%u", byte); break;
    case CODEC_BOOLEAN: *(bool *)place = (byte & 1) != 0; break;
    case CODEC_ENUM:
    case CODEC_INTEGER: {
        int64_t range = field->max - field->min < UINT8_MAX ? field->max - field->min + 1
                                                            : UINT8_MAX;
        int64_t value = field->min + byte % range;
        bool given = field->only == 0 || (field->only >> value & 1) != 0;
        (void)put_number(field, place, given ? value : field->max);
        break;
    }
    default: break;
    }
}

void command_fill_bytes(struct command *command, uint8_t first, uint8_t second)
{
    const struct codec_shape *shape = command_shape(command->type);
    for (uint32_t i = 0; i < shape->field_count; i++) {
        char *place = (char *)&command->as + shape->fields[i].offset;
        put_byte(&shape->fields[i], place, i % 2 == 0 ? first : second);
    }
}
