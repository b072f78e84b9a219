#include "backup/sealed.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

#define MAGIC         "PLENARY-SEALED-1"
#define MAGIC_SIZE    (sizeof(MAGIC) - 1)
#define PASSES        crypto_pwhash_OPSLIMIT_MODERATE
#define KIB           (crypto_pwhash_MEMLIMIT_MODERATE / 1024)
#define PASSES_MOST   10
#define KIB_MOST      (1u << 20)
#define OVERHEAD      crypto_secretstream_xchacha20poly1305_ABYTES
#define STREAM_HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define KEY_SIZE      crypto_secretstream_xchacha20poly1305_KEYBYTES
#define TAG_LAST      crypto_secretstream_xchacha20poly1305_TAG_FINAL

struct header {
    uint32_t passes;
    uint32_t kib;
    uint8_t salt[crypto_pwhash_SALTBYTES];
    uint8_t stream[STREAM_HEADER];
};

struct sealed_writer {
    FILE *to; // borrowed
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t header[SEALED_HEADER_SIZE];
    size_t held; // bytes of `plain` that wait for a full piece
    uint8_t plain[SEALED_PIECE_MAX];
    uint8_t cipher[SEALED_PIECE_MAX + OVERHEAD];
};

struct sealed_reader {
    FILE *from; // borrowed
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t header[SEALED_HEADER_SIZE];
    bool begun; // a piece was opened: it is the passphrase
    bool ended;
    uint8_t plain[SEALED_PIECE_MAX];
    uint8_t cipher[SEALED_PIECE_MAX + OVERHEAD];
};

static enum err make_key(const struct header *header, const char *passphrase, uint8_t key[KEY_SIZE])
{
    return crypto_pwhash(key, KEY_SIZE, passphrase, strlen(passphrase), header->salt,
                         header->passes, (size_t)header->kib * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
               ? ERR_NONE
               : ERR_FULL;
}

static void put_header(const struct header *header, uint8_t bytes[SEALED_HEADER_SIZE])
{
    struct bytes_writer writer = bytes_writer(bytes, SEALED_HEADER_SIZE);
    bytes_write(&writer, MAGIC, MAGIC_SIZE);
    bytes_write_u32(&writer, header->passes);
    bytes_write_u32(&writer, header->kib);
    bytes_write(&writer, header->salt, sizeof(header->salt));
    bytes_write(&writer, header->stream, sizeof(header->stream));
}

static enum err begin(struct sealed_writer *writer, const char *passphrase)
{
    struct header header = {.passes = PASSES, .kib = KIB};
    uint8_t key[KEY_SIZE];
    randombytes_buf(header.salt, sizeof(header.salt));
    enum err err = make_key(&header, passphrase, key);
    if (err == ERR_NONE) {
        (void)crypto_secretstream_xchacha20poly1305_init_push(&writer->state, header.stream, key);
        put_header(&header, writer->header);
        err = fwrite(writer->header, sizeof(writer->header), 1, writer->to) == 1 ? ERR_NONE
                                                                                 : ERR_IO;
    }
    sodium_memzero(key, sizeof(key));
    return err;
}

enum err sealed_writer_create(FILE *to, const char *passphrase, struct sealed_writer **ret_writer)
{
    struct sealed_writer *writer = sodium_init() >= 0 ? calloc(1, sizeof(*writer)) : NULL;
    if (writer == NULL) {
        return ERR_FULL;
    }
    writer->to = to;
    enum err err = begin(writer, passphrase);
    if (err != ERR_NONE) {
        sealed_writer_destroy(writer);
        return err;
    }
    *ret_writer = writer;
    return ERR_NONE;
}

static enum err put_piece(struct sealed_writer *writer, uint8_t tag)
{
    unsigned long long size = 0;
    (void)crypto_secretstream_xchacha20poly1305_push(&writer->state, writer->cipher, &size,
                                                     writer->plain, writer->held, writer->header,
                                                     sizeof(writer->header), tag);
    writer->held = 0;
    return fwrite(writer->cipher, 1, size, writer->to) == size ? ERR_NONE : ERR_IO;
}

enum err sealed_write(struct sealed_writer *writer, const void *data, size_t size)
{
    const uint8_t *at = data;
    enum err err = ERR_NONE;
    while (size > 0 && err == ERR_NONE) {
        size_t room = sizeof(writer->plain) - writer->held;
        size_t taken = size < room ? size : room;
        memcpy(writer->plain + writer->held, at, taken);
        writer->held += taken;
        at += taken;
        size -= taken;
        if (writer->held == sizeof(writer->plain)) {
            err = put_piece(writer, 0);
        }
    }
    return err;
}

enum err sealed_finish(struct sealed_writer *writer)
{
    return put_piece(writer, TAG_LAST);
}

void sealed_writer_destroy(struct sealed_writer *writer)
{
    if (writer != NULL) {
        sodium_memzero(writer, sizeof(*writer));
        free(writer);
    }
}

bool sealed_begins(const void *data, size_t size)
{
    return size >= MAGIC_SIZE && memcmp(data, MAGIC, MAGIC_SIZE) == 0;
}

static enum err take_header(const uint8_t bytes[SEALED_HEADER_SIZE], struct header *ret_header)
{
    struct bytes_reader reader = bytes_reader(bytes, SEALED_HEADER_SIZE);
    bytes_skip(&reader, MAGIC_SIZE);
    ret_header->passes = bytes_read_u32(&reader);
    ret_header->kib = bytes_read_u32(&reader);
    memcpy(ret_header->salt, bytes_take(&reader, sizeof(ret_header->salt)),
           sizeof(ret_header->salt));
    memcpy(ret_header->stream, bytes_take(&reader, sizeof(ret_header->stream)),
           sizeof(ret_header->stream));
    if (!sealed_begins(bytes, SEALED_HEADER_SIZE) || ret_header->passes == 0 ||
        ret_header->kib < 8) {
        return ERR_MALFORMED;
    }
    return ret_header->passes <= PASSES_MOST && ret_header->kib <= KIB_MOST ? ERR_NONE
                                                                            : ERR_UNSUPPORTED;
}

static enum err meet(struct sealed_reader *reader, const char *passphrase)
{
    struct header header;
    uint8_t key[KEY_SIZE];
    if (fread(reader->header, sizeof(reader->header), 1, reader->from) != 1) {
        return ERR_MALFORMED;
    }
    enum err err = take_header(reader->header, &header);
    if (err == ERR_NONE) {
        err = make_key(&header, passphrase, key);
    }
    if (err == ERR_NONE) {
        (void)crypto_secretstream_xchacha20poly1305_init_pull(&reader->state, header.stream, key);
    }
    sodium_memzero(key, sizeof(key));
    return err;
}

enum err sealed_reader_create(FILE *from, const char *passphrase, struct sealed_reader **ret_reader)
{
    struct sealed_reader *reader = sodium_init() >= 0 ? calloc(1, sizeof(*reader)) : NULL;
    if (reader == NULL) {
        return ERR_FULL;
    }
    reader->from = from;
    enum err err = meet(reader, passphrase);
    if (err != ERR_NONE) {
        sealed_reader_destroy(reader);
        return err;
    }
    *ret_reader = reader;
    return ERR_NONE;
}

// What follows the last piece was not written by us.
static bool is_last_rightly(struct sealed_reader *reader, uint8_t tag, size_t size)
{
    return tag == TAG_LAST ? fgetc(reader->from) == EOF && feof(reader->from)
                           : size == sizeof(reader->cipher);
}

enum err sealed_read(struct sealed_reader *reader, const void **ret_data, size_t *ret_size)
{
    unsigned long long opened = 0;
    uint8_t tag = 0;
    *ret_size = 0;
    *ret_data = reader->plain;
    if (reader->ended) {
        return ERR_NONE;
    }
    size_t size = fread(reader->cipher, 1, sizeof(reader->cipher), reader->from);
    if (ferror(reader->from)) {
        return ERR_IO;
    }
    if (size < OVERHEAD || crypto_secretstream_xchacha20poly1305_pull(
                               &reader->state, reader->plain, &opened, &tag, reader->cipher, size,
                               reader->header, sizeof(reader->header)) != 0) {
        return reader->begun ? ERR_AUTHENTICATION : ERR_UNAUTHENTICATED;
    }
    reader->begun = true;
    if (!is_last_rightly(reader, tag, size)) {
        return ERR_AUTHENTICATION;
    }
    reader->ended = tag == TAG_LAST;
    *ret_size = (size_t)opened;
    return ERR_NONE;
}

void sealed_reader_destroy(struct sealed_reader *reader)
{
    if (reader != NULL) {
        sodium_memzero(reader, sizeof(*reader));
        free(reader);
    }
}
