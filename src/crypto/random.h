// Random bytes from the kernel, for keys, tokens and identifiers. Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Never fails: the process stops when the kernel has no randomness to give.
void random_bytes(void *to, size_t size);
uint32_t random_u32(void);
uint64_t random_u64(void);
// `length` characters of the ICE alphabet's letters and digits (about 5.95 bits each) and a NUL;
// `to` has room for length + 1.
void random_text(char *to, size_t length);
