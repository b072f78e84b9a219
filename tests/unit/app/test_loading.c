// One meeting whose journal cannot be read is set aside; the others run.
#include "world.h"

#include <sqlite3.h>

#include "app/replay.h"
#include "base/text.h"

// What is wrong with the journal of "demo", and how it is named.
struct harm {
    void (*do_it)(struct world *world);
    const char *reason;
};

static void run(struct world *world, const char *sql)
{
    sqlite3 *other = NULL;
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", world->folder, STORE_FILE_NAME);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other,
                                  "DROP TRIGGER IF EXISTS journal_keeps_rows;"
                                  "DROP TRIGGER IF EXISTS journal_keeps_values;",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void change_a_row(struct world *world)
{
    run(world, "UPDATE journal SET by = 'nobody' WHERE meeting = 'demo' AND seq = 5");
}

static void cut_the_end(struct world *world)
{
    run(world, "DELETE FROM journal WHERE meeting = 'demo' AND seq > 7");
}

static void spoil_the_head(struct world *world)
{
    run(world, "UPDATE journal_head SET hash = x'00' WHERE meeting = 'demo'");
}

static void lose_all_rows(struct world *world)
{
    run(world,
        "DELETE FROM journal WHERE meeting = 'demo';"
        "UPDATE journal_head SET seq = 0 WHERE meeting = 'demo'");
}

// A row that is chained as it should be, of a kind that a later server may know.
static void add_unknown_event(struct world *world)
{
    char sql[512];
    char previous[2 * JOURNAL_HASH_SIZE + 1];
    char hash[2 * JOURNAL_HASH_SIZE + 1];
    struct journal_row row = {
        .meeting = "demo", .by = "", .type = "gong.struck", .data = "{}", .data_length = 2};
    assert_int_equal(journal_head(world->store, "demo", &row.seq, row.previous), ERR_NONE);
    row.seq++;
    row.at = world->wall;
    journal_hash(&row, row.hash);
    text_hex(previous, row.previous, JOURNAL_HASH_SIZE);
    text_hex(hash, row.hash, JOURNAL_HASH_SIZE);
    snprintf(sql, sizeof(sql),
             "INSERT INTO journal VALUES ('demo', %llu, %lld, '', 0, 'gong.struck', '{}', x'%s', "
             "x'%s'); UPDATE journal_head SET seq = seq + 1, hash = x'%s' WHERE meeting = 'demo'",
             (unsigned long long)row.seq, (long long)row.at, previous, hash, hash);
    run(world, sql);
}

static void append(struct world *world, struct event *event)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    uint64_t ticket = 0;
    assert_int_equal(journal_head(world->store, "demo", &event->seq, hash), ERR_NONE);
    event->seq++;
    event->at = world->wall;
    assert_int_equal(journal_append(world->store, "demo", event, 1, &ticket), ERR_NONE);
    assert_int_equal(journal_flush(world->store), ERR_NONE);
}

// The core takes these for a bug.
static void add_impossible_event(struct world *world)
{
    static struct event event = {.type = EVENT_PARTICIPANT_REMOVED,
                                 .as.participant_removed = {.participant = "nobody"}};
    append(world, &event);
}

static void add_what_breaks_a_rule(struct world *world)
{
    static struct event event = {
        .type = EVENT_CHANNEL_CHANGED,
        .as.channel_changed.channel = {.id = CHANNEL_ID_FR, .state = CHANNEL_STATE_INTERPRETED}};
    append(world, &event);
}

static const struct harm harms[] = {
    {change_a_row, "a row was changed"},
    {cut_the_end, "rows are missing at the end"},
    {spoil_the_head, "its head cannot be read"},
    {lose_all_rows, NULL}, // as if there had never been one
    {add_unknown_event, "an event that this server cannot read"},
    {add_impossible_event, "an event that cannot be: state->index[slot] != 0"},
    {add_what_breaks_a_rule, ""},
};

static uint64_t set_aside_figure(struct world *world)
{
    uint32_t count = 0;
    const struct app_figure *figures = app_figures(world->app, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(figures[i].name, "plenary_meetings_set_aside")) {
            return figures[i].value;
        }
    }
    return UINT64_MAX;
}

static void note_fault(void *context, const char *meeting, const struct replay_fault *fault)
{
    struct replay_fault *noted = context;
    assert_string_equal(meeting, "demo");
    *noted = *fault;
}

static void check_fault(struct world *world, const struct harm *harm)
{
    struct replay_fault fault = {0};
    uint32_t meetings = 0;
    if (harm->reason == NULL) {
        return;
    }
    assert_int_equal(replay_examine(world->store, note_fault, &fault, &meetings), ERR_NONE);
    assert_int_equal(meetings, 2);
    assert_true(fault.reason[0] != '\0');
    assert_true(harm->reason[0] == '\0' || text_equal(fault.reason, harm->reason));
}

// Whoever belongs to the meeting hears what is wrong, and nobody else that there is one.
static void check_doors(struct world *world, const char *link, const char *session)
{
    struct app_identity identity;
    struct session made;
    char token[APP_TOKEN_MAX + 1];
    const struct app_token_wish wish = {
        .meeting = "demo", .capacity = CAPACITY_LISTENER, .lifetime_ms = 1000};
    const struct app_door_place place = {
        .kind = APP_DOOR_LISTEN, .meeting = "demo", .name = "floor"};
    const struct app_identity bound = {
        .meeting = "demo", .bound = true, .door = APP_DOOR_LISTEN, .name = "floor"};
    const struct app_identity stranger = {.meeting = "rehearsal"};
    assert_int_equal(app_sign_in_link(world->app, link, "", world->wall, &made), ERR_SET_ASIDE);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_SET_ASIDE);
    assert_int_equal(app_identify(world->app, session, world->wall, &identity), ERR_SET_ASIDE);
    assert_int_equal(app_door_permit(world->app, &bound, &place), ERR_SET_ASIDE);
    assert_int_equal(app_door_permit(world->app, &stranger, &place), ERR_FORBIDDEN);
    assert_int_not_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
}

static void harm_and_start(struct world *world, const struct harm *harm)
{
    char link[APP_TOKEN_MAX + 1];
    char session[APP_TOKEN_MAX + 1];
    uint64_t seq = 0;
    world_token(world, "chair", 3600000, link);
    text_copy_cut(session, sizeof(session), world_sign_in(world, "moderator").token);
    harm->do_it(world);
    check_fault(world, harm);
    world_restart_control(world);
    assert_null(app_meeting(world->app, "demo", &seq));
    assert_non_null(app_meeting(world->app, "rehearsal", &seq));
    assert_int_equal(set_aside_figure(world), 1);
    check_doors(world, link, session);
}

static void test_the_others_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
        void *world = NULL;
        world_setup(&world);
        harm_and_start(world, &harms[i]);
        world_teardown(&world);
    }
}

// The links of the other meeting are made as ever.
static void test_the_demonstration_without_one(void **state)
{
    struct world *world = *state;
    struct app_demo_link links[32];
    uint32_t count = 0;
    change_a_row(world);
    assert_int_equal(app_demo_prepare(world->store, world->wall, links, 32, &count), ERR_NONE);
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(links[i].meeting, "rehearsal");
    }
}

static void test_none_is_wrong(void **state)
{
    struct world *world = *state;
    uint32_t meetings = 0;
    assert_int_equal(replay_examine(world->store, note_fault, NULL, &meetings), ERR_NONE);
    assert_int_equal(meetings, 2);
    assert_int_equal(set_aside_figure(world), 0);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_others_run),
        CASE(test_the_demonstration_without_one),
        CASE(test_none_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
