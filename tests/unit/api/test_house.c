// The secretariat's routes over a fake app: who may, what is taken, and how it is refused.
#include "../test.h"
#include <stdlib.h>

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

static json_t *call(enum api_method method, const char *path, const char *bearer, const char *body,
                    int *ret_status)
{
    struct api_response response;
    const struct bench_request request = {
        .method = method, .path = path, .bearer = bearer, .body = body};
    json_t *answer = bench_call(bench, &request, &response);
    *ret_status = response.status;
    return answer;
}

static int status_of(enum api_method method, const char *path, const char *bearer, const char *body)
{
    int status = 0;
    json_decref(call(method, path, bearer, body, &status));
    return status;
}

static void each_route_asks_who_it_is(void **state)
{
    (void)state;
    static const struct {
        enum api_method method;
        const char *path;
        const char *body;
        int status;
    } routes[] = {
        {API_GET, "/api/v1/bodies", NULL, 200},
        {API_POST, "/api/v1/bodies", "{\"code\":\"C\",\"name\":{\"en\":\"C\"}}", 201},
        {API_PUT, "/api/v1/bodies/c", "{\"code\":\"C\",\"name\":{\"en\":\"C\"}}", 200},
        {API_DELETE, "/api/v1/bodies/c", NULL, 204},
        {API_GET, "/api/v1/meetings", NULL, 200},
        {API_POST, "/api/v1/meetings", "{\"title\":{\"en\":\"T\"}}", 201},
        {API_GET, "/api/v1/meetings/m/plan", NULL, 200},
        {API_PUT, "/api/v1/meetings/m/plan", "{\"title\":{\"en\":\"T\"}}", 200},
        {API_POST, "/api/v1/meetings/m/copy", "{\"title\":{\"en\":\"T\"}}", 201},
        {API_GET, "/api/v1/meetings/m/delegations", NULL, 200},
        {API_POST, "/api/v1/meetings/m/delegations",
         "{\"id\":\"fra\",\"code\":\"FRA\",\"kind\":\"member\",\"name\":{\"fr\":\"France\"}}", 201},
        {API_PUT, "/api/v1/meetings/m/delegations/fra",
         "{\"id\":\"fra\",\"code\":\"FRA\",\"kind\":\"member\",\"name\":{\"fr\":\"France\"}}", 200},
        {API_DELETE, "/api/v1/meetings/m/delegations/fra", NULL, 204},
        {API_GET, "/api/v1/meetings/m/agenda", NULL, 200},
        {API_POST, "/api/v1/meetings/m/agenda", "{\"number\":\"1\",\"title\":{\"en\":\"T\"}}", 201},
        {API_PUT, "/api/v1/meetings/m/agenda/i", "{\"number\":\"1\",\"title\":{\"en\":\"T\"}}",
         200},
        {API_POST, "/api/v1/meetings/m/agenda/i/place", "{}", 204},
        {API_DELETE, "/api/v1/meetings/m/agenda/i", NULL, 204},
        {API_GET, "/api/v1/meetings/m/people", NULL, 200},
        {API_POST, "/api/v1/meetings/m/people", "{\"name\":\"Ana\",\"capacity\":\"delegate\"}",
         201},
        {API_PUT, "/api/v1/meetings/m/people/p", "{\"name\":\"Ana\",\"capacity\":\"delegate\"}",
         200},
        {API_DELETE, "/api/v1/meetings/m/people/p", NULL, 204},
        {API_POST, "/api/v1/meetings/m/people/p/link", "{}", 201},
        {API_DELETE, "/api/v1/meetings/m/people/p/link", NULL, 204},
        {API_POST, "/api/v1/meetings/m/links", "{}", 201},
        {API_POST, "/api/v1/meetings/m/letters", "{\"kind\":\"link\"}", 201},
    };
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        uint32_t asked = bench->app->house_asked;
        assert_int_equal(status_of(routes[i].method, routes[i].path, NULL, routes[i].body), 401);
        assert_int_equal(bench->app->house_asked, asked);
        assert_int_equal(status_of(routes[i].method, routes[i].path, "chair", routes[i].body), 403);
        assert_int_equal(
            status_of(routes[i].method, routes[i].path, "account-secretariat", routes[i].body),
            routes[i].status);
        assert_int_equal(bench->app->house_asked, asked + 2);
    }
}

static void texts_are_cleaned_and_faults_are_named(void **state)
{
    (void)state;
    int status = 0;
    json_t *made = call(API_POST, "/api/v1/meetings/m/people", "account-secretariat",
                        "{\"name\":\"  Ana \u202e Souza \",\"capacity\":\"delegate\"}", &status);
    assert_int_equal(status, 201);
    assert_string_equal(json_string_value(json_object_get(made, "name")), "Ana Souza");
    json_decref(made);
    made = call(API_POST, "/api/v1/meetings/m/people", "account-secretariat",
                "{\"name\":\"Ana\",\"capacity\":\"king\"}", &status);
    assert_int_equal(status, 422);
    assert_string_equal(json_string_value(json_object_get(made, "field")), "capacity");
    json_decref(made);
    assert_int_equal(
        status_of(API_POST, "/api/v1/meetings", "account-secretariat", "{\"title\":{\"en\":"), 400);
    assert_int_equal(
        status_of(API_PUT, "/api/v1/meetings/m/delegations/bra", "account-secretariat",
                  "{\"id\":\"fra\",\"code\":\"F\",\"kind\":\"member\",\"name\":{\"fr\":\"F\"}}"),
        422);
    bench->app->house_refusal = REFUSAL_BODY_IN_USE;
    made = call(API_DELETE, "/api/v1/bodies/c", "account-secretariat", NULL, &status);
    assert_int_equal(status, 409);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(made, "refusal"), "reason")),
        "body_in_use");
    json_decref(made);
}

static void a_link_lasts_as_long_as_wished(void **state)
{
    (void)state;
    assert_int_equal(
        status_of(API_POST, "/api/v1/meetings/m/people/p/link", "account-secretariat", "{}"), 201);
    assert_int_equal(bench->app->house_days, 60);
    assert_int_equal(status_of(API_POST, "/api/v1/meetings/m/people/p/link", "account-secretariat",
                               "{\"days\":3}"),
                     201);
    assert_int_equal(bench->app->house_days, 3);
    assert_int_equal(status_of(API_POST, "/api/v1/meetings/m/people/p/link", "account-secretariat",
                               "{\"days\":0}"),
                     422);
}

static void a_table_is_read_and_written_by_the_worker(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = {.method = API_POST,
                                    .path = "/api/v1/meetings/m/tables/people",
                                    .bearer = "account-secretariat",
                                    .body = "Name\nAna\n",
                                    .content_type = "text/csv"};
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 0);
    assert_int_equal(bench->app->house_asked, 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 200);
    assert_non_null(strstr(bench->responded.body, "\"rows\":2,\"added\":1"));
    api_response_finish(&bench->responded);
    // What is no table is a report too, and costs the app nothing.
    request.body = "PK\x03\x04 no archive";
    json_decref(bench_call(bench, &request, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 200);
    assert_non_null(strstr(bench->responded.body, "\"why\":\"file\""));
    assert_int_equal(bench->app->house_asked, 1);
    api_response_finish(&bench->responded);
    request.bearer = "account-other";
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 403);
    request.bearer = "account-secretariat";
    request.content_type = "application/json";
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 415);
    assert_int_equal(
        status_of(API_GET, "/api/v1/meetings/m/tables/kings", "account-secretariat", NULL), 404);
    assert_int_equal(status_of(API_GET, "/api/v1/meetings/m/tables/people", "account-other", NULL),
                     403);
    assert_int_equal(
        status_of(API_GET, "/api/v1/meetings/m/tables/people", "account-secretariat", NULL), 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 200);
    assert_string_equal(bench->responded.body,
                        "\xef\xbb\xbf"
                        "en\r\n");
    api_response_finish(&bench->responded);
    // One that is never finished is freed with the api.
    assert_int_equal(
        status_of(API_GET, "/api/v1/meetings/m/tables/people", "account-secretariat", NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_route_asks_who_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(texts_are_cleaned_and_faults_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_link_lasts_as_long_as_wished, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_is_read_and_written_by_the_worker, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
