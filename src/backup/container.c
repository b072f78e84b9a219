#include "backup/container.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "backup/sealed.h"
#include "base/text.h"

#define PIECE 65536

struct container_writer {
    FILE *to;                     // borrowed
    struct sealed_writer *sealed; // owned; NULL: not sealed
    struct archive *archive;      // owned
    enum err err;                 // of the pieces beneath
    uint8_t piece[PIECE];
};

struct container_reader {
    FILE *from;                   // borrowed
    struct sealed_reader *sealed; // owned; NULL: not sealed
    struct archive *archive;      // owned
    enum err err;                 // of the pieces beneath
    uint8_t piece[PIECE];
};

// ---- Writing

static la_ssize_t put_piece(struct archive *archive, void *context, const void *data, size_t size)
{
    struct container_writer *writer = context;
    (void)archive;
    if (writer->sealed != NULL) {
        writer->err = sealed_write(writer->sealed, data, size);
    } else if (fwrite(data, 1, size, writer->to) != size) {
        writer->err = ERR_IO;
    }
    return writer->err == ERR_NONE ? (la_ssize_t)size : -1;
}

static enum err written(const struct container_writer *writer, bool good)
{
    return writer->err != ERR_NONE ? writer->err : good ? ERR_NONE : ERR_IO;
}

static enum err begin_writing(struct container_writer *writer, const char *passphrase)
{
    enum err err = passphrase != NULL
                       ? sealed_writer_create(writer->to, passphrase, &writer->sealed)
                       : ERR_NONE;
    if (err != ERR_NONE) {
        return err;
    }
    writer->archive = archive_write_new();
    if (writer->archive == NULL) {
        return ERR_FULL;
    }
    return written(writer,
                   archive_write_set_format_pax_restricted(writer->archive) == ARCHIVE_OK &&
                       archive_write_add_filter_zstd(writer->archive) == ARCHIVE_OK &&
                       archive_write_set_bytes_per_block(writer->archive, PIECE) == ARCHIVE_OK &&
                       archive_write_set_bytes_in_last_block(writer->archive, 1) == ARCHIVE_OK &&
                       archive_write_open(writer->archive, writer, NULL, put_piece, NULL) ==
                           ARCHIVE_OK);
}

enum err container_writer_create(FILE *to, const char *passphrase,
                                 struct container_writer **ret_writer)
{
    struct container_writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL) {
        return ERR_FULL;
    }
    writer->to = to;
    enum err err = begin_writing(writer, passphrase);
    if (err != ERR_NONE) {
        container_writer_destroy(writer);
        return err;
    }
    *ret_writer = writer;
    return ERR_NONE;
}

static enum err put_head(struct container_writer *writer, const char *name, time_ms at,
                         uint64_t size)
{
    struct archive_entry *entry = archive_entry_new();
    if (entry == NULL) {
        return ERR_FULL;
    }
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_mtime(entry, at / 1000, 0);
    archive_entry_set_size(entry, (la_int64_t)size);
    bool good = archive_write_header(writer->archive, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return written(writer, good);
}

static enum err put_data(struct container_writer *writer, const void *data, size_t size)
{
    return written(writer, size == 0 ||
                               archive_write_data(writer->archive, data, size) == (la_ssize_t)size);
}

enum err container_add(struct container_writer *writer, const char *name, time_ms at, uint64_t size,
                       int from)
{
    enum err err = put_head(writer, name, at, size);
    for (uint64_t done = 0; err == ERR_NONE && done < size;) {
        size_t wanted = size - done < PIECE ? (size_t)(size - done) : PIECE;
        ssize_t got = pread(from, writer->piece, wanted, (off_t)done);
        err = got > 0 ? put_data(writer, writer->piece, (size_t)got) : ERR_IO;
        done += got > 0 ? (uint64_t)got : 0;
    }
    return err;
}

enum err container_add_bytes(struct container_writer *writer, const char *name, time_ms at,
                             const void *data, size_t size)
{
    enum err err = put_head(writer, name, at, size);
    return err == ERR_NONE ? put_data(writer, data, size) : err;
}

enum err container_finish(struct container_writer *writer)
{
    enum err err = written(writer, archive_write_close(writer->archive) == ARCHIVE_OK);
    if (err == ERR_NONE && writer->sealed != NULL) {
        err = sealed_finish(writer->sealed);
    }
    return err != ERR_NONE ? err : fflush(writer->to) == 0 ? ERR_NONE : ERR_IO;
}

void container_writer_destroy(struct container_writer *writer)
{
    if (writer != NULL) {
        (void)archive_write_free(writer->archive);
        sealed_writer_destroy(writer->sealed);
        explicit_bzero(writer->piece, sizeof(writer->piece));
        free(writer);
    }
}

// ---- Reading

bool container_is_sealed(FILE *from)
{
    char begins[16];
    size_t size = fread(begins, 1, sizeof(begins), from);
    rewind(from);
    return sealed_begins(begins, size);
}

static la_ssize_t take_piece(struct archive *archive, void *context, const void **ret_data)
{
    struct container_reader *reader = context;
    size_t size = 0;
    (void)archive;
    if (reader->sealed != NULL) {
        reader->err = sealed_read(reader->sealed, ret_data, &size);
    } else {
        *ret_data = reader->piece;
        size = fread(reader->piece, 1, sizeof(reader->piece), reader->from);
        reader->err = ferror(reader->from) ? ERR_IO : ERR_NONE;
    }
    return reader->err == ERR_NONE ? (la_ssize_t)size : -1;
}

static enum err understood(const struct container_reader *reader, bool good)
{
    return reader->err != ERR_NONE ? reader->err : good ? ERR_NONE : ERR_MALFORMED;
}

static enum err begin_reading(struct container_reader *reader, const char *passphrase)
{
    if (container_is_sealed(reader->from)) {
        enum err err = passphrase != NULL
                           ? sealed_reader_create(reader->from, passphrase, &reader->sealed)
                           : ERR_UNAUTHENTICATED;
        if (err != ERR_NONE) {
            return err;
        }
    }
    reader->archive = archive_read_new();
    if (reader->archive == NULL) {
        return ERR_FULL;
    }
    return understood(reader, archive_read_support_filter_zstd(reader->archive) == ARCHIVE_OK &&
                                  archive_read_support_format_tar(reader->archive) == ARCHIVE_OK &&
                                  archive_read_open(reader->archive, reader, NULL, take_piece,
                                                    NULL) == ARCHIVE_OK);
}

enum err container_reader_create(FILE *from, const char *passphrase,
                                 struct container_reader **ret_reader)
{
    struct container_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        return ERR_FULL;
    }
    reader->from = from;
    enum err err = begin_reading(reader, passphrase);
    if (err != ERR_NONE) {
        container_reader_destroy(reader);
        return err;
    }
    *ret_reader = reader;
    return ERR_NONE;
}

static bool is_plain_file(struct archive_entry *entry, const char *name)
{
    const char *found = archive_entry_pathname(entry);
    return found != NULL && text_equal(found, name) && archive_entry_filetype(entry) == AE_IFREG &&
           archive_entry_hardlink(entry) == NULL && archive_entry_symlink(entry) == NULL &&
           archive_entry_size_is_set(entry) && archive_entry_size(entry) >= 0 &&
           archive_entry_sparse_count(entry) == 0;
}

enum err container_next(struct container_reader *reader, const char *name, uint64_t *ret_size)
{
    struct archive_entry *entry = NULL;
    bool good = archive_read_next_header(reader->archive, &entry) == ARCHIVE_OK &&
                is_plain_file(entry, name);
    *ret_size = good ? (uint64_t)archive_entry_size(entry) : 0;
    return understood(reader, good);
}

enum err container_read(struct container_reader *reader, void *to, size_t size, size_t *ret_size)
{
    la_ssize_t got = archive_read_data(reader->archive, to, size);
    *ret_size = got > 0 ? (size_t)got : 0;
    return understood(reader, got >= 0);
}

// What is left beneath is read too: only then is it known that the end is there.
enum err container_end(struct container_reader *reader)
{
    struct archive_entry *entry = NULL;
    bool good = archive_read_next_header(reader->archive, &entry) == ARCHIVE_EOF &&
                archive_read_close(reader->archive) == ARCHIVE_OK;
    const void *data = NULL;
    for (la_ssize_t size = good ? 1 : 0; good && size != 0;) {
        size = take_piece(reader->archive, reader, &data);
        good = size >= 0;
    }
    return understood(reader, good);
}

void container_reader_destroy(struct container_reader *reader)
{
    if (reader != NULL) {
        (void)archive_read_free(reader->archive);
        sealed_reader_destroy(reader->sealed);
        explicit_bzero(reader->piece, sizeof(reader->piece));
        free(reader);
    }
}
