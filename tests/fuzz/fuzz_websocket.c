// The opening handshake of a WebSocket: five lines are the headers Sec-WebSocket-Key, -Version,
// Upgrade, Sec-WebSocket-Protocol and Sec-WebSocket-Extensions; an empty line, or none, is a header
// that is not there.
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http/websocket_handshake.h"

#define HEADERS  5
#define TEXT_MAX 4096

// The next line as a text of its own, in memory of exactly its size.
static char *take_line(const char **text, size_t *left)
{
    const char *end = memchr(*text, '\n', *left);
    size_t length = end != NULL ? (size_t)(end - *text) : *left;
    char *line = length > 0 ? strndup(*text, length) : NULL;
    *left -= length + (end != NULL);
    *text += length + (end != NULL);
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t left = size < TEXT_MAX ? size : TEXT_MAX;
    char *headers[HEADERS];
    for (int i = 0; i < HEADERS; i++) {
        headers[i] = take_line(&text, &left);
    }
    const struct websocket_offer offer = {headers[0], headers[1], headers[2], headers[3],
                                          headers[4]};
    struct websocket_acceptance acceptance;
    struct websocket_acceptance again;
    if (websocket_handshake(&offer, &acceptance) == ERR_NONE) {
        ASSERT(strlen(acceptance.accept) == WEBSOCKET_ACCEPT_MAX);
        ASSERT(strspn(acceptance.accept,
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      "0123456789+/=") == WEBSOCKET_ACCEPT_MAX);
        // A token stands in what was offered, whole, and has nothing in it that ends a token.
        size_t bearer = strlen(acceptance.bearer);
        ASSERT(bearer <= WEBSOCKET_BEARER_MAX && strpbrk(acceptance.bearer, " \t,") == NULL);
        ASSERT(bearer == 0 || strstr(headers[3], acceptance.bearer) != NULL);
        ASSERT(headers[3] != NULL || (bearer == 0 && !acceptance.plenary_v1));
        ASSERT((acceptance.window == 0) == (acceptance.extension[0] == '\0'));
        ASSERT(acceptance.window == 0 || (acceptance.window >= WEBSOCKET_WINDOW_MIN &&
                                          acceptance.window <= WEBSOCKET_WINDOW_MAX));
        ASSERT(websocket_handshake(&offer, &again) == ERR_NONE);
        ASSERT(memcmp(&again, &acceptance, sizeof(again)) == 0);
    }
    for (int i = 0; i < HEADERS; i++) {
        free(headers[i]);
    }
    return 0;
}
