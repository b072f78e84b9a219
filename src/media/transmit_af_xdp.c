// AF_XDP, transmitting only, in copy mode: works with every driver and takes nothing away from the
// kernel's own use of the queue. The kernel's own interface (linux/if_xdp.h), no library.
//
// The kernel copies a frame while sendto() runs and gives it back by the completion ring when the
// device is done with it. Frames belong to the batch (transmit.frames), to `free`, or to the
// kernel.
#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if_arp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "media/transmit_priv.h"
#include "media/transmit_route.h"
#include "media/transmit_watch.h"

#define RING_SIZE  TRANSMIT_AF_XDP_FRAMES
#define FILL_SIZE  64 // unused, but a socket without one is not bound
#define KICKS_MAX  64 // of one flush
#define TX_BUDGET  128
#define OPT_BUDGET 9 // XDP_MAX_TX_SKB_BUDGET, younger than the headers: frames for each sendto()

_Static_assert((RING_SIZE & (RING_SIZE - 1)) == 0, "rings are powers of two");

struct xdp_ring {
    void *map; // owned; MAP_FAILED: none
    size_t map_size;
    _Atomic uint32_t *producer;
    _Atomic uint32_t *consumer;
    void *entries;
};

struct transmit_af_xdp {
    int fd;
    int netlink_fd;
    unsigned interface;
    uint8_t mac[6];
    uint16_t datagram_max; // IPv4; 20 less for IPv6
    struct transmit_watch watch;
    uint8_t *memory; // borrowed
    struct xdp_ring tx;
    struct xdp_ring completion;
    uint32_t free_count;
    uint8_t *free[TRANSMIT_AF_XDP_FRAMES];
};

static bool ring_map(int fd, struct xdp_ring *ring, const struct xdp_ring_offset *offset,
                     size_t entry_size, uint64_t page_offset)
{
    ring->map_size = offset->desc + RING_SIZE * entry_size;
    ring->map = mmap(NULL, ring->map_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
                     (off_t)page_offset);
    if (ring->map == MAP_FAILED) {
        return false;
    }
    uint8_t *base = ring->map;
    ring->producer = (_Atomic uint32_t *)(void *)(base + offset->producer);
    ring->consumer = (_Atomic uint32_t *)(void *)(base + offset->consumer);
    ring->entries = base + offset->desc;
    return true;
}

static bool interface_read(struct transmit_af_xdp *af_xdp, const char *name)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    text_copy_cut(request.ifr_name, sizeof(request.ifr_name), name);
    bool good = ioctl(fd, SIOCGIFINDEX, &request) == 0;
    af_xdp->interface = good ? (unsigned)request.ifr_ifindex : 0;
    good = good && ioctl(fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu >= 1280;
    af_xdp->datagram_max = good ? (uint16_t)((request.ifr_mtu < 9000 ? request.ifr_mtu : 9000) - 28)
                                : 0;
    good = good && ioctl(fd, SIOCGIFHWADDR, &request) == 0 &&
           request.ifr_hwaddr.sa_family == ARPHRD_ETHER;
    memcpy(af_xdp->mac, request.ifr_hwaddr.sa_data, sizeof(af_xdp->mac));
    close(fd);
    return good;
}

static bool rings_make(struct transmit_af_xdp *af_xdp, size_t memory_size)
{
    struct xdp_umem_reg umem = {
        .addr = (uint64_t)(uintptr_t)af_xdp->memory,
        .len = memory_size,
        .chunk_size = TRANSMIT_FRAME_SIZE,
    };
    struct xdp_mmap_offsets offsets;
    socklen_t size = sizeof(offsets);
    int fd = af_xdp->fd;
    int entries = RING_SIZE;
    int fill = FILL_SIZE;
    return setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)) == 0 &&
           setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &fill, sizeof(fill)) == 0 &&
           setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries)) == 0 &&
           setsockopt(fd, SOL_XDP, XDP_TX_RING, &entries, sizeof(entries)) == 0 &&
           getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size) == 0 &&
           ring_map(fd, &af_xdp->tx, &offsets.tx, sizeof(struct xdp_desc), XDP_PGOFF_TX_RING) &&
           ring_map(fd, &af_xdp->completion, &offsets.cr, sizeof(uint64_t),
                    XDP_UMEM_PGOFF_COMPLETION_RING);
}

static const char *af_xdp_open(struct transmit_af_xdp *af_xdp, const char *interface,
                               unsigned queue, size_t memory_size)
{
    if (!interface_read(af_xdp, interface)) {
        return "no such Ethernet interface";
    }
    af_xdp->netlink_fd = transmit_route_open();
    if (af_xdp->netlink_fd < 0) {
        return "no netlink socket";
    }
    af_xdp->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (af_xdp->fd < 0) {
        return errno == EPERM ? "CAP_NET_RAW is missing" : "the kernel has no AF_XDP";
    }
    if (!rings_make(af_xdp, memory_size)) {
        return errno == ENOBUFS ? "the limit of locked memory is too low" : "no rings";
    }
    struct sockaddr_xdp address = {
        .sxdp_family = AF_XDP,
        .sxdp_flags = XDP_COPY,
        .sxdp_ifindex = af_xdp->interface,
        .sxdp_queue_id = queue,
    };
    if (bind(af_xdp->fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        return errno == EINVAL  ? "the interface has no such queue"
               : errno == EBUSY ? "the queue is in use, by a server that runs or another program"
                                : "the queue was refused";
    }
    int budget = TX_BUDGET;
    (void)setsockopt(af_xdp->fd, SOL_XDP, OPT_BUDGET, &budget, sizeof(budget)); // best effort
    return NULL;
}

struct transmit_af_xdp *transmit_af_xdp_create(const char *interface, unsigned queue,
                                               uint8_t *memory, size_t memory_size,
                                               const char **ret_reason)
{
    struct transmit_af_xdp *af_xdp = calloc(1, sizeof(*af_xdp));
    *ret_reason = "memory is short";
    if (af_xdp == NULL) {
        return NULL;
    }
    ASSERT(memory_size == (size_t)(TRANSMIT_BATCH + TRANSMIT_AF_XDP_FRAMES) * TRANSMIT_FRAME_SIZE);
    af_xdp->fd = af_xdp->netlink_fd = -1;
    af_xdp->memory = memory;
    af_xdp->tx.map = af_xdp->completion.map = MAP_FAILED;
    *ret_reason = af_xdp_open(af_xdp, interface, queue, memory_size);
    if (*ret_reason != NULL) {
        transmit_af_xdp_destroy(af_xdp);
        return NULL;
    }
    for (unsigned i = 0; i < TRANSMIT_AF_XDP_FRAMES; i++) {
        af_xdp->free[af_xdp->free_count++] = memory +
                                             (size_t)(TRANSMIT_BATCH + i) * TRANSMIT_FRAME_SIZE;
    }
    return af_xdp;
}

static void ring_unmap(struct xdp_ring *ring)
{
    if (ring->map != MAP_FAILED) {
        (void)munmap(ring->map, ring->map_size);
    }
}

void transmit_af_xdp_destroy(struct transmit_af_xdp *af_xdp)
{
    if (af_xdp == NULL) {
        return;
    }
    ring_unmap(&af_xdp->tx);
    ring_unmap(&af_xdp->completion);
    if (af_xdp->fd >= 0) {
        close(af_xdp->fd);
    }
    if (af_xdp->netlink_fd >= 0) {
        close(af_xdp->netlink_fd);
    }
    free(af_xdp);
}

void transmit_af_xdp_resolve(struct transmit_af_xdp *af_xdp, const struct path *path,
                             uint16_t own_port, struct transmit_destination *destination)
{
    uint8_t next_mac[6];
    struct address local = path->local;
    if (transmit_route_find(af_xdp->netlink_fd, path, af_xdp->interface, next_mac)) {
        local.port = own_port;
        transmit_frame_init(destination, af_xdp->mac, next_mac, &local, &path->remote);
        destination->frame_datagram_max = local.family == ADDRESS_IPV4
                                              ? af_xdp->datagram_max
                                              : (uint16_t)(af_xdp->datagram_max - 20);
    }
}

// True when frames came back.
static bool completed_take(struct transmit_af_xdp *af_xdp)
{
    struct xdp_ring *ring = &af_xdp->completion;
    uint32_t from = atomic_load_explicit(ring->consumer, memory_order_relaxed);
    uint32_t to = atomic_load_explicit(ring->producer, memory_order_acquire);
    const uint64_t *entries = ring->entries;
    bool moved = from != to;
    for (; from != to; from++) {
        uint64_t frame = entries[from % RING_SIZE] / TRANSMIT_FRAME_SIZE;
        ASSERT(af_xdp->free_count < TRANSMIT_AF_XDP_FRAMES);
        af_xdp->free[af_xdp->free_count++] = af_xdp->memory + frame * TRANSMIT_FRAME_SIZE;
    }
    atomic_store_explicit(ring->consumer, to, memory_order_release);
    return moved;
}

// sendto() sends a bounded number of frames; until none is left. 0, or why frames were not taken;
// EBUSY: the device dropped some.
static int kick(struct transmit_af_xdp *af_xdp)
{
    struct xdp_ring *ring = &af_xdp->tx;
    uint32_t produced = atomic_load_explicit(ring->producer, memory_order_relaxed);
    bool dropped = false;
    for (unsigned i = 0; i < KICKS_MAX; i++) {
        int result = (int)sendto(af_xdp->fd, NULL, 0, MSG_DONTWAIT, NULL, 0);
        int error = result < 0 ? errno : 0;
        dropped = dropped || error == EBUSY;
        if (error != 0 && error != EAGAIN && error != EBUSY && error != EINTR && error != ENOBUFS) {
            return error;
        }
        if (atomic_load_explicit(ring->consumer, memory_order_acquire) == produced) {
            break;
        }
    }
    // What the device had no room for goes out first the next time.
    return dropped ? EBUSY : 0;
}

static void tell(const struct transmit_af_xdp *af_xdp, bool was_faulty, int error)
{
    bool faulty = af_xdp->watch.faulty;
    if (faulty && !was_faulty) {
        log_event(LOG_WARNING, "media.transmit_fault", LOG_INT("interface", af_xdp->interface),
                  LOG_TEXT("reason", error != 0 ? strerror(error) : "frames do not come back"),
                  LOG_TEXT("used", "sendmmsg"));
    } else if (was_faulty && !faulty) {
        log_event(LOG_INFO, "media.transmit", LOG_TEXT("used", "af_xdp"),
                  LOG_INT("interface", af_xdp->interface));
    }
}

// May this batch go to the device?
static bool is_well(struct transmit_af_xdp *af_xdp, time_us now, struct counters *counters)
{
    struct transmit_watch *watch = &af_xdp->watch;
    bool was_faulty = watch->faulty;
    int error = 0;
    bool moved = completed_take(af_xdp);
    uint32_t under_way = TRANSMIT_AF_XDP_FRAMES - af_xdp->free_count;
    if (transmit_watch_way(watch, now, under_way, moved) == TRANSMIT_WAY_TRY) {
        error = kick(af_xdp);
        transmit_watch_tried(watch, now, under_way, error);
    }
    counter_add(&counters->transmit_faults_total, watch->faulty && !was_faulty);
    tell(af_xdp, was_faulty, error);
    return !watch->faulty;
}

// The frames up to `at` are the device's.
static void give(struct transmit_af_xdp *af_xdp, time_us now, uint32_t at,
                 struct counters *counters)
{
    atomic_store_explicit(af_xdp->tx.producer, at, memory_order_release);
    int error = kick(af_xdp);
    transmit_watch_given(&af_xdp->watch, now, error);
    counter_add(&counters->transmit_faults_total, af_xdp->watch.faulty);
    tell(af_xdp, false, error);
}

static void places_swap(struct transmit *transmit, unsigned a, unsigned b)
{
    uint8_t *frame = transmit->frames[a];
    time_us stamp = transmit->stamps[a];
    const struct transmit_destination *destination = transmit->destinations[a];
    struct iovec vector = transmit->vectors[a];
    struct msghdr header = transmit->messages[a].msg_hdr;
    transmit->frames[a] = transmit->frames[b];
    transmit->stamps[a] = transmit->stamps[b];
    transmit->destinations[a] = transmit->destinations[b];
    transmit->vectors[a] = transmit->vectors[b];
    transmit->messages[a].msg_hdr = transmit->messages[b].msg_hdr;
    transmit->frames[b] = frame;
    transmit->stamps[b] = stamp;
    transmit->destinations[b] = destination;
    transmit->vectors[b] = vector;
    transmit->messages[b].msg_hdr = header;
    transmit->messages[a].msg_hdr.msg_iov = &transmit->vectors[a];
    transmit->messages[b].msg_hdr.msg_iov = &transmit->vectors[b];
}

void transmit_af_xdp(struct transmit *transmit)
{
    struct transmit_af_xdp *af_xdp = transmit->af_xdp;
    struct xdp_ring *ring = &af_xdp->tx;
    struct xdp_desc *entries = ring->entries;
    time_us now = time_monotonic_us();
    if (!is_well(af_xdp, now, transmit->counters)) {
        return;
    }
    uint32_t begin = atomic_load_explicit(ring->producer, memory_order_relaxed);
    uint32_t at = begin;
    uint32_t end = atomic_load_explicit(ring->consumer, memory_order_acquire) + RING_SIZE;
    uint64_t bytes = 0;
    unsigned kept = 0;
    for (unsigned i = 0; i < transmit->committed; i++) {
        const struct transmit_destination *destination = transmit->destinations[i];
        size_t size = transmit->vectors[i].iov_len;
        if (destination->frame_size == 0 || size > destination->frame_datagram_max ||
            af_xdp->free_count == 0 || at == end) {
            if (kept != i) {
                places_swap(transmit, kept, i);
            }
            kept++;
            continue;
        }
        uint8_t *frame = transmit_frame_write(destination, transmit->vectors[i].iov_base, size);
        entries[at++ % RING_SIZE] = (struct xdp_desc){
            .addr = (uint64_t)(frame - af_xdp->memory),
            .len = (uint32_t)(destination->frame_size + size),
        };
        bytes += size;
        transmit->frames[i] = af_xdp->free[--af_xdp->free_count];
        transmit->vectors[i].iov_base = transmit->frames[i] + TRANSMIT_HEADROOM;
    }
    if (at != begin) {
        counter_add(&transmit->counters->datagrams_out_total, at - begin);
        counter_add(&transmit->counters->bytes_out_total, bytes);
        counter_add(&transmit->counters->transmit_af_xdp_total, at - begin);
        give(af_xdp, now, at, transmit->counters);
    }
    transmit->committed = kept;
}
