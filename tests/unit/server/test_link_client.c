#include "../test.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "place.h"
#include "server/link_client.h"

#define SOCKET_NAME "media.sock"

static struct link_client *client;
static int listener;
static int media; // the media process's end
static unsigned connected_count;
static unsigned disconnected_count;
static unsigned received_count;
static struct link_message last;
static struct link_message message;
static unsigned char buffer[LINK_MESSAGE_MAX];

static void connected(void *context)
{
    assert_ptr_equal(context, &client);
    connected_count++;
}

static void disconnected(void *context)
{
    assert_ptr_equal(context, &client);
    disconnected_count++;
}

static void received(void *context, const struct link_message *what)
{
    assert_ptr_equal(context, &client);
    received_count++;
    last = *what;
}

static void listen_now(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET_NAME};
    (void)unlink(SOCKET_NAME);
    listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 4), 0);
}

static int enter(void **state)
{
    const struct link_client_events events = {&client, connected, disconnected, received};
    connected_count = disconnected_count = received_count = 0;
    media = listener = -1;
    if (place_enter(state) != 0) {
        return -1;
    }
    return link_client_create(SOCKET_NAME, &events, &client) == ERR_NONE ? 0 : -1;
}

static int leave(void **state)
{
    link_client_destroy(client);
    close(media);
    close(listener);
    return place_leave(state);
}

// What the media process reads next.
static const struct link_message *media_read(void)
{
    ssize_t size = recv(media, buffer, sizeof(buffer), MSG_DONTWAIT);
    assert_true(size > 0);
    assert_int_equal(link_decode(buffer, (size_t)size, &message), ERR_NONE);
    return &message;
}

static void media_accept(void)
{
    media = accept(listener, NULL, NULL);
    assert_true(media >= 0);
    assert_int_equal(media_read()->type, LINK_HELLO);
    assert_int_equal(message.version, LINK_VERSION);
}

static void media_send(enum link_message_type type, link_peer peer)
{
    size_t size = 0;
    message = (struct link_message){.type = type, .peer = peer, .phase = LINK_PEER_NEW};
    assert_int_equal(link_encode(&message, buffer, sizeof(buffer), &size), ERR_NONE);
    assert_int_equal(send(media, buffer, size, 0), size);
}

static void it_tries_until_somebody_listens(void **state)
{
    (void)state;
    assert_false(link_client_is_connected(client));
    message = (struct link_message){.type = LINK_SYNC};
    assert_false(link_client_send(client, &message));
    time_us now = 1000000;
    link_client_run(client, now);
    assert_false(link_client_is_connected(client));
    time_us due = link_client_next_deadline(client);
    assert_in_range(due, now + 1, now + 100000);
    listen_now();
    link_client_run(client, due - 1);
    assert_false(link_client_is_connected(client));
    link_client_run(client, due);
    assert_true(link_client_is_connected(client));
    assert_int_equal(connected_count, 1);
    assert_true(link_client_next_deadline(client) == TIME_US_NEVER);
    media_accept();
}

static void messages_go_both_ways(void **state)
{
    (void)state;
    listen_now();
    link_client_run(client, 1);
    media_accept();
    struct pollfd wait = {.fd = link_client_fd(client), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 0), 0);
    for (link_peer peer = 1; peer <= 100; peer++) {
        media_send(LINK_PEER_STATE, peer);
    }
    assert_int_equal(poll(&wait, 1, 0), 1);
    link_client_run(client, 2);
    assert_int_equal(received_count, 100);
    assert_int_equal(last.peer, 100);
    message = (struct link_message){.type = LINK_PEER_CLOSE, .peer = 77};
    assert_true(link_client_send(client, &message));
    assert_int_equal(media_read()->type, LINK_PEER_CLOSE);
    assert_int_equal(message.peer, 77);
}

static void a_broken_connection_is_made_anew(void **state)
{
    (void)state;
    listen_now();
    link_client_run(client, 1);
    media_accept();
    close(media);
    link_client_run(client, 2);
    assert_int_equal(disconnected_count, 1);
    assert_false(link_client_is_connected(client));
    link_client_run(client, link_client_next_deadline(client));
    assert_int_equal(connected_count, 2);
    media_accept();
    // What cannot be read is as good as broken.
    assert_int_equal(send(media, "nonsense", 8, 0), 8);
    link_client_run(client, 3);
    assert_int_equal(disconnected_count, 2);
    assert_int_equal(received_count, 0);
    close(media);
    link_client_run(client, link_client_next_deadline(client));
    media_accept();
    assert_int_equal(disconnected_count, 2);
}

static void what_the_socket_does_not_take_waits_in_order(void **state)
{
    (void)state;
    static struct link_message offer;
    uint64_t sent = 0;
    listen_now();
    link_client_run(client, 1);
    media_accept();
    offer = (struct link_message){.type = LINK_PEER_CREATE, .sdp_length = 9000};
    memset(offer.sdp, 'o', offer.sdp_length);
    offer.peer = 1;
    for (; sent < 4000; sent++, offer.peer++) {
        assert_true(link_client_send(client, &offer));
    }
    for (uint64_t peer = 1; peer <= sent; peer++) {
        struct pollfd wait = {.fd = link_client_fd(client), .events = POLLIN};
        if (poll(&wait, 1, 0) == 1) {
            link_client_run(client, 2);
        }
        assert_int_equal(media_read()->peer, peer);
        assert_int_equal(message.sdp_length, 9000);
    }
    link_client_run(client, 3);
    struct pollfd wait = {.fd = link_client_fd(client), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 0), 0); // an empty queue does not wake
    assert_int_equal(disconnected_count, 0);
}

static void a_full_queue_is_a_new_beginning(void **state)
{
    (void)state;
    static struct link_message offer;
    unsigned sent = 0;
    listen_now();
    link_client_run(client, 1);
    media_accept();
    offer = (struct link_message){.type = LINK_PEER_CREATE, .peer = 1, .sdp_length = 9000};
    memset(offer.sdp, 'o', offer.sdp_length);
    while (link_client_send(client, &offer)) {
        sent++;
        assert_true(sent < 10000);
    }
    assert_true(sent >= 4096);
    link_client_run(client, 2);
    assert_int_equal(disconnected_count, 1);
    close(media);
    link_client_run(client, link_client_next_deadline(client));
    assert_int_equal(connected_count, 2);
    media_accept();
    assert_true(link_client_send(client, &offer));
    assert_int_equal(media_read()->type, LINK_PEER_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_queue_is_a_new_beginning, enter, leave),
        cmocka_unit_test_setup_teardown(it_tries_until_somebody_listens, enter, leave),
        cmocka_unit_test_setup_teardown(messages_go_both_ways, enter, leave),
        cmocka_unit_test_setup_teardown(a_broken_connection_is_made_anew, enter, leave),
        cmocka_unit_test_setup_teardown(what_the_socket_does_not_take_waits_in_order, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
