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
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/replay.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "http/tls_context.h"
#include "server/anchor_check.h"
#include "server/certificate_files.h"
#include "server/command.h"
#include "server/mail_service.h"
#include "server/options.h"
#include "server/public_url.h"
#include "server/report_service.h"
#include "server/sandbox.h"
#include "server/sockets.h"
#include "server/transmit_advice.h"
#include "server/web_root.h"
#include "store/backup_note.h"
#include "store/store.h"

#define FINDINGS_STEP    32
#define WORDS_MAX        320
#define DAY_MS           (24ll * 3600 * 1000)
#define BACKUP_OLD_HOURS 48

enum verdict { VERDICT_GOOD, VERDICT_WARNING, VERDICT_FAILED };

struct finding {
    const char *name; // static
    enum verdict verdict;
    char words[WORDS_MAX];
};

struct findings {
    struct finding *items; // owned; as many as there are, one for each meeting that cannot be read
    size_t count;
    size_t room;
};

static const char *const verdict_names[] = {"good", "warning", "failed"};

__attribute__((format(printf, 4, 5))) static void add(struct findings *findings, const char *name,
                                                      enum verdict verdict, const char *format, ...)
{
    if (findings->count == findings->room) {
        size_t room = findings->room + FINDINGS_STEP;
        struct finding *items = realloc(findings->items, room * sizeof(*items));
        if (items == NULL) {
            return;
        }
        findings->items = items;
        findings->room = room;
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
    char host[CONFIG_TEXT_MAX + 1];
    uint32_t count = 0;
    public_url_host(config, host);
    if (sockets_candidates(config, addresses, SOCKETS_CANDIDATES_MAX, &count) != ERR_NONE) {
        add(findings, "media address", VERDICT_FAILED,
            "'%s' is not found; set media.candidates to the address that browsers reach", host);
        return;
    }
    if (config_name_is_loopback(host)) {
        add(findings, "media address", VERDICT_WARNING,
            "%s: only this machine can take part; give --host to let others in", host);
        return;
    }
    if (config_name_is_loopback(config->media_listen)) {
        add(findings, "media address", VERDICT_FAILED,
            "media.listen is %s: nobody else hears or is heard; a proxy carries the page, not UDP",
            config->media_listen);
        return;
    }
    struct addrinfo *known = NULL;
    if (getaddrinfo(host, NULL, NULL, &known) != 0) {
        add(findings, "host name", VERDICT_WARNING,
            "%s is not known here: people need a name that leads to this machine", host);
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

// What a proxy in front needs of us.
static void examine_proxy(struct findings *findings, const struct config *config)
{
    if (config->url[0] == '\0') {
        return;
    }
    if (config->trusted_proxies[0] == '\0') {
        add(findings, "proxy", VERDICT_WARNING,
            "http.trusted_proxies is empty: all people have the proxy's address, and ten wrong "
            "passwords of one keep out all");
    } else {
        add(findings, "proxy", VERDICT_GOOD, "%s may say in %s who comes", config->trusted_proxies,
            config->proxy_field);
    }
    if (public_url_is_https(config) && !config_tls_wanted(config) &&
        !config_name_is_loopback(sockets_listen_address(config))) {
        add(findings, "proxy", VERDICT_WARNING,
            "the page is also reached on %s port %lld without TLS: set http.listen to the side of "
            "the proxy",
            sockets_listen_address(config), (long long)config->port);
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
    bool low = free_bytes >> 20 < (unsigned long long)config->low_mib;
    add(findings, "disk", low ? VERDICT_WARNING : VERDICT_GOOD, "%llu MiB free in %s%s",
        free_bytes >> 20, config->data,
        low ? ", less than store.low_mib: make room, or meetings will stand still" : "");
    if ((folder.st_mode & 077) != 0) {
        add(findings, "data folder", VERDICT_WARNING, "%s can be read by others: chmod 700",
            config->data);
    }
}

static void examine_certificate(struct findings *findings, const struct config *config)
{
    if (!config_tls_wanted(config)) {
        char host[CONFIG_TEXT_MAX + 1];
        public_url_host(config, host);
        bool in_front = public_url_is_https(config);
        bool good = in_front || config_name_is_loopback(host);
        add(findings, "certificate", good ? VERDICT_GOOD : VERDICT_FAILED, "%s",
            in_front ? "TLS is made in front of this server, as http.url says"
            : good   ? "none needed on a loopback address"
                     : "TLS is off: browsers give no microphone to a page without it; with a proxy "
                       "in front that makes it, set http.url to https://…");
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
    SSL_CTX *pair = tls_context_create(files.certificate, files.key);
    SSL_CTX_free(pair);
    long long days = (long long)((files.expires_at - time_wall_ms()) / DAY_MS);
    if (pair == NULL) {
        add(findings, "certificate", VERDICT_FAILED,
            "it and its key cannot be used together: a server that runs keeps the one that it has, "
            "and does not start again");
    } else if (files.is_local) {
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

static void add_fault(void *context, const char *meeting, const struct replay_fault *fault)
{
    add(context, "meeting", VERDICT_FAILED,
        "%s is set aside, the others run: event %llu of its journal: %s; restore a backup, or keep "
        "this database as it is and ask for help",
        meeting, (unsigned long long)fault->seq, fault->reason);
}

// What every start does with each meeting.
static void examine_meetings(struct findings *findings)
{
    struct store *store = NULL;
    uint32_t meetings = 0;
    size_t before = findings->count;
    if (access(STORE_FILE_NAME, R_OK) != 0) {
        return;
    }
    enum err result = store_open_reader(STORE_FILE_NAME, &store);
    if (result == ERR_NONE) {
        result = replay_examine(store, add_fault, findings, &meetings);
    }
    store_close(store);
    if (result == ERR_UNSUPPORTED) {
        add(findings, "meetings", VERDICT_GOOD, "not looked at: see the database");
    } else if (result != ERR_NONE) {
        add(findings, "meetings", VERDICT_WARNING, "they cannot be read: %s", err_title(result));
    } else if (findings->count == before) {
        add(findings, "meetings", VERDICT_GOOD, "%u, each can be read", meetings);
    }
}

// The journal against its heads that were signed, here and where they were carried to.
static void examine_anchors(struct findings *findings, const struct config *config)
{
    const char *const files[] = {ANCHOR_FILE, config->anchors_file};
    struct signer *signer = NULL;
    struct store *store = NULL;
    struct anchor_findings found = {0};
    if (access(STORE_FILE_NAME, R_OK) != 0 || access(REPORT_KEY_FILE, R_OK) != 0) {
        return; // nothing was signed yet
    }
    enum err result = signer_open(REPORT_KEY_FILE, &signer);
    result = result == ERR_NONE ? store_open_reader(STORE_FILE_NAME, &store) : result;
    for (size_t i = 0; i < 2 && result == ERR_NONE; i++) {
        if (files[i][0] != '\0') {
            result = anchor_check_file(files[i], signer, store, &found, NULL, NULL);
            result = result == ERR_NOT_FOUND ? ERR_NONE : result;
        }
    }
    store_close(store);
    signer_destroy(signer);
    bool leaves = config->anchors_file[0] != '\0' || config->anchors_webhook[0] != '\0';
    if (result == ERR_UNSUPPORTED) {
        add(findings, "signed heads", VERDICT_GOOD, "not looked at: see the database");
    } else if (result != ERR_NONE) {
        add(findings, "signed heads", VERDICT_WARNING, "they cannot be compared: %s",
            err_title(result));
    } else if (found.against + found.changed > 0) {
        add(findings, "signed heads", VERDICT_FAILED, "%s", found.words);
    } else {
        add(findings, "signed heads", VERDICT_GOOD, "%llu, and the journals bear them out%s",
            (unsigned long long)found.good,
            leaves ? "" : "; none leaves this machine: see anchors.file and anchors.webhook");
    }
}

static void examine_backup(struct findings *findings)
{
    struct store *store = NULL;
    struct backup_note note = {0};
    if (access(STORE_FILE_NAME, R_OK) != 0) {
        return;
    }
    enum err result = store_open_reader(STORE_FILE_NAME, &store);
    if (result == ERR_NONE) {
        result = backup_note_get(store, &note);
    }
    store_close(store);
    long long hours = (long long)((time_wall_ms() - note.at) / (3600 * 1000));
    if (result == ERR_UNSUPPORTED) {
        add(findings, "backup", VERDICT_GOOD, "not looked at: see the database");
    } else if (result != ERR_NONE) {
        add(findings, "backup", VERDICT_WARNING, "the last one is not known: %s",
            err_title(result));
    } else if (note.at == 0) {
        add(findings, "backup", VERDICT_WARNING, "none was ever made: plenary backup FILE");
    } else {
        add(findings, "backup", hours > BACKUP_OLD_HOURS ? VERDICT_WARNING : VERDICT_GOOD,
            "the last one %lld hours ago, %llu KiB%s", hours,
            (unsigned long long)(note.bytes >> 10), note.sealed ? ", sealed" : "");
    }
}

// Connects, greets and signs in; sends nothing.
static void examine_mail(struct findings *findings, const struct config *config)
{
    struct mail_server server;
    struct mail_sender *sender = NULL;
    struct mail_answer answer = {.outcome = MAIL_UNREACHABLE};
    char name[CONFIG_TEXT_MAX + 1];
    const char *problem = config_mail_problem(config);
    if (config->mail_server[0] == '\0') {
        add(findings, "mail", VERDICT_GOOD, "none is sent: see mail.server");
        return;
    }
    mail_service_server(config, name, sizeof(name), &server);
    if (problem != NULL || mail_sender_create(&server, &sender) != ERR_NONE) {
        add(findings, "mail", VERDICT_FAILED, "%s",
            problem != NULL ? problem : "mail.server cannot be used");
        return;
    }
    mail_greet(sender, &answer);
    mail_sender_destroy(sender);
    add(findings, "mail", answer.outcome == MAIL_TAKEN ? VERDICT_GOOD : VERDICT_FAILED, "%s: %s",
        config->mail_server, answer.outcome == MAIL_TAKEN ? "it answers" : answer.words);
}

static void examine_limits(struct findings *findings, const struct config *config)
{
    struct rlimit files;
    char path[512];
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        bool enough = files.rlim_max >= 3 * (rlim_t)config->connections_max + 256;
        add(findings, "descriptors", enough ? VERDICT_GOOD : VERDICT_WARNING, "%llu allowed%s",
            (unsigned long long)files.rlim_max,
            enough ? "" : ": raise LimitNOFILE above three times http.connections_max");
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
    static const enum verdict verdicts[] = {
        [TRANSMIT_ADVICE_GOOD] = VERDICT_GOOD,
        [TRANSMIT_ADVICE_LESS] = VERDICT_WARNING,
        [TRANSMIT_ADVICE_INVALID] = VERDICT_FAILED,
    };
    char words[TRANSMIT_ADVICE_MAX];
    enum transmit_advice advice = transmit_advice(config, words);
    add(findings, "transmit", verdicts[advice], "%s", words);
}

// In a child: there is no way back.
static uint32_t walls_missing(enum err *ret_err)
{
    struct sandbox_report *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
                                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    *ret_err = ERR_IO;
    if (shared == MAP_FAILED) {
        return 0;
    }
    pid_t child = fork();
    if (child == 0) {
        _exit((int)sandbox_enter_media(shared));
    }
    if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)) {
        *ret_err = (enum err)WEXITSTATUS(status);
    }
    uint32_t missing = shared->missing;
    munmap(shared, sizeof(*shared));
    return missing;
}

static void examine_confinement(struct findings *findings, const struct config *config)
{
    if (!config_confined(config)) {
        add(findings, "confinement", VERDICT_WARNING,
            "off: whoever takes over the media process has all that the server has");
        return;
    }
    enum err err = ERR_NONE;
    char words[160] = "";
    struct sandbox_report report = {.missing = walls_missing(&err)};
    sandbox_missing_words(&report, words, sizeof(words));
    if (err != ERR_NONE) {
        add(findings, "confinement", VERDICT_FAILED,
            "the kernel refuses it (seccomp is needed): server.confinement=off does without");
    } else if (report.missing != 0) {
        add(findings, "confinement", VERDICT_WARNING,
            "this machine, or the container, does not give the media process %s", words);
    } else {
        add(findings, "confinement", VERDICT_GOOD, "the media process has all its walls");
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
        // Words are our own sentences around configured texts and printable answers: quotes and
        // backslashes are the only characters to escape.
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
    struct findings findings = {0};
    examine_ports(&findings, &options.config);
    examine_reachability(&findings, &options.config);
    examine_proxy(&findings, &options.config);
    examine_time(&findings);
    examine_disk(&findings, &options.config);
    bool data_there = chdir(options.config.data) == 0;
    examine_certificate(&findings, &options.config);
    if (data_there) {
        examine_database(&findings);
        examine_meetings(&findings);
        examine_anchors(&findings, &options.config);
        examine_backup(&findings);
    }
    examine_mail(&findings, &options.config);
    examine_limits(&findings, &options.config);
    examine_transmit(&findings, &options.config);
    examine_confinement(&findings, &options.config);
    bool failed = false;
    for (size_t i = 0; i < findings.count; i++) {
        failed = failed || findings.items[i].verdict == VERDICT_FAILED;
    }
    if (options.json) {
        print_json(&findings);
    } else {
        print_text(&findings, &options.config);
    }
    free(findings.items);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
