// One connection that follows several streams, over the fake app: who may, how many, which messages
// name their stream, and how one ends without the others.
#include "../test.h"

#include "api/api_state.h"
#include "bench.h"

static struct bench *bench;

static int setup(void **state)
{
    (void)state;
    bench = bench_create();
    assert_int_equal(bench_open(bench, 1, "chair", "meeting=m1"), 101);
    bench_skip(bench);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bench_destroy(bench);
    return 0;
}

// The next message is of this kind and this stream ("": it names none).
static json_t *expect(api_connection connection, const char *kind, const char *stream)
{
    json_t *message = bench_next(bench, connection);
    assert_non_null(message);
    assert_string_equal(bench_kind(message), kind);
    const json_t *named = json_object_get(message, "stream");
    assert_string_equal(named != NULL ? json_string_value(named) : "", stream);
    return message;
}

static void pass_over(const char *kind, const char *stream)
{
    json_decref(expect(1, kind, stream));
}

static void must_refuse(const char *text, const char *type)
{
    bench_say(bench, 1, text);
    json_t *message = bench_next(bench, 1);
    const json_t *problem = json_object_get(message, "problem");
    assert_string_equal(json_string_value(json_object_get(problem, "type")), type);
    json_decref(message);
    assert_null(bench_next_text(bench, 1));
}

static void subscribe(const char *meeting)
{
    char text[128];
    snprintf(text, sizeof text, "{\"id\":7,\"subscribe\":{\"stream\":\"meeting/%s\"}}", meeting);
    bench_say(bench, 1, text);
}

static void subscribed(const char *meeting)
{
    char stream[64];
    snprintf(stream, sizeof stream, "meeting/%s", meeting);
    subscribe(meeting);
    pass_over("hello", stream);
    pass_over("snapshot", stream);
    pass_over("reply", stream);
}

static void publish(const char *meeting)
{
    const struct event event = {.at = 9, .type = EVENT_LIST_CHANGED};
    bench->app->publishing = meeting;
    fake_app_publish(bench->app, &event);
}

static void a_further_stream_names_itself(void **state)
{
    (void)state;
    subscribe("m3");
    json_t *message = expect(1, "hello", "meeting/m3");
    const json_t *hello = json_object_get(message, "hello");
    assert_string_equal(json_string_value(json_object_get(hello, "meeting")), "m3");
    json_decref(message);
    pass_over("snapshot", "meeting/m3");
    message = expect(1, "reply", "meeting/m3");
    assert_int_equal(json_integer_value(json_object_get(message, "reply")), 7);
    assert_true(json_is_integer(json_object_get(message, "seq")));
    json_decref(message);
    assert_int_equal(bench->app->lives_opened, 2);
    publish("m3");
    assert_string_equal(bench_next_text(bench, 1),
                        "{\"stream\":\"meeting/m3\",\"events\":[{\"seq\":1,\"at\":9,\"by\":\"\","
                        "\"type\":\"list.changed\",\"data\":{\"state\":\"open\"}}]}");
    const struct notice notice = {.type = NOTICE_MEDIA_LOST};
    bench->app->ports.notice(bench->app->ports.context, fake_app_live(1), &notice);
    pass_over("notice", "meeting/m3");
    bench->app->ports.notice(bench->app->ports.context, fake_app_live(0), &notice);
    pass_over("notice", "");
}

static void the_first_stream_is_as_ever(void **state)
{
    (void)state;
    assert_int_equal(bench_open(bench, 2, "chair", "meeting=m3"), 101);
    bench_skip(bench);
    subscribed("m4");
    publish("m1");
    assert_string_equal(bench_next_text(bench, 1),
                        "{\"events\":[{\"seq\":1,\"at\":9,\"by\":\"\",\"type\":\"list.changed\","
                        "\"data\":{\"state\":\"open\"}}]}");
    assert_null(bench_next_text(bench, 2)); // another meeting's
    bench_say(bench, 1, "{\"id\":1,\"command\":\"list.open\"}");
    pass_over("reply", "");
}

static void a_command_says_its_stream(void **state)
{
    (void)state;
    subscribed("m3");
    bench->app->hold_replies = true;
    bench_say(bench, 1, "{\"id\":2,\"stream\":\"meeting/m3\",\"command\":\"list.open\"}");
    assert_int_equal(bench->app->held_live, fake_app_live(1));
    fake_app_answer(bench->app);
    pass_over("reply", "meeting/m3");
    bench_say(bench, 1, "{\"id\":2,\"stream\":\"meeting/m1\",\"command\":\"list.open\"}");
    assert_int_equal(bench->app->held_live, fake_app_live(0));
    must_refuse("{\"id\":3,\"stream\":\"meeting/m4\",\"command\":\"list.open\"}",
                "/problems/not-found");
    bench_say(bench, 1, "{\"id\":3,\"stream\":\"meeting/m3\",\"command\":\"nothing\"}");
    pass_over("reply", "meeting/m3"); // the refusal
}

static void who_may_not_is_refused(void **state)
{
    (void)state;
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m2\"}}", "/problems/forbidden");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m1\"}}", "/problems/conflict");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"register/r1\"}}", "/problems/not-found");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/\"}}", "/problems/not-found");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m\\\"3\"}}", "/problems/not-found");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":7}}", "/problems/malformed");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m3\",\"after\":-1}}",
                "/problems/malformed");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m3\",\"as\":\"chair\"}}",
                "/problems/malformed");
    must_refuse("{\"id\":1,\"subscribe\":\"meeting/m3\"}", "/problems/malformed");
    must_refuse(
        "{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m3\"},\"unsubscribe\":"
        "{\"stream\":\"meeting/m1\"}}",
        "/problems/malformed");
    must_refuse("{\"id\":1,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}", "/problems/not-found");
    must_refuse("{\"id\":1,\"unsubscribe\":{\"stream\":\"meeting/m1\"}}", "/problems/conflict");
    bench->app->seat_result = ERR_EXPIRED;
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m3\"}}", "/problems/expired");
    assert_int_equal(bench->app->lives_opened, 1);
    assert_int_equal(bench->closed_code[1], 0);
}

static void twice_is_refused_and_nothing_is_replaced(void **state)
{
    (void)state;
    subscribed("m3");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m3\"}}", "/problems/conflict");
    assert_int_equal(bench->app->lives_opened, 2);
    assert_int_equal(bench->app->lives_closed, 0);
}

static void so_many_and_no_more(void **state)
{
    (void)state;
    char meeting[8];
    for (int i = 0; i < LIVE_SUBSCRIPTIONS_MAX - 1; i++) {
        snprintf(meeting, sizeof meeting, "m%d", 3 + i);
        subscribed(meeting);
    }
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m30\"}}", "/problems/too-many");
    assert_int_equal(bench->app->lives_opened, LIVE_SUBSCRIPTIONS_MAX);
    bench_say(bench, 1, "{\"id\":8,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    pass_over("reply", "meeting/m3");
    subscribed("m30");
    // Of all connections together there is a bound too.
    bench->api->lives.further_count += LIVE_FURTHER_MAX;
    bench_say(bench, 1, "{\"id\":8,\"unsubscribe\":{\"stream\":\"meeting/m4\"}}");
    pass_over("reply", "meeting/m4");
    must_refuse("{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m4\"}}", "/problems/full");
    bench->api->lives.further_count -= LIVE_FURTHER_MAX;
}

static void a_thousand_asks_end_the_connection(void **state)
{
    (void)state;
    for (int i = 0; i < 1000 && bench->closed_code[1] == 0; i++) {
        bench_say(bench, 1, "{\"id\":1,\"subscribe\":{\"stream\":\"meeting/m2\"}}");
    }
    assert_int_equal(bench->closed_code[1], 1008);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 1);
}

static void left_is_left(void **state)
{
    (void)state;
    subscribed("m3");
    bench_say(bench, 1, "{\"id\":8,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    pass_over("reply", "meeting/m3");
    assert_int_equal(bench->app->lives_left, 1);
    publish("m3");
    assert_null(bench_next_text(bench, 1));
    // The first can be left as well: from then on every stream is named.
    subscribed("m4");
    bench_say(bench, 1, "{\"id\":8,\"unsubscribe\":{\"stream\":\"meeting/m1\"}}");
    pass_over("reply", "");
    must_refuse("{\"id\":1,\"command\":\"list.open\"}", "/problems/not-found");
    subscribed("m1");
    publish("m1");
    pass_over("events", "meeting/m1");
}

static void expect_reply(int id, const char *stream)
{
    json_t *message = expect(1, "reply", stream);
    assert_int_equal(json_integer_value(json_object_get(message, "reply")), id);
    assert_null(json_object_get(message, "problem"));
    json_decref(message);
}

// What was asked in a stream is answered before one has left it.
static void what_is_owed_comes_before_leaving(void **state)
{
    (void)state;
    subscribed("m3");
    bench->app->hold_replies = true;
    bench_say(bench, 1, "{\"id\":2,\"stream\":\"meeting/m3\",\"command\":\"list.open\"}");
    bench_say(bench, 1, "{\"id\":3,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    assert_null(bench_next_text(bench, 1));
    must_refuse("{\"id\":4,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}", "/problems/conflict");
    assert_int_equal(bench->app->lives_left, 0);
    fake_app_answer(bench->app);
    assert_int_equal(bench->app->lives_left, 0); // the app is telling
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_left, 1);
    expect_reply(2, "meeting/m3");
    expect_reply(3, "meeting/m3");
    assert_null(bench_next_text(bench, 1));
}

// What it waits for goes on to be the meeting's, and the connection keeps one stream.
static void the_last_is_not_left_by_waiting(void **state)
{
    (void)state;
    subscribed("m3");
    bench->app->hold_replies = true;
    bench_say(bench, 1, "{\"id\":2,\"stream\":\"meeting/m3\",\"command\":\"list.open\"}");
    bench_say(bench, 1, "{\"id\":3,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    bench_say(bench, 1, "{\"id\":4,\"unsubscribe\":{\"stream\":\"meeting/m1\"}}");
    expect_reply(4, "");
    fake_app_answer(bench->app);
    bench_pass(bench, 1);
    expect_reply(2, "meeting/m3");
    json_t *message = expect(1, "reply", "meeting/m3");
    assert_non_null(json_object_get(message, "problem"));
    json_decref(message);
    assert_int_equal(bench->app->lives_left, 1);
    assert_int_equal(bench->closed_code[1], 0);
}

static void an_end_answers_who_was_leaving(void **state)
{
    (void)state;
    subscribed("m3");
    bench->app->hold_replies = true;
    bench_say(bench, 1, "{\"id\":2,\"stream\":\"meeting/m3\",\"command\":\"list.open\"}");
    bench_say(bench, 1, "{\"id\":3,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    bench->app->lives[1].open = false;
    bench->app->ports.live_end(bench->app->ports.context, fake_app_live(1), "removed");
    pass_over("notice", "meeting/m3");
    expect_reply(3, "meeting/m3");
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_left, 0);
}

// Who follows a meeting is found without a look at those who do not.
static void a_meeting_knows_who_follows_it(void **state)
{
    (void)state;
    const struct live_table *table = &bench->api->lives;
    subscribed("m3");
    assert_int_equal(bench_open(bench, 2, "interpreter", "meeting=m3"), 101);
    assert_int_equal(bench_open(bench, 3, "delegate", "meeting=m1"), 101);
    const struct live_subscription *second = live_table_of_meeting(table, "m3", NULL);
    assert_int_equal(second->connection->connection, 2);
    const struct live_subscription *first = live_table_of_meeting(table, "m3", second);
    assert_int_equal(first->connection->connection, 1);
    assert_null(live_table_of_meeting(table, "m3", first));
    assert_null(live_table_of_meeting(table, "m4", NULL));
    bench_say(bench, 1, "{\"id\":3,\"unsubscribe\":{\"stream\":\"meeting/m3\"}}");
    assert_null(live_table_of_meeting(table, "m3", second));
}

static void one_that_ends_leaves_the_others(void **state)
{
    (void)state;
    subscribed("m3");
    bench->app->lives[1].open = false;
    bench->app->ports.live_end(bench->app->ports.context, fake_app_live(1), "removed");
    json_t *message = expect(1, "notice", "meeting/m3");
    assert_string_equal(json_string_value(json_object_get(message, "notice")), "session.ended");
    json_decref(message);
    assert_int_equal(bench->closed_code[1], 0);
    publish("m1");
    pass_over("events", "");
    // The first too, while another is followed; the last closes the connection.
    subscribed("m4");
    bench->app->ports.live_end(bench->app->ports.context, fake_app_live(0), "removed");
    pass_over("notice", "");
    assert_int_equal(bench->closed_code[1], 0);
    bench->app->ports.live_end(bench->app->ports.context, fake_app_live(2), "expired");
    pass_over("notice", "meeting/m4");
    assert_int_equal(bench->closed_code[1], 4001);
}

static void coming_twice_counts_in_each_meeting(void **state)
{
    (void)state;
    subscribed("m3");
    assert_int_equal(bench_open(bench, 2, "chair", "meeting=m3"), 101);
    json_t *message = expect(1, "notice", "meeting/m3");
    const json_t *data = json_object_get(message, "data");
    assert_string_equal(json_string_value(json_object_get(data, "reason")), "replaced");
    json_decref(message);
    assert_int_equal(bench->closed_code[1], 0);
}

static void a_closed_connection_leaves_all(void **state)
{
    (void)state;
    subscribed("m3");
    subscribed("m4");
    api_live_closed(bench->api, 1, true, bench->now, bench->wall);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 3);
    assert_int_equal(bench->api->lives.further_count, 0);
    for (int i = 0; i < 3; i++) {
        assert_true(bench->app->lives[i].left);
    }
}

static void who_does_not_read_loses_all(void **state)
{
    (void)state;
    subscribed("m3");
    bench->full = 1;
    publish("m3");
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 2);
}

// Of what is asked for together, no state is made before the one before it is on its way.
static void states_come_one_after_another(void **state)
{
    (void)state;
    bench->reading_slowly = 1;
    subscribe("m3");
    subscribe("m4");
    subscribe("m5");
    must_refuse("{\"id\":8,\"subscribe\":{\"stream\":\"meeting/m4\"}}", "/problems/conflict");
    must_refuse("{\"id\":8,\"unsubscribe\":{\"stream\":\"meeting/m4\"}}", "/problems/conflict");
    bench_pass(bench, 1);
    assert_null(bench_next_text(bench, 1));
    assert_int_equal(bench->app->lives_opened, 1); // one is there when one is answered
    static const char *const streams[] = {"meeting/m3", "meeting/m4", "meeting/m5"};
    for (int i = 0; i < 3; i++) {
        api_live_has_room(bench->api, 1);
        assert_int_equal(api_next_deadline(bench->api), 0);
        bench_pass(bench, 1);
        pass_over("hello", streams[i]);
        pass_over("snapshot", streams[i]);
        pass_over("reply", streams[i]);
        assert_null(bench_next_text(bench, 1));
    }
    api_live_has_room(bench->api, 1);
    bench_pass(bench, 1);
    assert_null(bench_next_text(bench, 1));
}

// While one waits, the next does not overtake it; with room they come in the order of the
// questions.
static void none_overtakes_one_that_waits(void **state)
{
    (void)state;
    bench->reading_slowly = 1;
    subscribe("m3");
    bench->reading_slowly = 0;
    subscribe("m4");
    assert_null(bench_next_text(bench, 1));
    api_live_has_room(bench->api, 1);
    bench_pass(bench, 1);
    bench_pass(bench, 1);
    pass_over("hello", "meeting/m3");
    pass_over("snapshot", "meeting/m3");
    pass_over("reply", "meeting/m3");
    pass_over("hello", "meeting/m4");
}

static void no_more_wait_than_may_be_followed(void **state)
{
    (void)state;
    bench->reading_slowly = 1;
    for (int i = 1; i < LIVE_SUBSCRIPTIONS_MAX; i++) {
        char meeting[8];
        snprintf(meeting, sizeof meeting, "w%d", i);
        subscribe(meeting);
        assert_null(bench_next_text(bench, 1));
    }
    must_refuse("{\"id\":8,\"subscribe\":{\"stream\":\"meeting/w9\"}}", "/problems/too-many");
    // Who may not is told when it is their turn; and who leaves meanwhile leaves nothing behind.
    api_live_has_room(bench->api, 1);
    bench_pass(bench, 1);
    json_t *message = expect(1, "reply", "");
    assert_non_null(json_object_get(message, "problem"));
    json_decref(message);
    api_live_has_room(bench->api, 1);
    api_live_closed(bench->api, 1, true, bench->now, bench->wall);
    bench_pass(bench, 1);
    assert_null(bench_next_text(bench, 1));
    assert_int_equal(bench->app->lives_opened, 1);
    assert_int_equal(bench->app->lives_closed, 1);
}

// Twenty a second, in bursts of a hundred, read or followed. Too many of them is no word of the
// stream.
static void states_are_counted_however_they_come(void **state)
{
    (void)state;
    int status = 200;
    for (int i = 0; i < 98; i++) {
        struct api_response response;
        const struct bench_request read = {.path = "/api/v1/meetings/m1", .bearer = "chair"};
        json_decref(bench_call(bench, &read, &response));
        status = response.status;
        api_response_finish(&response);
    }
    assert_int_equal(status, 200);
    subscribed("m3"); // the hundredth, with the one of setup()
    subscribe("m4");
    json_t *message = bench_next(bench, 1);
    const json_t *problem = json_object_get(message, "problem");
    assert_string_equal(json_string_value(json_object_get(problem, "type")), "/problems/too-many");
    assert_null(json_object_get(problem, "field"));
    assert_int_equal(json_integer_value(json_object_get(message, "reply")), 7);
    json_decref(message);
    assert_int_equal(bench_open(bench, 2, "chair", "meeting=m1"), 429);
    assert_int_equal(bench_open(bench, 2, "interpreter", "meeting=m1"), 101);
    bench_pass(bench, TIME_US_PER_S / 20);
    bench_skip(bench);
    subscribed("m4");
    assert_int_equal(bench_open(bench, 3, "chair", "meeting=m1"), 429);
    bench_pass(bench, TIME_US_PER_S / 20);
    assert_int_equal(bench_open(bench, 3, "chair", "meeting=m1"), 101);
}

static void pings_tell_the_time_of_each_stream(void **state)
{
    (void)state;
    bench_pass(bench, 6 * TIME_US_PER_S);
    json_t *message = expect(1, "ping", "");
    assert_null(json_object_get(message, "streams"));
    json_decref(message);
    bench_say(bench, 1, "{\"pong\":0}");
    bench_skip(bench);
    subscribed("m3");
    bench_pass(bench, 6 * TIME_US_PER_S);
    message = expect(1, "ping", "");
    const json_t *streams = json_object_get(message, "streams");
    assert_int_equal(json_object_size(streams), 1);
    assert_int_equal(json_integer_value(json_object_get(streams, "meeting/m3")), bench->app->time);
    json_decref(message);
}

static void one_goes_on_after_what_one_has(void **state)
{
    (void)state;
    publish("m3");
    publish("m3");
    bench_skip(bench);
    bench_say(bench, 1, "{\"id\":7,\"subscribe\":{\"stream\":\"meeting/m3\",\"after\":1}}");
    json_t *message = expect(1, "hello", "meeting/m3");
    assert_true(json_is_true(json_object_get(json_object_get(message, "hello"), "resumed")));
    json_decref(message);
    message = expect(1, "events", "meeting/m3");
    assert_int_equal(json_array_size(json_object_get(message, "events")), 1);
    json_decref(message);
    pass_over("reply", "meeting/m3");
    assert_true(bench->app->lives[1].resumes);
}

// As `?after=0` on the address: from the first event on. Who names none has the state.
static void after_nothing_comes_everything(void **state)
{
    (void)state;
    publish("m3");
    publish("m3");
    bench_skip(bench);
    bench_say(bench, 1, "{\"id\":7,\"subscribe\":{\"stream\":\"meeting/m3\",\"after\":0}}");
    pass_over("hello", "meeting/m3");
    json_t *message = expect(1, "events", "meeting/m3");
    assert_int_equal(json_array_size(json_object_get(message, "events")), 2);
    json_decref(message);
    pass_over("reply", "meeting/m3");
    assert_false(bench->app->lives[1].resumes); // a new page
}

static void a_session_opens_any_of_its_meetings(void **state)
{
    (void)state;
    assert_int_equal(bench_open(bench, 2, "chair", "meeting=m5"), 101);
    assert_int_equal(bench_open(bench, 3, "chair", "meeting=m2"), 403);
    assert_int_equal(bench_open(bench, 3, "delegate", "meeting=m3"), 403);
    struct api_response response;
    const struct bench_request read = {.path = "/api/v1/meetings/m5", .bearer = "chair"};
    json_decref(bench_call(bench, &read, &response));
    assert_int_equal(response.status, 200);
    api_response_finish(&response);
}

static int add_seat_by(const char *bearer, const char *body)
{
    struct api_response response;
    const struct bench_request request = {
        .method = API_POST, .path = "/api/v1/seats", .bearer = bearer, .body = body};
    json_decref(bench_call(bench, &request, &response));
    int status = response.status;
    api_response_finish(&response);
    return status;
}

static int add_seat(const char *body)
{
    return add_seat_by("chair", body);
}

static void who_sits_nowhere_counts_as_an_account(void **state)
{
    (void)state;
    int status = 0;
    for (int i = 0; i < 60; i++) {
        status = add_seat_by("account", "{\"token\":\"nobodys\"}");
    }
    assert_int_equal(status, 429);
    assert_int_equal(add_seat_by("account-of-another", "{\"token\":\"nobodys\"}"), 404);
}

static void seats_are_listed_and_added(void **state)
{
    (void)state;
    struct api_response response;
    const struct bench_request list = {.path = "/api/v1/seats", .bearer = "chair"};
    json_t *body = bench_call(bench, &list, &response);
    const json_t *seat = json_array_get(json_object_get(body, "seats"), 0);
    assert_string_equal(json_string_value(json_object_get(seat, "meeting")), "m1");
    assert_string_equal(json_string_value(json_object_get(body, "next")), "m1");
    json_decref(body);
    api_response_finish(&response);
    const struct bench_request more = {
        .path = "/api/v1/seats", .query = "after=m1", .bearer = "chair"};
    body = bench_call(bench, &more, &response);
    seat = json_array_get(json_object_get(body, "seats"), 0);
    assert_string_equal(json_string_value(json_object_get(seat, "meeting")), "m5");
    assert_null(json_object_get(body, "next"));
    json_decref(body);
    api_response_finish(&response);
    const struct bench_request wrong = {.path = "/api/v1/seats",
                                        .query = "after=an-id-that-is-much-longer-than-ids-are",
                                        .bearer = "chair"};
    json_decref(bench_call(bench, &wrong, &response));
    assert_int_equal(response.status, 422);
    api_response_finish(&response);
    assert_int_equal(add_seat("{\"token\":\"link-x\"}"), 201);
    assert_int_equal(add_seat("{\"token\":\"other\"}"), 409);
    assert_int_equal(add_seat("{\"token\":\"nobodys\"}"), 404);
    assert_int_equal(add_seat("{}"), 422);
    int status = 0;
    for (int i = 0; i < 30; i++) {
        status = add_seat("{\"token\":\"nobodys\"}");
    }
    assert_int_equal(status, 429); // guessing
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_further_stream_names_itself),
        TEST(the_first_stream_is_as_ever),
        TEST(a_command_says_its_stream),
        TEST(who_may_not_is_refused),
        TEST(twice_is_refused_and_nothing_is_replaced),
        TEST(so_many_and_no_more),
        TEST(a_thousand_asks_end_the_connection),
        TEST(left_is_left),
        TEST(what_is_owed_comes_before_leaving),
        TEST(the_last_is_not_left_by_waiting),
        TEST(an_end_answers_who_was_leaving),
        TEST(a_meeting_knows_who_follows_it),
        TEST(one_that_ends_leaves_the_others),
        TEST(coming_twice_counts_in_each_meeting),
        TEST(a_closed_connection_leaves_all),
        TEST(who_does_not_read_loses_all),
        TEST(states_come_one_after_another),
        TEST(none_overtakes_one_that_waits),
        TEST(no_more_wait_than_may_be_followed),
        TEST(states_are_counted_however_they_come),
        TEST(pings_tell_the_time_of_each_stream),
        TEST(one_goes_on_after_what_one_has),
        TEST(after_nothing_comes_everything),
        TEST(a_session_opens_any_of_its_meetings),
        TEST(seats_are_listed_and_added),
        TEST(who_sits_nowhere_counts_as_an_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
