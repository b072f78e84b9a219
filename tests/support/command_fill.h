// Fills what a command carries without knowing which command it is, by contract's own tables: so
// that scripts and simulators can give a command that is new.
#pragma once

#include <stdint.h>

#include "contract/types.h"

// From words in the order of the fields: "15", "on", "fr"; "" leaves a field as it is, "-" makes an
// id empty. False: a word is none of the field's.
bool command_fill_words(struct command *command, const char *const *words, uint32_t count);
// From two bytes in turn, within the fields' limits. Ids and texts are short and mean nothing.
void command_fill_bytes(struct command *command, uint8_t first, uint8_t second);
