#include "archive/archive.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/assert.h"

// APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.16: bytes without names.
#define LOCAL_SIZE      30
#define DESCRIPTOR_SIZE 16
#define CENTRAL_SIZE    46
#define END_SIZE        22
#define HEAD_MAX        (CENTRAL_SIZE + ARCHIVE_NAME_MAX)

#define LOCAL_MARK      0x04034b50
#define DESCRIPTOR_MARK 0x08074b50
#define CENTRAL_MARK    0x02014b50
#define END_MARK        0x06054b50

#define VERSION 20 // 2.0, for which all that unpack ask
// Checksum and sizes stand behind the contents (bit 3); names are UTF-8 (bit 11).
#define FLAGS ((1 << 3) | (1 << 11))

struct entry {
    struct archive_file file;
    uint32_t offset; // of its local header
    uint32_t crc;
};

enum phase { PHASE_LOCAL, PHASE_CONTENTS, PHASE_DESCRIPTOR, PHASE_CENTRAL, PHASE_END, PHASE_OVER };

struct archive {
    size_t count;
    uint64_t size;
    uint32_t directory_at;
    enum phase phase;
    size_t file; // whose turn it is
    uint64_t at; // of its contents
    char head[HEAD_MAX];
    size_t head_at; // what is written of it
    size_t head_size;
    struct entry entries[];
};

enum err archive_create(const struct archive_file *files, size_t count,
                        struct archive **ret_archive)
{
    if (count > ARCHIVE_FILES_MAX) {
        return ERR_TOO_LARGE;
    }
    struct archive *archive = calloc(1, sizeof(*archive) + count * sizeof(archive->entries[0]));
    if (archive == NULL) {
        return ERR_FULL;
    }
    uint64_t at = 0;
    uint64_t directory = 0;
    for (size_t i = 0; i < count; i++) {
        size_t name = strlen(files[i].name);
        archive->entries[i] = (struct entry){
            .file = files[i], .offset = (uint32_t)at, .crc = (uint32_t)crc32(0, NULL, 0)};
        at += LOCAL_SIZE + name + files[i].size + DESCRIPTOR_SIZE;
        directory += CENTRAL_SIZE + name;
    }
    archive->count = count;
    archive->directory_at = (uint32_t)at;
    archive->size = at + directory + END_SIZE;
    archive->phase = count > 0 ? PHASE_LOCAL : PHASE_END;
    if (archive->size >= UINT32_MAX) {
        free(archive);
        return ERR_TOO_LARGE;
    }
    *ret_archive = archive;
    return ERR_NONE;
}

void archive_destroy(struct archive *archive)
{
    free(archive);
}

uint64_t archive_size(const struct archive *archive)
{
    return archive->size;
}

// ---- Headers: little-endian

static void put(struct archive *archive, uint64_t value, int bytes)
{
    ASSERT(archive->head_size + (size_t)bytes <= sizeof(archive->head));
    for (int i = 0; i < bytes; i++) {
        archive->head[archive->head_size++] = (char)(value >> (8 * i));
    }
}

static void put_name(struct archive *archive, const struct entry *entry)
{
    size_t length = strlen(entry->file.name);
    ASSERT(archive->head_size + length <= sizeof(archive->head));
    memcpy(archive->head + archive->head_size, entry->file.name, length);
    archive->head_size += length;
}

// Time and date as MS-DOS had them (APPNOTE 4.4.6).
static void put_time(struct archive *archive, time_ms at)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm date = {0};
    bool known = gmtime_r(&seconds, &date) != NULL && date.tm_year >= 80 && date.tm_year <= 207;
    unsigned day = known ? (unsigned)date.tm_mday : 1;
    unsigned month = known ? (unsigned)date.tm_mon + 1 : 1;
    unsigned year = known ? (unsigned)date.tm_year - 80 : 0;
    put(archive, known ? (unsigned)(date.tm_hour << 11 | date.tm_min << 5 | date.tm_sec / 2) : 0,
        2);
    put(archive, year << 9 | month << 5 | day, 2);
}

// Flags, method and time, which both headers have.
static void put_common(struct archive *archive, const struct entry *entry)
{
    put(archive, VERSION, 2);
    put(archive, FLAGS, 2);
    put(archive, 0, 2); // stored
    put_time(archive, entry->file.at);
}

static void head_of_local(struct archive *archive, const struct entry *entry)
{
    put(archive, LOCAL_MARK, 4);
    put_common(archive, entry);
    put(archive, 0, 4); // checksum and sizes: behind the contents
    put(archive, 0, 8);
    put(archive, strlen(entry->file.name), 2);
    put(archive, 0, 2); // no more fields
    put_name(archive, entry);
}

static void head_of_descriptor(struct archive *archive, const struct entry *entry)
{
    put(archive, DESCRIPTOR_MARK, 4);
    put(archive, entry->crc, 4);
    put(archive, entry->file.size, 4);
    put(archive, entry->file.size, 4);
}

static void head_of_central(struct archive *archive, const struct entry *entry)
{
    put(archive, CENTRAL_MARK, 4);
    put(archive, VERSION, 2);
    put_common(archive, entry);
    put(archive, entry->crc, 4);
    put(archive, entry->file.size, 4);
    put(archive, entry->file.size, 4);
    put(archive, strlen(entry->file.name), 2);
    put(archive, 0, 6); // no more fields, no comment, the first disk
    put(archive, 0, 6); // no attributes
    put(archive, entry->offset, 4);
    put_name(archive, entry);
}

static void head_of_end(struct archive *archive)
{
    put(archive, END_MARK, 4);
    put(archive, 0, 4); // one disk
    put(archive, archive->count, 2);
    put(archive, archive->count, 2);
    put(archive, archive->size - END_SIZE - archive->directory_at, 4);
    put(archive, archive->directory_at, 4);
    put(archive, 0, 2); // no comment
}

// ---- What comes next

static void fill_head(struct archive *archive)
{
    const struct entry *entry = &archive->entries[archive->file];
    archive->head_at = 0;
    archive->head_size = 0;
    switch (archive->phase) {
    case PHASE_LOCAL: head_of_local(archive, entry); break;
    case PHASE_DESCRIPTOR: head_of_descriptor(archive, entry); break;
    case PHASE_CENTRAL: head_of_central(archive, entry); break;
    case PHASE_END: head_of_end(archive); break;
    case PHASE_CONTENTS:
    case PHASE_OVER: break;
    }
}

static void go_on(struct archive *archive)
{
    bool last = archive->file + 1 >= archive->count;
    switch (archive->phase) {
    case PHASE_LOCAL:
        archive->at = 0;
        archive->phase = archive->entries[archive->file].file.size > 0 ? PHASE_CONTENTS
                                                                       : PHASE_DESCRIPTOR;
        break;
    case PHASE_CONTENTS: archive->phase = PHASE_DESCRIPTOR; break;
    case PHASE_DESCRIPTOR:
        archive->phase = last ? PHASE_CENTRAL : PHASE_LOCAL;
        archive->file = last ? 0 : archive->file + 1;
        break;
    case PHASE_CENTRAL:
        archive->phase = last ? PHASE_END : PHASE_CENTRAL;
        archive->file = last ? 0 : archive->file + 1;
        break;
    case PHASE_END: archive->phase = PHASE_OVER; break;
    case PHASE_OVER: break;
    }
    archive->head_size = 0;
}

static int64_t read_contents(struct archive *archive, const struct archive_source *source, char *to,
                             size_t size)
{
    struct entry *entry = &archive->entries[archive->file];
    uint64_t left = entry->file.size - archive->at;
    size_t max = left < size ? (size_t)left : size;
    int64_t got = source->read(source->context, archive->file, archive->at, to, max);
    if (got <= 0 || (uint64_t)got > max) {
        return -1;
    }
    entry->crc = (uint32_t)crc32(entry->crc, (const unsigned char *)to, (unsigned)got);
    archive->at += (uint64_t)got;
    if (archive->at == entry->file.size) {
        go_on(archive);
    }
    return got;
}

static size_t read_head(struct archive *archive, char *to, size_t size)
{
    if (archive->head_size == 0) {
        fill_head(archive);
    }
    size_t left = archive->head_size - archive->head_at;
    size_t taken = left < size ? left : size;
    memcpy(to, archive->head + archive->head_at, taken);
    archive->head_at += taken;
    if (archive->head_at == archive->head_size) {
        go_on(archive);
    }
    return taken;
}

int64_t archive_read(struct archive *archive, const struct archive_source *source, char *to,
                     size_t size)
{
    size_t written = 0;
    while (archive->phase != PHASE_OVER && written < size) {
        if (archive->phase != PHASE_CONTENTS) {
            written += read_head(archive, to + written, size - written);
            continue;
        }
        int64_t got = read_contents(archive, source, to + written, size - written);
        if (got < 0) {
            return -1;
        }
        written += (size_t)got;
    }
    return (int64_t)written;
}
