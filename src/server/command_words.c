#include "server/command_words.h"

#include <stdio.h>
#include <string.h>

#include "words/words.h"

bool command_words_name(const char *command, const char *given,
                        char ret_name[PARTICIPANT_NAME_SIZE])
{
    ret_name[0] = '\0';
    if (given == NULL) {
        return true;
    }
    uint32_t came = 0;
    enum err err = words_take(given, strlen(given), PARTICIPANT_NAME_MAX, ret_name, &came);
    if (err == ERR_TOO_LARGE) {
        fprintf(stderr, "plenary %s: the name has %u characters; it can have %d at most\n", command,
                came, PARTICIPANT_NAME_MAX);
    } else if (err != ERR_NONE) {
        fprintf(stderr, "plenary %s: the name is no text in UTF-8\n", command);
    } else if (came == 0) {
        fprintf(stderr, "plenary %s: the name is blank: nobody could see it\n", command);
    }
    return err == ERR_NONE && came > 0;
}
