// How one video slot numbers what it forwards: from a layer's packet indices, VP8 picture numbers
// and timestamps to the slot's own, continuous over switches of source and layer and over packets
// left out on purpose. A packet lost on the way keeps its number free, so that it can come later. A
// pure machine.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VIDEO_MAP_RECORDS \
    64 // the last changes of the offsets: how far back a late packet can be placed

struct video_map {
    struct video_map_record {
        int64_t from; // the first index it holds for
        uint16_t sequence_offset;
        uint16_t picture_offset;
    } records[VIDEO_MAP_RECORDS];
    uint32_t record_count; // of all time in this epoch; the newest is at (record_count - 1) %
                           // VIDEO_MAP_RECORDS
    int64_t first;         // the epoch's first index
    uint32_t timestamp_offset;
    uint8_t tl0_offset;
    bool dropping;            // the newest packet was left out
    bool picture_dropped;     // a picture of dropped_picture was left out
    uint16_t dropped_picture; //
    uint16_t last_picture;    // sent last, the slot's numbers; kept over epochs
    uint8_t last_tl0;         //
    uint32_t last_timestamp;  //
};

struct video_numbers {
    uint16_t sequence;
    uint16_t picture; // 15 bits
    uint8_t tl0;
    uint32_t timestamp;
};

// A new epoch begins with the packet `index`, which carries the layer's numbers `in` and becomes
// `sequence` and, not earlier than just after the last picture, `timestamp`.
void video_map_begin(struct video_map *map, int64_t index, const struct video_numbers *in,
                     uint16_t sequence, uint32_t timestamp);
// The newest packet is left out. `picture` tells a picture left out from padding.
void video_map_drop(struct video_map *map, int64_t index, bool has_picture, uint16_t picture);
// The slot's numbers for a packet. False: it lies before the epoch or too far back.
bool video_map_find(const struct video_map *map, int64_t index, const struct video_numbers *in,
                    struct video_numbers *ret_out);
// The newest packet was sent with these numbers.
void video_map_sent(struct video_map *map, const struct video_numbers *out);
