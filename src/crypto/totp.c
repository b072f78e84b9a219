#include "crypto/totp.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hmac.h"

#define STEPS_AROUND 1

int64_t totp_step(time_ms wall)
{
    return wall / TOTP_STEP_MS;
}

void totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step, char ret_code[TOTP_DIGITS + 1])
{
    struct hmac_sha1_key key;
    uint8_t counter[8];
    uint8_t mac[HMAC_SHA1_SIZE];
    for (int i = 0; i < 8; i++) {
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    }
    hmac_sha1_key_init(&key, secret, TOTP_SECRET_SIZE);
    hmac_sha1(&key, counter, sizeof(counter), NULL, 0, mac);
    // RFC 4226, section 5.3: the last four bits say where the number stands.
    const uint8_t *at = &mac[mac[HMAC_SHA1_SIZE - 1] & 0x0f];
    uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 |
                      (uint32_t)at[2] << 8 | (uint32_t)at[3];
    snprintf(ret_code, TOTP_DIGITS + 1, "%06u", number % 1000000);
    memory_wipe(&key, sizeof(key));
}

enum err totp_find(const uint8_t secret[TOTP_SECRET_SIZE], const char *code, time_ms wall,
                   int64_t used, int64_t *ret_step)
{
    char given[TOTP_DIGITS + 1] = "";
    int64_t now = totp_step(wall);
    bool found = false;
    bool has_digits = strlen(code) == TOTP_DIGITS;
    memcpy(given, code, has_digits ? TOTP_DIGITS : 0);
    for (int64_t step = now - STEPS_AROUND; step <= now + STEPS_AROUND; step++) {
        char expected[TOTP_DIGITS + 1];
        totp_code(secret, step, expected);
        bool equal = memory_equal_constant_time(expected, given, TOTP_DIGITS) && step > used;
        *ret_step = equal ? step : *ret_step;
        found = found || equal;
    }
    return found ? ERR_NONE : ERR_AUTHENTICATION;
}

void totp_secret_text(const uint8_t secret[TOTP_SECRET_SIZE], char ret_text[TOTP_SECRET_TEXT + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    _Static_assert(TOTP_SECRET_SIZE % 5 == 0 && TOTP_SECRET_TEXT == TOTP_SECRET_SIZE / 5 * 8,
                   "five bytes are eight letters");
    for (int group = 0; group < TOTP_SECRET_SIZE / 5; group++) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | secret[5 * group + i];
        }
        for (int i = 0; i < 8; i++) {
            ret_text[8 * group + i] = letters[bits >> (35 - 5 * i) & 31];
        }
    }
    ret_text[TOTP_SECRET_TEXT] = '\0';
}
