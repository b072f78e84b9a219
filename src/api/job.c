#include "api/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

static struct job_queue *queue_of(const struct job *job)
{
    return &job->api->jobs[job->worker];
}

struct job *job_create(struct call *call, const struct job_kind *kind)
{
    struct job *job = calloc(1, kind->size);
    if (job == NULL) {
        return NULL;
    }
    *job = (struct job){
        .kind = kind, .api = call->api, .worker = call->route->worker, .call = call->name};
    ASSERT(job->worker != REST_WORKER_NONE);
    if (rest_workers[job->worker].one_each) {
        struct text_builder owner = text_builder(job->owner, sizeof(job->owner));
        text_append_format(&owner, "%s/%s", call->identity.meeting, call->identity.participant);
    }
    return job;
}

void job_discard(struct job *job)
{
    size_t size = job->kind->size;
    if (job->kind->finish != NULL) {
        job->kind->finish(job);
    }
    explicit_bzero(job, size); // passwords
    free(job);
}

static void drop(struct job *job)
{
    if (job->kind->dropped != NULL) {
        job->kind->dropped(job);
    }
    job_discard(job);
}

static void refuse(struct job *job, enum err err)
{
    struct call *call = call_find(job->api, job->call);
    drop(job);
    ASSERT(call != NULL);
    call_refuse(call, err);
}

// ---- The queue

static void append(struct job_queue *queue, struct job *job)
{
    struct job **at = &queue->waiting;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = job;
}

static void unlink_job(struct job_queue *queue, struct job *job)
{
    struct job **at = &queue->waiting;
    while (*at != job) {
        at = &(*at)->next;
    }
    *at = job->next;
    job->next = NULL;
}

// ERR_TOO_MANY for whoever has one already.
static enum err admit(const struct job_queue *queue, const struct job *job)
{
    const struct rest_worker_row *worker = &rest_workers[job->worker];
    const struct job *at_work = queue->at_work;
    uint32_t count = at_work != NULL;
    bool has_one = at_work != NULL && text_equal(at_work->owner, job->owner);
    for (const struct job *other = queue->waiting; other != NULL; other = other->next) {
        count++;
        has_one = has_one || text_equal(other->owner, job->owner);
    }
    return worker->one_each && has_one ? ERR_TOO_MANY
           : count >= worker->jobs_max ? ERR_UNAVAILABLE
                                       : ERR_NONE;
}

static struct job *take(struct api *api, struct job_queue *queue)
{
    struct job *job = queue->order != NULL ? queue->order->take(api) : queue->waiting;
    if (job != NULL) {
        unlink_job(queue, job);
    }
    return job;
}

static void work(void *argument)
{
    struct job *job = argument;
    job->kind->work(job);
}

static void begin_next(struct api *api, struct job_queue *queue);

static void done(void *argument)
{
    struct job *job = argument;
    struct api *api = job->api;
    struct job_queue *queue = queue_of(job);
    struct call *call = call_find(api, job->call);
    ASSERT(job == queue->at_work && call != NULL);
    queue->at_work = NULL;
    job->kind->done(job, call);
    job_discard(job);
    begin_next(api, queue);
}

// One at a time has always room on the worker, except while the server ends.
static void begin_next(struct api *api, struct job_queue *queue)
{
    while (queue->at_work == NULL) {
        struct job *job = take(api, queue);
        if (job == NULL) {
            return;
        }
        queue->at_work = job;
        if (!api->ports.run(api->ports.context, job->worker, work, done, job)) {
            queue->at_work = NULL;
            refuse(job, ERR_UNAVAILABLE);
        }
    }
}

void job_begin(struct job *job)
{
    struct api *api = job->api;
    struct job_queue *queue = queue_of(job);
    enum err err = admit(queue, job);
    if (err != ERR_NONE) {
        refuse(job, err);
        return;
    }
    append(queue, job);
    struct job *displaced = queue->order != NULL ? queue->order->put(api, job) : NULL;
    if (displaced != NULL) {
        unlink_job(queue, displaced);
        refuse(displaced, ERR_TOO_MANY);
    }
    begin_next(api, queue);
}

// ---- All queues

time_us jobs_next_deadline(const struct api *api)
{
    time_us next = TIME_US_NEVER;
    for (int i = 0; i < REST_WORKER_COUNT; i++) {
        const struct job_queue *queue = &api->jobs[i];
        if (queue->order != NULL && queue->at_work == NULL && queue->order->next(api) < next) {
            next = queue->order->next(api);
        }
    }
    return next;
}

void jobs_on_deadline(struct api *api)
{
    for (int i = 0; i < REST_WORKER_COUNT; i++) {
        begin_next(api, &api->jobs[i]);
    }
}

static struct job *waiting_for(struct api *api, struct job_queue *queue, uint64_t request)
{
    struct job *job = queue->waiting;
    while (job != NULL && call_find(api, job->call)->request != request) {
        job = job->next;
    }
    return job;
}

bool jobs_give_up(struct api *api, uint64_t request)
{
    struct job *job = NULL;
    for (int i = 0; i < REST_WORKER_COUNT && job == NULL; i++) {
        job = waiting_for(api, &api->jobs[i], request);
    }
    if (job == NULL) {
        return false;
    }
    struct job_queue *queue = queue_of(job);
    if (queue->order != NULL) {
        queue->order->leave(api, job);
    }
    unlink_job(queue, job);
    call_give_up(call_find(api, job->call));
    drop(job);
    return true;
}

void jobs_finish(struct api *api)
{
    for (int i = 0; i < REST_WORKER_COUNT; i++) {
        struct job_queue *queue = &api->jobs[i];
        if (queue->at_work != NULL) {
            job_discard(queue->at_work);
        }
        while (queue->waiting != NULL) {
            struct job *job = queue->waiting;
            queue->waiting = job->next;
            job_discard(job);
        }
    }
}
