// The opening handshake of a WebSocket (RFC 6455, section 4.2). Pure functions over header texts.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "http/websocket_extension.h"

#define WEBSOCKET_ACCEPT_MAX 28
#define WEBSOCKET_BEARER_MAX 95

struct websocket_offer {
    const char *key;         // Sec-WebSocket-Key, or NULL
    const char *version;     // Sec-WebSocket-Version, or NULL
    const char *upgrade;     // Upgrade, or NULL
    const char *subprotocol; // Sec-WebSocket-Protocol, or NULL
    const char *extensions;  // Sec-WebSocket-Extensions, or NULL
};

struct websocket_acceptance {
    char accept[WEBSOCKET_ACCEPT_MAX + 1]; // Sec-WebSocket-Accept
    char bearer[WEBSOCKET_BEARER_MAX +
                1];  // from the subprotocol "bearer.TOKEN"; empty when not offered
    bool plenary_v1; // the client offered "plenary.v1": answer with it
    int window;      // websocket_extension(): messages are compressed; 0: they are not
    char extension[WEBSOCKET_EXTENSION_MAX + 1]; // to be answered then
};

// ERR_MALFORMED when this is no WebSocket handshake of version 13, or brings two bearers.
enum err CHECKED websocket_handshake(const struct websocket_offer *offer,
                                     struct websocket_acceptance *ret_acceptance);
