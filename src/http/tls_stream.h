// One TLS connection being unwrapped: ciphertext on the outer socket, plain text on the inner one.
// It holds back whichever side is faster; what it keeps is at most one record in each direction.
// Never blocks. Control thread only. OpenSSL.
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define TLS_STREAM_RECORD_MAX 16384 // RFC 8446, section 5.1

enum tls_stream_phase {
    TLS_STREAM_HANDSHAKE,
    TLS_STREAM_READY,   // the handshake is done: give it its inner socket
    TLS_STREAM_OPEN,    //
    TLS_STREAM_CLOSING, // the inner side has ended: the rest and our close_notify go out
    TLS_STREAM_OVER,    // close both sockets
};

// Bytes that one side has given and the other does not take yet.
struct tls_stream_rest {
    uint8_t *bytes; // owned; NULL when there are none
    size_t size;
    size_t position;
};

struct tls_stream {
    enum tls_stream_phase phase;
    SSL *ssl;  // owned
    int outer; // owned
    int inner; // owned; -1 before TLS_STREAM_OPEN
    struct tls_stream_rest to_inner;
    struct tls_stream_rest to_outer;
    bool wants_write;  // handshake: OpenSSL waits for room in the outer socket
    bool input_ended;  // the client sends no more
    bool output_ended; // close_notify is sent: only the client's end is awaited
    size_t dropped;    // bytes read and thrown away since then
    bool progressed;   // something moved in the last step
};

// Takes the descriptor, also when it fails.
enum err CHECKED tls_stream_init(struct tls_stream *stream, SSL_CTX *context, int outer);
void tls_stream_finish(struct tls_stream *stream);
// TLS_STREAM_READY only. Takes the descriptor, which must not block.
void tls_stream_open(struct tls_stream *stream, int inner);
// Moves what can be moved. The arguments say which socket has something to read or room.
void tls_stream_step(struct tls_stream *stream, bool outer_ready, bool inner_ready);
// Goes on to TLS_STREAM_CLOSING from any phase after the handshake.
void tls_stream_close(struct tls_stream *stream);
// EPOLLIN and EPOLLOUT as wished now; 0: take the descriptor out, even its end is of no use now.
uint32_t tls_stream_outer_events(const struct tls_stream *stream);
uint32_t tls_stream_inner_events(const struct tls_stream *stream);
