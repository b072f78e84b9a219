// Batches over the loopback to sockets of the test; frames checked as a receiver would.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include "media/transmit_priv.h"
#include "media/udp_batch.h"

#define RECEIVERS 4

static struct counters counters;
static int server_fd;
static int receiver_fds[RECEIVERS];
static struct path paths[RECEIVERS];
static struct transmit_destination destinations[RECEIVERS];
static struct transmit *transmit;

static int socket_open(struct address *ret_address)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(own);
    int buffer = 1 << 20;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer)), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    assert_int_equal(address_from_socket((struct sockaddr *)&own, ret_address), ERR_NONE);
    return fd;
}

static int server_open(int family)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    int off = 0;
    int fd = socket(family, SOCK_DGRAM, 0);
    if (family == AF_INET6) {
        assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)), 0);
        assert_int_equal(bind(fd, (struct sockaddr *)&v6, sizeof(v6)), 0);
    } else {
        assert_int_equal(bind(fd, (struct sockaddr *)&v4, sizeof(v4)), 0);
    }
    return fd;
}

static void begin(int family, const struct transmit_config *config)
{
    memset(&counters, 0, sizeof(counters));
    server_fd = server_open(family);
    transmit = transmit_create(server_fd, config, 0, &counters);
    assert_non_null(transmit);
    for (unsigned i = 0; i < RECEIVERS; i++) {
        receiver_fds[i] = socket_open(&paths[i].remote);
        paths[i].local = (struct address){.family = ADDRESS_IPV4, .ip = {127, 0, 0, 1}};
        destinations[i] = transmit_destination(transmit, &paths[i]);
    }
}

static int setup(void **state)
{
    const struct transmit_config config = {.kind = TRANSMIT_SENDMMSG};
    (void)state;
    begin(AF_INET6, &config);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    transmit_destroy(transmit);
    close(server_fd);
    for (unsigned i = 0; i < RECEIVERS; i++) {
        close(receiver_fds[i]);
    }
    return 0;
}

static void put(unsigned receiver, uint8_t mark, size_t size)
{
    memset(transmit_reserve(transmit), mark, size);
    transmit_commit(transmit, &destinations[receiver], size);
}

static void expect(unsigned receiver, uint8_t mark, size_t size)
{
    uint8_t data[TRANSMIT_DATAGRAM_MAX];
    struct sockaddr_in from;
    socklen_t from_size = sizeof(from);
    struct pollfd wait = {.fd = receiver_fds[receiver], .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 5000), 1);
    ssize_t got = recvfrom(receiver_fds[receiver], data, sizeof(data), 0, (struct sockaddr *)&from,
                           &from_size);
    assert_int_equal(got, size);
    assert_int_equal(data[0], mark);
    assert_int_equal(data[size - 1], mark);
    assert_int_equal(from.sin_addr.s_addr,
                     htonl(paths[receiver].local.ip[3] == 1 ? 0x7f000001 : 0x7f000002));
}

static void expect_nothing(void)
{
    uint8_t data[16];
    for (unsigned i = 0; i < RECEIVERS; i++) {
        assert_int_equal(recv(receiver_fds[i], data, sizeof(data), MSG_DONTWAIT), -1);
    }
}

static void test_batches(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        put(i % RECEIVERS, (uint8_t)i, 100 + i);
    }
    transmit_flush(transmit);
    for (unsigned i = 0; i < 300; i++) {
        expect(i % RECEIVERS, (uint8_t)i, 100 + i);
    }
    expect_nothing();
    assert_int_equal(counter_get(&counters.datagrams_out_total), 300);
    assert_int_equal(counter_get(&counters.bytes_out_total), 300 * 100 + 299 * 300 / 2);
    assert_int_equal(counter_get(&counters.send_failed_total), 0);
}

static void test_reserve_is_repeatable(void **state)
{
    (void)state;
    assert_ptr_equal(transmit_reserve(transmit), transmit_reserve(transmit));
}

static void test_nowhere(void **state)
{
    const struct transmit_destination nowhere = {.size = 0};
    (void)state;
    memset(transmit_reserve(transmit), 1, 10);
    transmit_commit(transmit, &nowhere, 10);
    transmit_flush(transmit);
    assert_int_equal(counter_get(&counters.datagrams_out_total), 0);
}

// The kernel refuses port 0; the others go out.
static void test_refused_destination(void **state)
{
    (void)state;
    destinations[1].to.v4.sin_port = 0;
    for (unsigned i = 0; i < RECEIVERS; i++) {
        put(i, 7, 50);
    }
    transmit_flush(transmit);
    expect(0, 7, 50);
    expect(2, 7, 50);
    expect(3, 7, 50);
    assert_int_equal(counter_get(&counters.send_failed_total), 1);
    assert_int_equal(counter_get(&counters.datagrams_out_total), 3);
}

// Our address is said only where the kernel would choose another.
static void test_source(void **state)
{
    (void)state;
    assert_int_equal(destinations[0].control_size, 0);
    paths[0].local.ip[3] = 2;
    destinations[0] = transmit_destination(transmit, &paths[0]);
    assert_true(destinations[0].control_size > 0);
    put(0, 9, 30);
    put(0, 9, 1000);
    put(0, 9, 1000);
    transmit_flush(transmit);
    expect(0, 9, 30);
    expect(0, 9, 1000);
    expect(0, 9, 1000);
}

// Three packets of a picture for each of four, as the router makes them: packet by packet.
static void test_gso_runs(void **state)
{
    (void)state;
    for (unsigned packet = 0; packet < 3; packet++) {
        for (unsigned i = 0; i < RECEIVERS; i++) {
            put(i, (uint8_t)(packet + 1), packet == 2 ? 700 : 1100);
        }
    }
    put(0, 4, 1100); // longer than the last of its run: a new one
    put(1, 5, 60);
    transmit_flush(transmit);
    for (unsigned i = 0; i < RECEIVERS; i++) {
        expect(i, 1, 1100);
        expect(i, 2, 1100);
        expect(i, 3, 700);
    }
    expect(0, 4, 1100);
    expect(1, 5, 60);
    expect_nothing();
    assert_true(transmit->gso);
    assert_int_equal(counter_get(&counters.transmit_gso_total), 12);
    assert_int_equal(counter_get(&counters.datagrams_out_total), 14);
}

static void test_gso_long_run(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        put(2, (uint8_t)i, 1200);
    }
    transmit_flush(transmit);
    for (unsigned i = 0; i < 100; i++) {
        expect(2, (uint8_t)i, 1200);
    }
    assert_int_equal(counter_get(&counters.datagrams_out_total), 100);
}

// A socket without checksums cannot have its datagrams cut by the kernel: EINVAL or EIO, and from
// then on one by one. Nothing is lost and nothing sent twice.
static void test_gso_refused(void **state)
{
    (void)state;
    int on = 1;
    assert_int_equal(setsockopt(server_fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), 0);
    for (unsigned turn = 0; turn < 2; turn++) {
        for (unsigned i = 0; i < 8; i++) {
            put(i % 2, (uint8_t)i, 1000);
        }
        transmit_flush(transmit);
        for (unsigned i = 0; i < 8; i++) {
            expect(i % 2, (uint8_t)i, 1000);
        }
        expect_nothing();
        assert_false(transmit->gso);
    }
    assert_int_equal(counter_get(&counters.transmit_gso_total), 0);
    assert_int_equal(counter_get(&counters.datagrams_out_total), 16);
}

static void test_delays(void **state)
{
    uint64_t packets = 0;
    (void)state;
    put(0, 1, 20);
    transmit_received_at(transmit, time_monotonic_us() - 5000);
    put(1, 1, 20);
    put(2, 1, 20);
    transmit_received_at(transmit, 0);
    transmit_flush(transmit);
    for (unsigned bucket = 0; bucket < COUNTERS_DELAY_BUCKETS; bucket++) {
        packets += counter_get(&counters.delay[bucket]);
    }
    assert_int_equal(packets, 2);
}

static void test_plain_ipv4_socket(void **state)
{
    const struct transmit_config config = {.kind = TRANSMIT_SENDMMSG};
    (void)state;
    begin(AF_INET, &config);
    put(3, 3, 33);
    transmit_flush(transmit);
    expect(3, 3, 33);
    const struct path v6 = {.remote = {.family = ADDRESS_IPV6, .ip[15] = 1, .port = 9}};
    assert_int_equal(transmit_destination(transmit, &v6).size, 0);
    (void)teardown(NULL);
}

// What is wished and cannot be had is done by the socket.
static void test_af_xdp_fallback(void **state)
{
    const struct transmit_config config = {.kind = TRANSMIT_AF_XDP, .interface = "no-such-if"};
    (void)state;
    begin(AF_INET6, &config);
    assert_int_equal(transmit_kind(transmit), TRANSMIT_SENDMMSG);
    assert_string_equal(transmit_obstacle(&config), "no such Ethernet interface");
    put(0, 1, 10);
    transmit_flush(transmit);
    expect(0, 1, 10);
    (void)teardown(NULL);
}

static void test_config(void **state)
{
    struct transmit_config config;
    (void)state;
    assert_int_equal(transmit_config_from_text("sendmmsg", &config), ERR_NONE);
    assert_int_equal(config.kind, TRANSMIT_SENDMMSG);
    assert_int_equal(transmit_config_from_text("af_xdp:eth0", &config), ERR_NONE);
    assert_int_equal(config.kind, TRANSMIT_AF_XDP);
    assert_string_equal(config.interface, "eth0");
    assert_int_equal(transmit_config_from_text("af_xdp:", &config), ERR_INVALID);
    assert_int_equal(transmit_config_from_text("af_xdp:a-name-that-is-too-long", &config),
                     ERR_INVALID);
    assert_int_equal(transmit_config_from_text("", &config), ERR_INVALID);
    assert_int_equal(transmit_config_from_text("io_uring", &config), ERR_INVALID);
}

// The plain definition of RFC 1071: 16-bit words, one after the other.
static uint16_t checksum(uint32_t sum, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

static void check_frame(uint16_t family, size_t size)
{
    uint8_t room[TRANSMIT_FRAME_SIZE];
    uint8_t *datagram = room + TRANSMIT_HEADROOM;
    const uint8_t own[6] = {2, 0, 0, 0, 0, 1};
    const uint8_t next[6] = {2, 0, 0, 0, 0, 2};
    struct address local = {.family = family, .port = 8443, .ip = {192, 0, 2, 254}};
    struct address remote = {.family = family, .port = 65535, .ip = {198, 51, 100, 255}};
    struct transmit_destination destination = {.size = 0};
    size_t ip_size = family == ADDRESS_IPV4 ? 20 : 40;
    size_t addresses = family == ADDRESS_IPV4 ? 8 : 32;
    for (size_t i = 0; i < size; i++) {
        datagram[i] = (uint8_t)(i * 37 + size);
    }
    transmit_frame_init(&destination, own, next, &local, &remote);
    const uint8_t *frame = transmit_frame_write(&destination, datagram, size);
    const uint8_t *ip = frame + 14;
    const uint8_t *udp = ip + ip_size;
    assert_ptr_equal(frame + destination.frame_size, datagram);
    assert_memory_equal(frame, next, 6);
    assert_memory_equal(frame + 6, own, 6);
    assert_int_equal(frame[12] << 8 | frame[13], family == ADDRESS_IPV4 ? 0x0800 : 0x86dd);
    if (family == ADDRESS_IPV4) {
        assert_int_equal(ip[2] << 8 | ip[3], 28 + size);
        assert_int_equal(checksum(0, ip, 20), 0xffff);
    } else {
        assert_int_equal(ip[4] << 8 | ip[5], 8 + size);
    }
    assert_int_equal(udp[4] << 8 | udp[5], 8 + size);
    uint32_t pseudo = checksum(17 + (uint32_t)(8 + size), udp - addresses, addresses);
    assert_true((udp[6] | udp[7]) != 0);
    assert_int_equal(checksum(pseudo, udp, 8 + size), 0xffff);
}

static void test_frames(void **state)
{
    (void)state;
    for (size_t size = 1; size < 1500; size++) {
        check_frame(ADDRESS_IPV4, size);
        check_frame(ADDRESS_IPV6, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_batches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reserve_is_repeatable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_destination, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gso_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gso_long_run, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gso_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_delays, setup, teardown),
        cmocka_unit_test(test_plain_ipv4_socket),
        cmocka_unit_test(test_af_xdp_fallback),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
