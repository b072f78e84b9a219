// What a hostile client may say on a live connection: each gets a clear refusal and the meeting is
// untouched.
#include "../test.h"
#include <stdlib.h>

#include "api/live.h"
#include "bench.h"

static struct bench *bench;

static int setup(void **state)
{
    (void)state;
    bench = bench_create();
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m1"), 101);
    bench_skip(bench);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bench_destroy(bench);
    return 0;
}

// The problem's type and the reply's id.
static void must_refuse(const char *text, const char *type, json_int_t id)
{
    bench_say(bench, 1, text);
    json_t *message = bench_next(bench, 1);
    assert_non_null(message);
    const json_t *problem = json_object_get(message, "problem");
    assert_string_equal(json_string_value(json_object_get(problem, "type")), type);
    assert_int_equal(json_integer_value(json_object_get(message, "reply")), id);
    json_decref(message);
}

static void unreadable_messages_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        json_int_t id;
    } cases[] = {
        {"hello", 0},
        {"{\"id\":1,\"id\":2,\"command\":\"floor.request\"}", 0},
        {"{\"id\":-1,\"command\":\"floor.request\"}", 0},
        {"{\"id\":\"1\",\"command\":\"floor.request\"}", 0},
        {"{\"id\":9007199254740992,\"command\":\"floor.request\"}", 0},
        {"{\"id\":5,\"command\":7}", 5},
        {"{\"id\":6,\"command\":\"floor.request\",\"as\":\"chair\"}", 6},
        {"{\"pong\":\"x\"}", 0},
        {"{\"pong\":1,\"id\":1,\"command\":\"floor.request\"}", 0},
        {"{}", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        must_refuse(cases[i].text, "/problems/malformed", cases[i].id);
    }
    assert_int_equal(bench->closed_code[1], 0);
    bench_say(bench, 1, "the eleventh");
    assert_int_equal(bench->closed_code[1], 1008);
    assert_null(bench_next_text(bench, 1));
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 1);
    assert_int_equal(bench->app->commands, 0);
}

static void deep_json_is_refused_before_it_is_read(void **state)
{
    (void)state;
    must_refuse("{\"id\":3,\"command\":\"floor.give\",\"data\":{\"a\":[[[[[[[1]]]]]]]}}",
                "/problems/malformed", 0);
    char *deep = malloc(60001);
    memset(deep, '[', 60000);
    deep[60000] = '\0';
    must_refuse(deep, "/problems/malformed", 0);
    free(deep);
    assert_int_equal(bench->app->commands, 0);
}

static void oversized_messages_are_refused(void **state)
{
    (void)state;
    char *large = malloc(API_BODY_MAX + 2);
    memset(large, ' ', API_BODY_MAX + 1);
    memcpy(large, "{\"pong\":1}", 10);
    large[API_BODY_MAX + 1] = '\0';
    must_refuse(large, "/problems/too-large", 0);
    large[API_BODY_MAX] = '\0';
    bench_say(bench, 1, large);
    assert_null(bench_next_text(bench, 1));
    free(large);
}

static void unknown_commands_and_fields_are_named(void **state)
{
    (void)state;
    must_refuse("{\"id\":1,\"command\":\"meeting.delete\"}", "/problems/invalid", 1);
    must_refuse("{\"id\":2,\"command\":\"floor.request\",\"data\":{\"participant\":\"p-chair\"}}",
                "/problems/invalid", 2);
    must_refuse("{\"id\":3,\"command\":\"floor.request\",\"data\":[]}", "/problems/invalid", 3);
    assert_int_equal(bench->app->commands, 0);
}

static void a_delegate_does_not_act_as_the_chair(void **state)
{
    (void)state;
    must_refuse("{\"id\":1,\"command\":\"floor.end_all\"}", "/problems/forbidden", 1);
    must_refuse(
        "{\"id\":2,\"command\":\"participant.remove\",\"data\":{\"participant\":\"p-chair\"}}",
        "/problems/forbidden", 2);
    assert_int_equal(bench->app->seq, 0);
}

static void a_flood_is_refused_then_ended(void **state)
{
    (void)state;
    int refused = 0;
    for (int i = 0; i < 40; i++) {
        bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
    }
    assert_int_equal(bench->app->commands, 40);
    bench_skip(bench);
    for (int i = 0; i < 100; i++) {
        must_refuse("{\"id\":2,\"command\":\"floor.request\"}", "/problems/too-many", 2);
        refused++;
    }
    assert_int_equal(refused, 100);
    assert_int_equal(bench->closed_code[1], 0);
    bench_say(bench, 1, "{\"id\":3,\"command\":\"floor.request\"}");
    assert_int_equal(bench->closed_code[1], 1008);
    assert_int_equal(bench->app->commands, 40);
}

static void a_new_connection_has_no_new_allowance(void **state)
{
    (void)state;
    for (int i = 0; i < 39; i++) {
        bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
    }
    for (api_connection next = 2; next < 6; next++) {
        assert_int_equal(bench_open(bench, next, "delegate", "meeting=m1"), 101);
        for (int i = 0; i < 39; i++) {
            bench_say(bench, next, "{\"id\":2,\"command\":\"floor.request\"}");
        }
    }
    assert_int_equal(bench->app->commands, 40);
    // Another person is not concerned.
    assert_int_equal(bench_open(bench, 7, "chair", "meeting=m1"), 101);
    bench_say(bench, 7, "{\"id\":2,\"command\":\"list.open\"}");
    assert_int_equal(bench->app->commands, 41);
}

// Says what inflates to 64 KiB; the caller frees it.
static char *long_message(void)
{
    static const char begin[] = "{\"id\":4,\"command\":\"media.join\",\"data\":{\"sdp\":\"";
    char *text = malloc(API_BODY_MAX + 1);
    memset(text, 'a', API_BODY_MAX);
    memcpy(text, begin, sizeof(begin) - 1);
    strcpy(text + API_BODY_MAX - 3, "\"}}");
    return text;
}

static void a_long_message_counts_as_several(void **state)
{
    (void)state;
    char *text = long_message();
    for (int i = 0; i < 5; i++) {
        must_refuse(text, "/problems/invalid", 4); // 48,000 bytes are the most that an offer has
    }
    must_refuse("{\"id\":2,\"command\":\"floor.request\"}", "/problems/too-many", 2);
    // One is let through as soon as there is leave for one, and then eight are owed.
    bench_pass(bench, 50 * TIME_US_PER_MS);
    must_refuse(text, "/problems/invalid", 4);
    bench_pass(bench, 350 * TIME_US_PER_MS);
    must_refuse("{\"id\":2,\"command\":\"floor.request\"}", "/problems/too-many", 2);
    bench_pass(bench, 50 * TIME_US_PER_MS);
    bench_say(bench, 1, "{\"id\":3,\"command\":\"floor.request\"}");
    assert_int_equal(bench->app->commands, 1);
    free(text);
}

static void one_too_many_is_not_read(void **state)
{
    (void)state;
    char *text = long_message();
    for (int i = 0; i < 5; i++) {
        must_refuse(text, "/problems/invalid", 4);
    }
    // Who asked is told which it was, and does not wait for an answer that does not come.
    must_refuse(text, "/problems/too-many", 4);
    text[API_REFUSED_MAX] = '\0'; // no JSON any more
    must_refuse(text, "/problems/too-many", 4);
    text[1] = ' '; // its id is no key any more
    must_refuse(text, "/problems/too-many", 0);
    free(text);
}

static void more_values_than_any_command_has_are_refused_unread(void **state)
{
    (void)state;
    char zeros[400] = "{\"id\":3,\"command\":\"floor.give\",\"data\":{\"a\":[";
    for (int i = 0; i < 100; i++) {
        strcat(zeros, "0,");
    }
    strcat(zeros, "0]}}");
    must_refuse(zeros, "/problems/malformed", 0);
    assert_in_range(api_live_values_max(), 20, 60);
}

// Puts the delegate out once.
static void be_put_out(api_connection connection)
{
    for (int i = 0; bench->closed_code[connection] == 0; i++) {
        bench_say(bench, connection, "{\"id\":1,\"command\":\"floor.request\"}");
        assert_true(i < 200);
    }
    bench_skip(bench);
}

static void who_is_put_out_again_and_again_waits(void **state)
{
    (void)state;
    be_put_out(1);
    for (api_connection next = 2; next <= 3; next++) {
        assert_int_equal(bench_open(bench, next, "delegate", "meeting=m1"), 101);
        be_put_out(next);
    }
    assert_int_equal(bench_open(bench, 4, "delegate", "meeting=m1"), 429);
    assert_int_equal(bench_open(bench, 4, "chair", "meeting=m1"), 101); // somebody else
    bench_pass(bench, 11 * TIME_US_PER_S);
    assert_int_equal(bench_open(bench, 5, "delegate", "meeting=m1"), 101);
}

static void a_client_that_goes_on_is_ended(void **state)
{
    (void)state;
    int said = 0;
    while (bench->closed_code[1] == 0 && said < 1000) {
        bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
        bench_pass(bench, 10 * TIME_US_PER_MS);
        said++;
    }
    // A hundred a second: the burst, then one in five is let through until a hundred more were
    // refused than that.
    assert_int_equal(bench->closed_code[1], 1008);
    assert_in_range(said, 150, 250);
    assert_in_range(bench->app->commands, 60, 85);
}

static void a_little_too_fast_is_refused_now_and_then(void **state)
{
    (void)state;
    for (int i = 0; i < 2500; i++) {
        bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
        bench_pass(bench, 40 * TIME_US_PER_MS);
    }
    assert_int_equal(bench->closed_code[1], 0);
    assert_in_range(bench->app->commands, 2030, 2041);
}

static void twenty_a_second_is_permitted_for_ever(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        bench_pass(bench, 50 * TIME_US_PER_MS);
        bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
    }
    assert_int_equal(bench->app->commands, 2000);
}

static void other_frames_end_the_connection(void **state)
{
    (void)state;
    api_live_misbehaved(bench->api, 1, false);
    assert_int_equal(bench->closed_code[1], 1003);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 1);
    api_live_misbehaved(bench->api, 1, false);
    api_live_misbehaved(bench->api, 9, false);
}

static void what_is_too_large_ends_it_by_its_own_code(void **state)
{
    (void)state;
    api_live_misbehaved(bench->api, 1, true);
    assert_int_equal(bench->closed_code[1], 1009);
}

#define HOSTILE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOSTILE_TEST(unreadable_messages_are_answered),
        HOSTILE_TEST(deep_json_is_refused_before_it_is_read),
        HOSTILE_TEST(oversized_messages_are_refused),
        HOSTILE_TEST(unknown_commands_and_fields_are_named),
        HOSTILE_TEST(a_delegate_does_not_act_as_the_chair),
        HOSTILE_TEST(a_flood_is_refused_then_ended),
        HOSTILE_TEST(a_new_connection_has_no_new_allowance),
        HOSTILE_TEST(a_long_message_counts_as_several),
        HOSTILE_TEST(one_too_many_is_not_read),
        HOSTILE_TEST(more_values_than_any_command_has_are_refused_unread),
        HOSTILE_TEST(who_is_put_out_again_and_again_waits),
        HOSTILE_TEST(a_client_that_goes_on_is_ended),
        HOSTILE_TEST(a_little_too_fast_is_refused_now_and_then),
        HOSTILE_TEST(twenty_a_second_is_permitted_for_ever),
        HOSTILE_TEST(other_frames_end_the_connection),
        HOSTILE_TEST(what_is_too_large_ends_it_by_its_own_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
