#include "api/password_job.h"

#include <stddef.h>

#include "base/text.h"

static struct password_place *place_of(struct job *job)
{
    return &((struct password_job *)job)->place;
}

static struct job *job_of(struct password_place *place)
{
    return place != NULL
               ? (struct job *)(void *)((char *)place - offsetof(struct password_job, place))
               : NULL;
}

static struct job *order_put(struct api *api, struct job *job)
{
    return job_of(password_queue_put(&api->passwords, place_of(job), api->now));
}

static struct job *order_take(struct api *api)
{
    return job_of(password_queue_take(&api->passwords, api->now));
}

static void order_leave(struct api *api, struct job *job)
{
    password_queue_leave(&api->passwords, place_of(job));
}

static time_us order_next(const struct api *api)
{
    return password_queue_next(&api->passwords);
}

const struct job_order password_order = {
    .put = order_put, .take = order_take, .leave = order_leave, .next = order_next};

void password_job_begin(struct password_job *job, const char *account, const char *remote,
                        bool known)
{
    text_copy_cut(job->place.account, sizeof(job->place.account), account);
    job->place.known = known;
    network_of_text(remote != NULL ? remote : "", job->place.network);
    job_begin(&job->job);
}
