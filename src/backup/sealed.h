// A stream of bytes under a passphrase: libsodium's two standard constructions, nothing of our own.
// The key is Argon2id (RFC 9106) of the passphrase and a random salt; the stream is secretstream
// (XChaCha20-Poly1305, crypto_secretstream). Each piece is authenticated with its place in the
// stream and with the header; the last one is marked as the last. So a piece that was changed,
// moved, left out or added is found when it is read, and so is an end that was cut off.
//
//   header   "PLENARY-SEALED-1" | passes (4) | KiB (4) | salt (16) | secretstream's header (24)
//   piece    at most 65,536 bytes, and 17 more; all but the last are full
//
// Numbers are big-endian. The header is the additional data of every piece.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define SEALED_HEADER_SIZE    64
#define SEALED_PIECE_MAX      65536
#define SEALED_PASSPHRASE_MAX 1023 // bytes

struct sealed_writer;
struct sealed_reader;

// `to` is borrowed. ERR_FULL without the memory that making the key takes (256 MiB, for a moment).
enum err CHECKED sealed_writer_create(FILE *to, const char *passphrase,
                                      struct sealed_writer **ret_writer);
enum err CHECKED sealed_write(struct sealed_writer *writer, const void *data, size_t size);
// The last piece. Without it the stream counts as cut off.
enum err CHECKED sealed_finish(struct sealed_writer *writer);
// NULL is allowed.
void sealed_writer_destroy(struct sealed_writer *writer);

// Whether a stream that begins so is a sealed one.
bool sealed_begins(const void *data, size_t size);
// `from` is borrowed and stands at the header. ERR_MALFORMED for another header, ERR_UNSUPPORTED
// when making the key would take more than we give.
enum err CHECKED sealed_reader_create(FILE *from, const char *passphrase,
                                      struct sealed_reader **ret_reader);
// The next piece, borrowed until the next call; no bytes at the end. ERR_UNAUTHENTICATED when not
// even the first piece opens: another passphrase, as a rule. ERR_AUTHENTICATION for a later one.
enum err CHECKED sealed_read(struct sealed_reader *reader, const void **ret_data, size_t *ret_size);
void sealed_reader_destroy(struct sealed_reader *reader);
