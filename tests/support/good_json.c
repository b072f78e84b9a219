#include "good_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define KEPT 1024u
#define ENDS 48u // bytes of either end: texts that differ in neither share a place

// The last good text that belonged at each place.
static struct kept {
    char *text; // owned
    size_t size;
} kept[KEPT];

static uint32_t add_to_hash(uint32_t hash, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT32_C(16777619);
    }
    return hash;
}

static struct kept *place_of(const char *text, size_t size)
{
    size_t part = size < ENDS ? size : ENDS;
    uint32_t hash = add_to_hash(UINT32_C(2166136261) ^ (uint32_t)size, text, part);
    hash = add_to_hash(hash, text + size - part, part);
    return &kept[(hash ^ hash >> 16) % KEPT];
}

static void keep(struct kept *place, const char *text, size_t size)
{
    char *grown = realloc(place->text, size > 0 ? size : 1);
    ASSERT(grown != NULL);
    memcpy(grown, text, size);
    *place = (struct kept){.text = grown, .size = size};
}

bool good_json(const char *text, size_t size, bool (*also)(const json_t *json))
{
    struct kept *place = place_of(text, size);
    if (place->text != NULL && place->size == size && memcmp(place->text, text, size) == 0) {
        return true;
    }
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    bool good = json != NULL && (also == NULL || also(json));
    json_decref(json);
    if (good) {
        keep(place, text, size);
    }
    return good;
}
