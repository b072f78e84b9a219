#include "variant_ear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "media/redundancy.h"
#include "wire/opus_packet.h"
#include "wire/red.h"

#define LOOK_BACK 200

static struct ear_frame *frame_at(struct ear *ear, uint32_t number)
{
    return &ear->frames[number % EAR_FRAMES];
}

const struct ear_frame *ear_find(const struct ear *ear, link_source source, uint32_t counter)
{
    uint32_t held = ear->frame_count < EAR_FRAMES ? ear->frame_count : EAR_FRAMES;
    for (uint32_t i = 1; i <= held; i++) {
        const struct ear_frame *frame = &ear->frames[(ear->frame_count - i) % EAR_FRAMES];
        if (frame->source == source && frame->counter == counter) {
            return frame;
        }
    }
    return NULL;
}

static void take_frame(struct ear *ear, uint32_t timestamp, const uint8_t *data, size_t size,
                       bool repeated)
{
    if (size < 8) {
        return; // a comfort frame carries nothing
    }
    link_source source = bytes_load_u32(data);
    uint32_t counter = bytes_load_u32(data + 4);
    for (uint32_t i = 1; i <= LOOK_BACK && i <= ear->frame_count; i++) {
        struct ear_frame *frame = frame_at(ear, ear->frame_count - i);
        int32_t distance = (int32_t)(timestamp - frame->timestamp);
        bool same = frame->source == source && frame->counter == counter;
        if (repeated && ear->just_switched && (!same || distance != 0) && distance > -OPUS_TICKS &&
            distance < OPUS_TICKS) {
            return; // of before the slot's switch, or before its clock was set: its time is taken
        }
        if (frame->timestamp == timestamp) {
            assert_int_equal(frame->source, source);
            assert_int_equal(frame->counter, counter);
            frame->heard += !repeated;
            frame->repeated += repeated;
            assert_true(frame->heard <= 1);
            return;
        }
        assert_true(distance >= OPUS_TICKS || distance <= -OPUS_TICKS);
        assert_false(same && frame->heard + !repeated > 1);
    }
    *frame_at(ear, ear->frame_count++) = (struct ear_frame){
        .timestamp = timestamp,
        .source = source,
        .counter = counter,
        .heard = !repeated,
        .repeated = repeated,
    };
}

static void take_opus(struct ear *ear, uint32_t timestamp, const uint8_t *data, size_t size,
                      bool repeated)
{
    struct opus_packet opus;
    assert_int_equal(opus_packet_read(data, size, &opus), ERR_NONE);
    const uint8_t *at = data + opus.first;
    for (unsigned i = 0; i < opus.frame_count; i++) {
        take_frame(ear, timestamp + i * opus.frame_ticks, at, opus.sizes[i], repeated);
        at += opus.sizes[i];
    }
    if (!repeated) {
        ear->form_counts[opus.frame_count > 1 ? VARIANT_LONG : VARIANT_PLAIN]++;
    }
}

static void take_index(struct ear *ear, uint16_t sequence)
{
    if (!ear->started) {
        ear->started = true;
        ear->highest_sequence = sequence;
        ear->first_sequence = sequence;
    }
    int16_t step = (int16_t)(uint16_t)(sequence - ear->highest_sequence);
    uint32_t cycles = ear->cycles;
    if (step > 0) {
        cycles += sequence < ear->highest_sequence;
        ear->cycles = cycles;
        ear->highest_sequence = sequence;
    } else if (sequence > ear->highest_sequence) {
        cycles--;
    }
    size_t index = ((size_t)cycles << 16) + sequence;
    if (ear->indices_seen != NULL) {
        assert_true(index / 8 < ear->indices_max);
        assert_int_equal(ear->indices_seen[index / 8] >> (index % 8) & 1, 0);
        ear->indices_seen[index / 8] |= (uint8_t)(1 << (index % 8));
    }
}

void ear_hear(struct ear *ear, const struct heard *heard)
{
    uint32_t timestamp = heard->rtp.timestamp;
    take_index(ear, heard->rtp.sequence);
    ear->packet_count++;
    ear->switch_sequence = heard->rtp.marker ? heard->rtp.sequence : ear->switch_sequence;
    ear->just_switched = (uint16_t)(heard->rtp.sequence - ear->switch_sequence) <=
                         REDUNDANCY_DISTANCE_MAX;
    if (heard->rtp.payload_type != RED_TYPE) {
        assert_int_equal(heard->rtp.payload_type, OPUS_TYPE);
        take_opus(ear, timestamp, heard->payload, heard->size, false);
        return;
    }
    struct red_packet red;
    assert_int_equal(red_read(heard->payload, heard->size, &red), ERR_NONE);
    ear->form_counts[red.block_count > 2 ? VARIANT_RED2 : VARIANT_RED1]++;
    for (unsigned i = 0; i < red.block_count; i++) {
        const struct red_block *block = &red.blocks[i];
        assert_int_equal(block->payload_type, REDUNDANCY_OPUS_TYPE);
        uint32_t plain = ear->form_counts[VARIANT_PLAIN];
        uint32_t merged = ear->form_counts[VARIANT_LONG];
        take_opus(ear, timestamp - block->offset, block->data, block->size,
                  i + 1u < red.block_count);
        ear->form_counts[VARIANT_PLAIN] = plain;
        ear->form_counts[VARIANT_LONG] = merged;
    }
}
