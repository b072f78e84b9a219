#include "server/program.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define OWN_PATH "/proc/self/exe"

static enum err look(int fd, struct program *ret_program)
{
    struct stat status;
    *ret_program = (struct program){.fd = -1};
    if (fd < 0 || fstat(fd, &status) != 0) {
        return ERR_IO;
    }
    *ret_program = (struct program){
        .fd = fd,
        .id = {.device = status.st_dev,
               .inode = status.st_ino,
               .bytes = (uint64_t)status.st_size,
               .written_ns = (uint64_t)status.st_mtim.tv_sec * 1000000000u +
                             (uint64_t)status.st_mtim.tv_nsec}};
    return S_ISREG(status.st_mode) ? ERR_NONE : ERR_INVALID;
}

enum err program_open_own(struct program *ret_program)
{
    return look(open(OWN_PATH, O_PATH | O_CLOEXEC), ret_program);
}

enum err program_open(const char *path, struct program *ret_program)
{
    *ret_program = (struct program){.fd = -1};
    if (access(path, X_OK) != 0) {
        return ERR_IO;
    }
    enum err err = look(open(path, O_PATH | O_CLOEXEC), ret_program);
    if (err != ERR_NONE) {
        program_close(ret_program);
    }
    return err;
}

void program_close(struct program *program)
{
    if (program->fd >= 0) {
        close(program->fd);
    }
    *program = (struct program){.fd = -1};
}

bool program_same(const struct program_id *a, const struct program_id *b)
{
    return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
           a->written_ns == b->written_ns;
}

enum err program_name(char ret_path[PATH_MAX])
{
    const char *name = (const char *)(uintptr_t)getauxval(AT_EXECFN);
    char folder[PATH_MAX];
    struct text_builder path = text_builder(ret_path, PATH_MAX);
    if (name == NULL || getcwd(folder, sizeof(folder)) == NULL) {
        return ERR_IO;
    }
    if (name[0] != '/') {
        text_append_format(&path, "%s/", folder);
    }
    text_append(&path, name);
    return path.failed ? ERR_TOO_LARGE : ERR_NONE;
}

void program_become(const struct program *program, char *const arguments[])
{
    (void)fexecve(program->fd, arguments, environ);
}
