// Signing in by personal links: whoever come in one turn of the loop share one transaction, which
// is most of what a sign-in costs. Who comes for the first time waits, beside the loop, until the
// journal has them. Nobody is answered before it is over.
#include "api/sign_in.h"

#include <string.h>

#include "base/assert.h"

// One link makes few sessions a second: each is written down, and makes the oldest give way.
static bool signs_in_too_often(struct api *api, const struct session *session, int *ret_wait_s)
{
    return person_limits_take(api->persons, PERSON_LIMIT_SIGN_IN, session->meeting,
                              session->participant, api->now / TIME_US_PER_MS + 1,
                              ret_wait_s) != ERR_NONE;
}

// Not when it is the server that cannot.
static bool is_the_links_fault(enum err err)
{
    return err == ERR_UNAUTHENTICATED || err == ERR_FORBIDDEN || err == ERR_EXPIRED ||
           err == ERR_NOT_FOUND;
}

// Of an address failures alone are counted: a hall of delegates behind one signs in at once.
static void refuse(struct call *call, const char *remote, enum err err,
                   const struct refusal *refusal)
{
    struct api *api = call->api;
    int wait_s = 0;
    api->counters.sign_ins_refused++;
    if (is_the_links_fault(err) &&
        remote_limits_take(api->limits, REMOTE_LIMIT_SIGN_IN, remote, api->now / TIME_US_PER_MS,
                           &wait_s) != ERR_NONE) {
        api->counters.rate_limited++;
        err = ERR_TOO_MANY;
    }
    call_fill_refusal(call, &(struct problem){.err = err, .refusal = refusal}, wait_s);
    call_answer(call);
}

static void refuse_often(struct call *call, int wait_s)
{
    call->api->counters.rate_limited++;
    call->api->counters.sign_ins_refused++;
    call_refuse_for(call, ERR_TOO_MANY, wait_s);
}

void sign_in_by_link(struct call *call, const char *token)
{
    struct api *api = call->api;
    struct api_links *links = &api->links;
    ASSERT(links->count < API_LINKS_MAX);
    struct app_link_sign_in *sign_in = &links->sign_ins[links->count];
    const char *remote = call->in->remote;
    int wait_s = 0;
    enum err err = app_link_begin(api->app, token, remote, api->wall, sign_in);
    if (err != ERR_NONE) {
        refuse(call, remote, err, &sign_in->refusal);
    } else if (signs_in_too_often(api, &sign_in->session, &wait_s)) {
        refuse_often(call, wait_s);
    } else {
        links->calls[links->count++] = call->name;
        if (links->count % API_LINKS_AT_ONCE == 0) {
            sign_in_links_end(api);
        }
    }
}

static void answer(struct api *api, handle name, const struct app_link_sign_in *sign_in)
{
    struct call *call = call_find(api, name);
    if (call == NULL) {
        return; // gone while the journal was waited for
    }
    if (sign_in->err == ERR_NONE) {
        sign_in_respond(call, &sign_in->session);
    } else {
        refuse(call, sign_in->remote, sign_in->err, &sign_in->refusal);
    }
}

static void swap(struct api_links *links, uint32_t a, uint32_t b)
{
    const struct app_link_sign_in sign_in = links->sign_ins[a];
    handle call = links->calls[a];
    links->sign_ins[a] = links->sign_ins[b];
    links->calls[a] = links->calls[b];
    links->sign_ins[b] = sign_in;
    links->calls[b] = call;
}

// Those for whom the journal is waited come behind the others. Returns how many are ready.
static uint32_t ready_first(const struct app *app, struct api_links *links)
{
    uint32_t ready = 0;
    for (uint32_t i = 0; i < links->count; i++) {
        if (app_link_waits(app, &links->sign_ins[i])) {
            continue;
        }
        if (i != ready) {
            swap(links, i, ready);
        }
        ready++;
    }
    return ready;
}

bool sign_in_links_are_ready(const struct api *api)
{
    uint32_t i = 0;
    while (i < api->links.count && app_link_waits(api->app, &api->links.sign_ins[i])) {
        i++;
    }
    return i < api->links.count;
}

void sign_in_links_end(struct api *api)
{
    struct api_links *links = &api->links;
    uint32_t ready = ready_first(api->app, links);
    if (ready == 0 && links->count == API_LINKS_MAX) {
        ready = links->count; // they come faster than the disk takes them
    }
    if (ready == 0) {
        return;
    }
    app_link_end(api->app, links->sign_ins, ready, api->wall);
    // An answer brings no request by itself (api_ports.respond): the list stays as it is.
    for (uint32_t i = 0; i < ready; i++) {
        answer(api, links->calls[i], &links->sign_ins[i]);
    }
    links->count -= ready;
    memmove(links->calls, &links->calls[ready], links->count * sizeof(links->calls[0]));
    memmove(links->sign_ins, &links->sign_ins[ready], links->count * sizeof(links->sign_ins[0]));
}
