#include "../test.h"

#include <stdlib.h>

#include "backup/sealed.h"

#define PIECE (SEALED_PIECE_MAX + 17)
#define WORDS "correct horse battery"

struct sealed {
    char *bytes;
    size_t size;
};

static uint8_t plain[3 * SEALED_PIECE_MAX];

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(plain); i++) {
        plain[i] = (uint8_t)(i * 7 + i / 251);
    }
    return 0;
}

static struct sealed seal(size_t size)
{
    struct sealed sealed = {0};
    struct sealed_writer *writer = NULL;
    FILE *to = open_memstream(&sealed.bytes, &sealed.size);
    assert_int_equal(sealed_writer_create(to, WORDS, &writer), ERR_NONE);
    for (size_t done = 0; done < size; done += 1000) { // not in step with the pieces
        assert_int_equal(
            sealed_write(writer, plain + done, size - done < 1000 ? size - done : 1000), ERR_NONE);
    }
    assert_int_equal(sealed_finish(writer), ERR_NONE);
    sealed_writer_destroy(writer);
    fclose(to);
    return sealed;
}

// How many bytes came before the end, or before `ret_err`; all as they were.
static size_t opened(const char *bytes, size_t size, const char *passphrase, enum err *ret_err)
{
    struct sealed_reader *reader = NULL;
    FILE *from = fmemopen((void *)(uintptr_t)bytes, size, "r");
    size_t done = 0;
    size_t got = 1;
    *ret_err = sealed_reader_create(from, passphrase, &reader);
    while (*ret_err == ERR_NONE && got > 0) {
        const void *data = NULL;
        *ret_err = sealed_read(reader, &data, &got);
        if (*ret_err == ERR_NONE) {
            assert_memory_equal(data, plain + done, got);
            done += got;
        }
    }
    sealed_reader_destroy(reader);
    fclose(from);
    return done;
}

static void it_opens_as_it_was(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 2 * SEALED_PIECE_MAX + 1};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        enum err err = ERR_NONE;
        struct sealed sealed = seal(sizes[i]);
        assert_true(sealed_begins(sealed.bytes, sealed.size));
        assert_int_equal(opened(sealed.bytes, sealed.size, WORDS, &err), sizes[i]);
        assert_int_equal(err, ERR_NONE);
        free(sealed.bytes);
    }
}

static void another_passphrase_opens_nothing(void **state)
{
    (void)state;
    enum err err = ERR_NONE;
    struct sealed sealed = seal(100);
    assert_int_equal(opened(sealed.bytes, sealed.size, WORDS " ", &err), 0);
    assert_int_equal(err, ERR_UNAUTHENTICATED);
    // Two of the same have nothing in common.
    struct sealed again = seal(100);
    assert_memory_not_equal(sealed.bytes + 24, again.bytes + 24, 16);
    assert_memory_not_equal(sealed.bytes + SEALED_HEADER_SIZE, again.bytes + SEALED_HEADER_SIZE,
                            100);
    free(again.bytes);
    free(sealed.bytes);
}

static void what_was_changed_is_found(void **state)
{
    (void)state;
    enum err err = ERR_NONE;
    struct sealed sealed = seal(2 * SEALED_PIECE_MAX + 10);
    const struct {
        size_t at;
        size_t before;
        enum err err;
    } changes[] = {{24, 0, ERR_UNAUTHENTICATED}, // the salt
                   {SEALED_HEADER_SIZE + PIECE + 5, SEALED_PIECE_MAX, ERR_AUTHENTICATION},
                   {sealed.size - 1, 2 * SEALED_PIECE_MAX, ERR_AUTHENTICATION}};
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        sealed.bytes[changes[i].at] ^= 1;
        assert_int_equal(opened(sealed.bytes, sealed.size, WORDS, &err), changes[i].before);
        assert_int_equal(err, changes[i].err);
        sealed.bytes[changes[i].at] ^= 1;
    }
    free(sealed.bytes);
}

static void an_end_that_is_cut_off_or_added_is_found(void **state)
{
    (void)state;
    enum err err = ERR_NONE;
    struct sealed sealed = seal(2 * SEALED_PIECE_MAX);
    const size_t cuts[] = {SEALED_HEADER_SIZE + PIECE, SEALED_HEADER_SIZE + 2 * PIECE + 3};
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        (void)opened(sealed.bytes, cuts[i], WORDS, &err);
        assert_int_equal(err, ERR_AUTHENTICATION);
    }
    (void)opened(sealed.bytes, SEALED_HEADER_SIZE - 1, WORDS, &err);
    assert_int_equal(err, ERR_MALFORMED);
    char *longer = calloc(1, sealed.size + 1);
    memcpy(longer, sealed.bytes, sealed.size);
    (void)opened(longer, sealed.size + 1, WORDS, &err);
    assert_int_equal(err, ERR_AUTHENTICATION);
    free(longer);
    // Two pieces in each other's place.
    char *piece = malloc(PIECE);
    memcpy(piece, sealed.bytes + SEALED_HEADER_SIZE, PIECE);
    memcpy(sealed.bytes + SEALED_HEADER_SIZE, sealed.bytes + SEALED_HEADER_SIZE + PIECE, PIECE);
    memcpy(sealed.bytes + SEALED_HEADER_SIZE + PIECE, piece, PIECE);
    assert_int_equal(opened(sealed.bytes, sealed.size, WORDS, &err), 0);
    assert_int_equal(err, ERR_UNAUTHENTICATED);
    free(piece);
    free(sealed.bytes);
}

// Whoever made the file does not say how much memory and time we spend on it.
static void its_maker_cannot_make_us_work(void **state)
{
    (void)state;
    enum err err = ERR_NONE;
    char bytes[SEALED_HEADER_SIZE + PIECE] = "PLENARY-SEALED-1";
    const struct {
        uint8_t passes;
        uint8_t kib; // in the highest byte
        enum err err;
    } headers[] = {{11, 0, ERR_MALFORMED}, {0, 1, ERR_MALFORMED}, {1, 0xFF, ERR_UNSUPPORTED}};
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        bytes[19] = (char)headers[i].passes;
        bytes[20] = (char)headers[i].kib;
        (void)opened(bytes, sizeof(bytes), WORDS, &err);
        assert_int_equal(err, headers[i].err);
    }
    bytes[16] = 0x7F; // passes
    bytes[20] = 0;
    bytes[23] = 64;
    (void)opened(bytes, sizeof(bytes), WORDS, &err);
    assert_int_equal(err, ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_as_it_was),
        cmocka_unit_test(another_passphrase_opens_nothing),
        cmocka_unit_test(what_was_changed_is_found),
        cmocka_unit_test(an_end_that_is_cut_off_or_added_is_found),
        cmocka_unit_test(its_maker_cannot_make_us_work),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
