#include "load/load_payload.h"

#include <string.h>

#include <opus/opus.h>

#include "base/assert.h"
#include "base/bytes.h"

// RFC 6716 section 3.1: fullband CELT of 10 and of 20 ms, mono, and how frames are packed.
#define TOC_CELT_10_MS (30 << 3)
#define TOC_CELT_20_MS (31 << 3)
#define TOC_ONE_FRAME  0
#define TOC_MANY_EQUAL 3

#define SILENCE        0xffffff // a CELT frame that begins so is silence, whatever follows
#define SILENCE_SIZE   3
#define MAGIC          0x706c6e79 // "plny"
#define FRAME_SIZE_MIN (SILENCE_SIZE + 4 + 2 + 4 + 8)
#define FILLER         0x55

// RFC 2198 section 3.
#define RED_BLOCKS_MAX 16
#define RED_FOLLOWS    0x80

bool load_payload_length_known(unsigned packet_ms)
{
    return packet_ms == 10 || packet_ms == 20 || packet_ms == 40 || packet_ms == 60;
}

unsigned load_payload_frames(unsigned packet_ms)
{
    return packet_ms <= 20 ? 1 : packet_ms / 20;
}

static size_t header_size(unsigned packet_ms)
{
    return load_payload_frames(packet_ms) == 1 ? 1 : 2;
}

size_t load_payload_size_min(unsigned packet_ms)
{
    return header_size(packet_ms) + load_payload_frames(packet_ms) * (size_t)FRAME_SIZE_MIN;
}

static void frame_write(struct bytes_writer *writer, size_t size, const struct load_frame *frame)
{
    bytes_write_u24(writer, SILENCE);
    bytes_write_u32(writer, MAGIC);
    bytes_write_u16(writer, frame->publisher);
    bytes_write_u32(writer, frame->number);
    bytes_write_u64(writer, frame->sent_ns);
    uint8_t *rest = bytes_reserve(writer, size - FRAME_SIZE_MIN);
    ASSERT(rest != NULL);
    memset(rest, FILLER, size - FRAME_SIZE_MIN);
}

size_t load_payload_write(uint8_t to[LOAD_PAYLOAD_MAX], size_t size, unsigned packet_ms,
                          const struct load_frame *first)
{
    ASSERT(load_payload_length_known(packet_ms) && size <= LOAD_PAYLOAD_MAX &&
           size >= load_payload_size_min(packet_ms));
    unsigned frames = load_payload_frames(packet_ms);
    struct bytes_writer writer = bytes_writer(to, size);
    uint8_t toc = packet_ms == 10 ? TOC_CELT_10_MS : TOC_CELT_20_MS;
    bytes_write_u8(&writer, toc | (frames == 1 ? TOC_ONE_FRAME : TOC_MANY_EQUAL));
    if (frames > 1) {
        bytes_write_u8(&writer, (uint8_t)frames);
    }
    size_t each = (size - writer.position) / frames;
    for (unsigned i = 0; i < frames; i++) {
        struct load_frame frame = *first;
        frame.number += i;
        frame_write(&writer, each, &frame);
    }
    ASSERT(bytes_writer_ok(&writer));
    return writer.position;
}

static bool frame_read(const uint8_t *data, size_t size, struct load_frame *ret_frame)
{
    struct bytes_reader reader = bytes_reader(data, size);
    bool ours = bytes_read_u24(&reader) == SILENCE && bytes_read_u32(&reader) == MAGIC;
    ret_frame->publisher = bytes_read_u16(&reader);
    ret_frame->number = bytes_read_u32(&reader);
    ret_frame->sent_ns = bytes_read_u64(&reader);
    return ours && bytes_reader_ok(&reader);
}

static unsigned read_into(const uint8_t *payload, size_t size, struct load_frame *frames,
                          unsigned count)
{
    unsigned char toc = 0;
    const unsigned char *starts[LOAD_PAYLOAD_FRAMES_MAX];
    opus_int16 sizes[LOAD_PAYLOAD_FRAMES_MAX];
    int offset = 0;
    int found = size > 0 && size <= INT16_MAX
                    ? opus_packet_parse(payload, (opus_int32)size, &toc, starts, sizes, &offset)
                    : 0;
    for (int i = 0; i < found && count < LOAD_PAYLOAD_FRAMES_MAX; i++) {
        count += frame_read(starts[i], (size_t)sizes[i], &frames[count]) ? 1 : 0;
    }
    return count;
}

unsigned load_payload_read(const uint8_t *payload, size_t size,
                           struct load_frame ret_frames[LOAD_PAYLOAD_FRAMES_MAX])
{
    return read_into(payload, size, ret_frames, 0);
}

unsigned load_payload_read_red(const uint8_t *payload, size_t size,
                               struct load_frame ret_frames[LOAD_PAYLOAD_FRAMES_MAX])
{
    struct bytes_reader reader = bytes_reader(payload, size);
    size_t sizes[RED_BLOCKS_MAX];
    unsigned blocks = 0;
    while ((bytes_read_u8(&reader) & RED_FOLLOWS) != 0) {
        uint32_t fields = bytes_read_u24(&reader); // 14 bits of time offset, 10 of length
        if (blocks == RED_BLOCKS_MAX || !bytes_reader_ok(&reader)) {
            return 0;
        }
        sizes[blocks++] = fields & 0x3ff;
    }
    unsigned count = 0;
    for (unsigned i = 0; i < blocks; i++) {
        const uint8_t *block = bytes_take(&reader, sizes[i]);
        count = block != NULL ? read_into(block, sizes[i], ret_frames, count) : count;
    }
    size_t left = bytes_left(&reader);
    const uint8_t *primary = bytes_take(&reader, left);
    return bytes_reader_ok(&reader) ? read_into(primary, left, ret_frames, count) : 0;
}
