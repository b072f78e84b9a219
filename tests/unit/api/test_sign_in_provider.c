// The way to the provider and back, and the second factor's routes, over a fake app and a fake
// provider.
#include "../test.h"

#include "bench.h"

#define TICKET "ticket-ticket-ticket-ticket-ticket-ticket-t"

static struct bench *bench;

static int set_up(void **state)
{
    (void)state;
    bench = bench_create();
    bench->provider = "The House";
    bench->provider_person = "ada";
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bench_destroy(bench);
    return 0;
}

static const char *text_at(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

// Whatever the answer is, at once or from the worker, is in bench->responded.
static void ask(const char *path, const char *query, const char *browser)
{
    struct api_response response;
    const struct bench_request request = {
        .method = API_GET, .path = path, .query = query, .browser = browser};
    api_response_finish(&bench->responded);
    json_t *body = bench_call(bench, &request, &response);
    if (response.status != 0) {
        bench->responded = response;
        bench->responded.body = NULL; // bench_call() has given it back
    } else {
        bench_run_work(bench);
    }
    json_decref(body);
}

static void must_go_to(const char *location)
{
    assert_int_equal(bench->responded.status, 302);
    assert_null(bench->responded.elsewhere);
    assert_string_equal(bench->responded.location, location);
}

static void a_browser_is_sent_away_with_a_cookie(void **state)
{
    (void)state;
    ask("/api/v1/sign-in/oidc", "meeting=demo", NULL);
    assert_int_equal(bench->responded.status, 302);
    assert_string_equal(bench->responded.elsewhere, "https://provider.example/?state=a-state");
    assert_string_equal(bench->responded.cookie,
                        "__Host-plenary-sign-in=a-browser; Path=/; Max-Age=600; Secure; HttpOnly; "
                        "SameSite=Lax");
    assert_string_equal(bench->app->visit.meeting, "demo");
    ask("/api/v1/sign-in/oidc", NULL, "known");
    assert_string_equal(bench->app->browser, "known");
    ask("/api/v1/sign-in/oidc", "meeting=a-name-that-is-longer-than-any-id-may-be", NULL);
    assert_int_equal(bench->responded.status, 422);
}

static void a_silent_provider_is_told_on_the_page(void **state)
{
    (void)state;
    bench->provider_why = "unreachable";
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    must_go_to("/sign-in#refused=provider_silent");
    assert_string_equal(bench->app->refused_why, "unreachable");
    assert_string_equal(bench->app->visit.state, ""); // nobody has left
    assert_string_equal(bench->responded.cookie, "");
}

static void who_comes_back_gets_a_ticket(void **state)
{
    (void)state;
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    ask("/api/v1/sign-in/oidc/return", "code=a-code&state=a-state", "a-browser");
    must_go_to("/sign-in#" TICKET);
    assert_string_equal(bench->provider_code, "a-code");
    struct api_response response;
    struct bench_request request = {.method = API_POST,
                                    .path = "/api/v1/session",
                                    .body = "{\"token\":\"" TICKET "\"}",
                                    .browser = "a-browser"};
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 201);
    assert_string_equal(text_at(body, "token"), "session-ticket");
    json_decref(body);
    request.browser = NULL;
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 401);
}

static void who_has_not_left_does_not_come_back(void **state)
{
    static const char *const browsers[] = {NULL, "", "another", "a-browser-"};
    (void)state;
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    for (size_t i = 0; i < sizeof(browsers) / sizeof(browsers[0]); i++) {
        ask("/api/v1/sign-in/oidc/return", "code=a-code&state=a-state", browsers[i]);
        must_go_to("/sign-in#refused=sign_in_begun_elsewhere");
    }
    ask("/api/v1/sign-in/oidc/return", "code=a-code&state=another", "a-browser");
    must_go_to("/sign-in#refused=sign_in_begun_elsewhere");
    ask("/api/v1/sign-in/oidc/return", NULL, "a-browser");
    must_go_to("/sign-in#refused=sign_in_begun_elsewhere");
    assert_string_equal(bench->provider_code, ""); // nobody was asked
}

static void come_back_with(const char *query)
{
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    ask("/api/v1/sign-in/oidc/return", query, "a-browser");
}

static void a_refusal_has_its_reason(void **state)
{
    (void)state;
    come_back_with("state=a-state&error=access_denied");
    must_go_to("/sign-in#refused=provider_declined");
    come_back_with("state=a-state");
    must_go_to("/sign-in#refused=provider_not_believed");
    bench->provider_person = "a stranger";
    come_back_with("state=a-state&code=a-code");
    must_go_to("/sign-in#refused=account_missing");
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    bench->provider_why = "other-audience";
    ask("/api/v1/sign-in/oidc/return", "state=a-state&code=a-code", "a-browser");
    must_go_to("/sign-in#refused=provider_not_believed");
    assert_string_equal(bench->app->refused_why, "other-audience");
}

static void without_a_provider_there_is_no_way(void **state)
{
    struct api_response response;
    const struct bench_request request = {.method = API_GET, .path = "/api/v1/sign-in"};
    (void)state;
    json_t *body = bench_call(bench, &request, &response);
    assert_string_equal(text_at(json_object_get(body, "oidc"), "name"), "The House");
    json_decref(body);
    bench->provider = NULL;
    body = bench_call(bench, &request, &response);
    assert_int_equal(json_object_size(json_object_get(body, "oidc")), 0);
    json_decref(body);
    ask("/api/v1/sign-in/oidc", NULL, NULL);
    assert_int_equal(bench->responded.status, 404);
    ask("/api/v1/sign-in/oidc/return", "state=a&code=b", NULL);
    assert_int_equal(bench->responded.status, 404);
}

static void a_right_password_hears_that_a_code_is_needed(void **state)
{
    struct api_response response;
    const struct bench_request request = {
        .method = API_POST,
        .path = "/api/v1/session",
        .body = "{\"account\":\"ada\",\"password\":\"lovelace\",\"meeting\":\"m1\"}"};
    (void)state;
    bench->app->asks_for_code = true;
    // It is no guess: as often as one likes.
    for (int i = 0; i < 30; i++) {
        assert_null(bench_call(bench, &request, &response));
        bench_run_work(bench);
        assert_int_equal(bench->responded.status, 401);
        assert_non_null(strstr(bench->responded.body, "\"reason\":\"code_needed\""));
        api_response_finish(&bench->responded);
    }
}

static int give_code(enum api_method method, const char *bearer, const char *body)
{
    struct api_response response;
    const struct bench_request request = {
        .method = method, .path = "/api/v1/account/totp", .bearer = bearer, .body = body};
    json_decref(bench_call(bench, &request, &response));
    return response.status;
}

static void a_second_factor_is_an_accounts(void **state)
{
    (void)state;
    assert_int_equal(give_code(API_GET, NULL, NULL), 401);
    assert_int_equal(give_code(API_GET, "delegate", NULL), 403);
    assert_int_equal(give_code(API_GET, "account", NULL), 200);
    assert_int_equal(give_code(API_POST, "account", NULL), 201);
    assert_int_equal(give_code(API_PUT, "account", "{\"code\":\"123456\"}"), 200);
    assert_int_equal(give_code(API_PUT, "account", "{\"code\":\"654321\"}"), 401);
    assert_int_equal(give_code(API_PUT, "account", "{}"), 422);
    assert_int_equal(give_code(API_PUT, "account", "[]"), 400);
    assert_int_equal(give_code(API_DELETE, "account", "{\"code\":\"654321\"}"), 401);
    assert_int_equal(give_code(API_DELETE, "account", "{\"code\":\"123456\"}"), 204);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_browser_is_sent_away_with_a_cookie, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_silent_provider_is_told_on_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_comes_back_gets_a_ticket, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_has_not_left_does_not_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_has_its_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_provider_there_is_no_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_right_password_hears_that_a_code_is_needed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_second_factor_is_an_accounts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
