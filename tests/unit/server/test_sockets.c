#include "../test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "place.h"
#include "server/sockets.h"

static struct config config;
static struct sockets sockets;
static char problem[256];
static char addresses[SOCKETS_CANDIDATES_MAX][SOCKETS_ADDRESS_MAX];
static uint32_t count;

static int64_t free_port(int type)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(own);
    int fd = socket(AF_INET, type, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    close(fd);
    return ntohs(own.sin_port);
}

static int enter(void **state)
{
    config_default(&config);
    config.port = free_port(SOCK_STREAM);
    config.media_port = free_port(SOCK_DGRAM);
    config.media_threads = 3;
    strcpy(config.listen, "127.0.0.1");
    return place_enter(state);
}

static enum err candidates(const char *host, const char *listen, const char *list)
{
    assert_int_equal(config_set(&config, "http.host", host), ERR_NONE);
    assert_int_equal(config_set(&config, "http.listen", listen), ERR_NONE);
    assert_int_equal(config_set(&config, "media.candidates", list), ERR_NONE);
    count = 99;
    return sockets_candidates(&config, addresses, SOCKETS_CANDIDATES_MAX, &count);
}

static void candidates_as_configured(void **state)
{
    (void)state;
    assert_int_equal(candidates("x", "auto", "192.0.2.1,2001:db8::1 , 192.0.2.1"), ERR_NONE);
    assert_int_equal(count, 2);
    assert_string_equal(addresses[0], "192.0.2.1");
    assert_string_equal(addresses[1], "2001:db8::1");
    assert_int_equal(candidates("x", "auto", "192.0.2.1,meet.org"), ERR_INVALID);
    assert_int_equal(candidates("x", "auto", "192.0.2.1.5"), ERR_INVALID);
    assert_int_equal(
        candidates("x", "auto",
                   "192.0.2.1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ERR_INVALID);
    // No more than there is room for.
    assert_int_equal(candidates("x", "auto",
                                "10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.5,10.0.0.6,10.0.0.7,"
                                "10.0.0.8,10.0.0.9,10.0.0.10"),
                     ERR_NONE);
    assert_int_equal(count, SOCKETS_CANDIDATES_MAX);
}

static void candidates_from_the_host(void **state)
{
    (void)state;
    assert_int_equal(candidates("127.0.0.1", "auto", ""), ERR_NONE);
    assert_string_equal(addresses[0], "127.0.0.1");
    assert_int_equal(candidates("192.0.2.77", "auto", " , "), ERR_NONE);
    assert_int_equal(count, 1);
    assert_string_equal(addresses[0], "192.0.2.77");
}

static void sockets_are_opened_once_and_inherited(void **state)
{
    (void)state;
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    assert_int_equal(sockets.udp_count, 3);
    assert_int_equal(access(SOCKETS_LINK_PATH, F_OK), 0);
    assert_int_equal(sockets_to_environment(&sockets), ERR_NONE);
    struct sockets inherited;
    assert_int_equal(sockets_from_environment(&inherited), ERR_NONE);
    assert_int_equal(inherited.listen_fd, sockets.listen_fd);
    assert_int_equal(inherited.link_fd, sockets.link_fd);
    assert_int_equal(inherited.ready_write_fd, sockets.ready_write_fd);
    assert_int_equal(inherited.udp_count, 3);
    assert_memory_equal(inherited.udp_fds, sockets.udp_fds, 3 * sizeof(int));
    sockets_close(&sockets);
    assert_int_not_equal(access(SOCKETS_LINK_PATH, F_OK), 0);
    // What a supervisor that was killed left behind is no hindrance.
    place_put(SOCKETS_LINK_PATH, "");
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    sockets_close(&sockets);
}

static void a_port_that_is_taken_is_named(void **state)
{
    (void)state;
    char expected[32];
    struct sockets second;
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    assert_int_equal(sockets_open(&config, &second, problem, sizeof(problem)), ERR_IO);
    snprintf(expected, sizeof(expected), "TCP port %d", (int)config.port);
    assert_non_null(strstr(problem, expected));
    // The UDP port is shared by our own threads, but never with another server.
    config.port = free_port(SOCK_STREAM);
    assert_int_equal(sockets_open(&config, &second, problem, sizeof(problem)), ERR_IO);
    snprintf(expected, sizeof(expected), "UDP port %d", (int)config.media_port);
    assert_non_null(strstr(problem, expected));
    assert_int_equal(second.listen_fd, -1);
    sockets_close(&sockets);
    strcpy(config.listen, "everywhere");
    assert_int_equal(sockets_open(&config, &second, problem, sizeof(problem)), ERR_INVALID);
    assert_non_null(strstr(problem, "everywhere"));
}

// Behind a proxy the page is on loopback and media is not.
static void media_has_an_address_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(config_set(&config, "http.url", "https://192.0.2.9/sub"), ERR_NONE);
    assert_string_equal(sockets_listen_address(&config), "127.0.0.1");
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    struct sockaddr_in6 own;
    socklen_t size = sizeof(own);
    assert_int_equal(getsockname(sockets.udp_fds[0], (struct sockaddr *)&own, &size), 0);
    const uint8_t *bytes = own.sin6_addr.s6_addr;
    assert_true(own.sin6_family == AF_INET6
                    ? bytes[0] + bytes[15] == 0
                    : ((struct sockaddr_in *)(void *)&own)->sin_addr.s_addr == 0);
    sockets_close(&sockets);
    assert_int_equal(candidates("127.0.0.1", "auto", ""), ERR_NONE);
    assert_string_equal(addresses[0], "192.0.2.9");
    assert_int_equal(config_set(&config, "media.listen", "127.0.0.5"), ERR_NONE);
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    struct sockaddr_in v4;
    size = sizeof(v4);
    assert_int_equal(getsockname(sockets.udp_fds[0], (struct sockaddr *)&v4, &size), 0);
    assert_int_equal(v4.sin_addr.s_addr, htonl(0x7f000005));
    sockets_close(&sockets);
    assert_int_equal(candidates("127.0.0.1", "auto", ""), ERR_NONE);
    assert_int_equal(count, 1);
    assert_string_equal(addresses[0], "127.0.0.5");
}

static void a_broken_environment_is_refused(void **state)
{
    (void)state;
    static const char *const values[] = {"",        "1",        "1,2,3",      "1,2,,4",
                                         "1,2,3,x", "-1,2,3,4", "1,2,3,99999"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        setenv("PLENARY_DESCRIPTORS", values[i], 1);
        assert_int_not_equal(sockets_from_environment(&sockets), ERR_NONE);
    }
    unsetenv("PLENARY_DESCRIPTORS");
    assert_int_equal(sockets_from_environment(&sockets), ERR_NOT_FOUND);
}

static void threads_as_wished_within_reason(void **state)
{
    (void)state;
    config.media_threads = 5;
    assert_int_equal(sockets_thread_count(&config), 5);
    config.media_threads = 1000;
    assert_int_equal(sockets_thread_count(&config), SOCKETS_THREADS_MAX);
    config.media_threads = 0;
    assert_in_range(sockets_thread_count(&config), 1, SOCKETS_THREADS_MAX);
}

// media could otherwise accept browsers' connections, control read what is media's.
static void each_process_keeps_its_own(void **state)
{
    (void)state;
    assert_int_equal(sockets_open(&config, &sockets, problem, sizeof(problem)), ERR_NONE);
    for (int for_media = 0; for_media <= 1; for_media++) {
        for (int fd = 3; fd < 64; fd++) {
            int flags = fcntl(fd, F_GETFD);
            if (flags >= 0) {
                (void)fcntl(fd, F_SETFD, 0);
            }
        }
        assert_int_equal(sockets_keep(&sockets, for_media == 1), ERR_NONE);
        assert_int_equal(fcntl(sockets.listen_fd, F_GETFD), for_media ? FD_CLOEXEC : 0);
        assert_int_equal(fcntl(sockets.ready_write_fd, F_GETFD), for_media ? FD_CLOEXEC : 0);
        assert_int_equal(fcntl(sockets.link_fd, F_GETFD), for_media ? 0 : FD_CLOEXEC);
        for (uint32_t i = 0; i < sockets.udp_count; i++) {
            assert_int_equal(fcntl(sockets.udp_fds[i], F_GETFD), for_media ? 0 : FD_CLOEXEC);
        }
    }
    sockets_close(&sockets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(candidates_as_configured, enter, place_leave),
        cmocka_unit_test_setup_teardown(candidates_from_the_host, enter, place_leave),
        cmocka_unit_test_setup_teardown(sockets_are_opened_once_and_inherited, enter, place_leave),
        cmocka_unit_test_setup_teardown(a_port_that_is_taken_is_named, enter, place_leave),
        cmocka_unit_test_setup_teardown(media_has_an_address_of_its_own, enter, place_leave),
        cmocka_unit_test_setup_teardown(a_broken_environment_is_refused, enter, place_leave),
        cmocka_unit_test_setup_teardown(each_process_keeps_its_own, enter, place_leave),
        cmocka_unit_test_setup_teardown(threads_as_wished_within_reason, enter, place_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
