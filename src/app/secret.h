// Tokens: 32 random bytes as base64url text. Only the SHA-256 of the text is ever stored, so that
// who reads the database cannot sign in.
#pragma once

#include "app/app.h"
#include "app/operating.h"
#include "store/people.h"

#define SECRET_TOKEN_LENGTH 43 // base64url of 32 bytes, no padding

// A new token and its hash. Safe in any thread.
void secret_make_token(char ret_token[APP_TOKEN_MAX + 1], uint8_t ret_hash[TOKEN_HASH_SIZE]);
// ERR_UNAUTHENTICATED for a text that no token can be.
enum err CHECKED secret_hash_token(const char *token, uint8_t ret_hash[TOKEN_HASH_SIZE]);
// A public id that nobody guesses or meets twice: `prefix`, then lower-case letters and digits.
void secret_make_id(const char *prefix, char ret_id[CONTRACT_ID_MAX + 1]);
// The same, always alike for the bearer of one token, of which it says nothing.
void secret_id_of(const char *prefix, const uint8_t hash[TOKEN_HASH_SIZE],
                  char ret_id[CONTRACT_ID_MAX + 1]);
