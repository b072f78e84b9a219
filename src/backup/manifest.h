// What is in a backup: the names, sizes and hashes of its files, signed with the report's key
// (document/signer.h). A JSON object in canonical form (RFC 8785: keys sorted, no spaces):
//   {"at":MS,"database":N,"files":[{"name":TEXT,"sha256":HEX,"size":N},…],"form":1,"key":HEX,
//    "made_by":TEXT,"public_key":PEM,"signature":BASE64}
// `signature` is Ed25519 over the same object without `signature`, `key` is signer_id() of
// `public_key`. Whether that key is the one that was meant is the reader's to ask. Pure: any
// thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "document/signer.h"

#define MANIFEST_NAME         "manifest.json"
#define MANIFEST_MAX          16384 // bytes of the text
#define MANIFEST_FILES_MAX    8
#define MANIFEST_FILE_NAME    32
#define MANIFEST_SHA256_SIZE  65
#define MANIFEST_MADE_BY_SIZE 32
#define MANIFEST_FORM         1

struct manifest_file {
    char name[MANIFEST_FILE_NAME];
    uint64_t size;
    char sha256[MANIFEST_SHA256_SIZE]; // hexadecimal, small letters
};

struct manifest {
    time_ms at;       // the backup has everything that was acknowledged before
    int64_t database; // the version of its tables
    char made_by[MANIFEST_MADE_BY_SIZE];
    char key[SIGNER_ID_SIZE];
    uint32_t file_count; // in the order in which they come
    struct manifest_file files[MANIFEST_FILES_MAX];
};

// A file that a backup may have, and whether it must. NULL beyond the last.
struct manifest_place {
    const char *name;
    bool needed;
    uint64_t size_max;
};
const struct manifest_place *manifest_place(uint32_t index);

// Signs (`key` is filled in) and writes. The text is malloc's.
enum err CHECKED manifest_write(struct manifest *manifest, const struct signer *signer,
                                char **ret_text);
// ERR_MALFORMED for what is none, or names what a backup does not have, or not what it must;
// ERR_UNSUPPORTED for a later form; ERR_AUTHENTICATION when it was changed.
enum err CHECKED manifest_read(const char *text, size_t size, struct manifest *ret_manifest);
// Bytes of all files together.
uint64_t manifest_bytes(const struct manifest *manifest);
