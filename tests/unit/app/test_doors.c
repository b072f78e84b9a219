// Publishing and listening without a page.
#include "world.h"

#include "base/text.h"

static int doors_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

static struct app_identity bound(struct world *world, enum app_door_kind door, const char *name)
{
    char token[APP_TOKEN_MAX + 1];
    struct app_identity identity;
    const struct app_token_wish wish = {.meeting = "demo",
                                        .capacity = CAPACITY_LISTENER,
                                        .lifetime_ms = 3600000,
                                        .bound = true,
                                        .door = door,
                                        .door_name = name};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    return identity;
}

static enum err ask(struct world *world, const struct app_identity *identity,
                    enum app_door_kind kind, const char *name, uint64_t request)
{
    struct refusal refusal = {0};
    const struct app_door_place place = {.kind = kind, .meeting = "demo", .name = name};
    return app_door_open(world->app, identity, &place, "v=0", 3, request, world->now, &refusal);
}

static enum err open_door(struct world *world, const struct app_identity *identity,
                          enum app_door_kind kind, const char *name)
{
    enum err err = ask(world, identity, kind, name, 1);
    if (err != ERR_NONE) {
        return err;
    }
    world_media_answer(world);
    world_commit(world);
    return world->door_err;
}

static void test_a_wish_for_a_form_of_the_sound(void **state)
{
    struct world *world = *state;
    struct refusal refusal = {0};
    const struct app_identity technician = world_identity(world, "technician");
    struct app_door_place place = {
        .kind = APP_DOOR_LISTEN, .meeting = "demo", .name = "fr", .variant = "thin"};
    assert_int_equal(
        app_door_open(world->app, &technician, &place, "v=0", 3, 1, world->now, &refusal),
        ERR_INVALID);
    assert_int_equal(refusal.reason, REFUSAL_SOUND_FORM_UNKNOWN);
    place.variant = "long";
    assert_int_equal(
        app_door_open(world->app, &technician, &place, "v=0", 3, 1, world->now, &refusal),
        ERR_NONE);
    assert_int_equal(world_count(world, 0, "link variant"), 0); // media has no such peer yet
    world_media_answer(world);
    assert_int_equal(world->door_err, ERR_NONE);
    assert_int_equal(world_count(world, 0, "link variant demo/whep:fr:"), 1);
    assert_int_equal(world_peer_starting(world, "demo/whep:fr:")->slots[0].variant,
                     LINK_VARIANT_LONG);
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "es"), ERR_NONE);
    assert_int_equal(world_count(world, 0, "link variant"), 1); // no wish, nothing to say
}

static const struct feed *only_feed(struct world *world)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_true(meeting->feeds_count <= 1);
    return meeting->feeds_count == 1 ? &meeting->feeds[0] : NULL;
}

static enum err close_session(struct world *world, const struct app_identity *identity,
                              enum app_door_kind kind, const char *name, const char *session)
{
    const struct app_door_place place = {
        .kind = kind, .meeting = "demo", .name = name, .session = session};
    enum err err = app_door_close(world->app, identity, &place, world->now);
    world_commit(world);
    return err;
}

static void test_who_may(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    const struct app_identity listener = world_identity(world, "listener");
    const struct app_identity stage = bound(world, APP_DOOR_PUBLISH, "stage");
    const struct app_identity french = bound(world, APP_DOOR_LISTEN, "fr");
    const struct {
        const struct app_identity *identity;
        enum app_door_kind kind;
        const char *meeting;
        const char *name;
        enum err err;
    } cases[] = {
        {&technician, APP_DOOR_PUBLISH, "demo", "anything-1", ERR_NONE},
        {&technician, APP_DOOR_PUBLISH, "demo", "No", ERR_NOT_FOUND},
        {&technician, APP_DOOR_LISTEN, "demo", "floor", ERR_NONE},
        {&technician, APP_DOOR_LISTEN, "demo", "de", ERR_NOT_FOUND},
        {&technician, APP_DOOR_LISTEN, "other", "fr", ERR_FORBIDDEN},
        {&listener, APP_DOOR_PUBLISH, "demo", "stage", ERR_FORBIDDEN},
        {&listener, APP_DOOR_LISTEN, "demo", "fr", ERR_NONE},
        {&stage, APP_DOOR_PUBLISH, "demo", "stage", ERR_NONE},
        {&stage, APP_DOOR_PUBLISH, "demo", "other", ERR_FORBIDDEN},
        {&stage, APP_DOOR_LISTEN, "demo", "fr", ERR_FORBIDDEN},
        {&french, APP_DOOR_LISTEN, "demo", "fr", ERR_NONE},
        {&french, APP_DOOR_LISTEN, "demo", "ru", ERR_FORBIDDEN},
        {&french, APP_DOOR_PUBLISH, "demo", "fr", ERR_FORBIDDEN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct app_door_place place = {
            .kind = cases[i].kind, .meeting = cases[i].meeting, .name = cases[i].name};
        assert_int_equal(app_door_permit(world->app, cases[i].identity, &place), cases[i].err);
    }
}

static void test_tokens_for_what_cannot_be(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct app_token_wish wish = {.meeting = "demo",
                                  .lifetime_ms = 1000,
                                  .bound = true,
                                  .door = APP_DOOR_LISTEN,
                                  .door_name = "de"};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_INVALID);
    wish.door = APP_DOOR_PUBLISH;
    wish.door_name = "A";
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_INVALID);
    wish.door_name = "stage";
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    struct session session;
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_FORBIDDEN);
}

static void test_a_feed_comes_delivers_and_goes(void **state)
{
    struct world *world = *state;
    const struct app_identity french = bound(world, APP_DOOR_PUBLISH, "fr");
    assert_int_equal(open_door(world, &french, APP_DOOR_PUBLISH, "fr"), ERR_NONE);
    assert_non_null(only_feed(world));
    assert_false(only_feed(world)->sound);
    const struct app_identity technician = world_identity(world, "technician");
    struct world_peer *publisher = world_peer_starting(world, "demo/whip:fr:");
    assert_non_null(publisher);
    char session[CONTRACT_ID_MAX + 1];
    memcpy(session, world->door_session, sizeof(session));
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    const struct world_peer *receiver = world_peer_starting(world, "demo/whep:fr:");
    assert_non_null(receiver);
    assert_int_equal(world_slot_source(world, receiver, 0), 0);
    world_media_delivers(world, publisher, 0, true);
    assert_true(only_feed(world)->sound);
    assert_int_equal(world_slot_source(world, receiver, 0), publisher->sections[0].source);
    world_media_delivers(world, publisher, 0, false);
    assert_int_equal(world_slot_source(world, receiver, 0), 0);
    assert_int_equal(close_session(world, &technician, APP_DOOR_PUBLISH, "fr", "0123456789abcdefx"),
                     ERR_NOT_FOUND);
    assert_int_equal(close_session(world, &french, APP_DOOR_PUBLISH, "fr", "short"), ERR_NOT_FOUND);
    assert_int_equal(close_session(world, &french, APP_DOOR_PUBLISH, "fr", session), ERR_NONE);
    assert_null(only_feed(world));
    assert_null(world_peer_starting(world, "demo/whip:"));
    assert_int_equal(close_session(world, &french, APP_DOOR_PUBLISH, "fr", session), ERR_NOT_FOUND);
}

static void put(struct world *world, const char *feed, enum feed_target target)
{
    struct command command = {.type = COMMAND_FEED_PUT, .as.feed_put.target = target};
    text_copy_cut(command.as.feed_put.feed, sizeof(command.as.feed_put.feed), feed);
    assert_int_equal(world_command(world, world_connect(world, "technician"), &command), ERR_NONE);
}

static const struct channel *french(struct world *world)
{
    uint64_t seq = 0;
    return &app_meeting(world->app, "demo", &seq)->channels[CHANNEL_ID_FR];
}

// Digital silence holds no language: after two seconds the channel goes on as without the feed, and
// the language is unserved.
static void test_a_feed_on_a_language_falls_quiet(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-ken");
    assert_int_equal(world_floor_give(world, chair, "delegate-ken"), ERR_NONE);
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "fr"), ERR_NONE);
    const struct world_peer *publisher = world_peer_starting(world, "demo/whip:fr:");
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    const struct world_peer *receiver = world_peer_starting(world, "demo/whep:fr:");
    link_source floor = world_peer(world, "delegate-ken")->sections[0].source;
    // Quiet from the beginning: it is there, and holds nothing.
    world_media_delivers_sound(world, publisher, 0, WORLD_QUIET);
    assert_false(only_feed(world)->sound);
    assert_int_equal(world_slot_source(world, receiver, 0), floor);
    world_media_delivers_sound(world, publisher, 0, WORLD_SOUND);
    assert_true(only_feed(world)->sound);
    assert_string_equal(french(world)->feed, "fr");
    assert_int_equal(french(world)->unserved_since, 0);
    assert_int_equal(world_slot_source(world, receiver, 0), publisher->sections[0].source);
    world_advance(world, 60000);
    world_media_delivers_sound(world, publisher, 0, WORLD_QUIET); // since a second
    world_advance(world, 999);
    assert_string_equal(french(world)->feed, "fr");
    world_advance(world, 1);
    assert_false(only_feed(world)->sound);
    assert_string_equal(french(world)->feed, "");
    assert_int_not_equal(french(world)->unserved_since, 0);
    assert_int_equal(world_slot_source(world, receiver, 0), floor);
    world_advance(world, 20000);
    assert_false(only_feed(world)->sound);
    world_media_delivers_sound(world, publisher, 0, WORLD_SOUND);
    assert_true(only_feed(world)->sound);
    assert_int_equal(world_slot_source(world, receiver, 0), publisher->sections[0].source);
}

// A pause of less is none, and neither is one in which control is started anew.
static void test_a_pause_of_a_feed_on_a_language(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "fr"), ERR_NONE);
    const struct world_peer *publisher = world_peer_starting(world, "demo/whip:fr:");
    world_media_delivers_sound(world, publisher, 0, WORLD_SOUND);
    uint32_t from = world->line_count;
    for (int i = 0; i < 5; i++) {
        world_advance(world, 5000);
        world_media_delivers_sound(world, publisher, 0, WORLD_QUIET);
        world_advance(world, 900);
        world_media_delivers_sound(world, publisher, 0, WORLD_SOUND);
    }
    assert_int_equal(world_count(world, from, "publish demo"), 0);
    // What it may lack was not heard while media stood still.
    world_media_delivers_sound(world, publisher, 0, WORLD_QUIET);
    app_media_still(world->app, world->now, world->now, world->wall);
    world_advance(world, 1500);
    app_media_still(world->app, 0, world->now, world->wall);
    world_advance(world, 200);
    world_media_delivers_sound(world, publisher, 0, WORLD_SOUND);
    world_advance(world, 5000);
    assert_int_equal(world_count(world, from, "publish demo"), 0);
}

// On the floor it keeps its place as any microphone does; taken from there it holds nothing.
static void test_a_quiet_feed_goes_from_the_floor_to_a_language(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    const struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    world_media_delivers_sound(world, publisher, 0, WORLD_QUIET);
    world_advance(world, 3000);
    assert_true(only_feed(world)->sound);
    assert_int_not_equal(only_feed(world)->silent_since, 0);
    put(world, "floor", FEED_TARGET_FR);
    world_advance(world, 0);
    assert_false(only_feed(world)->sound);
    assert_string_equal(french(world)->feed, "");
}

// One on the floor that ceases is said to be missed, and leaves the floor like a microphone.
static void test_a_feed_on_the_floor_ceases(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    assert_int_equal(only_feed(world)->target, FEED_TARGET_FLOOR);
    time_ms put_at = only_feed(world)->put_at;
    world_advance(world, 1999);
    assert_int_equal(only_feed(world)->silent_since, 0);
    world_advance(world, 1); // it never came
    assert_int_equal(only_feed(world)->silent_since, put_at);
    assert_int_equal(only_feed(world)->closes_at, put_at + 15000);
    world_media_delivers(world, publisher, 0, true);
    world_advance(world, 0);
    assert_int_equal(only_feed(world)->silent_since, 0);
    world_advance(world, 60000);
    world_media_delivers(world, publisher, 0, false); // since a second
    world_advance(world, 0);
    time_ms since = world->wall - 1000;
    assert_int_equal(only_feed(world)->silent_since, since);
    assert_int_equal(only_feed(world)->closes_at, since + 15000);
    world_advance(world, 13999);
    assert_int_equal(only_feed(world)->target, FEED_TARGET_FLOOR);
    world_advance(world, 1);
    assert_int_equal(only_feed(world)->target, FEED_TARGET_NONE);
    assert_int_equal(only_feed(world)->silent_since, 0);
    world_advance(world, 60000); // and nothing more is said of it
    assert_int_equal(only_feed(world)->silent_since, 0);
}

// A hall's camera has no sound to be missed.
static void test_a_film_on_the_floor(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    world_media_delivers(world, publisher, 1, true);
    world_advance(world, 60000);
    assert_int_equal(only_feed(world)->silent_since, 0);
    assert_int_equal(only_feed(world)->target, FEED_TARGET_FLOOR);
    world_media_delivers(world, publisher, 0, true);
    world_media_delivers(world, publisher, 0, false); // it had sound, and has none
    world_advance(world, 1000);
    assert_int_not_equal(only_feed(world)->silent_since, 0);
}

static const struct world_peer *peer_with(const struct world *world, link_peer id)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        if (world->peers[i].id == id) {
            return &world->peers[i];
        }
    }
    return NULL;
}

static const struct world_peer *peer_but(const struct world *world, const char *owner, link_peer id)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        const struct world_peer *peer = &world->peers[i];
        if (peer->id != 0 && peer->id != id && strncmp(peer->owner, owner, strlen(owner)) == 0) {
            return peer;
        }
    }
    return NULL;
}

static void test_one_publisher_for_a_name(void **state)
{
    struct world *world = *state;
    const struct app_identity first = bound(world, APP_DOOR_PUBLISH, "stage");
    const struct app_identity second = bound(world, APP_DOOR_PUBLISH, "stage");
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    link_peer before = world_peer_starting(world, "demo/whip:stage:")->id;
    assert_int_equal(ask(world, &second, APP_DOOR_PUBLISH, "stage", 2), ERR_CONFLICT);
    // The same one again takes nothing from it, neither by an offer nor by silence.
    world->answer_err = ERR_MALFORMED;
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_MALFORMED);
    world->answer_err = ERR_NONE;
    world_media_delivers(world, world_peer_starting(world, "demo/whip:stage:"), 0, true);
    assert_true(only_feed(world)->sound);
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    const struct world_peer *next = peer_but(world, "demo/whip:stage:", before);
    assert_true(only_feed(world)->sound);
    world_media_delivers_sound(world, next, 0, WORLD_QUIET);
    assert_non_null(peer_with(world, before));
    // Another try takes the place of the one that did not come through.
    link_peer given_up = next->id;
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    assert_null(peer_with(world, given_up));
    next = peer_but(world, "demo/whip:stage:", before);
    // Once it is heard it publishes.
    world_media_delivers(world, next, 0, true);
    assert_null(peer_with(world, before));
    assert_true(only_feed(world)->sound);
    assert_int_equal(world_count(world, 0, "link close demo/whip:stage"), 2);
    // One that waits follows where the other ends, and ends with the feed.
    before = next->id;
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    next = peer_but(world, "demo/whip:stage:", before);
    world_media_phase(world, peer_with(world, before)->owner + 5, LINK_PEER_CLOSED);
    assert_non_null(only_feed(world));
    assert_non_null(peer_with(world, next->id));
    assert_int_equal(open_door(world, &first, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    struct command end = {.type = COMMAND_FEED_END};
    text_copy_cut(end.as.feed_end.feed, sizeof(end.as.feed_end.feed), "stage");
    assert_int_equal(world_command(world, world_enter(world, "moderator"), &end), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whip:stage:"));
    world_advance(world, 5000);
    assert_null(only_feed(world));
}

static void test_no_answer_in_time(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(ask(world, &technician, APP_DOOR_LISTEN, "fr", 5), ERR_NONE);
    world_advance(world, 9900);
    assert_int_equal(world->door_request, 0);
    world_advance(world, 200);
    assert_int_equal(world->door_request, 5);
    assert_int_equal(world->door_err, ERR_UNAVAILABLE);
    assert_null(world_peer_starting(world, "demo/whep:"));
    // Nor while media is away.
    assert_int_equal(ask(world, &technician, APP_DOOR_LISTEN, "fr", 6), ERR_NONE);
    world_media_kill(world);
    assert_int_equal(world->door_request, 6);
    assert_int_equal(ask(world, &technician, APP_DOOR_LISTEN, "fr", 7), ERR_UNAVAILABLE);
}

static void test_full(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    // Of sixteen places for media two are kept for pages.
    for (int i = 0; i < 14; i++) {
        assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    }
    assert_int_equal(ask(world, &technician, APP_DOOR_LISTEN, "fr", 9), ERR_FULL);
    struct world_peer *gone = world_peer_starting(world, "demo/whep:");
    world_media_phase(world, gone->owner + 5, LINK_PEER_CLOSED);
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "fr"), ERR_NONE);
}

// One listener's link may open many, but never all: where places are short, others have them.
static void test_one_token_has_not_all(void **state)
{
    struct world *world = *state;
    const struct app_identity greedy = world_identity(world, "listener");
    const struct app_identity other = bound(world, APP_DOOR_LISTEN, "fr");
    const struct app_identity feed = bound(world, APP_DOOR_PUBLISH, "stage");
    int opened = 0;
    while (open_door(world, &greedy, APP_DOOR_LISTEN, "fr") == ERR_NONE) {
        opened++;
    }
    assert_int_equal(opened, 11); // three quarters of fourteen
    assert_int_equal(open_door(world, &other, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    assert_int_equal(open_door(world, &feed, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    assert_int_equal(ask(world, &greedy, APP_DOOR_LISTEN, "fr", 9), ERR_FULL);
}

static void test_commands(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    app_live moderator = world_connect(world, "moderator");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    world_advance(world, 2000);
    const struct notice_receivers_changed *told = &world->receivers;
    assert_int_equal(told->total, 1);
    assert_int_equal(told->receivers_count, 1);
    assert_int_equal(told->receivers[0].channel, CHANNEL_ID_FR);
    assert_true(told->receivers[0].connected);
    assert_string_equal(told->receivers[0].participant, "technician");
    struct command command = {.type = COMMAND_RECEIVER_SWITCH};
    memcpy(command.as.receiver_switch.receiver, told->receivers[0].id, CONTRACT_ID_MAX + 1);
    command.as.receiver_switch.channel = CHANNEL_ID_FLOOR;
    assert_int_equal(world_command(world, moderator, &command), ERR_NONE);
    struct command put = {.type = COMMAND_FEED_PUT, .as.feed_put.target = FEED_TARGET_FLOOR};
    text_copy_cut(put.as.feed_put.feed, sizeof(put.as.feed_put.feed), "stage");
    assert_int_equal(world_command(world, moderator, &put), ERR_NONE);
    const struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    world_media_delivers(world, publisher, 0, true);
    world_media_delivers(world, publisher, 1, true);
    const struct world_peer *receiver = world_peer_starting(world, "demo/whep:");
    assert_int_equal(world_slot_source(world, receiver, 0), publisher->sections[0].source);
    assert_int_equal(world_slot_source(world, receiver, 1), publisher->sections[1].source);
    struct command end = {.type = COMMAND_FEED_END};
    text_copy_cut(end.as.feed_end.feed, sizeof(end.as.feed_end.feed), "stage");
    assert_int_equal(world_command(world, moderator, &end), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whip:"));
    assert_null(only_feed(world));
    command.type = COMMAND_RECEIVER_END;
    assert_int_equal(world_command(world, moderator, &command), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whep:"));
    assert_int_equal(world_command(world, moderator, &command), ERR_NOT_FOUND);
}

static void test_control_comes_back(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    world_media_delivers(world, publisher, 0, true);
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "floor"), ERR_NONE);
    char session[CONTRACT_ID_MAX + 1];
    memcpy(session, world->door_session, sizeof(session));
    world_restart_control(world);
    world_media_connect(world);
    world_media_delivers(world, publisher, 0, true);
    assert_non_null(only_feed(world));
    assert_int_equal(only_feed(world)->position, 1);
    assert_true(only_feed(world)->sound);
    const struct world_peer *receiver = world_peer_starting(world, "demo/whep:");
    assert_int_equal(world_slot_source(world, receiver, 0), publisher->sections[0].source);
    char etag[APP_DOOR_ETAG_MAX + 1];
    const struct app_door_place place = {
        .kind = APP_DOOR_LISTEN, .meeting = "demo", .name = "floor", .session = session};
    assert_int_equal(app_door_etag(world->app, &technician, &place, etag), ERR_NONE);
    assert_string_equal(etag, world->door_etag);
    assert_int_equal(close_session(world, &technician, APP_DOOR_LISTEN, "floor", session),
                     ERR_NONE);
    // Media dies with all: the feed ends.
    world_media_kill(world);
    world_media_connect(world);
    world_commit(world);
    assert_null(only_feed(world));
}

static enum err restart(struct world *world, const struct app_identity *identity,
                        const char *session, uint64_t request)
{
    struct refusal refusal = {0};
    const struct app_door_place place = {
        .kind = APP_DOOR_PUBLISH, .meeting = "demo", .name = "floor", .session = session};
    return app_door_restart(world->app, identity, &place, "fragment", 8, request, world->now,
                            &refusal);
}

static void test_ice_restarts(void **state)
{
    struct world *world = *state;
    char session[CONTRACT_ID_MAX + 1];
    char first_etag[APP_DOOR_ETAG_MAX + 1];
    const struct app_identity technician = world_identity(world, "technician");
    const struct app_identity stranger = world_identity(world, "listener");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    memcpy(session, world->door_session, sizeof(session));
    memcpy(first_etag, world->door_etag, sizeof(first_etag));
    struct world_peer *publisher = world_peer_starting(world, "demo/whip:");
    world_media_delivers(world, publisher, 0, true);

    assert_int_equal(restart(world, &stranger, session, 2), ERR_FORBIDDEN);
    assert_int_equal(restart(world, &technician, "0000000000000001x", 2), ERR_NOT_FOUND);
    assert_int_equal(restart(world, &technician, session, 3), ERR_NONE);
    assert_int_equal(restart(world, &technician, session, 4), ERR_CONFLICT); // one at a time
    assert_true(only_feed(world)->sound);                                    // it goes on meanwhile
    world_media_answer(world);
    assert_int_equal(world->door_request, 3);
    assert_int_equal(world->door_err, ERR_NONE);
    assert_true(world->door_restarted);
    assert_string_not_equal(world->door_etag, first_etag);

    // What media refuses changes nothing.
    char etag[APP_DOOR_ETAG_MAX + 1];
    memcpy(etag, world->door_etag, sizeof(etag));
    world->answer_err = ERR_INVALID;
    assert_int_equal(restart(world, &technician, session, 5), ERR_NONE);
    world_media_answer(world);
    assert_int_equal(world->door_err, ERR_INVALID);
    assert_string_equal(world->door_etag, etag);
    world->answer_err = ERR_NONE;
    assert_non_null(only_feed(world));

    // No answer in time: refused, and the session goes on.
    assert_int_equal(restart(world, &technician, session, 6), ERR_NONE);
    world_advance(world, 10100);
    assert_int_equal(world->door_request, 6);
    assert_int_equal(world->door_err, ERR_UNAVAILABLE);
    assert_int_equal(restart(world, &technician, session, 7), ERR_NONE);
    world_media_answer(world); // too late, and not of this one
    assert_int_equal(world->door_request, 6);
    publisher->answered = false;
    publisher->restarting = true;
    world_media_answer(world);
    assert_int_equal(world->door_request, 7);
    assert_int_equal(world->door_err, ERR_NONE);
    memcpy(etag, world->door_etag, sizeof(etag));

    // A new control process knows which ICE session it is.
    world_restart_control(world);
    world_media_connect(world);
    char later[APP_DOOR_ETAG_MAX + 1];
    const struct app_door_place place = {
        .kind = APP_DOOR_PUBLISH, .meeting = "demo", .name = "floor", .session = session};
    assert_int_equal(app_door_etag(world->app, &technician, &place, later), ERR_NONE);
    assert_string_equal(later, etag);

    // The session ends, or media, while one waits: it is told so.
    assert_int_equal(restart(world, &technician, session, 8), ERR_NONE);
    assert_int_equal(close_session(world, &technician, APP_DOOR_PUBLISH, "floor", session),
                     ERR_NONE);
    assert_int_equal(world->door_request, 8);
    assert_int_equal(world->door_err, ERR_NOT_FOUND);
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "floor"), ERR_NONE);
    memcpy(session, world->door_session, sizeof(session));
    assert_int_equal(restart(world, &technician, session, 9), ERR_NONE);
    world_media_kill(world);
    assert_int_equal(world->door_request, 9);
    assert_int_equal(world->door_err, ERR_UNAVAILABLE);
    assert_int_equal(restart(world, &technician, session, 10), ERR_UNAVAILABLE);
}

static void test_a_removed_participants_sessions_end(void **state)
{
    struct world *world = *state;
    const struct app_identity technician = world_identity(world, "technician");
    app_live moderator = world_connect(world, "moderator");
    assert_int_equal(open_door(world, &technician, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    struct command command = {.type = COMMAND_PARTICIPANT_REMOVE};
    text_copy_cut(command.as.participant_remove.participant, CONTRACT_ID_MAX + 1, "technician");
    assert_int_equal(world_command(world, moderator, &command), ERR_NONE);
    world_commit(world);
    assert_null(world_peer_starting(world, "demo/whip:"));
    assert_null(only_feed(world));
}

static void test_signing_out_ends_what_the_session_opened(void **state)
{
    struct world *world = *state;
    const struct app_identity here = world_identity(world, "technician");
    const struct app_identity elsewhere = world_identity(world, "technician");
    assert_int_equal(open_door(world, &here, APP_DOOR_PUBLISH, "stage"), ERR_NONE);
    assert_int_equal(open_door(world, &here, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    assert_int_equal(open_door(world, &elsewhere, APP_DOOR_LISTEN, "es"), ERR_NONE);
    // A new control process knows them by media's notes.
    world_restart_control(world);
    world_media_connect(world);
    assert_int_equal(ask(world, &here, APP_DOOR_LISTEN, "ru", 7), ERR_NONE);
    assert_int_equal(app_sign_out(world->app, &here), ERR_NONE);
    world_commit(world);
    assert_int_equal(world->door_request, 7);
    assert_int_equal(world->door_err, ERR_FORBIDDEN);
    assert_null(world_peer_starting(world, "demo/whip:"));
    assert_null(world_peer_starting(world, "demo/whep:fr:"));
    assert_null(world_peer_starting(world, "demo/whep:ru:"));
    assert_null(only_feed(world));
    assert_non_null(world_peer_starting(world, "demo/whep:es:"));
    assert_int_equal(app_session_revoke(world->app, &elsewhere, elsewhere.session), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whep:es:"));
}

static void test_signing_out_everywhere_ends_what_the_link_opened(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    struct app_identity link;
    world_token(world, "delegate-fra", 3600000, token);
    assert_int_equal(app_identify(world->app, token, world->wall, &link), ERR_NONE);
    const struct app_identity session = world_identity(world, "delegate-fra");
    const struct app_identity other = world_identity(world, "delegate-chn");
    assert_int_equal(open_door(world, &link, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    assert_int_equal(open_door(world, &session, APP_DOOR_LISTEN, "es"), ERR_NONE);
    assert_int_equal(open_door(world, &other, APP_DOOR_LISTEN, "zh"), ERR_NONE);
    assert_int_equal(app_sign_out_everywhere(world->app, &session), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whep:fr:"));
    assert_null(world_peer_starting(world, "demo/whep:es:"));
    assert_non_null(world_peer_starting(world, "demo/whep:zh:"));
}

// A date closes the door to new entries; whoever is in leaves in their own way.
static void test_past_its_date_a_token_ends_its_own_alone(void **state)
{
    struct world *world = *state;
    char token[APP_TOKEN_MAX + 1];
    char session[CONTRACT_ID_MAX + 1];
    struct app_identity identity;
    const struct app_identity technician = world_identity(world, "technician");
    assert_int_equal(open_door(world, &technician, APP_DOOR_LISTEN, "es"), ERR_NONE);
    char others[CONTRACT_ID_MAX + 1];
    memcpy(others, world->door_session, sizeof(others));
    world_token(world, "moderator", 3600000, token);
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_NONE);
    assert_int_equal(open_door(world, &identity, APP_DOOR_LISTEN, "fr"), ERR_NONE);
    memcpy(session, world->door_session, sizeof(session));
    world->wall += 2 * 3600000;
    assert_int_equal(app_identify(world->app, token, world->wall, &identity), ERR_EXPIRED);
    assert_true(identity.expired);
    assert_int_equal(close_session(world, &identity, APP_DOOR_LISTEN, "es", others), ERR_FORBIDDEN);
    assert_int_equal(close_session(world, &identity, APP_DOOR_LISTEN, "fr", session), ERR_NONE);
    assert_null(world_peer_starting(world, "demo/whep:fr:"));
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, doors_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_who_may),
        CASE(test_a_wish_for_a_form_of_the_sound),
        CASE(test_tokens_for_what_cannot_be),
        CASE(test_a_feed_comes_delivers_and_goes),
        CASE(test_a_feed_on_a_language_falls_quiet),
        CASE(test_a_pause_of_a_feed_on_a_language),
        CASE(test_a_quiet_feed_goes_from_the_floor_to_a_language),
        CASE(test_a_feed_on_the_floor_ceases),
        CASE(test_a_film_on_the_floor),
        CASE(test_one_publisher_for_a_name),
        CASE(test_no_answer_in_time),
        CASE(test_full),
        CASE(test_one_token_has_not_all),
        CASE(test_commands),
        CASE(test_control_comes_back),
        CASE(test_ice_restarts),
        CASE(test_a_removed_participants_sessions_end),
        CASE(test_signing_out_ends_what_the_session_opened),
        CASE(test_signing_out_everywhere_ends_what_the_link_opened),
        CASE(test_past_its_date_a_token_ends_its_own_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
