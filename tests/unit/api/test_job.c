// The queues in front of the workers, over the routes that use them: bounded, one of a person, and
// nothing is worked for who has gone.
#include "../test.h"
#include <stdio.h>

#include "bench.h"

#define CONTENTS "/api/v1/meetings/m1/documents"
#define REPORT   "/api/v1/meetings/m1/report.json"

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

// 0: it will be answered later.
static int ask(const struct bench_request *request)
{
    struct api_response response;
    json_decref(bench_call(bench, request, &response));
    if (response.status == 429 || response.status == 503) {
        assert_int_equal(response.retry_after_s, 3); // contract/workers.json
    }
    return response.status;
}

static int send_contents(uint64_t number, const char *bearer, const char *body)
{
    const struct bench_request request = {.method = API_POST,
                                          .path = CONTENTS,
                                          .bearer = bearer,
                                          .body = body,
                                          .content_type = "text/plain",
                                          .number = number};
    return ask(&request);
}

static int ask_report(uint64_t number, const char *bearer)
{
    const struct bench_request request = {
        .method = API_GET, .path = REPORT, .bearer = bearer, .number = number};
    return ask(&request);
}

static int sign_in(uint64_t number, const char *password, const char *remote)
{
    char body[96];
    snprintf(body, sizeof(body), "{\"account\":\"ada\",\"password\":\"%s\"}", password);
    const struct bench_request request = {.method = API_POST,
                                          .path = "/api/v1/session",
                                          .body = body,
                                          .remote = remote,
                                          .number = number};
    return ask(&request);
}

static void must_answer(uint64_t number, int status)
{
    assert_int_equal(bench->responded_request, number);
    assert_int_equal(bench->responded.status, status);
    api_response_finish(&bench->responded);
    bench->responded_request = 0;
}

static void as_many_wait_as_may_and_in_their_order(void **state)
{
    (void)state;
    char bearer[32];
    for (uint64_t i = 1; i <= 9; i++) {
        snprintf(bearer, sizeof(bearer), "delegate-%d", (int)i);
        assert_int_equal(send_contents(i, bearer, "Madam Chair"), i <= 8 ? 0 : 503);
    }
    for (uint64_t i = 1; i <= 8; i++) {
        bench_run_work(bench);
        must_answer(i, 201);
    }
    assert_null(bench->work.work);
    assert_int_equal(send_contents(10, "delegate-9", "Madam Chair"), 0);
}

static void one_of_each_person_waiting_or_at_work(void **state)
{
    (void)state;
    assert_int_equal(ask_report(1, "chair"), 0);
    assert_int_equal(ask_report(2, "chair"), 429); // it is at work
    assert_int_equal(ask_report(3, "moderator"), 0);
    assert_int_equal(ask_report(4, "moderator"), 429);                 // it waits
    assert_int_equal(send_contents(5, "moderator", "Madam Chair"), 0); // another worker
    bench_run_report(bench);
    must_answer(1, 200);
    assert_int_equal(ask_report(6, "chair"), 0);
}

static void what_nobody_waits_for_is_not_worked(void **state)
{
    (void)state;
    assert_int_equal(send_contents(1, "delegate-1", "first"), 0);
    assert_int_equal(send_contents(2, "delegate-2", "second"), 0);
    assert_int_equal(send_contents(3, "delegate-3", "third"), 0);
    assert_true(api_request_gone(bench->api, 2));
    assert_false(api_request_gone(bench->api, 2));
    assert_false(api_request_gone(bench->api, 9));
    assert_false(api_request_gone(bench->api, 1)); // it is at work, and will be answered
    assert_int_equal(send_contents(4, "delegate-2", "second again"), 0);
    bench_run_work(bench);
    must_answer(1, 201);
    bench_run_work(bench);
    must_answer(3, 201);
    assert_string_equal(bench->app->content, "third");
    bench_run_work(bench);
    must_answer(4, 201);
    assert_null(bench->work.work);
}

static void those_who_vanish_leave_room(void **state)
{
    (void)state;
    char bearer[32];
    for (uint64_t i = 1; i <= 100; i++) {
        snprintf(bearer, sizeof(bearer), "delegate-%d", (int)i);
        assert_int_equal(send_contents(i, bearer, "Madam Chair"), 0);
        assert_int_equal(api_request_gone(bench->api, i), i > 1);
    }
}

static void a_password_that_nobody_waits_for_counts_against_nobody(void **state)
{
    (void)state;
    assert_int_equal(sign_in(1, "wrong", "10.1.0.2"), 0);
    for (uint64_t i = 2; i <= 40; i++) {
        assert_int_equal(sign_in(i, "wrong", "10.2.0.2"), 0);
        assert_true(api_request_gone(bench->api, i));
    }
    assert_int_equal(bench->app->unchecked, 39);
    assert_int_equal(sign_in(41, "lovelace", "10.2.0.2"), 0);
    bench_run_work(bench);
    must_answer(1, 401);
    bench_run_work(bench);
    must_answer(41, 201);
    assert_null(bench->work.work);
    assert_true(api_next_deadline(bench->api) == TIME_US_NEVER);
}

// The one that is at work has not to end for that: at most one is worked at once, in each queue.
static void a_worker_that_takes_nothing_refuses_all(void **state)
{
    (void)state;
    bench->worker_full = true;
    assert_int_equal(send_contents(1, "delegate-1", "Madam Chair"), 503);
    assert_int_equal(ask_report(2, "chair"), 503);
    bench->worker_full = false;
    assert_int_equal(send_contents(3, "delegate-1", "Madam Chair"), 0);
    assert_int_equal(send_contents(4, "delegate-2", "Madam Chair"), 0);
    bench->worker_full = true; // the server ends
    bench_run_work(bench);
    must_answer(4, 503); // the last that was answered
}

static void more_calls_than_may_wait_are_refused(void **state)
{
    (void)state;
    struct bench_request offer = {.method = API_POST,
                                  .path = "/whep/m1/fr",
                                  .bearer = "stage",
                                  .body = "v=0",
                                  .content_type = "application/sdp"};
    struct api_response response;
    for (uint64_t i = 1; i <= API_CALLS_MAX; i++) {
        offer.number = i;
        assert_null(bench_call(bench, &offer, &response));
        assert_int_equal(response.status, 0);
    }
    json_decref(bench_call(bench, &offer, &response));
    assert_int_equal(response.status, 503);
    assert_int_equal(response.retry_after_s, 10);
    const struct app_door_answer answer = {.err = ERR_UNAVAILABLE};
    bench->app->ports.door_answer(bench->app->ports.context, bench->app->door_request, &answer);
    must_answer(API_CALLS_MAX, 503);
    assert_null(bench_call(bench, &offer, &response));
    assert_int_equal(response.status, 0);
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(as_many_wait_as_may_and_in_their_order),
        JOB_TEST(one_of_each_person_waiting_or_at_work),
        JOB_TEST(what_nobody_waits_for_is_not_worked),
        JOB_TEST(those_who_vanish_leave_room),
        JOB_TEST(a_password_that_nobody_waits_for_counts_against_nobody),
        JOB_TEST(a_worker_that_takes_nothing_refuses_all),
        JOB_TEST(more_calls_than_may_wait_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
