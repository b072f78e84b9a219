// One request of the REST API, from its head to its answer. Every handler (contract/handlers.h)
// gets one. It fills `response` (api/respond.h) and calls call_answer(), or call_refuse(): within
// itself, or later, from wherever the answer comes. Which of the two it was is nobody's business
// but http's. Private to src/api; control thread only.
#pragma once

#include "api/api_state.h"
#include "api/problem.h"
#include "contract/routes.h"

struct call {
    struct api *api;
    handle name;                    // what a job or the app keeps of it: call_find()
    uint64_t request;               // http's number
    const struct rest_route *route; // NULL: no route has this path and method
    const struct api_request *in;   // until the handler returns; NULL afterwards
    struct app_identity identity;   // when the route needs a bearer
    uint64_t person;                // as in a response
    char path[128];                 // cut; of a route it is whole
    char parameters[REST_PARAMETERS_MAX][REST_PARAMETER_MAX + 1]; // empty when the path has fewer;
                                                                  // each as its type permits
    bool answered;                                                // while the handler runs
    struct api_response response;
};

// NULL when as many as may (API_CALLS_MAX) await their answers.
struct call *call_begin(struct api *api, uint64_t request, const struct api_request *in);
// One that cannot wait: the caller's own.
struct call call_at_once(struct api *api, const struct api_request *in);
// NULL when it has been answered or given up.
struct call *call_find(const struct api *api, handle name);
// The handler has returned. True when it has answered: the answer is in *ret_response, and the call
// is over. Otherwise only the person is.
bool call_returned(struct call *call, struct api_response *ret_response);
// Nobody waits for the answer any more.
void call_give_up(struct call *call);

// Exactly once; the call is not to be touched after that.
void call_answer(struct call *call);
void call_json(struct call *call, int status, json_t *body); // as respond_json()
void call_text(struct call *call, int status, const char *text);
void call_empty(struct call *call, int status);
void call_refuse(struct call *call, enum err err);
void call_refuse_field(struct call *call, enum err err, const char *field);
// Retry-After is `wait_s`; 0: as it is for that problem, if at all.
void call_refuse_for(struct call *call, enum err err, int wait_s);
// Takes one of as many as its bearer may in this time. False: too many, and refused.
bool call_within(struct call *call, enum remote_limit limit);
// With other words or another status; `instance` is set here.
void call_refuse_as(struct call *call, const struct problem *problem);
// The same without the answer, for who has headers to add.
void call_fill_refusal(struct call *call, const struct problem *problem, int wait_s);
