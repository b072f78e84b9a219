#include "server/rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define HEARD_A_TURN 32

// In the child. A group of its own, so that what it starts ends with it.
_Noreturn static void become(const struct program *program, int to)
{
    char name[] = "plenary";
    char face[] = "control";
    char check[] = "--check";
    char *arguments[] = {name, face, check, NULL};
    sigset_t none;
    sigemptyset(&none);
    (void)setpgid(0, 0);
    (void)close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    // The program's own descriptor stays: a script is read by it.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || dup2(to, STDOUT_FILENO) < 0 ||
        fcntl(program->fd, F_SETFD, 0) != 0) {
        _exit(EXIT_FAILURE);
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
    program_become(program, arguments);
    (void)dprintf(STDOUT_FILENO, "refused it cannot be executed: %s\n", strerror(errno));
    _exit(EXIT_FAILURE);
}

enum err rehearsal_begin(struct rehearsal *rehearsal, const struct program *program, time_us until)
{
    int ends[2];
    *rehearsal = (struct rehearsal){.fd = -1, .until = until};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return ERR_IO;
    }
    rehearsal->pid = fork();
    if (rehearsal->pid == 0) {
        (void)fcntl(ends[1], F_SETFL, 0);
        become(program, ends[1]);
    }
    close(ends[1]);
    rehearsal->fd = ends[0];
    if (rehearsal->pid < 0) {
        rehearsal->pid = 0;
        rehearsal_abandon(rehearsal);
        return ERR_IO;
    }
    (void)setpgid(rehearsal->pid, rehearsal->pid); // whoever of the two comes first
    return ERR_NONE;
}

static void hear(struct rehearsal *rehearsal)
{
    char rest[4096]; // what is more than an answer can be is let go, so that it ends all the same
    ssize_t got = 1;
    for (unsigned i = 0; i < HEARD_A_TURN && rehearsal->fd >= 0 && got > 0; i++) {
        size_t room = sizeof(rehearsal->said) - rehearsal->size;
        got = room > 0 ? read(rehearsal->fd, rehearsal->said + rehearsal->size, room)
                       : read(rehearsal->fd, rest, sizeof(rest));
        rehearsal->size += room > 0 && got > 0 ? (size_t)got : 0;
    }
}

bool rehearsal_ended(struct rehearsal *rehearsal, pid_t pid, int status)
{
    if (rehearsal->pid == 0 || rehearsal->pid != pid) {
        return false;
    }
    hear(rehearsal);
    (void)kill(-pid, SIGKILL); // what it may have left behind
    rehearsal->pid = 0;
    rehearsal->status = status;
    return true;
}

bool rehearsal_look(struct rehearsal *rehearsal, time_us now)
{
    hear(rehearsal);
    if (rehearsal->pid != 0 && now >= rehearsal->until && !rehearsal->late) {
        rehearsal->late = true;
        (void)kill(-rehearsal->pid, SIGKILL);
    }
    return rehearsal->pid == 0;
}

bool rehearsal_judge(const struct rehearsal *rehearsal, struct takeover_facts *ret_facts,
                     char *ret_words, size_t size)
{
    struct text_builder words = text_builder(ret_words, size);
    bool exited = WIFEXITED(rehearsal->status);
    int code = exited ? WEXITSTATUS(rehearsal->status) : WTERMSIG(rehearsal->status);
    enum err err = takeover_facts_read(rehearsal->said, rehearsal->size, ret_facts);
    if (rehearsal->late) {
        text_append(&words, "it did not say in time whether it could begin");
    } else if (err == ERR_NONE && !ret_facts->ready) {
        text_append(&words, ret_facts->refusal);
    } else if (err != ERR_NONE || !exited || code != EXIT_SUCCESS) {
        text_append_format(&words, "it does not say that it could begin: it ended with %s %d",
                           exited ? "exit code" : "signal", code);
    } else {
        return true;
    }
    return false;
}

void rehearsal_abandon(struct rehearsal *rehearsal)
{
    if (rehearsal->pid != 0) {
        (void)kill(-rehearsal->pid, SIGKILL);
        (void)kill(rehearsal->pid, SIGKILL);
        (void)waitpid(rehearsal->pid, NULL, 0);
        rehearsal->pid = 0;
    }
    if (rehearsal->fd >= 0) {
        close(rehearsal->fd);
        rehearsal->fd = -1;
    }
}
