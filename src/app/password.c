#include "app/password.h"

#include <sodium.h>
#include <string.h>

_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH_MAX + 1, "an argon2id string fits");

enum err password_hash(const char *password, char ret_hash[PASSWORD_HASH_MAX + 1])
{
    size_t length = strlen(password);
    if (length < PASSWORD_LEAST || length > PASSWORD_MOST) {
        return ERR_INVALID;
    }
    if (sodium_init() < 0 ||
        crypto_pwhash_str(ret_hash, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        return ERR_FULL;
    }
    return ERR_NONE;
}
