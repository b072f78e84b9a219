#include "../test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/live_socket.h"

static int ours;
static int theirs;
static struct live_socket *live;
static struct message_deflate *deflating;
static int window; // of the next socket
static unsigned received_count;
static size_t received_size;
static unsigned misbehaved_count;
static unsigned too_large_count; // of these
static size_t sent;              // what the last message weighed

static void received(void *context, api_connection connection, const char *text, size_t size)
{
    (void)context;
    (void)text;
    assert_int_equal(connection, 7);
    received_count++;
    received_size = size;
}

static unsigned admitted_max = UINT_MAX; // messages that are not one too many
static unsigned refused_count;
static size_t refused_size; // of the last whose text could be read; SIZE_MAX: its could not
static size_t turn_bytes;   // as the last reading reported

static bool admit(void *context, api_connection connection)
{
    (void)context;
    assert_int_equal(connection, 7);
    return received_count < admitted_max;
}

static void refused(void *context, api_connection connection, const char *text, size_t size)
{
    (void)context;
    assert_int_equal(connection, 7);
    refused_count++;
    refused_size = text != NULL ? size : SIZE_MAX;
}

static bool readable(void)
{
    return live_socket_on_readable(live, &turn_bytes);
}

static void misbehaved(void *context, api_connection connection, bool too_large)
{
    (void)context;
    assert_int_equal(connection, 7);
    misbehaved_count++;
    too_large_count += too_large;
}

static void make_of(int type, const void *early, size_t early_size)
{
    int ends[2];
    const struct live_socket_events events = {.context = NULL,
                                              .admit = admit,
                                              .refused = refused,
                                              .received = received,
                                              .misbehaved = misbehaved};
    assert_int_equal(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends), 0);
    ours = ends[0];
    theirs = ends[1];
    received_count = misbehaved_count = too_large_count = refused_count = 0;
    admitted_max = UINT_MAX;
    const struct live_socket_compression compression = {deflating, window};
    assert_int_equal(live_socket_create(ours, 7, early, early_size, &compression, &events, &live),
                     ERR_NONE);
}

static void make(const void *early, size_t early_size)
{
    make_of(SOCK_STREAM, early, early_size);
}

static int unmake(void **state)
{
    (void)state;
    live_socket_destroy(live);
    close(ours);
    close(theirs);
    return 0;
}

// A masked frame whose mask is zero (RFC 6455, section 5.2). Returns its size.
static size_t frame(uint8_t *to, uint8_t first, size_t size, char fill)
{
    size_t head = size < 126 ? 2 : 4;
    to[0] = first;
    to[1] = (uint8_t)(0x80 | (size < 126 ? size : 126));
    if (head == 4) {
        to[2] = (uint8_t)(size >> 8);
        to[3] = (uint8_t)size;
    }
    memset(to + head, 0, 4);
    memset(to + head + 4, fill, size);
    return head + 4 + size;
}

static void give(const void *data, size_t size)
{
    assert_int_equal(write(theirs, data, size), size);
}

static void whole_messages_come_out(void **state)
{
    (void)state;
    uint8_t data[70000];
    make(NULL, 0);
    give(data, frame(data, 0x81, 5, 'a'));
    assert_true(readable());
    assert_int_equal(received_count, 1);
    assert_int_equal(received_size, 5);
    // Three fragments with a ping between them.
    size_t size = frame(data, 0x01, 3, 'a');
    size += frame(data + size, 0x89, 2, 'p');
    size += frame(data + size, 0x00, 4, 'b');
    size += frame(data + size, 0x80, 5, 'c');
    for (size_t i = 0; i < size; i++) {
        give(data + i, 1);
        assert_true(readable());
    }
    assert_int_equal(received_count, 2);
    assert_int_equal(received_size, 12);
    assert_true(live_socket_wants_write(live)); // the pong
    assert_true(live_socket_on_writable(live));
    assert_int_equal(read(theirs, data, sizeof(data)), 4);
    assert_int_equal(data[0], 0x8a);
    // As large as may be.
    size = frame(data, 0x81, 60000, 'x');
    give(data, size);
    while (received_count < 3) {
        assert_true(readable());
    }
    assert_int_equal(received_size, 60000);
    assert_int_equal(misbehaved_count, 0);
}

static void what_came_with_the_handshake_is_read_first(void **state)
{
    (void)state;
    uint8_t early[64];
    uint8_t data[64];
    size_t size = frame(early, 0x81, 5, 'a');
    make(early, size - 2);
    assert_true(readable());
    assert_int_equal(received_count, 0);
    give(early + size - 2, 2);
    give(data, frame(data, 0x81, 6, 'b'));
    assert_true(readable());
    assert_int_equal(received_count, 2);
    assert_int_equal(received_size, 6);
}

static void a_flood_of_pings_ends_it(void **state)
{
    (void)state;
    uint8_t data[6 * 1000];
    make(NULL, 0);
    for (size_t i = 0; i < 1000; i++) {
        frame(data + 6 * i, 0x89, 0, 0);
    }
    give(data, sizeof(data));
    assert_true(readable()); // a thousand are borne
    assert_int_equal(misbehaved_count, 0);
    give(data, sizeof(data));
    assert_false(readable());
    assert_int_equal(misbehaved_count, 1);
    assert_false(readable());
    assert_int_equal(misbehaved_count, 1);
}

static void pings_between_messages_do_not_add_up(void **state)
{
    (void)state;
    uint8_t data[6 * 1000];
    make(NULL, 0);
    for (int round = 0; round < 5; round++) {
        size_t size = 0;
        for (size_t i = 0; i < 500; i++) {
            size += frame(data + size, 0x8a, 0, 0); // pongs nobody asked for
        }
        size += frame(data + size, 0x81, 3, 'm');
        give(data, size);
        assert_true(readable());
    }
    assert_int_equal(received_count, 5);
    assert_int_equal(misbehaved_count, 0);
}

static void a_message_without_end_ends_it(void **state)
{
    (void)state;
    uint8_t data[6 * 2000];
    make(NULL, 0);
    give(data, frame(data, 0x01, 1, '{'));
    for (size_t i = 0; i < 2000; i++) {
        frame(data + 6 * i, 0x00, 0, 0);
    }
    give(data, sizeof(data));
    assert_false(readable());
    assert_int_equal(misbehaved_count, 1);
    assert_int_equal(received_count, 0);
}

static void one_turn_takes_no_more_than_its_share(void **state)
{
    (void)state;
    static uint8_t data[100 * 1024];
    size_t size = 0;
    make(NULL, 0);
    int room = 1 << 20;
    assert_int_equal(setsockopt(theirs, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)), 0);
    while (size + 1030 < sizeof(data)) {
        size += frame(data + size, 0x81, 1000, 'x');
    }
    give(data, size);
    assert_true(readable());
    assert_in_range(received_count, 50, 70);
    assert_true(readable());
    assert_int_equal(received_count, size / 1008);
}

static void broken_frames_end_it(void **state)
{
    (void)state;
    uint8_t data[64];
    make(NULL, 0);
    size_t size = frame(data, 0x81, 5, 'a');
    data[1] &= 0x7f; // not masked (RFC 6455, section 5.1)
    give(data, size);
    (void)!readable();
    assert_int_equal(received_count, 0);
    unmake(state);
    make(NULL, 0);
    give(data, frame(data, 0xf1, 5, 'a')); // reserved bits
    (void)!readable();
    assert_int_equal(received_count, 0);
    unmake(state);
    make(NULL, 0);
    give(data, frame(data, 0x82, 5, 'a')); // binary
    (void)!readable();
    assert_int_equal(received_count, 0);
    assert_int_equal(misbehaved_count, 1);
}

static void assert_is_told(const uint8_t *bytes, size_t size, unsigned times)
{
    make(NULL, 0);
    give(bytes, size);
    (void)!readable();
    assert_int_equal(misbehaved_count, times);
    (void)!readable();
    assert_int_equal(misbehaved_count, times);
    unmake(NULL);
}

// Once each: coming again costs as much as after a flood. Whoever closes as one may is not told of.
static void broken_frames_are_told(void **state)
{
    (void)state;
    uint8_t data[64];
    size_t size = frame(data, 0x81, 5, 'a');
    data[1] &= 0x7f; // not masked
    assert_is_told(data, size, 1);
    assert_is_told(data, frame(data, 0xf1, 5, 'a'), 1);    // reserved bits
    assert_is_told(data, frame(data, 0x81, 5, '\xff'), 1); // no UTF-8
    assert_is_told(data, frame(data, 0x80, 5, 'a'), 1);    // goes on with nothing
    size = frame(data, 0x88, 2, 0);
    assert_is_told(data, size, 1); // closes with a code that there is not
    data[size - 2] = 0x03;
    data[size - 1] = 0xe8;
    assert_is_told(data, size, 0); // closes
    assert_is_told(data, frame(data, 0x88, 0, 0), 0);
    make(NULL, 0);
}

// Browsers say with code 1001 that the page is left; a page that only drops the connection does
// not.
static void who_goes_away_says_so(void **state)
{
    (void)state;
    uint8_t data[64];
    const struct {
        uint8_t code[2];
        bool left;
    } codes[] = {{{0x03, 0xe8}, false}, {{0x03, 0xe9}, true}, {{0x0f, 0xa0}, false}};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        make(NULL, 0);
        size_t size = frame(data, 0x88, 2, 0);
        memcpy(data + size - 2, codes[i].code, 2);
        give(data, size);
        (void)!readable();
        assert_int_equal(live_socket_left(live), codes[i].left);
        unmake(NULL);
    }
    make(NULL, 0);
    close(theirs);
    assert_false(readable());
    assert_false(live_socket_left(live));
}

static void who_does_not_read_has_a_mebibyte(void **state)
{
    (void)state;
    static char text[64 * 1024];
    memset(text, 'x', sizeof(text));
    make(NULL, 0);
    size_t queued = 0;
    while (live_socket_send(live, text, sizeof(text), &sent)) {
        queued += sizeof(text);
        assert_true(queued <= LIVE_SOCKET_QUEUE_MAX);
    }
    assert_true(queued >= LIVE_SOCKET_QUEUE_MAX - sizeof(text));
}

// One state of a large meeting does not count while it is on its way; the next waits for it to be.
static void a_large_state_after_another_has_room(void **state)
{
    (void)state;
    static char large[3u << 20];
    static uint8_t data[1u << 20];
    memset(large, 'x', sizeof(large));
    make(NULL, 0);
    for (int round = 0; round < 3; round++) {
        assert_true(live_socket_has_room(live));
        assert_true(live_socket_send(live, large, sizeof(large), &sent));
        assert_false(live_socket_has_room(live));
        assert_true(live_socket_send(live, large, LIVE_SOCKET_DRAINED, &sent)); // events
        while (!live_socket_has_room(live)) {
            assert_true(live_socket_on_writable(live));
            (void)!recv(theirs, data, sizeof(data), MSG_DONTWAIT);
        }
    }
    assert_true(live_socket_send(live, large, sizeof(large), &sent));
    assert_false(live_socket_send(live, large, sizeof(large), &sent));
}

// The message that is being sent is whole, those behind it are left out, and the word for it comes.
static void who_reads_too_late_is_told_why(void **state)
{
    (void)state;
    static char text[600000];
    static uint8_t data[2 * sizeof(text)];
    memset(text, 'x', sizeof(text));
    make(NULL, 0);
    assert_true(live_socket_send(live, text, sizeof(text), &sent));
    assert_true(live_socket_on_writable(live));
    assert_true(live_socket_send(live, text, sizeof(text), &sent));
    live_socket_close_now(live, 4003, "messages are not read");
    live_socket_close(live, 4001, "replaced"); // ended already
    size_t size = 0;
    while (live_socket_wants_write(live)) {
        ssize_t some = recv(theirs, data + size, sizeof(data) - size, MSG_DONTWAIT);
        size += some > 0 ? (size_t)some : 0;
        assert_true(live_socket_on_writable(live));
    }
    ssize_t rest = recv(theirs, data + size, sizeof(data) - size, MSG_DONTWAIT);
    size += rest > 0 ? (size_t)rest : 0;
    const uint8_t *behind = data + 10 + sizeof(text);
    assert_int_equal(size, 10 + sizeof(text) + 2 + 2 + 21);
    assert_int_equal(behind[0], 0x88);
    assert_int_equal(behind[2] << 8 | behind[3], 4003);
    assert_memory_equal(behind + 4, "messages are not read", 21);
}

static void the_last_message_goes_out_before_the_close_frame(void **state)
{
    (void)state;
    uint8_t data[256];
    make(NULL, 0);
    assert_true(live_socket_send(live, "{}", 2, &sent));
    live_socket_close(live, 4001, "replaced");
    assert_true(live_socket_on_writable(live));
    assert_int_equal(read(theirs, data, sizeof(data)), 4 + 2 + 2 + 8);
    assert_int_equal(data[0], 0x81);
    assert_int_equal(data[4], 0x88);
    assert_int_equal(data[6] << 8 | data[7], 4001);
    // What still comes is read and dropped; the peer's own close frame ends it.
    give(data, frame(data, 0x81, 5, 'a'));
    assert_true(readable());
    assert_int_equal(received_count, 0);
    close(theirs);
    assert_false(readable());
    theirs = dup(ours);
}

// A socket that keeps writes apart counts them.
static void what_is_queued_leaves_in_one_write(void **state)
{
    (void)state;
    uint8_t data[20000];
    static char large[15000];
    memset(large, 'x', sizeof(large));
    make_of(SOCK_SEQPACKET, NULL, 0);
    assert_true(live_socket_send(live, "{\"events\":[]}", 13, &sent));
    assert_true(live_socket_send(live, "{\"reply\":1}", 11, &sent));
    give(data, frame(data, 0x89, 2, 'p'));
    assert_true(readable()); // a pong, ahead of the messages
    assert_true(live_socket_on_writable(live));
    assert_int_equal(recv(theirs, data, sizeof(data), MSG_DONTWAIT), 4 + 15 + 13);
    assert_int_equal(recv(theirs, data, sizeof(data), MSG_DONTWAIT), -1);
    assert_false(live_socket_wants_write(live));
    assert_true(live_socket_send(live, large, sizeof(large), &sent));
    assert_true(live_socket_send(live, large, sizeof(large), &sent));
    assert_true(live_socket_on_writable(live));
    assert_int_equal(recv(theirs, data, sizeof(data), MSG_DONTWAIT), 16384);
    assert_int_equal(recv(theirs, data, sizeof(data), MSG_DONTWAIT), 2 * 15004 - 16384);
}

// What the kernel does not take is kept, goes out in order later, and keeps the socket open.
static void a_full_kernel_loses_nothing(void **state)
{
    (void)state;
    static char text[30000];
    static uint8_t data[1 << 20];
    make(NULL, 0);
    size_t expected = 0;
    for (int i = 0; i < 20; i++) {
        memset(text, 'a' + i, sizeof(text));
        assert_true(live_socket_send(live, text, sizeof(text), &sent));
        expected += 4 + sizeof(text);
    }
    live_socket_close(live, 4001, "replaced");
    expected += 4 + 8;
    assert_true(live_socket_on_writable(live));
    assert_true(live_socket_wants_write(live)); // a socket pair takes less than 600 kB
    size_t size = 0;
    while (size < expected) {
        ssize_t some = recv(theirs, data + size, 7000, MSG_DONTWAIT);
        size += some > 0 ? (size_t)some : 0;
        assert_true(live_socket_on_writable(live));
    }
    assert_int_equal(size, expected);
    for (int i = 0; i < 20; i++) {
        const uint8_t *message = data + (size_t)i * (4 + sizeof(text));
        assert_int_equal(message[0], 0x81);
        assert_int_equal(message[4], 'a' + i);
        assert_int_equal(message[3 + sizeof(text)], 'a' + i);
    }
    assert_int_equal(data[expected - 12], 0x88);
    assert_false(live_socket_wants_write(live));
}

static int agree(void **state)
{
    (void)state;
    window = 15;
    return message_deflate_create(&deflating) == ERR_NONE ? 0 : -1;
}

static int disagree(void **state)
{
    (void)unmake(state);
    message_deflate_destroy(deflating);
    deflating = NULL;
    window = 0;
    return 0;
}

// Long messages go out compressed, as their first frame's RSV1 says; short ones as they are.
static void long_messages_are_compressed(void **state)
{
    (void)state;
    char text[4000];
    uint8_t data[sizeof(text)];
    memset(text, 'a', sizeof(text));
    make(NULL, 0);
    assert_true(live_socket_send(live, text, sizeof(text), &sent));
    assert_true(sent < 100);
    assert_true(live_socket_on_writable(live));
    assert_int_equal(read(theirs, data, sizeof(data)), 2 + sent);
    assert_int_equal(data[0], 0xc1);
    assert_true(live_socket_send(live, "{}", 2, &sent));
    assert_true(live_socket_on_writable(live));
    assert_int_equal(read(theirs, data, sizeof(data)), 4);
    assert_int_equal(data[0], 0x81);
}

static size_t compressed_hello(uint8_t *to, uint8_t first)
{
    static const uint8_t hello[] = {0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}; // RFC 7692, 7.2.3.1
    size_t size = frame(to, first, sizeof(hello), 0);
    memcpy(to + size - sizeof(hello), hello, sizeof(hello));
    return size;
}

static void compressed_messages_are_read(void **state)
{
    (void)state;
    uint8_t data[64];
    make(NULL, 0);
    give(data, compressed_hello(data, 0xc1));
    assert_true(readable());
    assert_int_equal(received_count, 1);
    assert_int_equal(received_size, 5);
    give(data, frame(data, 0x81, 9, 'x')); // and one that is not
    assert_true(readable());
    assert_int_equal(received_count, 2);
    assert_int_equal(received_size, 9);
    assert_int_equal(misbehaved_count, 0);
    give(data, frame(data, 0xc1, 3, '\xff'));
    assert_true(readable());
    assert_int_equal(misbehaved_count, 1);
    assert_int_equal(too_large_count, 0);
}

// As wslay has it for one that is not compressed: of the longest text all is taken, of a longer one
// nothing.
static void a_compressed_message_is_as_long_as_another(void **state)
{
    (void)state;
    static char text[API_BODY_MAX + 1];
    uint8_t data[256];
    memset(text, 'a', sizeof(text));
    for (size_t over = 0; over < 2; over++) {
        size_t packed_size = 0;
        make(NULL, 0);
        const uint8_t *packed = message_deflate_pack(deflating, window, text, API_BODY_MAX + over,
                                                     &packed_size);
        assert_non_null(packed);
        assert_in_range(packed_size, 1, 125);
        size_t size = frame(data, 0xc1, packed_size, 0);
        memcpy(data + size - packed_size, packed, packed_size);
        give(data, size);
        assert_true(readable());
        assert_int_equal(received_count, 1 - over);
        assert_true(over == 1 || received_size == API_BODY_MAX);
        assert_int_equal(too_large_count, over);
        if (over == 0) {
            unmake(state);
        }
    }
}

// Whose frames are small, as they come from one who floods.
static size_t compressed_letters(uint8_t *to, size_t letters)
{
    static char text[API_BODY_MAX];
    size_t packed_size = 0;
    memset(text, 'a', letters);
    const uint8_t *packed = message_deflate_pack(deflating, window, text, letters, &packed_size);
    assert_non_null(packed);
    size_t size = frame(to, 0xc1, packed_size, 0);
    memcpy(to + size - packed_size, packed, packed_size);
    return size;
}

static void one_too_many_is_not_unpacked(void **state)
{
    (void)state;
    uint8_t data[256];
    make(NULL, 0);
    admitted_max = 0;
    give(data, compressed_letters(data, API_BODY_MAX));
    assert_true(readable());
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_size, API_REFUSED_MAX); // its beginning says which it was
    assert_in_range(turn_bytes, 1, 2000);
    give(data, compressed_hello(data, 0xc1));
    assert_true(readable());
    assert_int_equal(refused_count, 2);
    assert_int_equal(refused_size, 5);
    give(data, frame(data, 0x81, 9, 'x'));
    assert_true(readable());
    assert_int_equal(refused_size, 9);
    assert_int_equal(received_count + misbehaved_count, 0);
}

// What counts is what they are, not what they weigh on the way.
static void small_frames_of_long_messages_take_turns(void **state)
{
    (void)state;
    uint8_t data[256];
    make(NULL, 0);
    size_t size = compressed_letters(data, API_BODY_MAX);
    unsigned frames = 16384 / size;
    for (unsigned i = 0; i < frames; i++) {
        give(data, size);
    }
    assert_true(readable());
    assert_in_range(received_count, 1, 4096 / size + 1);
    assert_true(turn_bytes >= received_count * (size_t)API_BODY_MAX);
    for (int turn = 1; turn < 5; turn++) {
        assert_true(readable());
    }
    assert_int_equal(received_count, frames);
}

// Refused by a close frame with 1002.
static void assert_is_refused(const uint8_t *bytes, size_t size)
{
    uint8_t data[64];
    make(NULL, 0);
    give(bytes, size);
    (void)!readable();
    (void)!live_socket_on_writable(live);
    assert_int_equal(read(theirs, data, sizeof(data)), 4);
    assert_memory_equal(data, "\x88\x02\x03\xea", 4);
    assert_int_equal(received_count, 0);
    (void)unmake(NULL);
}

// RSV1 on a fragment that is not the first, on a control frame, where nothing was agreed.
static void rsv1_elsewhere_ends_it(void **state)
{
    (void)state;
    uint8_t data[64];
    size_t size = frame(data, 0x01, 3, 'a');
    size += frame(data + size, 0xc0, 3, 'b');
    assert_is_refused(data, size);
    assert_is_refused(data, frame(data, 0xc9, 2, 'p'));
    window = 0;
    assert_is_refused(data, compressed_hello(data, 0xc1));
    make(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(whole_messages_come_out, unmake),
        cmocka_unit_test_teardown(what_came_with_the_handshake_is_read_first, unmake),
        cmocka_unit_test_teardown(a_flood_of_pings_ends_it, unmake),
        cmocka_unit_test_teardown(pings_between_messages_do_not_add_up, unmake),
        cmocka_unit_test_teardown(a_message_without_end_ends_it, unmake),
        cmocka_unit_test_teardown(one_turn_takes_no_more_than_its_share, unmake),
        cmocka_unit_test_teardown(broken_frames_end_it, unmake),
        cmocka_unit_test_teardown(broken_frames_are_told, unmake),
        cmocka_unit_test_teardown(who_goes_away_says_so, unmake),
        cmocka_unit_test_teardown(who_does_not_read_has_a_mebibyte, unmake),
        cmocka_unit_test_teardown(a_large_state_after_another_has_room, unmake),
        cmocka_unit_test_teardown(who_reads_too_late_is_told_why, unmake),
        cmocka_unit_test_teardown(the_last_message_goes_out_before_the_close_frame, unmake),
        cmocka_unit_test_teardown(what_is_queued_leaves_in_one_write, unmake),
        cmocka_unit_test_teardown(a_full_kernel_loses_nothing, unmake),
        cmocka_unit_test_setup_teardown(long_messages_are_compressed, agree, disagree),
        cmocka_unit_test_setup_teardown(compressed_messages_are_read, agree, disagree),
        cmocka_unit_test_setup_teardown(a_compressed_message_is_as_long_as_another, agree,
                                        disagree),
        cmocka_unit_test_setup_teardown(one_too_many_is_not_unpacked, agree, disagree),
        cmocka_unit_test_setup_teardown(small_frames_of_long_messages_take_turns, agree, disagree),
        cmocka_unit_test_setup_teardown(rsv1_elsewhere_ends_it, agree, disagree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
