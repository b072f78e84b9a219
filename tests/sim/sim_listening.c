// Listeners on bad lines: the real router on a fake clock, a network that loses, delays and
// reorders each listener's packets by a seed, and listeners that report (RFC 3550) what they miss.
// The form of the sound follows the loss; what each hears keeps its time throughout; and what is
// repeated repairs what it promises. "sim_listening SEED" plays one seed again.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "media/variant.h"
#include "router_fixture.h"
#include "wire/opus_packet.h"
#include "wire/red.h"

#define STEP_US       (5 * TIME_US_PER_MS)
#define STEPS_A_FRAME 4
#define SECOND_FRAMES 50
#define PHASE_FRAMES  (100 * SECOND_FRAMES) // of one loss
#define SETTLE_FRAMES (65 * SECOND_FRAMES)  // of these: back from RED-2 takes nine quiet reports
#define PHASES        4
#define FRAMES        (PHASES * PHASE_FRAMES)
#define UNDER_WAY_MAX 128
#define PAYLOAD_MAX   400
#define PLAYED_AFTER  (400 * TIME_US_PER_MS) // what comes later is of no use
#define REPORT_FRAMES (5 * SECOND_FRAMES)
#define PUBLISHER     0
#define LISTENERS     5
#define SOURCE        1

enum { AUTO, LONG_IF_GOOD, TWICE, PLAIN, WITHOUT_RED }; // the listeners, by their wish

struct arrival {
    time_us at; // 0: free
    struct rtp_packet rtp;
    size_t size;
    uint8_t payload[PAYLOAD_MAX];
};

struct listener_end {
    struct arrival under_way[UNDER_WAY_MAX];
    unsigned loss_permille;
    bool started;
    uint32_t offset; // of timestamps; the same for ever
    uint16_t first_sequence;
    uint16_t highest_sequence;
    uint32_t cycles;
    uint32_t received;
    uint32_t sent; // by the router
    uint32_t packets[VARIANT_COUNT];
    bool played[FRAMES];
};

static struct fixture fixture;
static struct listener_end ends[LISTENERS];
static bool published[FRAMES];
static time_us published_at[FRAMES];
static uint64_t seed;

static uint32_t random_below(uint32_t bound)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((seed >> 33) % bound);
}

// --- the network ---

static void put_under_way(struct listener_end *end, const struct heard *heard)
{
    end->sent++;
    if (random_below(1000) < end->loss_permille) {
        return;
    }
    unsigned free_place = 0;
    while (free_place < UNDER_WAY_MAX && end->under_way[free_place].at != 0) {
        free_place++;
    }
    assert_true(free_place < UNDER_WAY_MAX && heard->size <= PAYLOAD_MAX);
    struct arrival *arrival = &end->under_way[free_place];
    arrival->at = fixture.now + (time_us)(20 + random_below(40)) * TIME_US_PER_MS;
    arrival->rtp = heard->rtp;
    arrival->size = heard->size;
    memcpy(arrival->payload, heard->payload, heard->size);
}

static void collect_sent(void)
{
    for (unsigned i = 0; i < LISTENERS; i++) {
        struct fixture_peer *peer = &fixture.peers[1 + i];
        assert_true(peer->rtp_count <= FIXTURE_RTP_MAX);
        for (unsigned k = 0; k < peer->rtp_count; k++) {
            put_under_way(&ends[i], &peer->heard[k]);
        }
        peer->rtp_count = 0;
        peer->rtcp_count = 0;
    }
}

// --- listening ---

static void hear_frame(struct listener_end *end, uint32_t timestamp, const uint8_t *data,
                       size_t size)
{
    assert_int_equal(size, 8);
    uint32_t counter = bytes_load_u32(data + 4);
    assert_true(counter < FRAMES && published[counter]);
    if (!end->started) {
        end->started = true;
        end->offset = timestamp - counter * OPUS_TICKS;
    }
    // Every frame at its own time, whatever form it came in.
    assert_int_equal(timestamp - counter * OPUS_TICKS, end->offset);
    end->played[counter] = end->played[counter] ||
                           fixture.now <= published_at[counter] + PLAYED_AFTER;
}

static unsigned hear_opus(struct listener_end *end, uint32_t timestamp, const uint8_t *data,
                          size_t size)
{
    struct opus_packet opus;
    assert_int_equal(opus_packet_read(data, size, &opus), ERR_NONE);
    const uint8_t *at = data + opus.first;
    for (unsigned i = 0; i < opus.frame_count; i++) {
        hear_frame(end, timestamp + i * OPUS_TICKS, at, opus.sizes[i]);
        at += opus.sizes[i];
    }
    return opus.frame_count;
}

static void count_sequence(struct listener_end *end, uint16_t sequence)
{
    if (end->received++ == 0) {
        end->first_sequence = sequence;
        end->highest_sequence = sequence;
    }
    if ((int16_t)(uint16_t)(sequence - end->highest_sequence) > 0) {
        end->cycles += sequence < end->highest_sequence;
        end->highest_sequence = sequence;
    }
}

static void hear_packet(struct listener_end *end, const struct arrival *arrival)
{
    struct red_packet red;
    count_sequence(end, arrival->rtp.sequence);
    if (arrival->rtp.payload_type == OPUS_TYPE) {
        unsigned frames = hear_opus(end, arrival->rtp.timestamp, arrival->payload, arrival->size);
        end->packets[frames > 1 ? VARIANT_LONG : VARIANT_PLAIN]++;
        return;
    }
    assert_int_equal(arrival->rtp.payload_type, RED_TYPE);
    assert_int_equal(red_read(arrival->payload, arrival->size, &red), ERR_NONE);
    for (unsigned i = 0; i < red.block_count; i++) {
        (void)hear_opus(end, arrival->rtp.timestamp - red.blocks[i].offset, red.blocks[i].data,
                        red.blocks[i].size);
    }
    end->packets[red.block_count > 2 ? VARIANT_RED2 : VARIANT_RED1]++;
}

static void hear_arrivals(void)
{
    for (unsigned i = 0; i < LISTENERS; i++) {
        for (unsigned k = 0; k < UNDER_WAY_MAX; k++) {
            struct arrival *arrival = &ends[i].under_way[k];
            if (arrival->at != 0 && arrival->at <= fixture.now) {
                hear_packet(&ends[i], arrival);
                arrival->at = 0;
            }
        }
    }
}

static void report(unsigned listener)
{
    const struct listener_end *end = &ends[listener];
    if (end->received == 0 || random_below(1000) < end->loss_permille) {
        return; // reports are lost as well
    }
    uint32_t highest = end->cycles << 16 | end->highest_sequence;
    uint8_t packet[100];
    struct bytes_writer writer = bytes_writer(packet, sizeof(packet));
    const struct rtcp_report block = {
        .ssrc = fixture.peers[1 + listener].ssrc[0],
        .highest_sequence = highest,
        .packets_lost = (int32_t)(highest - end->first_sequence + 1 - end->received),
    };
    rtcp_write_rr(&writer, 1, &block, 1);
    router_receive_rtcp(fixture.router, fixture.now, fixture.peers[1 + listener].handle, packet,
                        writer.position);
}

// --- the play ---

static void begin(void)
{
    static const enum link_variant wishes[LISTENERS] = {LINK_VARIANT_AUTO, LINK_VARIANT_LONG,
                                                        LINK_VARIANT_RED2, LINK_VARIANT_PLAIN,
                                                        LINK_VARIANT_LONG};
    memset(ends, 0, sizeof(ends));
    memset(published, 0, sizeof(published));
    fixture_init(&fixture, seed);
    fixture_join(&fixture, PUBLISHER);
    fixture_open(&fixture, SOURCE, LINK_AUDIO, 1, PUBLISHER);
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, CHANNEL_FLOOR, SOURCE),
                     ERR_NONE);
    for (unsigned i = 0; i < LISTENERS; i++) {
        fixture.listen_only = i != WITHOUT_RED; // who speaks as well has no RED in the fixture
        fixture_join(&fixture, 1 + i);
        handle peer = fixture.peers[1 + i].handle;
        assert_int_equal(router_slot_set_variant(fixture.router, fixture.now, peer, 0, wishes[i]),
                         ERR_NONE);
        assert_int_equal(
            router_slot_set_channel(fixture.router, fixture.now, peer, 0, CHANNEL_FLOOR), ERR_NONE);
    }
}

static void play_frame(struct sender *sender, uint32_t frame, unsigned loss_up_permille)
{
    uint8_t packet[200];
    size_t size = sender_audio(sender, packet);
    published_at[frame] = fixture.now;
    published[frame] = random_below(1000) >= loss_up_permille;
    if (published[frame]) {
        assert_true(fixture_receive(&fixture, sender, packet, size));
    }
    for (unsigned step = 0; step < STEPS_A_FRAME; step++) {
        fixture_pass(&fixture, STEP_US);
        collect_sent();
        hear_arrivals();
    }
    for (unsigned i = 0; i < LISTENERS; i++) {
        if ((frame + i * 10) % REPORT_FRAMES == REPORT_FRAMES - 1) {
            report(i);
        }
    }
}

// In permille, of what the source's own line brought.
static uint32_t unheard(const struct listener_end *end, uint32_t from, uint32_t to)
{
    uint32_t all = 0;
    uint32_t missed = 0;
    for (uint32_t i = from; i < to; i++) {
        all += published[i];
        missed += published[i] && !end->played[i];
    }
    return missed * 1000 / all;
}

static void check_phase(uint32_t before[LISTENERS][VARIANT_COUNT], unsigned loss, uint32_t first)
{
    // Most of what may stay unheard: the chance that all copies are lost, and luck.
    static const struct {
        unsigned loss;
        uint32_t repaired;
        enum variant automatic;
        enum variant economy;
    } rows[] = {{0, 0, VARIANT_PLAIN, VARIANT_LONG},
                {50, 14, VARIANT_RED1, VARIANT_RED1},
                {150, 22, VARIANT_RED2, VARIANT_RED2},
                {250, 48, VARIANT_RED2, VARIANT_RED2}};
    unsigned row = 0;
    while (rows[row].loss != loss) {
        row++;
    }
    uint32_t to = first + PHASE_FRAMES - SECOND_FRAMES;
    uint32_t frames = PHASE_FRAMES - SETTLE_FRAMES;
    for (unsigned i = 0; i < LISTENERS; i++) {
        uint32_t missed = unheard(&ends[i], first + SETTLE_FRAMES, to);
        uint32_t packets[VARIANT_COUNT];
        for (unsigned k = 0; k < VARIANT_COUNT; k++) {
            packets[k] = ends[i].packets[k] - before[i][k];
        }
        bool repaired = i != PLAIN && i != WITHOUT_RED;
        uint32_t luck = loss > 0 ? 20 + loss / 8 : 0;
        assert_true(missed <= (repaired ? rows[row].repaired : loss + luck));
        assert_true(repaired || missed + luck >= loss);
        uint32_t enough = frames / 2 * (1000 - loss) / 1000;
        if (i == AUTO) {
            assert_true(packets[rows[row].automatic] > enough);
        } else if (i == LONG_IF_GOOD) {
            assert_true(packets[rows[row].economy] >
                        (rows[row].economy == VARIANT_LONG ? enough / 4 : enough));
        } else if (i == TWICE) {
            assert_true(packets[VARIANT_RED2] > enough);
        } else {
            assert_int_equal(packets[VARIANT_LONG] + packets[VARIANT_RED1] + packets[VARIANT_RED2],
                             0);
        }
    }
}

static void play(uint64_t from)
{
    static const unsigned losses[] = {0, 50, 150, 250};
    seed = from;
    begin();
    unsigned loss_up = (unsigned)(from % 3) * 20; // that of the source's line costs no redundancy
    unsigned order = random_below(PHASES);
    struct sender sender = {.source = SOURCE,
                            .ssrc = 7,
                            .payload_type = OPUS_TYPE,
                            .sequence = (uint16_t)random_below(65536),
                            .timestamp = random_below(UINT32_MAX)};
    for (unsigned phase = 0; phase < PHASES; phase++) {
        unsigned loss = losses[(phase + order) % PHASES];
        uint32_t before[LISTENERS][VARIANT_COUNT];
        for (uint32_t i = 0; i < PHASE_FRAMES; i++) {
            uint32_t frame = phase * PHASE_FRAMES + i;
            for (unsigned k = 0; k < LISTENERS && i == 0; k++) {
                ends[k].loss_permille = loss;
            }
            for (unsigned k = 0; k < LISTENERS && i == SETTLE_FRAMES; k++) {
                memcpy(before[k], ends[k].packets, sizeof(before[k]));
            }
            play_frame(&sender, frame, loss_up);
        }
        check_phase(before, loss, phase * PHASE_FRAMES);
    }
    fixture_finish(&fixture);
}

static uint64_t one_seed;

static void test_listeners_on_bad_lines(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= 6; i++) {
        uint64_t now = one_seed != 0 ? one_seed : i;
        printf("seed %llu\n", (unsigned long long)now);
        play(now);
        if (one_seed != 0) {
            return;
        }
    }
}

int main(int argc, char **argv)
{
    one_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_listeners_on_bad_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
