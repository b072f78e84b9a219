// Archives, read by another program (Python's zipfile in tests/integration/test_papers.py); here
// what is written, in whatever pieces it is asked for.
#include "../test.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "archive/archive.h"

static const char *const contents[] = {"Madam Chair,", "", "second"};
static const struct archive_file files[] = {
    {.name = "1 C20-5.txt", .size = 12, .at = 1767225600000},
    {.name = "2 فارغ.txt", .size = 0, .at = 0}, // of before ZIP's time
    {.name = "3 b.txt", .size = 6, .at = 1767225600000},
};

struct reading {
    size_t at_most; // of one piece
    size_t lost;    // the file that cannot be read; 3: none
};

static int64_t read_file(void *context, size_t file, uint64_t at, char *to, size_t max)
{
    const struct reading *reading = context;
    size_t size = max < reading->at_most ? max : reading->at_most;
    assert_true(file < 3 && at + max <= files[file].size && max > 0);
    memcpy(to, contents[file] + at, size);
    return file == reading->lost ? -1 : (int64_t)size;
}

// The whole, in pieces; its size, or -1.
static int64_t read_whole(char *to, size_t size, size_t piece, struct reading reading)
{
    struct archive *archive;
    assert_int_equal(archive_create(files, 3, &archive), ERR_NONE);
    const struct archive_source source = {.read = read_file, .context = &reading};
    uint64_t wanted = archive_size(archive);
    assert_true(wanted <= size);
    int64_t total = 0;
    int64_t got = 1;
    while (got > 0) {
        got = archive_read(archive, &source, to + total, piece);
        assert_true(got <= (int64_t)piece);
        total += got > 0 ? got : 0;
    }
    archive_destroy(archive);
    assert_true(got < 0 || (uint64_t)total == wanted);
    return got < 0 ? -1 : total;
}

static uint32_t number(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void every_size_of_pieces_gives_the_same(void **state)
{
    (void)state;
    char whole[1024];
    char other[1024];
    int64_t size = read_whole(whole, sizeof(whole), 1024, (struct reading){100, 3});
    for (size_t piece = 1; piece < 80; piece++) {
        struct reading reading = {.at_most = piece % 7 + 1, .lost = 3};
        assert_int_equal(read_whole(other, sizeof(other), piece, reading), size);
        assert_memory_equal(whole, other, (size_t)size);
    }
}

static void headers_say_where_and_how_much(void **state)
{
    (void)state;
    char whole[1024];
    int64_t size = read_whole(whole, sizeof(whole), 64, (struct reading){100, 3});
    const char *end = whole + size - 22;
    assert_int_equal(number(end), 0x06054b50);
    assert_int_equal(end[8], 3);
    const char *at = whole + number(end + 16);
    assert_int_equal(at + number(end + 12) - end, 0);
    for (size_t i = 0; i < 3; i++) {
        size_t name = strlen(files[i].name);
        size_t length = strlen(contents[i]);
        const char *local = whole + number(at + 42);
        assert_int_equal(number(at), 0x02014b50);
        assert_int_equal(number(at + 16),
                         crc32(0, (const unsigned char *)contents[i], (unsigned)length));
        assert_int_equal(number(at + 20), length);
        assert_int_equal(number(at + 24), length);
        assert_memory_equal(at + 46, files[i].name, name);
        assert_int_equal(number(local), 0x04034b50);
        assert_memory_equal(local + 30, files[i].name, name);
        assert_memory_equal(local + 30 + name, contents[i], length);
        // 2026-01-01 00:00, or the first day that there is.
        assert_int_equal(number(at + 12) >> 16, i == 1 ? 0x21 : 46 << 9 | 0x21);
        at += 46 + name;
    }
}

static void what_cannot_be_read_ends_it(void **state)
{
    (void)state;
    char whole[1024];
    assert_int_equal(read_whole(whole, sizeof(whole), 64, (struct reading){100, 2}), -1);
}

static void it_has_bounds(void **state)
{
    (void)state;
    struct archive *archive = NULL;
    struct archive_file *many = calloc(ARCHIVE_FILES_MAX + 1, sizeof(*many));
    assert_non_null(many);
    assert_int_equal(archive_create(many, ARCHIVE_FILES_MAX + 1, &archive), ERR_TOO_LARGE);
    many[0].size = many[1].size = 1u << 31;
    assert_int_equal(archive_create(many, 2, &archive), ERR_TOO_LARGE);
    assert_int_equal(archive_create(many, 1, &archive), ERR_NONE);
    archive_destroy(archive);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_of_pieces_gives_the_same),
        cmocka_unit_test(headers_say_where_and_how_much),
        cmocka_unit_test(what_cannot_be_read_ends_it),
        cmocka_unit_test(it_has_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
