#include "server/account_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/hmac.h"
#include "crypto/random.h"

#define PART_FILE   ACCOUNT_KEY_FILE ".part"
#define TEXT_LENGTH (2 * APP_SEAL_KEY_SIZE)

static bool write_whole(int fd, const char *text, size_t size)
{
    return fd >= 0 && write(fd, text, size) == (ssize_t)size && fsync(fd) == 0;
}

// Whole and on the disk before it has its name: with half a key nothing sealed could be read again.
static enum err make_key(void)
{
    uint8_t key[APP_SEAL_KEY_SIZE];
    char text[TEXT_LENGTH + 1];
    random_bytes(key, sizeof(key));
    text_hex(text, key, sizeof(key));
    text[TEXT_LENGTH] = '\n';
    (void)unlink(PART_FILE);
    int fd = open(PART_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = write_whole(fd, text, sizeof(text));
    if (fd >= 0) {
        written = close(fd) == 0 && written;
    }
    memory_wipe(key, sizeof(key));
    memory_wipe(text, sizeof(text));
    // Another process may have been first: then its key is ours.
    written = written && (link(PART_FILE, ACCOUNT_KEY_FILE) == 0 || errno == EEXIST);
    (void)unlink(PART_FILE);
    return written ? ERR_NONE : ERR_IO;
}

static enum err read_key(uint8_t ret_key[APP_SEAL_KEY_SIZE])
{
    char text[TEXT_LENGTH + 2] = "";
    FILE *file = fopen(ACCOUNT_KEY_FILE, "re");
    if (file == NULL) {
        return ERR_IO;
    }
    size_t size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    text[strcspn(text, "\n")] = '\0';
    enum err err = text_unhex(ret_key, APP_SEAL_KEY_SIZE, text);
    memory_wipe(text, sizeof(text));
    return err;
}

enum err account_key_load(uint8_t ret_key[APP_SEAL_KEY_SIZE])
{
    enum err err = access(ACCOUNT_KEY_FILE, F_OK) == 0 ? ERR_NONE : make_key();
    return err == ERR_NONE ? read_key(ret_key) : err;
}
