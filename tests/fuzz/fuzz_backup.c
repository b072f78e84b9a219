// A file that is said to be a backup. First byte 'm': the manifest's text; else the file itself,
// which is read as restoring does, but for the passphrase: what making its key costs is bounded by
// unit tests, and not for a fuzzer's patience.
#include <stdio.h>

#include "backup/container.h"
#include "backup/manifest.h"
#include "fuzz.h"

static void read_manifest(const uint8_t *data, size_t size)
{
    struct manifest manifest;
    if (manifest_read((const char *)data, size, &manifest) == ERR_NONE) {
        ASSERT(manifest.file_count >= 2 && manifest.file_count <= MANIFEST_FILES_MAX);
        ASSERT(manifest_bytes(&manifest) < 1ull << 45);
    }
}

static void read_all(struct container_reader *reader)
{
    static uint8_t bytes[65536];
    uint64_t size = 0;
    uint64_t done = 0;
    size_t got = 1;
    if (container_next(reader, MANIFEST_NAME, &size) != ERR_NONE) {
        return;
    }
    while (got > 0 && done < 1u << 22 &&
           container_read(reader, bytes, sizeof(bytes), &got) == ERR_NONE) {
        ASSERT(got <= sizeof(bytes));
        done += got;
    }
    if (got == 0) {
        ASSERT(done <= size);
    }
    (void)!container_next(reader, "plenary.db", &size);
    (void)!container_end(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct container_reader *reader = NULL;
    if (size > 0 && data[0] == 'm') {
        read_manifest(data + 1, size - 1);
        return 0;
    }
    FILE *from = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (from == NULL) {
        return 0;
    }
    if (container_reader_create(from, NULL, &reader) == ERR_NONE) {
        read_all(reader);
    }
    container_reader_destroy(reader);
    fclose(from);
    return 0;
}
