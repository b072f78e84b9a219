// `plenary doctor`: what an operator needs to know before a meeting, each finding with what to do.
// Changes nothing; works while the server runs and before it ever has.
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "media/transmit.h"
#include "server/certificate_files.h"
#include "server/command.h"
#include "server/options.h"
#include "server/public_url.h"
#include "server/sockets.h"
#include "server/web_root.h"
#include "store/store.h"

#define FINDINGS_MAX   32
#define WORDS_MAX      320
#define DISK_FREE_WARN (2ull << 30)
#define DAY_MS         (24ll * 3600 * 1000)

enum verdict { VERDICT_GOOD, VERDICT_WARNING, VERDICT_FAILED };

struct finding {
    const char *name; // static
    enum verdict verdict;
    char words[WORDS_MAX];
};

struct findings {
    struct finding items[FINDINGS_MAX];
    size_t count;
};

static const char *const verdict_names[] = {"good", "warning", "failed"};

__attribute__((format(printf, 4, 5))) static void add(struct findings *findings, const char *name,
                                                      enum verdict verdict, const char *format, ...)
{
    if (findings->count == FINDINGS_MAX) {
        return;
    }
    struct finding *finding = &findings->items[findings->count++];
    *finding = (struct finding){.name = name, .verdict = verdict};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->words, sizeof(finding->words), format, arguments);
    va_end(arguments);
}

// Connects to our own TCP port as a page would; a plain port must also answer /healthz.
static bool answers_health(const struct config *config, int64_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 2};
    bool answered = fd >= 0 &&
                    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
                    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
                    connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    if (answered && !config_tls_wanted(config)) {
        static const char request[] =
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        char reply[64] = "";
        answered = send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) ==
                       (ssize_t)(sizeof(request) - 1) &&
                   recv(fd, reply, sizeof(reply) - 1, 0) > 12 &&
                   text_starts_with(reply, "HTTP/1.1 200");
    }
    if (fd >= 0) {
        close(fd);
    }
    return answered;
}

// 0: free, EADDRINUSE: taken, otherwise why it cannot be bound.
static int port_state(int64_t port, int type)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd >= 0 && type == SOCK_STREAM) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    }
    int state = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0
                    ? 0
                    : errno;
    if (fd >= 0) {
        close(fd);
    }
    return state;
}

static void examine_ports(struct findings *findings, const struct config *config)
{
    int tcp = port_state(config->port, SOCK_STREAM);
    int udp = port_state(config->media_port, SOCK_DGRAM);
    bool running = tcp == EADDRINUSE && answers_health(config, config->port);
    if (running) {
        add(findings, "tcp port", VERDICT_GOOD, "%lld: Plenary answers there",
            (long long)config->port);
    } else if (tcp == 0) {
        add(findings, "tcp port", VERDICT_GOOD, "%lld is free", (long long)config->port);
    } else {
        add(findings, "tcp port", VERDICT_FAILED,
            "%lld: %s; stop the other program or choose another with --port",
            (long long)config->port, tcp == EADDRINUSE ? "another program has it" : strerror(tcp));
    }
    if (udp == 0) {
        add(findings, "udp port", running ? VERDICT_FAILED : VERDICT_GOOD, "%lld %s",
            (long long)config->media_port,
            running ? "is not open although the server runs: see its log" : "is free");
    } else {
        add(findings, "udp port", udp == EADDRINUSE && running ? VERDICT_GOOD : VERDICT_FAILED,
            "%lld: %s", (long long)config->media_port,
            udp == EADDRINUSE ? running ? "the media process has it"
                                        : "another program has it; choose another with --media-port"
                              : strerror(udp));
    }
}

static bool address_is_ours(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    bool is_v4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, text, &v6.sin6_addr) != 1) {
        return false;
    }
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const struct sockaddr *address = is_v4 ? (const struct sockaddr *)&v4
                                           : (const struct sockaddr *)&v6;
    bool ours = fd >= 0 && bind(fd, address, is_v4 ? sizeof(v4) : sizeof(v6)) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ours;
}

static void examine_reachability(struct findings *findings, const struct config *config)
{
    char addresses[SOCKETS_CANDIDATES_MAX][SOCKETS_ADDRESS_MAX];
    uint32_t count = 0;
    if (sockets_candidates(config, addresses, SOCKETS_CANDIDATES_MAX, &count) != ERR_NONE) {
        add(findings, "media address", VERDICT_FAILED,
            "'%s' is not found; set media.candidates to the address that browsers reach",
            config->host);
        return;
    }
    if (config_host_is_loopback(config)) {
        add(findings, "media address", VERDICT_WARNING,
            "%s: only this machine can take part; give --host to let others in", config->host);
        return;
    }
    struct addrinfo *known = NULL;
    if (getaddrinfo(config->host, NULL, NULL, &known) != 0) {
        add(findings, "host name", VERDICT_WARNING,
            "%s is not known here: people need a name that leads to this machine", config->host);
    } else {
        freeaddrinfo(known);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (address_is_ours(addresses[i])) {
            add(findings, "media address", VERDICT_GOOD, "%s", addresses[i]);
        } else {
            add(findings, "media address", VERDICT_WARNING,
                "%s is not on this machine: the router must forward UDP %lld and TCP %lld here",
                addresses[i], (long long)config->media_port, (long long)config->port);
        }
    }
}

static void examine_time(struct findings *findings)
{
    struct timex state = {0};
    int answer = ntp_adjtime(&state);
    bool synchronised = answer >= 0 && (state.status & STA_UNSYNC) == 0;
    add(findings, "time", synchronised ? VERDICT_GOOD : VERDICT_WARNING, "%s",
        synchronised ? "the clock is synchronised"
                     : "the clock is not synchronised: journals and links may carry wrong times; "
                       "install a time service such as chrony");
}

static void examine_disk(struct findings *findings, const struct config *config)
{
    struct statvfs space;
    struct stat folder;
    if (stat(config->data, &folder) != 0) {
        add(findings, "data folder", VERDICT_WARNING,
            "%s is not there yet; it is made at the first start", config->data);
        return;
    }
    if (!S_ISDIR(folder.st_mode) || access(config->data, W_OK) != 0 ||
        statvfs(config->data, &space) != 0) {
        add(findings, "data folder", VERDICT_FAILED, "%s cannot be written", config->data);
        return;
    }
    unsigned long long free_bytes = (unsigned long long)space.f_bavail * space.f_frsize;
    add(findings, "disk", free_bytes < DISK_FREE_WARN ? VERDICT_WARNING : VERDICT_GOOD,
        "%llu MiB free in %s%s", free_bytes >> 20, config->data,
        free_bytes < DISK_FREE_WARN ? ": a journal that cannot be written stops the meeting" : "");
    if ((folder.st_mode & 077) != 0) {
        add(findings, "data folder", VERDICT_WARNING, "%s can be read by others: chmod 700",
            config->data);
    }
}

static void examine_certificate(struct findings *findings, const struct config *config)
{
    if (!config_tls_wanted(config)) {
        add(findings, "certificate",
            config_host_is_loopback(config) ? VERDICT_GOOD : VERDICT_FAILED, "%s",
            config_host_is_loopback(config)
                ? "none needed on a loopback address"
                : "TLS is off: browsers give no microphone to a page without it");
        return;
    }
    struct certificate_files files;
    if (config->certificate[0] == '\0' && access("tls-certificate.pem", R_OK) != 0) {
        add(findings, "certificate", VERDICT_WARNING,
            "none configured: a local one is made at the first start, browsers will warn");
        return;
    }
    if (certificate_files_load(config, time_wall_ms(), &files) != ERR_NONE) {
        add(findings, "certificate", VERDICT_FAILED, "%s or its key cannot be read",
            config->certificate);
        return;
    }
    long long days = (long long)((files.expires_at - time_wall_ms()) / DAY_MS);
    if (files.is_local) {
        add(findings, "certificate", VERDICT_WARNING,
            "a local one, valid %lld days: browsers warn until it is trusted", days);
    } else {
        add(findings, "certificate",
            days < 0    ? VERDICT_FAILED
            : days < 21 ? VERDICT_WARNING
                        : VERDICT_GOOD,
            "expires in %lld days", days);
    }
    certificate_files_finish(&files);
}

static void examine_database(struct findings *findings)
{
    if (access(STORE_FILE_NAME, R_OK) != 0) {
        add(findings, "database", VERDICT_WARNING, "not there yet; it is made at the first start");
        return;
    }
    char words[WORDS_MAX] = "";
    enum err result = store_examine(STORE_FILE_NAME, words, sizeof(words));
    add(findings, "database", result == ERR_NONE ? VERDICT_GOOD : VERDICT_FAILED, "%s", words);
}

static void examine_limits(struct findings *findings, const struct config *config)
{
    struct rlimit files;
    char path[512];
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        bool enough = files.rlim_max >= (rlim_t)config->connections_max + 256;
        add(findings, "descriptors", enough ? VERDICT_GOOD : VERDICT_WARNING, "%llu allowed%s",
            (unsigned long long)files.rlim_max,
            enough ? "" : ": raise LimitNOFILE above http.connections_max");
    }
    bool page = web_root_find(config, path, sizeof(path)) == ERR_NONE;
    add(findings, "page", page ? VERDICT_GOOD : VERDICT_FAILED, "%s",
        page ? path : "the page's files are not found: set http.web_root");
    enum err crypto = secure_rtp_setup();
    add(findings, "encryption", crypto == ERR_NONE ? VERDICT_GOOD : VERDICT_FAILED, "%s",
        crypto == ERR_NONE ? secure_rtp_backend() : "the self-test of media encryption failed");
}

static void examine_transmit(struct findings *findings, const struct config *config)
{
    struct transmit_config transmit;
    if (transmit_config_from_text(config->transmit, &transmit) != ERR_NONE) {
        add(findings, "transmit", VERDICT_FAILED,
            "'%s': media.transmit is sendmmsg or af_xdp:INTERFACE", config->transmit);
        return;
    }
    const char *obstacle = transmit_obstacle(&transmit);
    if (obstacle == NULL) {
        add(findings, "transmit", VERDICT_GOOD, "%s", config->transmit);
    } else {
        add(findings, "transmit", VERDICT_WARNING, "%s: %s; else sendmmsg does it, more slowly",
            config->transmit, obstacle);
    }
}

static void print_text(const struct findings *findings, const struct config *config)
{
    static const char *const marks[] = {"  good   ", "  WARNING", "  FAILED "};
    char url[PUBLIC_URL_MAX];
    public_url(config, url);
    printf("Plenary at %s\n\n", url);
    for (size_t i = 0; i < findings->count; i++) {
        printf("%s  %-14s %s\n", marks[findings->items[i].verdict], findings->items[i].name,
               findings->items[i].words);
    }
}

static void print_json(const struct findings *findings)
{
    printf("{\"findings\":[");
    for (size_t i = 0; i < findings->count; i++) {
        // Words are our own sentences around configured texts: quotes and backslashes are the only
        // characters to escape.
        printf("%s{\"name\":\"%s\",\"verdict\":\"%s\",\"words\":\"", i > 0 ? "," : "",
               findings->items[i].name, verdict_names[findings->items[i].verdict]);
        for (const char *p = findings->items[i].words; *p != '\0'; p++) {
            printf(*p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
        }
        printf("\"}");
    }
    printf("]}\n");
}

int command_doctor(int argc, char **argv)
{
    struct options options;
    int code = 0;
    const struct option_extra extras[] = {{0}};
    if (!options_read(argc, argv,
                      "Usage: plenary doctor [OPTIONS]\nExamines the machine and the "
                      "configuration; changes nothing.",
                      extras, &options, &code)) {
        return code;
    }
    static struct findings findings;
    examine_ports(&findings, &options.config);
    examine_reachability(&findings, &options.config);
    examine_time(&findings);
    examine_disk(&findings, &options.config);
    bool data_there = chdir(options.config.data) == 0;
    examine_certificate(&findings, &options.config);
    if (data_there) {
        examine_database(&findings);
    }
    examine_limits(&findings, &options.config);
    examine_transmit(&findings, &options.config);
    bool failed = false;
    for (size_t i = 0; i < findings.count; i++) {
        failed = failed || findings.items[i].verdict == VERDICT_FAILED;
    }
    if (options.json) {
        print_json(&findings);
    } else {
        print_text(&findings, &options.config);
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
