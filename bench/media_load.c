// Many small WebRTC clients in one process, for figures of the media process. Who they are in the
// meeting is arranged by the program that starts it (bench/figures.py):
//   media_load [ADDRESS:]MEDIA-PORT COUNT SECTIONS [COUNT SECTIONS …]
// SECTIONS are the offer's, two letters each: s or r (sends, receives), a or v (audio, video).
// Clients that send audio do so every 20 ms, 80 bytes a packet with the time of sending in them.
// With MEDIA_LOAD_SHA1_80 in the environment they do not offer AES-GCM.
//   out: offer NUMBER SIZE, and the offer
//   in:  answer NUMBER SIZE, and the answer
//   in:  measure MILLISECONDS     out: one line of JSON
//   in:  quit
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "media_client.h"

#define CLIENTS_MAX    4096
#define PAYLOAD        80
#define PACKET_US      (20 * TIME_US_PER_MS)
#define STEP_US        (25 * TIME_US_PER_MS)
#define TURN_DATAGRAMS 64
#define LATENCY_MAX_US 1000000
#define LINE_MAX_SIZE  128

struct member {
    struct media_client *client;
    int audio_section; // that it sends; -1
    time_us answered_at;
    time_us connected_at; // 0: not yet
    time_us sound_at;     // 0: nothing heard yet
    bool begun[MEDIA_CLIENT_SECTIONS_MAX];
    uint16_t next[MEDIA_CLIENT_SECTIONS_MAX]; // sequence number awaited, by section
};

struct load {
    struct member members[CLIENTS_MAX];
    unsigned count;
    int poll_fd;
    time_us send_at;
    time_us step_at;
    bool measuring;
    uint64_t received;
    uint64_t lost; // sequence numbers passed over
    uint64_t sent;
    uint32_t latencies[LATENCY_MAX_US / 10]; // by tens of microseconds
};

static struct load load;

static void require(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "media_load: %s\n", what);
        exit(1);
    }
}

// "PORT" on this machine or "ADDRESS:PORT" (IPv4).
static struct media_client_options server_of(const char *text)
{
    struct media_client_options options = {0};
    char address[INET_ADDRSTRLEN] = "127.0.0.1";
    const char *colon = strchr(text, ':');
    if (colon != NULL) {
        require((size_t)(colon - text) < sizeof(address), "the address is too long");
        memcpy(address, text, (size_t)(colon - text));
        address[colon - text] = '\0';
    }
    require(inet_pton(AF_INET, address, &options.server) == 1, "no address");
    options.server_port = (uint16_t)strtoul(colon != NULL ? colon + 1 : text, NULL, 10);
    return options;
}

static void add_members(const char *server, unsigned count, const char *sections)
{
    struct media_client_options options = server_of(server);
    options.only_sha1_80 = getenv("MEDIA_LOAD_SHA1_80") != NULL;
    int audio_section = -1;
    for (const char *at = sections; at[0] != '\0' && at[1] != '\0'; at += 2) {
        require(options.section_count < MEDIA_CLIENT_SECTIONS_MAX, "too many sections");
        struct link_section *section = &options.sections[options.section_count];
        section->kind = at[1] == 'a' ? LINK_AUDIO : LINK_VIDEO;
        section->direction = at[0] == 's' ? LINK_SEND : LINK_RECEIVE;
        if (at[0] == 's' && at[1] == 'a') {
            audio_section = options.section_count;
        }
        options.section_count++;
    }
    for (unsigned i = 0; i < count; i++) {
        require(load.count < CLIENTS_MAX, "too many clients");
        struct member *member = &load.members[load.count];
        member->client = media_client_create(&options);
        member->audio_section = audio_section;
        require(member->client != NULL, "a client cannot be made");
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = load.count};
        require(epoll_ctl(load.poll_fd, EPOLL_CTL_ADD, media_client_fd(member->client), &event) ==
                    0,
                "epoll");
        const char *offer = media_client_offer(member->client);
        printf("offer %u %zu\n%s", load.count, strlen(offer), offer);
        load.count++;
    }
}

static void packet_heard(struct member *member, const struct media_client_packet *packet,
                         time_us now)
{
    member->sound_at = member->sound_at != 0 ? member->sound_at : now;
    uint16_t missing = (uint16_t)(packet->sequence - member->next[packet->section]);
    if (load.measuring && member->begun[packet->section] && missing < 0x8000) {
        load.lost += missing;
    }
    member->begun[packet->section] = true;
    member->next[packet->section] = (uint16_t)(packet->sequence + 1);
    if (!load.measuring || packet->size < 1 + sizeof(time_us)) {
        return;
    }
    time_us sent_at;
    memcpy(&sent_at, packet->payload + 1, sizeof(sent_at));
    time_us latency = now - sent_at;
    latency = latency < 0 ? 0 : latency >= LATENCY_MAX_US ? LATENCY_MAX_US - 1 : latency;
    load.latencies[latency / 10]++;
    load.received++;
}

static void read_member(struct member *member)
{
    static struct media_client_packet packet;
    bool is_rtp = false;
    for (int i = 0; i < TURN_DATAGRAMS; i++) {
        time_us now = time_monotonic_us();
        if (!media_client_receive(member->client, now, &is_rtp, &packet)) {
            break;
        }
        if (is_rtp) {
            packet_heard(member, &packet, now);
        }
    }
    if (member->connected_at == 0 && media_client_connected(member->client)) {
        member->connected_at = time_monotonic_us();
    }
}

static void send_due(time_us now)
{
    uint8_t payload[PAYLOAD] = {0x78}; // Opus, 20 ms
    for (unsigned i = 0; i < load.count; i++) {
        struct member *member = &load.members[i];
        if (member->audio_section >= 0 && member->connected_at != 0) {
            time_us sending_at = time_monotonic_us();
            memcpy(payload + 1, &sending_at, sizeof(sending_at));
            media_client_send(member->client, (uint8_t)member->audio_section, payload, PAYLOAD);
            load.sent += load.measuring;
        }
    }
    load.send_at = load.send_at + PACKET_US < now ? now + PACKET_US : load.send_at + PACKET_US;
}

static void turn(void)
{
    struct epoll_event events[256];
    time_us now = time_monotonic_us();
    if (now >= load.send_at) {
        send_due(now);
    }
    if (now >= load.step_at) {
        for (unsigned i = 0; i < load.count; i++) {
            media_client_step(load.members[i].client, now);
        }
        load.step_at = now + STEP_US;
    }
    time_us next = load.send_at < load.step_at ? load.send_at : load.step_at;
    now = time_monotonic_us();
    int timeout_ms = next > now ? (int)((next - now) / TIME_US_PER_MS) : 0;
    int count = epoll_wait(load.poll_fd, events, 256, timeout_ms);
    for (int i = 0; i < count; i++) {
        if (events[i].data.u32 < load.count) {
            read_member(&load.members[events[i].data.u32]);
        }
    }
}

static double latency_ms(double share)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < LATENCY_MAX_US / 10; i++) {
        seen += load.latencies[i];
        if ((double)seen >= share * (double)load.received) {
            return (double)i / 100;
        }
    }
    return 0;
}

static void measure(long milliseconds)
{
    memset(load.latencies, 0, sizeof(load.latencies));
    load.received = load.sent = load.lost = 0;
    load.measuring = true;
    time_us began = time_monotonic_us();
    time_us until = began + milliseconds * TIME_US_PER_MS;
    while (time_monotonic_us() < until) {
        turn();
    }
    load.measuring = false;
    unsigned connected = 0;
    unsigned hearing = 0;
    for (unsigned i = 0; i < load.count; i++) {
        connected += load.members[i].connected_at != 0;
        hearing += load.members[i].sound_at != 0;
    }
    printf(
        "{\"clients\": %u, \"connected\": %u, \"hearing\": %u, \"sent\": %llu, \"received\": "
        "%llu, \"lost\": %llu, \"seconds\": %.3f, \"latency_ms_p50\": %.2f, \"latency_ms_p99\": "
        "%.2f}\n",
        load.count, connected, hearing, (unsigned long long)load.sent,
        (unsigned long long)load.received, (unsigned long long)load.lost,
        (double)(time_monotonic_us() - began) / TIME_US_PER_S, latency_ms(0.5), latency_ms(0.99));
    fflush(stdout);
}

// False at the end. Only called when there is something to read; commands come whole.
static bool command(void)
{
    char line[LINE_MAX_SIZE];
    static char answer[65536];
    unsigned number = 0;
    size_t size = 0;
    long milliseconds = 0;
    if (fgets(line, sizeof(line), stdin) == NULL) {
        return false;
    }
    if (sscanf(line, "answer %u %zu", &number, &size) == 2) {
        require(number < load.count && size < sizeof(answer), "a wrong answer");
        require(fread(answer, 1, size, stdin) == size, "half an answer");
        struct member *member = &load.members[number];
        member->answered_at = time_monotonic_us();
        require(media_client_set_answer(member->client, answer, size) == ERR_NONE,
                "an answer cannot be read");
        load.step_at = 0;
    } else if (sscanf(line, "measure %ld", &milliseconds) == 1) {
        measure(milliseconds);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    setvbuf(stdin, NULL, _IONBF, 0); // what poll() sees is what there is
    require(argc >= 4 && argc % 2 == 0, "usage: media_load [ADDRESS:]MEDIA-PORT COUNT SECTIONS …");
    require(secure_rtp_setup() == ERR_NONE, "no cipher");
    load.poll_fd = epoll_create1(EPOLL_CLOEXEC);
    require(load.poll_fd >= 0, "epoll");
    for (int i = 2; i + 1 < argc; i += 2) {
        add_members(argv[1], (unsigned)strtoul(argv[i], NULL, 10), argv[i + 1]);
    }
    fflush(stdout);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (;;) {
        turn();
        while (poll(&input, 1, 0) == 1) {
            if (!command()) {
                return 0;
            }
        }
    }
}
