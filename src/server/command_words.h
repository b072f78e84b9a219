// Names of people, as they are given on the command line.
#pragma once

#include <stdbool.h>

#include "contract/types.h"

// `given` as it is taken in (words/words.h); "" for NULL. False when it cannot be a name, and the
// reason has been said on standard error in the name of `command`.
bool command_words_name(const char *command, const char *given,
                        char ret_name[PARTICIPANT_NAME_SIZE]);
