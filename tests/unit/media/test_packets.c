// Streams of packets that clients nobody here wrote may send: the table of tests/data/packets.txt.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "offer_carrier.h"

#define CHANGES_MAX 16

static const char *data_folder;

struct change {
    long from;
    long to; // the last packet that it is about
    enum { SEQUENCE, TIME, SSRC } what;
    long value;
};

struct stream {
    char name[256];
    unsigned packets;
    uint16_t sequence;
    uint32_t time;
    unsigned change_count;
    struct change changes[CHANGES_MAX];
    long hold_from, hold_to;
    long skip_from, skip_to;
    long ppm;
    uint32_t ticks;
    struct carrier_packet shape;
    bool played;
    unsigned holes; // in the numbers at the listener
    struct carrier_ear ear;
};

static void stream_begin(struct stream *stream, const char *name)
{
    *stream = (struct stream){
        .packets = 200,
        .sequence = 100,
        .hold_to = -1,
        .skip_from = -1,
        .skip_to = -1,
        .ticks = 960,
        .shape = {.ssrc = 1, .duration_us = 20000, .opus_config = 15, .size = 40},
    };
    (void)snprintf(stream->name, sizeof(stream->name), "%s", name);
}

// RFC 6716 section 3.1: CELT, full band, 2.5, 5, 10 and 20 ms are 28 to 31; SILK, wide band, 40 and
// 60 ms are 10 and 11.
static void frame_set(struct stream *stream, double milliseconds)
{
    static const struct {
        double milliseconds;
        uint8_t config;
    } frames[] = {{2.5, 28}, {5, 29}, {10, 30}, {20, 31}, {40, 10}, {60, 11}, {120, 11}};
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        if (frames[i].milliseconds == milliseconds) {
            stream->shape.opus_config = frames[i].config;
        }
    }
    stream->ticks = (uint32_t)(milliseconds * 48);
    stream->shape.duration_us = (uint32_t)(milliseconds * 1000);
}

static struct carrier_packet packet_make(const struct stream *stream, long number)
{
    struct carrier_packet packet = stream->shape;
    bool held = number >= stream->hold_from && number <= stream->hold_to;
    long at = held ? stream->hold_from : number;
    packet.sequence = (uint16_t)(stream->sequence + number);
    packet.timestamp = stream->time +
                       (uint32_t)((double)at * stream->ticks * (1 + (double)stream->ppm / 1e6));
    for (unsigned i = 0; i < stream->change_count; i++) {
        const struct change *change = &stream->changes[i];
        if (number < change->from || number > change->to) {
            continue;
        }
        packet.sequence += change->what == SEQUENCE ? (uint16_t)change->value : 0;
        packet.timestamp += change->what == TIME ? (uint32_t)change->value : 0;
        packet.ssrc = change->what == SSRC ? (uint32_t)change->value : packet.ssrc;
    }
    return packet;
}

static void play(struct stream *stream)
{
    if (stream->played) {
        return;
    }
    carrier_talk_begin();
    for (long i = 0; i < (long)stream->packets; i++) {
        struct carrier_packet packet = packet_make(stream, i);
        if (i >= stream->skip_from && i <= stream->skip_to) {
            carrier_pass(packet.duration_us);
        } else {
            carrier_talk(&packet);
        }
    }
    carrier_talk_end(&stream->ear);
    stream->played = true;
    if (stream->ear.breaks != stream->holes) {
        fail_msg("%s: %u holes", stream->name, stream->ear.breaks);
    }
}

static void change_add(struct stream *stream, const char *line, bool once)
{
    char what[16];
    struct change change = {0};
    assert_int_equal(sscanf(line, "%*s %ld %15s %ld", &change.from, what, &change.value), 3);
    change.to = once ? change.from : (long)stream->packets;
    change.what = strcmp(what, "sequence") == 0 ? SEQUENCE
                  : strcmp(what, "time") == 0   ? TIME
                                                : SSRC;
    assert_true(stream->change_count < CHANGES_MAX);
    stream->changes[stream->change_count++] = change;
}

static bool shape_read(struct stream *stream, const char *word, const char *line)
{
    long a = 0;
    long b = 0;
    double milliseconds = 0;
    int count = sscanf(line, "%*s %ld %ld", &a, &b);
    if (strcmp(word, "frame") == 0 && sscanf(line, "%*s %lf", &milliseconds) == 1) {
        frame_set(stream, milliseconds);
    } else if (strcmp(word, "packets") == 0 && count == 1) {
        stream->packets = (unsigned)a;
    } else if (strcmp(word, "begin") == 0 && count == 2) {
        stream->sequence = (uint16_t)a;
        stream->time = (uint32_t)b;
    } else if (strcmp(word, "at") == 0 || strcmp(word, "once") == 0) {
        change_add(stream, line, word[0] == 'o');
    } else if (strcmp(word, "hold") == 0 && count == 2) {
        stream->hold_from = a;
        stream->hold_to = b;
    } else if (strcmp(word, "skip") == 0 && count == 2) {
        stream->skip_from = a;
        stream->skip_to = b;
    } else if (strcmp(word, "ppm") == 0 && count == 1) {
        stream->ppm = a;
    } else if (strcmp(word, "holes") == 0 && count == 1) {
        stream->holes = (unsigned)a;
    } else if (strcmp(word, "marker") == 0) {
        stream->shape.marker = true;
    } else if (strcmp(word, "padding") == 0 && count == 1) {
        stream->shape.padding = (uint8_t)a;
    } else if (strcmp(word, "csrc") == 0 && count == 1) {
        stream->shape.csrcs = (uint8_t)a;
    } else {
        return false;
    }
    assert_false(stream->played); // expectations come last
    return true;
}

static void expect(struct stream *stream, const char *word, const char *line)
{
    long a = 0;
    long b = 0;
    int count = sscanf(line, "%*s %ld %ld", &a, &b);
    play(stream);
    const struct carrier_ear *ear = &stream->ear;
    bool right = strcmp(word, "missing") == 0    ? ear->missing == (unsigned)a
                 : strcmp(word, "restarts") == 0 ? ear->restarts == (uint64_t)a
                 : strcmp(word, "suspects") == 0 ? ear->suspects == (uint64_t)a
                                                 : strcmp(word, "step") == 0 && count == 2 &&
                                                       ear->step_least >= a && ear->step_most <= b;
    if (!right) {
        fail_msg(
            "%s: %s; it is: missing %u (%u in a row), restarts %llu, suspects %llu, step %d %d",
            stream->name, line, ear->missing, ear->missing_most, (unsigned long long)ear->restarts,
            (unsigned long long)ear->suspects, ear->step_least, ear->step_most);
    }
}

static void test_the_table(void **state)
{
    (void)state;
    static struct stream stream;
    char path[512];
    char line[256];
    char word[32];
    unsigned count = 0;
    (void)snprintf(path, sizeof(path), "%s/packets.txt", data_folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#' || sscanf(line, "%31s", word) != 1) {
            continue;
        }
        if (strcmp(word, "==") == 0) {
            assert_true(stream.played || count == 0);
            stream_begin(&stream, line + 3);
            print_message("%s\n", stream.name);
            count++;
        } else if (!shape_read(&stream, word, line)) {
            expect(&stream, word, line);
        }
    }
    (void)fclose(file);
    assert_true(stream.played && count > 30);
}

static int setup(void **state)
{
    (void)state;
    offer_carrier_init();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    offer_carrier_finish();
    return 0;
}

int main(int argc, char **argv)
{
    data_folder = argc == 2 ? argv[1] : "";
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_table)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
