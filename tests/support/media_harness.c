#include "media_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/secure_rtp.h"

static int udp_socket(uint16_t *port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    socklen_t size = sizeof(address);
    int on = 1;
    int off = 0;
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)), 0);
    assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin6_port);
    return fd;
}

static struct sockaddr_un link_address(const struct media_harness *harness)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    // Abstract: nothing to clean up. The leading NUL is the name's mark.
    memcpy(address.sun_path + 1, harness->link_path, sizeof(address.sun_path) - 1);
    return address;
}

void media_harness_start(struct media_harness *harness, unsigned threads,
                         void (*adjust)(struct media_config *))
{
    memset(harness, 0, sizeof(*harness));
    media_config_init(&harness->config);
    harness->config.log_level = LOG_ERROR;
    harness->config.thread_count = threads;
    harness->config.candidate_count = 1;
    harness->config.candidates[0] = "127.0.0.1";
    for (unsigned i = 0; i < threads; i++) {
        harness->config.udp_fds[i] = udp_socket(&harness->config.port);
    }
    (void)snprintf(harness->link_path, sizeof(harness->link_path), "plenary-test-%d-%u",
                   (int)getpid(), harness->config.port);
    struct sockaddr_un address = link_address(harness);
    harness->config.link_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(harness->config.link_fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    assert_int_equal(listen(harness->config.link_fd, 4), 0);
    if (adjust != NULL) {
        adjust(&harness->config);
    }
    harness->link_fd = -1;
    (void)fflush(NULL);
    harness->child = fork();
    assert_true(harness->child >= 0);
    if (harness->child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        // exit(), not _exit(): a sanitizer's report on leaks is part of the status.
        exit(media_process_run(&harness->config));
    }
    for (unsigned i = 0; i < threads; i++) {
        close(harness->config.udp_fds[i]);
    }
    close(harness->config.link_fd);
    assert_int_equal(secure_rtp_setup(), ERR_NONE);
    media_harness_link_open(harness);
}

void media_harness_stop(struct media_harness *harness)
{
    int status = -1;
    media_harness_link_close(harness);
    assert_int_equal(kill(harness->child, SIGTERM), 0);
    assert_int_equal(waitpid(harness->child, &status, 0), harness->child);
    for (unsigned i = 0; i < harness->client_count; i++) {
        media_client_destroy(harness->clients[i]);
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

void media_harness_link_open(struct media_harness *harness)
{
    struct sockaddr_un address = link_address(harness);
    harness->link_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(harness->link_fd, (struct sockaddr *)&address, sizeof(address)), 0);
    struct link_message *message = &harness->message;
    memset(message, 0, sizeof(*message));
    message->type = LINK_HELLO;
    message->version = LINK_VERSION;
    media_harness_say(harness, message);
}

void media_harness_link_close(struct media_harness *harness)
{
    if (harness->link_fd >= 0) {
        close(harness->link_fd);
    }
    harness->link_fd = -1;
}

void media_harness_say(struct media_harness *harness, const struct link_message *message)
{
    static uint8_t data[LINK_MESSAGE_MAX];
    size_t size = 0;
    assert_int_equal(link_encode(message, data, sizeof(data), &size), ERR_NONE);
    assert_int_equal(send(harness->link_fd, data, size, MSG_NOSIGNAL), (ssize_t)size);
}

void media_harness_channel(struct media_harness *harness, link_channel channel, link_source source)
{
    static struct link_message message;
    memset(&message, 0, sizeof(message));
    message.type = LINK_CHANNEL_SET_SOURCE;
    message.channel = channel;
    message.source = source;
    media_harness_say(harness, &message);
}

void media_harness_slot_channel(struct media_harness *harness, unsigned client, uint8_t slot,
                                link_channel channel)
{
    static struct link_message message;
    memset(&message, 0, sizeof(message));
    message.type = LINK_SLOT_SET_CHANNEL;
    message.peer = client + 1;
    message.slot = slot;
    message.channel = channel;
    media_harness_say(harness, &message);
}

static void message_note(struct media_harness *harness)
{
    const struct link_message *message = &harness->message;
    bool known = message->peer >= 1 && message->peer <= MEDIA_HARNESS_CLIENTS_MAX;
    if (message->type == LINK_PEER_STATE && known) {
        harness->phases[message->peer - 1] = message->phase;
        harness->carries[message->peer - 1] = message->sections[0].channel;
        harness->synced_peers++;
        memcpy(harness->answer_owner, message->owner, sizeof(harness->answer_owner));
    } else if (message->type == LINK_SYNCED) {
        harness->synced = true;
    } else if (message->type == LINK_COUNTERS) {
        harness->last_counters = *message;
    } else if (message->type == LINK_PEER_REPORT) {
        harness->last_report = *message;
    }
}

// False when nothing waits.
static bool link_read(struct media_harness *harness)
{
    static uint8_t data[LINK_MESSAGE_MAX];
    if (harness->link_fd < 0) {
        return false;
    }
    ssize_t size = recv(harness->link_fd, data, sizeof(data), MSG_DONTWAIT);
    if (size <= 0) {
        return false;
    }
    assert_int_equal(link_decode(data, (size_t)size, &harness->message), ERR_NONE);
    message_note(harness);
    return true;
}

static void answer_wait(struct media_harness *harness, link_peer peer)
{
    time_us until = time_monotonic_us() + MEDIA_HARNESS_WAIT_US;
    for (;;) {
        while (link_read(harness)) {
            if (harness->message.type == LINK_PEER_ANSWER && harness->message.peer == peer) {
                return;
            }
        }
        assert_true(time_monotonic_us() < until);
        struct pollfd wait = {.fd = harness->link_fd, .events = POLLIN};
        (void)poll(&wait, 1, 100);
    }
}

enum err media_harness_ask(struct media_harness *harness, const struct link_message *message)
{
    media_harness_say(harness, message);
    answer_wait(harness, message->peer);
    return harness->message.err;
}

enum err media_harness_offer(struct media_harness *harness, link_peer peer, const char *offer,
                             const struct link_section *sections, uint8_t section_count)
{
    static struct link_message message;
    memset(&message, 0, sizeof(message));
    message.type = LINK_PEER_CREATE;
    message.peer = peer;
    (void)snprintf(message.owner, sizeof(message.owner), "client-%u", (unsigned)(peer - 1));
    message.section_count = section_count;
    memcpy(message.sections, sections, section_count * sizeof(sections[0]));
    message.sdp_length = (uint32_t)strlen(offer);
    assert_true(message.sdp_length <= LINK_SDP_MAX);
    memcpy(message.sdp, offer, message.sdp_length);
    return media_harness_ask(harness, &message);
}

void media_harness_restart(struct media_harness *harness, unsigned client)
{
    static struct link_message message;
    memset(&message, 0, sizeof(message));
    message.type = LINK_PEER_RESTART;
    message.peer = client + 1;
    (void)snprintf(message.owner, sizeof(message.owner), "restarted-%u", client);
    media_client_restart(harness->clients[client], message.sdp, MEDIA_CLIENT_FRAGMENT_MAX);
    message.sdp_length = (uint32_t)strlen(message.sdp);
    assert_int_equal(media_harness_ask(harness, &message), ERR_NONE);
    assert_int_equal(media_client_set_restart_answer(harness->clients[client], harness->message.sdp,
                                                     harness->message.sdp_length),
                     ERR_NONE);
}

unsigned media_harness_join(struct media_harness *harness,
                            const struct media_client_options *options)
{
    struct media_client_options with_port = *options;
    with_port.server_port = harness->config.port;
    unsigned number = harness->client_count;
    assert_true(number < MEDIA_HARNESS_CLIENTS_MAX);
    struct media_client *client = media_client_create(&with_port);
    assert_non_null(client);
    harness->clients[harness->client_count++] = client;
    harness->phases[number] = LINK_PEER_NEW;
    assert_int_equal(media_harness_offer(harness, number + 1, media_client_offer(client),
                                         options->sections, options->section_count),
                     ERR_NONE);
    assert_int_equal(
        media_client_set_answer(client, harness->message.sdp, harness->message.sdp_length),
        ERR_NONE);
    return number;
}

void media_harness_turn(struct media_harness *harness)
{
    struct pollfd wait[MEDIA_HARNESS_CLIENTS_MAX + 1];
    for (unsigned i = 0; i < harness->client_count; i++) {
        wait[i] = (struct pollfd){.fd = media_client_fd(harness->clients[i]), .events = POLLIN};
    }
    wait[harness->client_count] = (struct pollfd){.fd = harness->link_fd, .events = POLLIN};
    (void)poll(wait, harness->client_count + 1, 10);
    time_us now = time_monotonic_us();
    for (unsigned i = 0; i < harness->client_count; i++) {
        struct media_client_packet packet;
        bool rtp = false;
        media_client_step(harness->clients[i], now);
        while (media_client_receive(harness->clients[i], now, &rtp, &packet)) {
            if (rtp && harness->heard != NULL) {
                harness->heard(harness->heard_context, i, &packet);
            }
        }
    }
    while (link_read(harness)) {
    }
}

void media_harness_until(struct media_harness *harness,
                         bool (*done)(struct media_harness *harness, void *context), void *context)
{
    time_us until = time_monotonic_us() + MEDIA_HARNESS_WAIT_US;
    while (!done(harness, context)) {
        assert_true(time_monotonic_us() < until);
        media_harness_turn(harness);
    }
}

static bool all_connected(struct media_harness *harness, void *context)
{
    (void)context;
    for (unsigned i = 0; i < harness->client_count; i++) {
        if (!media_client_connected(harness->clients[i]) ||
            harness->phases[i] != LINK_PEER_CONNECTED) {
            return false;
        }
    }
    return true;
}

void media_harness_until_connected(struct media_harness *harness)
{
    media_harness_until(harness, all_connected, NULL);
}

uint64_t media_harness_counter(const struct media_harness *harness, const char *name)
{
    for (uint16_t i = 0; i < harness->last_counters.counter_count; i++) {
        if (text_equal(harness->last_counters.counters[i].name, name)) {
            return harness->last_counters.counters[i].value;
        }
    }
    return UINT64_MAX;
}
