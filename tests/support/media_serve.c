// The media process alone, for tests that are written in other languages:
//   media_serve THREADS UDP_PORT LINK_PATH ADDRESS [TRANSMIT]
// Binds the sockets as the supervisor does, prints "ready" and runs until SIGTERM. The one who
// starts it is its control process.
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "media/media_process.h"
#include "server/sandbox.h"

static int udp_socket(uint16_t port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int on = 1;
    int off = 0;
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("udp");
        exit(1);
    }
    return fd;
}

static enum err confine(void *context)
{
    (void)context;
    struct sandbox_report report;
    return sandbox_enter_media(&report);
}

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 6) {
        (void)fprintf(stderr, "media_serve THREADS UDP_PORT LINK_PATH ADDRESS [TRANSMIT]\n");
        return 2;
    }
    struct media_config config;
    media_config_init(&config);
    config.thread_count = (unsigned)atoi(argv[1]);
    config.port = (uint16_t)atoi(argv[2]);
    config.candidate_count = 1;
    config.candidates[0] = argv[4];
    if (argc == 6 && transmit_config_from_text(argv[5], &config.transmit) != ERR_NONE) {
        return 2;
    }
    if (config.thread_count < 1 || config.thread_count > MAILBOX_THREADS_MAX) {
        return 2;
    }
    for (unsigned i = 0; i < config.thread_count; i++) {
        config.udp_fds[i] = udp_socket(config.port);
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[3]);
    (void)unlink(address.sun_path);
    config.link_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (bind(config.link_fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(config.link_fd, 4) != 0) {
        perror("link");
        return 1;
    }
    // As in the product. A sanitizer's leak check does not work behind these walls.
    config.confine = getenv("MEDIA_SERVE_CONFINED") != NULL ? confine : NULL;
    (void)puts("ready");
    (void)fflush(stdout);
    return media_process_run(&config);
}
