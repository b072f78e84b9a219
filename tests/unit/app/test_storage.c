// A disk that takes nothing, or soon will: who gave a command is refused in words, nothing comes
// late, connections and media go on, and everything goes on by itself.
#include "world.h"

#include <poll.h>
#include <string.h>

#include "app/documents.h"
#include "base/text.h"
#include "faulty_vfs.h"
#include "store/journal.h"

#define FRENCH_1 "interpreter-fr-1"

static void disk_fails(enum faulty_kind kind)
{
    faulty_vfs_fail(kind, 0);
}

// What waits for the disk is decided by the disk: written, or refused.
static void settle(struct world *world)
{
    (void)!journal_flush(world->store);
    app_committed(world->app, world->now, world->wall);
}

static enum store_state state_of(struct world *world)
{
    uint64_t free_bytes = 0;
    return app_store_state(world->app, &free_bytes);
}

static void disk_heals(struct world *world)
{
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    while (state_of(world) != STORE_STATE_WELL) {
        assert_int_equal(poll(&news, 1, 30000), 1);
        app_committed(world->app, world->now, world->wall);
    }
    settle(world);
}

static const struct participant *person(struct world *world, const char *id)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, id)) {
            return &meeting->participants[i];
        }
    }
    fail();
    return NULL;
}

static const struct desk *desk_of(struct world *world, const char *id)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            if (text_equal(meeting->booths[i].desks[j].participant, id)) {
                return &meeting->booths[i].desks[j];
            }
        }
    }
    fail();
    return NULL;
}

static uint64_t last_seq(struct world *world)
{
    uint64_t seq = 0;
    (void)app_meeting(world->app, "demo", &seq);
    return seq;
}

static enum err try_simple(struct world *world, app_live live, enum command_type type)
{
    const struct command command = {.type = type};
    world_give(world, live, &command);
    settle(world);
    assert_int_equal(world->replied, world->request);
    return world->reply.err;
}

static uint32_t notices_to(struct world *world, uint32_t from, app_live live)
{
    char line[64];
    snprintf(line, sizeof(line), "notice %u store.changed", live);
    return world_count(world, from, line);
}

static void test_what_cannot_be_written_is_refused(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live technician = world_enter(world, "technician");
    app_live delegate = world_enter(world, "delegate-fra");
    uint64_t before = last_seq(world);
    uint32_t line = world->line_count;
    disk_fails(FAULTY_FULL);
    // Two at once, neither committed: both are refused, and neither comes late.
    const struct command ask = {.type = COMMAND_FLOOR_REQUEST};
    world_give(world, delegate, &ask);
    world_give(world, chair, &(struct command){.type = COMMAND_LIST_CLOSE});
    settle(world);
    assert_int_equal(world_count(world, line, "reply"), 2);
    for (uint32_t i = line; i < world->line_count; i++) {
        assert_true(!text_starts_with(world->lines[i], "reply") ||
                    strstr(world->lines[i], "storage") != NULL);
    }
    assert_int_equal(last_seq(world), before);
    assert_int_equal(world_count(world, line, "publish"), 0);
    assert_int_equal(state_of(world), STORE_STATE_CLOSED);
    // Who runs the meeting is told, once; the others have the words of their refusal.
    assert_int_equal(notices_to(world, line, chair), 1);
    assert_int_equal(notices_to(world, line, technician), 1);
    assert_int_equal(notices_to(world, line, delegate), 0);
    assert_int_equal(world->notice.as.store_changed.state, STORE_STATE_CLOSED);
    assert_int_equal(try_simple(world, chair, COMMAND_LIST_CLOSE), ERR_STORAGE);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_STORE_CLOSED);
    // Nobody was dropped.
    assert_int_equal(world_count(world, line, "live_end"), 0);
    assert_non_null(app_live_participant(world->app, delegate, &(const char *){NULL}));
    disk_heals(world);
    assert_int_equal(last_seq(world), before);
    assert_int_equal(notices_to(world, line, chair), 2);
    assert_int_equal(world->notice.as.store_changed.state, STORE_STATE_WELL);
    assert_int_equal(world_command(world, delegate, &ask), ERR_NONE);
    world_restart_control(world);
    assert_true(last_seq(world) > before);
}

// All who came in one turn hear the same, no session of theirs is anywhere, and their links are as
// good as before.
static void test_nobody_of_a_turn_is_signed_in(void **state)
{
    static const char *const people[] = {"chair", "delegate-fra", "delegate-chn"};
    struct world *world = *state;
    struct app_link_sign_in sign_ins[3];
    struct app_identity identity;
    char link[APP_TOKEN_MAX + 1];
    for (int i = 0; i < 3; i++) {
        world_token(world, people[i], 3600 * 1000, link);
        assert_int_equal(app_link_begin(world->app, link, NULL, world->wall, &sign_ins[i]),
                         ERR_NONE);
        assert_string_equal(sign_ins[i].session.token, "");
    }
    disk_fails(FAULTY_FULL);
    app_link_end(world->app, sign_ins, 3, world->wall);
    disk_fails(FAULTY_NOTHING);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sign_ins[i].err, ERR_STORAGE);
        assert_string_equal(sign_ins[i].session.token, "");
    }
    app_link_end(world->app, sign_ins, 3, world->wall);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sign_ins[i].err, ERR_NONE);
        assert_int_equal(
            app_identify(world->app, sign_ins[i].session.token, world->wall, &identity), ERR_NONE);
        assert_string_equal(identity.participant, people[i]);
    }
}

// Who is new is in when the journal has them, and else is not.
static void test_who_is_new_and_cannot_be_written_is_not_in(void **state)
{
    struct world *world = *state;
    struct app_link_sign_in sign_in;
    char link[APP_TOKEN_MAX + 1];
    const struct app_token_wish wish = {
        .meeting = "demo", .capacity = CAPACITY_OBSERVER, .lifetime_ms = 3600 * 1000};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, link), ERR_NONE);
    disk_fails(FAULTY_FULL);
    assert_int_equal(app_link_begin(world->app, link, NULL, world->wall, &sign_in), ERR_NONE);
    settle(world);
    assert_false(app_link_waits(world->app, &sign_in));
    app_link_end(world->app, &sign_in, 1, world->wall);
    assert_int_equal(sign_in.err, ERR_STORAGE);
    assert_string_equal(sign_in.session.token, "");
    disk_heals(world);
    assert_int_equal(app_link_begin(world->app, link, NULL, world->wall, &sign_in), ERR_NONE);
    app_link_end(world->app, &sign_in, 1, world->wall); // waits
    assert_int_equal(sign_in.err, ERR_NONE);
    assert_non_null(person(world, sign_in.session.participant));
}

static void test_media_and_coming_go_on(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live gone = world_enter(world, "delegate-bra");
    const struct app_identity identity = world_identity(world, "delegate-fra");
    disk_fails(FAULTY_WRITE);
    assert_int_equal(try_simple(world, chair, COMMAND_LIST_CLOSE), ERR_STORAGE);
    app_live live;
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &live),
                     ERR_NONE);
    settle(world);
    assert_int_equal(person(world, "delegate-fra")->presence, PRESENCE_AWAY);
    assert_int_equal(world_join(world, live), ERR_NONE); // hears
    const struct command listen = {
        .type = COMMAND_LISTEN_SET,
        .as.listen_set = {.slot = SLOT_NAME_LANGUAGE, .channel = CHANNEL_ID_FR}};
    world_give(world, live, &listen);
    settle(world);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_NONE);
    // One goes, for good; hours pass, and the loop does not run in circles.
    app_live_close(world->app, gone, false, world->now, world->wall);
    for (int i = 0; i < 100; i++) {
        world->now += 100 * TIME_US_PER_MS;
        world->wall += 100;
        app_on_deadline(world->app, world->now, world->wall);
        assert_true(app_next_deadline(world->app) > world->now + 50 * TIME_US_PER_MS);
        settle(world);
    }
    assert_int_equal(person(world, "delegate-bra")->presence, PRESENCE_PRESENT);
    disk_heals(world);
    assert_int_equal(person(world, "delegate-fra")->presence, PRESENCE_ENTRANCE);
    world_advance(world, 15000);
    assert_int_equal(person(world, "delegate-bra")->presence, PRESENCE_LOST);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    // Told to who comes while it lasts.
    disk_fails(FAULTY_FULL);
    assert_int_equal(try_simple(world, live, COMMAND_ROOM_LEAVE), ERR_STORAGE);
    disk_heals(world);
}

static void test_who_comes_is_told(void **state)
{
    struct world *world = *state;
    app_live delegate = world_enter(world, "delegate-fra");
    const struct app_identity identity = world_identity(world, "chair");
    disk_fails(FAULTY_FULL);
    assert_int_equal(try_simple(world, delegate, COMMAND_ROOM_LEAVE), ERR_STORAGE);
    app_live chair;
    uint32_t line = world->line_count;
    assert_int_equal(app_live_open(world->app, &identity, false, world->now, world->wall, &chair),
                     ERR_NONE);
    app_on_deadline(world->app, world->now, world->wall);
    assert_int_equal(notices_to(world, line, chair), 1);
    disk_heals(world);
}

// The feed's beginning was refused: its publisher goes on, and the journal hears of it later.
static void test_a_publisher_stays(void **state)
{
    struct world *world = *state;
    struct refusal refusal = {0};
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    const struct app_identity technician = world_identity(world, "technician");
    const struct app_door_place place = {
        .kind = APP_DOOR_PUBLISH, .meeting = "demo", .name = "feed-1"};
    assert_int_equal(
        app_door_open(world->app, &technician, &place, "v=0", 3, 1, world->now, &refusal),
        ERR_NONE);
    disk_fails(FAULTY_FULL);
    world_media_answer(world);
    settle(world);
    assert_int_equal(world->door_err, ERR_NONE);
    assert_int_equal(try_simple(world, chair, COMMAND_LIST_CLOSE), ERR_STORAGE);
    uint64_t seq = 0;
    assert_int_equal(app_meeting(world->app, "demo", &seq)->feeds_count, 0);
    disk_heals(world);
    world_advance(world, 200);
    assert_int_equal(app_meeting(world->app, "demo", &seq)->feeds_count, 1);
    assert_non_null(world_peer_starting(world, "demo/whip:feed-1:"));
}

// Time passes while nothing can be written.
static void pass(struct world *world, time_ms ms)
{
    for (time_ms passed = 0; passed < ms; passed += 100) {
        world->now += 100 * TIME_US_PER_MS;
        world->wall += 100;
        app_on_deadline(world->app, world->now, world->wall);
        settle(world);
    }
}

static const char *french_heard(struct world *world)
{
    return world_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE);
}

static void disk_fills(struct world *world, app_live chair)
{
    disk_fails(FAULTY_FULL);
    assert_int_equal(try_simple(world, chair, COMMAND_LIST_CLOSE), ERR_STORAGE);
}

static enum err try_microphone(struct world *world, app_live live, enum microphone microphone)
{
    const struct command command = {.type = COMMAND_DESK_MICROPHONE,
                                    .as.desk_microphone.state = microphone};
    world_give(world, live, &command);
    settle(world);
    assert_int_equal(world->replied, world->request);
    return world->reply.err;
}

// On the air, and the disk full: the interpreter.
static app_live begin_full_on_the_air(struct world *world, app_live *ret_speaker)
{
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live speaker = world_enter(world, "delegate-ken");
    app_live listener = world_enter(world, "delegate-fra");
    app_live interpreter = world_enter(world, FRENCH_1);
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_floor_give(world, chair, "delegate-ken"), ERR_NONE);
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_ON), ERR_NONE);
    world_advance(world, 3000);
    assert_string_equal(french_heard(world), "interpreter-fr-1 microphone");
    disk_fills(world, chair);
    if (ret_speaker != NULL) {
        *ret_speaker = speaker;
    }
    return interpreter;
}

// The loss of an interpreter cannot be written, and the language falls to the floor all the same;
// the meeting says it as soon as it can, and nothing is carried in between.
static void test_a_loss_that_cannot_be_written(void **state)
{
    struct world *world = *state;
    app_live interpreter = begin_full_on_the_air(world, NULL);
    uint64_t before = last_seq(world);
    world_media_phase(world, "interpreter-fr-1", LINK_PEER_CLOSED);
    app_live_close(world->app, interpreter, false, world->now, world->wall);
    pass(world, 1500);
    assert_string_equal(french_heard(world), ""); // there is time to come back
    pass(world, 1000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    pass(world, 20000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    assert_int_equal(last_seq(world), before);
    uint32_t line = world->line_count;
    disk_heals(world);
    world_advance(world, 5000);
    assert_int_equal(person(world, "interpreter-fr-1")->microphone, MICROPHONE_OFF);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    assert_int_equal(world_count(world, line, "link channel"), 0);
}

// Only packets cease, and they come again before anything can be written: as with a good disk.
static void test_an_interpreter_is_heard_again_while_nothing_is_written(void **state)
{
    struct world *world = *state;
    (void)begin_full_on_the_air(world, NULL);
    uint64_t before = last_seq(world);
    uint32_t line = world->line_count;
    world_media_says(world, FRENCH_1, WORLD_NOTHING); // for a second
    pass(world, 100);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    assert_int_equal(world_count(world, line, "link channel"), 2); // to listeners and to booths
    pass(world, 10000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    world_media_says(world, FRENCH_1, WORLD_SOUND);
    pass(world, 100);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    assert_int_equal(last_seq(world), before);
    disk_heals(world);
    world_advance(world, 5000);
    assert_int_equal(person(world, FRENCH_1)->microphone, MICROPHONE_ON);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    assert_true(last_seq(world) > before);
}

// Muted: packets come, and no sound in them. What was meanwhile stands in the journal afterwards,
// and a restart comes to the same.
static void test_a_mute_interpreter_gives_way(void **state)
{
    struct world *world = *state;
    (void)begin_full_on_the_air(world, NULL);
    world_media_says(world, FRENCH_1, WORLD_QUIET); // for a second
    pass(world, 800);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    pass(world, 400);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    time_ms lasts = 60 * 60 * 1000;
    pass(world, lasts);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    uint32_t line = world->line_count;
    disk_heals(world);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    assert_int_equal(world_count(world, line, "link channel"), 0);
    const struct desk *desk = desk_of(world, FRENCH_1);
    assert_int_equal(desk->silence, SILENCE_NO_SOUND);
    assert_true(desk->silent_since < world->wall - lasts);
    world_media_sound(world, FRENCH_1, WORLD_SOUND);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    world_restart_control(world);
}

// A headset that is muted between sentences, for hours: what is kept of it has an end, and what is
// carried stays right.
static void test_what_is_kept_meanwhile_has_an_end(void **state)
{
    struct world *world = *state;
    app_live interpreter = begin_full_on_the_air(world, NULL);
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_OFF), ERR_STORAGE);
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_ON), ERR_NONE);
    for (int i = 0; i < 500; i++) {
        world->line_count = 0;
        world_media_says(world, FRENCH_1, WORLD_QUIET);
        pass(world, 1200);
        assert_string_equal(french_heard(world), "delegate-ken microphone");
        world_media_says(world, FRENCH_1, WORLD_SOUND);
        pass(world, 100);
        assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    }
    disk_heals(world);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    world_restart_control(world);
}

// The newest of two on the floor is muted: the older one is heard, on the floor and on languages.
static void test_the_newest_on_the_floor_gives_way(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-ken");
    world_enter(world, "delegate-bra");
    app_live listener = world_enter(world, "delegate-fra");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_floor_give(world, chair, "delegate-ken"), ERR_NONE);
    world_advance(world, 3000);
    assert_int_equal(world_floor_give(world, chair, "delegate-bra"), ERR_NONE);
    world_advance(world, 3000);
    assert_string_equal(french_heard(world), "delegate-bra microphone");
    disk_fills(world, chair);
    world_media_says(world, "delegate-bra", WORLD_QUIET);
    pass(world, 1200);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    pass(world, 30000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    world_media_says(world, "delegate-bra", WORLD_SOUND);
    pass(world, 100);
    assert_string_equal(french_heard(world), "delegate-bra microphone");
    disk_heals(world);
    assert_string_equal(french_heard(world), "delegate-bra microphone");
}

// While nothing can be written.
static void feed_says(struct world *world, const struct world_peer *publisher,
                      enum world_sound sound)
{
    const struct link_message message = {.type = LINK_SOURCE_STATE,
                                         .source = publisher->sections[0].source,
                                         .active = sound != WORLD_NOTHING,
                                         .sounding = sound == WORLD_SOUND};
    app_link_receive(world->app, &message, world->now, world->wall);
}

static const struct world_peer *begin_feed(struct world *world, enum feed_target target)
{
    struct refusal refusal = {0};
    const struct app_identity technician = world_identity(world, "technician");
    const struct app_door_place place = {
        .kind = APP_DOOR_PUBLISH, .meeting = "demo", .name = "cam"};
    struct command put = {.type = COMMAND_FEED_PUT, .as.feed_put.target = target};
    text_copy_cut(put.as.feed_put.feed, sizeof(put.as.feed_put.feed), "cam");
    assert_int_equal(
        app_door_open(world->app, &technician, &place, "v=0", 3, 1, world->now, &refusal),
        ERR_NONE);
    world_media_answer(world);
    world_commit(world);
    const struct world_peer *publisher = world_peer_starting(world, "demo/whip:cam:");
    world_media_delivers(world, publisher, 0, true);
    assert_int_equal(world_command(world, world_connect(world, "technician"), &put), ERR_NONE);
    world_advance(world, 3000);
    return publisher;
}

// A feed on the language, or on the floor, vanishes while a delegate speaks.
static void feed_gives_way(struct world *world, enum feed_target target)
{
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-ken");
    app_live listener = world_enter(world, "delegate-fra");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_floor_give(world, chair, "delegate-ken"), ERR_NONE);
    world_advance(world, 3000);
    const struct world_peer *publisher = begin_feed(world, target);
    const struct world_peer *ear = world_peer(world, "delegate-fra");
    link_source feed = publisher->sections[0].source;
    int slot = 0;
    while (world_slot_source(world, ear, slot) != feed) {
        assert_true(++slot < 16);
    }
    disk_fills(world, chair);
    feed_says(world, publisher, WORLD_NOTHING);
    pass(world, 2500);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    pass(world, 60000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    feed_says(world, publisher, WORLD_SOUND);
    pass(world, 200);
    assert_int_equal(world_slot_source(world, ear, slot), feed);
    feed_says(world, publisher, WORLD_NOTHING);
    pass(world, 2500);
    disk_heals(world);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
}

static void test_a_feed_on_a_language_gives_way(void **state)
{
    feed_gives_way(*state, FEED_TARGET_FR);
}

static void test_a_feed_on_the_floor_gives_way(void **state)
{
    feed_gives_way(*state, FEED_TARGET_FLOOR);
}

// Routed by hand to one who is gone: the booth's own interpreter is heard.
static void test_a_route_by_hand_gives_way(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live technician = world_enter(world, "technician");
    app_live own = world_enter(world, FRENCH_1);
    app_live other = world_enter(world, "interpreter-ru-1");
    app_live listener = world_enter(world, "delegate-fra");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_desk(world, own, MICROPHONE_ON), ERR_NONE);
    assert_int_equal(world_desk(world, other, MICROPHONE_ON), ERR_NONE);
    struct command force = {.type = COMMAND_CHANNEL_FORCE,
                            .as.channel_force.channel = CHANNEL_ID_FR};
    text_copy_cut(force.as.channel_force.participant, sizeof(force.as.channel_force.participant),
                  "interpreter-ru-1");
    assert_int_equal(world_command(world, technician, &force), ERR_NONE);
    world_advance(world, 3000);
    assert_string_equal(french_heard(world), "interpreter-ru-1 microphone");
    disk_fills(world, chair);
    world_media_says(world, "interpreter-ru-1", WORLD_NOTHING);
    pass(world, 500);
    assert_true(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
    world_media_phase(world, "interpreter-ru-1", LINK_PEER_CLOSED);
    app_live_close(world->app, other, false, world->now, world->wall);
    pass(world, 3000);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    disk_heals(world);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
}

// Their own microphone everybody closes, whatever the disk does; and it is written when it can be.
static void test_a_microphone_can_be_closed(void **state)
{
    struct world *world = *state;
    app_live delegate;
    app_live interpreter = begin_full_on_the_air(world, &delegate);
    uint64_t before = last_seq(world);
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_OFF), ERR_STORAGE);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_CLOSED_UNWRITTEN);
    pass(world, 100);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    pass(world, 60000); // sound goes on coming from it: nothing of that is carried
    world_media_says(world, FRENCH_1, WORLD_SOUND);
    pass(world, 100);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    // On again, as everybody has been told; and held, and let go.
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_ON), ERR_NONE);
    pass(world, 100);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_COUGH), ERR_STORAGE);
    pass(world, 100);
    assert_string_equal(french_heard(world), "");
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_ON), ERR_NONE);
    pass(world, 100);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_OFF), ERR_STORAGE);
    assert_int_equal(try_simple(world, delegate, COMMAND_FLOOR_YIELD), ERR_STORAGE);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_CLOSED_UNWRITTEN);
    pass(world, 100);
    assert_string_equal(french_heard(world), "");
    assert_int_equal(try_simple(world, delegate, COMMAND_FLOOR_REQUEST), ERR_STORAGE);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_STORE_CLOSED);
    assert_int_equal(last_seq(world), before);
    assert_int_equal(person(world, FRENCH_1)->microphone, MICROPHONE_ON);
    uint32_t line = world->line_count;
    disk_heals(world);
    assert_int_equal(world_count(world, line, "link channel"), 0);
    assert_int_equal(person(world, FRENCH_1)->microphone, MICROPHONE_OFF);
    assert_int_equal(person(world, "delegate-ken")->microphone, MICROPHONE_OFF);
    world_restart_control(world);
    assert_int_equal(person(world, FRENCH_1)->microphone, MICROPHONE_OFF);
}

// The page of one who is on the air is loaded anew: it sends silence, and a press brings it back.
static void test_a_page_loaded_anew_is_on_the_air_by_a_press(void **state)
{
    struct world *world = *state;
    const struct app_identity identity = world_identity(world, FRENCH_1);
    app_live interpreter = begin_full_on_the_air(world, NULL);
    world_media_phase(world, FRENCH_1, LINK_PEER_CLOSED);
    app_live_close(world->app, interpreter, true, world->now, world->wall);
    pass(world, 1000);
    world->joins_with = WORLD_QUIET;
    assert_int_equal(
        app_live_open(world->app, &identity, false, world->now, world->wall, &interpreter),
        ERR_NONE);
    assert_int_equal(world_join(world, interpreter), ERR_NONE);
    pass(world, 3000);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_ON), ERR_NONE);
    world_media_says(world, FRENCH_1, WORLD_SOUND);
    pass(world, 100);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
    disk_heals(world);
    assert_string_equal(french_heard(world), FRENCH_1 " microphone");
}

// What stood meanwhile is taken by the disk at its second try: nothing opens in between.
static void test_the_disk_fails_once_more(void **state)
{
    struct world *world = *state;
    app_live interpreter = begin_full_on_the_air(world, NULL);
    assert_int_equal(try_microphone(world, interpreter, MICROPHONE_OFF), ERR_STORAGE);
    pass(world, 100);
    for (int i = 0; i < 3; i++) {
        struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
        faulty_vfs_fail(FAULTY_NOTHING, 0);
        assert_int_equal(poll(&news, 1, 30000), 1);
        disk_fails(FAULTY_FULL);
        settle(world);
        pass(world, 300);
        assert_string_equal(french_heard(world), "delegate-ken microphone");
    }
    disk_heals(world);
    assert_int_equal(person(world, FRENCH_1)->microphone, MICROPHONE_OFF);
    assert_string_equal(french_heard(world), "delegate-ken microphone");
}

// On the reserve everything goes on but a new sitting and new documents.
static void test_on_the_reserve(void **state)
{
    struct world *world = *state;
    const struct store_limits limits = {.reserve_bytes = 1u << 20, .low_bytes = 1};
    assert_int_equal(store_watch(world->store, &limits), ERR_NONE);
    world_restart_control(world);
    app_live chair = world_enter(world, "chair");
    const struct app_identity identity = world_identity(world, "chair");
    disk_fails(FAULTY_FULL_RESERVE);
    assert_int_equal(world_simple(world, chair, COMMAND_LIST_CLOSE), ERR_NONE);
    assert_int_equal(state_of(world), STORE_STATE_RESERVE);
    assert_int_equal(world->notice.as.store_changed.state, STORE_STATE_RESERVE);
    struct content_row row;
    assert_int_equal(
        app_content_begin(world->app, &identity, "demo", DOCUMENT_FORM_TEXT, world->wall, &row),
        ERR_STORAGE);
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_CLOSE), ERR_NONE);
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_OPEN), ERR_STORAGE);
    disk_heals(world);
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_OPEN), ERR_NONE);
}

// The journal closes while another page of a delegate joins: what was decided is taken back, and
// with it that somebody before them in the list is removed.
static void test_joining_while_decisions_are_taken_back(void **state)
{
    struct world *world = *state;
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live moderator = world_enter(world, "moderator");
    world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    struct app_identity identity = world_identity(world, "delegate-fra");
    app_live page = world_connect_as(world, &identity, false);
    assert_true(world_listed(world, "chair") < world_listed(world, "delegate-fra"));
    disk_fails(FAULTY_FULL);
    struct command removal = {.type = COMMAND_PARTICIPANT_REMOVE};
    snprintf(removal.as.participant_remove.participant,
             sizeof(removal.as.participant_remove.participant), "chair");
    world_give(world, moderator, &removal);
    assert_int_equal(poll(&news, 1, 30000), 1); // the app has not heard of it
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, page, &join);
    uint64_t request = world->request;
    settle(world);
    world_media_answer(world);
    assert_int_equal(world->replied, request);
    assert_string_equal(world->reply_sdp, "answer for demo/delegate-fra");
    disk_heals(world);
}

static void give_document(struct world *world, app_live live, const char *id, const char *replaces)
{
    struct command command = world_document_add(id, replaces);
    world_give(world, live, &command);
}

// A new version that cannot be written leaves the old one, and is taken when it is sent again.
static void test_a_version_that_cannot_be_written_destroys_nothing(void **state)
{
    struct world *world = *state;
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    struct content_row row;
    app_live live = world_enter(world, "delegate-fra");
    world_put_contents(world, "doc-1", "delegate-fra", "text");
    world_put_contents(world, "doc-2", "delegate-fra", "text");
    give_document(world, live, "doc-1", "");
    world_commit(world);
    assert_int_equal(world->reply.err, ERR_NONE);
    disk_fails(FAULTY_FULL);
    give_document(world, live, "doc-2", "doc-1");
    settle(world);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_STORE_CLOSED);
    disk_heals(world);
    assert_int_equal(content_find(world->store, "demo", "doc-1", &row), ERR_NONE);
    give_document(world, live, "doc-2", "doc-1");
    while (world->replied != world->request) {
        assert_int_equal(poll(&news, 1, 30000), 1);
        app_committed(world->app, world->now, world->wall);
    }
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_int_equal(content_find(world->store, "demo", "doc-2", &row), ERR_NONE);
}

// Media is not there for the moment: the offer waits, and is answered when it is.
static void test_an_offer_waits_for_media(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    app_live other = world_enter(world, "delegate-bra");
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &join);
    uint64_t first = world->request;
    world_advance(world, 1000);
    assert_int_not_equal(world->replied, first);
    world_give(world, other, &join);
    app_live_close(world->app, other, false, world->now, world->wall); // its offer goes with it
    world_media_connect(world);
    world_media_answer(world);
    assert_int_equal(world->replied, first);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_true(text_starts_with(world->reply_sdp, "answer for demo/delegate-fra"));
    assert_null(world_peer(world, "delegate-bra"));
    // Not for ever.
    world_media_kill(world);
    world_give(world, live, &join);
    world_advance(world, 4900);
    assert_int_not_equal(world->replied, world->request);
    world_advance(world, 200);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_UNAVAILABLE);
}

static int set_up(void **state)
{
    static bool installed;
    if (!installed) {
        faulty_vfs_install();
        installed = true;
    }
    faulty_vfs_cut_after(INT64_MAX);
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    return world_setup(state);
}

static int tear_down(void **state)
{
    faulty_vfs_fail(FAULTY_NOTHING, 0);
    return world_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_cannot_be_written_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_of_a_turn_is_signed_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_is_new_and_cannot_be_written_is_not_in, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_media_and_coming_go_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_comes_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_publisher_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_on_the_reserve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_loss_that_cannot_be_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_interpreter_is_heard_again_while_nothing_is_written,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mute_interpreter_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_kept_meanwhile_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_newest_on_the_floor_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_feed_on_a_language_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_feed_on_the_floor_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_route_by_hand_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_microphone_can_be_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_page_loaded_anew_is_on_the_air_by_a_press, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_the_disk_fails_once_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_version_that_cannot_be_written_destroys_nothing,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joining_while_decisions_are_taken_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_an_offer_waits_for_media, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
