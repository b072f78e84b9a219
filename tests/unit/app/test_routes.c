// What was taken off a channel is gone from it at once, whoever is waited for; and a sound check is
// nothing to listeners. Each with a technician's player at the door for French.
#include "world.h"

#include <string.h>

#include "base/text.h"

#define FIRST   "interpreter-fr-1"
#define SPEAKER "delegate-ken"

struct hall {
    struct world *world;
    app_live chair;
    app_live technician;
    app_live first;
    const struct world_peer *feed;
};

static void open_door(struct world *world, enum app_door_kind kind, const char *name)
{
    const struct app_identity technician = world_identity(world, "technician");
    const struct app_door_place place = {.kind = kind, .meeting = "demo", .name = name};
    struct refusal refusal = {0};
    assert_int_equal(
        app_door_open(world->app, &technician, &place, "v=0", 3, 1, world->now, &refusal),
        ERR_NONE);
    world_media_answer(world);
    world_commit(world);
    assert_int_equal(world->door_err, ERR_NONE);
}

// A feed that sounds and stands nowhere yet; players of French, Spanish, Russian and the floor, and
// a delegate of France who listens to French.
static struct hall begin(struct world *world)
{
    static const char *const players[] = {"fr", "es", "ru", "floor"};
    struct hall hall = {.world = world, .chair = world_enter(world, "chair")};
    world_enter(world, SPEAKER);
    app_live listener = world_enter(world, "delegate-fra");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    hall.first = world_enter(world, FIRST);
    hall.technician = world_enter(world, "technician");
    for (size_t i = 0; i < sizeof(players) / sizeof(players[0]); i++) {
        open_door(world, APP_DOOR_LISTEN, players[i]);
    }
    open_door(world, APP_DOOR_PUBLISH, "cam");
    hall.feed = world_peer_starting(world, "demo/whip:cam:");
    assert_non_null(hall.feed);
    world_media_delivers_sound(world, hall.feed, 0, WORLD_SOUND);
    return hall;
}

static void put(const struct hall *hall, enum feed_target target)
{
    struct command command = {.type = COMMAND_FEED_PUT, .as.feed_put.target = target};
    text_copy_cut(command.as.feed_put.feed, sizeof(command.as.feed_put.feed), "cam");
    assert_int_equal(world_command(hall->world, hall->technician, &command), ERR_NONE);
}

static void auto_floor(const struct hall *hall, bool on)
{
    const struct command command = {.type = COMMAND_CHANNEL_AUTO_FLOOR,
                                    .as.channel_auto_floor = {CHANNEL_ID_FR, on}};
    assert_int_equal(world_command(hall->world, hall->technician, &command), ERR_NONE);
}

static void force(const struct hall *hall, const char *participant)
{
    struct command command = {.type = COMMAND_CHANNEL_FORCE,
                              .as.channel_force.channel = CHANNEL_ID_FR};
    text_copy_cut(command.as.channel_force.participant,
                  sizeof(command.as.channel_force.participant), participant);
    assert_int_equal(world_command(hall->world, hall->technician, &command), ERR_NONE);
}

static void give_floor(const struct hall *hall)
{
    assert_int_equal(world_floor_give(hall->world, hall->chair, SPEAKER), ERR_NONE);
}

static void press(const struct hall *hall, enum microphone microphone)
{
    assert_int_equal(world_desk(hall->world, hall->first, microphone), ERR_NONE);
}

// Of this participant's microphone, and of the feed.
static link_source of(const struct hall *hall, const char *participant)
{
    return world_peer(hall->world, participant)->sections[0].source;
}

static link_source of_feed(const struct hall *hall)
{
    return hall->feed->sections[0].source;
}

static const struct world_channel *player(const struct hall *hall, const char *channel)
{
    char owner[LINK_OWNER_MAX + 1];
    snprintf(owner, sizeof(owner), "demo/whep:%s:", channel);
    const struct world_peer *peer = world_peer_starting(hall->world, owner);
    assert_non_null(peer);
    return world_channel(hall->world, peer->slots[0].channel);
}

// Nothing else than this is heard there, also where it is not heard.
static void assert_alone(const struct hall *hall, const char *channel, link_source source)
{
    assert_int_equal(player(hall, channel)->source, source);
    assert_false(player(hall, channel)->when_heard);
}

static void assert_awaited(const struct hall *hall, const char *channel, link_source source)
{
    assert_int_equal(player(hall, channel)->source, source);
    assert_true(player(hall, channel)->when_heard);
}

// The interpreter is on the air and muted.
static void mute_the_desk(const struct hall *hall)
{
    press(hall, MICROPHONE_ON);
    world_media_sound(hall->world, FIRST, WORLD_QUIET);
    world_advance(hall->world, 3000);
}

static void test_a_feed_is_taken_off_above_a_muted_desk(void **state)
{
    struct hall hall = begin(*state);
    put(&hall, FEED_TARGET_FR);
    mute_the_desk(&hall);
    assert_int_equal(player(&hall, "fr")->source, of_feed(&hall));
    put(&hall, FEED_TARGET_NONE);
    assert_alone(&hall, "fr", of(&hall, FIRST));
}

static void test_a_feed_goes_to_another_language(void **state)
{
    struct hall hall = begin(*state);
    give_floor(&hall);
    put(&hall, FEED_TARGET_FR);
    assert_awaited(&hall, "fr", of_feed(&hall)); // the floor is heard there until then
    world_media_sound(hall.world, SPEAKER, WORLD_QUIET);
    put(&hall, FEED_TARGET_ES);
    assert_alone(&hall, "fr", of(&hall, SPEAKER));
    assert_awaited(&hall, "es", of_feed(&hall));
}

static void test_a_feed_is_taken_off_the_floor(void **state)
{
    struct hall hall = begin(*state);
    give_floor(&hall);
    world_media_sound(hall.world, SPEAKER, WORLD_QUIET);
    put(&hall, FEED_TARGET_FLOOR);
    world_advance(hall.world, 3000);
    assert_int_equal(player(&hall, "floor")->source, of_feed(&hall));
    assert_int_equal(player(&hall, "fr")->source, of_feed(&hall));
    put(&hall, FEED_TARGET_NONE);
    assert_alone(&hall, "floor", of(&hall, SPEAKER));
    assert_alone(&hall, "fr", of(&hall, SPEAKER));
    // The same where it goes to a language: others had it by the floor.
    put(&hall, FEED_TARGET_FLOOR);
    put(&hall, FEED_TARGET_FR);
    assert_alone(&hall, "floor", of(&hall, SPEAKER));
    assert_alone(&hall, "ru", of(&hall, SPEAKER));
    assert_int_equal(player(&hall, "fr")->source, of_feed(&hall));
}

static void test_auto_floor_is_switched_off_above_a_muted_desk(void **state)
{
    struct hall hall = begin(*state);
    give_floor(&hall);
    mute_the_desk(&hall);
    assert_int_equal(player(&hall, "fr")->source, of(&hall, SPEAKER));
    auto_floor(&hall, false);
    assert_alone(&hall, "fr", of(&hall, FIRST));
}

static void test_a_route_by_hand_is_released_above_a_muted_desk(void **state)
{
    struct hall hall = begin(*state);
    const struct command release = {.type = COMMAND_CHANNEL_RELEASE,
                                    .as.channel_release.channel = CHANNEL_ID_FR};
    give_floor(&hall);
    auto_floor(&hall, false);
    mute_the_desk(&hall);
    force(&hall, SPEAKER);
    assert_int_equal(player(&hall, "fr")->source, of(&hall, SPEAKER));
    assert_int_equal(world_command(hall.world, hall.technician, &release), ERR_NONE);
    assert_alone(&hall, "fr", of(&hall, FIRST));
}

// Before it is put on a channel, by a technician in their own ears.
static void test_a_feed_that_stands_nowhere_is_heard_alone(void **state)
{
    struct hall hall = begin(*state);
    struct command command = {.type = COMMAND_LISTEN_SOURCE};
    text_copy_cut(command.as.listen_source.feed, sizeof(command.as.listen_source.feed), "cam");
    assert_int_equal(world_command(hall.world, hall.technician, &command), ERR_NONE);
    const char *heard = world_hears(hall.world, "technician", SLOT_NAME_LANGUAGE);
    assert_int_equal(strncmp(heard, "whip:cam:", strlen("whip:cam:")), 0);
    assert_string_equal(world_hears(hall.world, "delegate-fra", SLOT_NAME_LANGUAGE), "");
}

// Whoever still stands there goes on until the next one is heard, and no longer than it stands.
static void test_what_is_taken_off_while_another_is_awaited(void **state)
{
    struct hall hall = begin(*state);
    give_floor(&hall);
    put(&hall, FEED_TARGET_FR);
    world_media_sound(hall.world, FIRST, WORLD_NOTHING);
    press(&hall, MICROPHONE_ON);
    assert_awaited(&hall, "fr", of(&hall, FIRST));
    uint32_t from = hall.world->line_count;
    put(&hall, FEED_TARGET_NONE);
    // For listeners and booths: the floor at once, and then the interpreter when heard.
    assert_int_equal(world_count(hall.world, from, "link channel"), 4);
    assert_awaited(&hall, "fr", of(&hall, FIRST));
    world_media_sound(hall.world, FIRST, WORLD_SOUND);
    assert_int_equal(player(&hall, "fr")->source, of(&hall, FIRST));
    // On the floor: who spoke goes on until the newcomer is heard, and ends with their own place.
    world_enter(hall.world, "delegate-jpn");
    world_media_sound(hall.world, "delegate-jpn", WORLD_NOTHING);
    assert_int_equal(world_floor_give(hall.world, hall.chair, "delegate-jpn"), ERR_NONE);
    assert_awaited(&hall, "floor", of(&hall, "delegate-jpn"));
    const struct command end = {.type = COMMAND_FLOOR_END, .as.floor_end.participant = SPEAKER};
    assert_int_equal(world_command(hall.world, hall.chair, &end), ERR_NONE);
    assert_alone(&hall, "floor", of(&hall, "delegate-jpn"));
}

static void suspend(const struct hall *hall)
{
    const struct command command = {.type = COMMAND_SITTING_SUSPEND};
    assert_int_equal(world_command(hall->world, hall->chair, &command), ERR_NONE);
}

static const char *delegate_hears(const struct hall *hall)
{
    return world_hears(hall->world, "delegate-fra", SLOT_NAME_LANGUAGE);
}

// Whatever stands on the channel beside the interpreter is heard during the check, and not a word
// is said to media of the interpreter for listeners: not from the press on.
static void test_a_sound_check_beside_a_feed(void **state)
{
    static const enum feed_target targets[] = {FEED_TARGET_FR, FEED_TARGET_FLOOR, FEED_TARGET_NONE};
    struct hall hall = begin(*state);
    assert_int_equal(world_listen(hall.world, hall.technician, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR),
                     ERR_NONE);
    suspend(&hall);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        put(&hall, targets[i]);
        link_source heard = targets[i] == FEED_TARGET_NONE ? 0 : of_feed(&hall);
        char carried[WORLD_LINE_SIZE];
        snprintf(carried, sizeof(carried), "link channel %u", player(&hall, "fr")->channel);
        uint32_t from = hall.world->line_count;
        world_media_sound(hall.world, FIRST, WORLD_NOTHING);
        press(&hall, MICROPHONE_ON); // awaited
        world_media_sound(hall.world, FIRST, WORLD_SOUND);
        world_advance(hall.world, 5000);
        assert_string_equal(world_hears(hall.world, "technician", SLOT_NAME_LANGUAGE),
                            FIRST " microphone");
        assert_alone(&hall, "fr", heard);
        if (heard == 0) {
            assert_string_equal(delegate_hears(&hall), "");
        } else {
            assert_true(text_starts_with(delegate_hears(&hall), "whip:cam:"));
        }
        press(&hall, MICROPHONE_OFF);
        assert_int_equal(world_count(hall.world, from, carried), 0);
    }
}

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

#define ROUTES_TEST(name) cmocka_unit_test_setup_teardown(name, media_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROUTES_TEST(test_a_feed_is_taken_off_above_a_muted_desk),
        ROUTES_TEST(test_a_feed_goes_to_another_language),
        ROUTES_TEST(test_a_feed_is_taken_off_the_floor),
        ROUTES_TEST(test_auto_floor_is_switched_off_above_a_muted_desk),
        ROUTES_TEST(test_a_route_by_hand_is_released_above_a_muted_desk),
        ROUTES_TEST(test_a_feed_that_stands_nowhere_is_heard_alone),
        ROUTES_TEST(test_what_is_taken_off_while_another_is_awaited),
        ROUTES_TEST(test_a_sound_check_beside_a_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
