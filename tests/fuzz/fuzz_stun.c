#include <string.h>

#include "fuzz.h"
#include "wire/stun.h"

// No HMAC: a sum is enough to see that the right bytes are covered.
static void sum(const void *key, const uint8_t *head, size_t head_size, const uint8_t *body,
                size_t body_size, uint8_t ret_mac[STUN_MAC_SIZE])
{
    memset(ret_mac, *(const uint8_t *)key, STUN_MAC_SIZE);
    for (size_t i = 0; i < head_size; i++) {
        ret_mac[i % STUN_MAC_SIZE] += head[i];
    }
    for (size_t i = 0; i < body_size; i++) {
        ret_mac[i % STUN_MAC_SIZE] ^= body[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t key = 7;
    struct stun_message message;
    if (stun_parse(data, size, &message) != ERR_NONE) {
        return 0;
    }
    (void)stun_integrity_ok(&message, sum, &key);
    const char *local;
    size_t local_size;
    if (stun_username_local(&message, &local, &local_size)) {
        ASSERT(local_size < message.username_size);
    }
    // Whatever we answer, we can read, and it answers this message.
    struct address mapped = {.ip = {1, 2, 3, 4}, .port = 5, .family = ADDRESS_IPV4};
    uint8_t to[STUN_ANSWER_MAX];
    struct stun_message answer;
    size_t written = stun_write_success(&message, &mapped, sum, &key, to, sizeof(to));
    ASSERT(written > 0 && stun_parse(to, written, &answer) == ERR_NONE);
    ASSERT(address_equal(&answer.mapped, &mapped) && stun_integrity_ok(&answer, sum, &key));
    ASSERT(memcmp(answer.transaction, message.transaction, STUN_TRANSACTION_SIZE) == 0);
    written = stun_write_error(&message, STUN_UNKNOWN_ATTRIBUTE, sum, &key, to, sizeof(to));
    ASSERT(written > 0 && stun_parse(to, written, &answer) == ERR_NONE);
    ASSERT(answer.error_code == STUN_UNKNOWN_ATTRIBUTE);
    return 0;
}
