// What a delayed channel holds back: packets and changes of its source, in the order in which they
// came, in a ring of bytes of fixed size. Pure; no clock, no allocation.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/time.h"
#include "link/link.h"

// A second of stereo Opus at its highest rate with packets of 2.5 ms is 64 kB of payload and 24 kB
// of entries.
#define DELAY_LINE_BYTES (96 * 1024)

enum delay_kind {
    DELAY_PACKET = 1,
    DELAY_SWITCH, // another source from here on
    DELAY_RENEW,  // the source's sender began anew
};

struct delay_entry {
    time_us arrived;
    enum delay_kind kind;
    uint16_t size; // of the payload, which follows the entry
    bool marker;   // DELAY_PACKET, as are the next
    bool silent;
    bool late;
    uint32_t timestamp;
    uint32_t duration;
    int64_t index;
    link_peer owner; // DELAY_SWITCH: whose source it is; 0: none
    handle peer;     // DELAY_SWITCH: that peer here; HANDLE_NONE: on another thread, or none
};

struct delay_line {
    uint32_t head; // the oldest entry
    uint32_t tail; // where the next entry goes; below head: the ring is folded at `fold`
    uint32_t fold;
    uint32_t count;
    _Alignas(8) uint8_t bytes[DELAY_LINE_BYTES];
};

void delay_line_init(struct delay_line *line);
// Copies both in. False when there is no room.
bool delay_line_put(struct delay_line *line, const struct delay_entry *entry,
                    const uint8_t *payload);
// The oldest, or NULL; valid until it is popped.
const struct delay_entry *delay_line_first(const struct delay_line *line);
const uint8_t *delay_entry_payload(const struct delay_entry *entry);
// There must be one.
void delay_line_pop(struct delay_line *line);
