// Whatever comes over one TCP connection, through libmicrohttpd and our own code up to the api with
// a fake app: requests, bodies in any form, the upgrade and the frames behind it. The first byte
// says in pieces of how many bytes it comes (0: all at once). What goes back must be whole
// responses, each of a status that the api has, or frames behind an upgrade.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../unit/api/bench.h"
#include "api/api_state.h"
#include "fuzz.h"
#include "http/http.h"

#define BETWEEN_MS   (10 * 60 * 1000) // so that no limit is felt from one input to the next
#define ANSWER_MAX   (4u << 20)
#define TURNS_MAX    400
#define PIECES_MAX   64
#define RESPONSE_MIN 12 // bytes: "HTTP/1.1 200"

static struct {
    struct bench *bench;
    struct http *http;
    struct sockaddr_un address;
    socklen_t address_size;
    char folder[64];
    void (*work)(void *argument);
    void (*done)(void *argument);
    void *argument;
    char *answer;
    size_t answered;
} stage;

static bool port_live_send(void *context, api_connection connection, const char *text, size_t size)
{
    (void)context;
    return http_live_send(stage.http, connection, text, size);
}

static bool port_live_has_room(void *context, api_connection connection)
{
    (void)context;
    return http_live_has_room(stage.http, connection);
}

static void port_live_close(void *context, api_connection connection, uint16_t code,
                            const char *reason)
{
    (void)context;
    http_live_close(stage.http, connection, code, reason);
}

static void port_respond(void *context, uint64_t request, struct api_response *response)
{
    (void)context;
    http_respond(stage.http, request, response);
}

// One at a time; the second of a connection that sends requests one behind the other finds it busy.
static bool port_run(void *context, enum rest_worker worker, void (*work)(void *),
                     void (*done)(void *), void *argument)
{
    (void)context;
    (void)worker;
    if (stage.work != NULL) {
        return false;
    }
    stage.work = work;
    stage.done = done;
    stage.argument = argument;
    return true;
}

static enum err port_report_make(void *context, const struct api_report_wish *wish, char **ret_body,
                                 size_t *ret_size)
{
    (void)context;
    (void)wish;
    *ret_body = NULL;
    *ret_size = 0;
    return ERR_UNAVAILABLE;
}

static const char *port_report_key(void *context)
{
    (void)context;
    return "a key\n";
}

static bool port_ready(void *context, const char **ret_why_not)
{
    (void)context;
    *ret_why_not = NULL;
    return true;
}

static int listen_somewhere(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const struct sockaddr_un any = {.sun_family = AF_UNIX};
    stage.address_size = sizeof(stage.address);
    // The kernel gives it a name that is nowhere in a folder.
    ASSERT(fd >= 0 && bind(fd, (const struct sockaddr *)&any, sizeof(any.sun_family)) == 0);
    ASSERT(getsockname(fd, (struct sockaddr *)&stage.address, &stage.address_size) == 0);
    ASSERT(listen(fd, 8) == 0);
    return fd;
}

static void remove_folder(void)
{
    char path[96];
    snprintf(path, sizeof(path), "%s/index.html", stage.folder);
    (void)unlink(path);
    (void)rmdir(stage.folder);
}

static void make_folder(void)
{
    char path[96];
    snprintf(stage.folder, sizeof(stage.folder), "/tmp/plenary-fuzz-XXXXXX");
    ASSERT(mkdtemp(stage.folder) != NULL);
    atexit(remove_folder);
    snprintf(path, sizeof(path), "%s/index.html", stage.folder);
    FILE *page = fopen(path, "w");
    ASSERT(page != NULL && fputs("<!doctype html><title>Plenary</title>", page) >= 0);
    ASSERT(fclose(page) == 0);
}

static void begin(void)
{
    const struct api_ports ports = {.live_send = port_live_send,
                                    .live_has_room = port_live_has_room,
                                    .live_close = port_live_close,
                                    .respond = port_respond,
                                    .run = port_run,
                                    .report_make = port_report_make,
                                    .report_key = port_report_key,
                                    .ready = port_ready};
    make_folder();
    stage.answer = malloc(ANSWER_MAX);
    ASSERT(stage.answer != NULL);
    stage.bench = bench_create();
    stage.bench->api->ports = ports;
    const struct http_config config = {.listen_fd = listen_somewhere(),
                                       .web_root = stage.folder,
                                       .prefix = "",
                                       .trusted_proxies = "10.0.0.0/8, ::1",
                                       .connections_max = 16,
                                       .connections_per_address_max = 16};
    ASSERT(http_create(&config, stage.bench->api, &stage.http) == ERR_NONE);
}

// What the media process would say to an offer.
static void answer_door(void)
{
    struct app *app = stage.bench->app;
    const struct app_door_answer answer = {.kind = app->door_kind,
                                           .meeting = "m1",
                                           .name = "stage",
                                           .session = "s9",
                                           .etag = "\"e1\"",
                                           .sdp = "v=0 answer",
                                           .sdp_size = 10};
    uint64_t request = app->door_request;
    app->door_request = 0;
    if (request != 0) {
        app->ports.door_answer(app->ports.context, request, &answer);
    }
}

// One turn of the server's loop. False when the connection has ended.
static bool turn(int client)
{
    struct bench *bench = stage.bench;
    http_run(stage.http, bench->now, bench->wall);
    if (stage.work != NULL) {
        stage.work(stage.argument);
        stage.work = NULL;
        stage.done(stage.argument);
    }
    answer_door();
    http_run(stage.http, bench->now, bench->wall);
    ssize_t got = recv(client, stage.answer + stage.answered, ANSWER_MAX - stage.answered,
                       MSG_DONTWAIT);
    stage.answered += got > 0 ? (size_t)got : 0;
    ASSERT(stage.answered < ANSWER_MAX);
    return got > 0 || (got < 0 && errno == EAGAIN);
}

static void converse(const uint8_t *data, size_t size)
{
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ASSERT(client >= 0);
    ASSERT(connect(client, (const struct sockaddr *)&stage.address, stage.address_size) == 0);
    size_t piece = data[0] == 0 || size / data[0] > PIECES_MAX ? size : data[0];
    const uint8_t *left = data + 1;
    size_t count = size - 1;
    bool open = true;
    for (int turns = 0; open && turns < TURNS_MAX; turns++) {
        if (count > 0) {
            ssize_t sent = send(client, left, count < piece ? count : piece, MSG_NOSIGNAL);
            left += sent > 0 ? sent : 0;
            count -= sent > 0 ? (size_t)sent : 0;
            if (count == 0) {
                (void)shutdown(client, SHUT_WR);
            }
        } else if (turns == 0) {
            (void)shutdown(client, SHUT_WR);
        }
        open = turn(client);
    }
    close(client);
    // What is left of it: the connection, a live one, a request that the worker has.
    for (int turns = 0; turns < 8; turns++) {
        http_run(stage.http, stage.bench->now, stage.bench->wall);
        bench_pass(stage.bench, 1);
    }
}

static size_t number_of(const char *head, size_t size, const char *name)
{
    const char *found = memmem(head, size, name, strlen(name));
    return found != NULL ? strtoul(found + strlen(name), NULL, 10) : 0;
}

// Nothing but whole responses; a HEAD gets the head alone.
static void check_answer(void)
{
    const char *at = stage.answer;
    size_t left = stage.answered;
    while (left > 0) {
        ASSERT(left > RESPONSE_MIN && memcmp(at, "HTTP/1.1 ", 9) == 0);
        const char *end = memmem(at, left, "\r\n\r\n", 4);
        ASSERT(end != NULL);
        unsigned long status = strtoul(at + 9, NULL, 10);
        ASSERT(status >= 100 && status < 600);
        size_t head = (size_t)(end - at) + 4;
        size_t body = number_of(at, head, "Content-Length: ");
        at += head;
        left -= head;
        if (status == 101) {
            return; // frames from here on
        }
        bool bare = status == 204 || status == 304 || left == 0 ||
                    (left > RESPONSE_MIN && memcmp(at, "HTTP/1.1 ", 9) == 0);
        ASSERT(bare || body <= left);
        at += bare ? 0 : body;
        left -= bare ? 0 : body;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    if (stage.http == NULL) {
        begin();
    }
    struct bench *bench = stage.bench;
    bench->now += (time_us)BETWEEN_MS * TIME_US_PER_MS;
    bench->wall += BETWEEN_MS;
    stage.answered = 0;
    converse(data, size);
    check_answer();
    ASSERT(http_figures(stage.http)->live_open == 0 && stage.work == NULL);
    bench->app->lives_opened = 0;
    bench->app->seq = 0;
    return 0;
}
