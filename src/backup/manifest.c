#include "backup/manifest.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "document/signed_json.h"

#define SMALL (1ull << 20)
#define LARGE (1ull << 42)

// The heads come before the database: all of them are of events that it has.
static const struct manifest_place places[] = {
    {"report-key.pem", true, SMALL}, {"tls-certificate.pem", false, SMALL},
    {"tls-key.pem", false, SMALL},   {"account-key", false, SMALL},
    {"anchors.jsonl", false, LARGE}, {"plenary.db", true, LARGE},
};

const struct manifest_place *manifest_place(uint32_t index)
{
    return index < sizeof(places) / sizeof(places[0]) ? &places[index] : NULL;
}

static json_t *pack(const struct manifest *manifest, const struct signer *signer)
{
    json_t *files = json_array();
    for (uint32_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];
        (void)json_array_append_new(files,
                                    json_pack("{s:s, s:s, s:I}", "name", file->name, "sha256",
                                              file->sha256, "size", (json_int_t)file->size));
    }
    return json_pack("{s:I, s:I, s:o, s:i, s:s, s:s, s:s}", "at", (json_int_t)manifest->at,
                     "database", (json_int_t)manifest->database, "files", files, "form",
                     MANIFEST_FORM, "key", manifest->key, "made_by", manifest->made_by,
                     "public_key", signer_public_pem(signer));
}

enum err manifest_write(struct manifest *manifest, const struct signer *signer, char **ret_text)
{
    text_copy_cut(manifest->key, sizeof(manifest->key), signer_id(signer));
    return signed_json_write(pack(manifest, signer), signer, ret_text);
}

static bool take_number(const json_t *object, const char *key, uint64_t most, int64_t *ret_value)
{
    const json_t *value = json_object_get(object, key);
    *ret_value = json_integer_value(value);
    return json_is_integer(value) && *ret_value >= 0 && (uint64_t)*ret_value <= most;
}

// Files come in the order of their places, each at most once: so the one after `*place`.
static bool take_file(const json_t *object, struct manifest_file *file, uint32_t *place)
{
    uint8_t hash[(MANIFEST_SHA256_SIZE - 1) / 2];
    int64_t size = 0;
    if (!signed_json_text(object, "name", file->name, sizeof(file->name)) ||
        !signed_json_text(object, "sha256", file->sha256, sizeof(file->sha256)) ||
        text_unhex(hash, sizeof(hash), file->sha256) != ERR_NONE) {
        return false;
    }
    text_hex(file->sha256, hash, sizeof(hash)); // small letters
    for (; manifest_place(*place) != NULL; ++*place) {
        const struct manifest_place *at = manifest_place(*place);
        if (text_equal(at->name, file->name)) {
            ++*place;
            bool taken = take_number(object, "size", at->size_max, &size);
            file->size = (uint64_t)size;
            return taken;
        }
        if (at->needed) {
            return false;
        }
    }
    return false;
}

static bool take_files(const json_t *files, struct manifest *manifest)
{
    uint32_t place = 0;
    if (!json_is_array(files) || json_array_size(files) > MANIFEST_FILES_MAX) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(files); i++) {
        if (!take_file(json_array_get(files, i), &manifest->files[manifest->file_count++],
                       &place)) {
            return false;
        }
    }
    while (manifest_place(place) != NULL && !manifest_place(place)->needed) {
        place++;
    }
    return manifest_place(place) == NULL;
}

static enum err take(const json_t *object, struct manifest *manifest)
{
    int64_t form = 0;
    if (!take_number(object, "form", INT32_MAX, &form) || form == 0) {
        return ERR_MALFORMED;
    }
    if (form > MANIFEST_FORM) {
        return ERR_UNSUPPORTED;
    }
    return take_number(object, "at", INT64_MAX, &manifest->at) &&
                   take_number(object, "database", INT32_MAX, &manifest->database) &&
                   signed_json_text(object, "made_by", manifest->made_by,
                                    sizeof(manifest->made_by)) &&
                   signed_json_text(object, "key", manifest->key, sizeof(manifest->key)) &&
                   take_files(json_object_get(object, "files"), manifest)
               ? ERR_NONE
               : ERR_MALFORMED;
}

// By the key that is in it: that it is whole, not whose it is.
static enum err check_signature(json_t *object, const struct manifest *manifest)
{
    char pem[SIGNER_PEM_SIZE];
    struct signer *signer = NULL;
    if (!signed_json_text(object, "public_key", pem, sizeof(pem)) ||
        signer_from_pem(pem, &signer) != ERR_NONE) {
        return ERR_AUTHENTICATION;
    }
    enum err err = text_equal(manifest->key, signer_id(signer)) ? signed_json_check(object, signer)
                                                                : ERR_AUTHENTICATION;
    signer_destroy(signer);
    return err;
}

enum err manifest_read(const char *text, size_t size, struct manifest *ret_manifest)
{
    *ret_manifest = (struct manifest){0};
    json_t *object = size <= MANIFEST_MAX ? json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL)
                                          : NULL;
    enum err err = json_is_object(object) ? take(object, ret_manifest) : ERR_MALFORMED;
    if (err == ERR_NONE) {
        err = check_signature(object, ret_manifest);
    }
    json_decref(object);
    return err;
}

uint64_t manifest_bytes(const struct manifest *manifest)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < manifest->file_count; i++) {
        bytes += manifest->files[i].size;
    }
    return bytes;
}
