// The file of a backup: a tar archive (POSIX pax) compressed with Zstandard, by libarchive, and
// sealed (backup/sealed.h) when there is a passphrase. Reading trusts nothing: the reader says
// which regular file must come next, and anything else (another name, a path, a link, a device) is
// no backup. Nothing is ever written where the archive says.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/time.h"

struct container_writer;
struct container_reader;

// `to` is borrowed; `passphrase` NULL: not sealed. ERR_FULL without memory.
enum err CHECKED container_writer_create(FILE *to, const char *passphrase,
                                         struct container_writer **ret_writer);
// Exactly `size` bytes of `from`, from its beginning; ERR_IO when it has less.
enum err CHECKED container_add(struct container_writer *writer, const char *name, time_ms at,
                               uint64_t size, int from);
enum err CHECKED container_add_bytes(struct container_writer *writer, const char *name, time_ms at,
                                     const void *data, size_t size);
// Writes the end. The file is whole only when this says so.
enum err CHECKED container_finish(struct container_writer *writer);
// NULL is allowed.
void container_writer_destroy(struct container_writer *writer);

// Whether it needs a passphrase. `from` stands at its beginning, and does again.
bool container_is_sealed(FILE *from);
// `from` is borrowed. Errors of what is read are those of sealed_read(), and ERR_MALFORMED.
enum err CHECKED container_reader_create(FILE *from, const char *passphrase,
                                         struct container_reader **ret_reader);
// The next is the regular file of this name. ERR_MALFORMED otherwise.
enum err CHECKED container_next(struct container_reader *reader, const char *name,
                                uint64_t *ret_size);
// At most `size` bytes of it; none at its end.
enum err CHECKED container_read(struct container_reader *reader, void *to, size_t size,
                                size_t *ret_size);
// Nothing comes after it, and the file was not cut off.
enum err CHECKED container_end(struct container_reader *reader);
void container_reader_destroy(struct container_reader *reader);
