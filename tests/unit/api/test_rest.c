// The REST routes over a fake app.
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

static const char *text_at(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

// Calls, and expects a problem of this status and type.
static void must_refuse(const struct bench_request *request, int status, const char *type)
{
    struct api_response response;
    json_t *body = bench_call(bench, request, &response);
    assert_int_equal(response.status, status);
    assert_string_equal(response.content_type, "application/problem+json");
    assert_string_equal(text_at(body, "type"), type);
    assert_int_equal(json_integer_value(json_object_get(body, "status")), status);
    assert_non_null(text_at(body, "title"));
    assert_string_equal(text_at(body, "instance"), request->path);
    json_decref(body);
}

static struct bench_request sign_in_with(const char *body)
{
    return (struct bench_request){.method = API_POST, .path = "/api/v1/session", .body = body};
}

static void a_link_becomes_a_session(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"token\":\"link-delegate\"}");
    struct api_response response;
    json_t *body = bench_call_turn(bench, &request, &response);
    assert_int_equal(response.status, 201);
    assert_string_equal(response.content_type, "application/json");
    assert_string_equal(response.location, "/api/v1/session");
    assert_string_equal(text_at(body, "token"), "session-link-delegate");
    assert_string_equal(text_at(body, "capacity"), "delegate");
    json_decref(body);
}

static int sign_ins_taken(const char *body, int tries)
{
    int taken = 0;
    for (int i = 0; i < tries; i++) {
        struct bench_request request = sign_in_with(body);
        struct api_response response;
        json_decref(bench_call_turn(bench, &request, &response));
        assert_true(response.status == 201 || response.status == 429);
        taken += response.status == 201;
        assert_int_equal(response.retry_after_s, response.status == 201 ? 0 : 1);
    }
    return taken;
}

static void one_link_makes_few_sessions(void **state)
{
    (void)state;
    assert_int_equal(sign_ins_taken("{\"token\":\"link-delegate\"}", 200), 20);
    bench_pass(bench, TIME_US_PER_S);
    assert_int_equal(sign_ins_taken("{\"token\":\"link-delegate\"}", 200), 10);
}

static void strangers_links_are_refused(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"token\":\"nobody's\"}");
    must_refuse(&request, 401, "/problems/unauthenticated");
    request.body = "{\"token\":\"link-expired\"}";
    must_refuse(&request, 401, "/problems/expired");
    request.body = "{\"token\":\"link-removed\"}";
    must_refuse(&request, 403, "/problems/forbidden");
}

static void sign_in_together(uint32_t count, const char *remote)
{
    bench->responded_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        char body[64];
        struct api_response response;
        struct bench_request request = sign_in_with(body);
        snprintf(body, sizeof(body), "{\"token\":\"link-delegate-%u\"}", i);
        request.remote = remote;
        request.number = i + 1;
        assert_null(bench_call(bench, &request, &response));
        assert_int_equal(response.status, 0);
    }
    assert_int_equal(bench->responded_count, 0);
}

static void links_of_one_turn_are_written_together(void **state)
{
    (void)state;
    sign_in_together(3, "192.0.2.1");
    assert_int_equal(bench->app->links_ends, 0);
    assert_true(api_next_deadline(bench->api) <= bench->now);
    bench_pass(bench, 0);
    assert_int_equal(bench->app->links_ends, 1);
    assert_int_equal(bench->app->links_ended, 3);
    assert_int_equal(bench->responded_count, 3);
    assert_int_equal(bench->responded_request, 3);
    assert_int_equal(bench->responded.status, 201);
    assert_non_null(strstr(bench->responded.body, "session-link-delegate-2"));
    bench_pass(bench, TIME_US_PER_S);
    assert_int_equal(bench->app->links_ends, 1);
}

// Nobody else is kept waiting by who is new, and who is new by nobody but the journal.
static void who_is_new_waits_for_the_journal(void **state)
{
    (void)state;
    bench->app->link_waiting = "p-delegate-0";
    sign_in_together(3, "192.0.2.1");
    bench_pass(bench, 0);
    assert_int_equal(bench->app->links_ended, 2);
    assert_int_equal(bench->responded_count, 2);
    assert_true(api_next_deadline(bench->api) > bench->now); // the loop does not turn for them
    bench_pass(bench, 1000);
    assert_int_equal(bench->responded_count, 2);
    bench->app->link_waiting = NULL;
    assert_true(api_next_deadline(bench->api) <= bench->now);
    bench_pass(bench, 0);
    assert_int_equal(bench->app->links_ended, 1);
    assert_int_equal(bench->responded_count, 3);
    assert_int_equal(bench->responded_request, 1);
    assert_non_null(strstr(bench->responded.body, "session-link-delegate-0"));
}

static void a_hall_is_written_in_parts(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = sign_in_with("{\"token\":\"link-delegate\"}");
    sign_in_together(63, "192.0.2.1");
    // The one that makes it full is answered at once, and with it all others.
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 201);
    assert_string_equal(text_at(body, "token"), "session-link-delegate");
    json_decref(body);
    assert_int_equal(bench->responded_count, 63);
    assert_int_equal(bench->app->links_ended, 64);
}

// Of an address, what the server cannot do is no failure.
static void what_is_not_written_signs_nobody_in(void **state)
{
    (void)state;
    bench->app->links_result = ERR_STORAGE;
    sign_in_together(30, "192.0.2.1");
    bench_pass(bench, 0);
    assert_int_equal(bench->responded_count, 30);
    assert_int_equal(bench->responded.status, 507);
    assert_null(strstr(bench->responded.body, "session-"));
    bench->app->links_result = ERR_NONE;
    struct api_response response;
    struct bench_request request = sign_in_with("{\"token\":\"link-delegate-used-up\"}");
    json_decref(bench_call_turn(bench, &request, &response));
    assert_int_equal(response.status, 401);
}

static void bad_bodies_are_refused_with_their_field(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int status;
        const char *field;
    } cases[] = {
        {"", 400, NULL},
        {"{", 400, NULL},
        {"[]", 400, NULL},
        {"{\"token\":\"a\",\"token\":\"b\"}", 400, NULL},
        {"{\"token\":[[[[[[[[[1]]]]]]]]]}", 400, NULL},
        {"{\"token\":1}", 422, "token"},
        {"{\"token\":\"a\\nb\"}", 422, "token"},
        {"{\"tokens\":\"a\"}", 422, "tokens"},
        {"{\"token\":\"a\",\"account\":\"b\"}", 422, "token"},
        {"{}", 422, "account"},
        {"{\"account\":\"ada\"}", 422, "password"},
        {"{\"account\":\"ada\",\"password\":\"x\",\"meeting\":\"a b\"}", 422, "meeting"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bench_request request = sign_in_with(cases[i].body);
        struct api_response response;
        json_t *body = bench_call(bench, &request, &response);
        assert_int_equal(response.status, cases[i].status);
        if (cases[i].field != NULL) {
            assert_string_equal(text_at(body, "field"), cases[i].field);
        } else {
            assert_null(json_object_get(body, "field"));
        }
        json_decref(body);
    }
    assert_int_equal(bench->app->identified, 0);
}

static void a_body_must_be_json_and_small(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"token\":\"link-delegate\"}");
    request.content_type = "text/plain";
    must_refuse(&request, 415, "/problems/unsupported");
    request.content_type = "application/json-patch";
    must_refuse(&request, 415, "/problems/unsupported");
    request.content_type = "Application/JSON; charset=utf-8";
    struct api_response response;
    request.encoded = true;
    json_t *problem = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 415);
    assert_string_equal(response.content_type, "application/problem+json");
    assert_string_equal(response.accept_encoding, "identity");
    assert_null(response.accept_post); // the type was right
    assert_string_equal(text_at(json_object_get(problem, "refusal"), "reason"),
                        "body_of_another_kind");
    json_decref(problem);
    assert_int_equal(bench->app->identified, 0);
    request.encoded = false;
    json_decref(bench_call_turn(bench, &request, &response));
    assert_int_equal(response.status, 201);
    char *large = malloc(API_BODY_MAX + 2);
    memset(large, ' ', API_BODY_MAX + 1);
    large[API_BODY_MAX + 1] = '\0';
    request = sign_in_with(large);
    must_refuse(&request, 413, "/problems/too-large");
    free(large);
}

static void a_password_is_checked_on_the_worker(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with(
        "{\"account\":\"ada\",\"password\":\"lovelace\",\"meeting\":\"m1\"}");
    struct api_response response;
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 0);
    assert_string_equal(bench->app->begun_meeting, "m1");
    bench_run_work(bench);
    assert_int_equal(bench->responded_request, 77);
    assert_int_equal(bench->responded.status, 201);
    api_response_finish(&bench->responded);
    request.body = "{\"account\":\"ada\",\"password\":\"wrong\"}";
    assert_null(bench_call(bench, &request, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 401);
}

static void passwords_are_refused_early(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"account\":\"locked\",\"password\":\"x\"}");
    must_refuse(&request, 429, "/problems/too-many");
    bench->worker_full = true;
    request.body = "{\"account\":\"ada\",\"password\":\"x\"}";
    must_refuse(&request, 503, "/problems/unavailable");
}

static void a_password_under_check_is_freed_with_the_api(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"account\":\"ada\",\"password\":\"lovelace\"}");
    struct api_response response;
    assert_null(bench_call(bench, &request, &response)); // the sanitizer sees the rest at teardown
    assert_int_equal(response.status, 0);
}

static void guessing_keeps_no_known_device_waiting(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request guess = sign_in_with("{\"account\":\"ada\",\"password\":\"x\"}");
    struct bench_request known = sign_in_with(
        "{\"account\":\"ada\",\"password\":\"lovelace\",\"meeting\":\"m1\",\"device\":\"known\"}");
    char remote[32];
    guess.remote = remote;
    // One is being checked, two wait; for each further one the oldest is told to come again.
    for (int i = 0; i < 40; i++) {
        snprintf(remote, sizeof(remote), "10.%d.0.2", i + 10);
        bench->responded_request = 0;
        assert_null(bench_call(bench, &guess, &response));
        assert_int_equal(response.status, 0);
        assert_int_equal(bench->responded_request, i < 3 ? 0 : 77);
        if (i >= 3) {
            assert_int_equal(bench->responded.status, 429);
            assert_in_range(bench->responded.retry_after_s, 1, 5);
            api_response_finish(&bench->responded);
        }
    }
    // The known device comes second, though its address has failed too often.
    known.remote = "10.49.0.2";
    assert_null(bench_call(bench, &known, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 401);
    api_response_finish(&bench->responded);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 201);
    api_response_finish(&bench->responded);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 401);
}

static void one_signs_out_everywhere(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = {
        .method = API_DELETE, .path = "/api/v1/sessions", .bearer = "delegate"};
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 204);
    assert_int_equal(bench->app->signed_out_everywhere, 1);
    request.bearer = "nobody's";
    must_refuse(&request, 401, "/problems/unauthenticated");
}

static void failed_sign_ins_are_limited_by_address(void **state)
{
    (void)state;
    struct bench_request request = sign_in_with("{\"token\":\"nobody's\"}");
    for (int i = 0; i < 10; i++) {
        must_refuse(&request, 401, "/problems/unauthenticated");
    }
    struct api_response response;
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 429);
    assert_in_range(response.retry_after_s, 1, 7);
    request.body = "{\"account\":\"ada\",\"password\":\"lovelace\"}";
    must_refuse(&request, 429, "/problems/too-many");
    request.remote = "192.0.2.9";
    assert_null(bench_call(bench, &request, &response));
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 201);
}

static void a_hall_behind_one_address_signs_in(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        char body[64];
        snprintf(body, sizeof(body), "{\"token\":\"link-delegate-%d\"}", i);
        assert_int_equal(sign_ins_taken(body, 1), 1);
    }
}

static void failed_bearers_are_limited_but_good_ones_pass(void **state)
{
    (void)state;
    struct bench_request bad = {.method = API_GET, .path = "/api/v1/session", .bearer = "nobody's"};
    for (int i = 0; i < 30; i++) {
        must_refuse(&bad, 401, "/problems/unauthenticated");
    }
    must_refuse(&bad, 429, "/problems/too-many");
    struct bench_request good = {.method = API_GET, .path = "/api/v1/session", .bearer = "chair"};
    struct api_response response;
    json_decref(bench_call(bench, &good, &response));
    assert_int_equal(response.status, 200);
}

static void every_protected_route_refuses_strangers(void **state)
{
    (void)state;
    static const struct {
        enum api_method method;
        const char *path;
    } paths[] = {{API_GET, "/api/v1/session"},     {API_DELETE, "/api/v1/session"},
                 {API_GET, "/api/v1/sessions"},    {API_DELETE, "/api/v1/sessions/s-other"},
                 {API_GET, "/api/v1/meetings/m1"}, {API_GET, "/api/v1/meetings/m1/events"}};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct bench_request request = {.method = paths[i].method, .path = paths[i].path};
        must_refuse(&request, 401, "/problems/unauthenticated");
        request.bearer = "nobody's";
        must_refuse(&request, 401, "/problems/unauthenticated");
        request.bearer = "expired";
        must_refuse(&request, 401, "/problems/expired");
    }
    assert_int_equal(bench->app->signed_out, 0);
    assert_string_equal(bench->app->revoked, "");
}

static void a_session_reads_itself_and_its_kin(void **state)
{
    (void)state;
    struct bench_request request = {
        .method = API_GET, .path = "/api/v1/session", .bearer = "delegate"};
    struct api_response response;
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(body, "name"), "Name delegate");
    assert_string_equal(text_at(body, "participant"), "p-delegate");
    assert_null(json_object_get(body, "token"));
    json_decref(body);
    request.path = "/api/v1/sessions";
    body = bench_call(bench, &request, &response);
    const json_t *list = json_object_get(body, "sessions");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(text_at(json_array_get(list, 0), "id"), "s-delegate");
    assert_true(json_is_true(json_object_get(json_array_get(list, 0), "current")));
    assert_true(json_is_false(json_object_get(json_array_get(list, 1), "current")));
    assert_null(json_object_get(json_array_get(list, 0), "token"));
    json_decref(body);
}

static void sessions_end(void **state)
{
    (void)state;
    struct bench_request request = {
        .method = API_DELETE, .path = "/api/v1/sessions/s-other", .bearer = "delegate"};
    struct api_response response;
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 204);
    assert_string_equal(bench->app->revoked, "s-other");
    request.path = "/api/v1/sessions/s-unknown";
    must_refuse(&request, 404, "/problems/not-found");
    request.path = "/api/v1/session";
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 204);
    assert_int_equal(bench->app->signed_out, 1);
}

static void one_reads_ones_own_meeting(void **state)
{
    (void)state;
    struct bench_request request = {
        .method = API_GET, .path = "/api/v1/meetings/m1", .bearer = "delegate"};
    struct api_response response;
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(json_object_get(body, "meeting"), "id"), "m1");
    assert_int_equal(json_integer_value(json_object_get(body, "seq")), 0);
    json_decref(body);
    request.path = "/api/v1/meetings/m1/"; // a slash behind a path changes nothing
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 200);
    request.path = "/api/v1/meetings/m2";
    must_refuse(&request, 403, "/problems/forbidden");
    request.path = "/api/v1/meetings/m9";
    must_refuse(&request, 403, "/problems/forbidden");
    request.path = "/api/v1/meetings/m1";
    request.bearer = "foreign";
    must_refuse(&request, 403, "/problems/forbidden");
    request.bearer = "account";
    must_refuse(&request, 403, "/problems/forbidden");
}

static void publish_list_events(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct event event = {.at = 1, .type = EVENT_LIST_CHANGED};
        fake_app_publish(bench->app, &event);
    }
}

static void events_are_read_in_pages(void **state)
{
    (void)state;
    publish_list_events(300);
    struct bench_request request = {
        .method = API_GET, .path = "/api/v1/meetings/m1/events", .bearer = "delegate"};
    struct api_response response;
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(json_array_size(json_object_get(body, "events")), 256);
    assert_int_equal(json_integer_value(json_object_get(body, "seq")), 300);
    json_decref(body);
    request.query = "after=256";
    body = bench_call(bench, &request, &response);
    const json_t *events = json_object_get(body, "events");
    assert_int_equal(json_array_size(events), 44);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 0), "seq")), 257);
    json_decref(body);
    request.query = "after=300";
    body = bench_call(bench, &request, &response);
    assert_int_equal(json_array_size(json_object_get(body, "events")), 0);
    json_decref(body);
    bench->app->forgotten = 10;
    request.query = "after=3";
    must_refuse(&request, 404, "/problems/not-found");
    static const char *const bad[] = {"after=", "after=-1", "after=1x",
                                      "after=99999999999999999999999999"};
    for (size_t i = 0; i < 4; i++) {
        request.query = bad[i];
        json_decref(bench_call(bench, &request, &response));
        assert_int_equal(response.status, 422);
    }
}

static void a_sections_past_is_read_backwards(void **state)
{
    (void)state;
    publish_list_events(100);
    struct bench_request request = {
        .method = API_GET, .path = "/api/v1/meetings/m1/past/speakers", .bearer = "delegate"};
    struct api_response response;
    json_t *body = bench_call(bench, &request, &response);
    const json_t *events = json_object_get(body, "events");
    assert_int_equal(json_array_size(events), 64);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 0), "seq")), 37);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 63), "seq")), 100);
    assert_int_equal(json_integer_value(json_object_get(body, "before")), 37);
    json_decref(body);
    request.query = "before=37";
    body = bench_call(bench, &request, &response);
    events = json_object_get(body, "events");
    assert_int_equal(json_array_size(events), 36);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 35), "seq")), 36);
    assert_null(json_object_get(body, "before"));
    json_decref(body);
    request.query = "before=-1";
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 422);
    request.query = NULL;
    request.path = "/api/v1/meetings/m1/past/votes";
    must_refuse(&request, 404, "/problems/not-found");
    request.path = "/api/v1/meetings/m2/past/speakers";
    must_refuse(&request, 403, "/problems/forbidden");
}

// A page costs the one loop up to 2,048 rows: who asks without end waits, and nobody with him.
static void nobody_reads_without_end(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api/v1/meetings/m1", "/api/v1/meetings/m1/events",
                                        "/api/v1/meetings/m1/past/speakers"};
    struct bench_request request = {.method = API_GET, .bearer = "delegate"};
    struct api_response response;
    for (size_t i = 0; i < 100; i++) {
        request.path = paths[i % 3];
        json_decref(bench_call(bench, &request, &response));
        assert_int_equal(response.status, 200);
    }
    for (size_t i = 0; i < 3; i++) {
        request.path = paths[i];
        json_decref(bench_call(bench, &request, &response));
        assert_int_equal(response.status, 429);
        assert_int_equal(response.retry_after_s, 1);
    }
    request.bearer = "listener";
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 200);
    request.bearer = "delegate";
    bench->now += TIME_US_PER_S;
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 200);
}

// Not even their numbers: whoever looks back asks for what there is to read.
static void of_the_past_one_reads_what_one_was_told(void **state)
{
    (void)state;
    struct event event = {.at = 1, .type = EVENT_HELP_CHANGED};
    strcpy(event.as.help_changed.participant, "p-listener");
    fake_app_publish(bench->app, &event);
    struct bench_request request = {.method = API_GET, .path = "/api/v1/meetings/m1/past/speakers"};
    static const struct {
        const char *bearer;
        size_t count;
    } cases[] = {{"delegate", 0}, {"listener", 1}, {"moderator", 1}};
    for (size_t i = 0; i < 3; i++) {
        struct api_response response;
        request.bearer = cases[i].bearer;
        json_t *body = bench_call(bench, &request, &response);
        assert_int_equal(json_array_size(json_object_get(body, "events")), cases[i].count);
        json_decref(body);
    }
}

static void events_that_are_not_ones_business_are_withheld(void **state)
{
    (void)state;
    struct event event = {.at = 1, .type = EVENT_HELP_CHANGED};
    strcpy(event.as.help_changed.participant, "p-listener");
    fake_app_publish(bench->app, &event);
    struct bench_request request = {.method = API_GET, .path = "/api/v1/meetings/m1/events"};
    static const struct {
        const char *bearer;
        const char *type;
    } cases[] = {
        {"delegate", "withheld"}, {"listener", "help.changed"}, {"moderator", "help.changed"}};
    for (size_t i = 0; i < 3; i++) {
        struct api_response response;
        request.bearer = cases[i].bearer;
        json_t *body = bench_call(bench, &request, &response);
        const json_t *first = json_array_get(json_object_get(body, "events"), 0);
        assert_string_equal(text_at(first, "type"), cases[i].type);
        assert_int_equal(json_object_size(first), i == 0 ? 2 : 5);
        json_decref(body);
    }
}

static void unknown_paths_and_methods(void **state)
{
    (void)state;
    static const char *const unknown[] = {
        "/",
        "/api/v1/",
        "/api/v1/sessionx",
        "/api/v1/sessions//",
        "/api/v1/sessions/a/b",
        "/api/v1/meetings/m1//",
        "/api/v1/meetings//events",
        "/api/v1/meetings/0123456789012345678901234567890123456789",
        "/\xff"};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]) - 1; i++) {
        struct bench_request request = {.method = API_GET, .path = unknown[i], .bearer = "chair"};
        must_refuse(&request, 404, "/problems/not-found");
    }
    struct api_response response;
    struct bench_request request = {.method = API_GET, .path = unknown[8]};
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 404);
    request = (struct bench_request){.method = API_PUT, .path = "/api/v1/session"};
    must_refuse(&request, 405, "/problems/unsupported");
    json_decref(bench_call(bench, &request, &response));
    assert_string_equal(response.allow, "POST, GET, DELETE");
    request = (struct bench_request){.method = API_METHOD_OTHER, .path = "/healthz"};
    must_refuse(&request, 405, "/problems/unsupported");
}

static void the_server_describes_itself(void **state)
{
    (void)state;
    struct bench_request request = {.method = API_GET, .path = "/api/v1/openapi.json"};
    struct api_response response;
    json_t *body = bench_call(bench, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(text_at(body, "openapi"), "3.1.0");
    const json_t *schemas = json_object_get(json_object_get(body, "components"), "schemas");
    assert_non_null(json_object_get(schemas, "Problem"));
    assert_non_null(json_object_get(schemas, "CommandFloorGive"));
    assert_non_null(
        json_object_get(json_object_get(body, "paths"), "/api/v1/meetings/{id}/events"));
    json_decref(body);
}

// The body as text, to be freed.
static char *call_text(const char *path, int status)
{
    const struct api_request in = {.method = API_GET, .path = path, .local = true};
    struct api_response response;
    assert_true(api_request(bench->api, 1, &in, bench->now, bench->wall, &response));
    assert_int_equal(response.status, status);
    char *text = strndup(response.body, response.body_size);
    api_response_finish(&response);
    return text;
}

static void health_readiness_and_problems_in_plain_text(void **state)
{
    (void)state;
    char *text = call_text("/healthz", 200);
    assert_string_equal(text, "ok\n");
    free(text);
    text = call_text("/readyz", 200);
    assert_string_equal(text, "ready\n");
    free(text);
    bench->ready = false;
    text = call_text("/readyz", 503);
    assert_non_null(strstr(text, "the media process is not connected"));
    free(text);
    text = call_text("/problems/too-many", 200);
    assert_string_equal(text, "too-many: Too many requests, slow down.\n");
    free(text);
    free(call_text("/problems/none", 404));
    free(call_text("/api/v1/live", 400));
}

static void figures_of_app_api_and_server_are_exposed(void **state)
{
    (void)state;
    publish_list_events(3);
    char *text = call_text("/metrics", 200);
    assert_non_null(strstr(text, "# TYPE plenary_meetings gauge\nplenary_meetings 1\n"));
    assert_non_null(strstr(text, "\nplenary_media_packets_total 3\n"));
    assert_non_null(
        strstr(text, "# TYPE plenary_api_requests_total counter\nplenary_api_requests_total 1\n"));
    assert_non_null(strstr(text, "\nplenary_api_events_published_total 3\n"));
    assert_non_null(strstr(text, "\nplenary_http_sent 0\n"));
    assert_null(strstr(text, "plenary_plenary_"));
    free(text);
}

static void figures_are_for_this_machine_and_for_who_has_the_token(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = {.method = API_GET, .path = "/metrics"};
    must_refuse(&request, 401, "/problems/unauthenticated");
    static const char *const wrong[] = {"figures-toke", "figures-tokem", "figures-token2", "chair"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        request.bearer = wrong[i];
        must_refuse(&request, 403, "/problems/forbidden");
    }
    request.bearer = "figures-token";
    json_decref(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 200);
}

static void upkeep_is_for_administrators_and_technicians(void **state)
{
    (void)state;
    struct bench_request request = {.method = API_GET, .path = "/api/v1/upkeep"};
    must_refuse(&request, 401, "/problems/unauthenticated");
    static const char *const others[] = {"chair", "moderator", "delegate", "interpreter",
                                         "account-1"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        request.bearer = others[i];
        must_refuse(&request, 403, "/problems/forbidden");
    }
    static const char *const theirs[] = {"technician", "account-administrator"};
    for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
        struct api_response response;
        request.bearer = theirs[i];
        json_t *body = bench_call(bench, &request, &response);
        assert_int_equal(response.status, 200);
        assert_int_equal(json_integer_value(json_object_get(body, "backup_at")),
                         bench->wall - 1000);
        assert_int_equal(json_integer_value(json_object_get(body, "backup_bytes")), 77);
        assert_true(json_is_true(json_object_get(body, "certificate_refused")));
        assert_null(json_object_get(body, "certificate_expires_at"));
        json_decref(body);
    }
}

static void reports_are_made_by_a_worker_of_their_own(void **state)
{
    (void)state;
    struct bench_request request = {.method = API_GET,
                                    .path = "/api/v1/meetings/m1/report.pdf",
                                    .query = "language=fr",
                                    .bearer = "moderator"};
    struct api_response response;
    assert_null(bench_call(bench, &request, &response));
    assert_int_equal(response.status, 0);
    bench_run_report(bench);
    assert_int_equal(bench->responded.status, 200);
    assert_string_equal(bench->responded.content_type, "application/pdf");
    assert_int_equal(bench->report.language, LANGUAGE_FR);
    api_response_finish(&bench->responded);
    request.query = "language=none";
    must_refuse(&request, 422, "/problems/invalid");
    request.query = NULL;
    bench->worker_full = true;
    must_refuse(&request, 503, "/problems/unavailable");
    bench->worker_full = false;
    bench->report_err = ERR_IO;
    assert_null(bench_call(bench, &request, &response));
    bench_run_report(bench);
    assert_int_equal(bench->responded.status, 500);
    // One for each who asks; what is never finished is freed with the api.
    assert_null(bench_call(bench, &request, &response));
    must_refuse(&request, 429, "/problems/too-many");
    request.bearer = "delegate";
    must_refuse(&request, 403, "/problems/forbidden");
}

#define REST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REST_TEST(a_link_becomes_a_session),
        REST_TEST(one_link_makes_few_sessions),
        REST_TEST(links_of_one_turn_are_written_together),
        REST_TEST(who_is_new_waits_for_the_journal),
        REST_TEST(a_hall_is_written_in_parts),
        REST_TEST(what_is_not_written_signs_nobody_in),
        REST_TEST(strangers_links_are_refused),
        REST_TEST(bad_bodies_are_refused_with_their_field),
        REST_TEST(a_body_must_be_json_and_small),
        REST_TEST(a_password_is_checked_on_the_worker),
        REST_TEST(passwords_are_refused_early),
        REST_TEST(a_password_under_check_is_freed_with_the_api),
        REST_TEST(upkeep_is_for_administrators_and_technicians),
        REST_TEST(reports_are_made_by_a_worker_of_their_own),
        REST_TEST(guessing_keeps_no_known_device_waiting),
        REST_TEST(one_signs_out_everywhere),
        REST_TEST(failed_sign_ins_are_limited_by_address),
        REST_TEST(a_hall_behind_one_address_signs_in),
        REST_TEST(failed_bearers_are_limited_but_good_ones_pass),
        REST_TEST(every_protected_route_refuses_strangers),
        REST_TEST(a_session_reads_itself_and_its_kin),
        REST_TEST(sessions_end),
        REST_TEST(one_reads_ones_own_meeting),
        REST_TEST(events_are_read_in_pages),
        REST_TEST(events_that_are_not_ones_business_are_withheld),
        REST_TEST(a_sections_past_is_read_backwards),
        REST_TEST(nobody_reads_without_end),
        REST_TEST(of_the_past_one_reads_what_one_was_told),
        REST_TEST(unknown_paths_and_methods),
        REST_TEST(the_server_describes_itself),
        REST_TEST(health_readiness_and_problems_in_plain_text),
        REST_TEST(figures_of_app_api_and_server_are_exposed),
        REST_TEST(figures_are_for_this_machine_and_for_who_has_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
