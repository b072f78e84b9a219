#define ZLIB_CONST // zlib does not write to what it reads
#include "http/message_deflate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/assert.h"
#include "http/websocket_extension.h"

#define LEVEL        6
#define MEMORY_LEVEL 8
#define TAIL_SIZE    4 // of the empty block that ends a flush; not sent (7.2.1)
// As many different messages may be on their way to many: those told to each capacity in one turn.
#define KEPT_MAX 8

static const uint8_t tail[TAIL_SIZE] = {0x00, 0x00, 0xff, 0xff};

struct kept {
    int window; // 0: none is kept
    char *text; // owned
    size_t text_size;
    uint8_t *packed; // owned; NULL: it is no smaller
    size_t packed_size;
};

struct message_deflate {
    z_stream *packers[WEBSOCKET_WINDOW_MAX + 1]; // owned; by window, made when first needed
    z_stream unpacker;
    char *unpacked; // owned
    size_t unpacked_room;
    struct kept kept[KEPT_MAX];
    uint32_t oldest;
    struct message_deflate_figures figures;
};

enum err message_deflate_create(struct message_deflate **ret_deflate)
{
    struct message_deflate *deflate = calloc(1, sizeof(*deflate));
    if (deflate == NULL) {
        return ERR_FULL;
    }
    // Negative: without a header (7.2.2).
    if (inflateInit2(&deflate->unpacker, -WEBSOCKET_WINDOW_MAX) != Z_OK) {
        free(deflate);
        return ERR_FULL;
    }
    *ret_deflate = deflate;
    return ERR_NONE;
}

static void forget(struct kept *kept)
{
    free(kept->text);
    free(kept->packed);
    *kept = (struct kept){0};
}

void message_deflate_destroy(struct message_deflate *deflate)
{
    if (deflate == NULL) {
        return;
    }
    for (int window = 0; window <= WEBSOCKET_WINDOW_MAX; window++) {
        if (deflate->packers[window] != NULL) {
            (void)deflateEnd(deflate->packers[window]);
            free(deflate->packers[window]);
        }
    }
    for (int i = 0; i < KEPT_MAX; i++) {
        forget(&deflate->kept[i]);
    }
    (void)inflateEnd(&deflate->unpacker);
    free(deflate->unpacked);
    free(deflate);
}

// ---- Sending ----

static z_stream *packer_of(struct message_deflate *deflate, int window)
{
    z_stream *packer = deflate->packers[window];
    if (packer != NULL) {
        return deflateReset(packer) == Z_OK ? packer : NULL;
    }
    packer = calloc(1, sizeof(*packer));
    if (packer == NULL || deflateInit2(packer, LEVEL, Z_DEFLATED, -window, MEMORY_LEVEL,
                                       Z_DEFAULT_STRATEGY) != Z_OK) {
        free(packer);
        return NULL;
    }
    deflate->packers[window] = packer;
    return packer;
}

// Into kept->packed, unless it would be no smaller; false when memory is short.
static bool pack(z_stream *packer, struct kept *kept)
{
    uint8_t *packed = malloc(kept->text_size);
    if (packed == NULL) {
        return false;
    }
    packer->next_in = (const Bytef *)kept->text;
    packer->avail_in = (uInt)kept->text_size;
    packer->next_out = packed;
    packer->avail_out = (uInt)kept->text_size;
    int result = deflate(packer, Z_SYNC_FLUSH);
    // No room is left over only when there was none for all of it.
    bool smaller = result == Z_OK && packer->avail_in == 0 && packer->avail_out > 0;
    size_t size = kept->text_size - packer->avail_out;
    if (!smaller) {
        free(packed);
        return true;
    }
    ASSERT(size > TAIL_SIZE && memcmp(packed + size - TAIL_SIZE, tail, TAIL_SIZE) == 0);
    kept->packed = packed;
    kept->packed_size = size - TAIL_SIZE;
    return true;
}

static struct kept *find_kept(struct message_deflate *deflate, int window, const char *text,
                              size_t size)
{
    for (int i = 0; i < KEPT_MAX; i++) {
        struct kept *kept = &deflate->kept[i];
        if (kept->window == window && kept->text_size == size &&
            memcmp(kept->text, text, size) == 0) {
            return kept;
        }
    }
    return NULL;
}

// In place of the one that is kept for longest; NULL when memory is short.
static struct kept *keep_packed(struct message_deflate *deflate, int window, const char *text,
                                size_t size)
{
    struct kept *kept = &deflate->kept[deflate->oldest];
    z_stream *packer = packer_of(deflate, window);
    forget(kept);
    kept->text = malloc(size);
    if (kept->text == NULL || packer == NULL) {
        forget(kept);
        return NULL;
    }
    memcpy(kept->text, text, size);
    kept->text_size = size;
    if (!pack(packer, kept)) {
        forget(kept);
        return NULL;
    }
    kept->window = window;
    deflate->oldest = (deflate->oldest + 1) % KEPT_MAX;
    return kept;
}

const uint8_t *message_deflate_pack(struct message_deflate *deflate, int window, const char *text,
                                    size_t size, size_t *ret_size)
{
    ASSERT(window >= WEBSOCKET_WINDOW_MIN && window <= WEBSOCKET_WINDOW_MAX);
    if (size < MESSAGE_DEFLATE_MIN || size > UINT32_MAX) {
        return NULL;
    }
    struct kept *kept = find_kept(deflate, window, text, size);
    deflate->figures.packed_again += kept != NULL;
    if (kept == NULL) {
        kept = keep_packed(deflate, window, text, size);
        deflate->figures.packed += kept != NULL;
    }
    if (kept == NULL || kept->packed == NULL) {
        return NULL;
    }
    *ret_size = kept->packed_size;
    return kept->packed;
}

// ---- Receiving ----

// Room for the longest text and one byte more, by which a longer one is known.
static bool need_room(struct message_deflate *deflate, size_t room)
{
    if (deflate->unpacked_room < room) {
        char *unpacked = realloc(deflate->unpacked, room);
        if (unpacked == NULL) {
            return false;
        }
        deflate->unpacked = unpacked;
        deflate->unpacked_room = room;
    }
    return true;
}

// One part of what is to be read; false when it is no stream of deflate's.
static bool unpack(z_stream *unpacker, const uint8_t *data, size_t size)
{
    unpacker->next_in = data;
    unpacker->avail_in = (uInt)size;
    while (unpacker->avail_in > 0 && unpacker->avail_out > 0) {
        int result = inflate(unpacker, Z_SYNC_FLUSH);
        if (result == Z_STREAM_END) {
            // A sender may end a block as the last; what follows is another stream (7.2.3.5).
            result = inflateReset(unpacker);
        }
        if (result != Z_OK) {
            return false;
        }
    }
    return true;
}

enum err message_deflate_unpack(struct message_deflate *deflate, const uint8_t *data, size_t size,
                                size_t max, const char **ret_text, size_t *ret_size)
{
    ASSERT(max < UINT32_MAX && size < UINT32_MAX);
    z_stream *unpacker = &deflate->unpacker;
    if (!need_room(deflate, max + 1) || inflateReset(unpacker) != Z_OK) {
        return ERR_FULL;
    }
    unpacker->next_out = (Bytef *)deflate->unpacked;
    unpacker->avail_out = (uInt)max + 1;
    if (!unpack(unpacker, data, size) || !unpack(unpacker, tail, TAIL_SIZE)) {
        return ERR_MALFORMED;
    }
    bool fits = unpacker->avail_out > 0;
    *ret_text = deflate->unpacked;
    *ret_size = fits ? max + 1 - unpacker->avail_out : max;
    return fits ? ERR_NONE : ERR_TOO_LARGE;
}

const struct message_deflate_figures *message_deflate_figures(const struct message_deflate *deflate)
{
    return &deflate->figures;
}
