// Compressed messages of clients: whatever comes, no more than the limit is written, and what can
// be read can be packed and read again.
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http/message_deflate.h"

#define TEXT_MAX 65536

static struct message_deflate *deflating;

static void read_again(const char *text, size_t size)
{
    size_t packed_size = 0;
    const char *again = NULL;
    size_t again_size = 0;
    char *copy = malloc(size);
    ASSERT(copy != NULL);
    memcpy(copy, text, size);
    const uint8_t *packed = message_deflate_pack(deflating, 9 + (int)(size % 7), copy, size,
                                                 &packed_size);
    if (packed != NULL) {
        ASSERT(packed_size < size);
        ASSERT(message_deflate_unpack(deflating, packed, packed_size, TEXT_MAX, &again,
                                      &again_size) == ERR_NONE);
        ASSERT(again_size == size && memcmp(again, copy, size) == 0);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = NULL;
    size_t text_size = 0;
    if (deflating == NULL) {
        ASSERT(message_deflate_create(&deflating) == ERR_NONE);
    }
    enum err err = message_deflate_unpack(deflating, data, size, TEXT_MAX, &text, &text_size);
    ASSERT(err == ERR_NONE || err == ERR_MALFORMED || err == ERR_TOO_LARGE);
    if (err == ERR_NONE) {
        ASSERT(text_size <= TEXT_MAX);
        read_again(text, text_size);
    }
    return 0;
}
