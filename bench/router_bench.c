// What one forwarded audio packet costs in the router: rewriting and sealing for each listener,
// into a sink that sends nothing.
//   router_bench [listeners] [payload bytes] [plain|long|red|red2] [rounds] [delay ms] [level]
// Prints nanoseconds of one core per forwarded packet and per 20 ms of a listener's sound, for each
// form and cipher (or the form named), of a channel with that delay, from a source that says how
// loud it is. No pass or fail. Instructions: run it with a form and 1
// round under `valgrind --tool=callgrind --toggle-collect=router_receive_rtp` (PLENARY_CRYPTO=evp
// when valgrind does not know the processor's instructions).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "media/router.h"
#include "wire/rtp.h"

#define LISTENERS     1000
#define LISTENERS_MAX 20000
#define PAYLOAD       80
#define ROUNDS        5
#define FORWARDED     2000000 // packets a round
#define CHANNEL       1
#define SOURCE        1
#define LEVEL_ID      1

struct null_sink {
    uint8_t room[64 * ROUTER_DATAGRAM_MAX]; // as a batch: not always the same cache lines
    unsigned next;
    uint64_t packets;
    uint64_t bytes;
};

static uint8_t *reserve(void *context, size_t size)
{
    struct null_sink *sink = context;
    ASSERT(size <= ROUTER_DATAGRAM_MAX);
    return sink->room + (size_t)(sink->next % 64) * ROUTER_DATAGRAM_MAX;
}

static void commit(void *context, uint64_t destination, size_t size)
{
    struct null_sink *sink = context;
    (void)destination;
    sink->next++;
    sink->packets++;
    sink->bytes += size;
}

static void source_feedback(void *context, link_source source, bool key_frame, uint8_t layer)
{
    (void)context, (void)source, (void)key_frame, (void)layer;
}

static void source_levels(void *context, const struct link_level *levels, uint32_t count)
{
    (void)context;
    (void)levels;
    (void)count;
}

static void source_state(void *context, link_source source, bool active, bool sounding)
{
    (void)context, (void)source, (void)active, (void)sounding;
}

static void require(enum err err)
{
    if (err != ERR_NONE) {
        fprintf(stderr, "router_bench: %s\n", err_title(err));
        exit(1);
    }
}

static struct router *make(struct null_sink *sink, struct secure_rtp_key *keys, uint32_t listeners,
                           enum secure_rtp_profile profile, enum link_variant variant)
{
    struct router_limits limits = {
        .peers_max = listeners,
        .sources_max = 4,
        .video_sources_max = 1,
        .channels_max = 4,
        .slots_max = listeners,
        .video_slots_max = 1,
        .receive_bps_max = 1000000,
        .transmit_bps_max = 1000000,
    };
    struct router_sink calls = {sink,          reserve,     commit, source_feedback,
                                source_levels, source_state};
    struct router *router = router_create(&limits, &calls, 1);
    require(router != NULL ? ERR_NONE : ERR_FULL);
    require(router_channel_set_source(router, 0, CHANNEL, SOURCE));
    handle first = HANDLE_NONE;
    for (uint32_t i = 0; i < listeners; i++) {
        handle peer = HANDLE_NONE;
        struct router_peer_description description = {
            .id = i + 1,
            .rtcp_ssrc = 1,
            .cname = "bench",
            .listen_only = true,
            .slot_count = 1,
            .slots[0] = {.kind = LINK_AUDIO,
                         .payload_type = 111,
                         .red_payload_type = 63,
                         .ssrc = 1000 + i},
        };
        uint8_t master[SECURE_RTP_KEY_SIZE] = {(uint8_t)i, (uint8_t)(i >> 8), 7};
        uint8_t salt[SECURE_RTP_SALT_MAX] = {(uint8_t)i, 3};
        require(secure_rtp_key_init(&keys[i], profile, master, salt));
        require(router_peer_open(router, &description, &peer));
        require(router_peer_connect(router, 0, peer, i, &keys[i]));
        require(router_slot_set_variant(router, 0, peer, 0, variant));
        require(router_slot_set_channel(router, 0, peer, 0, CHANNEL));
        first = i == 0 ? peer : first;
    }
    // Received here, so that its level is read; owned by nobody, so that all hear it.
    struct router_source_description source = {.id = SOURCE,
                                               .kind = LINK_AUDIO,
                                               .layer_count = 1,
                                               .payload_type = 111,
                                               .level_id = LEVEL_ID,
                                               .peer = first};
    require(router_source_open(router, &source));
    return router;
}

// Of one core.
struct cost {
    double packet_ns;
    double frame_ns; // of 20 ms, heard by one listener
};

static struct cost round_cost(struct router *router, struct null_sink *sink, uint8_t *packet,
                              size_t size, uint32_t frames, uint32_t listeners, bool extension)
{
    static time_us now;
    static uint16_t sequence;
    uint64_t before = sink->packets;
    time_us start = time_monotonic_us();
    for (uint32_t i = 0; i < frames; i++) {
        struct rtp_header header = {
            .payload_type = 111,
            .sequence = sequence++,
            .timestamp = (uint32_t)(now / 20000 * 960),
            .ssrc = 5,
        };
        rtp_write_header(packet, &header);
        packet[0] |= extension ? 0x10 : 0;
        now += 20000;
        if (router_next_deadline(router) <= now) {
            router_on_deadline(router, now);
        }
        struct rtp_packet rtp;
        require(rtp_parse(packet, size, &rtp));
        (void)router_receive_rtp(router, now, SOURCE, 0, &rtp, packet);
    }
    double spent = (double)(time_monotonic_us() - start) * 1000;
    return (struct cost){spent / (double)(sink->packets - before),
                         spent / ((double)frames * listeners)};
}

struct plan {
    uint32_t listeners;
    size_t payload;
    uint32_t rounds;
    uint32_t delay_ms;
    bool level; // each packet says how loud it is
};

static void run(const char *cipher, enum secure_rtp_profile profile, const char *form,
                const struct plan *plan)
{
    enum link_variant variant = LINK_VARIANT_PLAIN;
    (void)link_variant_from_text(form, &variant);
    struct null_sink *sink = calloc(1, sizeof(*sink));
    struct secure_rtp_key *keys = aligned_alloc(_Alignof(struct secure_rtp_key),
                                                plan->listeners * sizeof(*keys));
    require(sink != NULL && keys != NULL ? ERR_NONE : ERR_FULL);
    memset(keys, 0, plan->listeners * sizeof(*keys));
    struct router *router = make(sink, keys, plan->listeners, profile, variant);
    uint8_t packet[ROUTER_PACKET_MAX] = {0};
    size_t header = RTP_HEADER_SIZE;
    if (plan->level) {
        const uint8_t level = 0x80 | 30;
        const struct rtp_extension extension = {LEVEL_ID, 1, &level};
        header += rtp_write_extensions(&extension, 1, packet + header, sizeof(packet) - header);
    }
    memset(packet + header, 0x78, plan->payload);
    require(router_channel_set_delay(router, 0, CHANNEL, plan->delay_ms));
    struct cost best = {1e9, 1e9};
    for (uint32_t i = 0; i <= plan->rounds; i++) {
        uint32_t frames = i == 0 ? 12 : FORWARDED / plan->listeners / 3 * 3;
        frames = plan->rounds == 1 ? 300 : frames;
        struct cost cost = round_cost(router, sink, packet, header + plan->payload, frames,
                                      plan->listeners, plan->level);
        best = i > 0 && cost.packet_ns < best.packet_ns ? cost : best;
    }
    printf("%-12s %-8s %-6s %u listeners, %zu bytes: %.1f ns a packet, %.1f ns per 20 ms\n", cipher,
           secure_rtp_backend(), form, plan->listeners, plan->payload, best.packet_ns,
           best.frame_ns);
    router_destroy(router);
    for (uint32_t i = 0; i < plan->listeners; i++) {
        secure_rtp_key_finish(&keys[i]);
    }
    free(keys);
    free(sink);
}

int main(int argc, char **argv)
{
    static const char *const forms[] = {"plain", "long", "red", "red2"};
    long listeners = argc > 1 ? strtol(argv[1], NULL, 10) : LISTENERS;
    long payload = argc > 2 ? strtol(argv[2], NULL, 10) : PAYLOAD;
    const char *only = argc > 3 ? argv[3] : NULL;
    long rounds = argc > 4 ? strtol(argv[4], NULL, 10) : ROUNDS;
    long delay_ms = argc > 5 ? strtol(argv[5], NULL, 10) : 0;
    if (delay_ms < 0 || delay_ms > LINK_DELAY_MS_MAX || listeners < 1 ||
        listeners > LISTENERS_MAX || payload < 2 || payload > 1200 || rounds < 1 || rounds > 1000) {
        fprintf(stderr,
                "usage: router_bench [listeners] [payload bytes] [plain|long|red|red2] "
                "[rounds] [delay ms] [level]\n");
        return 2;
    }
    require(secure_rtp_setup());
    const struct plan plan = {(uint32_t)listeners, (size_t)payload, (uint32_t)rounds,
                              (uint32_t)delay_ms, argc > 6};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (only == NULL || strcmp(only, forms[i]) == 0) {
            run("AES-GCM", SECURE_RTP_AEAD_AES_128_GCM, forms[i], &plan);
            run("AES-CM-SHA1", SECURE_RTP_AES128_CM_SHA1_80, forms[i], &plan);
        }
    }
    return 0;
}
