// The second factor of accounts: their sealed secrets and the hashes of their recovery codes. What
// is sealed and hashed, and how, is app's. Every call is synchronous, on the store's own thread.
//
// ERR_NOT_FOUND: no such row.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/people.h"

#define SECOND_FACTOR_SEALED_SIZE 60
#define RECOVERY_CODES_MAX        10

struct second_factor_row {
    uint8_t sealed[SECOND_FACTOR_SEALED_SIZE];
    bool confirmed;    // until then it is a wish, and nobody is asked for a code
    int64_t used_step; // each code is good once: none up to this one any more
};

// In place of a wish. ERR_CONFLICT: one is confirmed. ERR_NOT_FOUND: there is no such account.
enum err CHECKED second_factor_wish(struct store *store, const char *account,
                                    const uint8_t sealed[SECOND_FACTOR_SEALED_SIZE]);
enum err CHECKED second_factor_get(struct store *store, const char *account,
                                   struct second_factor_row *ret_row);
// From now on it is asked for. With the recovery codes, all or nothing. ERR_CONFLICT: it is
// confirmed already, or another secret is there, or the step was used.
enum err CHECKED second_factor_confirm(struct store *store, const char *account,
                                       const uint8_t sealed[SECOND_FACTOR_SEALED_SIZE],
                                       int64_t step,
                                       uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE]);
// Takes the code of this step. ERR_CONFLICT: this one, or a later one, was used.
enum err CHECKED second_factor_use(struct store *store, const char *account, int64_t step);
// With its recovery codes.
enum err CHECKED second_factor_remove(struct store *store, const char *account);

// Takes one: ERR_NOT_FOUND when it is none, or was used.
enum err CHECKED recovery_code_use(struct store *store, const char *account,
                                   const uint8_t hash[TOKEN_HASH_SIZE]);
enum err CHECKED recovery_code_count(struct store *store, const char *account, uint32_t *ret_count);
