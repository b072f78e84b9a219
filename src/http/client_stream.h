// One client's connection: what comes on the outer socket, over TLS or plain, goes through the
// guard to the inner one, where somebody speaks HTTP; what is said there goes out as it is. It
// holds back whichever side is faster; what it keeps is at most a record and a head. Never blocks.
// Control thread only. OpenSSL.
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "http/request_guard.h"

#define CLIENT_STREAM_RECORD_MAX 16384 // RFC 8446, section 5.1

enum client_stream_phase {
    CLIENT_STREAM_HANDSHAKE,
    CLIENT_STREAM_READY,   // the handshake is done: give it its inner socket
    CLIENT_STREAM_OPEN,    //
    CLIENT_STREAM_CLOSING, // the inner side has ended: the rest and our close_notify go out
    CLIENT_STREAM_OVER,    // close both sockets
};

// Bytes that one side has given and the other does not take yet.
struct client_stream_rest {
    uint8_t *bytes; // owned; NULL when there are none
    size_t size;
    size_t position;
};

struct client_stream {
    enum client_stream_phase phase;
    SSL *ssl;  // owned; NULL: plain
    int outer; // owned
    int inner; // owned; -1 before CLIENT_STREAM_OPEN
    struct request_guard guard;
    struct client_stream_rest from_outer; // waits until the guard takes it
    struct client_stream_rest to_inner;
    struct client_stream_rest to_outer;
    bool wants_write;  // handshake: OpenSSL waits for room in the outer socket
    bool input_ended;  // the client sends no more, and all of it has been read
    bool left;         // the client was seen to send no more while its request is being answered
    uint64_t received; // bytes of the client's, without TLS
    uint64_t sent;     // bytes to the client, without TLS
    bool output_ended; // close_notify is sent: only the client's end is awaited
    size_t dropped;    // bytes read and thrown away since then
    bool progressed;   // something moved in the last step
};

// Takes the descriptor, also when it fails. Without a context there is no handshake:
// CLIENT_STREAM_READY.
enum err CHECKED client_stream_init(struct client_stream *stream, SSL_CTX *context, int outer);
void client_stream_finish(struct client_stream *stream);
// CLIENT_STREAM_READY only. Takes the descriptor, which must not block.
void client_stream_open(struct client_stream *stream, int inner);
// The guard's two news, from whoever speaks HTTP; a step is due then.
void client_stream_answered(struct client_stream *stream);
void client_stream_upgraded(struct client_stream *stream);
// EPOLLRDHUP has come for the outer socket.
void client_stream_left(struct client_stream *stream);
// Moves what can be moved. The arguments say which socket has something to read or room.
void client_stream_step(struct client_stream *stream, bool outer_ready, bool inner_ready);
// Goes on to CLIENT_STREAM_CLOSING from any phase after the handshake.
void client_stream_close(struct client_stream *stream);
// The client does not take what there is for it.
bool client_stream_is_blocked(const struct client_stream *stream);
// It is we who do not take what the client sends.
bool client_stream_holds_back(const struct client_stream *stream);
// EPOLLIN and EPOLLOUT as wished now; 0: take the descriptor out, even its end is of no use now.
uint32_t client_stream_outer_events(const struct client_stream *stream);
uint32_t client_stream_inner_events(const struct client_stream *stream);
