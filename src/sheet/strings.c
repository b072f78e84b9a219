#include "sheet/strings.h"

#include <stdlib.h>
#include <string.h>

#include "sheet/escape.h"
#include "sheet/part.h"
#include "sheet/room.h"

struct span {
    uint32_t at;
    uint16_t length;
    bool cut;
};

struct strings {
    struct span *places; // owned
    size_t places_room;
    size_t count;
    char *text; // owned
    size_t text_room;
    size_t text_used;
    struct escape_text one; // the one that is being read
    struct sheet_refusal *refusal;
};

enum { TABLE = 1, ITEM, RUN, TEXT };

// Phonetic runs (rPh) say how the text is read aloud, and are not of it.
static const struct part_element elements[] = {
    {PART_OUTSIDE, TABLE, "sst"},
    {TABLE, ITEM, "si"},
    {ITEM, RUN, "r"},
    {ITEM, TEXT, "t"},
    {RUN, TEXT, "t"},
};

static enum err on_begin(void *context, uint8_t kind, const char *const *attributes)
{
    struct strings *strings = context;
    (void)attributes;
    if (kind == ITEM) {
        escape_clear(&strings->one);
    }
    return ERR_NONE;
}

static enum err on_text(void *context, uint8_t kind, const char *text, size_t length)
{
    struct strings *strings = context;
    if (kind == TEXT) {
        escape_append(&strings->one, text, length);
    }
    return ERR_NONE;
}

// One that is too long is refused where a cell has it, and not when no cell does.
static enum err on_end(void *context, uint8_t kind)
{
    struct strings *strings = context;
    if (kind != ITEM) {
        return ERR_NONE;
    }
    escape_take(&strings->one);
    bool cut = strings->one.cut || strings->one.length > SHEET_CELL_MAX;
    size_t length = cut ? 0 : strings->one.length;
    if (strings->count == STRINGS_MAX) {
        return sheet_refuse(strings->refusal, SHEET_STRINGS_MANY, 0, 0);
    }
    if (strings->text_used + length > SHEET_TEXT_MAX) {
        return sheet_refuse(strings->refusal, SHEET_TEXT_LONG, 0, 0);
    }
    struct span *places = room_for(strings->places, &strings->places_room, strings->count + 1,
                                   sizeof(*places));
    strings->places = places != NULL ? places : strings->places;
    char *all = room_for(strings->text, &strings->text_room, strings->text_used + length + 1, 1);
    strings->text = all != NULL ? all : strings->text;
    if (places == NULL || all == NULL) {
        return ERR_FULL;
    }
    places[strings->count++] = (struct span){
        .at = (uint32_t)strings->text_used, .length = (uint16_t)length, .cut = cut};
    memcpy(all + strings->text_used, strings->one.data, length);
    strings->text_used += length;
    return ERR_NONE;
}

enum err strings_read(struct package *package, const char *name, struct strings **ret_strings,
                      struct sheet_refusal *ret_refusal)
{
    *ret_strings = NULL;
    struct strings *strings = calloc(1, sizeof(*strings));
    if (strings == NULL) {
        return ERR_FULL;
    }
    strings->refusal = ret_refusal;
    const struct part_walk walk = {
        .elements = elements,
        .count = sizeof(elements) / sizeof(elements[0]),
        .context = strings,
        .begin = on_begin,
        .text = on_text,
        .end = on_end,
    };
    enum err err = name[0] != '\0' ? part_read(package, name, &walk, ret_refusal) : ERR_NONE;
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        strings_destroy(strings);
        return err;
    }
    *ret_strings = strings;
    return ERR_NONE;
}

void strings_destroy(struct strings *strings)
{
    if (strings != NULL) {
        free(strings->places);
        free(strings->text);
        free(strings);
    }
}

bool strings_find(const struct strings *strings, uint64_t index, struct strings_one *ret_one)
{
    if (index >= strings->count) {
        return false;
    }
    const struct span *place = &strings->places[index];
    *ret_one = (struct strings_one){
        .text = strings->text + place->at, .length = place->length, .cut = place->cut};
    return true;
}
