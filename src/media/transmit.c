#include "media/transmit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "media/transmit_priv.h"

enum err transmit_config_from_text(const char *text, struct transmit_config *ret_config)
{
    static const char prefix[] = "af_xdp:";
    *ret_config = (struct transmit_config){.kind = TRANSMIT_SENDMMSG};
    if (text_equal(text, "sendmmsg")) {
        return ERR_NONE;
    }
    if (!text_starts_with(text, prefix) || text[sizeof(prefix) - 1] == '\0') {
        return ERR_INVALID;
    }
    ret_config->kind = TRANSMIT_AF_XDP;
    return text_copy(ret_config->interface, sizeof(ret_config->interface),
                     text + sizeof(prefix) - 1) == ERR_NONE
               ? ERR_NONE
               : ERR_INVALID;
}

static bool address_is_any(const struct sockaddr_storage *own)
{
    struct address address;
    static const uint8_t zero[16];
    return address_from_socket((const struct sockaddr *)own, &address) != ERR_NONE ||
           memcmp(address.ip, zero, sizeof(zero)) == 0;
}

static bool socket_prepare(struct transmit *transmit, int fd)
{
    socklen_t own_size = sizeof(transmit->own);
    if (getsockname(fd, (struct sockaddr *)&transmit->own, &own_size) != 0) {
        return false;
    }
    transmit->dual_stack = transmit->own.ss_family == AF_INET6;
    transmit->bound = !address_is_any(&transmit->own);
    // Never fragmented, and never held back for what somebody says of the path: what we send fits
    // every path. It spares the kernel the numbering of IP packets. Best effort.
    int probe = IP_PMTUDISC_PROBE;
    (void)setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof(probe));
    if (transmit->dual_stack) {
        probe = IPV6_PMTUDISC_PROBE;
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &probe, sizeof(probe));
    }
    return true;
}

static void af_xdp_make(struct transmit *transmit, const struct transmit_config *config,
                        unsigned queue)
{
    const char *reason = "";
    if (config->kind != TRANSMIT_AF_XDP) {
        return;
    }
    transmit->af_xdp = transmit_af_xdp_create(config->interface, queue, transmit->memory,
                                              transmit->memory_size, &reason);
    if (transmit->af_xdp == NULL) {
        log_event(LOG_WARNING, "media.transmit_fallback", LOG_TEXT("wished", "af_xdp"),
                  LOG_TEXT("interface", config->interface), LOG_INT("queue", queue),
                  LOG_TEXT("reason", reason), LOG_TEXT("used", "sendmmsg"));
    } else {
        log_event(LOG_INFO, "media.transmit", LOG_TEXT("used", "af_xdp"),
                  LOG_TEXT("interface", config->interface), LOG_INT("queue", queue));
    }
}

static uint8_t *memory_map(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

const char *transmit_obstacle(const struct transmit_config *config)
{
    const size_t size = (size_t)(TRANSMIT_BATCH + TRANSMIT_AF_XDP_FRAMES) * TRANSMIT_FRAME_SIZE;
    const char *reason = NULL;
    if (config->kind == TRANSMIT_SENDMMSG) {
        return NULL;
    }
    uint8_t *memory = memory_map(size);
    if (memory == NULL) {
        return "memory is short";
    }
    struct transmit_af_xdp *af_xdp = transmit_af_xdp_create(config->interface, 0, memory, size,
                                                            &reason);
    transmit_af_xdp_destroy(af_xdp);
    (void)munmap(memory, size);
    return af_xdp != NULL ? NULL : reason;
}

struct transmit *transmit_create(int fd, const struct transmit_config *config, unsigned queue,
                                 struct counters *counters)
{
    struct transmit *transmit = calloc(1, sizeof(*transmit));
    if (transmit == NULL) {
        return NULL;
    }
    unsigned frames = TRANSMIT_BATCH +
                      (config->kind == TRANSMIT_AF_XDP ? TRANSMIT_AF_XDP_FRAMES : 0);
    transmit->fd = fd;
    transmit->probe_fd = -1;
    transmit->counters = counters;
    transmit->gso = true;
    transmit->memory_size = (size_t)frames * TRANSMIT_FRAME_SIZE;
    transmit->memory = memory_map(transmit->memory_size);
    if (transmit->memory == NULL || !socket_prepare(transmit, fd)) {
        transmit_destroy(transmit);
        return NULL;
    }
    transmit->probe_fd = socket(transmit->own.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (unsigned i = 0; i < TRANSMIT_BATCH; i++) {
        transmit->frames[i] = transmit->memory + (size_t)i * TRANSMIT_FRAME_SIZE;
        transmit->vectors[i].iov_base = transmit->frames[i] + TRANSMIT_HEADROOM;
        transmit->messages[i].msg_hdr.msg_iov = &transmit->vectors[i];
        transmit->messages[i].msg_hdr.msg_iovlen = 1;
    }
    af_xdp_make(transmit, config, queue);
    return transmit;
}

void transmit_destroy(struct transmit *transmit)
{
    if (transmit == NULL) {
        return;
    }
    transmit_af_xdp_destroy(transmit->af_xdp);
    if (transmit->memory != NULL) {
        (void)munmap(transmit->memory, transmit->memory_size);
    }
    if (transmit->probe_fd >= 0) {
        close(transmit->probe_fd);
    }
    free(transmit);
}

enum transmit_kind transmit_kind(const struct transmit *transmit)
{
    return transmit->af_xdp != NULL ? TRANSMIT_AF_XDP : TRANSMIT_SENDMMSG;
}

// --- destinations ---

static void control_write(struct transmit_destination *destination, int level, int type,
                          const void *data, size_t size)
{
    struct cmsghdr header = {.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
    memcpy(destination->control, &header, sizeof(header));
    memcpy(destination->control + CMSG_LEN(0), data, size);
    destination->control_size = (uint8_t)CMSG_SPACE(size);
}

struct transmit_destination transmit_destination_once(const struct transmit *transmit,
                                                      const struct path *path)
{
    struct transmit_destination destination;
    struct sockaddr_storage address;
    memset(&destination, 0, sizeof(destination)); // gaps too: destinations are compared
    // A dual-stack socket takes a plain IPv4 address too, and has less to do with it.
    socklen_t size = address_to_socket(&path->remote, false, &address);
    if (size == 0 || size > sizeof(destination.to) ||
        (address.ss_family == AF_INET6 && !transmit->dual_stack)) {
        return destination;
    }
    memcpy(&destination.to, &address, size);
    destination.size = (uint8_t)size;
    if (transmit->bound || path->local.family != path->remote.family) {
        return destination;
    }
    struct sockaddr_storage own;
    (void)address_to_socket(&path->local, false, &own);
    if (own.ss_family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_addr = ((const struct sockaddr_in6 *)&own)->sin6_addr};
        control_write(&destination, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
    } else {
        struct in_pktinfo info = {.ipi_spec_dst = ((const struct sockaddr_in *)&own)->sin_addr};
        control_write(&destination, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
    }
    return destination;
}

// Which of our addresses the kernel would send from.
static bool source_is(struct transmit *transmit, const struct path *path)
{
    struct sockaddr_storage remote;
    struct sockaddr_storage chosen;
    struct address address;
    socklen_t chosen_size = sizeof(chosen);
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    socklen_t size = address_to_socket(&path->remote, transmit->dual_stack, &remote);
    return transmit->probe_fd >= 0 && size > 0 &&
           // Forgets the address that the last route brought.
           connect(transmit->probe_fd, &nowhere, sizeof(nowhere)) == 0 &&
           connect(transmit->probe_fd, (const struct sockaddr *)&remote, size) == 0 &&
           getsockname(transmit->probe_fd, (struct sockaddr *)&chosen, &chosen_size) == 0 &&
           address_from_socket((const struct sockaddr *)&chosen, &address) == ERR_NONE &&
           address.family == path->local.family &&
           memcmp(address.ip, path->local.ip, sizeof(address.ip)) == 0;
}

struct transmit_destination transmit_destination(struct transmit *transmit, const struct path *path)
{
    struct transmit_destination destination = transmit_destination_once(transmit, path);
    if (destination.control_size > 0 && source_is(transmit, path)) {
        destination.control_size = 0;
        memset(destination.control, 0, sizeof(destination.control));
    }
    if (destination.size > 0 && transmit->af_xdp != NULL) {
        struct address own;
        if (address_from_socket((const struct sockaddr *)&transmit->own, &own) == ERR_NONE) {
            transmit_af_xdp_resolve(transmit->af_xdp, path, own.port, &destination);
        }
    }
    return destination;
}

// --- the batch ---

void transmit_received_at(struct transmit *transmit, time_us received_at)
{
    transmit->stamp = received_at;
}

uint8_t *transmit_reserve(struct transmit *transmit)
{
    if (transmit->committed == TRANSMIT_BATCH) {
        transmit_flush(transmit);
    }
    return transmit->frames[transmit->committed] + TRANSMIT_HEADROOM;
}

void transmit_commit(struct transmit *transmit, const struct transmit_destination *destination,
                     size_t size)
{
    unsigned place = transmit->committed;
    ASSERT(place < TRANSMIT_BATCH && size <= TRANSMIT_DATAGRAM_MAX);
    if (destination->size == 0) {
        return;
    }
    struct msghdr *header = &transmit->messages[place].msg_hdr;
    header->msg_name = (void *)(uintptr_t)&destination->to;
    header->msg_namelen = destination->size;
    header->msg_control = (void *)(uintptr_t)destination->control;
    header->msg_controllen = destination->control_size;
    transmit->vectors[place].iov_len = size;
    transmit->destinations[place] = destination;
    transmit->stamps[place] = transmit->stamp;
    transmit->large += size >= TRANSMIT_GSO_LEAST;
    transmit->committed = place + 1;
}

static void delays_count(struct counters *counters, const time_us *stamps, unsigned count)
{
    time_us now = time_monotonic_us();
    for (unsigned i = 0; i < count;) {
        unsigned end = i + 1;
        while (end < count && stamps[end] == stamps[i]) {
            end++;
        }
        if (stamps[i] != 0) {
            counters_add_delay(counters, now - stamps[i], end - i);
        }
        i = end;
    }
}

void transmit_flush(struct transmit *transmit)
{
    unsigned count = transmit->committed;
    if (count == 0) {
        return;
    }
    transmit->waited = false;
    if (transmit->af_xdp != NULL) {
        transmit_af_xdp(transmit);
    }
    if (transmit->gso && transmit->large > 1) {
        transmit_gso(transmit);
    } else {
        transmit_sendmmsg(transmit);
    }
    transmit->committed = 0;
    transmit->large = 0;
    delays_count(transmit->counters, transmit->stamps, count);
}
