// The manners of WHIP and WHEP over a fake app.
#include "../test.h"

#include "bench.h"

#define SDP      "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define LINES    "a=ice-ufrag:EsAw\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"

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

// Calls; the status, with the rest in *ret_response.
static int call(const struct bench_request *request, struct api_response *ret_response)
{
    json_decref(bench_call(bench, request, ret_response));
    return ret_response->status;
}

static struct bench_request post(const char *path)
{
    return (struct bench_request){
        .method = API_POST, .path = path, .bearer = "stage", .body = "v=0", .content_type = SDP};
}

// What the media process says to the offer that was given to the app last.
static void door_says(const struct app_door_answer *answer)
{
    api_response_finish(&bench->responded);
    bench->responded_request = 0;
    bench->app->ports.door_answer(bench->app->ports.context, bench->app->door_request, answer);
    assert_int_equal(bench->responded_request, BENCH_REQUEST);
}

static void an_offer_is_answered_later(void **state)
{
    (void)state;
    struct bench_request request = post("/whip/m1/stage");
    struct api_response response;
    assert_int_equal(call(&request, &response), 0); // nothing yet
    assert_string_equal(bench->app->door_place, "m1/stage/");
    assert_string_equal(bench->app->door_sdp, "v=0");
    assert_int_equal(bench->app->door_kind, APP_DOOR_PUBLISH);
    const struct app_door_answer answer = {.kind = APP_DOOR_PUBLISH,
                                           .meeting = "m1",
                                           .name = "stage",
                                           .session = "s9",
                                           .etag = "\"e1\"",
                                           .sdp = "v=0 answer",
                                           .sdp_size = 10};
    door_says(&answer);
    assert_int_equal(bench->responded.status, 201);
    assert_string_equal(bench->responded.location, "/whip/m1/stage/s9");
    assert_string_equal(bench->responded.etag, "\"e1\"");
    assert_string_equal(bench->responded.content_type, SDP);
    assert_int_equal(bench->responded.body_size, 10);
    assert_memory_equal(bench->responded.body, "v=0 answer", 10);
    assert_true(bench->responded.cross_origin);
}

static void the_media_process_may_refuse(void **state)
{
    (void)state;
    static const struct {
        enum err err;
        int status;
        int wait_s;
    } cases[] = {{ERR_MALFORMED, 400, 0},
                 {ERR_UNSUPPORTED, 422, 0},
                 {ERR_INVALID, 422, 0},
                 {ERR_UNAVAILABLE, 503, 1},
                 {ERR_FULL, 503, 10}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct app_door_answer answer = {.err = cases[i].err, .kind = APP_DOOR_LISTEN};
        struct api_response response;
        const struct bench_request request = post("/whep/m1/fr");
        assert_int_equal(call(&request, &response), 0);
        door_says(&answer);
        assert_non_null(strstr(bench->responded.body, "\"instance\":\"/whep/m1/fr\""));
        assert_int_equal(bench->responded.status, cases[i].status);
        assert_int_equal(bench->responded.retry_after_s, cases[i].wait_s);
        assert_string_equal(bench->responded.content_type, "application/problem+json");
        assert_true(bench->responded.cross_origin);
    }
}

static void bad_offers_are_refused_at_once(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = post("/whep/m1/fr");
    request.content_type = "text/plain";
    assert_int_equal(call(&request, &response), 415);
    assert_string_equal(response.accept_post, SDP);
    request.content_type = "application/sdpx";
    assert_int_equal(call(&request, &response), 415);
    request.content_type = "Application/SDP;charset=utf-8";
    assert_int_equal(call(&request, &response), 0);
    request.accept = "text/html, application/json;q=0.1";
    assert_int_equal(call(&request, &response), 406);
    request.accept = "text/html, */*;q=0.1";
    assert_int_equal(call(&request, &response), 0);
    request.body = "";
    assert_int_equal(call(&request, &response), 400);
    request.body = "v=0";
    request.bearer = "nobody";
    assert_int_equal(call(&request, &response), 401);
    request.bearer = NULL;
    assert_int_equal(call(&request, &response), 401);
    request.bearer = "foreign";
    assert_int_equal(call(&request, &response), 403);
    assert_true(response.cross_origin);
    request.bearer = "stage";
    bench->app->door_result = ERR_CONFLICT;
    assert_int_equal(call(&request, &response), 409);
    bench->app->door_result = ERR_UNAVAILABLE;
    assert_int_equal(call(&request, &response), 503);
    assert_int_equal(response.retry_after_s, 1);
    request.path = "/whep/m1/abcdefghijklmnopqrstuvwxyz012345";
    assert_int_equal(call(&request, &response), 404);
    request.path = "/whep/m1";
    assert_int_equal(call(&request, &response), 404);
}

// The reason and its English words, in what is answered. Takes the problem.
static void must_say(json_t *problem, const char *reason, int64_t most, const char *words)
{
    const json_t *refusal = json_object_get(problem, "refusal");
    assert_string_equal(json_string_value(json_object_get(refusal, "reason")), reason);
    assert_int_equal(json_integer_value(json_object_get(refusal, "most")), most);
    assert_string_equal(json_string_value(json_object_get(problem, "detail")), words);
    json_decref(problem);
}

static void every_refusal_names_its_reason(void **state)
{
    (void)state;
    struct bench_request request = post("/whip/m1/stage");
    struct api_response response;
    request.body = "";
    must_say(bench_call(bench, &request, &response), "offer_needed", 0,
             "The body must be an SDP offer: this server makes none.");
    request.accept = "text/html";
    must_say(bench_call(bench, &request, &response), "answer_is_sdp", 0,
             "The answer is SDP, and nothing else.");
    request.content_type = "text/plain";
    must_say(bench_call(bench, &request, &response), "body_of_another_kind", 0,
             "The body is of a kind that is not taken here.");
    request.method = API_PATCH;
    must_say(bench_call(bench, &request, &response), "method_unknown", 0,
             "This address does not know the method.");
    request = post("/whip/m1/stage");
    bench->app->door_result = ERR_FULL;
    bench->app->door_refusal = REFUSAL_FEEDS_FULL;
    must_say(bench_call(bench, &request, &response), "feeds_full", 4,
             "The meeting has as many feeds as it can have: 4.");
}

static void what_media_says_of_an_offer_is_the_detail(void **state)
{
    (void)state;
    const struct bench_request request = post("/whip/m1/stage");
    struct api_response response;
    assert_int_equal(call(&request, &response), 0);
    const struct app_door_answer answer = {
        .err = ERR_INVALID, .refusal.reason = REFUSAL_OFFER_NOT_TAKEN, .detail = "no fingerprint"};
    door_says(&answer);
    must_say(json_loadb(bench->responded.body, bench->responded.body_size, 0, NULL),
             "offer_not_taken", 0, "no fingerprint");
}

static void blanks_around_the_bearer_mean_nothing(void **state)
{
    (void)state;
    static const char *const bearers[] = {" stage", "stage ", "\t stage \t"};
    struct api_response response;
    for (size_t i = 0; i < 3; i++) {
        struct bench_request request = post("/whip/m1/stage");
        request.bearer = bearers[i];
        assert_int_equal(call(&request, &response), 0);
    }
    static const char *const others[] = {"", " ", "sta ge", "stage x"};
    for (size_t i = 0; i < 4; i++) {
        struct bench_request request = post("/whip/m1/stage");
        request.bearer = others[i];
        assert_int_equal(call(&request, &response), 401);
    }
}

static void a_flood_of_offers_is_slowed_down(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = post("/whep/m1/fr");
    int taken = 0;
    const struct app_door_answer answer = {.err = ERR_UNAVAILABLE};
    while (call(&request, &response) == 0 && taken < 10000) {
        door_says(&answer);
        taken++;
    }
    assert_int_equal(taken, 2000);
    assert_int_equal(response.status, 429);
    assert_true(response.retry_after_s > 0);
    request.remote = "192.0.2.2";
    assert_int_equal(call(&request, &response), 0);
    request.remote = NULL;
    bench_pass(bench, TIME_US_PER_S);
    assert_int_equal(call(&request, &response), 0);
}

static void candidates_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *if_match;
        const char *type;
        const char *body;
        int status;
    } cases[] = {{"\"e1\"", FRAGMENT, LINES, 204},    {"\"x\", \"e1\"", FRAGMENT, LINES, 204},
                 {"W/\"e1\"", FRAGMENT, LINES, 204},  {"e1", FRAGMENT, LINES, 204},
                 {" e1 ", FRAGMENT, LINES, 204},      {"\"x\",W/e1", FRAGMENT, LINES, 204},
                 {"\"e2\"", FRAGMENT, LINES, 412},    {"W/\"e2\"", FRAGMENT, LINES, 412},
                 {"\"e1", FRAGMENT, LINES, 412},      {"e11", FRAGMENT, LINES, 412},
                 {"\"\"", FRAGMENT, LINES, 412},      {"W/", FRAGMENT, LINES, 412},
                 {"", FRAGMENT, LINES, 412},          {"*", FRAGMENT, "v=0\r\n", 400},
                 {"\"*\"", FRAGMENT, "v=0\r\n", 400}, {NULL, FRAGMENT, LINES, 428},
                 {"\"e1\"", SDP, LINES, 415},         {"\"e1\"", FRAGMENT, "v=0\r\n", 400},
                 {"\"e1\"", FRAGMENT, "", 400}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct api_response response;
        const struct bench_request request = {.method = API_PATCH,
                                              .path = "/whip/m1/stage/s9",
                                              .bearer = "stage",
                                              .body = cases[i].body,
                                              .content_type = cases[i].type,
                                              .if_match = cases[i].if_match};
        assert_int_equal(call(&request, &response), cases[i].status);
        assert_string_equal(response.etag, ""); // nothing has changed
    }
    struct api_response response;
    const struct bench_request request = {.method = API_PATCH,
                                          .path = "/whip/m1/stage/gone",
                                          .bearer = "stage",
                                          .body = LINES,
                                          .content_type = FRAGMENT,
                                          .if_match = "\"e1\""};
    bench->app->door_result = ERR_NOT_FOUND;
    assert_int_equal(call(&request, &response), 404);
}

static void a_restart_is_answered_later(void **state)
{
    (void)state;
    static const char *const stars[] = {"*", "\"*\"", " * "};
    for (size_t i = 0; i < 3; i++) {
        struct api_response response;
        const struct bench_request request = {.method = API_PATCH,
                                              .path = "/whep/m1/fr/s9",
                                              .bearer = "stage",
                                              .body = LINES,
                                              .content_type = FRAGMENT,
                                              .if_match = stars[i]};
        assert_int_equal(call(&request, &response), 0); // nothing yet
    }
    assert_string_equal(bench->app->door_place, "m1/fr/s9");
    assert_string_equal(bench->app->door_sdp, LINES);
    const struct app_door_answer answer = {.restarted = true,
                                           .kind = APP_DOOR_LISTEN,
                                           .meeting = "m1",
                                           .name = "fr",
                                           .session = "s9",
                                           .etag = "\"e1-1\"",
                                           .sdp = "a=ice-lite",
                                           .sdp_size = 10};
    door_says(&answer);
    assert_int_equal(bench->responded.status, 200);
    assert_string_equal(bench->responded.location, "");
    assert_string_equal(bench->responded.etag, "\"e1-1\"");
    assert_string_equal(bench->responded.content_type, FRAGMENT);
    assert_memory_equal(bench->responded.body, "a=ice-lite", 10);
    assert_true(bench->responded.cross_origin);
}

static void a_session_is_ended(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = {
        .method = API_DELETE, .path = "/whep/m1/fr/s9", .bearer = "stage"};
    assert_int_equal(call(&request, &response), 200);
    assert_string_equal(bench->app->door_place, "m1/fr/s9");
    assert_int_equal(bench->app->door_kind, APP_DOOR_LISTEN);
    bench->app->door_result = ERR_FORBIDDEN;
    assert_int_equal(call(&request, &response), 403);
}

static void anybody_may_ask_what_may_be_asked(void **state)
{
    (void)state;
    struct api_response response;
    struct bench_request request = {.method = API_OPTIONS, .path = "/whip/m1/stage"};
    assert_int_equal(call(&request, &response), 204);
    assert_string_equal(response.allow, "POST, OPTIONS");
    assert_string_equal(response.accept_post, SDP);
    assert_true(response.cross_origin);
    request.path = "/whep/m1/fr/s9";
    assert_int_equal(call(&request, &response), 204);
    assert_string_equal(response.allow, "PATCH, DELETE, OPTIONS");
    request.method = API_GET;
    assert_int_equal(call(&request, &response), 405);
    assert_string_equal(response.allow, "PATCH, DELETE, OPTIONS");
    request.path = "/whip/m1/stage";
    request.method = API_PUT;
    assert_int_equal(call(&request, &response), 405);
    assert_string_equal(response.allow, "POST, OPTIONS");
}

static void a_doors_token_is_nobody_elsewhere(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api/v1/session", "/api/v1/sessions",
                                        "/api/v1/meetings/m1"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct api_response response;
        const struct bench_request request = {
            .method = API_GET, .path = paths[i], .bearer = "stage"};
        assert_int_equal(call(&request, &response), 403);
        assert_false(response.cross_origin);
    }
}

static void a_listener_wishes_a_form_of_the_sound(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        const char *variant;
    } wishes[] = {{NULL, "none"},
                  {"variant=long", "long"},
                  {"a=b&variant=red2", "red2"},
                  {"variant=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""}};
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        struct bench_request request = post("/whep/m1/fr");
        struct api_response response;
        request.query = wishes[i].query;
        assert_int_equal(call(&request, &response), 0);
        assert_string_equal(bench->app->door_variant, wishes[i].variant);
    }
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(an_offer_is_answered_later),
        CASE(the_media_process_may_refuse),
        CASE(bad_offers_are_refused_at_once),
        CASE(every_refusal_names_its_reason),
        CASE(what_media_says_of_an_offer_is_the_detail),
        CASE(blanks_around_the_bearer_mean_nothing),
        CASE(a_flood_of_offers_is_slowed_down),
        CASE(candidates_are_taken),
        CASE(a_restart_is_answered_later),
        CASE(a_session_is_ended),
        CASE(anybody_may_ask_what_may_be_asked),
        CASE(a_doors_token_is_nobody_elsewhere),
        CASE(a_listener_wishes_a_form_of_the_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
