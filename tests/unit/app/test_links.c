#include "world.h"

#include <string.h>

#include "app/secret.h"
#include "base/text.h"
#include "store/journal.h"

#define HOUR_MS (INT64_C(3600) * 1000)

static void test_a_link_makes_a_session(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct app_identity identity;
    world_token(world, "delegate-fra", 24 * HOUR_MS, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_string_equal(session.participant, "delegate-fra");
    assert_string_equal(session.meeting, "demo");
    assert_string_equal(session.name, "Claire Dubois");
    assert_int_equal(session.capacity, CAPACITY_DELEGATE);
    assert_int_equal(session.expires_at, world->wall + 12 * HOUR_MS);
    assert_string_not_equal(session.token, token);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, "delegate-fra");
    assert_true(identity.session[0] != '\0');
    assert_false(identity.administrator);
    // The link itself as bearer: the same person, no session.
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, "delegate-fra");
    assert_string_equal(identity.session, "");
    // A session's token is no link.
    assert_int_equal(world_sign_in_by(world, session.token, world->wall, &session),
                     ERR_UNAUTHENTICATED);
}

static void test_a_stranger(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    const char *stranger = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_int_equal(world_sign_in_by(world, stranger, world->wall, &session), ERR_UNAUTHENTICATED);
    assert_int_equal(world_sign_in_by(world, "", world->wall, &session), ERR_UNAUTHENTICATED);
    assert_int_equal(app_identify(world->app, stranger, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(app_identify(world->app, "", world->wall, &identity), ERR_UNAUTHENTICATED);
    assert_string_equal(identity.participant, "");
}

static void test_expiry(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct app_identity identity;
    world_token(world, "delegate-fra", HOUR_MS, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_int_equal(session.expires_at, world->wall + HOUR_MS); // never beyond its link
    time_ms after = world->wall + HOUR_MS;
    struct session again;
    assert_int_equal(world_sign_in_by(world, token, after, &again), ERR_EXPIRED);
    assert_int_equal(app_identify(world->app, token, after, &identity), ERR_EXPIRED);
    assert_int_equal(app_identify(world->app, session.token, after, &identity), ERR_EXPIRED);
    assert_int_equal(app_identify(world->app, session.token, after - 1, &identity), ERR_NONE);
}

static void test_removed(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct app_identity identity;
    world_token(world, "delegate-fra", HOUR_MS, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    app_live delegate = world_connect(world, "delegate-fra");
    app_live moderator = world_enter(world, "moderator");
    struct command remove = {.type = COMMAND_PARTICIPANT_REMOVE};
    text_copy_cut(remove.as.participant_remove.participant, CONTRACT_ID_MAX + 1, "delegate-fra");
    uint32_t from = world->line_count;
    assert_int_equal(world_command(world, moderator, &remove), ERR_NONE);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_FORBIDDEN);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_FORBIDDEN);
    assert_int_not_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    struct token_row row;
    uint8_t hash[TOKEN_HASH_SIZE];
    assert_int_equal(secret_hash_token(token, hash), ERR_NONE);
    assert_int_equal(token_find(world->store, hash, &row), ERR_NONE);
    assert_true(row.revoked); // for good, also if the id were ever given again
    // The removed one hears the event, then why, then the end.
    uint32_t event = world_find(world, from, "publish demo");
    uint32_t notice = world_find(world, event, "notice");
    uint32_t end = world_find(world, notice, "live_end");
    assert_true(end < world->line_count);
    assert_non_null(strstr(world->lines[notice], "session.ended"));
    assert_string_equal(world->notice.as.session_ended.reason, "removed");
    const char *meeting = NULL;
    assert_null(app_live_participant(world->app, delegate, &meeting));
}

// Between the two steps of a turn: whoever is removed there is not in.
static void test_a_link_revoked_meanwhile(void **state)
{
    struct world *world = *state;
    char link[APP_TOKEN_MAX + 1];
    struct app_link_sign_in sign_in;
    struct app_identity identity;
    world_token(world, "delegate-fra", HOUR_MS, link);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_NONE);
    assert_int_equal(app_link_begin(world->app, link, NULL, world->wall, &sign_in), ERR_NONE);
    assert_int_equal(app_sign_out_everywhere(world->app, &identity), ERR_NONE);
    app_link_end(world->app, &sign_in, 1, world->wall);
    assert_int_equal(sign_in.err, ERR_EXPIRED);
    assert_string_equal(sign_in.session.token, "");
}

static void make(struct world *world, struct app_token_wish wish, char ret_token[APP_TOKEN_MAX + 1])
{
    wish.meeting = "demo";
    wish.lifetime_ms = HOUR_MS;
    assert_int_equal(app_token_make(world->store, &wish, world->wall, ret_token), ERR_NONE);
}

static void test_a_wish_becomes_a_participant_at_first_use(void **state)
{
    struct world *world = *state;
    char tokens[2][APP_TOKEN_MAX + 1];
    struct session sessions[2];
    struct session again;
    uint64_t before = world_seq(world);
    make(world,
         (struct app_token_wish){.capacity = CAPACITY_DELEGATE,
                                 .delegation = "fra",
                                 .name = "A",
                                 .language = LANGUAGE_FR},
         tokens[0]);
    make(world, (struct app_token_wish){.capacity = CAPACITY_CAPTIONER}, tokens[1]);
    assert_int_equal(world_seq(world), before);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(world_sign_in_by(world, tokens[i], world->wall, &sessions[i]), ERR_NONE);
        // Committed and published before the answer.
        assert_int_equal(world_seq(world), before + i + 1);
        assert_int_equal(world_count(world, 0, "publish demo"), i + 1);
    }
    assert_string_not_equal(sessions[0].participant, sessions[1].participant);
    assert_string_equal(sessions[1].name, "Captioner 1");
    const struct participant *made = world_listed(world, sessions[0].participant);
    assert_non_null(made);
    assert_int_equal(made->language, LANGUAGE_FR);
    // The same link later is the same person.
    assert_int_equal(world_sign_in_by(world, tokens[0], world->wall, &again), ERR_NONE);
    assert_string_equal(again.participant, sessions[0].participant);
    assert_int_equal(world_seq(world), before + 2);
    world_restart_control(world);
    assert_int_equal(world_sign_in_by(world, tokens[1], world->wall, &again), ERR_NONE);
    assert_string_equal(again.participant, sessions[1].participant);
}

// Those of a turn are decided, and the loop goes on: nothing is waited for before they are ended.
static void test_who_is_new_waits_beside_the_loop(void **state)
{
    struct world *world = *state;
    char tokens[2][APP_TOKEN_MAX + 1];
    struct app_link_sign_in coming[3];
    struct app_identity identity;
    uint64_t before = world_seq(world);
    make(world, (struct app_token_wish){.capacity = CAPACITY_DELEGATE, .delegation = "fra"},
         tokens[0]);
    make(world, (struct app_token_wish){.capacity = CAPACITY_OBSERVER}, tokens[1]);
    for (int i = 0; i < 3; i++) { // the last with the first one's link
        assert_int_equal(app_link_begin(world->app, tokens[i % 2], NULL, world->wall, &coming[i]),
                         ERR_NONE);
        assert_true(app_link_waits(world->app, &coming[i]));
    }
    assert_int_equal(world_count(world, 0, "publish demo"), 0);
    world_commit(world);
    assert_int_equal(world_seq(world), before + 2);
    for (int i = 0; i < 3; i++) {
        assert_false(app_link_waits(world->app, &coming[i]));
    }
    app_link_end(world->app, coming, 3, world->wall);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(coming[i].err, ERR_NONE);
        assert_int_equal(app_identify(world->app, coming[i].session.token, world->wall, &identity),
                         ERR_NONE);
        assert_string_equal(identity.participant, coming[i % 2].session.participant);
    }
    // By the bare link too it is the same person.
    assert_int_equal(app_identify(world->app, tokens[0], world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, coming[0].session.participant);
}

static void test_a_listener_who_comes_twice_at_once_is_one(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct app_link_sign_in both[2];
    struct session later;
    make(world, (struct app_token_wish){.capacity = CAPACITY_LISTENER, .language = LANGUAGE_FR},
         token);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(app_link_begin(world->app, token, NULL, world->wall, &both[i]), ERR_NONE);
    }
    app_link_end(world->app, both, 2, world->wall);
    assert_int_equal(both[0].err, ERR_NONE);
    assert_int_equal(both[1].err, ERR_NONE);
    assert_string_equal(both[0].session.participant, both[1].session.participant);
    assert_string_not_equal(both[0].session.token, both[1].session.token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &later), ERR_NONE);
    assert_string_equal(later.participant, both[0].session.participant);
}

static void test_a_listener_is_one_of_the_audience(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    struct session again;
    struct app_identity identity;
    uint64_t before = world_seq(world);
    // The demonstration's listener has a link already, so this is another.
    make(world, (struct app_token_wish){.capacity = CAPACITY_LISTENER, .language = LANGUAGE_FR},
         token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    assert_int_equal(session.capacity, CAPACITY_LISTENER);
    assert_true(text_starts_with(session.participant, "audience-"));
    assert_true(text_starts_with(session.name, "Listener "));
    assert_int_equal(world_seq(world), before);
    assert_null(world_listed(world, session.participant));
    world_restart_control(world);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &again), ERR_NONE);
    assert_string_equal(again.participant, session.participant);
    assert_string_equal(again.name, session.name);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, session.participant);
    assert_string_equal(identity.called, session.name);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, session.participant);
    assert_int_equal(app_sign_out_everywhere(world->app, &identity), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_FORBIDDEN);
}

static void test_a_wish_used_as_bearer(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct app_identity identity;
    make(world,
         (struct app_token_wish){
             .capacity = CAPACITY_DELEGATE, .delegation = "fra", .name = "Jean Martin"},
         token);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    const struct participant *made = world_listed(world, identity.participant);
    assert_non_null(made);
    assert_string_equal(made->name, "Jean Martin");
    assert_string_equal(made->delegation, "fra");
    char same[CONTRACT_ID_MAX + 1];
    memcpy(same, identity.participant, sizeof(same));
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.participant, same);
}

static void test_whom_a_wish_finds(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    static const struct {
        struct app_token_wish wish;
        const char *participant; // NULL: somebody new
    } cases[] = {
        {{.capacity = CAPACITY_CHAIR}, "chair"}, // has a link already: a meeting has one chair
        {{.capacity = CAPACITY_INTERPRETER, .language = LANGUAGE_FR}, "interpreter-fr-2"},
        {{.capacity = CAPACITY_INTERPRETER, .language = LANGUAGE_FR}, NULL},
        {{.capacity = CAPACITY_DELEGATE, .delegation = "KEN"}, "delegate-ken"},
        {{.capacity = CAPACITY_DELEGATE, .delegation = "ken"}, NULL},
        {{.capacity = CAPACITY_DELEGATE, .name = "Claire Dubois"}, "delegate-fra"},
        {{.capacity = CAPACITY_LISTENER, .participant = "listener"}, "listener"},
        {{.capacity = CAPACITY_TECHNICIAN}, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make(world, cases[i].wish, token);
        assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
        assert_int_equal(session.capacity, cases[i].wish.capacity);
        if (cases[i].participant != NULL) {
            assert_string_equal(session.participant, cases[i].participant);
        } else {
            assert_true(
                text_starts_with(session.participant, capacity_text(cases[i].wish.capacity)));
            assert_int_equal(strlen(session.participant),
                             strlen(capacity_text(cases[i].wish.capacity)) + 11);
        }
    }
}

static void test_wishes_refused(void **state)
{
    struct world *world = *state;
    static const struct {
        struct app_token_wish wish;
        enum err err;
    } cases[] = {
        {{.meeting = "nowhere", .capacity = CAPACITY_LISTENER}, ERR_NOT_FOUND},
        {{.meeting = "demo", .capacity = CAPACITY_DELEGATE, .delegation = "XYZ"}, ERR_NOT_FOUND},
        {{.meeting = "demo", .capacity = CAPACITY_LISTENER, .participant = "nobody"},
         ERR_NOT_FOUND},
        // A participant's link gives that participant's capacity, no other.
        {{.meeting = "demo", .capacity = CAPACITY_CHAIR, .participant = "listener"}, ERR_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char token[APP_TOKEN_MAX + 1] = "unchanged";
        assert_int_equal(app_token_make(world->store, &cases[i].wish, world->wall, token),
                         cases[i].err);
        assert_string_equal(token, "");
    }
}

static void test_another_meetings_link(void **state)
{
    struct world *world = *state;
    struct app_identity identity = world_identity(world, "delegate-fra");
    app_live live = HANDLE_NONE;
    text_copy_cut(identity.meeting, sizeof(identity.meeting), "other");
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &live),
                     ERR_FORBIDDEN); // nobody is told that there is none
    assert_int_equal(live, HANDLE_NONE);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_a_link_makes_a_session),
        CASE(test_a_stranger),
        CASE(test_expiry),
        CASE(test_removed),
        CASE(test_a_wish_becomes_a_participant_at_first_use),
        CASE(test_a_link_revoked_meanwhile),
        CASE(test_who_is_new_waits_beside_the_loop),
        CASE(test_a_listener_who_comes_twice_at_once_is_one),
        CASE(test_a_listener_is_one_of_the_audience),
        CASE(test_a_wish_used_as_bearer),
        CASE(test_whom_a_wish_finds),
        CASE(test_wishes_refused),
        CASE(test_another_meetings_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
