#include "api/api.h"

#include <stdlib.h>
#include <sys/random.h>

#include "api/api_state.h"
#include "api/call.h"
#include "api/doors.h"
#include "api/job.h"
#include "api/live.h"
#include "api/password_job.h"
#include "api/rest.h"
#include "api/sign_in.h"

#define FULL_RETRY_S 10

enum err api_create(const struct api_ports *ports, struct api **ret_api)
{
    uint64_t seed = 0;
    struct api *api = calloc(1, sizeof(*api));
    if (api == NULL || getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
        free(api);
        return ERR_FULL;
    }
    api->ports = *ports;
    api->next_beat = TIME_US_NEVER;
    api->message_values_max = api_live_values_max();
    api->events = calloc(API_EVENTS_PAGE, sizeof(*api->events));
    api->jobs[REST_WORKER_PASSWORDS].order = &password_order;
    if (api->events == NULL ||
        pool_init(&api->calls, sizeof(struct call), API_CALLS_MAX) != ERR_NONE ||
        remote_limits_create(seed, &api->limits) != ERR_NONE ||
        remote_limits_create(seed, &api->persons) != ERR_NONE) {
        api_destroy(api);
        return ERR_FULL;
    }
    *ret_api = api;
    return ERR_NONE;
}

void api_destroy(struct api *api)
{
    if (api == NULL) {
        return;
    }
    jobs_finish(api);
    pool_finish(&api->calls);
    live_table_finish(&api->lives);
    snapshots_finish(&api->snapshots);
    remote_limits_destroy(api->limits);
    remote_limits_destroy(api->persons);
    free(api->events);
    free(api);
}

void api_set_app(struct api *api, struct app *app)
{
    api->app = app;
}

void api_fill_app_ports(struct api *api, struct app_ports *ports)
{
    ports->context = api;
    ports->publish = api_live_publish;
    ports->reply = api_live_reply;
    ports->notice = api_live_notice;
    ports->live_end = api_live_end;
    ports->door_answer = doors_answer;
}

bool api_request(struct api *api, uint64_t request, const struct api_request *in, time_us now,
                 time_ms wall, struct api_response *ret_response)
{
    api_set_now(api, now, wall);
    api->counters.requests++;
    struct call *call = call_begin(api, request, in);
    if (call == NULL) {
        struct call refused = call_at_once(api, in);
        call_refuse_for(&refused, ERR_FULL, FULL_RETRY_S);
        return call_returned(&refused, ret_response);
    }
    rest_request(call);
    return call_returned(call, ret_response);
}

bool api_request_gone(struct api *api, uint64_t request)
{
    return jobs_give_up(api, request);
}

time_us api_next_deadline(const struct api *api)
{
    time_us jobs = jobs_next_deadline(api);
    bool now = api->lives.ended.first != NULL || api->lives.leaving.first != NULL ||
               api->lives.has_room.first != NULL || sign_in_links_are_ready(api);
    time_us lives = now ? 0 : api->next_beat;
    return jobs < lives ? jobs : lives;
}

void api_on_deadline(struct api *api, time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    sign_in_links_end(api);
    api_live_on_deadline(api);
    jobs_on_deadline(api);
}
