#include "api/call.h"

#include <string.h>

#include "api/respond.h"
#include "base/assert.h"
#include "base/text.h"

#define RETRY_S 1

static void fill(struct call *call, struct api *api, uint64_t request, const struct api_request *in)
{
    call->api = api;
    call->request = request;
    call->in = in;
    text_copy_cut(call->path, sizeof(call->path), in->path);
}

struct call *call_begin(struct api *api, uint64_t request, const struct api_request *in)
{
    handle name = HANDLE_NONE;
    struct call *call = pool_take(&api->calls, &name);
    if (call != NULL) {
        call->name = name;
        fill(call, api, request, in);
    }
    return call;
}

struct call call_at_once(struct api *api, const struct api_request *in)
{
    struct call call = {.name = HANDLE_NONE};
    fill(&call, api, 0, in);
    return call;
}

struct call *call_find(const struct api *api, handle name)
{
    return pool_get(&api->calls, name);
}

void call_give_up(struct call *call)
{
    if (call->name != HANDLE_NONE) {
        pool_give(&call->api->calls, call->name);
    }
}

// "/whip/": what a door's path begins with, also where no route has the rest.
static bool is_doors_path(const char *path)
{
    for (int id = 0; id < REST_ROUTE_COUNT; id++) {
        const char *door = rest_routes[id].path;
        size_t first = 1 + strcspn(door + 1, "/");
        if (rest_routes[id].door && strncmp(path, door, first) == 0 && path[first] == '/') {
            return true;
        }
    }
    return false;
}

static void dress(struct call *call)
{
    struct api_response *response = &call->response;
    ASSERT(response->status != 0);
    ASSERT(response->stream == NULL || (call->route != NULL && call->route->streamed));
    response->cross_origin = call->route != NULL ? call->route->door : is_doors_path(call->path);
    response->person = call->person;
}

void call_answer(struct call *call)
{
    ASSERT(!call->answered);
    dress(call);
    if (call->in != NULL) {
        call->answered = true; // call_returned() hands it on
        return;
    }
    // The place is free for whatever comes of the answer.
    struct api *api = call->api;
    struct api_response response = call->response;
    uint64_t request = call->request;
    call_give_up(call);
    api->ports.respond(api->ports.context, request, &response);
    api_response_finish(&response);
}

void call_json(struct call *call, int status, json_t *body)
{
    respond_json(&call->response, status, body);
    call_answer(call);
}

void call_text(struct call *call, int status, const char *text)
{
    respond_text(&call->response, status, text);
    call_answer(call);
}

void call_empty(struct call *call, int status)
{
    respond_empty(&call->response, status);
    call_answer(call);
}

bool call_returned(struct call *call, struct api_response *ret_response)
{
    call->in = NULL;
    if (!call->answered) {
        *ret_response = (struct api_response){.person = call->person};
        return false;
    }
    *ret_response = call->response;
    call_give_up(call);
    return true;
}

// When to come again, if that may help. What is full says so itself when it will not stay so.
static int retry_after_s(const struct call *call, enum err err)
{
    if (err != ERR_TOO_MANY && err != ERR_UNAVAILABLE) {
        return 0;
    }
    bool queued = call->route != NULL && call->route->worker != REST_WORKER_NONE;
    return queued ? rest_workers[call->route->worker].retry_after_s : RETRY_S;
}

void call_fill_refusal(struct call *call, const struct problem *problem, int wait_s)
{
    struct problem whole = *problem;
    whole.instance = call->in != NULL ? call->in->path : call->path;
    call->api->counters.problems++;
    problem_respond(&whole, &call->response);
    call->response.retry_after_s = wait_s > 0 ? wait_s : retry_after_s(call, problem->err);
}

void call_refuse_as(struct call *call, const struct problem *problem)
{
    call_fill_refusal(call, problem, 0);
    call_answer(call);
}

void call_refuse_for(struct call *call, enum err err, int wait_s)
{
    call_fill_refusal(call, &(struct problem){.err = err}, wait_s);
    call_answer(call);
}

bool call_within(struct call *call, enum remote_limit limit)
{
    struct api *api = call->api;
    int wait_s = 0;
    const struct app_identity *who = &call->identity;
    // An account's session without a meeting sits nowhere: then it is the account that counts.
    const char *person = who->participant[0] != '\0' ? who->participant : who->account;
    enum err err = person_limits_take(api->persons, limit, who->meeting, person,
                                      api->now / TIME_US_PER_MS + 1, &wait_s);
    if (err != ERR_NONE) {
        api->counters.rate_limited++;
        call_refuse_for(call, err, wait_s);
    }
    return err == ERR_NONE;
}

void call_refuse(struct call *call, enum err err)
{
    call_refuse_for(call, err, 0);
}

void call_refuse_field(struct call *call, enum err err, const char *field)
{
    call_refuse_as(call, &(struct problem){.err = err, .field = field});
}
