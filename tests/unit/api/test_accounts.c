// The routes of accounts over a fake app: what they take, whom they ask, and what guesses cost.
#include "../test.h"
#include <stdio.h>
#include <string.h>

#include "bench.h"

static struct bench *bench;

static int setup(void **state)
{
    (void)state;
    bench = bench_create();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bench_destroy(bench);
    return 0;
}

#define LONG_NAME "a.name.of.an.account@an.organisation.with.a.long.name.example"

static const char *text_at(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

static int status_of(const struct bench_request *request)
{
    struct api_response response;
    json_decref(bench_call(bench, request, &response));
    return response.status;
}

static struct bench_request ask(enum api_method method, const char *path, const char *body)
{
    return (struct bench_request){
        .method = method, .path = path, .bearer = "account-administrator", .body = body};
}

static void an_account_is_named_in_the_path(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = ask(API_GET, "/api/v1/accounts/" LONG_NAME, NULL);
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(body, "account"), LONG_NAME);
    assert_string_equal(bench->app->accounts.by, "account-administrator");
    json_decref(body);
    request.path = "/api/v1/accounts/" LONG_NAME "12345678";
    assert_int_equal(status_of(&request), 404);
    // Where an id is meant no more than that is taken.
    request.path = "/api/v1/sessions/" LONG_NAME;
    request.method = API_DELETE;
    assert_int_equal(status_of(&request), 404);
    request.bearer = NULL;
    request.path = "/api/v1/accounts/awa";
    assert_int_equal(status_of(&request), 401);
}

static void what_is_looked_for_is_what_was_written(void **state)
{
    (void)state;
    struct bench_request request = ask(API_GET, "/api/v1/accounts", NULL);
    char query[600];
    request.query = "q=мар nú+50%&after=a+b@c";
    assert_int_equal(status_of(&request), 200);
    assert_string_equal(bench->app->accounts.words, "мар nú+50%");
    assert_string_equal(bench->app->accounts.after, "a+b@c");
    snprintf(query, sizeof(query), "after=%064d", 1);
    request.query = query;
    assert_int_equal(status_of(&request), 422);
    snprintf(query, sizeof(query), "q=%0500d", 1);
    assert_int_equal(status_of(&request), 422);
}

static void an_account_is_added_changed_and_removed(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = ask(API_POST, "/api/v1/accounts",
                                       "{\"account\":\"awa\",\"name\":\"Awa\","
                                       "\"administrator\":false,\"secretariat\":true}");
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 201);
    assert_string_equal(text_at(body, "token"), "shown-once");
    json_decref(body);
    request = ask(API_PUT, "/api/v1/accounts/awa",
                  "{\"name\":\"A\",\"administrator\":true,\"secretariat\":false,"
                  "\"disabled\":true}");
    assert_int_equal(status_of(&request), 200);
    assert_true(bench->app->accounts.change.administrator && bench->app->accounts.change.disabled);
    request.body = "{\"name\":\"\",\"administrator\":true,\"secretariat\":false,\"disabled\":true}";
    assert_int_equal(status_of(&request), 422);
    request = ask(API_POST, "/api/v1/accounts/awa/link", NULL);
    assert_int_equal(status_of(&request), 201);
    request = ask(API_DELETE, "/api/v1/accounts/awa", NULL);
    assert_int_equal(status_of(&request), 204);
    assert_string_equal(bench->app->accounts.account, "awa");
}

static void a_refusal_has_its_words_and_its_field(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = ask(API_DELETE, "/api/v1/accounts/awa", NULL);
    bench->app->accounts.result = ERR_CONFLICT;
    bench->app->accounts.reason = REFUSAL_ADMINISTRATOR_LAST;
    bench->app->accounts.field = "account";
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 409);
    assert_string_equal(text_at(body, "field"), "account");
    assert_string_equal(text_at(json_object_get(body, "refusal"), "reason"), "administrator_last");
    json_decref(body);
}

static struct bench_request use_link(const char *remote)
{
    return (struct bench_request){
        .method = API_POST,
        .path = "/api/v1/account-link",
        .remote = remote,
        .body = "{\"token\":\"t\",\"account\":\"root\",\"name\":\"R\",\"password\":\"p\"}"};
}

static void a_password_is_set_on_the_worker(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = use_link(NULL);
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 0);
    assert_int_equal(bench->app->accounts.keys_ended, 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 201);
    assert_non_null(strstr(bench->responded.body, "session-by-link"));
    assert_string_equal(bench->app->accounts.account, "p"); // what the worker has made of it
    api_response_finish(&bench->responded);
    bench->worker_full = true;
    assert_int_equal(status_of(&request), 503);
    assert_int_equal(bench->app->accounts.keys_unmade, 1);
}

static void the_owner_changes_it_there_too(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = ask(API_POST, "/api/v1/account/password",
                                       "{\"before\":\"lovelace\",\"password\":\"a new one\"}");
    assert_null(bench_call(bench, &request, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 204);
    assert_string_equal(bench->app->accounts.account, "a new one");
    request.body = "{\"before\":\"wrong\",\"password\":\"a new one\"}";
    assert_null(bench_call(bench, &request, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 403);
}

static void guesses_of_links_are_counted_by_address(void **state)
{
    (void)state;
    struct bench_request look = {
        .method = API_POST, .path = "/api/v1/account-link/look", .body = "{\"token\":\"guess\"}"};
    bench->app->accounts.result = ERR_NOT_FOUND;
    bench->app->accounts.reason = REFUSAL_ACCOUNT_LINK_UNKNOWN;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(status_of(&look), 404);
    }
    struct api_response response;
    json_decref(bench_call(bench, &look, &response));
    assert_int_equal(response.status, 429);
    assert_in_range(response.retry_after_s, 1, 60);
    // What it is for makes no difference, another address does.
    struct bench_request use = use_link(NULL);
    assert_int_equal(status_of(&use), 429);
    use.remote = "198.51.100.7";
    assert_int_equal(status_of(&use), 404);
    // Whoever has a good link from a crowded address waits, and is not told that it is none.
    bench->app->accounts.result = ERR_NONE;
    use.remote = NULL;
    assert_int_equal(status_of(&use), 429);
    bench_pass(bench, 60 * TIME_US_PER_S);
    assert_null(bench_call(bench, &use, &response));
    assert_int_equal(response.status, 0);
}

static void good_links_cost_their_address_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        struct api_response response;
        struct bench_request request = use_link(NULL);
        assert_null(bench_call(bench, &request, &response));
        bench_run_work(bench);
        assert_int_equal(bench->responded.status, 201);
        api_response_finish(&bench->responded);
    }
}

static void ones_own_account(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = ask(API_GET, "/api/v1/account", NULL);
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(body, "account"), "account-administrator");
    assert_true(json_is_true(json_object_get(body, "administrator")));
    json_decref(body);
    request = ask(API_PUT, "/api/v1/account", "{\"name\":\"Zo\u00e9\",\"address\":\"z@e.org\"}");
    body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(body, "name"), "Zoé");
    json_decref(body);
}

int main(void)
{
#define ACCOUNT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(an_account_is_named_in_the_path),
        ACCOUNT_TEST(what_is_looked_for_is_what_was_written),
        ACCOUNT_TEST(an_account_is_added_changed_and_removed),
        ACCOUNT_TEST(a_refusal_has_its_words_and_its_field),
        ACCOUNT_TEST(a_password_is_set_on_the_worker),
        ACCOUNT_TEST(the_owner_changes_it_there_too),
        ACCOUNT_TEST(guesses_of_links_are_counted_by_address),
        ACCOUNT_TEST(good_links_cost_their_address_nothing),
        ACCOUNT_TEST(ones_own_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
