// What the server says of itself.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "api/metrics.h"
#include "api/respond.h"
#include "contract/handlers.h"
#include "contract/json.h"
#include "contract/openapi.h"
#include "contract/permissions.h"

void rest_openapi(struct call *call)
{
    char *text = malloc(openapi_size);
    if (text != NULL) {
        memcpy(text, openapi_text, openapi_size);
    }
    respond_owned(&call->response, 200, "application/json", text, openapi_size);
    call_answer(call);
}

void rest_report_key(struct call *call)
{
    const struct api_ports *ports = &call->api->ports;
    respond_text(&call->response, 200, ports->report_key(ports->context));
    call->response.content_type = "application/x-pem-file";
    call_answer(call);
}

// The operator's, and who is in the hall for the operator.
static bool may_look_after(const struct app_identity *who)
{
    return who->administrator || (!who->bound && who->participant[0] != '\0' &&
                                  capacity_can(who->capacity, ABILITY_ROUTES_SOUND));
}

void rest_upkeep(struct call *call)
{
    struct upkeep upkeep = {0};
    if (!may_look_after(&call->identity)) {
        call_refuse(call, ERR_FORBIDDEN);
        return;
    }
    if (!call_within(call, PERSON_LIMIT_READ)) {
        return;
    }
    enum err err = call->api->ports.upkeep(call->api->ports.context, &upkeep);
    if (err == ERR_NONE) {
        call_json(call, 200, upkeep_encode(&upkeep));
    } else {
        call_refuse(call, err);
    }
}

void rest_problem(struct call *call)
{
    const char *title = problem_title_of(call->parameters[0]);
    if (title == NULL) {
        call_refuse(call, ERR_NOT_FOUND);
        return;
    }
    char text[160];
    snprintf(text, sizeof(text), "%s: %s.\n", call->parameters[0], title);
    call_text(call, 200, text);
}

void rest_health(struct call *call)
{
    call_text(call, 200, "ok\n");
}

void rest_ready(struct call *call)
{
    const char *words = "";
    if (call->api->ports.ready(call->api->ports.context, &words)) {
        char text[128];
        snprintf(text, sizeof(text), "%s\n", words);
        call_text(call, 200, text);
        return;
    }
    const struct refusal refusal = {REFUSAL_SERVER_NOT_READY};
    const struct problem problem = {.err = ERR_UNAVAILABLE, .refusal = &refusal, .detail = words};
    call_refuse_as(call, &problem);
}

// Takes as long for every text of the right length.
static bool token_equals(const char *token, const char *given)
{
    size_t size = strlen(token);
    unsigned char different = 0;
    if (given == NULL || strlen(given) != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        different |= (unsigned char)(token[i] ^ given[i]);
    }
    return different == 0;
}

// Names, numbers and rates are the operator's.
void rest_metrics(struct call *call)
{
    const struct api *api = call->api;
    const char *token = api->ports.metrics_token != NULL ? api->ports.metrics_token : "";
    bool shown = call->in->local || (token[0] != '\0' && token_equals(token, call->in->bearer));
    if (shown) {
        metrics_respond(call->api, &call->response);
        call_answer(call);
    } else {
        call_refuse(call, call->in->bearer == NULL ? ERR_UNAUTHENTICATED : ERR_FORBIDDEN);
    }
}

// The handshake is http's; here is only who comes without one.
void rest_live(struct call *call)
{
    const struct refusal refusal = {REFUSAL_SOCKET_NEEDED};
    call_refuse_as(call, &(struct problem){.err = ERR_MALFORMED, .refusal = &refusal});
}
