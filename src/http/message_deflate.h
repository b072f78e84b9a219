// Compresses and decompresses whole messages (permessage-deflate, RFC 7692, section 7.2) without
// context takeover: no connection keeps a state, and what many are told is compressed once. Control
// thread only.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct message_deflate;

#define MESSAGE_DEFLATE_MIN 1024 // shorter messages gain nothing: they fit one packet as they are

struct message_deflate_figures {
    uint64_t packed;       // messages that were compressed
    uint64_t packed_again; // sent as they had been compressed for another connection
};

enum err CHECKED message_deflate_create(struct message_deflate **ret_deflate);
void message_deflate_destroy(struct message_deflate *deflate);
// The message for a window of so many bits (websocket_extension()); NULL when it goes as it is:
// short, no smaller, or memory is short. Valid until the next call.
const uint8_t *message_deflate_pack(struct message_deflate *deflate, int window, const char *text,
                                    size_t size, size_t *ret_size);
// The text of a compressed message, valid until the next call. ERR_TOO_LARGE when it would be
// longer than `max`: no more than that is ever written, and it is the first `max` bytes.
// ERR_MALFORMED, ERR_FULL (memory): no text.
enum err CHECKED message_deflate_unpack(struct message_deflate *deflate, const uint8_t *data,
                                        size_t size, size_t max, const char **ret_text,
                                        size_t *ret_size);
// Valid as long as `deflate`.
const struct message_deflate_figures *
message_deflate_figures(const struct message_deflate *deflate);
