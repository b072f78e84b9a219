// What is typed or piped and must not be seen: passwords, passphrases. Never from the command line,
// where others see it.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// One line of standard input, without its end; a terminal shows `prompt` and not what is typed.
// `size` with the NUL; a longer line is cut to `size` - 1 bytes. False at the end of input.
bool command_secret_read(const char *prompt, char *ret_secret, size_t size);
// The passphrase of a backup: the first line of the file `path`, "-" for standard input. False
// after having said in the name of `command` why not. `least` bytes or more.
bool command_secret_passphrase(const char *command, const char *path, size_t least,
                               char *ret_secret, size_t size);
