#include "server/transmit_advice.h"

#include <dirent.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "media/transmit.h"
#include "server/sockets.h"

#define DRIVER_MAX 32

// What is known of an interface without asking it.
struct interface {
    char name[IF_NAMESIZE];
    char driver[DRIVER_MAX];
    unsigned queues; // to send by; 0: not told
};

static bool has_address(const struct ifaddrs *entry, const char *text)
{
    char own[NI_MAXHOST];
    socklen_t size = entry->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                           : sizeof(struct sockaddr_in6);
    return getnameinfo(entry->ifa_addr, size, own, sizeof(own), NULL, 0, NI_NUMERICHOST) == 0 &&
           text_equal(own, text);
}

static bool is_candidate(const struct ifaddrs *entry, char (*addresses)[SOCKETS_ADDRESS_MAX],
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (has_address(entry, addresses[i])) {
            return true;
        }
    }
    return false;
}

// The one that has a media address; behind a router that translates, the first that is up.
static bool interface_of(const struct config *config, char ret_name[IF_NAMESIZE])
{
    char addresses[SOCKETS_CANDIDATES_MAX][SOCKETS_ADDRESS_MAX];
    uint32_t count = 0;
    struct ifaddrs *all = NULL;
    ret_name[0] = '\0';
    if (sockets_candidates(config, addresses, SOCKETS_CANDIDATES_MAX, &count) != ERR_NONE ||
        getifaddrs(&all) != 0) {
        return false;
    }
    bool exact = false;
    for (const struct ifaddrs *at = all; at != NULL && !exact; at = at->ifa_next) {
        bool inet = at->ifa_addr != NULL &&
                    (at->ifa_addr->sa_family == AF_INET || at->ifa_addr->sa_family == AF_INET6);
        if (!inet || (at->ifa_flags & IFF_LOOPBACK) != 0 || (at->ifa_flags & IFF_UP) == 0) {
            continue;
        }
        exact = is_candidate(at, addresses, count);
        if (exact || ret_name[0] == '\0') {
            text_copy_cut(ret_name, IF_NAMESIZE, at->ifa_name);
        }
    }
    freeifaddrs(all);
    return ret_name[0] != '\0';
}

static unsigned queues_count(const char *folder)
{
    DIR *queues = opendir(folder);
    unsigned count = 0;
    for (const struct dirent *entry = queues != NULL ? readdir(queues) : NULL; entry != NULL;
         entry = readdir(queues)) {
        count += text_starts_with(entry->d_name, "tx-");
    }
    if (queues != NULL) {
        closedir(queues);
    }
    return count;
}

static void driver_read(const char *name, char ret_driver[DRIVER_MAX])
{
    struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
    struct ifreq request = {.ifr_data = (char *)&driver};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    text_copy_cut(request.ifr_name, sizeof(request.ifr_name), name);
    bool told = fd >= 0 && ioctl(fd, SIOCETHTOOL, &request) == 0 && driver.driver[0] != '\0';
    driver.driver[sizeof(driver.driver) - 1] = '\0';
    text_copy_cut(ret_driver, DRIVER_MAX, told ? driver.driver : "unknown");
    if (fd >= 0) {
        close(fd);
    }
}

static struct interface interface_read(const char *name)
{
    struct interface interface = {.queues = 0};
    char path[64];
    text_copy_cut(interface.name, sizeof(interface.name), name);
    driver_read(name, interface.driver);
    (void)snprintf(path, sizeof(path), "/sys/class/net/%.16s/queues", name);
    interface.queues = queues_count(path);
    return interface;
}

// A thread without a queue of its own sends by its socket.
static bool queues_do(const struct interface *interface, uint32_t threads)
{
    return interface->queues == 0 || interface->queues >= threads;
}

static enum transmit_advice advise_used(const struct config *config,
                                        const struct transmit_config *transmit, char *words)
{
    const struct interface interface = interface_read(transmit->interface);
    const char *obstacle = transmit_obstacle(transmit);
    uint32_t threads = sockets_thread_count(config);
    if (obstacle != NULL) {
        (void)snprintf(words, TRANSMIT_ADVICE_MAX,
                       "%s: %s; else sendmmsg does it, more slowly, as media.transmit: sendmmsg",
                       config->transmit, obstacle);
        return TRANSMIT_ADVICE_LESS;
    }
    (void)snprintf(words, TRANSMIT_ADVICE_MAX, "%s (driver %s, %u %s to send by)%s",
                   config->transmit, interface.driver, interface.queues,
                   interface.queues == 1 ? "queue" : "queues",
                   queues_do(&interface, threads)
                       ? ""
                       : ": fewer than media threads, the others send by their sockets; give it "
                         "more with ethtool -L, or set media.threads");
    return queues_do(&interface, threads) ? TRANSMIT_ADVICE_GOOD : TRANSMIT_ADVICE_LESS;
}

// By sockets, as nearly everybody: what would be gained.
static void advise_unused(const struct config *config, char *words)
{
    struct transmit_config wished = {.kind = TRANSMIT_AF_XDP};
    if (!interface_of(config, wished.interface)) {
        (void)snprintf(words, TRANSMIT_ADVICE_MAX, "sendmmsg; no interface is up for AF_XDP");
        return;
    }
    const struct interface interface = interface_read(wished.interface);
    const char *obstacle = transmit_obstacle(&wished);
    if (obstacle != NULL) {
        (void)snprintf(words, TRANSMIT_ADVICE_MAX,
                       "sendmmsg; AF_XDP would not serve on %s (driver %s): %s", interface.name,
                       interface.driver, obstacle);
        return;
    }
    (void)snprintf(words, TRANSMIT_ADVICE_MAX,
                   "sendmmsg; AF_XDP would serve on %s (driver %s, %u %s; copy mode, as with every "
                   "driver): 3.1 µs a packet and not 5.3 (the least by sockets: 4.6), measured "
                   "on another machine; media.transmit: af_xdp:%s turns it on, with CAP_NET_RAW "
                   "for the service",
                   interface.name, interface.driver, interface.queues,
                   interface.queues == 1 ? "queue" : "queues", interface.name);
}

enum transmit_advice transmit_advice(const struct config *config,
                                     char ret_words[TRANSMIT_ADVICE_MAX])
{
    struct transmit_config transmit;
    if (transmit_config_from_text(config->transmit, &transmit) != ERR_NONE) {
        (void)snprintf(ret_words, TRANSMIT_ADVICE_MAX,
                       "'%.64s': media.transmit is sendmmsg or af_xdp:INTERFACE", config->transmit);
        return TRANSMIT_ADVICE_INVALID;
    }
    if (transmit.kind == TRANSMIT_AF_XDP) {
        return advise_used(config, &transmit, ret_words);
    }
    advise_unused(config, ret_words);
    return TRANSMIT_ADVICE_GOOD;
}
