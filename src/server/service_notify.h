// Tells systemd of the service's state (sd_notify's datagram protocol); nothing when not started by
// systemd.
#pragma once

#include "base/time.h"

void service_notify(const char *state);
// How often WATCHDOG=1 is to be said: half of what systemd waits. 0: it does not wait for it.
time_us service_watchdog_every(void);
