// The least that any server can do with one sound for many listeners: for each of them rewrite the
// RTP header, encrypt under its key, and hand datagrams to the kernel in batches. No ICE, no
// reports, no statistics. What a server costs above this is its own doing.
//   limit [--destinations N] [--address IP] [--port P] [--payload BYTES] [--cipher gcm|cm]
//         [--rate PACKETS] [--seconds S] [--json]
//   limit --drain P
// Destination i is address IP + i. --rate: packets a second to each; 0: as fast as it goes (then 1
// is what one core can at most). Without --address the destinations are on the loopback and a child
// process drains them; elsewhere `limit --drain` does, since a datagram that nobody takes costs
// more.
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/secure_rtp.h"
#include "wire/rtp.h"

#define BATCH            128
#define DATAGRAM_MAX     1600
#define PAYLOAD_MAX      1400
#define DESTINATIONS_MAX 60000
#define DRAIN_BATCH      64
#define DRAIN_EVERY_NS   500000 // long enough to be idle, short enough for every buffer
#define BUFFER           (16 * 1024 * 1024)
#define PAYLOAD_TYPE     111
#define SAMPLES          960
#define LOOPBACK         "127.78.0.1"
#define DEFAULT_PORT     20777

struct destination {
    struct secure_rtp_key key;
    struct secure_rtp_sender sender;
    struct sockaddr_in address;
    uint32_t ssrc;
    uint16_t sequence;
    uint32_t timestamp;
};

struct limit {
    unsigned destinations;
    const char *address;
    unsigned port;
    unsigned payload;
    enum secure_rtp_profile profile;
    unsigned rate;
    unsigned seconds;
    bool json;
    bool drain;
    int fd;
    struct destination *list;
    uint64_t sent;
    uint64_t refused; // by the kernel
    struct mmsghdr headers[BATCH];
    struct iovec vectors[BATCH];
    uint8_t data[BATCH][DATAGRAM_MAX];
};

static void require(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
        exit(1);
    }
}

// --- the other end ---

_Noreturn static void drain(unsigned port)
{
    static struct mmsghdr headers[DRAIN_BATCH];
    static struct iovec vectors[DRAIN_BATCH];
    static uint8_t data[DRAIN_BATCH][DATAGRAM_MAX];
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int size = BUFFER;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0, "drain");
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
    for (unsigned i = 0; i < DRAIN_BATCH; i++) {
        vectors[i] = (struct iovec){data[i], DATAGRAM_MAX};
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    (void)puts("ready");
    (void)fflush(stdout);
    // Looks from time to time instead of waiting: waking a reader would be on the sender's account.
    const struct timespec pause = {.tv_nsec = DRAIN_EVERY_NS};
    for (;;) {
        if (recvmmsg(fd, headers, DRAIN_BATCH, MSG_DONTWAIT, NULL) < DRAIN_BATCH) {
            (void)nanosleep(&pause, NULL);
        }
    }
}

static pid_t drain_in_child(unsigned port)
{
    int ends[2];
    char byte;
    require(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        require(dup2(ends[1], STDOUT_FILENO) >= 0, "dup2");
        drain(port);
    }
    close(ends[1]);
    require(read(ends[0], &byte, 1) == 1, "drain"); // it is bound
    close(ends[0]);
    return child;
}

// --- sending ---

static void prepare(struct limit *limit)
{
    struct in_addr first;
    int size = BUFFER;
    require(inet_pton(AF_INET, limit->address, &first) == 1, "address");
    limit->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(limit->fd >= 0, "socket");
    (void)setsockopt(limit->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    // Without fragments the kernel need not number the packets.
    int whole = IP_PMTUDISC_DO;
    (void)setsockopt(limit->fd, IPPROTO_IP, IP_MTU_DISCOVER, &whole, sizeof(whole));
    limit->list = aligned_alloc(64, (sizeof(*limit->list) * limit->destinations + 63) / 64 * 64);
    require(limit->list != NULL, "memory");
    for (unsigned i = 0; i < limit->destinations; i++) {
        struct destination *to = &limit->list[i];
        uint8_t secret[SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
        memset(to, 0, sizeof(*to));
        random_bytes(secret, sizeof(secret));
        enum err err = secure_rtp_key_init(&to->key, limit->profile, secret,
                                           secret + SECURE_RTP_KEY_SIZE);
        require(err == ERR_NONE, "key");
        to->ssrc = random_u32();
        to->sequence = (uint16_t)(random_u32() & 0x7fff);
        to->timestamp = random_u32();
        secure_rtp_sender_init(&to->sender, to->ssrc);
        to->address = (struct sockaddr_in){.sin_family = AF_INET,
                                           .sin_port = htons((uint16_t)limit->port)};
        to->address.sin_addr.s_addr = htonl(ntohl(first.s_addr) + i);
    }
    for (unsigned i = 0; i < BATCH; i++) {
        limit->vectors[i].iov_base = limit->data[i];
        limit->headers[i].msg_hdr = (struct msghdr){.msg_namelen = sizeof(struct sockaddr_in),
                                                    .msg_iov = &limit->vectors[i],
                                                    .msg_iovlen = 1};
    }
}

static void flush(struct limit *limit, unsigned count)
{
    for (unsigned done = 0; done < count;) {
        int sent = sendmmsg(limit->fd, limit->headers + done, count - done, 0);
        limit->sent += sent > 0 ? (unsigned)sent : 0;
        limit->refused += sent > 0 ? 0 : 1;
        done += sent > 0 ? (unsigned)sent : 1;
    }
}

// One packet of sound to everybody.
static void round_send(struct limit *limit, const uint8_t *payload)
{
    unsigned count = 0;
    for (unsigned i = 0; i < limit->destinations; i++) {
        struct destination *to = &limit->list[i];
        struct rtp_header header = {.payload_type = PAYLOAD_TYPE,
                                    .sequence = to->sequence++,
                                    .timestamp = to->timestamp,
                                    .ssrc = to->ssrc};
        to->timestamp += SAMPLES;
        uint8_t *out = limit->data[count];
        rtp_write_header(out, &header);
        limit->vectors[count].iov_len = secure_rtp_seal_to(
            &to->key, &to->sender, out, RTP_HEADER_SIZE, payload, limit->payload, out);
        limit->headers[count].msg_hdr.msg_name = &to->address;
        if (++count == BATCH) {
            flush(limit, count);
            count = 0;
        }
    }
    flush(limit, count);
}

static time_us used_us(int who, bool system)
{
    struct rusage usage;
    require(getrusage(who, &usage) == 0, "getrusage");
    struct timeval *at = system ? &usage.ru_stime : &usage.ru_utime;
    return at->tv_sec * (time_us)TIME_US_PER_S + at->tv_usec;
}

static void run(struct limit *limit)
{
    uint8_t payload[PAYLOAD_MAX];
    random_bytes(payload, sizeof(payload));
    round_send(limit, payload); // warm
    limit->sent = limit->refused = 0;
    time_us user = used_us(RUSAGE_SELF, false);
    time_us system = used_us(RUSAGE_SELF, true);
    time_us began = time_monotonic_us();
    time_us end = began + limit->seconds * (time_us)TIME_US_PER_S;
    time_us next = began;
    for (time_us now = began; now < end; now = time_monotonic_us()) {
        round_send(limit, payload);
        next += limit->rate > 0 ? TIME_US_PER_S / limit->rate : 0;
        struct timespec at = {.tv_sec = next / TIME_US_PER_S,
                              .tv_nsec = next % TIME_US_PER_S * 1000};
        if (limit->rate > 0) {
            (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        }
    }
    double packets = (double)limit->sent;
    double seconds = (double)(time_monotonic_us() - began) / TIME_US_PER_S;
    double user_ns = 1000 * (double)(used_us(RUSAGE_SELF, false) - user) / packets;
    double system_ns = 1000 * (double)(used_us(RUSAGE_SELF, true) - system) / packets;
    if (limit->json) {
        printf(
            "{\"destinations\":%u,\"payload\":%u,\"rate\":%u,\"packets\":%.0f,\"refused\":%llu,"
            "\"packets_per_s\":%.0f,\"user_ns\":%.1f,\"system_ns\":%.1f,\"ns\":%.1f}\n",
            limit->destinations, limit->payload, limit->rate, packets,
            (unsigned long long)limit->refused, packets / seconds, user_ns, system_ns,
            user_ns + system_ns);
    } else {
        printf(
            "%u destinations, %u bytes, %s, %s: %.0f ns a packet (user %.0f, system %.0f), "
            "%.0f packets a second, %llu refused\n",
            limit->destinations, limit->payload,
            limit->profile == SECURE_RTP_AEAD_AES_128_GCM ? "AES-GCM" : "AES-CM",
            secure_rtp_backend(), user_ns + system_ns, user_ns, system_ns, packets / seconds,
            (unsigned long long)limit->refused);
    }
}

static unsigned number(const char *word, unsigned max)
{
    unsigned long long value = 0;
    if (text_to_u64(word, strlen(word), max, &value) != ERR_NONE) {
        (void)fprintf(stderr, "limit: '%s' cannot be read, or is above %u\n", word, max);
        exit(2);
    }
    return (unsigned)value;
}

static void options_read(int argc, char **argv, struct limit *limit)
{
    static const struct option table[] = {{"destinations", 1, NULL, 'd'}, {"address", 1, NULL, 'a'},
                                          {"port", 1, NULL, 'p'},         {"payload", 1, NULL, 'b'},
                                          {"cipher", 1, NULL, 'c'},       {"rate", 1, NULL, 'r'},
                                          {"seconds", 1, NULL, 's'},      {"json", 0, NULL, 'j'},
                                          {"drain", 1, NULL, 'o'},        {0}};
    for (int code = getopt_long(argc, argv, "", table, NULL); code != -1;
         code = getopt_long(argc, argv, "", table, NULL)) {
        switch (code) {
        case 'd': limit->destinations = number(optarg, DESTINATIONS_MAX); break;
        case 'a': limit->address = optarg; break;
        case 'p': limit->port = number(optarg, UINT16_MAX); break;
        case 'b': limit->payload = number(optarg, PAYLOAD_MAX); break;
        case 'c':
            limit->profile = text_equal(optarg, "cm") ? SECURE_RTP_AES128_CM_SHA1_80
                                                      : SECURE_RTP_AEAD_AES_128_GCM;
            break;
        case 'r': limit->rate = number(optarg, 10000); break;
        case 's': limit->seconds = number(optarg, 3600); break;
        case 'j': limit->json = true; break;
        case 'o':
            limit->drain = true;
            limit->port = number(optarg, UINT16_MAX);
            break;
        default:
            (void)fprintf(stderr, "how to call it stands at the beginning of bench/limit.c\n");
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    static struct limit limit = {.destinations = 1000,
                                 .port = DEFAULT_PORT,
                                 .payload = 80,
                                 .profile = SECURE_RTP_AEAD_AES_128_GCM,
                                 .seconds = 5};
    options_read(argc, argv, &limit);
    if (limit.drain) {
        drain(limit.port);
    }
    require(limit.destinations > 0, "no destination");
    require(secure_rtp_setup() == ERR_NONE, "encryption");
    pid_t child = limit.address == NULL ? drain_in_child(limit.port) : 0;
    limit.address = limit.address != NULL ? limit.address : LOOPBACK;
    prepare(&limit);
    run(&limit);
    if (child > 0) {
        (void)kill(child, SIGKILL);
    }
    return 0;
}
