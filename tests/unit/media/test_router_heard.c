// A channel that is told of its next source keeps what it carries until that one is heard: never
// the silence of a microphone that has just been opened, never a microphone that delivers nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <opus/opus.h>

#include "router_fixture.h"

#define FRAME_US (20 * TIME_US_PER_MS)
#define WAIT_US  (LINK_SUCCESSION_MS * TIME_US_PER_MS)

static struct fixture fixture;

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

static void send_payload(struct sender *sender, const uint8_t *payload, size_t payload_size)
{
    uint8_t packet[ROUTER_PACKET_MAX];
    (void)sender_audio(sender, packet);
    memcpy(packet + RTP_HEADER_SIZE, payload, payload_size);
    assert_true(fixture_receive(&fixture, sender, packet, RTP_HEADER_SIZE + payload_size));
}

// Digital silence: by what is in it, or by the level that it tells.
static void say_nothing(struct sender *sender)
{
    send_payload(sender, (const uint8_t[]){0xf8, 0xff, 0xfe}, 3);
}

static void say_level(struct sender *sender, uint8_t level)
{
    uint8_t packet[200];
    size_t size = sender_audio_level(sender, level, packet);
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

static void succeed(link_channel channel, link_source source)
{
    assert_int_equal(router_channel_succeed(fixture.router, fixture.now, channel, source, WAIT_US),
                     ERR_NONE);
}

// Two speakers, one listener who hears the floor; the first speaks.
static void two_speakers(struct sender *first, struct sender *second)
{
    for (unsigned i = 0; i < 3; i++) {
        fixture_join(&fixture, i);
    }
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    fixture_open(&fixture, 6, LINK_AUDIO, 1, 1);
    set_channel_source(CHANNEL_FLOOR, 5);
    set_slot_channel(2, 0, CHANNEL_FLOOR);
    *first = audio_sender(5);
    *second = audio_sender(6);
    talk(first);
    assert_int_equal(fixture.peers[2].rtp_count, 1);
}

static void test_next_source_once_heard(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    assert_true(router_source_wanted(fixture.router, 6)); // other threads must bring its packets
    fixture_pass(&fixture, 300 * TIME_US_PER_MS);
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    // Silence: its page does not yet know that it is on.
    say_nothing(&second);
    say_level(&second, 127);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 3); // the first that says something
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 3);
    assert_int_equal(fixture_last(&fixture.peers[2])->rtp.sequence,
                     (uint16_t)(fixture.peers[2].heard[0].rtp.sequence + 2));
    assert_false(router_source_wanted(fixture.router, 5));
}

// An encoder's silence has any size: several frames in a packet, SILK, a constant rate.
struct silent_form {
    int application;
    int frame_ticks;
    bool vbr;
    int channels;
    int bits_per_second;
};

static const struct silent_form forms[] = {
    {OPUS_APPLICATION_AUDIO, 3840, true, 1, 48000},  // 10 bytes
    {OPUS_APPLICATION_AUDIO, 5760, true, 1, 48000},  // 14 bytes
    {OPUS_APPLICATION_VOIP, 960, true, 1, 48000},    // 55 bytes
    {OPUS_APPLICATION_VOIP, 960, true, 1, 12000},    //
    {OPUS_APPLICATION_AUDIO, 960, false, 1, 64000},  // 160 bytes, as 'a client pads'
    {OPUS_APPLICATION_VOIP, 2880, false, 1, 24000},  //
    {OPUS_APPLICATION_AUDIO, 960, false, 2, 128000}, // 320 bytes
    {OPUS_APPLICATION_RESTRICTED_LOWDELAY, 120, false, 1, 64000},
};

// A packet of a tone, or of silence, as it comes after a while. The two sides cancel each other.
static size_t encode(const struct silent_form *form, int amplitude, uint8_t *to, size_t capacity)
{
    static opus_int16 samples[5760 * 2];
    int err = 0;
    int size = 0;
    OpusEncoder *encoder = opus_encoder_create(48000, form->channels, form->application, &err);
    assert_int_equal(err, OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BITRATE(form->bits_per_second)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_VBR(form->vbr)), OPUS_OK);
    for (int i = 0; i < form->frame_ticks * form->channels; i++) {
        int side = i % form->channels == 0 ? 1 : -1;
        samples[i] = (opus_int16)((i / form->channels / 32 % 2 == 0 ? amplitude : -amplitude) *
                                  side);
    }
    for (int i = 0; i < 20; i++) {
        size = opus_encode(encoder, samples, form->frame_ticks, to, (opus_int32)capacity);
        assert_true(size > 0);
    }
    opus_encoder_destroy(encoder);
    return (size_t)size;
}

static void test_silence_of_any_form(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        uint8_t payload[1000];
        time_us duration = (time_us)forms[i].frame_ticks * TIME_US_PER_S / 48000;
        set_channel_source(CHANNEL_FLOOR, 5);
        succeed(CHANNEL_FLOOR, 6);
        router_source_await(fixture.router, 6);
        size_t size = encode(&forms[i], 0, payload, sizeof(payload));
        for (time_us passed = 0; passed < 2 * TIME_US_PER_S; passed += duration) {
            fixture_pass(&fixture, duration);
            first.timestamp += (uint32_t)forms[i].frame_ticks - OPUS_TICKS;
            second.timestamp += (uint32_t)forms[i].frame_ticks - OPUS_TICKS;
            send_payload(&second, payload, size);
            assert_false(fixture.state_sounding && fixture.state_source == 6);
            fixture_forget(&fixture);
            talk(&first);
            assert_int_equal(fixture.peers[2].rtp_count, 1);
        }
        // Its first packet with sound is heard, a quiet one too (-60 dBFS).
        size = encode(&forms[i], 33, payload, sizeof(payload));
        fixture_forget(&fixture);
        fixture_pass(&fixture, duration);
        send_payload(&second, payload, size);
        assert_true(fixture.state_sounding && fixture.state_source == 6);
        assert_int_equal(fixture.peers[2].rtp_count, 1);
        assert_memory_equal(fixture_last(&fixture.peers[2])->payload, payload, size);
    }
}

// Muted after it was heard: told within a second and what is between two packets decoded.
static void test_silence_after_sound(void **state)
{
    (void)state;
    uint8_t payload[1000];
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    size_t size = encode(&forms[4], 10000, payload, sizeof(payload));
    for (unsigned i = 0; i < 100; i++) {
        fixture_pass(&fixture, FRAME_US);
        send_payload(&sender, payload, size);
    }
    assert_true(fixture.state_sounding);
    size = encode(&forms[4], 0, payload, sizeof(payload));
    for (unsigned i = 0; i < 61; i++) {
        fixture_pass(&fixture, FRAME_US);
        send_payload(&sender, payload, size);
    }
    assert_true(fixture.state_active);
    assert_false(fixture.state_sounding);
    for (unsigned i = 0; i < 1000; i++) {
        fixture_pass(&fixture, FRAME_US);
        send_payload(&sender, payload, size);
    }
    // Nobody waits for it any more: within 200 ms.
    size = encode(&forms[4], 10000, payload, sizeof(payload));
    for (unsigned i = 0; i < 11; i++) {
        fixture_pass(&fixture, FRAME_US);
        send_payload(&sender, payload, size);
    }
    assert_true(fixture.state_sounding);
}

// No frame is in it, or none that can be read: the level that it tells is of nothing.
static void test_a_level_of_nothing(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    uint8_t packet[200];
    size_t size = sender_audio_level(&sender, 10, packet);
    assert_true(fixture_receive(&fixture, &sender, packet, size - 8)); // its first byte alone
    assert_false(fixture.state_sounding);
    const uint8_t unreadable[100] = {0xfb, 0x30}; // 48 frames of 20 ms
    send_payload(&sender, unreadable, sizeof(unreadable));
    assert_true(fixture.state_active);
    assert_false(fixture.state_sounding);
}

// Padding alone, as probes of a line are: that is nobody's microphone.
static void test_padding_is_nobody(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    uint8_t packet[200];
    size_t size = sender_audio_level(&sender, 10, packet); // nine bytes are its payload
    packet[0] |= 0x20;
    packet[size - 1] = 9;
    assert_true(fixture_receive(&fixture, &sender, packet, size));
    assert_int_equal(fixture.state_count, 0);
    assert_int_equal(router_counters(fixture.router)->rtp_packets_in_total, 1);
    send_payload(&sender, packet + size - 9, 8);
    assert_int_equal(fixture.state_count, 1);
    assert_true(fixture.state_active);
}

static void send_loud(struct sender *sender, const uint8_t *payload, size_t payload_size)
{
    uint8_t packet[ROUTER_PACKET_MAX];
    size_t size = sender_audio_level(sender, 10, packet) - 9; // its own payload
    memcpy(packet + size, payload, payload_size);
    assert_true(fixture_receive(&fixture, sender, packet, size + payload_size));
}

// Nor does a level make sound of an encoder's silence.
static void test_a_level_over_silence(void **state)
{
    (void)state;
    uint8_t payload[1000];
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    router_source_await(fixture.router, 5);
    size_t size = encode(&forms[4], 0, payload, sizeof(payload));
    for (unsigned i = 0; i < 200; i++) {
        fixture_pass(&fixture, FRAME_US);
        send_loud(&sender, payload, size);
        assert_false(fixture.state_sounding);
    }
    size = encode(&forms[4], 33, payload, sizeof(payload));
    fixture_pass(&fixture, FRAME_US);
    send_loud(&sender, payload, size);
    assert_true(fixture.state_sounding);
}

// A quiet room is heard, however little the packet says.
static void test_the_level_that_is_told_counts(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    for (unsigned i = 0; i < 10; i++) {
        fixture_pass(&fixture, FRAME_US);
        say_level(&second, 127);
        talk(&first);
    }
    assert_int_equal(fixture.peers[2].rtp_count, 11);
    say_level(&second, 126);
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 12);
    assert_int_equal(heard_source(fixture_last(&fixture.peers[2])), 6);
}

// A microphone that is there and quiet takes the channel when the time is over, and not before,
// when what is carried is quiet as well.
static void test_a_quiet_source_waits_no_longer_than_agreed(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    say_nothing(&second);
    fixture_pass(&fixture, WAIT_US - TIME_US_PER_MS);
    say_nothing(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    fixture_pass(&fixture, 2 * TIME_US_PER_MS);
    say_nothing(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    say_nothing(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 3);
}

// Muted, it takes the channel from nobody who is heard, however long it lasts; and has it with its
// first sound.
static void test_digital_silence_takes_nothing_from_who_is_heard(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    for (unsigned i = 0; i < 500; i++) {
        fixture_pass(&fixture, FRAME_US);
        say_nothing(&second);
        // A pause between two words is no end.
        if (i % 40 < 5) {
            talk(&first);
        } else {
            say_level(&first, 127);
        }
    }
    assert_int_equal(fixture.peers[2].rtp_count, 501);
    talk(&second);
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 502);
    assert_int_equal(heard_source(fixture_last(&fixture.peers[2])), 6);
}

static void test_who_never_sends_takes_no_channel(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    for (unsigned i = 0; i < 500; i++) {
        fixture_pass(&fixture, FRAME_US);
        talk(&first);
    }
    assert_int_equal(fixture.peers[2].rtp_count, 501);
    assert_true(router_source_wanted(fixture.router, 6));
    assert_true(router_next_deadline(fixture.router) > fixture.now); // nothing turns in a circle
    // The time is over: any packet will do once the first is not heard.
    fixture_pass(&fixture, WAIT_US);
    say_nothing(&second);
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 502);
    assert_false(router_source_wanted(fixture.router, 5));
}

// What it delivered before the word about it says nothing of now.
static void test_only_packets_after_the_word_count(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    talk(&second);
    fixture_pass(&fixture, FRAME_US);
    succeed(CHANNEL_FLOOR, 6);
    fixture_pass(&fixture, 2 * WAIT_US);
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
}

static void test_a_later_word_ends_the_waiting(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    set_channel_source(CHANNEL_FLOOR, 6); // the first closed the microphone
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 1);
    succeed(CHANNEL_FLOOR, 5);
    succeed(CHANNEL_FLOOR, 6); // back again, before the other was heard
    talk(&first);
    assert_int_equal(fixture.peers[2].rtp_count, 1);
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    succeed(CHANNEL_FLOOR, 0); // silence waits for nobody
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
}

static void test_the_source_that_was_to_stay_ends(void **state)
{
    (void)state;
    struct sender first;
    struct sender second;
    two_speakers(&first, &second);
    succeed(CHANNEL_FLOOR, 6);
    router_source_close(fixture.router, 5);
    fixture_pass(&fixture, 100 * TIME_US_PER_MS);
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 2);
    // And the next one may open later than the word about it.
    succeed(CHANNEL_FLOOR, 7);
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 3);
    fixture_open(&fixture, 7, LINK_AUDIO, 1, 0);
    struct sender third = audio_sender(7);
    talk(&third);
    assert_int_equal(fixture.peers[2].rtp_count, 4);
    talk(&second);
    assert_int_equal(fixture.peers[2].rtp_count, 4);
}

// ---- What control is told of a source ----

static void assert_told(uint32_t count, bool active, bool sounding)
{
    assert_int_equal(fixture.state_count, count);
    assert_int_equal(fixture.state_active, active);
    assert_int_equal(fixture.state_sounding, sounding);
}

static void test_silence_is_told_apart_from_nothing(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    say_nothing(&sender);
    assert_told(1, true, false);
    say_level(&sender, 127);
    assert_told(1, true, false);
    talk(&sender);
    talk(&sender);
    assert_told(2, true, true);
    for (unsigned i = 0; i < 49; i++) {
        fixture_pass(&fixture, FRAME_US);
        say_level(&sender, 127);
    }
    assert_told(2, true, true);
    for (unsigned i = 0; i < 10; i++) {
        fixture_pass(&fixture, FRAME_US);
        say_level(&sender, 127);
    }
    assert_told(3, true, false);
    say_level(&sender, 90);
    assert_told(4, true, true);
    fixture_pass(&fixture, 1200 * TIME_US_PER_MS);
    assert_told(5, false, false);
}

static void test_awaited_it_is_told_anew(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    talk(&sender);
    assert_told(1, true, true);
    router_source_await(fixture.router, 5);
    router_source_await(fixture.router, 99); // gone
    fixture_pass(&fixture, 2 * TIME_US_PER_S);
    assert_int_equal(fixture.state_count, 1);
    say_nothing(&sender);
    assert_told(2, true, false);
    talk(&sender);
    assert_told(3, true, true);
    router_source_await(fixture.router, 5);
    talk(&sender);
    assert_told(4, true, true);
}

static void lose(struct sender *sender, unsigned packets)
{
    sender->sequence = (uint16_t)(sender->sequence + packets);
    sender->timestamp += packets * 960;
}

// A packet of 45 is heard now and then, and followed by nobody.
static void test_a_line_that_loses_nearly_everything_delivers_nothing(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    talk(&sender);
    for (unsigned i = 0; i < 2; i++) {
        fixture_pass(&fixture, 900 * TIME_US_PER_MS);
        lose(&sender, 44);
        talk(&sender);
    }
    fixture_pass(&fixture, 200 * TIME_US_PER_MS);
    assert_told(2, false, false); // within two seconds
    for (unsigned i = 0; i < 5; i++) {
        fixture_pass(&fixture, 900 * TIME_US_PER_MS);
        lose(&sender, 44);
        talk(&sender);
    }
    assert_int_equal(fixture.state_count, 2);
    // The line is good again: heard within a quarter of a second.
    for (unsigned i = 0; i < 13; i++) {
        talk(&sender);
        fixture_pass(&fixture, FRAME_US);
    }
    assert_told(3, true, true);
}

static void test_what_comes_of_a_poor_line_is_heard(void **state)
{
    (void)state;
    fixture_join(&fixture, 0);
    fixture_open(&fixture, 5, LINK_AUDIO, 1, 0);
    struct sender sender = audio_sender(5);
    for (unsigned i = 0; i < 300; i++) { // four of five are lost
        talk(&sender);
        lose(&sender, 4);
        fixture_pass(&fixture, 5 * FRAME_US);
    }
    assert_told(1, true, true);
    for (unsigned i = 0; i < 20; i++) { // who sends seldom loses nothing
        talk(&sender);
        fixture_pass(&fixture, 800 * TIME_US_PER_MS);
    }
    for (unsigned i = 0; i < 100; i++) { // nor is a hole of 0.9 s a thin line
        talk(&sender);
        fixture_pass(&fixture, FRAME_US);
    }
    fixture_pass(&fixture, 880 * TIME_US_PER_MS);
    lose(&sender, 44);
    for (unsigned i = 0; i < 100; i++) {
        talk(&sender);
        fixture_pass(&fixture, FRAME_US);
    }
    assert_told(1, true, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_next_source_once_heard, setup, teardown),
        cmocka_unit_test_setup_teardown(test_silence_of_any_form, setup, teardown),
        cmocka_unit_test_setup_teardown(test_silence_after_sound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_level_of_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_padding_is_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_level_over_silence, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_level_that_is_told_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_quiet_source_waits_no_longer_than_agreed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_digital_silence_takes_nothing_from_who_is_heard, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_who_never_sends_takes_no_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_packets_after_the_word_count, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_later_word_ends_the_waiting, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_source_that_was_to_stay_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_silence_is_told_apart_from_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_awaited_it_is_told_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_line_that_loses_nearly_everything_delivers_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_comes_of_a_poor_line_is_heard, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
