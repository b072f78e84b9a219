#include "server/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "server/public_url.h"

#define LISTEN_BACKLOG 1024
#define UDP_BUFFER_BYTES \
    (8 << 20) // the kernel grants at most net.core.[rw]mem_max; `plenary doctor` shows what was
              // granted
#define ENVIRONMENT_NAME "PLENARY_DESCRIPTORS"

const char *sockets_listen_address(const struct config *config)
{
    if (!text_equal(config->listen, "auto")) {
        return config->listen;
    }
    if (!config_host_is_loopback(config)) {
        return "::";
    }
    return strchr(config->host, ':') != NULL ? "::1" : "127.0.0.1";
}

// Media is bound to all addresses even on a loopback host, and when http.listen is loopback behind
// a proxy: Firefox offers no loopback candidate, so a page on the same machine sends from, and must
// be answered on, an outer address. Nothing is answered without the credentials of a participant.
static const char *media_address(const struct config *config)
{
    return text_equal(config->media_listen, "auto") ? "::" : config->media_listen;
}

static enum err make_address(const char *text, int64_t port, struct sockaddr_storage *ret_address,
                             socklen_t *ret_size)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    memset(ret_address, 0, sizeof(*ret_address));
    // "::" serves both kinds of address; where IPv6 is switched off, all means all of IPv4.
    if (text_equal(text, "::") && access("/proc/self/net/if_inet6", R_OK) != 0) {
        text = "0.0.0.0";
    }
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        memcpy(ret_address, &v4, sizeof(v4));
        *ret_size = sizeof(v4);
        return ERR_NONE;
    }
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
        memcpy(ret_address, &v6, sizeof(v6));
        *ret_size = sizeof(v6);
        return ERR_NONE;
    }
    return ERR_INVALID;
}

static int open_bound(const struct sockaddr_storage *address, socklen_t size, int type)
{
    int fd = socket(address->ss_family, type, 0);
    int on = 1;
    int off = 0;
    int option = type == SOCK_STREAM ? SO_REUSEADDR : SO_REUSEPORT;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)) != 0) {
        goto failed;
    }
    // "::" serves IPv4 as well.
    if (address->ss_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) != 0) {
        goto failed;
    }
    if (bind(fd, (const struct sockaddr *)address, size) == 0) {
        return fd;
    }
failed:
    if (fd >= 0) {
        int kept = errno;
        close(fd);
        errno = kept;
    }
    return -1;
}

static enum err open_link(struct sockets *sockets)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKETS_LINK_PATH};
    (void)unlink(SOCKETS_LINK_PATH); // left behind by a supervisor that was killed
    sockets->link_fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (sockets->link_fd < 0 ||
        bind(sockets->link_fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(sockets->link_fd, 4) != 0) {
        return ERR_IO;
    }
    return ERR_NONE;
}

static enum err open_ready(struct sockets *sockets)
{
    int ends[2];
    if (pipe(ends) != 0 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        return ERR_IO;
    }
    sockets->ready_read_fd = ends[0];
    sockets->ready_write_fd = ends[1];
    return ERR_NONE;
}

static enum err open_udp(const struct config *config, struct sockets *sockets,
                         const char *address_text)
{
    struct sockaddr_storage address;
    socklen_t size = 0;
    if (make_address(address_text, config->media_port, &address, &size) != ERR_NONE) {
        return ERR_INVALID;
    }
    // A second server on the same port would share it silently (SO_REUSEPORT): refuse by binding
    // once without.
    int probe = socket(address.ss_family, SOCK_DGRAM, 0);
    bool is_free = probe >= 0 && bind(probe, (const struct sockaddr *)&address, size) == 0;
    int kept = errno;
    if (probe >= 0) {
        close(probe);
    }
    errno = kept;
    if (!is_free) {
        return ERR_IO;
    }
    for (uint32_t i = 0; i < sockets_thread_count(config); i++) {
        int fd = open_bound(&address, size, SOCK_DGRAM);
        if (fd < 0) {
            return ERR_IO;
        }
        int room = UDP_BUFFER_BYTES;
        // More than the kernel grants is cut by it, not refused.
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
        sockets->udp_fds[sockets->udp_count++] = fd;
    }
    return ERR_NONE;
}

enum err sockets_open(const struct config *config, struct sockets *ret_sockets, char *ret_problem,
                      size_t problem_size)
{
    struct text_builder problem = text_builder(ret_problem, problem_size);
    const char *address_text = sockets_listen_address(config);
    struct sockaddr_storage address;
    socklen_t size = 0;
    *ret_sockets = (struct sockets){
        .listen_fd = -1, .link_fd = -1, .ready_read_fd = -1, .ready_write_fd = -1};
    if (make_address(address_text, config->port, &address, &size) != ERR_NONE) {
        text_append_format(&problem, "http.listen: '%s' is not an IP address", address_text);
        return ERR_INVALID;
    }
    ret_sockets->listen_fd = open_bound(&address, size, SOCK_STREAM);
    if (ret_sockets->listen_fd < 0 || listen(ret_sockets->listen_fd, LISTEN_BACKLOG) != 0) {
        text_append_format(&problem, "TCP port %lld on %s: %s", (long long)config->port,
                           address_text, strerror(errno));
        sockets_close(ret_sockets);
        return ERR_IO;
    }
    if (open_udp(config, ret_sockets, media_address(config)) != ERR_NONE) {
        text_append_format(&problem, "UDP port %lld on %s (media.listen): %s",
                           (long long)config->media_port, media_address(config), strerror(errno));
        sockets_close(ret_sockets);
        return ERR_IO;
    }
    if (open_link(ret_sockets) != ERR_NONE || open_ready(ret_sockets) != ERR_NONE) {
        text_append_format(&problem, "%s/%s: %s", config->data, SOCKETS_LINK_PATH, strerror(errno));
        sockets_close(ret_sockets);
        return ERR_IO;
    }
    return ERR_NONE;
}

void sockets_close(struct sockets *sockets)
{
    if (sockets->listen_fd >= 0) {
        close(sockets->listen_fd);
    }
    if (sockets->link_fd >= 0) {
        close(sockets->link_fd);
        (void)unlink(SOCKETS_LINK_PATH);
    }
    if (sockets->ready_read_fd >= 0) {
        close(sockets->ready_read_fd);
        close(sockets->ready_write_fd);
    }
    for (uint32_t i = 0; i < sockets->udp_count; i++) {
        close(sockets->udp_fds[i]);
    }
    *sockets = (struct sockets){
        .listen_fd = -1, .link_fd = -1, .ready_read_fd = -1, .ready_write_fd = -1};
}

char sockets_next_news(const struct sockets *sockets)
{
    char byte = 0;
    return read(sockets->ready_read_fd, &byte, 1) == 1 ? byte : 0;
}

void sockets_forget_news(const struct sockets *sockets)
{
    while (sockets_next_news(sockets) != 0) {
    }
}

static bool keep(int fd, bool kept)
{
    return fcntl(fd, F_SETFD, kept ? 0 : FD_CLOEXEC) == 0;
}

enum err sockets_keep(const struct sockets *sockets, bool for_media)
{
    bool good = keep(sockets->listen_fd, !for_media) && keep(sockets->ready_write_fd, !for_media) &&
                keep(sockets->link_fd, for_media);
    for (uint32_t i = 0; i < sockets->udp_count; i++) {
        good = keep(sockets->udp_fds[i], for_media) && good;
    }
    return good ? ERR_NONE : ERR_IO;
}

enum err sockets_to_environment(const struct sockets *sockets)
{
    char value[64 + SOCKETS_THREADS_MAX * 8];
    struct text_builder text = text_builder(value, sizeof(value));
    text_append_format(&text, "%d,%d,%d", sockets->listen_fd, sockets->link_fd,
                       sockets->ready_write_fd);
    for (uint32_t i = 0; i < sockets->udp_count; i++) {
        text_append_format(&text, ",%d", sockets->udp_fds[i]);
    }
    return !text.failed && setenv(ENVIRONMENT_NAME, value, 1) == 0 ? ERR_NONE : ERR_FULL;
}

enum err sockets_from_environment(struct sockets *ret_sockets)
{
    const char *value = getenv(ENVIRONMENT_NAME);
    struct sockets sockets = {
        .listen_fd = -1, .link_fd = -1, .ready_read_fd = -1, .ready_write_fd = -1};
    for (uint32_t i = 0; value != NULL && *value != '\0' && i < SOCKETS_THREADS_MAX + 3; i++) {
        size_t length = strcspn(value, ",");
        unsigned long long fd = 0;
        if (text_to_u64(value, length, 65535, &fd) != ERR_NONE) {
            return ERR_MALFORMED;
        }
        if (i == 0) {
            sockets.listen_fd = (int)fd;
        } else if (i == 1) {
            sockets.link_fd = (int)fd;
        } else if (i == 2) {
            sockets.ready_write_fd = (int)fd;
        } else {
            sockets.udp_fds[sockets.udp_count++] = (int)fd;
        }
        value += length + (value[length] == ',');
    }
    if (sockets.udp_count == 0) {
        return ERR_NOT_FOUND;
    }
    *ret_sockets = sockets;
    return ERR_NONE;
}

static void add_candidate(char (*addresses)[SOCKETS_ADDRESS_MAX], uint32_t max, uint32_t *count,
                          const char *text)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (text_equal(addresses[i], text)) {
            return;
        }
    }
    if (*count < max && text_copy(addresses[*count], SOCKETS_ADDRESS_MAX, text) == ERR_NONE) {
        (*count)++;
    }
}

static void add_sockaddr(char (*addresses)[SOCKETS_ADDRESS_MAX], uint32_t max, uint32_t *count,
                         const struct sockaddr *address)
{
    char text[SOCKETS_ADDRESS_MAX];
    const void *bytes = NULL;
    if (address->sa_family == AF_INET) {
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
        bytes = IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr)
                    ? NULL
                    : &v6->sin6_addr; // needs a zone: useless to others
    }
    if (bytes != NULL && inet_ntop(address->sa_family, bytes, text, sizeof(text)) != NULL) {
        add_candidate(addresses, max, count, text);
    }
}

static void add_resolved(const char *host, char (*addresses)[SOCKETS_ADDRESS_MAX], uint32_t max,
                         uint32_t *count)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0) {
        return;
    }
    for (const struct addrinfo *each = found; each != NULL; each = each->ai_next) {
        add_sockaddr(addresses, max, count, each->ai_addr);
    }
    freeaddrinfo(found);
}

static void add_interfaces(char (*addresses)[SOCKETS_ADDRESS_MAX], uint32_t max, uint32_t *count)
{
    struct ifaddrs *interfaces = NULL;
    if (getifaddrs(&interfaces) != 0) {
        return;
    }
    for (const struct ifaddrs *each = interfaces; each != NULL; each = each->ifa_next) {
        if (each->ifa_addr != NULL && (each->ifa_flags & IFF_LOOPBACK) == 0 &&
            (each->ifa_flags & IFF_UP) != 0) {
            add_sockaddr(addresses, max, count, each->ifa_addr);
        }
    }
    freeifaddrs(interfaces);
}

enum err sockets_candidates(const struct config *config, char (*ret_addresses)[SOCKETS_ADDRESS_MAX],
                            uint32_t addresses_max, uint32_t *ret_count)
{
    uint32_t count = 0;
    const char *list = config->candidates;
    while (*list != '\0') {
        size_t length = strcspn(list, ", ");
        char text[SOCKETS_ADDRESS_MAX];
        struct sockaddr_storage parsed;
        socklen_t size = 0;
        if (length > 0) {
            if (text_copy_n(text, sizeof(text), list, length) != ERR_NONE ||
                make_address(text, 1, &parsed, &size) != ERR_NONE) {
                return ERR_INVALID;
            }
            add_candidate(ret_addresses, addresses_max, &count, text);
        }
        list += length + (list[length] != '\0');
    }
    char host[CONFIG_TEXT_MAX + 1];
    public_url_host(config, host);
    if (count == 0 && !text_equal(media_address(config), "::") &&
        !text_equal(media_address(config), "0.0.0.0")) {
        add_candidate(ret_addresses, addresses_max, &count, media_address(config));
    }
    if (count == 0 && config_name_is_loopback(host)) {
        add_candidate(ret_addresses, addresses_max, &count,
                      strchr(host, ':') != NULL ? "::1" : "127.0.0.1");
        add_interfaces(ret_addresses, addresses_max, &count);
    }
    if (count == 0) {
        add_resolved(host, ret_addresses, addresses_max, &count);
    }
    if (count == 0) {
        add_interfaces(ret_addresses, addresses_max, &count);
    }
    *ret_count = count;
    return count > 0 ? ERR_NONE : ERR_NOT_FOUND;
}

uint32_t sockets_thread_count(const struct config *config)
{
    int64_t count = config->media_threads;
    if (count == 0) {
        count = sysconf(_SC_NPROCESSORS_ONLN);
    }
    if (count < 1) {
        count = 1;
    }
    return count > SOCKETS_THREADS_MAX ? SOCKETS_THREADS_MAX : (uint32_t)count;
}
