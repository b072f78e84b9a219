// Tells systemd of the service's state (sd_notify's datagram protocol); nothing when not started by
// systemd.
#pragma once

void service_notify(const char *state);
