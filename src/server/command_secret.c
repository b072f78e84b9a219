#include "server/command_secret.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

static bool read_line(FILE *from, char *to, size_t size)
{
    char *line = fgets(to, (int)size, from);
    if (line != NULL) {
        to[strcspn(to, "\n")] = '\0';
    }
    return line != NULL;
}

bool command_secret_read(const char *prompt, char *ret_secret, size_t size)
{
    struct termios shown;
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        struct termios hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "%s: ", prompt);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool read = read_line(stdin, ret_secret, size);
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fprintf(stderr, "\n");
    }
    return read;
}

static bool read_file(const char *path, char *to, size_t size)
{
    FILE *file = fopen(path, "re");
    bool read = file != NULL && read_line(file, to, size);
    if (file != NULL) {
        fclose(file);
    }
    return read;
}

bool command_secret_passphrase(const char *command, const char *path, size_t least,
                               char *ret_secret, size_t size)
{
    bool read = text_equal(path, "-") ? command_secret_read("Passphrase", ret_secret, size)
                                      : read_file(path, ret_secret, size);
    if (!read) {
        fprintf(stderr, "plenary %s: there is no passphrase in %s\n", command,
                text_equal(path, "-") ? "standard input" : path);
        return false;
    }
    size_t length = strlen(ret_secret);
    if (length < least || length == size - 1) {
        fprintf(stderr, "plenary %s: a passphrase has %zu to %zu bytes\n", command, least,
                size - 2);
        return false;
    }
    return true;
}
