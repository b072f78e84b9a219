#include "crypto/random.h"

#include <errno.h>
#include <sys/random.h>

#include "base/assert.h"

void random_bytes(void *to, size_t size)
{
    uint8_t *at = to;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        ASSERT(got > 0);
        at += got;
        size -= (size_t)got;
    }
}

uint32_t random_u32(void)
{
    uint32_t value;
    random_bytes(&value, sizeof(value));
    return value;
}

uint64_t random_u64(void)
{
    uint64_t value;
    random_bytes(&value, sizeof(value));
    return value;
}

void random_text(char *to, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const unsigned letters = sizeof(alphabet) - 1;
    // Bytes beyond the last whole multiple are thrown away, so that every character is equally
    // likely.
    const unsigned limit = 256 / letters * letters;
    size_t done = 0;
    while (done < length) {
        uint8_t bytes[64];
        random_bytes(bytes, sizeof(bytes));
        for (size_t i = 0; i < sizeof(bytes) && done < length; i++) {
            if (bytes[i] < limit) {
                to[done] = alphabet[bytes[i] % letters];
                done++;
            }
        }
    }
    to[length] = '\0';
}
