#include "world.h"

#include <string.h>

#include "base/text.h"

static void test_sign_out_ends_the_live_connection_and_its_sound(void **state)
{
    struct world *world = *state;
    struct app_identity identity = world_identity(world, "delegate-fra");
    app_live live = HANDLE_NONE;
    world_media_connect(world);
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &live),
                     ERR_NONE);
    assert_int_equal(world_join(world, live), ERR_NONE);
    uint32_t from = world->line_count;
    assert_int_equal(app_sign_out(world->app, &identity), ERR_NONE);
    assert_true(world_find(world, from, "live_end") < world->line_count);
    assert_string_equal(world->notice.as.session_ended.reason, "signed-out");
    assert_null(world_peer(world, "delegate-fra"));
    assert_int_equal(app_sign_out(world->app, &identity), ERR_NOT_FOUND);
}

static void test_a_signed_out_token_is_unknown(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "delegate-fra");
    struct app_identity identity;
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_int_equal(app_sign_out(world->app, &identity), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
    // A bare link has no session.
    struct app_identity bare = {.capacity = CAPACITY_DELEGATE};
    assert_int_equal(app_sign_out(world->app, &bare), ERR_NOT_FOUND);
}

static void test_only_ones_own_sessions(void **state)
{
    struct world *world = *state;
    struct session sessions[4];
    char ids[4][CONTRACT_ID_MAX + 1];
    uint32_t count = 0;
    struct app_identity first = world_identity(world, "delegate-fra");
    struct app_identity second = world_identity(world, "delegate-fra");
    struct app_identity other = world_identity(world, "delegate-chn");
    assert_int_equal(app_sessions(world->app, &first, world->wall, sessions, ids, 4, &count),
                     ERR_NONE);
    assert_int_equal(count, 2);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(sessions[i].token, "");
        assert_string_equal(sessions[i].participant, "delegate-fra");
    }
    assert_int_equal(app_session_revoke(world->app, &other, first.session), ERR_NOT_FOUND);
    assert_int_equal(app_session_revoke(world->app, &first, second.session), ERR_NONE);
    assert_int_equal(app_sessions(world->app, &first, world->wall, sessions, ids, 4, &count),
                     ERR_NONE);
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], first.session);
    assert_int_equal(app_session_revoke(world->app, &first, "nothing"), ERR_NOT_FOUND);
    // Expired ones are not listed; fewer than asked is no error.
    assert_int_equal(app_sessions(world->app, &first, world->wall + INT64_C(13) * 3600 * 1000,
                                  sessions, ids, 4, &count),
                     ERR_NONE);
    assert_int_equal(count, 0);
    assert_int_equal(app_sessions(world->app, &first, world->wall, sessions, ids, 0, &count),
                     ERR_NONE);
    assert_int_equal(count, 0);
}

static void test_signed_out_everywhere_is_out(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct session again;
    struct app_identity identity;
    struct app_identity bare;
    app_live live = HANDLE_NONE;
    world_token(world, "delegate-fra", 3600000, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    struct app_identity elsewhere = world_identity(world, "delegate-fra");
    struct app_identity other = world_identity(world, "delegate-chn");
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    // A live connection that the link itself opened ends too.
    assert_int_equal(app_identify(world->app, token, world->wall, &bare), ERR_NONE);
    assert_int_equal(app_live_open(world->app, &bare, false, world->now, world->wall, &live),
                     ERR_NONE);
    uint32_t from = world->line_count;
    assert_int_equal(app_sign_out_everywhere(world->app, &identity), ERR_NONE);
    assert_true(world_find(world, from, "live_end") < world->line_count);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(app_session_revoke(world->app, &elsewhere, elsewhere.session), ERR_NOT_FOUND);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &again), ERR_FORBIDDEN);
    assert_int_equal(app_identify(world->app, token, world->wall, &bare), ERR_FORBIDDEN);
    // Nobody else is.
    assert_int_equal(app_session_revoke(world->app, &other, other.session), ERR_NONE);
    assert_int_equal(app_sign_out_everywhere(world->app, &(struct app_identity){.bound = true}),
                     ERR_NOT_FOUND);
}

static void test_an_administrator_revokes_anybodys(void **state)
{
    struct world *world = *state;
    struct app_identity delegate = world_identity(world, "delegate-fra");
    struct app_identity administrator = {.account = "root", .administrator = true};
    assert_int_equal(app_session_revoke(world->app, &administrator, delegate.session), ERR_NONE);
}

static void test_one_link_has_room_for_so_many_sessions(void **state)
{
    struct world *world = *state;
    struct session sessions[OWN_SESSIONS_SESSIONS_MAX];
    char ids[OWN_SESSIONS_SESSIONS_MAX][CONTRACT_ID_MAX + 1];
    uint32_t count = 0;
    struct app_identity identity = world_identity(world, "delegate-fra");
    struct session second = world_sign_in(world, "delegate-fra");
    struct session other = world_sign_in(world, "delegate-chn");
    app_live live = HANDLE_NONE;
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &live),
                     ERR_NONE);
    for (int i = 0; i < 3 * OWN_SESSIONS_SESSIONS_MAX; i++) {
        world->wall += 1000;
        struct session newest = world_sign_in(world, "delegate-fra");
        struct app_identity known;
        assert_int_equal(app_identify(world->app, newest.token, world->wall, &known), ERR_NONE);
    }
    assert_int_equal(app_sessions(world->app, &identity, world->wall, sessions, ids,
                                  OWN_SESSIONS_SESSIONS_MAX, &count),
                     ERR_NONE);
    assert_int_equal(count, OWN_SESSIONS_SESSIONS_MAX);
    // Those unused for longest made room; not the one in the room, nor anybody else's.
    bool there = false;
    for (uint32_t i = 0; i < count; i++) {
        there = there || text_equal(ids[i], identity.session);
    }
    assert_true(there);
    struct app_identity gone;
    assert_int_equal(app_identify(world->app, second.token, world->wall, &gone),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(app_identify(world->app, other.token, world->wall, &gone), ERR_NONE);
    assert_int_equal(world_count(world, 0, "live_end"), 0);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_sign_out_ends_the_live_connection_and_its_sound),
        CASE(test_a_signed_out_token_is_unknown),
        CASE(test_only_ones_own_sessions),
        CASE(test_signed_out_everywhere_is_out),
        CASE(test_an_administrator_revokes_anybodys),
        CASE(test_one_link_has_room_for_so_many_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
