#include "world.h"

#include <sqlite3.h>
#include <string.h>

#include "base/text.h"

static void test_nothing_is_told_before_the_journal_has_it(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    uint32_t from = world->line_count;
    uint64_t before = 0;
    uint64_t seq = 0;
    (void)app_meeting(world->app, "demo", &before);
    struct command give = {.type = COMMAND_FLOOR_GIVE};
    text_copy_cut(give.as.floor_give.participant, CONTRACT_ID_MAX + 1, "delegate-fra");
    world_give(world, chair, &give);
    assert_int_equal(world->line_count, from); // no event, no answer, no word to media
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_int_equal(seq, before);
    assert_int_equal(meeting->floor_count, 0);
    struct event events[4];
    uint32_t count = 0;
    assert_int_equal(app_events(world->app, "demo", before, events, 4, &count), ERR_NONE);
    assert_int_equal(count, 0);
    world_commit(world);
    // Media first, then the events, then the answer with their number.
    uint32_t link = world_find(world, from, "link channel");
    uint32_t publish = world_find(world, link, "publish demo");
    uint32_t reply = world_find(world, publish, "reply");
    assert_true(reply < world->line_count);
    assert_int_equal(world_find(world, from, "publish demo"), publish);
    assert_int_equal(world_count(world, reply, "publish"), 0);
    (void)app_meeting(world->app, "demo", &seq);
    assert_int_equal(seq, before + world_count(world, from, "publish demo"));
    assert_int_equal(world->reply.seq, seq);
    assert_int_equal(world->reply.err, ERR_NONE);
}

// The journal's disk is slow: another writer holds the database, so nothing can be committed
// meanwhile.
static void test_asking_too_early_tells_nothing(void **state)
{
    struct world *world = *state;
    char path[128];
    sqlite3 *other = NULL;
    app_live live = world_enter(world, "delegate-fra");
    snprintf(path, sizeof(path), "%s/%s", world->folder, STORE_FILE_NAME);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    const struct command request = {.type = COMMAND_FLOOR_REQUEST};
    uint32_t from = world->line_count;
    world_give(world, live, &request);
    for (int i = 0; i < 1000; i++) {
        app_committed(world->app, world->now, world->wall);
    }
    assert_int_equal(world->line_count, from);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    world_commit(world);
    assert_int_equal(world_count(world, from, "publish"), 1);
    assert_int_equal(world_count(world, from, "reply"), 1);
}

static void test_refusals(void **state)
{
    struct world *world = *state;
    app_live delegate = world_enter(world, "delegate-fra");
    app_live listener = world_enter(world, "listener");
    app_live secretary = world_enter(world, "secretary");
    uint32_t from = world->line_count;
    assert_int_equal(world_floor_give(world, delegate, "delegate-fra"), ERR_FORBIDDEN);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_CAPACITY_FORBIDS);
    assert_int_equal(world_simple(world, delegate, COMMAND_SITTING_CLOSE), ERR_FORBIDDEN);
    assert_int_equal(world_simple(world, listener, COMMAND_FLOOR_REQUEST), ERR_FORBIDDEN);
    assert_int_equal(world_desk(world, delegate, MICROPHONE_ON), ERR_FORBIDDEN);
    assert_int_equal(world_simple(world, secretary, COMMAND_FLOOR_TAKE), ERR_FORBIDDEN);
    assert_int_equal(world_floor_give(world, secretary, "nobody"), ERR_NOT_FOUND);
    assert_int_equal(world_simple(world, delegate, COMMAND_FLOOR_YIELD), ERR_CONFLICT);
    assert_int_equal(world_count(world, from, "publish"), 0); // the meeting is untouched
    assert_int_equal(world_count(world, from, "reply"), 7);
}

static void test_on_behalf_of_the_chair(void **state)
{
    struct world *world = *state;
    app_live moderator = world_enter(world, "moderator");
    world_enter(world, "delegate-fra");
    uint64_t before = 0;
    (void)app_meeting(world->app, "demo", &before);
    assert_int_equal(world_floor_give(world, moderator, "delegate-fra"), ERR_NONE);
    struct event events[16];
    uint32_t count = 0;
    assert_int_equal(app_events(world->app, "demo", before, events, 16, &count), ERR_NONE);
    assert_true(count > 0);
    assert_int_equal(events[0].type, EVENT_MICROPHONE_OPENED);
    assert_true(events[0].on_behalf_of_chair);
    assert_string_equal(events[0].by, "moderator");
}

static void test_answers_keep_the_order_of_commands(void **state)
{
    struct world *world = *state;
    app_live first = world_enter(world, "delegate-fra");
    app_live second = world_enter(world, "delegate-chn");
    const struct command request = {.type = COMMAND_FLOOR_REQUEST};
    uint32_t from = world->line_count;
    world_give(world, first, &request);
    world_give(world, second, &request);
    world_give(world, second, &request); // a refusal that rests on what is not committed yet
    assert_int_equal(world->line_count, from);
    world_commit(world);
    assert_true(text_starts_with(world->lines[from], "publish"));
    assert_true(text_starts_with(world->lines[from + 1], "reply"));
    assert_true(text_starts_with(world->lines[from + 2], "publish"));
    assert_true(text_starts_with(world->lines[from + 3], "reply"));
    assert_true(text_starts_with(world->lines[from + 4], "reply"));
    assert_int_equal(world->line_count, from + 5);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_CONFLICT);
}

static void test_nobody_waits_any_more(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    const struct command request = {.type = COMMAND_FLOOR_REQUEST};
    world_give(world, live, &request);
    app_live_close(world->app, live, false, world->now, world->wall);
    uint32_t from = world->line_count;
    world_commit(world);
    assert_int_equal(world_count(world, from, "publish"), 1); // it happened
    assert_int_equal(world_count(world, from, "reply"), 0);
    world_give(world, live, &request); // a stale handle
    assert_int_equal(world_count(world, from, "reply"), 0);
}

static void test_stopping(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    const struct command request = {.type = COMMAND_FLOOR_REQUEST};
    world_give(world, live, &request);
    uint32_t from = world->line_count;
    app_stop(world->app, world->now, world->wall);
    // What was decided is committed and told; nothing new is taken.
    assert_int_equal(world_count(world, from, "publish"), 1);
    assert_int_equal(world_count(world, from, "reply"), 1);
    assert_int_equal(world_count(world, from, "notice"), 1);
    assert_int_equal(world->notice.type, NOTICE_SERVER_STOPPING);
    assert_int_equal(world_simple(world, live, COMMAND_FLOOR_WITHDRAW), ERR_UNAVAILABLE);
    struct app_identity identity = world_identity(world, "delegate-chn");
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &live),
                     ERR_UNAVAILABLE);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_nothing_is_told_before_the_journal_has_it),
        CASE(test_asking_too_early_tells_nothing),
        CASE(test_refusals),
        CASE(test_on_behalf_of_the_chair),
        CASE(test_answers_keep_the_order_of_commands),
        CASE(test_nobody_waits_any_more),
        CASE(test_stopping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
