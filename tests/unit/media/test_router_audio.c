// Audio through the router: one continuous stream per slot whatever is switched, nobody's own
// voice, no index twice.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "router_fixture.h"

#define FRAME_US (20 * TIME_US_PER_MS)

static struct fixture fixture;

static uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return *state >> 33;
}

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture, 42);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static struct sender audio_sender(link_source source)
{
    return (struct sender){
        .source = source,
        .ssrc = 0xa0000 + source,
        .payload_type = OPUS_TYPE,
        .sequence = (uint16_t)(65000 + source * 200),
        .timestamp = 0xfffff000u + source * 777777,
    };
}

static void talk(struct sender *sender)
{
    uint8_t packet[200];
    size_t size = sender_audio(sender, packet);
    assert_true(fixture_receive(&fixture, sender, packet, size));
}

static void set_channel_source(link_channel channel, link_source source)
{
    assert_int_equal(router_channel_set_source(fixture.router, fixture.now, channel, source),
                     ERR_NONE);
}

static void set_slot_channel(unsigned peer, uint8_t slot, link_channel channel)
{
    assert_int_equal(router_slot_set_channel(fixture.router, fixture.now,
                                             fixture.peers[peer].handle, slot, channel),
                     ERR_NONE);
}

static void set_slot_source(unsigned peer, uint8_t slot, link_source source)
{
    assert_int_equal(router_slot_set_source(fixture.router, fixture.now, fixture.peers[peer].handle,
                                            slot, source),
                     ERR_NONE);
}

static void test_payload_arrives(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    set_channel_source(CHANNEL_FLOOR, 5);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender sender = audio_sender(5);
    for (unsigned i = 0; i < 10; i++) {
        talk(&sender);
        fixture.now += FRAME_US;
        const struct heard *heard = fixture_last(&fixture.peers[1]);
        assert_int_equal(fixture.peers[1].rtp_count, i + 1);
        assert_int_equal(heard->rtp.ssrc, fixture.peers[1].ssrc[0]);
        assert_int_equal(heard->rtp.payload_type, OPUS_TYPE);
        assert_int_equal(heard->rtp.marker, i == 0);
        assert_int_equal(heard_counter(heard), i);
        assert_int_equal(heard->size, 9);
    }
    assert_int_equal(fixture.peers[0].rtp_count, 0);
    assert_int_equal(router_counters(fixture.router)->rtp_packets_out_total, 10);
    assert_int_equal(fixture.state_count, 1);
    assert_true(fixture.state_active);
}

static void test_own_source_only_by_echo(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    fixture_open(&fixture, 6, LINK_AUDIO, 1, 1);
    struct sender own = audio_sender(5);
    struct sender other = audio_sender(6);
    // Set the source before and after the slots, and swap it, so that muting is undone as well.
    set_slot_channel(0, 0, CHANNEL_FLOOR);
    set_channel_source(CHANNEL_FLOOR, 5);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    set_slot_channel(0, 1, CHANNEL_FLOOR);
    for (unsigned round = 0; round < 5; round++) {
        fixture_forget(&fixture);
        set_channel_source(CHANNEL_FLOOR, 5);
        talk(&own);
        assert_int_equal(fixture.peers[0].rtp_count, 0);
        assert_int_equal(fixture.peers[1].rtp_count, 1);
        set_channel_source(CHANNEL_FLOOR, 6);
        talk(&other);
        assert_int_equal(fixture.peers[0].rtp_count, 2);
        assert_int_equal(fixture.peers[1].rtp_count, 1);
        fixture.now += FRAME_US;
    }
    fixture_forget(&fixture);
    set_slot_source(0, 0, 5);
    talk(&own);
    assert_int_equal(fixture.peers[0].rtp_count, 1);
    assert_int_equal(heard_source(fixture_last(&fixture.peers[0])), 5);
    set_slot_source(0, 0, 0);
    talk(&own);
    assert_int_equal(fixture.peers[0].rtp_count, 1);
}

struct ear {
    bool started;
    uint16_t sequence;
    uint32_t timestamp;
    time_us first_time;
    uint32_t first_timestamp;
};

// Timestamps run with our clock, whatever was switched.
static void check_clock(const struct ear *ear)
{
    int64_t passed = (fixture.now - ear->first_time) * 48 / 1000;
    int32_t off = rtp_timestamp_difference(ear->timestamp, ear->first_timestamp + (uint32_t)passed);
    assert_in_range(off + 2 * OPUS_TICKS, 0, 4 * OPUS_TICKS);
}

// Every packet heard since the last look continues the slot's stream.
static void check_continuous(struct fixture_peer *peer, struct ear ears[FIXTURE_SLOTS])
{
    assert_true(peer->rtp_count <= FIXTURE_RTP_MAX);
    for (unsigned i = 0; i < peer->rtp_count; i++) {
        const struct heard *heard = &peer->heard[i];
        struct ear *ear = &ears[heard->rtp.ssrc - peer->ssrc[0]];
        if (ear->started) {
            assert_int_equal(heard->rtp.sequence, (uint16_t)(ear->sequence + 1));
            int32_t step = rtp_timestamp_difference(heard->rtp.timestamp, ear->timestamp);
            assert_true(step >= OPUS_TICKS);
            assert_true(step == OPUS_TICKS || heard->rtp.marker);
        } else {
            ear->first_time = fixture.now;
            ear->first_timestamp = heard->rtp.timestamp;
        }
        ear->started = true;
        ear->sequence = heard->rtp.sequence;
        ear->timestamp = heard->rtp.timestamp;
        check_clock(ear);
    }
    peer->rtp_count = 0;
}

// One random switch of a channel, a slot, or a peer's reachability. Which source each slot ought to
// carry is kept in a model.
struct model {
    link_source channel[3]; // what channels 1..2 carry
    int slot[2][2];         // peers 2 and 3: > 0 a channel, < 0 minus a source, 0 nothing
    bool reachable[2];
};

static void random_switch(struct model *model, uint64_t *seed)
{
    unsigned peer = (unsigned)random_next(seed) % 2;
    uint8_t slot = (uint8_t)(random_next(seed) % 2);
    unsigned channel = 1 + (unsigned)random_next(seed) % 2;
    link_source source = (link_source)(random_next(seed) % 4); // 1..3 exist
    switch (random_next(seed) % 8) {
    case 0:
    case 1:
    case 2:
        model->channel[channel] = source;
        set_channel_source(channel, source);
        break;
    case 3:
    case 4:
        model->slot[peer][slot] = (int)channel;
        set_slot_channel(peer + 2, slot, channel);
        break;
    case 5:
        model->slot[peer][slot] = -(int)source;
        set_slot_source(peer + 2, slot, source);
        break;
    case 6:
        model->slot[peer][slot] = 0;
        set_slot_channel(peer + 2, slot, 0);
        break;
    default:
        model->reachable[peer] = !model->reachable[peer] || random_next(seed) % 4 != 0;
        assert_int_equal(router_peer_set_destination(fixture.router, fixture.now,
                                                     fixture.peers[peer + 2].handle, peer + 3,
                                                     model->reachable[peer]),
                         ERR_NONE);
        break;
    }
}

// What peer 2 or 3 ought to hear when `source` sends a packet; source 3 is peer 2's own.
static unsigned expected(const struct model *model, unsigned peer, link_source source)
{
    unsigned count = 0;
    for (unsigned slot = 0; slot < 2 && model->reachable[peer]; slot++) {
        int carries = model->slot[peer][slot];
        bool own = peer == 0 && source == 3;
        count += carries > 0 && model->channel[carries] == source && !own;
        count += carries < 0 && (link_source)-carries == source;
    }
    return count;
}

static void test_ten_thousand_switches(void **state)
{
    (void)state;
    uint64_t seed = 20240607;
    struct model model = {.reachable = {true, true}};
    struct ear ears[2][FIXTURE_SLOTS] = {0};
    struct sender senders[4];
    for (unsigned i = 0; i < 4; i++) {
        fixture_join(&fixture, i);
    }
    for (link_source i = 1; i <= 3; i++) {
        fixture_open(&fixture, i, LINK_AUDIO, 1, i == 3 ? 2 : (int)i - 1);
        senders[i] = audio_sender(i);
    }
    uint64_t heard = 0;
    for (unsigned i = 0; i < 10000; i++) {
        random_switch(&model, &seed);
        unsigned frames = (unsigned)random_next(&seed) % 3;
        for (unsigned frame = 0; frame <= frames; frame++) {
            for (link_source source = 1; source <= 3; source++) {
                // The very next packet of the new source is heard, and no other.
                talk(&senders[source]);
                for (unsigned peer = 0; peer < 2; peer++) {
                    struct fixture_peer *listener = &fixture.peers[peer + 2];
                    assert_int_equal(listener->rtp_count, expected(&model, peer, source));
                    for (unsigned k = 0; k < listener->rtp_count; k++) {
                        assert_int_equal(heard_source(&listener->heard[k]), source);
                    }
                    heard += listener->rtp_count;
                    check_continuous(listener, ears[peer]);
                }
            }
            fixture.now += FRAME_US;
        }
        if (i % 50 == 0) {
            fixture_pass(&fixture, 0);
            fixture.peers[2].rtcp_count = 0;
            fixture.peers[3].rtcp_count = 0;
        }
    }
    assert_true(heard > 10000);
}

// A network that loses, doubles, and reorders: payloads stay in place, no index twice (the
// fixture's replay check).
static void test_lossy_network(void **state)
{
    (void)state;
    uint64_t seed = 7;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    fixture_open(&fixture, 2, LINK_AUDIO, 1, 0);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender senders[2] = {audio_sender(1), audio_sender(2)};
    struct {
        uint8_t data[200];
        size_t size;
    } held[2][4];
    memset(held, 0, sizeof(held));
    uint32_t late = 0;
    for (unsigned i = 0; i < 20000; i++) {
        if (i % 97 == 0) {
            set_channel_source(CHANNEL_FLOOR, (link_source)(1 + random_next(&seed) % 2));
        }
        for (unsigned k = 0; k < 2; k++) {
            unsigned place = (unsigned)random_next(&seed) % 4;
            if (held[k][place].size > 0) {
                (void)fixture_receive(&fixture, &senders[k], held[k][place].data,
                                      held[k][place].size);
            }
            held[k][place].size = sender_audio(&senders[k], held[k][place].data);
            uint64_t luck = random_next(&seed) % 10;
            if (luck == 0) {
                held[k][place].size = 0; // lost
            } else if (luck == 1) {
                (void)fixture_receive(&fixture, &senders[k], held[k][place].data,
                                      held[k][place].size); // and once more later
            }
        }
        struct fixture_peer *peer = &fixture.peers[1];
        for (unsigned k = 1; k < peer->rtp_count; k++) {
            if (heard_source(&peer->heard[k]) == heard_source(&peer->heard[k - 1]) &&
                !peer->heard[k].rtp.marker && !peer->heard[k - 1].rtp.marker) {
                // Sequence, timestamp and payload keep the distance they had.
                int distance = rtp_sequence_difference(peer->heard[k].rtp.sequence,
                                                       peer->heard[k - 1].rtp.sequence);
                assert_int_equal(distance, (int)(heard_counter(&peer->heard[k]) -
                                                 heard_counter(&peer->heard[k - 1])));
                assert_int_equal(distance * OPUS_TICKS,
                                 rtp_timestamp_difference(peer->heard[k].rtp.timestamp,
                                                          peer->heard[k - 1].rtp.timestamp));
                late += distance < 0;
            }
        }
        if (peer->rtp_count > 40) {
            peer->rtp_count = 0;
        }
        fixture.now += FRAME_US;
    }
    const struct router_counters *counters = router_counters(fixture.router);
    assert_true(late > 1000);
    assert_true(counters->rtp_duplicate_total > 1000);
    assert_true(counters->rtp_late_dropped_total > 10);
}

static void test_roll_over(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    set_channel_source(CHANNEL_FLOOR, 1);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender sender = audio_sender(1);
    struct ear ears[FIXTURE_SLOTS] = {0};
    for (unsigned i = 0; i < 3 * 65536; i++) {
        talk(&sender);
        check_continuous(&fixture.peers[1], ears);
        fixture.now += FRAME_US;
    }
    assert_true(fixture.peers[1].receivers[0].seen.highest > 2 * 65536);
}

static void test_restart_of_a_source(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    set_channel_source(CHANNEL_FLOOR, 1);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender before = audio_sender(1);
    struct ear ears[FIXTURE_SLOTS] = {0};
    for (unsigned i = 0; i < 20; i++) {
        talk(&before);
        check_continuous(&fixture.peers[1], ears);
        fixture.now += FRAME_US;
    }
    struct sender after = before;
    after.ssrc = 0xdead;
    after.sequence = 3;
    after.timestamp = 12345;
    talk(&after);
    check_continuous(&fixture.peers[1], ears);
    uint8_t packet[200];
    size_t size = sender_audio(&before, packet);
    assert_false(fixture_receive(&fixture, &before, packet, size)); // a straggler
    fixture.now += FRAME_US;
    talk(&after);
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    check_continuous(&fixture.peers[1], ears);
    // Closed and opened again with the same id.
    router_source_close(fixture.router, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    fixture.now += 50 * FRAME_US;
    talk(&before);
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    check_continuous(&fixture.peers[1], ears);
}

static void test_late_packet_of_before_the_switch(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender sender = audio_sender(1);
    uint8_t late[200];
    talk(&sender);
    size_t size = sender_audio(&sender, late);
    talk(&sender);
    set_channel_source(CHANNEL_FLOOR, 1);
    talk(&sender);
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    assert_true(fixture_receive(&fixture, &sender, late, size));
    assert_int_equal(fixture.peers[1].rtp_count, 1);
    assert_int_equal(router_counters(fixture.router)->rtp_late_dropped_total, 1);
}

static void test_flood_and_rubbish(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_join(&fixture, 1);
    fixture_open(&fixture, 1, LINK_AUDIO, 1, 0);
    set_channel_source(CHANNEL_FLOOR, 1);
    set_slot_channel(1, 0, CHANNEL_FLOOR);
    struct sender sender = audio_sender(1);
    uint8_t packet[200];
    for (unsigned i = 0; i < 1000; i++) {
        size_t size = sender_audio(&sender, packet);
        (void)fixture_receive(&fixture, &sender, packet, size);
        fixture.now += 500; // all in half a second
    }
    const struct router_counters *counters = router_counters(fixture.router);
    // What Opus can need in a second, and the half second's share.
    assert_in_range(fixture.peers[1].rtp_count, 600, 700);
    assert_int_equal(counters->rtp_flood_dropped_total, 1000 - fixture.peers[1].rtp_count);
    fixture.now += TIME_US_PER_S;
    uint32_t before = fixture.peers[1].rtp_count;
    sender.payload_type = 13; // comfort noise was not negotiated
    size_t size = sender_audio(&sender, packet);
    assert_false(fixture_receive(&fixture, &sender, packet, size));
    assert_int_equal(counters->rtp_unexpected_total, 1);
    packet[0] |= 0x20; // padding of more bytes than there are
    packet[size - 1] = 0xff;
    assert_false(fixture_receive(&fixture, &sender, packet, size));
    assert_int_equal(counters->rtp_malformed_total, 1);
    sender.layer = 1;
    assert_false(fixture_receive(&fixture, &sender, packet, size));
    sender.source = 77;
    assert_false(fixture_receive(&fixture, &sender, packet, size));
    assert_int_equal(counters->rtp_unexpected_total, 3);
    assert_int_equal(fixture.peers[1].rtp_count, before);
    const struct sender rubbish = {.source = 1};
    uint64_t seed = 3;
    for (unsigned i = 0; i < 20000; i++) {
        for (unsigned k = 0; k < sizeof(packet); k++) {
            packet[k] = (uint8_t)random_next(&seed);
        }
        packet[0] = (uint8_t)(0x80 | (packet[0] & 0x3f));
        packet[1] = (uint8_t)(OPUS_TYPE | (packet[1] & 0x80));
        (void)fixture_receive(&fixture, &rubbish, packet, random_next(&seed) % sizeof(packet));
        fixture.now += 6000;
    }
}

static void test_stale_and_full(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    handle peer = fixture.peers[0].handle;
    router_peer_close(fixture.router, peer);
    assert_int_equal(router_slot_set_channel(fixture.router, fixture.now, peer, 0, 1),
                     ERR_NOT_FOUND);
    for (link_channel i = 1; i <= 100; i++) {
        // Channels without source and slots take no room.
        set_channel_source(i, 0);
    }
    unsigned made = 0;
    while (router_channel_set_source(fixture.router, fixture.now, made + 1, 1) == ERR_NONE) {
        made++;
    }
    assert_true(made >= 8 && made <= 16);
    fixture_join(&fixture, 1);
    assert_int_equal(
        router_slot_set_channel(fixture.router, fixture.now, fixture.peers[1].handle, 9, 1),
        ERR_NOT_FOUND);
}

static void test_no_ssrc_twice_under_a_key(void **state)
{
    (void)state;
    handle peer = HANDLE_NONE;
    struct router_peer_description description = {
        .id = 1,
        .rtcp_ssrc = 1,
        .slot_count = 2,
        .slots = {{.kind = LINK_AUDIO, .slot = 0, .payload_type = 111, .ssrc = 50},
                  {.kind = LINK_VIDEO,
                   .slot = 1,
                   .payload_type = 96,
                   .rtx_payload_type = 97,
                   .ssrc = 51,
                   .rtx_ssrc = 50}},
    };
    assert_int_equal(router_peer_open(fixture.router, &description, &peer), ERR_INVALID);
    description.slots[1].rtx_ssrc = 52;
    description.slots[1].slot = 0;
    assert_int_equal(router_peer_open(fixture.router, &description, &peer), ERR_INVALID);
    description.slots[1].slot = 1;
    for (unsigned i = 0; i < 100; i++) {
        // Nothing stays behind of a refused or closed peer.
        assert_int_equal(router_peer_open(fixture.router, &description, &peer), ERR_NONE);
        struct router_source_description source = {
            .id = 1, .kind = LINK_AUDIO, .layer_count = 1, .payload_type = 111, .peer = peer};
        assert_int_equal(router_source_open(fixture.router, &source), ERR_NONE);
        assert_int_equal(router_source_open(fixture.router, &source), ERR_CONFLICT);
        router_peer_close(fixture.router, peer);
        assert_int_equal(router_source_open(fixture.router, &source), ERR_NOT_FOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_payload_arrives, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own_source_only_by_echo, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ten_thousand_switches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lossy_network, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roll_over, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart_of_a_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_late_packet_of_before_the_switch, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flood_and_rubbish, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_ssrc_twice_under_a_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stale_and_full, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
