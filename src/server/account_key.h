// The key that seals what is stored of accounts (second factors): 32 random bytes in hexadecimal,
// in the data folder, readable by its owner only. Made once; a backup has it.
#pragma once

#include <stdint.h>

#include "app/sign_in.h"
#include "base/err.h"

#define ACCOUNT_KEY_FILE "account-key"

// From the working directory. ERR_MALFORMED when the file holds something else.
enum err CHECKED account_key_load(uint8_t ret_key[APP_SEAL_KEY_SIZE]);
