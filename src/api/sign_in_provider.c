// Signing in at the organisation's provider: away (302 there, with the cookie by which the browser
// is known), and back (302 to the page). Whoever asks is a browser on its way: what is refused
// stands behind # of the page's address, and in the security log with its reason.
#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/job.h"
#include "api/respond.h"
#include "api/sign_in.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

#define COOKIE_LIFE  "600" // seconds: as long as a visit
#define CODE_MAX     4095
#define ISSUER_MAX   511
#define ANSWER_WORDS "#refused="

struct provider_job {
    struct job job;
    struct app_provider_visit visit;
    char browser[APP_SECRET_LENGTH + 1];
    char remote[64];
    char code[CODE_MAX + 1];
    char issuer[ISSUER_MAX + 1]; // empty: not said
    // What the worker fills.
    char *address; // owned
    struct app_provider_person person;
    const char *why; // static; NULL: all is well
    bool silent;     // the provider, and nothing else is wrong
};

static struct provider_job *provider_job_of(struct job *job)
{
    return (struct provider_job *)job;
}

static void finish(struct job *job)
{
    free(provider_job_of(job)->address);
}

const char *sign_in_browser(const struct api_request *in)
{
    return in->browser != NULL ? in->browser : "";
}

// ---- Where the browser goes on

static void go(struct call *call, const char *to)
{
    respond_empty(&call->response, 302);
    text_copy_cut(call->response.location, sizeof(call->response.location), to);
    call_answer(call);
}

static void go_refused(struct call *call, enum refusal_reason reason)
{
    char to[sizeof(call->response.location)];
    struct text_builder address = text_builder(to, sizeof(to));
    call->api->counters.sign_ins_refused++;
    text_append_format(&address, "/sign-in" ANSWER_WORDS "%s", refusal_reason_name(reason));
    go(call, to);
}

static bool is_there(struct call *call)
{
    const struct api_provider_ports *ports = &call->api->ports.provider;
    bool there = ports->name != NULL && ports->name(ports->context) != NULL;
    if (!there) {
        call_refuse(call, ERR_NOT_FOUND);
    }
    return there;
}

static void begin(struct call *call, struct provider_job *provider)
{
    text_copy_cut(provider->remote, sizeof(provider->remote),
                  call->in->remote != NULL ? call->in->remote : "");
    job_begin(&provider->job);
}

// ---- Away

static void leave_work(struct job *job)
{
    struct provider_job *provider = provider_job_of(job);
    const struct api_provider_ports *ports = &job->api->ports.provider;
    provider->why = ports->address(ports->context, &provider->visit, &provider->address);
}

static void leave_done(struct job *job, struct call *call)
{
    struct provider_job *provider = provider_job_of(job);
    struct api *api = job->api;
    if (provider->why != NULL) {
        app_provider_refused(api->app, provider->remote, provider->why, api->wall);
        go_refused(call, REFUSAL_PROVIDER_SILENT);
        return;
    }
    app_provider_visit_keep(api->app, &provider->visit, provider->browser, provider->remote,
                            api->wall);
    respond_empty(&call->response, 302);
    call->response.elsewhere = provider->address;
    provider->address = NULL;
    struct text_builder cookie = text_builder(call->response.cookie, sizeof(call->response.cookie));
    text_append_format(&cookie,
                       API_BROWSER_COOKIE "=%s; Path=/; Max-Age=" COOKIE_LIFE
                                          "; Secure; HttpOnly; SameSite=Lax",
                       provider->browser);
    call_answer(call);
}

static const struct job_kind leave_kind = {
    .size = sizeof(struct provider_job), .work = leave_work, .done = leave_done, .finish = finish};

void rest_provider_leave(struct call *call)
{
    char meeting[CONTRACT_ID_MAX + 1];
    if (!is_there(call)) {
        return;
    }
    enum err err = query_value(call->in->query, "meeting", meeting, sizeof(meeting));
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        call_refuse_field(call, ERR_INVALID, "meeting");
        return;
    }
    struct job *job = job_create(call, &leave_kind);
    if (job == NULL) {
        call_refuse(call, ERR_FULL);
        return;
    }
    struct provider_job *provider = provider_job_of(job);
    app_provider_visit_make(meeting, &provider->visit);
    app_provider_browser(sign_in_browser(call->in), provider->browser);
    begin(call, provider);
}

// ---- Back

static void return_work(struct job *job)
{
    struct provider_job *provider = provider_job_of(job);
    const struct api_provider_ports *ports = &job->api->ports.provider;
    const struct api_provider_answer answer = {
        .code = provider->code, .issuer = provider->issuer[0] != '\0' ? provider->issuer : NULL};
    provider->why = ports->person(ports->context, &provider->visit, &answer, &provider->person,
                                  &provider->silent);
}

static void arrive(struct provider_job *provider, struct call *call)
{
    const struct api *api = call->api;
    char ticket[APP_SECRET_LENGTH + 1];
    char to[sizeof(call->response.location)];
    struct refusal refusal;
    const struct app_provider_arrival arrival = {.visit = &provider->visit,
                                                 .person = &provider->person,
                                                 .browser = provider->browser,
                                                 .remote = provider->remote};
    enum err err = app_provider_arrive(api->app, &arrival, api->wall, ticket, &refusal);
    if (refusal.reason != REFUSAL_NONE) {
        go_refused(call, refusal.reason);
    } else if (err != ERR_NONE) {
        call_refuse(call, err);
    } else {
        struct text_builder address = text_builder(to, sizeof(to));
        text_append_format(&address, "/sign-in#%s", ticket);
        go(call, to);
        explicit_bzero(to, sizeof(to));
    }
    explicit_bzero(ticket, sizeof(ticket));
}

static void return_done(struct job *job, struct call *call)
{
    struct provider_job *provider = provider_job_of(job);
    struct api *api = job->api;
    if (provider->why == NULL) {
        arrive(provider, call);
        return;
    }
    app_provider_refused(api->app, provider->remote, provider->why, api->wall);
    go_refused(call, provider->silent ? REFUSAL_PROVIDER_SILENT : REFUSAL_PROVIDER_NOT_BELIEVED);
}

static const struct job_kind return_kind = {.size = sizeof(struct provider_job),
                                            .work = return_work,
                                            .done = return_done,
                                            .finish = finish};

// The visit is over, whatever is said of it. False: refused.
static bool take_visit(struct call *call, struct provider_job *provider)
{
    const struct api *api = call->api;
    const char *query = call->in->query;
    char state[APP_SECRET_LENGTH + 1];
    char error[64];
    text_copy_cut(provider->browser, sizeof(provider->browser), sign_in_browser(call->in));
    if (query_value(query, "state", state, sizeof(state)) != ERR_NONE ||
        app_provider_visit_take(api->app, state, provider->browser, call->in->remote, api->wall,
                                &provider->visit) != ERR_NONE) {
        go_refused(call, REFUSAL_SIGN_IN_BEGUN_ELSEWHERE);
        return false;
    }
    if (query_value(query, "error", error, sizeof(error)) != ERR_NOT_FOUND) {
        app_provider_refused(api->app, call->in->remote, "declined", api->wall);
        go_refused(call, REFUSAL_PROVIDER_DECLINED);
        return false;
    }
    enum err issuer = query_value(query, "iss", provider->issuer, sizeof(provider->issuer));
    if ((issuer != ERR_NONE && issuer != ERR_NOT_FOUND) ||
        query_value(query, "code", provider->code, sizeof(provider->code)) != ERR_NONE) {
        app_provider_refused(api->app, call->in->remote, "no-code", api->wall);
        go_refused(call, REFUSAL_PROVIDER_NOT_BELIEVED);
        return false;
    }
    return true;
}

void rest_provider_return(struct call *call)
{
    if (!is_there(call)) {
        return;
    }
    struct job *job = job_create(call, &return_kind);
    if (job == NULL) {
        call_refuse(call, ERR_FULL);
        return;
    }
    struct provider_job *provider = provider_job_of(job);
    if (!take_visit(call, provider)) {
        job_discard(job);
        return;
    }
    begin(call, provider);
}

// ---- Which ways there are

void rest_sign_in_ways(struct call *call)
{
    const struct api_provider_ports *ports = &call->api->ports.provider;
    struct sign_in_ways ways = {.password = true};
    const char *name = ports->name != NULL ? ports->name(ports->context) : NULL;
    text_copy_cut(ways.oidc.name, sizeof(ways.oidc.name), name != NULL ? name : "");
    call_json(call, 200, sign_in_ways_encode(&ways));
}

bool sign_in_by_ticket(struct call *call, const char *token)
{
    struct api *api = call->api;
    struct session session = {0};
    enum err err = app_provider_redeem(api->app, token, sign_in_browser(call->in), call->in->remote,
                                       api->wall, &session);
    if (err == ERR_NOT_FOUND) {
        return false;
    }
    if (err == ERR_NONE) {
        sign_in_respond(call, &session);
    } else {
        api->counters.sign_ins_refused++;
        call_refuse(call, err);
    }
    explicit_bzero(&session, sizeof(session));
    return true;
}
