// The live protocol over a fake app: hello, state, events, replies, notices, heartbeats, resuming.
#include "../test.h"

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

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_int_t number_at(const json_t *object, const char *name)
{
    assert_true(json_is_integer(json_object_get(object, name)));
    return json_integer_value(json_object_get(object, name));
}

static json_t *expect(api_connection connection, const char *kind)
{
    json_t *message = bench_next(bench, connection);
    assert_non_null(message);
    assert_string_equal(bench_kind(message), kind);
    return message;
}

static void pass_over(api_connection connection, const char *kind)
{
    json_decref(expect(connection, kind));
}

static void expect_silence(api_connection connection)
{
    assert_null(bench_next_text(bench, connection));
}

static void open_as(api_connection connection, const char *bearer)
{
    assert_int_equal(bench_open(bench, connection, bearer, "meeting=m1"), 101);
    bench_skip(bench);
}

static void publish_list(uint32_t count)
{
    struct event events[512] = {0};
    for (uint32_t i = 0; i < count; i++) {
        events[i] = (struct event){.at = 9, .type = EVENT_LIST_CHANGED};
    }
    fake_app_publish_many(bench->app, events, count);
}

static void publish_help(const char *participant)
{
    struct event event = {.at = 9, .type = EVENT_HELP_CHANGED, .on_behalf_of_chair = true};
    strcpy(event.by, "p-moderator");
    strcpy(event.as.help_changed.participant, participant);
    fake_app_publish(bench->app, &event);
}

static bool holds(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0) {
            return true;
        }
    }
    return false;
}

static void hello_then_snapshot(void **state)
{
    (void)state;
    publish_list(2);
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m1"), 101);
    json_t *message = expect(1, "hello");
    const json_t *hello = json_object_get(message, "hello");
    assert_int_equal(number_at(hello, "protocol"), 1);
    assert_string_equal(text_at(hello, "participant"), "p-delegate");
    assert_string_equal(text_at(hello, "meeting"), "m1");
    assert_string_equal(text_at(hello, "capacity"), "delegate");
    assert_int_equal(number_at(hello, "now"), bench->wall);
    assert_int_equal(number_at(hello, "seq"), 2);
    assert_true(json_is_false(json_object_get(hello, "resumed")));
    const json_t *sections = json_object_get(json_object_get(hello, "plan"), "sections");
    assert_string_equal(text_at(json_array_get(sections, 0), "track"), "microphone");
    assert_true(holds(json_object_get(hello, "may"), "floor.request"));
    assert_false(holds(json_object_get(hello, "may"), "floor.give"));
    json_decref(message);
    message = expect(1, "snapshot");
    assert_int_equal(number_at(message, "seq"), 2);
    assert_string_equal(text_at(json_object_get(message, "snapshot"), "id"), "m1");
    json_decref(message);
    expect_silence(1);
}

static void only_the_own_meeting_and_only_participants(void **state)
{
    (void)state;
    assert_int_equal(bench_open(bench, 1, NULL, "meeting=m1"), 401);
    assert_int_equal(bench_open(bench, 1, "stranger", "meeting=m1"), 401);
    assert_int_equal(bench_open(bench, 1, "expired", "meeting=m1"), 401);
    assert_int_equal(bench_open(bench, 1, "removed", "meeting=m1"), 403);
    assert_int_equal(bench_open(bench, 1, "foreign", "meeting=m1"), 403);
    assert_int_equal(bench_open(bench, 1, "account", "meeting=m1"), 403);
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m2"), 403);
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting="), 403);
    assert_int_equal(bench_open(bench, 1, "delegate", NULL), 422);
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m1&after=x"), 422);
    assert_int_equal(bench->app->lives_opened, 0);
    assert_int_equal(bench->sent_count, 0);
}

static json_int_t help_count(api_connection connection, const char *bearer)
{
    assert_int_equal(bench_open(bench, connection, bearer, "meeting=m1"), 101);
    pass_over(connection, "hello");
    json_t *message = expect(connection, "snapshot");
    const json_t *participants = json_object_get(json_object_get(message, "snapshot"),
                                                 "participants");
    json_int_t count = 0;
    for (size_t i = 0; i < json_array_size(participants); i++) {
        count += strcmp(text_at(json_array_get(participants, i), "help"), "none") != 0;
    }
    json_decref(message);
    return count;
}

static void calls_for_help_are_the_help_desks_business(void **state)
{
    (void)state;
    assert_int_equal(help_count(1, "delegate"), 1); // one's own
    assert_int_equal(help_count(2, "moderator"), 5);
    assert_int_equal(help_count(3, "listener"), 1);
}

static void events_reach_everyone_once_encoded(void **state)
{
    (void)state;
    open_as(1, "chair");
    open_as(2, "delegate");
    publish_list(1);
    const char *one = bench_next_text(bench, 1);
    const char *two = bench_next_text(bench, 2);
    assert_string_equal(one,
                        "{\"events\":[{\"seq\":1,\"at\":9,\"by\":\"\",\"type\":\"list.changed\","
                        "\"data\":{\"state\":\"open\"}}]}");
    assert_string_equal(two, one);
    expect_silence(1);
}

static void what_one_may_not_see_is_withheld(void **state)
{
    (void)state;
    open_as(1, "moderator");
    open_as(2, "delegate");
    open_as(3, "listener");
    publish_help("p-listener");
    const char *wanted =
        "{\"events\":[{\"seq\":1,\"at\":9,\"by\":\"p-moderator\",\"on_behalf_of_chair\":true,"
        "\"type\":\"help.changed\",\"data\":{\"participant\":\"p-listener\",\"state\":\"none\"}}]}";
    assert_string_equal(bench_next_text(bench, 1), wanted);
    assert_string_equal(bench_next_text(bench, 2),
                        "{\"events\":[{\"seq\":1,\"type\":\"withheld\"}]}");
    assert_string_equal(bench_next_text(bench, 3), wanted);
}

static void publish_chat(enum chat_room room, enum language booth)
{
    struct event event = {.at = 9, .type = EVENT_CHAT_SAID};
    strcpy(event.by, "p-interpreter");
    event.as.chat_said = (struct event_chat_said){.room = room, .language = booth, .text = "hello"};
    fake_app_publish(bench->app, &event);
}

static bool reads(api_connection connection)
{
    return strstr(bench_next_text(bench, connection), "hello") != NULL;
}

// An interpreter of the French booth, a moderator, a chair.
static void chats_are_told_to_their_members(void **state)
{
    (void)state;
    static const struct {
        enum chat_room room;
        enum language booth;
        bool interpreter, moderator;
    } cases[] = {
        {CHAT_ROOM_BOOTH, LANGUAGE_FR, true, false},
        {CHAT_ROOM_BOOTH, LANGUAGE_RU, false, false},
        {CHAT_ROOM_INTERPRETERS, LANGUAGE_NONE, true, false},
        {CHAT_ROOM_TECHNICIAN, LANGUAGE_FR, true, false},
        {CHAT_ROOM_MODERATOR, LANGUAGE_FR, true, true},
        {CHAT_ROOM_MODERATOR, LANGUAGE_RU, false, true},
    };
    bench->app->meeting.participants[3].language = LANGUAGE_FR;
    open_as(1, "interpreter");
    open_as(2, "moderator");
    open_as(3, "chair");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        publish_chat(cases[i].room, cases[i].booth);
        assert_int_equal(reads(1), cases[i].interpreter);
        assert_int_equal(reads(2), cases[i].moderator);
        assert_false(reads(3));
    }
}

static size_t snapshot_count(api_connection connection, const char *bearer, const char *list)
{
    assert_int_equal(bench_open(bench, connection, bearer, "meeting=m1"), 101);
    pass_over(connection, "hello");
    json_t *message = expect(connection, "snapshot");
    size_t count = json_array_size(json_object_get(json_object_get(message, "snapshot"), list));
    json_decref(message);
    return count;
}

static void the_snapshot_keeps_to_the_same_rule(void **state)
{
    (void)state;
    struct meeting *meeting = &bench->app->meeting;
    meeting->participants[3].language = LANGUAGE_FR;
    meeting->chat_count = 3;
    meeting->chat[0] = (struct chat_line){.room = CHAT_ROOM_BOOTH, .language = LANGUAGE_RU};
    meeting->chat[1] = (struct chat_line){.room = CHAT_ROOM_INTERPRETERS};
    meeting->chat[2] = (struct chat_line){.room = CHAT_ROOM_MODERATOR, .language = LANGUAGE_FR};
    for (int i = 0; i < 3; i++) {
        strcpy(meeting->chat[i].participant, "p-interpreter");
    }
    meeting->signals_count = 2;
    meeting->signals[0] = (struct signal){.kind = SIGNAL_KIND_SLOW_DOWN, .participant = "p-chair"};
    meeting->signals[1] = (struct signal){.kind = SIGNAL_KIND_LOUDER, .participant = "p-delegate"};
    assert_int_equal(snapshot_count(1, "interpreter", "chat"), 2);
    assert_int_equal(snapshot_count(2, "moderator", "chat"), 1);
    assert_int_equal(snapshot_count(3, "chair", "chat"), 0);
    assert_int_equal(snapshot_count(4, "delegate", "chat"), 0);
    assert_int_equal(snapshot_count(5, "chair", "signals"), 2);
    assert_int_equal(snapshot_count(6, "delegate", "signals"), 1); // about oneself
    assert_int_equal(snapshot_count(7, "listener", "signals"), 0);
}

static void check_sequence(api_connection connection, json_int_t first, json_int_t last)
{
    json_int_t next = first;
    for (json_t *message = bench_next(bench, connection); message != NULL;
         message = bench_next(bench, connection)) {
        assert_string_equal(bench_kind(message), "events");
        const json_t *events = json_object_get(message, "events");
        for (size_t i = 0; i < json_array_size(events); i++) {
            assert_int_equal(number_at(json_array_get(events, i), "seq"), next++);
        }
        json_decref(message);
    }
    assert_int_equal(next, last + 1);
}

static void many_events_come_in_order_and_none_is_left_out(void **state)
{
    (void)state;
    open_as(1, "delegate");
    publish_list(500);
    publish_help("p-chair");
    publish_list(33);
    check_sequence(1, 1, 534);
}

static void resuming_gives_what_was_missed(void **state)
{
    (void)state;
    publish_list(300);
    publish_help("p-chair");
    publish_list(200);
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m1&after=7"), 101);
    json_t *message = expect(1, "hello");
    assert_true(json_is_true(json_object_get(json_object_get(message, "hello"), "resumed")));
    assert_int_equal(number_at(json_object_get(message, "hello"), "seq"), 501);
    json_decref(message);
    publish_list(2);
    check_sequence(1, 8, 503);
}

static void resuming_with_nothing_missed(void **state)
{
    (void)state;
    publish_list(3);
    assert_int_equal(bench_open(bench, 1, "delegate", "after=3&meeting=m1"), 101);
    pass_over(1, "hello");
    expect_silence(1);
    publish_list(1);
    check_sequence(1, 4, 4);
}

static void expect_snapshot_for(const char *query, api_connection connection)
{
    assert_int_equal(bench_open(bench, connection, "delegate", query), 101);
    json_t *message = expect(connection, "hello");
    assert_true(json_is_false(json_object_get(json_object_get(message, "hello"), "resumed")));
    json_decref(message);
    pass_over(connection, "snapshot");
}

static void what_cannot_be_resumed_starts_with_a_snapshot(void **state)
{
    (void)state;
    publish_list(500);
    publish_list(500);
    publish_list(500);
    bench->app->forgotten = 1000;
    expect_snapshot_for("meeting=m1&after=1501", 1); // from the future
    expect_snapshot_for("meeting=m1&after=800", 2);  // the journal does not reach back
    expect_snapshot_for("meeting=m1&after=0", 3);    // too much to tell one by one
    assert_int_equal(bench_open(bench, 4, "delegate", "meeting=m1&after=1000"), 101);
    pass_over(4, "hello");
    check_sequence(4, 1001, 1500);
}

static void a_reply_comes_after_its_events(void **state)
{
    (void)state;
    open_as(1, "listener");
    open_as(2, "moderator");
    bench_say(bench, 1, "{\"id\":41,\"command\":\"help.ask\",\"data\":{}}");
    check_sequence(2, 1, 1);
    pass_over(1, "events");
    assert_string_equal(bench_next_text(bench, 1), "{\"reply\":41,\"seq\":1}");
    expect_silence(2);
}

static void replies_carry_data_or_a_problem(void **state)
{
    (void)state;
    open_as(1, "delegate");
    bench_say(bench, 1,
              "{\"id\":1,\"command\":\"media.join\",\"data\":{\"sdp\":\"v=0\\r\\no=-\"}}");
    assert_string_equal(bench->app->last_sdp, "v=0\r\no=-");
    assert_string_equal(bench_next_text(bench, 1),
                        "{\"reply\":1,\"data\":{\"sdp\":\"v=0\\r\\n\"},\"seq\":0}");
    bench_say(bench, 1,
              "{\"id\":2,\"command\":\"floor.give\",\"data\":{\"participant\":\"p-chair\"}}");
    assert_string_equal(
        bench_next_text(bench, 1),
        "{\"reply\":2,\"problem\":{\"type\":\"/problems/forbidden\",\"title\":\"Your capacity does "
        "not "
        "permit this\",\"status\":403,\"refusal\":{\"reason\":\"screen_taken\",\"most\":2,"
        "\"participant\":\"p-chair\"}}}");
    bench_say(bench, 1, "{\"id\":3,\"command\":\"screen.set\",\"data\":{\"on\":1}}");
    json_t *message = expect(1, "reply");
    assert_string_equal(text_at(json_object_get(message, "problem"), "field"), "on");
    assert_int_equal(number_at(json_object_get(message, "problem"), "status"), 422);
    json_decref(message);
    bench_say(bench, 1, "{\"id\":4,\"command\":\"floor.request\"}");
    assert_string_equal(bench_next_text(bench, 1), "{\"reply\":4,\"seq\":0}");
    assert_int_equal(bench->app->commands, 3);
}

static void a_late_reply_finds_its_connection_or_nobody(void **state)
{
    (void)state;
    open_as(1, "delegate");
    bench->app->hold_replies = true;
    bench_say(bench, 1, "{\"id\":9,\"command\":\"floor.request\"}");
    expect_silence(1);
    fake_app_answer(bench->app);
    assert_string_equal(bench_next_text(bench, 1), "{\"reply\":9,\"seq\":0}");
    bench_say(bench, 1, "{\"id\":10,\"command\":\"floor.request\"}");
    api_live_closed(bench->api, 1, false, bench->now, bench->wall);
    fake_app_answer(bench->app);
    expect_silence(1);
}

static void notices_reach_the_one_they_are_for(void **state)
{
    (void)state;
    open_as(1, "delegate");
    open_as(2, "chair");
    const struct notice notice = {.type = NOTICE_MEDIA_STATE, .as.media_state.connected = true};
    bench->app->ports.notice(bench->app->ports.context, fake_app_live(0), &notice);
    assert_string_equal(bench_next_text(bench, 1),
                        "{\"notice\":\"media.state\",\"data\":{\"connected\":true}}");
    expect_silence(2);
}

static void heartbeats_and_silence(void **state)
{
    (void)state;
    open_as(1, "delegate");
    open_as(2, "chair");
    bench_pass(bench, 1 * TIME_US_PER_S);
    pass_over(1, "ping");
    pass_over(2, "ping");
    bench_pass(bench, 4 * TIME_US_PER_S);
    expect_silence(1);
    bench_pass(bench, 2 * TIME_US_PER_S);
    pass_over(1, "ping");
    bench_pass(bench, 5 * TIME_US_PER_S);
    pass_over(1, "ping");
    bench_say(bench, 1, "{\"pong\":1800000005000}");
    bench_pass(bench, 4 * TIME_US_PER_S);
    assert_int_equal(bench->closed_code[1], 0);
    assert_int_equal(bench->closed_code[2], 4002);
    assert_int_equal(bench->app->lives_closed, 1);
    assert_false(bench->app->lives[1].open);
    bench_pass(bench, 20 * TIME_US_PER_S);
    assert_int_equal(bench->closed_code[1], 4002);
    assert_int_equal(api_next_deadline(bench->api), TIME_US_NEVER);
}

static void answer_ping(api_connection connection, time_us after)
{
    json_t *message = expect(connection, "ping");
    char pong[64];
    (void)snprintf(pong, sizeof(pong), "{\"pong\":%lld}", (long long)number_at(message, "ping"));
    json_decref(message);
    bench_pass(bench, after);
    bench_say(bench, connection, pong);
}

static void the_round_trip_is_measured(void **state)
{
    (void)state;
    open_as(1, "delegate");
    const struct fake_live *live = &bench->app->lives[0];
    bench_pass(bench, TIME_US_PER_S);
    bench_say(bench, 1, "{\"pong\":1}"); // to nothing that was asked
    assert_int_equal(live->round_trip, 0);
    answer_ping(1, 600 * TIME_US_PER_MS);
    assert_int_equal(live->round_trip, 600 * TIME_US_PER_MS);
    bench_say(bench, 1, "{\"pong\":1}");
    assert_int_equal(live->round_trip, 600 * TIME_US_PER_MS);
    // The next ones move it by a quarter.
    bench_pass(bench, 4400 * TIME_US_PER_MS);
    answer_ping(1, 1000 * TIME_US_PER_MS);
    assert_int_equal(live->round_trip, 700 * TIME_US_PER_MS);
}

// Whoever answers as late as that counts as five seconds away, and has forty seconds of silence.
static void a_late_answer_is_bounded(void **state)
{
    (void)state;
    open_as(1, "delegate");
    open_as(2, "chair");
    bench_pass(bench, TIME_US_PER_S);
    answer_ping(1, 13 * TIME_US_PER_S); // the pings in between are not measured
    assert_int_equal(bench->app->lives[0].round_trip, 5 * TIME_US_PER_S);
    bench_pass(bench, 2 * TIME_US_PER_S);
    assert_int_equal(bench->closed_code[2], 4002); // a near line's silence is as before
    bench_pass(bench, 37 * TIME_US_PER_S);
    assert_int_equal(bench->closed_code[1], 0);
    bench_pass(bench, 2 * TIME_US_PER_S);
    assert_int_equal(bench->closed_code[1], 4002);
}

static void a_newer_connection_replaces_the_older(void **state)
{
    (void)state;
    open_as(1, "delegate");
    assert_int_equal(bench_open(bench, 2, "delegate", "meeting=m1"), 101);
    assert_string_equal(bench_next_text(bench, 1),
                        "{\"notice\":\"session.ended\",\"data\":{\"reason\":\"replaced\"}}");
    assert_int_equal(bench->closed_code[1], 4001);
    assert_string_equal(bench->closed_reason[1], "replaced");
    pass_over(2, "hello");
    pass_over(2, "snapshot");
    publish_list(1);
    expect_silence(1);
    check_sequence(2, 1, 1);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 0); // the app ended it itself
    api_live_closed(bench->api, 1, false, bench->now, bench->wall);
    assert_int_equal(bench->app->lives_closed, 0);
}

static void signing_out_ends_the_connection(void **state)
{
    (void)state;
    open_as(1, "delegate");
    const struct notice notice = {.type = NOTICE_SESSION_ENDED,
                                  .as.session_ended.reason = "signed-out"};
    bench->app->ports.notice(bench->app->ports.context, fake_app_live(0), &notice);
    struct bench_request request = {
        .method = API_DELETE, .path = "/api/v1/session", .bearer = "delegate"};
    struct api_response response;
    json_decref(bench_call(bench, &request, &response));
    pass_over(1, "notice"); // told once, though the app and the api both would
    expect_silence(1);
    assert_int_equal(bench->closed_code[1], 4001);
}

static void who_does_not_read_is_ended_and_resumes(void **state)
{
    (void)state;
    open_as(1, "delegate");
    open_as(2, "chair");
    bench->full = 1;
    publish_list(1);
    check_sequence(2, 1, 1);
    assert_int_equal(bench->app->lives_closed, 0); // not from within the app's own call
    assert_int_equal(api_next_deadline(bench->api), 0);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 1);
    bench->full = 0;
    publish_list(4);
    expect_silence(1);
    assert_int_equal(bench_open(bench, 3, "delegate", "meeting=m1&after=0"), 101);
    pass_over(3, "hello");
    check_sequence(3, 1, 5);
}

static void a_closed_connection_is_told_to_the_app(void **state)
{
    (void)state;
    open_as(1, "delegate");
    api_live_closed(bench->api, 1, false, bench->now, bench->wall);
    bench_pass(bench, 1);
    assert_int_equal(bench->app->lives_closed, 1);
    bench_say(bench, 1, "{\"id\":1,\"command\":\"floor.request\"}");
    assert_int_equal(bench->app->commands, 0);
}

// A page that goes on names the last event that it has; one that says goodbye is gone.
static void the_app_learns_whether_a_page_is_new_or_gone(void **state)
{
    (void)state;
    open_as(1, "delegate");
    assert_false(bench->app->lives[0].resumes);
    publish_list(1);
    api_live_closed(bench->api, 1, false, bench->now, bench->wall);
    bench_pass(bench, 1);
    assert_false(bench->app->lives[0].left);
    assert_int_equal(bench_open(bench, 2, "delegate", "meeting=m1&after=1"), 101);
    assert_true(bench->app->lives[1].resumes);
    api_live_closed(bench->api, 2, true, bench->now, bench->wall);
    bench_pass(bench, 1);
    assert_true(bench->app->lives[1].left);
    assert_int_equal(bench_open(bench, 3, "delegate", "meeting=m1&after=0"), 101);
    assert_false(bench->app->lives[2].resumes);
}

static void the_app_may_refuse(void **state)
{
    (void)state;
    bench->app->live_open_result = ERR_FULL;
    assert_int_equal(bench_open(bench, 1, "delegate", "meeting=m1"), 101);
    assert_int_equal(bench->closed_code[1], 1013);
    bench->app->live_open_result = ERR_FORBIDDEN;
    assert_int_equal(bench_open(bench, 2, "delegate", "meeting=m1"), 101);
    assert_int_equal(bench->closed_code[2], 1008);
    assert_int_equal(bench->sent_count, 0);
    bench_pass(bench, 2 * TIME_US_PER_S);
    assert_int_equal(bench->app->lives_closed, 0);
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(hello_then_snapshot),
        LIVE_TEST(only_the_own_meeting_and_only_participants),
        LIVE_TEST(calls_for_help_are_the_help_desks_business),
        LIVE_TEST(events_reach_everyone_once_encoded),
        LIVE_TEST(what_one_may_not_see_is_withheld),
        LIVE_TEST(chats_are_told_to_their_members),
        LIVE_TEST(the_snapshot_keeps_to_the_same_rule),
        LIVE_TEST(many_events_come_in_order_and_none_is_left_out),
        LIVE_TEST(resuming_gives_what_was_missed),
        LIVE_TEST(resuming_with_nothing_missed),
        LIVE_TEST(what_cannot_be_resumed_starts_with_a_snapshot),
        LIVE_TEST(a_reply_comes_after_its_events),
        LIVE_TEST(replies_carry_data_or_a_problem),
        LIVE_TEST(a_late_reply_finds_its_connection_or_nobody),
        LIVE_TEST(notices_reach_the_one_they_are_for),
        LIVE_TEST(heartbeats_and_silence),
        LIVE_TEST(the_round_trip_is_measured),
        LIVE_TEST(a_late_answer_is_bounded),
        LIVE_TEST(a_newer_connection_replaces_the_older),
        LIVE_TEST(signing_out_ends_the_connection),
        LIVE_TEST(who_does_not_read_is_ended_and_resumes),
        LIVE_TEST(a_closed_connection_is_told_to_the_app),
        LIVE_TEST(the_app_learns_whether_a_page_is_new_or_gone),
        LIVE_TEST(the_app_may_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
