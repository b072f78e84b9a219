#include "sheet/package.h"

#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "base/text.h"
#include "sheet/sheet.h"

// APPNOTE.TXT 6.3, sections 4.3.14 to 4.3.16.
#define END_MAGIC       "PK\x05\x06"
#define END_SIZE        22u
#define END_ENTRIES     10u
#define END_DIRECTORY   12u
#define LOCATOR_MAGIC   "PK\x06\x07"
#define LOCATOR_SIZE    20u
#define LOCATOR_END64   8u
#define END64_SIZE      56u
#define END64_ENTRIES   32u
#define END64_DIRECTORY 40u
#define ENDS_MAX        4
#define TAIL            (65536u + END_SIZE + LOCATOR_SIZE) // where the end is looked for

struct package {
    zip_t *archive; // owned
};

struct package_part {
    zip_file_t *file; // owned
    uint64_t left;    // bytes that are to come
};

// ---- What the archive's end says

static uint64_t load_little(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--) {
        value = value << 8 | bytes[i - 1];
    }
    return value;
}

static enum sheet_reason weigh_end(const uint8_t *bytes, const uint8_t *end)
{
    uint64_t entries = load_little(end + END_ENTRIES, 2);
    uint64_t directory = load_little(end + END_DIRECTORY, 4);
    size_t before = (size_t)(end - bytes);
    if (before >= LOCATOR_SIZE && memcmp(end - LOCATOR_SIZE, LOCATOR_MAGIC, 4) == 0) {
        uint64_t at = load_little(end - LOCATOR_SIZE + LOCATOR_END64, 8);
        if (before < END64_SIZE || at > before - END64_SIZE) {
            return SHEET_DAMAGED;
        }
        entries = load_little(bytes + at + END64_ENTRIES, 8);
        directory = load_little(bytes + at + END64_DIRECTORY, 8);
    }
    return entries > PACKAGE_PARTS_MAX || directory > PACKAGE_DIRECTORY_MAX ? SHEET_PARTS_MANY
                                                                            : SHEET_GOOD;
}

// Each end that is found there, for libzip reads a whole directory for each: an archive within the
// archive has one too.
static enum sheet_reason weigh_ends(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes + (size > TAIL ? size - TAIL : 0);
    const uint8_t *last = bytes + size;
    enum sheet_reason reason = SHEET_GOOD;
    unsigned count = 0;
    while (reason == SHEET_GOOD && (at = memmem(at, (size_t)(last - at), END_MAGIC, 4)) != NULL) {
        if ((size_t)(last - at) < END_SIZE || ++count > ENDS_MAX) {
            return SHEET_DAMAGED;
        }
        reason = weigh_end(bytes, at);
        at += 4;
    }
    return count == 0 ? SHEET_DAMAGED : reason;
}

// ---- What its directory says

static enum sheet_reason weigh_part(const zip_stat_t *part)
{
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
                                ZIP_STAT_ENCRYPTION_METHOD;
    if ((part->valid & needed) != needed) {
        return SHEET_DAMAGED;
    }
    if (part->encryption_method != ZIP_EM_NONE) {
        return SHEET_LOCKED;
    }
    // Those that Office writes and reads; others pack tighter than the ratio can be trusted with.
    if (part->comp_method != ZIP_CM_STORE && part->comp_method != ZIP_CM_DEFLATE) {
        return SHEET_NO_XLSX;
    }
    if (part->size > PACKAGE_UNPACKED_MAX) {
        return SHEET_PARTS_LARGE;
    }
    return part->size > PACKAGE_RATIO_MAX * part->comp_size ? SHEET_PACKED_TIGHT : SHEET_GOOD;
}

static enum sheet_reason weigh_parts(zip_t *archive)
{
    zip_int64_t count = zip_get_num_entries(archive, 0);
    uint64_t all = 0;
    if (count > PACKAGE_PARTS_MAX) {
        return SHEET_PARTS_MANY;
    }
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t part;
        zip_stat_init(&part);
        enum sheet_reason reason = zip_stat_index(archive, (zip_uint64_t)i, 0, &part) == 0
                                       ? weigh_part(&part)
                                       : SHEET_DAMAGED;
        if (reason != SHEET_GOOD) {
            return reason;
        }
        all += part.size;
        if (all > PACKAGE_UNPACKED_MAX) {
            return SHEET_PARTS_LARGE;
        }
    }
    return SHEET_GOOD;
}

// ---- The archive

static enum err refuse(struct sheet_refusal *refusal, enum sheet_reason reason)
{
    return sheet_refuse(refusal, reason, 0, 0);
}

// Of libzip's own errors.
static enum err open_archive(const void *bytes, size_t size, zip_t **ret_archive, zip_error_t *why)
{
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, why);
    if (source == NULL) {
        return ERR_FULL;
    }
    *ret_archive = zip_open_from_source(source, ZIP_RDONLY, why);
    if (*ret_archive == NULL) {
        zip_source_free(source);
        return zip_error_code_zip(why) == ZIP_ER_MEMORY ? ERR_FULL : ERR_INVALID;
    }
    return ERR_NONE;
}

enum err package_open(const void *bytes, size_t size, struct package **ret_package,
                      struct sheet_refusal *ret_refusal)
{
    *ret_package = NULL;
    enum sheet_reason reason = size > SHEET_FILE_MAX ? SHEET_FILE_LARGE : weigh_ends(bytes, size);
    if (reason != SHEET_GOOD) {
        return refuse(ret_refusal, reason);
    }
    struct package *package = calloc(1, sizeof(*package));
    if (package == NULL) {
        return ERR_FULL;
    }
    zip_error_t why;
    zip_error_init(&why);
    enum err err = open_archive(bytes, size, &package->archive, &why);
    zip_error_fini(&why);
    if (err == ERR_INVALID) {
        err = refuse(ret_refusal, SHEET_DAMAGED);
    } else if (err == ERR_NONE) {
        reason = weigh_parts(package->archive);
        err = reason != SHEET_GOOD ? refuse(ret_refusal, reason) : ERR_NONE;
    }
    if (err != ERR_NONE) {
        package_close(package);
        return err;
    }
    *ret_package = package;
    return ERR_NONE;
}

void package_close(struct package *package)
{
    if (package != NULL) {
        if (package->archive != NULL) {
            zip_discard(package->archive);
        }
        free(package);
    }
}

// ---- Its parts

enum err package_part_open(struct package *package, const char *name,
                           struct package_part **ret_part, struct sheet_refusal *ret_refusal)
{
    zip_stat_t about;
    zip_stat_init(&about);
    zip_int64_t index = zip_name_locate(package->archive, name, ZIP_FL_NOCASE);
    if (index < 0) {
        return ERR_NOT_FOUND;
    }
    struct package_part *part = calloc(1, sizeof(*part));
    if (part == NULL) {
        return ERR_FULL;
    }
    if (zip_stat_index(package->archive, (zip_uint64_t)index, 0, &about) == 0) {
        part->file = zip_fopen_index(package->archive, (zip_uint64_t)index, 0);
    }
    if (part->file == NULL) {
        free(part);
        return refuse(ret_refusal, SHEET_DAMAGED);
    }
    part->left = about.size;
    *ret_part = part;
    return ERR_NONE;
}

// At the end one byte more is asked for: then libzip has compared the checksum, and a part that
// goes on longer than was said is found.
enum err package_part_read(struct package_part *part, void *to, size_t size, size_t *ret_size,
                           struct sheet_refusal *ret_refusal)
{
    *ret_size = 0;
    uint8_t beyond = 0;
    bool ends = part->left == 0;
    size_t wanted = size < part->left ? size : (size_t)part->left;
    zip_int64_t got = zip_fread(part->file, ends ? &beyond : to, ends ? 1 : wanted);
    if (got < 0 || (got == 0) != ends) {
        return refuse(ret_refusal, SHEET_DAMAGED);
    }
    *ret_size = (size_t)got;
    part->left -= (uint64_t)got;
    return ERR_NONE;
}

void package_part_close(struct package_part *part)
{
    if (part != NULL) {
        zip_fclose(part->file);
        free(part);
    }
}

// ---- Names

// Drops the last step. False: there is none.
static bool step_up(struct text_builder *name)
{
    if (name->length == 0) {
        return false;
    }
    char *slash = strrchr(name->data, '/');
    name->length = slash != NULL ? (size_t)(slash - name->data) : 0;
    name->data[name->length] = '\0';
    return true;
}

bool package_resolve(const char *base, const char *target, char to[PACKAGE_NAME_SIZE])
{
    struct text_builder name = text_builder(to, PACKAGE_NAME_SIZE);
    if (target[0] != '/') {
        text_append(&name, base);
        (void)step_up(&name);
    }
    while (target[0] != '\0' && !name.failed) {
        size_t length = strcspn(target, "/");
        bool here = length == 0 || (length == 1 && target[0] == '.');
        if (length == 2 && strncmp(target, "..", 2) == 0) {
            if (!step_up(&name)) {
                return false;
            }
        } else if (!here) {
            text_append(&name, name.length > 0 ? "/" : "");
            text_append_n(&name, target, length);
        }
        target += length + (target[length] == '/' ? 1 : 0);
    }
    return !name.failed && name.length > 0;
}
