// A device from which an account has signed in is known again by a token that only this server can
// have made, so that nobody's guessing elsewhere can keep its owner out. It opens nothing: the
// password is still asked. Nothing is stored of it: it is bound to the account and to its password,
// and ceases when that is changed. Pure but for the random number.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define DEVICE_KEY_SIZE    32
#define DEVICE_NUMBER_SIZE 16
#define DEVICE_TOKEN_MAX   95
#define DEVICE_KNOWN_MS    ((time_ms)180 * 24 * 3600 * 1000) // since the last sign-in

struct device {
    uint8_t number[DEVICE_NUMBER_SIZE]; // of the device, for ever
    time_ms at;                         // of its last sign-in
};

// A device that has never signed in.
void device_make(struct device *ret_device);
// `hash` is the account's password as it is stored. Needs DEVICE_TOKEN_MAX + 1 bytes.
void device_token(const uint8_t key[DEVICE_KEY_SIZE], const struct device *device,
                  const char *account, const char *hash, char *ret_token);
// False when the token was not made so, or too long ago.
bool device_find(const uint8_t key[DEVICE_KEY_SIZE], const char *token, const char *account,
                 const char *hash, time_ms now, struct device *ret_device);
