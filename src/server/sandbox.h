// What a process gives up once it stands: new privileges, and the system calls that it never needs
// (seccomp). A call that is refused ends with EPERM. The systemd unit adds the file system's and
// the network's limits.
#pragma once

#include "base/err.h"

enum err CHECKED sandbox_enter(void);
