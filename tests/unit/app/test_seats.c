// A session is a person: what they may sit in, by an account or by several links.
#include "world.h"

#include <string.h>

#include "base/text.h"
#include "store/people.h"

#define HOUR (INT64_C(3600) * 1000)

static struct app_identity identity_of(struct world *world, const struct session *session)
{
    struct app_identity identity;
    assert_int_equal(app_identify(world->app, session->token, world->wall, &identity), ERR_NONE);
    return identity;
}

static void link_of(struct world *world, const char *meeting, const char *participant,
                    enum capacity capacity, time_ms lifetime, char ret_token[APP_TOKEN_MAX + 1])
{
    const struct app_token_wish wish = {.meeting = meeting,
                                        .participant = participant,
                                        .capacity = capacity,
                                        .lifetime_ms = lifetime};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, ret_token), ERR_NONE);
}

static enum err add_seat(struct world *world, const struct app_identity *identity,
                         const char *participant, time_ms lifetime)
{
    char token[APP_TOKEN_MAX + 1];
    struct seat seat;
    link_of(world, "rehearsal", participant, CAPACITY_INTERPRETER, lifetime, token);
    return app_seat_add(world->app, identity, token, NULL, world->wall, &seat);
}

static uint32_t seat_count(struct world *world, const struct app_identity *identity)
{
    struct seats seats;
    assert_int_equal(app_seats(world->app, identity, "", world->wall, &seats), ERR_NONE);
    return seats.seats_count;
}

static app_live sit(struct world *world, const struct app_identity *identity, const char *meeting)
{
    struct app_identity seat;
    app_live live = HANDLE_NONE;
    assert_int_equal(app_seat_take(world->app, identity, meeting, world->wall, &seat), ERR_NONE);
    assert_string_equal(seat.meeting, meeting);
    assert_int_equal(app_live_open(world->app, &seat, false, world->now, world->wall, &live),
                     ERR_NONE);
    world_commit(world);
    return live;
}

static void remove_from_demo(struct world *world, const char *participant)
{
    app_live moderator = world_enter(world, "moderator");
    struct command remove = {.type = COMMAND_PARTICIPANT_REMOVE};
    text_copy_cut(remove.as.participant_remove.participant, CONTRACT_ID_MAX + 1, participant);
    assert_int_equal(world_command(world, moderator, &remove), ERR_NONE);
    world_commit(world);
}

static void make_account(struct world *world, struct session_row *ret_session)
{
    struct account_row account = {.name = "sophie", .created_at = world->wall};
    *ret_session = (struct session_row){.id = "s-account",
                                        .account = "sophie",
                                        .meeting = "demo",
                                        .participant = "interpreter-fr-1",
                                        .capacity = CAPACITY_INTERPRETER,
                                        .expires_at = world->wall + HOUR};
    assert_int_equal(account_add(world->store, &account), ERR_NONE);
    assert_int_equal(account_set_participant(world->store, "sophie", "demo", "interpreter-fr-1"),
                     ERR_NONE);
    assert_int_equal(
        account_set_participant(world->store, "sophie", "rehearsal", "interpreter-fr-2"), ERR_NONE);
    assert_int_equal(session_add(world->store, ret_session), ERR_NONE);
}

static const struct app_identity by_account = {.session = "s-account", .account = "sophie"};

static void test_an_account_opens_every_meeting_that_it_has_a_place_in(void **state)
{
    struct world *world = *state;
    struct session_row row;
    struct seats list;
    const struct seat *seats = list.seats;
    struct app_identity seat;
    make_account(world, &row);
    assert_int_equal(app_seats(world->app, &by_account, "", world->wall, &list), ERR_NONE);
    assert_int_equal(list.seats_count, 2);
    assert_string_equal(seats[0].meeting, "demo");
    assert_string_equal(seats[1].meeting, "rehearsal");
    assert_string_equal(seats[1].participant, "interpreter-fr-2");
    assert_int_equal(seats[1].capacity, CAPACITY_INTERPRETER);
    assert_true(seats[1].title[LANGUAGE_EN][0] != '\0');
    assert_int_equal(seats[1].expires_at, row.expires_at);
    app_live here = sit(world, &by_account, "demo");
    app_live there = sit(world, &by_account, "rehearsal");
    assert_int_equal(world_simple(world, here, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(world_simple(world, there, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(app_seat_take(world->app, &by_account, "nowhere", world->wall, &seat),
                     ERR_FORBIDDEN);
    assert_string_equal(seat.participant, "");
    // A place that is taken away is none, and the others stay.
    assert_int_equal(account_set_participant(world->store, "sophie", "rehearsal", ""), ERR_NONE);
    assert_int_equal(app_seat_take(world->app, &by_account, "rehearsal", world->wall, &seat),
                     ERR_FORBIDDEN);
    assert_int_equal(app_seat_take(world->app, &by_account, "demo", world->wall, &seat), ERR_NONE);
}

static void test_a_link_has_the_one_seat_that_it_is_for(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "delegate-fra");
    struct app_identity identity = identity_of(world, &session);
    struct app_identity seat;
    assert_int_equal(seat_count(world, &identity), 1);
    assert_int_equal(app_seat_take(world->app, &identity, "rehearsal", world->wall, &seat),
                     ERR_FORBIDDEN);
    // A bare link has its seat, and takes no other.
    char token[APP_TOKEN_MAX + 1];
    world_token(world, "delegate-fra", HOUR, token);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    assert_int_equal(seat_count(world, &identity), 1);
    assert_int_equal(app_seat_take(world->app, &identity, "demo", world->wall, &seat),
                     ERR_FORBIDDEN);
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", HOUR), ERR_FORBIDDEN);
}

static void test_another_link_is_another_seat(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "interpreter-fr-1");
    struct app_identity identity = identity_of(world, &session);
    struct app_identity there;
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", HOUR), ERR_NONE);
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", HOUR), ERR_NONE); // the same
    assert_int_equal(seat_count(world, &identity), 2);
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-2", HOUR), ERR_CONFLICT);
    // The token is good in both, and is who it was where nothing is said.
    assert_int_equal(app_identify_in(world->app, session.token, "rehearsal", world->wall, &there),
                     ERR_NONE);
    assert_string_equal(there.meeting, "rehearsal");
    assert_string_equal(identity_of(world, &session).meeting, "demo");
    assert_int_equal(app_identify_in(world->app, session.token, "nowhere", world->wall, &there),
                     ERR_NONE);
    assert_string_equal(there.meeting, "demo");
    // What is no person's link brings none.
    char door[APP_TOKEN_MAX + 1];
    struct seat seat;
    const struct app_token_wish wish = {.meeting = "rehearsal",
                                        .lifetime_ms = HOUR,
                                        .bound = true,
                                        .door = APP_DOOR_LISTEN,
                                        .door_name = "floor"};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, door), ERR_NONE);
    assert_int_equal(app_seat_add(world->app, &identity, door, NULL, world->wall, &seat),
                     ERR_FORBIDDEN);
    assert_int_equal(app_seat_add(world->app, &identity, "stranger", NULL, world->wall, &seat),
                     ERR_UNAUTHENTICATED);
}

// A link that nobody has used yet is for somebody else: refused, it stays unused.
static void test_a_refused_link_adds_nobody(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "interpreter-fr-1");
    const struct app_identity identity = identity_of(world, &session);
    const struct app_token_wish wish = {.meeting = "demo",
                                        .capacity = CAPACITY_DELEGATE,
                                        .delegation = "fra",
                                        .name = "Not Yet Here",
                                        .lifetime_ms = HOUR};
    char token[APP_TOKEN_MAX + 1];
    struct seat seat;
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    const uint64_t before = world_seq(world);
    assert_int_equal(app_seat_add(world->app, &identity, token, NULL, world->wall, &seat),
                     ERR_CONFLICT);
    world_commit(world);
    assert_int_equal(world_seq(world), before);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_int_equal(world_seq(world), before + 1);
    assert_string_equal(session.name, "Not Yet Here");
}

static void test_a_seat_has_the_date_of_its_link(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "interpreter-fr-1");
    struct app_identity identity = identity_of(world, &session);
    struct app_identity there;
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", HOUR), ERR_NONE);
    world->wall += 2 * HOUR;
    assert_int_equal(app_identify_in(world->app, session.token, "rehearsal", world->wall, &there),
                     ERR_EXPIRED);
    assert_string_equal(there.meeting, "rehearsal");
    assert_int_equal(app_identify(world->app, session.token, world->wall, &there), ERR_NONE);
    assert_int_equal(seat_count(world, &identity), 1);
    // A link that lasts longer than the one signed in with keeps the session.
    char token[APP_TOKEN_MAX + 1];
    struct session brief;
    world_token(world, "interpreter-fr-2", HOUR, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &brief), ERR_NONE);
    identity = identity_of(world, &brief);
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-2", 4 * HOUR), ERR_NONE);
    world->wall += 2 * HOUR;
    assert_int_equal(app_identify(world->app, brief.token, world->wall, &there), ERR_NONE);
    assert_string_equal(there.meeting, "rehearsal");
    world->wall += 3 * HOUR;
    assert_int_equal(app_identify(world->app, brief.token, world->wall, &there), ERR_EXPIRED);
}

static void test_a_renewed_date_is_the_persons(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "interpreter-fr-1");
    struct app_identity identity = identity_of(world, &session);
    struct app_identity there;
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", 14 * HOUR), ERR_NONE);
    app_live live = sit(world, &identity, "demo");
    (void)sit(world, &identity, "rehearsal");
    world->wall += 11 * HOUR;
    assert_int_equal(world_simple(world, live, COMMAND_SESSION_RENEW), ERR_NONE);
    world->wall += 2 * HOUR;
    assert_int_equal(app_identify_in(world->app, session.token, "rehearsal", world->wall, &there),
                     ERR_NONE);
    assert_int_equal(there.expires_at, world->wall + HOUR);
}

static void test_removed_from_one_meeting_stays_in_the_other(void **state)
{
    struct world *world = *state;
    struct session session = world_sign_in(world, "interpreter-fr-1");
    struct app_identity identity = identity_of(world, &session);
    struct app_identity there;
    assert_int_equal(add_seat(world, &identity, "interpreter-fr-1", HOUR), ERR_NONE);
    app_live here = sit(world, &identity, "demo");
    app_live other = sit(world, &identity, "rehearsal");
    const char *meeting = NULL;
    remove_from_demo(world, "interpreter-fr-1");
    assert_null(app_live_participant(world->app, here, &meeting));
    assert_non_null(app_live_participant(world->app, other, &meeting));
    assert_int_equal(app_identify(world->app, session.token, world->wall, &there), ERR_NONE);
    assert_string_equal(there.meeting, "rehearsal");
    assert_int_equal(seat_count(world, &there), 1);
    // With the last seat the session goes, of a link.
    struct session alone = world_sign_in(world, "interpreter-fr-2");
    remove_from_demo(world, "interpreter-fr-2");
    assert_int_equal(app_identify(world->app, alone.token, world->wall, &there),
                     ERR_UNAUTHENTICATED);
}

static void test_signed_out_is_out_of_every_meeting(void **state)
{
    struct world *world = *state;
    struct session_row row;
    make_account(world, &row);
    app_live here = sit(world, &by_account, "demo");
    app_live there = sit(world, &by_account, "rehearsal");
    const char *meeting = NULL;
    // Also where the place was taken away meanwhile.
    assert_int_equal(account_set_participant(world->store, "sophie", "rehearsal", ""), ERR_NONE);
    assert_int_equal(app_sign_out(world->app, &by_account), ERR_NONE);
    assert_null(app_live_participant(world->app, here, &meeting));
    assert_null(app_live_participant(world->app, there, &meeting));
    // Everywhere: the links of all seats with them.
    struct session session = world_sign_in(world, "interpreter-ru-1");
    struct app_identity identity = identity_of(world, &session);
    char token[APP_TOKEN_MAX + 1];
    struct session again;
    assert_int_equal(add_seat(world, &identity, "interpreter-ru-1", HOUR), ERR_NONE);
    link_of(world, "rehearsal", "interpreter-ru-1", CAPACITY_INTERPRETER, HOUR, token);
    assert_int_equal(app_sign_out_everywhere(world->app, &identity), ERR_NONE);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &again), ERR_FORBIDDEN);
}

static void test_leaving_one_meeting_ends_its_media_alone(void **state)
{
    struct world *world = *state;
    struct session_row row;
    make_account(world, &row);
    world_media_connect(world);
    app_live here = sit(world, &by_account, "demo");
    app_live there = sit(world, &by_account, "rehearsal");
    assert_int_equal(world_join(world, here), ERR_NONE);
    assert_int_equal(world_join(world, there), ERR_NONE);
    uint32_t from = world->line_count;
    app_live_leave(world->app, there, world->now, world->wall);
    world_commit(world);
    assert_int_equal(world_count(world, from, "live_end"), 0);
    assert_int_equal(world_count(world, from, "link close rehearsal/interpreter-fr-2"), 1);
    assert_non_null(world_peer(world, "interpreter-fr-1"));
    app_live_leave(world->app, there, world->now, world->wall); // again: nothing
}

static void disable(struct world *world, const char *name)
{
    struct account_row account;
    assert_int_equal(account_get(world->store, name, &account), ERR_NONE);
    account.disabled = true;
    assert_int_equal(account_update(world->store, &account), ERR_NONE);
}

static void test_what_another_process_takes_away_ends_at_once(void **state)
{
    struct world *world = *state;
    struct session_row row;
    const char *meeting = NULL;
    make_account(world, &row);
    world_media_connect(world);
    app_live here = sit(world, &by_account, "demo");
    app_live there = sit(world, &by_account, "rehearsal");
    app_live by_link = world_connect(world, "delegate-fra");
    assert_int_equal(world_join(world, here), ERR_NONE);
    assert_int_equal(world_join(world, there), ERR_NONE);
    world_advance(world, 1000);
    // As `plenary user place` does: the page there and its sound end, all else goes on.
    uint32_t from = world->line_count;
    assert_int_equal(account_set_participant(world->store, "sophie", "rehearsal", ""), ERR_NONE);
    world_advance(world, 1000);
    assert_null(app_live_participant(world->app, there, &meeting));
    assert_string_equal(world->notice.as.session_ended.reason, "withdrawn");
    assert_int_equal(world_count(world, from, "live_end"), 1);
    assert_int_equal(world_count(world, from, "link close rehearsal/interpreter-fr-2"), 1);
    assert_non_null(app_live_participant(world->app, here, &meeting));
    assert_non_null(world_peer(world, "interpreter-fr-1"));
    // Another's account is nobody's here.
    struct account_row other = {.name = "other", .created_at = world->wall};
    assert_int_equal(account_add(world->store, &other), ERR_NONE);
    disable(world, "other");
    world_advance(world, 1000);
    assert_non_null(app_live_participant(world->app, here, &meeting));
    // The page has gone and its sound is kept for it: that ends too.
    app_live_close(world->app, here, false, world->now, world->wall);
    disable(world, "sophie");
    world_advance(world, 1000);
    assert_null(world_peer(world, "interpreter-fr-1"));
    assert_non_null(app_live_participant(world->app, by_link, &meeting));
}

// Nobody is put out by what cannot be read, and nobody stays for it.
static void test_a_place_taken_away_while_nothing_can_be_read(void **state)
{
    struct world *world = *state;
    struct session_row row;
    const char *meeting = NULL;
    make_account(world, &row);
    app_live here = sit(world, &by_account, "demo");
    world_advance(world, 1000);
    disable(world, "sophie");
    world_run_beside(world, "ALTER TABLE account RENAME TO hidden");
    world_advance(world, 3000);
    assert_non_null(app_live_participant(world->app, here, &meeting));
    world_run_beside(world, "ALTER TABLE hidden RENAME TO account");
    world_advance(world, 1000);
    assert_null(app_live_participant(world->app, here, &meeting));
}

static void test_another_place_in_the_meeting_is_another_person(void **state)
{
    struct world *world = *state;
    struct session_row row;
    const char *meeting = NULL;
    make_account(world, &row);
    app_live here = sit(world, &by_account, "demo");
    world_advance(world, 1000);
    assert_int_equal(account_set_participant(world->store, "sophie", "demo", "interpreter-fr-2"),
                     ERR_NONE);
    world_advance(world, 1000);
    assert_null(app_live_participant(world->app, here, &meeting));
    here = sit(world, &by_account, "demo");
    // Removed: with all its sessions.
    assert_int_equal(account_delete(world->store, "sophie"), ERR_NONE);
    world_advance(world, 1000);
    assert_null(app_live_participant(world->app, here, &meeting));
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_an_account_opens_every_meeting_that_it_has_a_place_in),
        CASE(test_a_link_has_the_one_seat_that_it_is_for),
        CASE(test_another_link_is_another_seat),
        CASE(test_a_refused_link_adds_nobody),
        CASE(test_a_seat_has_the_date_of_its_link),
        CASE(test_a_renewed_date_is_the_persons),
        CASE(test_removed_from_one_meeting_stays_in_the_other),
        CASE(test_signed_out_is_out_of_every_meeting),
        CASE(test_leaving_one_meeting_ends_its_media_alone),
        CASE(test_what_another_process_takes_away_ends_at_once),
        CASE(test_a_place_taken_away_while_nothing_can_be_read),
        CASE(test_another_place_in_the_meeting_is_another_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
