#include "server/anchor_service.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "server/anchor_check.h"
#include "server/anchor_courier.h"
#include "store/journal.h"

#define STREAMS_MAX 1024 // meetings held in memory at most
#define RETRY_US    (10 * TIME_US_PER_S)

struct stream {
    char meeting[CONTRACT_ID_MAX + 1];
    uint64_t last;   // the event whose hash was signed last
    const char *due; // why it is to be signed; NULL: it is not
    enum { CHAIN_UNKNOWN, CHAIN_WHOLE, CHAIN_BROKEN } chain;
};

struct anchor_service {
    const struct signer *signer; // borrowed
    struct anchor_courier *courier;
    time_us interval;
    int fd; // of ANCHOR_FILE
    pthread_t thread;
    bool started;
    // The thread's.
    uint32_t stream_count;
    struct stream streams[STREAMS_MAX];
    bool retry; // something could not be written
    time_us interval_at;
    // Shared.
    pthread_mutex_t lock; // of `wishes`
    pthread_cond_t news;
    uint32_t wish_count;
    struct stream wishes[STREAMS_MAX];
    _Atomic bool stopping;
    _Atomic uint64_t signed_total;
    _Atomic uint64_t undelivered;
    _Atomic uint64_t contradictions;
};

static struct stream *stream_of(struct stream *streams, uint32_t *count, const char *meeting)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (text_equal(streams[i].meeting, meeting)) {
            return &streams[i];
        }
    }
    if (*count == STREAMS_MAX) {
        return NULL;
    }
    struct stream *stream = &streams[(*count)++];
    *stream = (struct stream){0};
    text_copy_cut(stream->meeting, sizeof(stream->meeting), meeting);
    return stream;
}

// ---- Keeping

// A line is whole or not there.
static bool keep_line(struct anchor_service *service, const char *line)
{
    struct stat before;
    char text[ANCHOR_LINE_MAX + 2];
    struct text_builder builder = text_builder(text, sizeof(text));
    text_append_format(&builder, "%s\n", line);
    bool kept = !builder.failed && fstat(service->fd, &before) == 0 &&
                write(service->fd, text, builder.length) == (ssize_t)builder.length &&
                fsync(service->fd) == 0;
    if (!kept) {
        log_event(LOG_WARNING, "anchor.not_kept", LOG_INT("errno", errno));
        (void)!ftruncate(service->fd, before.st_size);
    }
    return kept;
}

// A meeting that was set aside is not vouched for. Looked at once: whoever appends does it well.
static bool chain_is_whole(struct store *store, struct stream *stream)
{
    struct journal_verdict verdict;
    if (stream->chain == CHAIN_UNKNOWN &&
        journal_verify(store, stream->meeting, &verdict) == ERR_NONE) {
        stream->chain = verdict.reason == NULL ? CHAIN_WHOLE : CHAIN_BROKEN;
    }
    return stream->chain == CHAIN_WHOLE;
}

static void sign_head(struct anchor_service *service, struct store *store, struct stream *stream)
{
    struct anchor anchor;
    char line[ANCHOR_LINE_MAX + 1];
    uint8_t hash[JOURNAL_HASH_SIZE];
    uint64_t seq = 0;
    const char *why = stream->due;
    enum err err = journal_head(store, stream->meeting, &seq, hash);
    stream->due = NULL;
    if (err == ERR_NONE && (seq == 0 || seq == stream->last || !chain_is_whole(store, stream))) {
        return;
    }
    if (err == ERR_NONE) {
        anchor_fill(&anchor, stream->meeting, seq, hash, why, time_wall_ms());
        err = anchor_write(&anchor, service->signer, line);
    }
    if (err != ERR_NONE || !keep_line(service, line)) {
        stream->due = why;
        service->retry = true;
        return;
    }
    stream->last = seq;
    atomic_fetch_add(&service->signed_total, 1);
    log_event(LOG_INFO, "anchor.signed", LOG_TEXT("meeting", stream->meeting), LOG_INT("seq", seq),
              LOG_TEXT("hash", anchor.hash), LOG_TEXT("why", why));
}

struct interval_mark {
    struct anchor_service *service;
    const char *why;
};

static bool mark_due(void *context, const char *meeting, uint64_t last_seq)
{
    const struct interval_mark *mark = context;
    struct stream *stream = stream_of(mark->service->streams, &mark->service->stream_count,
                                      meeting);
    if (stream != NULL && stream->last != last_seq && stream->due == NULL) {
        stream->due = mark->why;
    }
    return stream != NULL;
}

// All that is due; with a word, also every head that has moved.
static void sign_due(struct anchor_service *service, const char *why)
{
    struct store *store = NULL;
    struct interval_mark mark = {.service = service, .why = why};
    enum err err = store_open_reader(STORE_FILE_NAME, &store);
    service->retry = false;
    if (err == ERR_NONE && why != NULL) {
        err = journal_meetings(store, mark_due, &mark);
    }
    for (uint32_t i = 0; i < service->stream_count && err == ERR_NONE; i++) {
        if (service->streams[i].due != NULL) {
            sign_head(service, store, &service->streams[i]);
        }
    }
    store_close(store);
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "anchor.not_signed", LOG_TEXT("error", err_slug(err)));
        service->retry = true;
    }
}

// ---- The start: is the journal the one whose heads were signed?

static void note_anchor(void *context, const struct anchor *anchor)
{
    struct anchor_service *service = context;
    struct stream *stream = stream_of(service->streams, &service->stream_count,
                                      anchor_meeting(anchor));
    if (stream != NULL && anchor->seq > stream->last) {
        stream->last = anchor->seq;
    }
}

static void look_back(struct anchor_service *service)
{
    struct store *store = NULL;
    struct anchor_findings findings = {0};
    enum err err = store_open_reader(STORE_FILE_NAME, &store);
    if (err == ERR_NONE) {
        err = anchor_check_file(ANCHOR_FILE, service->signer, store, &findings, note_anchor,
                                service);
    }
    store_close(store);
    atomic_store(&service->contradictions, findings.against + findings.changed);
    if (findings.against + findings.changed > 0) {
        log_event(LOG_ERROR, "journal.contradicted", LOG_TEXT("detail", findings.words),
                  LOG_INT("heads", findings.against + findings.changed));
    } else if (err != ERR_NONE) {
        log_event(LOG_WARNING, "anchor.not_looked_at", LOG_TEXT("error", err_slug(err)));
    } else {
        log_event(LOG_INFO, "anchor.borne_out", LOG_INT("heads", findings.good));
    }
}

// ---- The thread

static time_us next_turn(const struct anchor_service *service, time_us now)
{
    time_us next = service->interval_at;
    time_us delivery = anchor_courier_next(service->courier);
    next = delivery < next ? delivery : next;
    return service->retry && now + RETRY_US < next ? now + RETRY_US : next;
}

static void wait_for_news(struct anchor_service *service, time_us until)
{
    struct timespec at = {.tv_sec = until / TIME_US_PER_S, .tv_nsec = until % TIME_US_PER_S * 1000};
    pthread_mutex_lock(&service->lock);
    while (service->wish_count == 0 && !atomic_load(&service->stopping) &&
           pthread_cond_timedwait(&service->news, &service->lock, &at) != ETIMEDOUT) {
    }
    for (uint32_t i = 0; i < service->wish_count; i++) {
        struct stream *stream = stream_of(service->streams, &service->stream_count,
                                          service->wishes[i].meeting);
        if (stream != NULL) {
            stream->due = service->wishes[i].due;
        }
    }
    service->wish_count = 0;
    pthread_mutex_unlock(&service->lock);
}

static void deliver(struct anchor_service *service)
{
    atomic_store(&service->undelivered,
                 anchor_courier_deliver(service->courier, service->fd, time_monotonic_us()));
}

static void *service_main(void *argument)
{
    struct anchor_service *service = argument;
    look_back(service);
    anchor_courier_begin(service->courier);
    const char *why = "start"; // what an earlier process had no time for
    while (!atomic_load(&service->stopping)) {
        time_us now = time_monotonic_us();
        bool all = now >= service->interval_at;
        if (all) {
            service->interval_at = now + service->interval;
        }
        sign_due(service, all ? why : NULL);
        why = "interval";
        deliver(service);
        wait_for_news(service, next_turn(service, time_monotonic_us()));
    }
    sign_due(service, "stop");
    deliver(service);
    return NULL;
}

// ---- Life

// A line that a crash cut off goes.
static enum err open_file(struct anchor_service *service)
{
    struct stat file;
    char last = '\n';
    service->fd = open(ANCHOR_FILE, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (service->fd < 0 || fstat(service->fd, &file) != 0) {
        return ERR_IO;
    }
    off_t size = file.st_size;
    while (size > 0 && pread(service->fd, &last, 1, size - 1) == 1 && last != '\n') {
        size--;
    }
    return size == file.st_size || ftruncate(service->fd, size) == 0 ? ERR_NONE : ERR_IO;
}

static enum err start(struct anchor_service *service)
{
    sigset_t all; // signals are the main thread's
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    service->started = pthread_create(&service->thread, NULL, service_main, service) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return service->started ? ERR_NONE : ERR_FULL;
}

enum err anchor_service_create(const struct anchor_config *config, const struct signer *signer,
                               struct anchor_service **ret_service)
{
    struct anchor_service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        return ERR_FULL;
    }
    service->signer = signer;
    service->interval = config->interval;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&service->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&service->lock, NULL);
    enum err err = open_file(service);
    if (err == ERR_NONE) {
        err = anchor_courier_create(config->file, config->webhook, &service->stopping,
                                    &service->courier);
    }
    if (err == ERR_NONE) {
        err = start(service);
    }
    if (err != ERR_NONE) {
        anchor_service_destroy(service);
        return err;
    }
    *ret_service = service;
    return ERR_NONE;
}

void anchor_service_destroy(struct anchor_service *service)
{
    if (service == NULL) {
        return;
    }
    if (service->started) {
        pthread_mutex_lock(&service->lock);
        atomic_store(&service->stopping, true);
        pthread_cond_broadcast(&service->news);
        pthread_mutex_unlock(&service->lock);
        pthread_join(service->thread, NULL);
    }
    anchor_courier_destroy(service->courier);
    if (service->fd >= 0) {
        close(service->fd);
    }
    pthread_cond_destroy(&service->news);
    pthread_mutex_destroy(&service->lock);
    free(service);
}

void anchor_service_due(struct anchor_service *service, const char *meeting, const char *why)
{
    pthread_mutex_lock(&service->lock);
    struct stream *wish = stream_of(service->wishes, &service->wish_count, meeting);
    if (wish != NULL) {
        wish->due = why;
    }
    pthread_cond_broadcast(&service->news);
    pthread_mutex_unlock(&service->lock);
}

struct anchor_figures anchor_service_figures(const struct anchor_service *service)
{
    return (struct anchor_figures){.signed_total = atomic_load(&service->signed_total),
                                   .undelivered = atomic_load(&service->undelivered),
                                   .contradictions = atomic_load(&service->contradictions)};
}
