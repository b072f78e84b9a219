// The whole media process over real sockets on the loopback: it runs in a child, the test is its
// control process and its clients.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secure_rtp.h"
#include "media_client.h"
#include "media_harness.h"

#define CHANNEL     7
#define SOURCE      100
#define PAYLOAD     80
#define SPEAK_EVERY 5000 // us: four times as fast as Opus, so that tests are short

static struct media_harness harness;

// What each client heard: payloads carry a running number.
static struct {
    uint32_t packets;
    uint32_t first;
    uint32_t last;
    uint32_t wrong_payload;
    uint32_t long_packets;
    uint32_t out_of_order; // running number not one more than before
    uint32_t sequence_gaps;
    uint16_t last_sequence;
} heard[MEDIA_HARNESS_CLIENTS_MAX];

static uint32_t spoken;
static time_us speak_at;

static void note(void *context, unsigned client, const struct media_client_packet *packet)
{
    (void)context;
    uint32_t number = packet->size >= 8 ? bytes_load_u32(packet->payload + 4) : 0;
    bool first = heard[client].packets++ == 0;
    heard[client].long_packets += packet->size > 2 * PAYLOAD;
    if (packet->size != PAYLOAD || packet->payload[0] != 0x78) {
        heard[client].wrong_payload++;
    }
    if (first) {
        heard[client].first = number;
    } else {
        heard[client].out_of_order += number != heard[client].last + 1;
        heard[client].sequence_gaps += packet->sequence !=
                                       (uint16_t)(heard[client].last_sequence + 1);
    }
    heard[client].last = number;
    heard[client].last_sequence = packet->sequence;
}

static struct media_client_options speaker_options(link_source source)
{
    return (struct media_client_options){
        .section_count = 1,
        .sections = {{.kind = LINK_AUDIO, .direction = LINK_SEND, .source = source}},
    };
}

static struct media_client_options listener_options(void)
{
    return (struct media_client_options){
        .section_count = 1,
        .sections =
            {{.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 3, .channel = CHANNEL}},
    };
}

static void begin(unsigned threads, void (*adjust)(struct media_config *))
{
    memset(heard, 0, sizeof(heard));
    spoken = 0;
    speak_at = 0;
    media_harness_start(&harness, threads, adjust);
    harness.heard = note;
    media_harness_channel(&harness, CHANNEL, SOURCE);
}

static void speak_one(unsigned client)
{
    uint8_t payload[PAYLOAD] = {0x78}; // Opus: CELT, 20 ms, one frame
    bytes_store_u32(payload + 4, spoken++);
    media_client_send(harness.clients[client], 0, payload, sizeof(payload));
}

// The speaker speaks in its rhythm while the harness turns; for use within conditions.
static void speak_in_time(unsigned client)
{
    time_us now = time_monotonic_us();
    if (now >= speak_at) {
        speak_at = now + SPEAK_EVERY;
        speak_one(client);
    }
}

struct goal {
    unsigned speaker;
    unsigned client;
    uint32_t packets;
};

static bool goal_heard(struct media_harness *of, void *context)
{
    (void)of;
    const struct goal *goal = context;
    speak_in_time(goal->speaker);
    return heard[goal->client].packets >= goal->packets;
}

static void speak_until_heard(unsigned speaker, unsigned client, uint32_t packets)
{
    struct goal goal = {speaker, client, heard[client].packets + packets};
    media_harness_until(&harness, goal_heard, &goal);
}

static bool last_arrived(struct media_harness *of, void *context)
{
    (void)of;
    const struct goal *goal = context;
    return heard[goal->client].last + 1 == spoken;
}

static void until_all_heard(unsigned client)
{
    struct goal goal = {.client = client};
    media_harness_until(&harness, last_arrived, &goal);
}

static void assert_heard_whole(unsigned client)
{
    assert_int_equal(heard[client].wrong_payload, 0);
    assert_int_equal(heard[client].out_of_order, 0);
    assert_int_equal(heard[client].sequence_gaps, 0);
}

struct phase_goal {
    unsigned client;
    enum link_peer_phase phase;
};

static bool phase_is(struct media_harness *of, void *context)
{
    const struct phase_goal *goal = context;
    return of->phases[goal->client] == goal->phase;
}

static void until_phase(unsigned client, enum link_peer_phase phase)
{
    struct phase_goal goal = {client, phase};
    media_harness_until(&harness, phase_is, &goal);
}

// LINK_SYNC is answered with the counters too; between two answers the threads have time to count.
static void counters_ask(struct media_harness *of)
{
    static time_us ask_at;
    static struct link_message sync = {.type = LINK_SYNC};
    time_us now = time_monotonic_us();
    if (now >= ask_at) {
        ask_at = now + 100 * TIME_US_PER_MS;
        media_harness_say(of, &sync);
    }
}

static bool counter_reached(struct media_harness *of, void *context)
{
    counters_ask(of);
    uint64_t value = media_harness_counter(of, context);
    return value != UINT64_MAX && value > 0;
}

// --- tests ---

static void hear_with(unsigned threads, const struct media_client_options *speaker,
                      unsigned expected_profile)
{
    begin(threads, NULL);
    struct media_client_options listener = listener_options();
    listener.only_sha1_80 = speaker->only_sha1_80;
    unsigned a = media_harness_join(&harness, speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    assert_int_equal(media_client_profile(harness.clients[a]), expected_profile);
    speak_until_heard(a, b, 100);
    until_all_heard(b);
    assert_heard_whole(b);
    assert_int_equal(heard[a].packets, 0);
    media_harness_stop(&harness);
}

static void test_one_speaks_the_other_hears(void **state)
{
    (void)state;
    struct media_client_options speaker = speaker_options(SOURCE);
    hear_with(1, &speaker, SECURE_RTP_AEAD_AES_128_GCM);
    speaker.announce_ssrcs = true;
    hear_with(2, &speaker, SECURE_RTP_AEAD_AES_128_GCM);
    speaker.only_sha1_80 = true;
    hear_with(2, &speaker, SECURE_RTP_AES128_CM_SHA1_80);
}

static void test_client_hello_in_fragments(void **state)
{
    (void)state;
    struct media_client_options speaker = speaker_options(SOURCE);
    speaker.dtls_mtu = 400;
    hear_with(1, &speaker, SECURE_RTP_AEAD_AES_128_GCM);
    speaker.swap_first_flight = true;
    hear_with(1, &speaker, SECURE_RTP_AEAD_AES_128_GCM);
}

static void test_wrong_fingerprint_is_refused(void **state)
{
    (void)state;
    begin(1, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    speaker.wrong_fingerprint = true;
    unsigned a = media_harness_join(&harness, &speaker);
    until_phase(a, LINK_PEER_CLOSED);
    assert_false(media_client_connected(harness.clients[a]));
    media_harness_until(&harness, counter_reached, (void *)(uintptr_t) "dtls_fingerprint_total");
    assert_int_equal(media_harness_counter(&harness, "joins_total"), 0);
    media_harness_stop(&harness);
}

static bool speaking_synced(struct media_harness *of, void *context)
{
    speak_in_time(*(const unsigned *)context);
    return of->synced;
}

static void test_control_dies_and_comes_back(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    listener.sections[0].channel = 0; // at first
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    media_harness_slot_channel(&harness, b, 3, CHANNEL);
    speak_until_heard(a, b, 50);
    media_harness_link_close(&harness);
    speak_until_heard(a, b, 100);
    harness.phases[a] = LINK_PEER_NEW;
    harness.phases[b] = LINK_PEER_NEW;
    harness.synced_peers = 0;
    media_harness_link_open(&harness);
    static struct link_message sync = {.type = LINK_SYNC};
    media_harness_say(&harness, &sync);
    media_harness_until(&harness, speaking_synced, &a);
    assert_int_equal(harness.synced_peers, 2);
    assert_int_equal(harness.phases[a], LINK_PEER_CONNECTED);
    assert_int_equal(harness.phases[b], LINK_PEER_CONNECTED);
    assert_int_equal(strncmp(harness.answer_owner, "client-", 7), 0);
    assert_int_equal(harness.carries[b], CHANNEL); // by now
    // Control states its whole wish again: nothing may change by it.
    media_harness_channel(&harness, CHANNEL, SOURCE);
    media_harness_slot_channel(&harness, b, 3, CHANNEL);
    assert_int_equal(media_harness_offer(&harness, a + 1, media_client_offer(harness.clients[a]),
                                         speaker.sections, 1),
                     ERR_CONFLICT);
    speak_until_heard(a, b, 100);
    until_all_heard(b);
    assert_heard_whole(b);
    media_harness_stop(&harness);
}

static bool all_heard_enough(struct media_harness *of, void *context)
{
    unsigned speaker = *(const unsigned *)context;
    speak_in_time(speaker);
    for (unsigned i = 0; i < of->client_count; i++) {
        if (i != speaker && heard[i].packets < 50) {
            return false;
        }
    }
    return true;
}

// Sixteen listeners: the kernel puts about half of them at each thread (one in 65,536 runs: all at
// one).
static void test_listeners_on_both_threads(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    for (unsigned i = 0; i < 16; i++) {
        (void)media_harness_join(&harness, &listener);
    }
    media_harness_until_connected(&harness);
    media_harness_until(&harness, all_heard_enough, &a);
    for (unsigned i = 1; i < harness.client_count; i++) {
        until_all_heard(i);
        assert_heard_whole(i);
    }
    media_harness_until(&harness, counter_reached, (void *)(uintptr_t) "packets_crossed_total");
    assert_int_equal(media_harness_counter(&harness, "joins_total"), 17);
    assert_int_equal(media_harness_counter(&harness, "mail_full_total"), 0);
    media_harness_stop(&harness);
}

static void test_slot_goes_to_another_channel(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    unsigned c = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, b, 20);
    media_harness_slot_channel(&harness, b, 3, 0);
    // The wish is in force when the other listener hears much and this one nothing.
    uint32_t before;
    do {
        before = heard[b].packets;
        speak_until_heard(a, c, 50);
    } while (heard[b].packets != before);
    media_harness_slot_channel(&harness, b, 3, CHANNEL);
    speak_until_heard(a, b, 20);
    assert_int_equal(heard[b].sequence_gaps, 0); // one continuous stream through the pause
    assert_heard_whole(c);
    media_harness_stop(&harness);
}

// Every thread knows how long a channel waits for its next source.
static void test_a_channel_keeps_what_it_carries(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options next = speaker_options(SOURCE + 1);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &next);
    unsigned c = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, c, 20);
    media_harness_say(&harness, &(struct link_message){.type = LINK_CHANNEL_SET_SOURCE,
                                                       .channel = CHANNEL,
                                                       .source = SOURCE + 1,
                                                       .wait_ms = LINK_SUCCESSION_MS});
    speak_until_heard(a, c, 100);
    speak_until_heard(b, c, 20);
    assert_heard_whole(c);
    media_harness_stop(&harness);
}

#define DELAY_MS 300

static bool number_heard(struct media_harness *of, void *context)
{
    (void)of;
    const struct goal *goal = context;
    return heard[goal->client].last >= goal->packets;
}

// How long a packet was under way.
static time_us speak_and_time(unsigned speaker, unsigned client)
{
    struct goal goal = {speaker, client, spoken};
    time_us began = time_monotonic_us();
    speak_one(speaker);
    media_harness_until(&harness, number_heard, &goal);
    return time_monotonic_us() - began;
}

// So are they told how much it is held back.
static void test_a_channel_is_held_back(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, b, 20);
    media_harness_say(&harness, &(struct link_message){.type = LINK_CHANNEL_SET_DELAY,
                                                       .channel = CHANNEL,
                                                       .delay_ms = DELAY_MS});
    // What was spoken before the threads have read it comes at once.
    while (speak_and_time(a, b) < DELAY_MS * TIME_US_PER_MS) {
        assert_true(spoken < 1000);
    }
    media_harness_stop(&harness);
}

static bool hears_long_packets(struct media_harness *of, void *context)
{
    (void)of;
    speak_in_time(*(unsigned *)context);
    return heard[1].long_packets > 0;
}

static void long_for_listeners(struct media_config *config)
{
    config->listen_only_variant = LINK_VARIANT_LONG;
}

// The form of the sound, as control (true) or the operator wishes it.
static void hear_long_packets(bool by_control)
{
    struct media_client_options sides[] = {speaker_options(SOURCE), listener_options()};
    begin(by_control ? 1 : 2, by_control ? NULL : long_for_listeners);
    unsigned a = media_harness_join(&harness, &sides[0]);
    unsigned b = media_harness_join(&harness, &sides[1]);
    media_harness_until_connected(&harness);
    if (by_control) {
        speak_until_heard(a, b, 20);
        until_all_heard(b);
        assert_heard_whole(b);
        static struct link_message wish = {
            .type = LINK_SLOT_SET_VARIANT, .slot = 3, .variant = LINK_VARIANT_LONG};
        wish.peer = b + 1;
        media_harness_say(&harness, &wish);
    }
    media_harness_until(&harness, hears_long_packets, &a);
    assert_int_equal(heard[b].sequence_gaps, 0);
    media_harness_stop(&harness);
}

static void test_listeners_by_packets_of_60_ms(void **state)
{
    (void)state;
    hear_long_packets(true);
    hear_long_packets(false);
}

static void rebind_with(bool nominate)
{
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, b, 20);
    // Several times: some of the new ports are another thread's.
    for (unsigned i = 0; i < (nominate ? 8u : 1u); i++) {
        assert_true(media_client_rebind(harness.clients[b], nominate));
        speak_until_heard(a, b, 20);
        assert_true(media_client_rebind(harness.clients[a], nominate));
        speak_until_heard(a, b, 20); // its packets are taken from any address that was validated
    }
    assert_int_equal(heard[b].wrong_payload, 0);
    assert_int_equal(media_client_closed(harness.clients[b]), false);
    media_harness_stop(&harness);
}

static void test_client_moves_to_another_address(void **state)
{
    (void)state;
    rebind_with(true);
    rebind_with(false);
}

// Whoever restarts may come from another network: from another port, whose checks are right for the
// new credentials alone, and which may be another thread's.
static void test_ice_restarts(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, b, 20);
    for (unsigned i = 0; i < 8; i++) {
        media_harness_restart(&harness, i % 2 == 0 ? b : a);
        speak_until_heard(a, b, 5); // by the path that was there
        assert_true(media_client_rebind(harness.clients[i % 2 == 0 ? b : a], true));
        speak_until_heard(a, b, 20);
    }
    assert_int_equal(heard[b].wrong_payload, 0);
    // Control's note is the last one.
    harness.synced = false;
    const struct link_message sync = {.type = LINK_SYNC};
    media_harness_say(&harness, &sync);
    media_harness_until(&harness, speaking_synced, &a);
    assert_int_equal(strncmp(harness.answer_owner, "restarted-", 10), 0);
    // Nobody of that name, and a fragment without credentials.
    static struct link_message wrong;
    wrong = (struct link_message){.type = LINK_PEER_RESTART, .peer = b + 1, .sdp_length = 9};
    memcpy(wrong.sdp, "a=mid:0\r\n", 9);
    assert_int_equal(media_harness_ask(&harness, &wrong), ERR_INVALID);
    wrong.peer = 77;
    assert_int_equal(media_harness_ask(&harness, &wrong), ERR_NOT_FOUND);
    speak_until_heard(a, b, 5);
    media_harness_stop(&harness);
}

static void short_timeouts(struct media_config *config)
{
    config->disconnect_after = 600 * TIME_US_PER_MS;
    config->close_after = 1500 * TIME_US_PER_MS;
    config->handshake_within = 1500 * TIME_US_PER_MS;
}

static void test_silence_disconnects_then_closes(void **state)
{
    (void)state;
    begin(1, short_timeouts);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    media_client_fall_silent(harness.clients[a]);
    until_phase(a, LINK_PEER_DISCONNECTED);
    media_client_send_report(harness.clients[a]); // any authentic packet revives it
    until_phase(a, LINK_PEER_CONNECTED);
    until_phase(a, LINK_PEER_DISCONNECTED);
    until_phase(a, LINK_PEER_CLOSED);
    // An offer whose client never comes is given up too.
    unsigned b = media_harness_join(&harness, &listener);
    media_client_fall_silent(harness.clients[b]);
    until_phase(b, LINK_PEER_CLOSED);
    media_harness_stop(&harness);
}

static bool client_closed(struct media_harness *of, void *context)
{
    return media_client_closed(of->clients[*(const unsigned *)context]);
}

static void test_goodbyes_both_ways(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &listener);
    unsigned b = media_harness_join(&harness, &listener);
    unsigned c = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    media_client_say_goodbye(harness.clients[a]);
    until_phase(a, LINK_PEER_CLOSED);
    static struct link_message close = {.type = LINK_PEER_CLOSE};
    close.peer = b + 1;
    media_harness_say(&harness, &close);
    media_harness_until(&harness, client_closed, &b);
    media_harness_say(&harness, &close); // said twice: answered again
    harness.phases[b] = LINK_PEER_NEW;
    until_phase(b, LINK_PEER_CLOSED);
    assert_false(media_client_closed(harness.clients[c]));
    assert_int_equal(kill(harness.child, SIGTERM), 0);
    media_harness_until(&harness, client_closed, &c);
    media_harness_stop(&harness);
}

// An old peer that is being closed and its successor may have the same source.
static void test_rejoin_with_the_same_source(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned b = media_harness_join(&harness, &listener);
    for (unsigned i = 0; i < 6; i++) {
        unsigned a = media_harness_join(&harness, &speaker);
        until_phase(a, LINK_PEER_CONNECTED);
        until_phase(b, LINK_PEER_CONNECTED);
        speak_until_heard(a, b, 20);
        static struct link_message close = {.type = LINK_PEER_CLOSE};
        close.peer = a + 1;
        media_harness_say(&harness, &close);
    }
    assert_int_equal(heard[b].sequence_gaps, 0);
    assert_int_equal(heard[b].wrong_payload, 0);
    media_harness_stop(&harness);
}

static void test_offers_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    begin(1, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client *client = media_client_create(&speaker);
    assert_non_null(client);
    const char *offer = media_client_offer(client);
    struct link_section section = {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = 5};
    assert_int_equal(media_harness_offer(&harness, 1, offer, &section, 1), ERR_INVALID);
    section = (struct link_section){.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 1};
    assert_int_equal(media_harness_offer(&harness, 1, offer, &section, 1), ERR_INVALID);
    struct link_section two[2] = {speaker.sections[0], section};
    assert_int_equal(media_harness_offer(&harness, 1, offer, two, 2), ERR_INVALID);
    assert_int_equal(media_harness_offer(&harness, 1, offer, two, 0), ERR_INVALID);
    assert_int_equal(media_harness_offer(&harness, 1, "v=1\r\n", two, 1), ERR_MALFORMED);
    // The id was never taken.
    assert_int_equal(media_harness_offer(&harness, 1, offer, speaker.sections, 1), ERR_NONE);
    media_client_destroy(client);
    media_harness_stop(&harness);
}

static void few_peers(struct media_config *config)
{
    config->peers_max = 2;
}

static void test_a_full_process_refuses(void **state)
{
    (void)state;
    begin(1, few_peers);
    struct media_client_options listener = listener_options();
    struct media_client *client = media_client_create(&listener);
    assert_non_null(client);
    const char *offer = media_client_offer(client);
    for (link_peer peer = 1; peer <= 2; peer++) {
        assert_int_equal(media_harness_offer(&harness, peer, offer, listener.sections, 1),
                         ERR_NONE);
    }
    assert_int_equal(media_harness_offer(&harness, 3, offer, listener.sections, 1), ERR_FULL);
    static struct link_message close = {.type = LINK_PEER_CLOSE, .peer = 1};
    media_harness_say(&harness, &close);
    enum err err;
    do { // until all threads let go of it
        err = media_harness_offer(&harness, 3, offer, listener.sections, 1);
        assert_true(err == ERR_FULL || err == ERR_NONE);
    } while (err != ERR_NONE);
    media_client_destroy(client);
    media_harness_stop(&harness);
}

static void few_handshakes(struct media_config *config)
{
    config->handshakes_max = 2;
    config->handshake_owed = 500 * TIME_US_PER_MS;
}

// All handshakes are taken by clients that begin again and again and never end: the oldest gives
// way to one that means it.
static void test_a_table_full_of_handshakes_has_room(void **state)
{
    (void)state;
    begin(1, few_handshakes);
    struct media_client_options listener = listener_options();
    struct media_client_options stalling = listener;
    stalling.only_hello = true;
    unsigned a = media_harness_join(&harness, &stalling);
    until_phase(a, LINK_PEER_CHECKED);
    unsigned b = media_harness_join(&harness, &stalling);
    until_phase(b, LINK_PEER_CHECKED);
    unsigned c = media_harness_join(&harness, &listener);
    until_phase(c, LINK_PEER_CONNECTED);
    until_phase(a, LINK_PEER_CLOSED);
    assert_int_equal(harness.phases[b], LINK_PEER_CHECKED); // one was enough
    media_harness_until(&harness, counter_reached, (void *)(uintptr_t) "dtls_gave_way_total");
    assert_int_equal(media_harness_counter(&harness, "dtls_gave_way_total"), 1);
    media_harness_stop(&harness);
}

struct forged_goal {
    unsigned client;
    const char *counter;
};

static bool hostile_counted(struct media_harness *of, void *context)
{
    const struct forged_goal *goal = context;
    uint8_t datagram[100];
    struct media_client *client = of->clients[goal->client];
    for (uint8_t first = 0; first < 200; first = (uint8_t)(first + 5)) {
        random_bytes(datagram, sizeof(datagram));
        datagram[0] = first;
        media_client_send_raw(client, datagram, 1 + random_u32() % sizeof(datagram));
    }
    speak_in_time(goal->client);
    counters_ask(of);
    uint64_t value = media_harness_counter(of, goal->counter);
    return value != UINT64_MAX && value > 0;
}

// From a validated address, the worst place: everything is counted, nothing changes, the others
// hear on.
static void test_garbage_changes_nothing(void **state)
{
    (void)state;
    begin(2, NULL);
    struct media_client_options speaker = speaker_options(SOURCE);
    struct media_client_options listener = listener_options();
    unsigned a = media_harness_join(&harness, &speaker);
    unsigned b = media_harness_join(&harness, &listener);
    media_harness_until_connected(&harness);
    speak_until_heard(a, b, 10);
    struct forged_goal goal = {a, "srtp_forged_total"};
    media_harness_until(&harness, hostile_counted, &goal);
    assert_true(media_harness_counter(&harness, "stun_malformed_total") > 0);
    assert_true(media_harness_counter(&harness, "kind_unknown_total") > 0);
    assert_true(media_harness_counter(&harness, "srtp_malformed_total") > 0);
    speak_until_heard(a, b, 10);
    assert_int_equal(heard[b].wrong_payload, 0);
    assert_int_equal(harness.phases[a], LINK_PEER_CONNECTED);
    media_harness_stop(&harness);
}

static struct heartbeat_board *heartbeats;

static void watch_heartbeats(struct media_config *config)
{
    heartbeats = mmap(NULL, sizeof(*heartbeats), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                      -1, 0);
    assert_ptr_not_equal(heartbeats, MAP_FAILED);
    config->heartbeats = heartbeats;
}

// The kernel's number of the child's thread of this name; 0: none.
static pid_t thread_named(pid_t process, const char *name)
{
    char path[64];
    pid_t found = 0;
    (void)snprintf(path, sizeof(path), "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    assert_non_null(threads);
    for (struct dirent *each = readdir(threads); each != NULL; each = readdir(threads)) {
        char comm[32] = "";
        (void)snprintf(path, sizeof(path), "/proc/%d/task/%.16s/comm", (int)process, each->d_name);
        FILE *file = fopen(path, "re");
        if (file != NULL && fgets(comm, sizeof(comm), file) != NULL &&
            strncmp(comm, name, strlen(name)) == 0) {
            found = (pid_t)strtol(each->d_name, NULL, 10);
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    closedir(threads);
    return found;
}

static struct heartbeat_watch watch;
static struct heartbeat_finding finding;

static bool looked_silent(struct media_harness *of, void *context)
{
    (void)of;
    const time_us *longer_than = context;
    time_us now = time_monotonic_us();
    if (now - watch.looked_at >= HEARTBEAT_LOOK_EVERY_US) {
        finding = heartbeat_watch_look(&watch, heartbeats, now);
    }
    return finding.begun && finding.silent > *longer_than;
}

static bool looked_lively(struct media_harness *of, void *context)
{
    time_us none = 0;
    (void)context;
    return !looked_silent(of, &none) && finding.begun;
}

// The process is lively before all of its threads have begun.
static bool second_thread_looked_lively(struct media_harness *of, void *context)
{
    return looked_lively(of, context) && thread_named(of->child, "media-1") > 0;
}

// One thread of the process is held, as a debugger would; the others go on, and only its heart is
// missed.
static void test_a_thread_that_hangs_is_missed(void **state)
{
    (void)state;
    int status = 0;
    time_us longer_than = 5 * HEARTBEAT_EVERY_US;
    media_harness_start(&harness, 2, watch_heartbeats);
    heartbeat_watch_begin(&watch, time_monotonic_us());
    media_harness_until(&harness, second_thread_looked_lively, NULL);
    pid_t thread = thread_named(harness.child, "media-1");
    assert_true(thread > 0);
    assert_int_equal(ptrace(PTRACE_SEIZE, thread, NULL, NULL), 0);
    assert_int_equal(ptrace(PTRACE_INTERRUPT, thread, NULL, NULL), 0);
    assert_int_equal(waitpid(thread, &status, __WALL), thread);
    media_harness_until(&harness, looked_silent, &longer_than);
    assert_int_equal(finding.part, MEDIA_PART_THREADS + 1);
    assert_true(watch.silent[MEDIA_PART_COORDINATOR] < longer_than);
    assert_true(watch.silent[MEDIA_PART_THREADS] < longer_than);
    assert_int_equal(ptrace(PTRACE_DETACH, thread, NULL, NULL), 0);
    media_harness_until(&harness, looked_lively, NULL);
    media_harness_stop(&harness);
    munmap(heartbeats, sizeof(*heartbeats));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_speaks_the_other_hears),
        cmocka_unit_test(test_client_hello_in_fragments),
        cmocka_unit_test(test_wrong_fingerprint_is_refused),
        cmocka_unit_test(test_control_dies_and_comes_back),
        cmocka_unit_test(test_listeners_on_both_threads),
        cmocka_unit_test(test_slot_goes_to_another_channel),
        cmocka_unit_test(test_a_channel_keeps_what_it_carries),
        cmocka_unit_test(test_a_channel_is_held_back),
        cmocka_unit_test(test_listeners_by_packets_of_60_ms),
        cmocka_unit_test(test_client_moves_to_another_address),
        cmocka_unit_test(test_ice_restarts),
        cmocka_unit_test(test_silence_disconnects_then_closes),
        cmocka_unit_test(test_goodbyes_both_ways),
        cmocka_unit_test(test_rejoin_with_the_same_source),
        cmocka_unit_test(test_offers_that_do_not_fit_are_refused),
        cmocka_unit_test(test_a_full_process_refuses),
        cmocka_unit_test(test_a_table_full_of_handshakes_has_room),
        cmocka_unit_test(test_garbage_changes_nothing),
        cmocka_unit_test(test_a_thread_that_hangs_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
