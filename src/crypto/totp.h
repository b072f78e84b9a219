// One-time codes by time (RFC 6238 with the values of RFC 4226 that every authenticator knows:
// HMAC-SHA-1, 30 seconds, six digits). Pure: any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

#define TOTP_SECRET_SIZE 20 // RFC 4226, section 4, R6: as long as the hash
#define TOTP_DIGITS      6
#define TOTP_STEP_MS     30000
#define TOTP_SECRET_TEXT 32 // letters of a secret in base32 (RFC 4648)

int64_t totp_step(time_ms wall);
void totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step,
               char ret_code[TOTP_DIGITS + 1]);
// The step that the code belongs to: this one, or one before or behind it, for clocks that differ
// (RFC 6238, section 5.2); never one up to `used`, so that each code is good once.
// ERR_AUTHENTICATION when it is none of them. Time does not depend on the code.
enum err CHECKED totp_find(const uint8_t secret[TOTP_SECRET_SIZE], const char *code, time_ms wall,
                           int64_t used, int64_t *ret_step);
// In capital letters and digits, without padding.
void totp_secret_text(const uint8_t secret[TOTP_SECRET_SIZE], char ret_text[TOTP_SECRET_TEXT + 1]);
