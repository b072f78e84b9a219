#include "backup/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sodium.h>

#include "backup/container.h"
#include "base/text.h"
#include "base/version.h"
#include "store/store.h"

#define COPY_FILE "backup-copy.db" // also the lock: one backup at a time
#define KEY_FILE  "report-key.pem"

struct making {
    const struct backup_wish *wish;
    struct backup_made *made;
    struct signer *signer;         // owned
    int files[MANIFEST_FILES_MAX]; // owned; in the manifest's order
    char part[PATH_MAX];           // the file until it is whole
};

__attribute__((format(printf, 3, 4))) static enum err fail(struct making *making, enum err err,
                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)!vsnprintf(making->made->words, sizeof(making->made->words), format, arguments);
    va_end(arguments);
    return err;
}

static bool hash_file(int fd, uint64_t size, char ret_sha256[MANIFEST_SHA256_SIZE])
{
    static uint8_t piece[65536];
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    for (uint64_t done = 0; done < size;) {
        size_t wanted = size - done < sizeof(piece) ? (size_t)(size - done) : sizeof(piece);
        ssize_t got = pread(fd, piece, wanted, (off_t)done);
        if (got <= 0) {
            return false;
        }
        crypto_hash_sha256_update(&state, piece, (size_t)got);
        done += (uint64_t)got;
    }
    crypto_hash_sha256_final(&state, hash);
    text_hex(ret_sha256, hash, sizeof(hash));
    return true;
}

// Takes the descriptor. What is written to the file from now on is not in the backup.
static enum err take_file(struct making *making, const struct manifest_place *place, int fd)
{
    struct manifest *manifest = &making->made->manifest;
    struct manifest_file *file = &manifest->files[manifest->file_count];
    struct stat status;
    making->files[manifest->file_count++] = fd;
    text_copy_cut(file->name, sizeof(file->name), place->name);
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_size > place->size_max) {
        return fail(making, ERR_IO, "%s is no file, or far too large", place->name);
    }
    file->size = (uint64_t)status.st_size;
    return hash_file(fd, file->size, file->sha256)
               ? ERR_NONE
               : fail(making, ERR_IO, "%s cannot be read", place->name);
}

// A copy that is as large as the database must not fill the disk on which meetings are written.
static enum err look_for_room(struct making *making)
{
    struct stat file;
    struct stat log;
    struct statvfs space;
    if (stat(STORE_FILE_NAME, &file) != 0 || statvfs(".", &space) != 0) {
        return fail(making, ERR_NOT_FOUND, "there is no database here: %s", strerror(errno));
    }
    uint64_t needed = (uint64_t)file.st_size + making->wish->spare_bytes;
    needed += stat(STORE_FILE_NAME "-wal", &log) == 0 ? (uint64_t)log.st_size : 0;
    uint64_t room = (uint64_t)space.f_bavail * space.f_frsize;
    return room >= needed
               ? ERR_NONE
               : fail(making, ERR_STORAGE,
                      "the data folder's disk has %llu MiB free, and a copy of the "
                      "database beside store.low_mib needs %llu",
                      (unsigned long long)(room >> 20), (unsigned long long)(needed >> 20));
}

// The copy's file, empty and locked: until it is closed no other backup is made.
static int open_copy(void)
{
    struct stat named;
    struct stat opened;
    int fd = open(COPY_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &opened) == 0 &&
        stat(COPY_FILE, &named) == 0 && named.st_ino == opened.st_ino && ftruncate(fd, 0) == 0) {
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static enum err take_database(struct making *making, const struct manifest_place *place)
{
    enum err err = look_for_room(making);
    if (err != ERR_NONE) {
        return err;
    }
    int fd = open_copy();
    if (fd < 0) {
        return fail(making, ERR_CONFLICT,
                    COPY_FILE
                    " cannot be made: another backup is being made, or the folder cannot "
                    "be written");
    }
    err = store_copy(STORE_FILE_NAME, COPY_FILE);
    (void)unlink(COPY_FILE);
    if (err != ERR_NONE) {
        char newer[STORE_NEWER_WORDS_MAX + 1];
        close(fd);
        return fail(making, err, "%s",
                    store_is_newer(STORE_FILE_NAME, newer) ? newer
                    : err == ERR_UNSUPPORTED
                        ? "another version of the server wrote the database: use its own program"
                        : "the database cannot be copied: is it damaged, or the disk full?");
    }
    return take_file(making, place, fd);
}

static enum err take_place(struct making *making, const struct manifest_place *place)
{
    if (text_equal(place->name, STORE_FILE_NAME)) {
        return take_database(making, place);
    }
    int fd = open(place->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        return take_file(making, place, fd);
    }
    return errno == ENOENT && !place->needed
               ? ERR_NONE
               : fail(making, ERR_IO, "%s cannot be read", place->name);
}

static enum err gather(struct making *making)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; err == ERR_NONE && manifest_place(i) != NULL; i++) {
        err = take_place(making, manifest_place(i));
    }
    return err;
}

static enum err put_files(struct making *making, struct container_writer *writer)
{
    struct manifest *manifest = &making->made->manifest;
    char *text = NULL;
    enum err err = manifest_write(manifest, making->signer, &text);
    if (err == ERR_NONE) {
        err = container_add_bytes(writer, MANIFEST_NAME, manifest->at, text, strlen(text));
    }
    free(text);
    for (uint32_t i = 0; err == ERR_NONE && i < manifest->file_count; i++) {
        err = container_add(writer, manifest->files[i].name, manifest->at, manifest->files[i].size,
                            making->files[i]);
    }
    return err;
}

static enum err put_container(struct making *making, FILE *to)
{
    struct container_writer *writer = NULL;
    enum err err = container_writer_create(to, making->wish->passphrase, &writer);
    if (err == ERR_NONE) {
        err = put_files(making, writer);
    }
    if (err == ERR_NONE) {
        err = container_finish(writer);
    }
    container_writer_destroy(writer);
    if (err == ERR_NONE) {
        making->made->bytes = (uint64_t)ftello(to);
        err = fsync(fileno(to)) == 0 ? ERR_NONE : ERR_IO;
    }
    return err;
}

static enum err sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    text_copy_cut(folder, sizeof(folder), path);
    int fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return synced ? ERR_NONE : ERR_IO;
}

// Unlike rename(), link() never replaces.
static enum err give_name(struct making *making)
{
    const char *path = making->wish->path;
    if (link(making->part, path) != 0) {
        return fail(making, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%s: %s", path,
                    strerror(errno));
    }
    return sync_folder_of(path);
}

static enum err write_out(struct making *making)
{
    int fd = open(making->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (to == NULL) {
        return fail(making, ERR_IO, "%s: %s", making->part, strerror(errno));
    }
    enum err err = put_container(making, to);
    int error = errno;
    err = fclose(to) == 0 || err != ERR_NONE ? err : ERR_IO;
    if (err != ERR_NONE) {
        (void)fail(making, err, "%s: %s", making->part,
                   err == ERR_FULL ? "there is not enough memory" : strerror(error));
    } else {
        err = give_name(making);
    }
    (void)unlink(making->part);
    return err;
}

static enum err prepare(struct making *making)
{
    struct text_builder part = text_builder(making->part, sizeof(making->part));
    text_append_format(&part, "%s.part", making->wish->path);
    if (part.failed || sodium_init() < 0) {
        return fail(making, ERR_TOO_LARGE, "the file's name is too long");
    }
    if (access(making->wish->path, F_OK) == 0) {
        return fail(making, ERR_CONFLICT, "%s is there already: a backup replaces nothing",
                    making->wish->path);
    }
    if (access(STORE_FILE_NAME, F_OK) != 0 || access(KEY_FILE, F_OK) != 0) {
        return fail(making, ERR_NOT_FOUND,
                    "there is no database with its key here: has the server ever been started?");
    }
    return signer_open(KEY_FILE, &making->signer) == ERR_NONE
               ? ERR_NONE
               : fail(making, ERR_IO, KEY_FILE " cannot be read");
}

enum err backup_make(const struct backup_wish *wish, struct backup_made *ret_made)
{
    struct making making = {.wish = wish, .made = ret_made};
    *ret_made = (struct backup_made){
        .manifest = {.at = time_wall_ms(), .database = store_version()}};
    text_copy_cut(ret_made->manifest.made_by, sizeof(ret_made->manifest.made_by), version_text());
    enum err err = prepare(&making);
    if (err == ERR_NONE) {
        err = gather(&making);
    }
    if (err == ERR_NONE) {
        err = write_out(&making);
    }
    for (uint32_t i = 0; i < ret_made->manifest.file_count; i++) {
        close(making.files[i]);
    }
    signer_destroy(making.signer);
    return err;
}
