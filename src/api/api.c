#include "api/api.h"

#include <stdlib.h>
#include <sys/random.h>

#include "api/api_state.h"
#include "api/documents.h"
#include "api/doors.h"
#include "api/live.h"
#include "api/report.h"
#include "api/rest.h"
#include "api/sign_in.h"

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
    api->events = calloc(API_EVENTS_PAGE, sizeof(*api->events));
    if (api->events == NULL || remote_limits_create(seed, &api->limits) != ERR_NONE ||
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
    sign_in_finish(api);
    report_finish(api);
    documents_finish(api);
    live_table_finish(&api->lives);
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
    *ret_response = (struct api_response){0};
    return rest_request(api, request, in, ret_response);
}

time_us api_next_deadline(const struct api *api)
{
    time_us passwords = sign_in_next_deadline(api);
    time_us lives = api->lives.ended.first != NULL ? 0 : api->next_beat;
    return passwords < lives ? passwords : lives;
}

void api_on_deadline(struct api *api, time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    api_live_on_deadline(api);
    sign_in_on_deadline(api);
}
