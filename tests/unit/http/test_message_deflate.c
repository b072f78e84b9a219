#define ZLIB_CONST
#include "../test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "http/message_deflate.h"

#define MAX 65536

static struct message_deflate *deflating;

static int make(void **state)
{
    (void)state;
    return message_deflate_create(&deflating) == ERR_NONE ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    message_deflate_destroy(deflating);
    return 0;
}

// The text as a reader has it whose window is no larger than was agreed (RFC 7692, section 7.2.2).
static void assert_reads(int window, const uint8_t *packed, size_t packed_size, const char *text,
                         size_t size)
{
    z_stream reader = {0};
    char *read = malloc(size + 1);
    uint8_t *whole = malloc(packed_size + 4);
    memcpy(whole, packed, packed_size);
    memcpy(whole + packed_size, "\x00\x00\xff\xff", 4);
    assert_int_equal(inflateInit2(&reader, -window), Z_OK);
    reader.next_in = whole;
    reader.avail_in = (uInt)packed_size + 4;
    reader.next_out = (Bytef *)read;
    reader.avail_out = (uInt)size + 1;
    assert_int_equal(inflate(&reader, Z_SYNC_FLUSH), Z_OK);
    assert_int_equal(reader.avail_in, 0);
    assert_int_equal(reader.avail_out, 1);
    assert_memory_equal(read, text, size);
    inflateEnd(&reader);
    free(whole);
    free(read);
}

static void fill(char *text, size_t size, unsigned seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1103515245 + 12345;
        text[i] = (char)('a' + (seed >> 16) % 6);
    }
}

static void every_window_is_kept_to(void **state)
{
    (void)state;
    static char text[50000];
    for (int window = 9; window <= 15; window++) {
        fill(text, sizeof(text) / 2, 1);
        memcpy(text + sizeof(text) / 2, text, sizeof(text) / 2); // as far back as it gets
        size_t packed_size = 0;
        const uint8_t *packed = message_deflate_pack(deflating, window, text, sizeof(text),
                                                     &packed_size);
        assert_non_null(packed);
        assert_true(packed_size < sizeof(text) / 2 + sizeof(text) / 4);
        assert_reads(window, packed, packed_size, text, sizeof(text));
    }
}

static void what_many_are_told_is_compressed_once(void **state)
{
    (void)state;
    char first[2000];
    char other[2000];
    size_t size = 0;
    fill(first, sizeof(first), 1);
    fill(other, sizeof(other), 2);
    for (int i = 0; i < 500; i++) {
        const uint8_t *packed = message_deflate_pack(deflating, 15, first, sizeof(first), &size);
        assert_reads(15, packed, size, first, sizeof(first));
        packed = message_deflate_pack(deflating, 15, other, sizeof(other), &size);
        assert_reads(15, packed, size, other, sizeof(other));
        packed = message_deflate_pack(deflating, 10, other, sizeof(other), &size);
        assert_reads(10, packed, size, other, sizeof(other));
    }
    assert_int_equal(message_deflate_figures(deflating)->packed, 3);
    assert_int_equal(message_deflate_figures(deflating)->packed_again, 1497);
    // More different ones than are kept: each is right all the same.
    for (unsigned i = 0; i < 100; i++) {
        fill(first, sizeof(first), i % 20);
        const uint8_t *packed = message_deflate_pack(deflating, 15, first, sizeof(first), &size);
        assert_reads(15, packed, size, first, sizeof(first));
    }
}

static void short_and_noisy_messages_go_as_they_are(void **state)
{
    (void)state;
    char text[4096];
    size_t size = 0;
    fill(text, sizeof(text), 3);
    assert_null(message_deflate_pack(deflating, 15, text, MESSAGE_DEFLATE_MIN - 1, &size));
    assert_non_null(message_deflate_pack(deflating, 15, text, MESSAGE_DEFLATE_MIN, &size));
    unsigned seed = 1;
    for (size_t i = 0; i < sizeof(text); i++) {
        seed = seed * 1103515245 + 12345;
        text[i] = (char)(seed >> 16);
    }
    assert_null(message_deflate_pack(deflating, 15, text, sizeof(text), &size));
    assert_null(message_deflate_pack(deflating, 15, text, sizeof(text), &size)); // and again
}

// As a client sends it; a `last` block as some end their messages (7.2.3.5).
static size_t client_packs(uint8_t *to, size_t room, const char *text, size_t size, bool last)
{
    z_stream writer = {0};
    assert_int_equal(deflateInit2(&writer, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    writer.next_in = (const Bytef *)text;
    writer.avail_in = (uInt)size;
    writer.next_out = to;
    writer.avail_out = (uInt)room;
    assert_int_equal(deflate(&writer, last ? Z_FINISH : Z_SYNC_FLUSH), last ? Z_STREAM_END : Z_OK);
    size_t written = room - writer.avail_out;
    deflateEnd(&writer);
    if (last) {
        to[written] = 0;
        return written + 1;
    }
    return written - 4;
}

static void assert_unpacks(const uint8_t *packed, size_t packed_size, const char *text, size_t size)
{
    const char *read = NULL;
    size_t read_size = 0;
    assert_int_equal(message_deflate_unpack(deflating, packed, packed_size, MAX, &read, &read_size),
                     ERR_NONE);
    assert_int_equal(read_size, size);
    assert_memory_equal(read, text, size);
}

static void messages_of_clients_are_read(void **state)
{
    (void)state;
    static char text[MAX + 1];
    static uint8_t packed[2 * MAX];
    const size_t sizes[] = {1, 5, 1000, MAX - 1, MAX};
    fill(text, sizeof(text), 5);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int last = 0; last <= 1; last++) {
            size_t size = client_packs(packed, sizeof(packed), text, sizes[i], last == 1);
            assert_unpacks(packed, size, text, sizes[i]);
        }
    }
    assert_unpacks((const uint8_t *)"\x00", 1, "", 0); // the empty message (7.2.3.6)
    // The examples of sections 7.2.3.1, 7.2.3.3 and 7.2.3.4.
    assert_unpacks((const uint8_t *)"\xf2\x48\xcd\xc9\xc9\x07\x00", 7, "Hello", 5);
    assert_unpacks((const uint8_t *)"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11, "Hello", 5);
    assert_unpacks((const uint8_t *)"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8, "Hello", 5);
    assert_unpacks((const uint8_t *)"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13,
                   "Hello", 5);
}

static void what_would_grow_too_large_is_refused(void **state)
{
    (void)state;
    static char text[50 * MAX];
    static uint8_t packed[2 * MAX];
    const char *read = NULL;
    size_t read_size = 0;
    size_t size = client_packs(packed, sizeof(packed), text, MAX + 1, false);
    assert_int_equal(message_deflate_unpack(deflating, packed, size, MAX, &read, &read_size),
                     ERR_TOO_LARGE);
    assert_int_equal(read_size, MAX);
    assert_memory_equal(read, text, MAX);
    size = client_packs(packed, sizeof(packed), text, sizeof(text), false);
    assert_true(size < 5000);
    assert_int_equal(message_deflate_unpack(deflating, packed, size, MAX, &read, &read_size),
                     ERR_TOO_LARGE);
    assert_int_equal(message_deflate_unpack(deflating, (const uint8_t *)"\xff\xff\xff", 3, MAX,
                                            &read, &read_size),
                     ERR_MALFORMED);
    // Nothing of it is left for the next.
    assert_unpacks((const uint8_t *)"\xf2\x48\xcd\xc9\xc9\x07\x00", 7, "Hello", 5);
}

#define DEFLATE_TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEFLATE_TEST(every_window_is_kept_to),
        DEFLATE_TEST(what_many_are_told_is_compressed_once),
        DEFLATE_TEST(short_and_noisy_messages_go_as_they_are),
        DEFLATE_TEST(messages_of_clients_are_read),
        DEFLATE_TEST(what_would_grow_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
