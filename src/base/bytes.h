// Bounded reading and writing of bytes, big-endian (network order). Both sides carry a sticky
// failure flag: a parser reads straight on and checks once at the end with bytes_reader_ok(). No
// function here ever touches memory outside the given range. Pointer arithmetic over wire data
// belongs to this file alone.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes_reader {
    const uint8_t *data; // not owned
    size_t size;
    size_t position;
    bool failed; // sticky: set by the first read beyond the end; later reads return 0
};

struct bytes_writer {
    uint8_t *data; // not owned
    size_t size;   // capacity
    size_t position;
    bool failed; // sticky: set by the first write beyond the capacity; later writes do nothing
};

static inline struct bytes_reader bytes_reader(const void *data, size_t size)
{
    return (struct bytes_reader){.data = data, .size = size};
}

static inline struct bytes_writer bytes_writer(void *data, size_t capacity)
{
    return (struct bytes_writer){.data = data, .size = capacity};
}

static inline bool bytes_reader_ok(const struct bytes_reader *reader)
{
    return !reader->failed;
}

static inline bool bytes_writer_ok(const struct bytes_writer *writer)
{
    return !writer->failed;
}

static inline size_t bytes_left(const struct bytes_reader *reader)
{
    return reader->size - reader->position;
}

// A view of the next `size` bytes, or NULL (and the failure flag) when fewer are left.
static inline const uint8_t *bytes_take(struct bytes_reader *reader, size_t size)
{
    if (reader->failed || size > bytes_left(reader)) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *view = reader->data + reader->position;
    reader->position += size;
    return view;
}

static inline void bytes_skip(struct bytes_reader *reader, size_t size)
{
    (void)bytes_take(reader, size);
}

static inline uint64_t bytes_read_uint(struct bytes_reader *reader, size_t size)
{
    const uint8_t *view = bytes_take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; view != NULL && i < size; i++) {
        value = value << 8 | view[i];
    }
    return value;
}

static inline uint8_t bytes_read_u8(struct bytes_reader *reader)
{
    return (uint8_t)bytes_read_uint(reader, 1);
}

static inline uint16_t bytes_read_u16(struct bytes_reader *reader)
{
    return (uint16_t)bytes_read_uint(reader, 2);
}

static inline uint32_t bytes_read_u24(struct bytes_reader *reader)
{
    return (uint32_t)bytes_read_uint(reader, 3);
}

static inline uint32_t bytes_read_u32(struct bytes_reader *reader)
{
    return (uint32_t)bytes_read_uint(reader, 4);
}

static inline uint64_t bytes_read_u64(struct bytes_reader *reader)
{
    return bytes_read_uint(reader, 8);
}

// Room for `size` bytes to be filled by the caller, or NULL (and the failure flag) when the
// capacity is exceeded.
static inline uint8_t *bytes_reserve(struct bytes_writer *writer, size_t size)
{
    if (writer->failed || size > writer->size - writer->position) {
        writer->failed = true;
        return NULL;
    }
    uint8_t *room = writer->data + writer->position;
    writer->position += size;
    return room;
}

static inline void bytes_write(struct bytes_writer *writer, const void *data, size_t size)
{
    uint8_t *room = bytes_reserve(writer, size);
    if (room != NULL && size > 0) {
        memcpy(room, data, size);
    }
}

static inline void bytes_write_uint(struct bytes_writer *writer, uint64_t value, size_t size)
{
    uint8_t *room = bytes_reserve(writer, size);
    for (size_t i = 0; room != NULL && i < size; i++) {
        room[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static inline void bytes_write_u8(struct bytes_writer *writer, uint8_t value)
{
    bytes_write_uint(writer, value, 1);
}

static inline void bytes_write_u16(struct bytes_writer *writer, uint16_t value)
{
    bytes_write_uint(writer, value, 2);
}

static inline void bytes_write_u24(struct bytes_writer *writer, uint32_t value)
{
    bytes_write_uint(writer, value, 3);
}

static inline void bytes_write_u32(struct bytes_writer *writer, uint32_t value)
{
    bytes_write_uint(writer, value, 4);
}

static inline void bytes_write_u64(struct bytes_writer *writer, uint64_t value)
{
    bytes_write_uint(writer, value, 8);
}

// Fixed-position loads and stores for code that has already checked the bounds (the packet path).
static inline uint16_t bytes_load_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t bytes_load_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void bytes_store_u16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void bytes_store_u32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}
