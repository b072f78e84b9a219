// A new version's control takes over while media goes on. The program that now stands where this
// one was started from says first, in a process of its own, whether it could begin; then the old
// control ends in its own way and the new one begins, while what arrives waits in the sockets. When
// the new one does not begin, the old one does again, unless the database is the new one's already.
// A machine of the supervisor's loop: it is asked in every turn and waits for nothing.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/time.h"
#include "server/child.h"
#include "server/program.h"
#include "server/rehearsal.h"
#include "server/sockets.h"
#include "server/takeover_facts.h"
#include "server/vital_signs.h"

#define TAKEOVER_WORDS_MAX 1023

enum takeover_phase {
    TAKEOVER_IDLE,
    TAKEOVER_REHEARSING, // the new version says whether it could begin
    TAKEOVER_COMPARING,  // it cannot read a meeting: whether the old one can
    TAKEOVER_STOPPING,   // the old control, and media when it must go too, end
    TAKEOVER_BEGINNING,  // the new control begins
    TAKEOVER_FAILING,    // it did not, and its end is awaited
};

enum takeover_news {
    TAKEOVER_NOTHING,
    TAKEOVER_BEGAN,
    TAKEOVER_REFUSED, // the old one was not touched; `words` says why
    TAKEOVER_UNDONE,  // the new one did not begin; `words` says why, and which one goes on
    TAKEOVER_DONE,    // control is the new one's, and starts again from `next`
};

struct takeover {
    // The supervisor's, borrowed.
    struct child *media;
    struct child *control;
    struct vital_signs *signs;
    const struct sockets *sockets;
    const struct program *own;
    const char *path;

    enum takeover_phase phase;
    bool wished;    // once more, as soon as this one is over
    bool proven;    // the new control answers clients
    bool media_too; // the two would not understand each other
    struct program candidate;
    struct program next; // what control was last handed to
    struct rehearsal rehearsal;
    struct takeover_facts facts;
    time_us patience; // how long anything of it may take
    time_us deadline;
    char words[TAKEOVER_WORDS_MAX + 1];
};

// The borrowed fields are the caller's to set, before and after.
void takeover_init(struct takeover *takeover);
void takeover_wish(struct takeover *takeover);
// A control process said that it can do its work.
void takeover_control_ready(struct takeover *takeover);
// False when this was no process of the machine's own; the children's are the supervisor's.
bool takeover_process_ended(struct takeover *takeover, pid_t pid, int status);
// What has become of it since the last turn.
enum takeover_news takeover_turn(struct takeover *takeover, time_us now);
void takeover_finish(struct takeover *takeover);
