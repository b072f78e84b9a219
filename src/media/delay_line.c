#include "media/delay_line.h"

#include <string.h>

#include "base/assert.h"

#define ALIGNMENT _Alignof(struct delay_entry)

_Static_assert(DELAY_LINE_BYTES % ALIGNMENT == 0 && ALIGNMENT <= 8, "entries lie aligned");

static uint32_t room_for(const struct delay_entry *entry)
{
    return (uint32_t)((sizeof(*entry) + entry->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

void delay_line_init(struct delay_line *line)
{
    line->head = 0;
    line->tail = 0;
    line->fold = 0;
    line->count = 0;
}

// An entry lies in one piece. The tail never comes up to the head from below, so that both being
// equal means empty.
static bool find_room(struct delay_line *line, uint32_t size)
{
    if (line->tail < line->head) {
        return line->head - line->tail > size;
    }
    if (DELAY_LINE_BYTES - line->tail >= size) {
        return true;
    }
    if (line->head <= size) {
        return false;
    }
    line->fold = line->tail;
    line->tail = 0;
    return true;
}

bool delay_line_put(struct delay_line *line, const struct delay_entry *entry,
                    const uint8_t *payload)
{
    uint32_t size = room_for(entry);
    if (!find_room(line, size)) {
        return false;
    }
    uint8_t *to = line->bytes + line->tail;
    memcpy(to, entry, sizeof(*entry));
    if (entry->size > 0) {
        memcpy(to + sizeof(*entry), payload, entry->size);
    }
    line->tail += size;
    line->count++;
    return true;
}

const struct delay_entry *delay_line_first(const struct delay_line *line)
{
    return line->count > 0 ? (const struct delay_entry *)(const void *)(line->bytes + line->head)
                           : NULL;
}

const uint8_t *delay_entry_payload(const struct delay_entry *entry)
{
    return (const uint8_t *)(entry + 1);
}

void delay_line_pop(struct delay_line *line)
{
    const struct delay_entry *first = delay_line_first(line);
    ASSERT(first != NULL);
    bool folded = line->tail < line->head;
    line->head += room_for(first);
    line->count--;
    if (line->count == 0) {
        delay_line_init(line); // from the beginning: little memory is touched by short delays
    } else if (folded && line->head == line->fold) {
        line->head = 0;
    }
}
