// What `plenary doctor` says about how datagrams leave: whether what is configured can be had, and
// what AF_XDP would bring where it is not used.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/config.h"

#define TRANSMIT_ADVICE_MAX 640

enum transmit_advice {
    TRANSMIT_ADVICE_GOOD,
    TRANSMIT_ADVICE_LESS, // another way than the configured one is taken
    TRANSMIT_ADVICE_INVALID,
};

// Takes a queue of the interface for a moment; nothing else changes.
enum transmit_advice transmit_advice(const struct config *config,
                                     char ret_words[TRANSMIT_ADVICE_MAX]);
