#include "media/video_map.h"

#define PICTURE_MASK 0x7fff
#define FRAME_TICKS  90 // at least a millisecond between the pictures of two epochs

static struct video_map_record *newest(struct video_map *map)
{
    return &map->records[(map->record_count - 1) % VIDEO_MAP_RECORDS];
}

void video_map_begin(struct video_map *map, int64_t index, const struct video_numbers *in,
                     uint16_t sequence, uint32_t timestamp)
{
    if ((int32_t)(timestamp - map->last_timestamp) < FRAME_TICKS) {
        timestamp = map->last_timestamp + FRAME_TICKS;
    }
    map->first = index;
    map->timestamp_offset = timestamp - in->timestamp;
    map->tl0_offset = (uint8_t)(map->last_tl0 + 1 - in->tl0);
    map->dropping = false;
    map->picture_dropped = false;
    map->records[0] = (struct video_map_record){
        .from = index,
        .sequence_offset = (uint16_t)(sequence - (uint16_t)index),
        .picture_offset = (uint16_t)(map->last_picture + 1 - in->picture),
    };
    map->record_count = 1;
}

void video_map_drop(struct video_map *map, int64_t index, bool has_picture, uint16_t picture)
{
    struct video_map_record record = *newest(map);
    bool extend = map->dropping && record.from == index;
    record.from = index + 1;
    record.sequence_offset--;
    if (has_picture && !(map->picture_dropped && map->dropped_picture == picture)) {
        record.picture_offset--;
        map->picture_dropped = true;
        map->dropped_picture = picture;
    }
    if (!extend) {
        map->record_count++;
    }
    *newest(map) = record;
    map->dropping = true;
}

bool video_map_find(const struct video_map *map, int64_t index, const struct video_numbers *in,
                    struct video_numbers *ret_out)
{
    uint32_t kept = map->record_count < VIDEO_MAP_RECORDS ? map->record_count : VIDEO_MAP_RECORDS;
    if (index < map->first) {
        return false;
    }
    for (uint32_t i = 1; i <= kept; i++) {
        const struct video_map_record *record =
            &map->records[(map->record_count - i) % VIDEO_MAP_RECORDS];
        if (index >= record->from) {
            *ret_out = (struct video_numbers){
                .sequence = (uint16_t)((uint16_t)index + record->sequence_offset),
                .picture = (in->picture + record->picture_offset) & PICTURE_MASK,
                .tl0 = (uint8_t)(in->tl0 + map->tl0_offset),
                .timestamp = in->timestamp + map->timestamp_offset,
            };
            return true;
        }
    }
    return false;
}

void video_map_sent(struct video_map *map, const struct video_numbers *out)
{
    map->dropping = false;
    map->last_picture = out->picture;
    map->last_timestamp = out->timestamp;
    map->last_tl0 = out->tl0;
}
