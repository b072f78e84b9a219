#include <sodium.h>
#include <string.h>

#include "store/journal_priv.h"

_Static_assert(JOURNAL_HASH_SIZE == crypto_hash_sha256_BYTES, "SHA-256");

static void hash_number(crypto_hash_sha256_state *state, uint64_t value, int size)
{
    unsigned char bytes[8];
    for (int i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(value >> (8 * (size - 1 - i)));
    }
    crypto_hash_sha256_update(state, bytes, (unsigned long long)size);
}

// The length first: otherwise "ab" + "c" would be "a" + "bc".
static void hash_text(crypto_hash_sha256_state *state, const char *text, size_t length)
{
    hash_number(state, length, 4);
    crypto_hash_sha256_update(state, (const unsigned char *)text, length);
}

void journal_commitment(const struct journal_row *row, uint8_t ret_commitment[JOURNAL_HASH_SIZE])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, row->salt, JOURNAL_SALT_SIZE);
    crypto_hash_sha256_update(&state, (const unsigned char *)row->data, row->data_length);
    crypto_hash_sha256_final(&state, ret_commitment);
}

void journal_hash(const struct journal_row *row, uint8_t ret_hash[JOURNAL_HASH_SIZE])
{
    static const char name[] = "plenary journal 2";
    bool plain = row->form == JOURNAL_FORM_PLAIN;
    const char *stream = plain && journal_is_meeting(row->stream) ? journal_meeting_id(row->stream)
                                                                  : row->stream;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    if (!plain) {
        hash_text(&state, name, sizeof name - 1);
    }
    crypto_hash_sha256_update(&state, row->previous, JOURNAL_HASH_SIZE);
    hash_text(&state, stream, strlen(stream));
    hash_number(&state, row->seq, 8);
    hash_number(&state, (uint64_t)row->at, 8);
    hash_text(&state, row->by, strlen(row->by));
    hash_number(&state, row->on_behalf_of_chair, 1);
    hash_text(&state, row->type, strlen(row->type));
    if (plain) {
        hash_text(&state, row->data, row->data_length);
    } else {
        crypto_hash_sha256_update(&state, row->commitment, JOURNAL_HASH_SIZE);
    }
    crypto_hash_sha256_final(&state, ret_hash);
}
