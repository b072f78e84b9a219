// Passwords as argon2id strings (libsodium, interactive limits: about 100 ms and 64 MiB). Any
// thread.
#pragma once

#include "base/err.h"

#define PASSWORD_HASH_MAX 127
#define PASSWORD_LEAST    10 // characters of a password, at least
#define PASSWORD_MOST     256

// ERR_INVALID when the password is too short or too long.
enum err CHECKED password_hash(const char *password, char ret_hash[PASSWORD_HASH_MAX + 1]);
