// What compression of messages a client offers (permessage-deflate, RFC 7692, section 7.1). Pure
// functions over header texts.
#pragma once

#include <stddef.h>

#define WEBSOCKET_EXTENSION_MAX 127

#define WEBSOCKET_WINDOW_MIN 9 // zlib has no raw stream with a window of 8 bits
#define WEBSOCKET_WINDOW_MAX 15

// Chooses the first offer that can be served, and says so in *ret_answer, the value of the answer's
// Sec-WebSocket-Extensions; without context takeover in either direction. `offers` is the request's
// header; NULL when there is none. Returns the window's bits of what is sent, 0 when nothing is
// chosen (*ret_answer is empty then): messages go as they are.
int websocket_extension(const char *offers, char ret_answer[WEBSOCKET_EXTENSION_MAX + 1]);
