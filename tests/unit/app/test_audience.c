#include "world.h"

#include <string.h>

#include "base/text.h"
#include "store/people.h"

#define HOUR_MS (INT64_C(3600) * 1000)

static struct app_identity come(struct world *world)
{
    const struct app_token_wish wish = {.meeting = "demo",
                                        .capacity = CAPACITY_LISTENER,
                                        .language = LANGUAGE_FR,
                                        .name = "Ada Park",
                                        .lifetime_ms = HOUR_MS};
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct app_identity identity;
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    return identity;
}

static enum err handle_call(struct world *world, app_live helper, const char *whose,
                            enum help_state to)
{
    struct command command = {.type = COMMAND_HELP_HANDLE, .as.help_handle.state = to};
    text_copy_cut(command.as.help_handle.participant, CONTRACT_ID_MAX + 1, whose);
    return world_command(world, helper, &command);
}

static void test_who_only_hears_is_in_no_list(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    world_enter(world, "moderator");
    world_advance(world, 2000);
    uint64_t before = world_seq(world);
    const struct app_identity identity = come(world);
    app_live live = world_connect_as(world, &identity, false);
    const struct participant *self = app_live_audience(world->app, live);
    assert_string_equal(self->name, "Ada Park");
    assert_int_equal(self->presence, PRESENCE_ENTRANCE);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(self->presence, PRESENCE_PRESENT);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_CANCEL), ERR_NONE);
    assert_int_equal(world_simple(world, live, COMMAND_FLOOR_REQUEST), ERR_FORBIDDEN);
    assert_int_equal(world_join(world, live), ERR_NONE);
    assert_non_null(world_peer(world, identity.participant));
    assert_int_equal(world_listen(world, live, SLOT_NAME_LANGUAGE, CHANNEL_ID_ES), ERR_NONE);
    world_media_phase(world, identity.participant, LINK_PEER_CONNECTED);
    world_advance(world, 2000);
    assert_int_equal(world->notice.type, NOTICE_LISTENERS_CHANGED);
    assert_int_equal(world->notice.as.listeners_changed.audience, 1);
    assert_int_equal(world->notice.as.listeners_changed.pages, 2); // with who is told
    assert_in_range(world->notice.as.listeners_changed.pages_most, 2, UINT32_MAX);
    assert_int_equal(world->notice.as.listeners_changed.channels[CHANNEL_ID_ES], 1);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_LEAVE), ERR_NONE);
    assert_int_equal(self->presence, PRESENCE_ENTRANCE);
    app_live_close(world->app, live, true, world->now, world->wall);
    world_advance(world, 2000);
    assert_int_equal(world->notice.as.listeners_changed.audience, 0);
    world_advance(world, 120000);
    assert_null(world_listed(world, identity.participant));
    assert_int_equal(world_seq(world), before);
}

// The consoles are told how the lines are of those whom they have in their lists, of all of them,
// and of nobody else.
static void test_the_lines_of_those_who_called_are_told(void **state)
{
    struct world *world = *state;
    enum { CALLERS = 3 };
    static app_live live[CALLERS];
    const struct command blocked = {.type = COMMAND_MEDIA_BLOCKED,
                                    .as.media_blocked.blocked = true};
    world_media_connect(world);
    world_enter(world, "moderator");
    for (uint32_t i = 0; i < CALLERS; i++) {
        const struct app_identity identity = come(world);
        live[i] = world_connect_as(world, &identity, false);
        assert_int_equal(world_simple(world, live[i], COMMAND_ROOM_ENTER), ERR_NONE);
        assert_int_equal(world_join(world, live[i]), ERR_NONE);
    }
    world_advance(world, 10000);
    world->notice.type = NOTICE_COUNT; // none yet
    assert_int_equal(world_command(world, live[0], &blocked), ERR_NONE);
    world_advance(world, 6000);
    assert_int_not_equal(world->notice.type, NOTICE_HEALTH_CHANGED);
    // Theirs, which was kept, is told with the next.
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(world_simple(world, live[i], COMMAND_HELP_ASK), ERR_NONE);
    }
    assert_int_equal(world_command(world, live[1], &blocked), ERR_NONE);
    world_advance(world, 6000);
    const struct notice_health_changed *changed = &world->notice.as.health_changed;
    assert_int_equal(world->notice.type, NOTICE_HEALTH_CHANGED);
    assert_int_equal(changed->health_count, 2);
    assert_true(changed->health[0].blocked && changed->health[1].blocked);
}

static void test_who_calls_for_help_is_listed_for_that_time(void **state)
{
    struct world *world = *state;
    app_live moderator = world_enter(world, "moderator");
    const struct app_identity identity = come(world);
    const char *id = identity.participant;
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(handle_call(world, moderator, id, HELP_STATE_HANDLED), ERR_NOT_FOUND);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    const struct participant *caller = world_listed(world, id);
    assert_non_null(caller);
    assert_string_equal(caller->name, "Ada Park");
    assert_int_equal(caller->presence, PRESENCE_PRESENT);
    assert_int_equal(caller->help, HELP_STATE_ASKED);
    assert_true(caller->audience);
    // What they do meanwhile is known of a participant, and of them afterwards.
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_LEAVE), ERR_NONE);
    assert_int_equal(handle_call(world, moderator, id, HELP_STATE_HANDLED), ERR_NONE);
    assert_non_null(world_listed(world, id));
    assert_int_equal(handle_call(world, moderator, id, HELP_STATE_NONE), ERR_NONE);
    assert_null(world_listed(world, id));
    assert_int_equal(app_live_audience(world->app, live)->presence, PRESENCE_ENTRANCE);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    // They take their own call back.
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    assert_non_null(world_listed(world, id));
    assert_int_equal(world_simple(world, live, COMMAND_HELP_CANCEL), ERR_NONE);
    assert_null(world_listed(world, id));
}

// Links printed meanwhile are other people's, whatever they say, and none can be asked for the
// caller's own.
static void test_no_link_becomes_a_callers(void **state)
{
    struct world *world = *state;
    struct app_identity caller = come(world);
    app_live live = world_connect_as(world, &caller, false);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    assert_non_null(world_listed(world, caller.participant));
    const struct app_identity alike = come(world); // of the same name
    assert_string_not_equal(alike.participant, caller.participant);
    struct app_token_wish wish = {
        .meeting = "demo", .capacity = CAPACITY_LISTENER, .lifetime_ms = HOUR_MS};
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_string_not_equal(session.participant, caller.participant);
    assert_string_not_equal(session.participant, alike.participant);
    wish.participant = caller.participant;
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NOT_FOUND);
    assert_non_null(app_live_audience(world->app, live));
}

static void test_who_calls_and_goes_is_unlisted(void **state)
{
    struct world *world = *state;
    const struct app_identity identity = come(world);
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    app_live_close(world->app, live, true, world->now, world->wall);
    world_advance(world, 1000);
    assert_non_null(world_listed(world, identity.participant));
    // Whoever comes back meanwhile finds the call as it was, also after a restart.
    world_restart_control(world);
    live = world_connect_as(world, &identity, true);
    assert_int_equal(world_listed(world, identity.participant)->help, HELP_STATE_ASKED);
    assert_non_null(app_live_audience(world->app, live));
    assert_int_equal(app_live_audience(world->app, live)->help, HELP_STATE_NONE);
    app_live_close(world->app, live, true, world->now, world->wall);
    for (int i = 0; i < 70; i++) {
        world_advance(world, 1000);
    }
    assert_null(world_listed(world, identity.participant));
    live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
}

// Their call is theirs as long as the journal is kept: the line told it, and so does the past.
static void test_who_called_finds_their_call_in_the_past(void **state)
{
    enum { TOLD = 4 };
    static const enum event_type told[TOLD] = {EVENT_HELP_CHANGED, EVENT_HELP_CHANGED,
                                               EVENT_HELP_CHANGED, EVENT_PARTICIPANT_REMOVED};
    struct world *world = *state;
    struct event room[16];
    app_live moderator = world_enter(world, "moderator");
    const struct app_identity identity = come(world);
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    assert_int_equal(handle_call(world, moderator, identity.participant, HELP_STATE_HANDLED),
                     ERR_NONE);
    assert_int_equal(handle_call(world, moderator, identity.participant, HELP_STATE_NONE),
                     ERR_NONE);
    const struct viewer viewer = {.capacity = CAPACITY_LISTENER,
                                  .participant = identity.participant};
    struct app_past past = {.section = MEETING_SECTION_HELP,
                            .viewer = &viewer,
                            .events = room,
                            .max = sizeof(room) / sizeof(room[0])};
    assert_int_equal(app_past_read(world->app, "demo", &past), ERR_NONE);
    assert_in_range(past.count, TOLD, past.max);
    for (uint32_t i = 0; i < TOLD; i++) {
        assert_int_equal(room[past.max - TOLD + i].type, told[i]);
    }
}

static void test_who_calls_can_be_removed(void **state)
{
    struct world *world = *state;
    app_live moderator = world_enter(world, "moderator");
    struct app_identity identity = come(world);
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_HELP_ASK), ERR_NONE);
    struct command remove = {.type = COMMAND_PARTICIPANT_REMOVE};
    text_copy_cut(remove.as.participant_remove.participant, CONTRACT_ID_MAX + 1,
                  identity.participant);
    assert_int_equal(world_command(world, moderator, &remove), ERR_NONE);
    assert_null(app_live_audience(world->app, live));
    struct token_row row;
    assert_int_equal(token_find_participant(world->store, "demo", identity.participant, &row),
                     ERR_NONE);
    assert_true(row.revoked);
}

static void test_control_restarted_while_they_hear(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    const struct app_identity identity = come(world);
    app_live live = world_connect_as(world, &identity, false);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(world_join(world, live), ERR_NONE);
    world_media_phase(world, identity.participant, LINK_PEER_CONNECTED);
    const link_peer peer = world_peer(world, identity.participant)->id;
    world_media_disconnect(world);
    world_restart_control(world);
    world_media_connect(world);
    world_advance(world, 1000);
    assert_int_equal(world_peer(world, identity.participant)->id, peer);
    live = world_connect_as(world, &identity, true);
    assert_int_equal(app_live_audience(world->app, live)->presence, PRESENCE_PRESENT);
    assert_string_equal(app_live_audience(world->app, live)->name, "Ada Park");
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_who_only_hears_is_in_no_list),
        CASE(test_who_calls_for_help_is_listed_for_that_time),
        CASE(test_the_lines_of_those_who_called_are_told),
        CASE(test_no_link_becomes_a_callers),
        CASE(test_who_calls_and_goes_is_unlisted),
        CASE(test_who_called_finds_their_call_in_the_past),
        CASE(test_who_calls_can_be_removed),
        CASE(test_control_restarted_while_they_hear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
