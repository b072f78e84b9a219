#include "backup/restore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sodium.h>

#include "backup/container.h"
#include "base/text.h"
#include "store/store.h"

#define PIECE      65536
#define RATIO_MOST 1000 // Zstandard makes a database ten times smaller, not a thousand times
#define KEY_FILE   "report-key.pem"

__attribute__((format(printf, 3, 4))) static enum err fail(struct restore *restore, enum err err,
                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)!vsnprintf(restore->words, sizeof(restore->words), format, arguments);
    va_end(arguments);
    return err;
}

// What reading the file came to, in words.
static enum err say(struct restore *restore, enum err err)
{
    switch ((int)err) {
    case ERR_UNAUTHENTICATED:
        return fail(restore, err,
                    "it is sealed, and the passphrase does not open it, or it was changed");
    case ERR_AUTHENTICATION:
        return fail(restore, err, "it was changed, or is cut off, since it was made");
    case ERR_UNSUPPORTED: return fail(restore, err, "a newer server made it: use that one");
    case ERR_FULL: return fail(restore, err, "there is not enough memory");
    case ERR_IO: return fail(restore, err, "it cannot be read: %s", strerror(errno));
    default: return fail(restore, err, "it is no backup, or is cut off");
    }
}

static bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return errno == ENOENT;
    }
    uint32_t entries = 0;
    while (entries <= 2 && readdir(folder) != NULL) {
        entries++;
    }
    closedir(folder);
    return entries <= 2; // itself and the one above
}

static enum err read_manifest(struct restore *restore, struct container_reader *reader)
{
    char text[MANIFEST_MAX];
    uint64_t size = 0;
    size_t done = 0;
    size_t got = 1;
    enum err err = container_next(reader, MANIFEST_NAME, &size);
    if (err == ERR_NONE && size > sizeof(text)) {
        err = ERR_MALFORMED;
    }
    while (err == ERR_NONE && got > 0 && done < sizeof(text)) {
        err = container_read(reader, text + done, sizeof(text) - done, &got);
        done += got;
    }
    return err == ERR_NONE ? manifest_read(text, done, &restore->manifest) : err;
}

static enum err look_at_claims(const struct restore_wish *wish, struct restore *restore)
{
    char beside[PATH_MAX];
    struct statvfs space;
    struct stat file;
    uint64_t bytes = manifest_bytes(&restore->manifest);
    if (wish->signer != NULL && !text_equal(signer_id(wish->signer), restore->manifest.key)) {
        return fail(restore, ERR_AUTHENTICATION, "another key signed it: %s",
                    restore->manifest.key);
    }
    if (restore->manifest.database > store_version()) {
        return fail(restore, ERR_UNSUPPORTED,
                    "a newer server made it (%s, tables of version %lld; this one knows %lld): "
                    "restore it with that server",
                    restore->manifest.made_by, (long long)restore->manifest.database,
                    (long long)store_version());
    }
    if (fstat(fileno(wish->from), &file) != 0 || !S_ISREG(file.st_mode) ||
        bytes / RATIO_MOST > (uint64_t)file.st_size + PIECE) {
        return fail(restore, ERR_MALFORMED, "it claims to hold far more than it can");
    }
    text_copy_cut(beside, sizeof(beside), restore->folder);
    if (statvfs(dirname(beside), &space) != 0) {
        return fail(restore, ERR_IO, "%s: %s", beside, strerror(errno));
    }
    return (uint64_t)space.f_bavail * space.f_frsize >= bytes
               ? ERR_NONE
               : fail(restore, ERR_STORAGE, "there is no room: it needs %llu MiB",
                      (unsigned long long)(bytes >> 20) + 1);
}

static enum err make_folder(struct restore *restore)
{
    struct text_builder path = text_builder(restore->unpacked, sizeof(restore->unpacked));
    text_append_format(&path, "%s.restoring-XXXXXX", restore->folder);
    if (!path.failed && mkdtemp(restore->unpacked) != NULL) {
        return ERR_NONE;
    }
    restore->unpacked[0] = '\0';
    return fail(restore, ERR_IO, "%s cannot be made: %s", restore->folder,
                path.failed ? "the name is too long" : strerror(errno));
}

// Exactly as many bytes as the manifest says, with the hash that it says.
static enum err copy_file(const struct manifest_file *file, struct container_reader *reader, int to)
{
    static uint8_t piece[PIECE];
    uint8_t hash[crypto_hash_sha256_BYTES];
    char hex[MANIFEST_SHA256_SIZE];
    crypto_hash_sha256_state state;
    uint64_t left = file->size;
    size_t got = 1;
    crypto_hash_sha256_init(&state);
    while (got > 0) {
        enum err err = container_read(reader, piece, sizeof(piece), &got);
        if (err != ERR_NONE || got > left) {
            return err != ERR_NONE ? err : ERR_AUTHENTICATION;
        }
        left -= got;
        crypto_hash_sha256_update(&state, piece, got);
        if (write(to, piece, got) != (ssize_t)got) {
            return ERR_STORAGE;
        }
    }
    crypto_hash_sha256_final(&state, hash);
    text_hex(hex, hash, sizeof(hash));
    return left == 0 && text_equal(hex, file->sha256) ? ERR_NONE : ERR_AUTHENTICATION;
}

static enum err unpack_file(struct restore *restore, const struct manifest_file *file,
                            struct container_reader *reader, int folder)
{
    uint64_t size = 0;
    enum err err = container_next(reader, file->name, &size);
    if (err != ERR_NONE) {
        return say(restore, err);
    }
    if (size != file->size) {
        return say(restore, ERR_AUTHENTICATION);
    }
    int fd = openat(folder, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    err = fd >= 0 ? copy_file(file, reader, fd) : ERR_STORAGE;
    err = err == ERR_NONE && fsync(fd) != 0 ? ERR_STORAGE : err;
    if (fd >= 0) {
        close(fd);
    }
    return err == ERR_NONE ? ERR_NONE
           : err == ERR_STORAGE
               ? fail(restore, err, "%s cannot be written: %s", file->name, strerror(errno))
               : say(restore, err);
}

static enum err unpack_files(struct restore *restore, struct container_reader *reader)
{
    int folder = open(restore->unpacked, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err err = folder >= 0 ? ERR_NONE : ERR_IO;
    for (uint32_t i = 0; err == ERR_NONE && i < restore->manifest.file_count; i++) {
        err = unpack_file(restore, &restore->manifest.files[i], reader, folder);
    }
    if (err == ERR_NONE) {
        err = container_end(reader);
        err = err == ERR_NONE ? ERR_NONE : say(restore, err);
    }
    err = err == ERR_NONE && fsync(folder) != 0 ? ERR_IO : err;
    if (folder >= 0) {
        close(folder);
    }
    return err;
}

// The key that signed it is the key that is in it: with another the server would contradict itself.
static enum err check_key(struct restore *restore)
{
    char path[PATH_MAX + sizeof(KEY_FILE) + 1];
    struct signer *signer = NULL;
    snprintf(path, sizeof(path), "%s/" KEY_FILE, restore->unpacked);
    enum err err = signer_open(path, &signer);
    bool same = err == ERR_NONE && text_equal(signer_id(signer), restore->manifest.key);
    signer_destroy(signer);
    return same ? ERR_NONE
                : fail(restore, ERR_AUTHENTICATION, "the key in it is not the one that signed it");
}

static enum err unpack(const struct restore_wish *wish, struct restore *restore,
                       struct container_reader *reader)
{
    enum err err = read_manifest(restore, reader);
    if (err != ERR_NONE) {
        return say(restore, err);
    }
    err = look_at_claims(wish, restore);
    if (err == ERR_NONE) {
        err = make_folder(restore);
    }
    if (err == ERR_NONE) {
        err = unpack_files(restore, reader);
    }
    return err == ERR_NONE ? check_key(restore) : err;
}

enum err restore_unpack(const struct restore_wish *wish, struct restore *ret_restore)
{
    struct container_reader *reader = NULL;
    *ret_restore = (struct restore){0};
    if (text_copy(ret_restore->folder, sizeof(ret_restore->folder), wish->folder) != ERR_NONE ||
        sodium_init() < 0) {
        return fail(ret_restore, ERR_TOO_LARGE, "the folder's name is too long");
    }
    if (!folder_is_empty(wish->folder)) {
        return fail(ret_restore, ERR_CONFLICT,
                    "%s is not an empty folder: a restored one takes nothing's place",
                    wish->folder);
    }
    enum err err = container_reader_create(wish->from, wish->passphrase, &reader);
    err = err == ERR_NONE ? unpack(wish, ret_restore, reader) : say(ret_restore, err);
    container_reader_destroy(reader);
    if (err != ERR_NONE) {
        restore_drop(ret_restore);
    }
    return err;
}

// An empty folder gives way; one that is not does not.
enum err restore_keep(struct restore *restore)
{
    char beside[PATH_MAX];
    if (rename(restore->unpacked, restore->folder) != 0) {
        return fail(restore, ERR_IO, "%s: %s%s", restore->folder, strerror(errno),
                    errno == EBUSY || errno == EXDEV
                        ? " (where another disk is mounted, name a folder within it)"
                        : "");
    }
    restore->unpacked[0] = '\0';
    text_copy_cut(beside, sizeof(beside), restore->folder);
    int fd = open(dirname(beside), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return synced ? ERR_NONE : fail(restore, ERR_IO, "%s: %s", beside, strerror(errno));
}

void restore_drop(struct restore *restore)
{
    DIR *folder = restore->unpacked[0] != '\0' ? opendir(restore->unpacked) : NULL;
    if (folder == NULL) {
        return;
    }
    // Our own folder, flat.
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    (void)rmdir(restore->unpacked);
    restore->unpacked[0] = '\0';
}
