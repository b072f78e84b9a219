#include "server/service_notify.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

void service_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || text_copy(address.sun_path, sizeof(address.sun_path), path) != ERR_NONE) {
        return;
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0'; // an abstract name
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        // systemd restarts what stays silent: nothing better can be done on failure here.
        (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                      size);
        close(fd);
    }
}

time_us service_watchdog_every(void)
{
    const char *every = getenv("WATCHDOG_USEC");
    const char *whose = getenv("WATCHDOG_PID");
    unsigned long long us = 0;
    unsigned long long pid = 0;
    if (every == NULL || text_to_u64(every, strlen(every), INT64_MAX, &us) != ERR_NONE) {
        return 0;
    }
    if (whose != NULL && (text_to_u64(whose, strlen(whose), INT32_MAX, &pid) != ERR_NONE ||
                          (pid_t)pid != getpid())) {
        return 0;
    }
    return (time_us)(us / 2);
}
