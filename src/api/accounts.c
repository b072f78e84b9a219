// What administrators do with accounts, and what one says of oneself.
#include "app/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "api/accounts.h"
#include "api/house.h"
#include "api/json_guard.h"
#include "contract/handlers.h"
#include "contract/json.h"

#define QUERY_SIZE (4 * 120 + 1) // as the route says, in UTF-8

struct app_asking asking_of(const struct call *call)
{
    return (struct app_asking){.who = &call->identity,
                               .remote = call->in != NULL ? call->in->remote : NULL,
                               .wall = call->api->wall};
}

void refuse_asking(struct call *call, enum err err, const struct app_asking *asking, int wait_s)
{
    const struct problem problem = {
        .err = err, .refusal = &asking->refusal, .field = asking->field};
    call_fill_refusal(call, &problem, wait_s);
    call_answer(call);
}

json_t *read_body(struct call *call)
{
    json_t *body = NULL;
    enum err err = json_guard_parse(call->in->body, call->in->body_size, JSON_GUARD_BODY_VALUES,
                                    &body);
    if (err != ERR_NONE) {
        call_refuse(call, err);
    }
    return err == ERR_NONE ? body : NULL;
}

static void answer_account(struct call *call, enum err err, const struct app_asking *asking,
                           struct house_account *account, int status)
{
    if (err == ERR_NONE) {
        call_json(call, status, house_account_encode(account));
    } else {
        refuse_asking(call, err, asking, 0);
    }
    explicit_bzero(account, sizeof(*account)); // a token
}

void rest_accounts_list(struct call *call)
{
    struct app_asking asking = asking_of(call);
    char query[QUERY_SIZE];
    char after[REST_PARAMETER_MAX + 1];
    if (!call_within(call, PERSON_LIMIT_HOUSE) ||
        !house_call_query(call, "q", query, sizeof(query)) ||
        !house_call_query(call, "after", after, sizeof(after))) {
        return;
    }
    struct house_accounts *accounts = calloc(1, sizeof(*accounts));
    enum err err = accounts != NULL ? app_accounts(call->api->app, &asking, query, after, accounts)
                                    : ERR_FULL;
    if (err == ERR_NONE) {
        call_json(call, 200, house_accounts_encode(accounts));
    } else {
        refuse_asking(call, err, &asking, 0);
    }
    free(accounts);
}

void rest_accounts_read(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct house_account account = {0};
    if (!call_within(call, PERSON_LIMIT_HOUSE)) {
        return;
    }
    enum err err = app_account(call->api->app, &asking, call->parameters[0], &account);
    answer_account(call, err, &asking, &account, 200);
}

void rest_accounts_add(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct account_wish wish;
    struct house_account account = {0};
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = call_within(call, PERSON_LIMIT_HOUSE) ? read_body(call) : NULL;
    if (body == NULL) {
        return;
    }
    enum err err = account_wish_take(body, &wish, field, &asking.refusal);
    json_decref(body);
    if (err != ERR_NONE) {
        asking.field = field;
        refuse_asking(call, err, &asking, 0);
        return;
    }
    err = app_account_add(call->api->app, &asking, &wish, &account);
    answer_account(call, err, &asking, &account, 201);
}

void rest_accounts_change(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct account_change wish;
    struct house_account account = {0};
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = call_within(call, PERSON_LIMIT_HOUSE) ? read_body(call) : NULL;
    if (body == NULL) {
        return;
    }
    enum err err = account_change_take(body, &wish, field, &asking.refusal);
    json_decref(body);
    if (err != ERR_NONE) {
        asking.field = field;
        refuse_asking(call, err, &asking, 0);
        return;
    }
    err = app_account_change(call->api->app, &asking, call->parameters[0], &wish, &account);
    answer_account(call, err, &asking, &account, 200);
}

void rest_accounts_remove(struct call *call)
{
    struct app_asking asking = asking_of(call);
    if (!call_within(call, PERSON_LIMIT_HOUSE)) {
        return;
    }
    enum err err = app_account_remove(call->api->app, &asking, call->parameters[0]);
    if (err == ERR_NONE) {
        call_empty(call, 204);
    } else {
        refuse_asking(call, err, &asking, 0);
    }
}

void rest_accounts_link(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct house_account account = {0};
    if (!call_within(call, PERSON_LIMIT_HOUSE)) {
        return;
    }
    enum err err = app_account_link(call->api->app, &asking, call->parameters[0], &account);
    answer_account(call, err, &asking, &account, 201);
}

// ---- One's own

static void answer_own(struct call *call, enum err err, const struct app_asking *asking,
                       const struct own_account *account)
{
    if (err == ERR_NONE) {
        call_json(call, 200, own_account_encode(account));
    } else {
        refuse_asking(call, err, asking, 0);
    }
}

void rest_own_account_read(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct own_account account;
    if (call_within(call, PERSON_LIMIT_HOUSE)) {
        answer_own(call, app_own_account(call->api->app, &asking, &account), &asking, &account);
    }
}

void rest_own_account_change(struct call *call)
{
    struct app_asking asking = asking_of(call);
    struct own_account_change wish;
    struct own_account account;
    char field[CODEC_FIELD_MAX + 1];
    json_t *body = call_within(call, PERSON_LIMIT_HOUSE) ? read_body(call) : NULL;
    if (body == NULL) {
        return;
    }
    enum err err = own_account_change_take(body, &wish, field, &asking.refusal);
    json_decref(body);
    if (err != ERR_NONE) {
        asking.field = field;
        refuse_asking(call, err, &asking, 0);
        return;
    }
    err = app_own_account_change(call->api->app, &asking, &wish, &account);
    answer_own(call, err, &asking, &account);
}
