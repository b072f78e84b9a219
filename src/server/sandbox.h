// What a process gives up once it stands: new privileges, and the system calls that it never needs
// (seccomp). A call that is refused ends with EPERM. The systemd unit adds the file system's and
// the network's limits.
#pragma once

#include <stdbool.h>

#include "base/err.h"

// `frames`: AF_XDP sockets may be opened, for the media process of an operator who wants them.
enum err CHECKED sandbox_enter(bool frames);
