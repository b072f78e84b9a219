#include "server/anchor_courier.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/log.h"
#include "base/text.h"

#define SENT_FILE       "anchors.sent"
#define TARGET_MAX      1023
#define PART_MAX        65536               // in one go
#define RETRY_US        (2 * TIME_US_PER_S) // doubled at each failure
#define RETRY_MAX_US    (600 * TIME_US_PER_S)
#define POST_TIMEOUT_S  10L
#define CERTIFICATES    "/etc/ssl/certs/ca-certificates.crt"
#define CERTIFICATE_MAX (4 << 20)

enum way_kind { WAY_FILE, WAY_WEBHOOK, WAY_COUNT };

static const char *const way_names[WAY_COUNT] = {"file", "webhook"};

struct way {
    char target[TARGET_MAX + 1]; // empty: this way is not used
    off_t sent;                  // so much of ANCHOR_FILE has arrived
    time_us next;                // TIME_US_NEVER: nothing waits
    time_us pause;
};

struct anchor_courier {
    struct way ways[WAY_COUNT];
    int fd;    // of the target file; -1
    bool torn; // it ends in the middle of a line
    CURL *curl;
    struct curl_slist *headers;
    char *certificates;           // PEM
    const _Atomic bool *stopping; // borrowed
    char part[PART_MAX];
};

// ---- How far each way has come

static void read_sent(struct anchor_courier *courier)
{
    char line[TARGET_MAX + 64];
    FILE *file = fopen(SENT_FILE, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        char kind[16];
        long long sent = 0;
        int at = 0;
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%15s %lld %n", kind, &sent, &at) != 2 || at == 0) {
            continue;
        }
        for (int i = 0; i < WAY_COUNT; i++) {
            // Another target has had nothing yet.
            if (text_equal(kind, way_names[i]) && text_equal(line + at, courier->ways[i].target) &&
                sent > 0) {
                courier->ways[i].sent = (off_t)sent;
            }
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

// When it is lost, lines arrive twice: whoever receives them can tell.
static void write_sent(const struct anchor_courier *courier)
{
    FILE *file = fopen(SENT_FILE ".part", "we");
    bool written = file != NULL;
    for (int i = 0; i < WAY_COUNT && written; i++) {
        written = fprintf(file, "%s %lld %s\n", way_names[i], (long long)courier->ways[i].sent,
                          courier->ways[i].target) > 0;
    }
    if (file != NULL && fclose(file) == 0 && written) {
        (void)!rename(SENT_FILE ".part", SENT_FILE);
    }
}

// ---- The two ways

// Whether the file ends in the middle of a line. Nobody knows of one that may not be read.
static bool ends_torn(const char *path)
{
    struct stat file;
    char last = '\n';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool torn = fd >= 0 && fstat(fd, &file) == 0 && file.st_size > 0 &&
                pread(fd, &last, 1, file.st_size - 1) == 1 && last != '\n';
    if (fd >= 0) {
        close(fd);
    }
    return torn;
}

static bool open_target(struct anchor_courier *courier)
{
    const char *path = courier->ways[WAY_FILE].target;
    if (courier->fd < 0) {
        courier->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
        courier->torn = courier->fd >= 0 && (courier->torn || ends_torn(path));
    }
    return courier->fd >= 0;
}

// What a full disk has taken of a part goes again. Where the file can only grow, or another writes
// there too, it stays as a torn line: what follows begins anew, and readers leave it out.
static void take_back(struct anchor_courier *courier, off_t before, size_t written)
{
    struct stat file;
    bool back = fstat(courier->fd, &file) == 0 && file.st_size == before + (off_t)written &&
                ftruncate(courier->fd, before) == 0;
    courier->torn = courier->torn || !back;
}

// One write, so that no line of another comes between.
static bool write_part(struct anchor_courier *courier, size_t size)
{
    struct stat before;
    char end = '\n';
    struct iovec pieces[] = {{.iov_base = &end, .iov_len = 1},
                             {.iov_base = courier->part, .iov_len = size}};
    int first = courier->torn ? 0 : 1;
    size_t total = size + (courier->torn ? 1 : 0);
    if (fstat(courier->fd, &before) != 0) {
        return false;
    }
    ssize_t written = writev(courier->fd, &pieces[first], 2 - first);
    if (written == (ssize_t)total) {
        courier->torn = false;
        return true;
    }
    int error = written < 0 ? errno : ENOSPC;
    if (written > 0) {
        take_back(courier, before.st_size, (size_t)written);
    }
    errno = error;
    return false;
}

static bool append(struct anchor_courier *courier, size_t size)
{
    bool whole = open_target(courier) && write_part(courier, size) && fsync(courier->fd) == 0;
    if (!whole && courier->fd >= 0) {
        int error = errno;
        close(courier->fd); // after a failed sync never again the same descriptor
        courier->fd = -1;
        errno = error;
    }
    return whole;
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static int look_for_the_end(void *context, curl_off_t down_total, curl_off_t down,
                            curl_off_t up_total, curl_off_t up)
{
    const struct anchor_courier *courier = context;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return atomic_load(courier->stopping) ? 1 : 0;
}

static void set_up_post(struct anchor_courier *courier)
{
    CURL *curl = courier->curl;
    curl_easy_setopt(curl, CURLOPT_URL, courier->ways[WAY_WEBHOOK].target);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, courier->headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "plenary");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, POST_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_the_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, courier);
    if (courier->certificates != NULL) {
        struct curl_blob blob = {.data = courier->certificates,
                                 .len = strlen(courier->certificates),
                                 .flags = CURL_BLOB_NOCOPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
    }
}

static bool post(struct anchor_courier *courier, size_t size)
{
    long status = 0;
    curl_easy_setopt(courier->curl, CURLOPT_POSTFIELDS, courier->part);
    curl_easy_setopt(courier->curl, CURLOPT_POSTFIELDSIZE, (long)size);
    CURLcode code = curl_easy_perform(courier->curl);
    curl_easy_getinfo(courier->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
        log_event(LOG_WARNING, "anchor.not_posted", LOG_TEXT("error", curl_easy_strerror(code)));
    } else if (status < 200 || status > 299) {
        log_event(LOG_WARNING, "anchor.not_posted", LOG_INT("status", status));
    }
    return code == CURLE_OK && status >= 200 && status <= 299;
}

// ---- Delivering

// Whole lines from there on; 0 when there are none.
static size_t read_part(struct anchor_courier *courier, int fd, off_t from)
{
    ssize_t size = pread(fd, courier->part, sizeof(courier->part), from);
    while (size > 0 && courier->part[size - 1] != '\n') {
        size--;
    }
    return size > 0 ? (size_t)size : 0;
}

static void tell_not_filed(const struct anchor_courier *courier)
{
    log_event(LOG_WARNING, "anchor.not_filed", LOG_TEXT("file", courier->ways[WAY_FILE].target),
              LOG_INT("errno", errno));
}

void anchor_courier_begin(struct anchor_courier *courier)
{
    if (courier->ways[WAY_FILE].target[0] != '\0' && !open_target(courier)) {
        tell_not_filed(courier); // it may be mounted later
    }
}

static void deliver_by(struct anchor_courier *courier, enum way_kind kind, int fd, time_us now)
{
    struct way *way = &courier->ways[kind];
    size_t size = 0;
    way->next = TIME_US_NEVER;
    while ((size = read_part(courier, fd, way->sent)) > 0) {
        bool arrived = kind == WAY_FILE ? append(courier, size) : post(courier, size);
        if (!arrived) {
            if (kind == WAY_FILE) {
                tell_not_filed(courier);
            }
            way->next = now + way->pause;
            way->pause = way->pause * 2 < RETRY_MAX_US ? way->pause * 2 : RETRY_MAX_US;
            return;
        }
        way->sent += (off_t)size;
        way->pause = RETRY_US;
        write_sent(courier);
    }
}

uint64_t anchor_courier_deliver(struct anchor_courier *courier, int fd, time_us now)
{
    struct stat file;
    uint64_t waits = 0;
    if (fstat(fd, &file) != 0) {
        return 0;
    }
    for (int i = 0; i < WAY_COUNT; i++) {
        struct way *way = &courier->ways[i];
        if (way->target[0] == '\0') {
            continue;
        }
        if (way->sent > file.st_size) {
            way->sent = 0; // another file than the one that was sent
        }
        bool in_time = i == WAY_FILE || !atomic_load(courier->stopping);
        if (in_time && (way->next == TIME_US_NEVER || way->next <= now)) {
            deliver_by(courier, (enum way_kind)i, fd, now);
        }
        waits += (uint64_t)(file.st_size - way->sent);
    }
    return waits;
}

time_us anchor_courier_next(const struct anchor_courier *courier)
{
    time_us next = TIME_US_NEVER;
    for (int i = 0; i < WAY_COUNT; i++) {
        if (courier->ways[i].target[0] != '\0' && courier->ways[i].next < next) {
            next = courier->ways[i].next;
        }
    }
    return next;
}

// ---- Life

static char *read_certificates(void)
{
    FILE *file = fopen(CERTIFICATES, "re");
    char *text = file != NULL ? malloc(CERTIFICATE_MAX + 1) : NULL;
    size_t size = text != NULL ? fread(text, 1, CERTIFICATE_MAX, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    if (size == 0) {
        free(text);
        return NULL; // then libcurl looks by itself
    }
    text[size] = '\0';
    return text;
}

// What looking up a name loads, is loaded now.
static void warm_names(void)
{
    struct addrinfo *found = NULL;
    if (getaddrinfo("localhost", "443", NULL, &found) == 0) {
        freeaddrinfo(found);
    }
}

static enum err open_webhook(struct anchor_courier *courier)
{
    const char *url = courier->ways[WAY_WEBHOOK].target;
    if (!text_starts_with(url, "http://") && !text_starts_with(url, "https://")) {
        return ERR_INVALID;
    }
    warm_names();
    courier->certificates = read_certificates();
    courier->headers = curl_slist_append(NULL, "Content-Type: application/x-ndjson");
    courier->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (courier->curl == NULL || courier->headers == NULL) {
        return ERR_FULL;
    }
    set_up_post(courier);
    return ERR_NONE;
}

enum err anchor_courier_create(const char *file, const char *webhook, const _Atomic bool *stopping,
                               struct anchor_courier **ret_courier)
{
    struct anchor_courier *courier = calloc(1, sizeof(*courier));
    if (courier == NULL) {
        return ERR_FULL;
    }
    courier->fd = -1;
    courier->stopping = stopping;
    for (int i = 0; i < WAY_COUNT; i++) {
        courier->ways[i].next = TIME_US_NEVER;
        courier->ways[i].pause = RETRY_US;
    }
    enum err err = text_copy(courier->ways[WAY_FILE].target, TARGET_MAX + 1, file);
    if (err == ERR_NONE) {
        err = text_copy(courier->ways[WAY_WEBHOOK].target, TARGET_MAX + 1, webhook);
    }
    if (err == ERR_NONE && webhook[0] != '\0') {
        err = open_webhook(courier);
    }
    if (err != ERR_NONE) {
        anchor_courier_destroy(courier);
        return err;
    }
    read_sent(courier);
    *ret_courier = courier;
    return ERR_NONE;
}

void anchor_courier_destroy(struct anchor_courier *courier)
{
    if (courier == NULL) {
        return;
    }
    if (courier->fd >= 0) {
        close(courier->fd);
    }
    if (courier->curl != NULL) {
        curl_easy_cleanup(courier->curl);
    }
    curl_slist_free_all(courier->headers);
    free(courier->certificates);
    free(courier);
}
