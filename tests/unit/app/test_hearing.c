// From what media hears to what the meeting says: a press takes nothing before it is heard and is
// undone when nothing comes, an open microphone that is silent is told, one of the floor is closed
// in the end. And what media is told to carry meanwhile.
#include "world.h"

#include <string.h>

#include "meeting/meeting.h"

#define FIRST  "interpreter-fr-1"
#define SECOND "interpreter-fr-2"
#define ARABIC "interpreter-ar-1"

struct room {
    struct world *world;
    app_live chair;
    app_live first;
    app_live second;
};

static const struct meeting *meeting_of(const struct room *room)
{
    uint64_t seq = 0;
    return app_meeting(room->world->app, "demo", &seq);
}

static const struct desk *desk_of(const struct room *room, int at)
{
    const struct meeting *meeting = meeting_of(room);
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (meeting->booths[i].language == LANGUAGE_FR) {
            return &meeting->booths[i].desks[at];
        }
    }
    return NULL;
}

static const struct channel *french(const struct room *room)
{
    return &meeting_of(room)->channels[CHANNEL_ID_FR];
}

// A delegate of Kenya speaks; a delegate of France listens to French.
static struct room begin(struct world *world)
{
    struct room room = {.world = world, .chair = world_enter(world, "chair")};
    world_enter(world, "delegate-ken");
    world_enter(world, "delegate-jpn");
    app_live listener = world_enter(world, "delegate-fra");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    room.first = world_enter(world, FIRST);
    room.second = world_enter(world, SECOND);
    assert_int_equal(world_floor_give(world, room.chair, "delegate-ken"), ERR_NONE);
    return room;
}

static const char *heard(const struct room *room)
{
    return world_hears(room->world, "delegate-fra", SLOT_NAME_LANGUAGE);
}

static bool waits(const struct room *room)
{
    return world_waits_for_source(room->world, "delegate-fra", SLOT_NAME_LANGUAGE);
}

static void press(const struct room *room, app_live live, enum microphone microphone)
{
    assert_int_equal(world_desk(room->world, live, microphone), ERR_NONE);
}

// ---- A desk's press ----

static void test_a_press_that_delivers_nothing(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_NOTHING);
    press(&room, room.second, MICROPHONE_ON);
    // Media waits for the second to be heard, and the first stays open until then.
    assert_string_equal(heard(&room), SECOND " microphone");
    assert_true(waits(&room));
    for (int ms = 0; ms < 1000; ms += 100) {
        assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
        assert_int_not_equal(desk_of(&room, 1)->opening_since, 0);
        assert_string_equal(french(&room)->holder, FIRST);
        world_advance(room.world, ms < 900 ? 100 : 99);
    }
    uint32_t from = room.world->line_count;
    world_advance(room.world, 1);
    assert_int_equal(desk_of(&room, 1)->opening_since, 0);
    assert_int_equal(desk_of(&room, 1)->undone_at, room.world->wall);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    assert_int_equal(world_count(room.world, from, "publish demo"), 1);
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_false(waits(&room));
    // And nothing of it later.
    world_advance(room.world, 60000);
    assert_string_equal(french(&room)->holder, FIRST);
    assert_int_equal(french(&room)->unserved_since, 0);
}

// Nothing else happens that would let control look after the press is committed: it has a deadline
// of its own for that.
static void test_a_press_while_nobody_sends(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    for (int i = 0; i < 3; i++) {
        const struct command command = {.type = COMMAND_DESK_MICROPHONE,
                                        .as.desk_microphone.state = MICROPHONE_ON};
        world_advance(room.world, 20000);
        world_give(room.world, room.first, &command);
        app_on_deadline(room.world->app, room.world->now, room.world->wall);
        world_commit(room.world);
        assert_true(app_next_deadline(room.world->app) <= room.world->now + 1000 * TIME_US_PER_MS);
        world_advance(room.world, 1000);
        assert_int_equal(desk_of(&room, 0)->undone_at, room.world->wall);
    }
}

// Alone in the booth: the channel goes on with the floor, and the language is unserved all along.
static void test_nobody_else_is_there(void **state)
{
    struct room room = begin(*state);
    time_ms since = french(&room)->unserved_since;
    assert_int_not_equal(since, 0);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    assert_int_equal(french(&room)->state, CHANNEL_STATE_FLOOR);
    assert_true(waits(&room));
    world_advance(room.world, 1000);
    assert_string_equal(heard(&room), "delegate-ken microphone");
    assert_int_equal(french(&room)->unserved_since, since);
    assert_int_not_equal(desk_of(&room, 0)->undone_at, 0);
}

// Media stands still for 1.2 s with a press under way: what it could not hear is not held against
// it, and the patience that was left runs afterwards.
static void test_a_press_while_media_stands_still(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_NOTHING);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 600);
    app_media_still(room.world->app, room.world->now - 300 * TIME_US_PER_MS, room.world->now,
                    room.world->wall);
    world_advance(room.world, 900);
    assert_int_not_equal(desk_of(&room, 1)->opening_since, 0);
    app_media_still(room.world->app, 0, room.world->now, room.world->wall);
    world_advance(room.world, 300 + 699);
    assert_int_not_equal(desk_of(&room, 1)->opening_since, 0);
    world_advance(room.world, 1);
    assert_int_equal(desk_of(&room, 1)->undone_at, room.world->wall);
}

static void test_heard_after_media_stood_still(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_NOTHING);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 400);
    app_media_still(room.world->app, room.world->now - 300 * TIME_US_PER_MS, room.world->now,
                    room.world->wall);
    world_advance(room.world, 900);
    app_media_still(room.world->app, 0, room.world->now, room.world->wall);
    world_advance(room.world, 20);
    world_media_sound(room.world, SECOND, WORLD_SOUND); // at once, not after the moment it has
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_ON);
    assert_string_equal(french(&room)->holder, SECOND);
}

static void test_heard_after_a_while(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_QUIET);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 700);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_SOUND);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_OFF);
    assert_string_equal(desk_of(&room, 0)->overridden_by, SECOND);
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_ON);
    assert_int_equal(desk_of(&room, 1)->opened_at, room.world->wall);
    assert_string_equal(french(&room)->holder, SECOND);
    assert_string_equal(heard(&room), SECOND " microphone");
    assert_false(waits(&room)); // whoever is off is carried no longer
}

// Digital silence takes the channel from nobody who is heard: not from the partner, not from the
// floor.
static void test_quiet_and_another_is_heard(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, FIRST, WORLD_QUIET);
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 1000);
    assert_int_not_equal(desk_of(&room, 0)->undone_at, 0);
    assert_string_equal(heard(&room), "delegate-ken microphone");
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_QUIET);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 999);
    assert_int_not_equal(desk_of(&room, 1)->opening_since, 0);
    world_advance(room.world, 1);
    assert_int_not_equal(desk_of(&room, 1)->undone_at, 0);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_false(waits(&room));
    // Nor from one who coughs.
    press(&room, room.first, MICROPHONE_COUGH);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 1000);
    assert_int_not_equal(desk_of(&room, 1)->undone_at, 0);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_COUGH);
}

// Where nothing else is heard, packets of digital silence are a microphone that is there: it takes
// the channel, and is told.
static void test_quiet_and_there(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, FIRST, WORLD_QUIET);
    world_advance(room.world, 2000);
    assert_int_equal(desk_of(&room, 0)->silence, SILENCE_NO_SOUND);
    // Whoever is not heard gives way to the floor, and nobody takes the channel from that unheard.
    assert_int_equal(meeting_of(&room)->channels[CHANNEL_ID_FR].state, CHANNEL_STATE_FLOOR);
    world_media_sound(room.world, SECOND, WORLD_QUIET);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 1000);
    assert_int_not_equal(desk_of(&room, 1)->undone_at, 0);
    assert_int_equal(world_simple(room.world, room.chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    press(&room, room.second, MICROPHONE_ON);
    time_ms pressed = room.world->wall;
    world_advance(room.world, 999);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    world_advance(room.world, 1);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_OFF);
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_ON);
    world_advance(room.world, 999);
    assert_int_equal(desk_of(&room, 1)->silence, SILENCE_NONE);
    world_advance(room.world, 1);
    assert_int_equal(desk_of(&room, 1)->silence, SILENCE_NO_SOUND);
    assert_int_equal(desk_of(&room, 1)->silent_since, pressed);
    world_media_sound(room.world, SECOND, WORLD_SOUND);
    assert_int_equal(desk_of(&room, 1)->silence, SILENCE_NONE);
}

// A far line has its round trip too, and media waits as long.
static void test_a_far_line(void **state)
{
    struct room room = begin(*state);
    static struct link_message report;
    memset(&report, 0, sizeof(report));
    report.type = LINK_PEER_REPORT;
    report.peer = world_peer(room.world, FIRST)->id;
    report.report.round_trip_us = 600000;
    app_link_receive(room.world->app, &report, room.world->now, room.world->wall);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 1599);
    assert_int_not_equal(desk_of(&room, 0)->opening_since, 0);
    world_advance(room.world, 1);
    assert_int_not_equal(desk_of(&room, 0)->undone_at, 0);
}

// What was heard of it before says nothing of now.
static void test_heard_before_the_press(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, SECOND, WORLD_SOUND);
    world_peer(room.world, SECOND)->sound = WORLD_NOTHING; // and from now on nothing
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 999);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    world_advance(room.world, 1);
    assert_int_not_equal(desk_of(&room, 1)->undone_at, 0);
}

static void test_without_a_connection_of_media(void **state)
{
    struct room room = begin(*state);
    assert_int_equal(world_simple(room.world, room.second, COMMAND_MEDIA_LEAVE), ERR_NONE);
    press(&room, room.first, MICROPHONE_ON);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 1000);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    assert_int_not_equal(desk_of(&room, 1)->undone_at, 0);
}

// The earlier of two that open is heard: what is carried follows, and the other is waited for.
static void test_two_open_at_once(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    world_media_sound(room.world, SECOND, WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    press(&room, room.second, MICROPHONE_ON);
    assert_string_equal(heard(&room), SECOND " microphone");
    assert_true(waits(&room));
    uint32_t from = room.world->line_count;
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_string_equal(french(&room)->holder, FIRST);
    // First the one that is heard; each on the language's channel and on the booth's.
    assert_int_equal(world_count(room.world, from, "link channel"), 4);
    assert_true(waits(&room));
    world_advance(room.world, 1000);
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_false(waits(&room));
}

// Nobody is judged while media is away: whatever opens is asked for again when it is back.
static void test_media_is_away(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    world_media_disconnect(room.world);
    world_advance(room.world, 20000);
    assert_int_not_equal(desk_of(&room, 0)->opening_since, 0);
    uint32_t from = room.world->line_count;
    world_media_connect(room.world);
    assert_int_equal(world_count(room.world, from, "link await"), 1);
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
}

static void test_a_restart_between_press_and_sound(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, FIRST, WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    world_restart_control(room.world);
    world_media_connect(room.world);
    assert_int_not_equal(desk_of(&room, 0)->opening_since, 0);
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    // Another page of the same person goes on the air by a press of its own alone.
    world_connect(room.world, FIRST);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_OFF);
}

// On the air, and the page makes its media connection anew and never sends: lost like one that
// ceased.
static void test_on_the_air_and_joined_anew(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 5000);
    struct world_peer *old = world_peer(room.world, FIRST);
    world_media_phase(room.world, FIRST, LINK_PEER_CLOSED);
    assert_int_equal(old->id, 0);
    world_advance(room.world, 2000);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_OFF);
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_ON);
    assert_string_equal(heard(&room), SECOND " microphone");
}

// ---- The floor ----

static const char *floor_heard(const struct room *room)
{
    return meeting_of(room)->channels[CHANNEL_ID_FLOOR].holder;
}

static void test_the_newer_on_the_floor_delivers_nothing(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, "delegate-jpn", WORLD_NOTHING);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    time_ms opened = room.world->wall;
    // Media is told to wait, and goes on with the older; after a second that is said.
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    assert_true(waits(&room));
    assert_true(meeting_of(&room)->floor[1].awaited);
    world_advance(room.world, 999);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    world_advance(room.world, 1);
    const struct floor_microphone *newer = &meeting_of(&room)->floor[1];
    assert_int_equal(newer->silence, SILENCE_NO_PACKETS);
    assert_int_equal(newer->silent_since, opened);
    assert_int_equal(newer->closes_at, opened + 15000);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    assert_string_equal(heard(&room), "delegate-ken microphone");
    // It comes: the floor is its own again.
    world_media_sound(room.world, "delegate-jpn", WORLD_SOUND);
    assert_int_equal(meeting_of(&room)->floor[1].silence, SILENCE_NONE);
    assert_string_equal(floor_heard(&room), "delegate-jpn");
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    assert_true(waits(&room));
}

// Until the newer is heard the floor and its language are the older's; at the first sound its own.
static void test_the_language_is_of_whom_one_hears(void **state)
{
    struct room room = begin(*state);
    struct command declare = {.type = COMMAND_FLOOR_LANGUAGE};
    declare.as.floor_language.language = LANGUAGE_RU; // what the older speaks
    app_live moderator = world_enter(room.world, "moderator");
    assert_int_equal(world_command(room.world, moderator, &declare), ERR_NONE);
    world_media_sound(room.world, "delegate-jpn", WORLD_NOTHING);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    world_advance(room.world, 500);
    assert_int_equal(meeting_of(&room)->floor_language, LANGUAGE_RU);
    world_media_sound(room.world, "delegate-jpn", WORLD_SOUND);
    assert_false(meeting_of(&room)->floor[1].awaited);
    assert_string_equal(floor_heard(&room), "delegate-jpn");
    assert_int_not_equal(meeting_of(&room)->floor_language, LANGUAGE_RU);
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    // The older is given the word again while it sounds: heard already, so in the same turn.
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_int_equal(world_simple(room.world, room.chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-ken"), ERR_NONE);
    world_advance(room.world, 1);
    assert_false(meeting_of(&room)->floor[1].awaited);
    assert_string_equal(floor_heard(&room), "delegate-ken");
}

// A language that falls to the floor in the second in which its newest has not been heard yet is
// not silent for the rest of it.
static void test_the_floor_is_heard_where_its_newest_is_not(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    assert_string_equal(heard(&room), FIRST " microphone");
    world_media_sound(room.world, "delegate-jpn", WORLD_NOTHING);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    uint32_t from = room.world->line_count;
    press(&room, room.first, MICROPHONE_OFF);
    // On the language's channel and on the booth's: the older at once, the newer when it is heard.
    assert_int_equal(world_count(room.world, from, "link channel"), 4);
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    assert_true(waits(&room));
    world_advance(room.world, 1000);
    assert_string_equal(heard(&room), "delegate-ken microphone");
}

// ---- Media has died ----

static void media_is_restarted(const struct room *room)
{
    world_media_kill(room->world);
    world_media_connect(room->world);
    world_advance(room->world, 300);
}

// Somebody's page has come back to media; what comes of its microphone is to be said.
static void comes_back(const struct room *room, app_live live)
{
    room->world->joins_with = WORLD_NOTHING;
    assert_int_equal(world_join(room->world, live), ERR_NONE);
}

static app_live enter_again(struct room *room, const char *participant)
{
    app_live live = world_connect(room->world, participant);
    assert_int_equal(world_simple(room->world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    return live;
}

static void listen_again(struct room *room)
{
    app_live listener = enter_again(room, "delegate-fra");
    assert_int_equal(world_join(room->world, listener), ERR_NONE);
    assert_int_equal(world_listen(room->world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR),
                     ERR_NONE);
}

// Media has begun anew under two on the floor; neither page has come back to it.
static struct room two_on_the_floor_lose_media(struct world *world, app_live *ret_older,
                                               app_live *ret_newer)
{
    struct room room = begin(world);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    world_advance(room.world, 2000);
    *ret_older = enter_again(&room, "delegate-ken");
    *ret_newer = enter_again(&room, "delegate-jpn");
    media_is_restarted(&room);
    listen_again(&room);
    return room;
}

// Media goes over by itself to who is waited for, once they are heard.
static void goes_over(struct room *room, const char *participant, const char *carried)
{
    assert_true(waits(room));
    uint32_t from = room->world->line_count;
    world_media_sound(room->world, participant, WORLD_SOUND);
    world_advance(room->world, 5000);
    assert_string_equal(heard(room), carried);
    assert_int_equal(world_count(room->world, from, "link channel"), 0);
}

// Two on the floor, and the newer one's page is late, or stays away: the older is heard as soon as
// it sends, and gives way when the newer is heard.
static void test_media_dies_and_the_newer_on_the_floor_is_late(void **state)
{
    app_live older, newer;
    struct room room = two_on_the_floor_lose_media(*state, &older, &newer);
    comes_back(&room, older);
    assert_string_equal(heard(&room), "");
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_string_equal(floor_heard(&room), "delegate-jpn"); // nothing is known of it yet
    assert_string_equal(heard(&room), "delegate-ken microphone");
    assert_false(waits(&room));
    comes_back(&room, newer);
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    goes_over(&room, "delegate-jpn", "delegate-jpn microphone");
}

// The newer was there first, without a sound.
static void test_media_dies_and_the_newer_on_the_floor_is_mute(void **state)
{
    app_live older, newer;
    struct room room = two_on_the_floor_lose_media(*state, &older, &newer);
    comes_back(&room, newer);
    comes_back(&room, older);
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    assert_false(waits(&room));
    uint32_t from = room.world->line_count;
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    assert_true(waits(&room)); // and the older is carried meanwhile
    uint32_t told = world_count(room.world, from, "link channel");
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_int_equal(world_count(room.world, from, "link channel"), told); // once
}

// Both desks of a mixed booth are on the air.
static void test_media_dies_above_a_mixed_booth(void **state)
{
    struct room room = begin(*state);
    struct command set = {.type = COMMAND_BOOTH_SET};
    set.as.booth_set.language = LANGUAGE_FR;
    set.as.booth_set.setting.mode = BOOTH_MODE_MIXED;
    app_live moderator = world_enter(room.world, "moderator");
    assert_int_equal(world_command(room.world, moderator, &set), ERR_NONE);
    press(&room, room.first, MICROPHONE_ON);
    press(&room, room.second, MICROPHONE_ON);
    world_advance(room.world, 2000);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    assert_string_equal(heard(&room), SECOND " microphone");
    media_is_restarted(&room);
    listen_again(&room);
    comes_back(&room, room.first);
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_ON);
    comes_back(&room, room.second);
    assert_string_equal(heard(&room), SECOND " microphone");
    assert_true(waits(&room));
}

// ---- By hand ----

static void route_by_hand(struct room *room, app_live technician)
{
    struct command force = {.type = COMMAND_CHANNEL_FORCE};
    force.as.channel_force.channel = CHANNEL_ID_FR;
    memcpy(force.as.channel_force.participant, "technician", sizeof("technician"));
    assert_int_equal(world_command(room->world, technician, &force), ERR_NONE);
}

// A technician puts their own source on a channel, and it never sends: the channel goes on with
// what it had, also with what comes after that, and says that it waits.
static void test_a_route_by_hand_to_who_never_sends(void **state)
{
    struct room room = begin(*state);
    app_live technician = world_enter(room.world, "technician");
    world_media_sound(room.world, "technician", WORLD_NOTHING);
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 5000);
    route_by_hand(&room, technician);
    assert_int_equal(french(&room)->silent_since, room.world->wall);
    assert_string_equal(heard(&room), "technician microphone"); // when it is heard
    assert_true(waits(&room));
    world_advance(room.world, 5000);
    assert_int_equal(french(&room)->silent_since, room.world->wall - 5000);
    uint32_t from = room.world->line_count;
    press(&room, room.first, MICROPHONE_OFF);
    // For listeners and booths: the floor at once, and the technician as soon as there is a sound.
    assert_int_equal(world_count(room.world, from, "link channel"), 4);
    assert_string_equal(heard(&room), "technician microphone");
    assert_true(waits(&room));
    world_media_sound(room.world, "technician", WORLD_SOUND);
    assert_int_equal(french(&room)->silent_since, 0);
    assert_string_equal(french(&room)->holder, "technician");
    // It falls silent: a second later the floor is heard again.
    world_media_sound(room.world, "technician", WORLD_NOTHING); // since a second
    world_advance(room.world, 100);
    assert_int_not_equal(french(&room)->silent_since, 0);
    assert_true(waits(&room));
}

// Who was heard by hand falls silent: media is told what is beneath, which it went on with before.
static void test_a_route_by_hand_to_who_ceases(void **state)
{
    struct room room = begin(*state);
    app_live technician = world_enter(room.world, "technician");
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 5000);
    route_by_hand(&room, technician);
    world_advance(room.world, 5000);
    assert_int_equal(french(&room)->silent_since, 0);
    uint32_t from = room.world->line_count;
    world_media_sound(room.world, "technician", WORLD_NOTHING); // since a second
    world_advance(room.world, 100);
    assert_int_not_equal(french(&room)->silent_since, 0);
    // For listeners and booths: the interpreter at once, and then the technician when heard.
    assert_int_equal(world_count(room.world, from, "link channel"), 4);
    assert_true(waits(&room));
    world_media_sound(room.world, "technician", WORLD_SOUND);
    // A delegate's microphone of the floor likewise.
    struct command force = {.type = COMMAND_CHANNEL_FORCE};
    force.as.channel_force.channel = CHANNEL_ID_FR;
    memcpy(force.as.channel_force.participant, "delegate-ken", sizeof("delegate-ken"));
    assert_int_equal(world_command(room.world, technician, &force), ERR_NONE);
    world_advance(room.world, 1000);
    assert_string_equal(heard(&room), "delegate-ken microphone");
    world_media_sound(room.world, "delegate-ken", WORLD_QUIET);
    world_advance(room.world, 2000);
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NO_SOUND);
    assert_string_equal(heard(&room), FIRST " microphone");
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_string_equal(heard(&room), "delegate-ken microphone");
}

// Media dies under a route by hand, and the technician's page is late, or sends nothing: what is
// beneath is heard as soon as it sends.
static void test_media_dies_under_a_route_by_hand(void **state)
{
    struct room room = begin(*state);
    app_live technician = world_enter(room.world, "technician");
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 5000);
    route_by_hand(&room, technician);
    world_advance(room.world, 5000);
    assert_string_equal(heard(&room), "technician microphone");
    media_is_restarted(&room);
    listen_again(&room);
    comes_back(&room, room.first);
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_int_equal(french(&room)->silent_since, 0); // nothing is known of it yet
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_false(waits(&room));
    comes_back(&room, technician);
    assert_string_equal(heard(&room), "technician microphone");
    goes_over(&room, "technician", "technician microphone");
}

static void test_closed_when_the_time_is_over(void **state)
{
    struct room room = begin(*state);
    world_advance(room.world, 5000);
    world_media_sound(room.world, "delegate-ken", WORLD_NOTHING); // since a second
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NO_PACKETS);
    world_advance(room.world, 13999);
    assert_int_equal(meeting_of(&room)->floor_count, 1);
    world_advance(room.world, 1);
    assert_int_equal(meeting_of(&room)->floor_count, 0);
    static struct event last;
    uint64_t seq = 0;
    (void)app_meeting(room.world->app, "demo", &seq);
    bool said = false;
    for (uint64_t i = seq - 20; i < seq; i++) {
        uint32_t count = 0;
        assert_int_equal(app_events(room.world->app, "demo", i, &last, 1, &count), ERR_NONE);
        said = said || (last.type == EVENT_MICROPHONE_CLOSED &&
                        last.as.microphone_closed.reason == CLOSING_SILENT);
    }
    assert_true(said);
}

// Digital silence is told after two seconds; its place is kept as long as that of one that delivers
// nothing.
static void test_digital_silence_on_the_floor(void **state)
{
    struct room room = begin(*state);
    world_advance(room.world, 5000);
    world_media_sound(room.world, "delegate-ken", WORLD_QUIET); // since a second
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NONE);
    world_advance(room.world, 999);
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NONE);
    world_advance(room.world, 1);
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NO_SOUND);
    assert_int_equal(meeting_of(&room)->floor[0].closes_at, room.world->wall + 13000);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    world_advance(room.world, 12000);
    assert_int_equal(meeting_of(&room)->floor_count, 1);
    world_media_sound(room.world, "delegate-ken", WORLD_SOUND);
    assert_int_equal(meeting_of(&room)->floor[0].silence, SILENCE_NONE);
    world_advance(room.world, 600000);
    world_media_sound(room.world, "delegate-ken", WORLD_QUIET);
    world_advance(room.world, 14000);
    assert_int_equal(meeting_of(&room)->floor_count, 0);
}

// The newer is muted: media waits for it as long as the older is heard, and that is said.
static void test_the_newer_on_the_floor_is_muted(void **state)
{
    struct room room = begin(*state);
    world_media_sound(room.world, "delegate-jpn", WORLD_QUIET);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    time_ms opened = room.world->wall;
    assert_true(waits(&room));
    world_advance(room.world, 2000);
    const struct floor_microphone *newer = &meeting_of(&room)->floor[1];
    assert_int_equal(newer->silence, SILENCE_NO_SOUND);
    assert_int_equal(newer->silent_since, opened);
    assert_int_equal(newer->closes_at, opened + 15000);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    assert_string_equal(heard(&room), "delegate-ken microphone");
    world_media_sound(room.world, "delegate-jpn", WORLD_SOUND);
    assert_string_equal(floor_heard(&room), "delegate-jpn");
    assert_string_equal(heard(&room), "delegate-jpn microphone");
    // Muted again, and then its connection is gone: it is not carried for that.
    world_advance(room.world, 5000);
    world_media_sound(room.world, "delegate-jpn", WORLD_QUIET); // since a second
    world_advance(room.world, 1000);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    world_media_phase(room.world, "delegate-jpn", LINK_PEER_CLOSED);
    world_advance(room.world, 900);
    assert_int_equal(meeting_of(&room)->floor[1].silence, SILENCE_NO_SOUND);
    assert_string_equal(floor_heard(&room), "delegate-ken");
    world_advance(room.world, 100);
    assert_int_equal(meeting_of(&room)->floor[1].silence, SILENCE_NO_PACKETS);
    assert_string_equal(floor_heard(&room), "delegate-ken");
}

static void test_a_pause_between_words(void **state)
{
    struct room room = begin(*state);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-jpn"), ERR_NONE);
    // Between words it is quiet for less: nothing changes hands.
    uint32_t from = room.world->line_count;
    world_media_sound(room.world, "delegate-jpn", WORLD_QUIET); // since a second
    world_advance(room.world, 999);
    world_media_sound(room.world, "delegate-jpn", WORLD_SOUND);
    assert_int_equal(world_count(room.world, from, "link channel"), 0);
}

// After a cough one has two seconds again.
static void test_a_cough_is_no_silence(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    press(&room, room.first, MICROPHONE_COUGH);
    world_media_sound(room.world, FIRST, WORLD_QUIET);
    world_advance(room.world, 10000);
    assert_int_equal(desk_of(&room, 0)->silence, SILENCE_NONE);
    press(&room, room.first, MICROPHONE_ON);
    world_advance(room.world, 1999);
    assert_int_equal(desk_of(&room, 0)->silence, SILENCE_NONE);
    world_advance(room.world, 1);
    assert_int_equal(desk_of(&room, 0)->silence, SILENCE_NO_SOUND);
}

// A muted desk that coughs has the channel back when it is heard, and not before.
static void test_a_cough_of_a_muted_one(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, FIRST, WORLD_QUIET);
    world_advance(room.world, 2000);
    assert_string_equal(heard(&room), "delegate-ken microphone");
    press(&room, room.first, MICROPHONE_COUGH);
    world_advance(room.world, 1000);
    press(&room, room.first, MICROPHONE_ON);
    for (int ms = 0; ms < 5000; ms += 100) {
        assert_int_equal(desk_of(&room, 0)->silence, SILENCE_NO_SOUND);
        assert_string_equal(heard(&room), "delegate-ken microphone");
        world_advance(room.world, 100);
    }
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_string_equal(heard(&room), FIRST " microphone");
}

// ---- An output that is turned on the air ----

// The first is on the air in French, and an interpreter of the Arabic booth, in Arabic, may take
// that.
static app_live begin_turning(struct room *room)
{
    app_live technician = world_enter(room->world, "technician");
    const struct command interlock = {.type = COMMAND_INTERLOCK_SET,
                                      .as.interlock_set = {.a = INTERLOCK_MODE_NO_OVERRIDE,
                                                           .bc = INTERLOCK_MODE_OVERRIDE_ALLOWED}};
    assert_int_equal(world_command(room->world, technician, &interlock), ERR_NONE);
    app_live arabic = world_enter(room->world, ARABIC);
    press(room, room->first, MICROPHONE_ON);
    press(room, arabic, MICROPHONE_ON);
    world_advance(room->world, 5000);
    return arabic;
}

static void turn(const struct room *room, app_live live, enum output output)
{
    const struct command command = {.type = COMMAND_DESK_OUTPUT, .as.desk_output.output = output};
    assert_int_equal(world_command(room->world, live, &command), ERR_NONE);
}

static const struct desk *arabic_desk(const struct room *room)
{
    const struct booth *booth = &meeting_of(room)->booths[0];
    assert_int_equal(booth->language, LANGUAGE_AR);
    return &booth->desks[0];
}

static const struct channel *arabic_channel(const struct room *room)
{
    return &meeting_of(room)->channels[CHANNEL_ID_AR];
}

static void test_a_turn_that_is_heard(void **state)
{
    struct room room = begin(*state);
    app_live arabic = begin_turning(&room);
    turn(&room, arabic, OUTPUT_B);
    world_media_sound(room.world, ARABIC, WORLD_SOUND);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_OFF);
    assert_int_equal(desk_of(&room, 0)->displaced_by, LANGUAGE_AR);
    assert_string_equal(french(&room)->holder, ARABIC);
    assert_string_equal(heard(&room), ARABIC " microphone");
    assert_int_equal(arabic_channel(&room)->state, CHANNEL_STATE_FLOOR);
}

// Muted just then, or for long: both channels keep what they carry, media waits, and the output is
// as before. The silence is told in its own time.
static void test_a_turn_that_is_not_heard(void **state)
{
    struct room room = begin(*state);
    app_live arabic = begin_turning(&room);
    world_media_sound(room.world, ARABIC, WORLD_QUIET);
    for (int i = 0; i < 2; i++) {
        enum silence told = arabic_desk(&room)->silence;
        turn(&room, arabic, OUTPUT_B);
        assert_string_equal(heard(&room), ARABIC " microphone"); // when it is heard
        assert_true(waits(&room));
        for (int ms = 0; ms < 999; ms += 111) {
            assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
            assert_string_equal(french(&room)->holder, FIRST);
            assert_int_equal(arabic_desk(&room)->target, LANGUAGE_AR);
            assert_true(told == SILENCE_NONE || arabic_desk(&room)->silence != SILENCE_NONE);
            world_advance(room.world, 111);
        }
        assert_int_not_equal(arabic_desk(&room)->opening_since, 0);
        world_advance(room.world, 1);
        assert_int_equal(arabic_desk(&room)->opening_since, 0);
        assert_int_equal(arabic_desk(&room)->undone_at, room.world->wall);
        assert_int_equal(arabic_desk(&room)->microphone, MICROPHONE_ON);
        assert_string_equal(heard(&room), FIRST " microphone");
        assert_false(waits(&room));
        world_advance(room.world, 1001);
        assert_int_not_equal(arabic_desk(&room)->silence, SILENCE_NONE);
    }
    assert_int_equal(arabic_channel(&room)->state, CHANNEL_STATE_FLOOR);
}

// Whose packets have ceased is lost in its time, and has taken nothing.
static void test_a_turn_without_packets(void **state)
{
    struct room room = begin(*state);
    app_live arabic = begin_turning(&room);
    world_media_sound(room.world, ARABIC, WORLD_NOTHING); // since a second
    turn(&room, arabic, OUTPUT_B);
    world_advance(room.world, 5000);
    assert_int_equal(arabic_desk(&room)->microphone, MICROPHONE_OFF);
    assert_int_not_equal(arabic_desk(&room)->lost_at, 0);
    assert_int_equal(desk_of(&room, 0)->microphone, MICROPHONE_ON);
    assert_string_equal(heard(&room), FIRST " microphone");
}

// Turned to and fro for as long as one likes, a muted one is told to be silent in its time.
static void test_turns_do_not_put_the_alarm_off(void **state)
{
    struct room room = begin(*state);
    app_live arabic = begin_turning(&room);
    world_media_sound(room.world, ARABIC, WORLD_QUIET); // since a second
    for (int i = 0; i < 4; i++) {
        turn(&room, arabic, i % 2 == 0 ? OUTPUT_B : OUTPUT_C);
        world_advance(room.world, 500);
    }
    assert_int_equal(arabic_desk(&room)->silence, SILENCE_NO_SOUND);
    assert_int_equal(arabic_channel(&room)->state, CHANNEL_STATE_FLOOR);
}

// A turn during a cough waits for its end, and then for the sound.
static void test_a_turn_during_a_cough(void **state)
{
    struct room room = begin(*state);
    app_live arabic = begin_turning(&room);
    press(&room, arabic, MICROPHONE_COUGH);
    world_media_sound(room.world, ARABIC, WORLD_QUIET);
    turn(&room, arabic, OUTPUT_B);
    assert_string_equal(heard(&room), FIRST " microphone");
    world_advance(room.world, 10000);
    assert_int_not_equal(arabic_desk(&room)->opening_since, 0);
    assert_string_equal(heard(&room), FIRST " microphone");
    press(&room, arabic, MICROPHONE_ON);
    assert_true(waits(&room));
    world_advance(room.world, 500);
    assert_string_equal(french(&room)->holder, FIRST);
    world_media_sound(room.world, ARABIC, WORLD_SOUND);
    assert_string_equal(french(&room)->holder, ARABIC);
}

// Whom a partner opened over has the microphone again when that one is not heard.
static void test_opened_over_by_one_who_falls_silent(void **state)
{
    struct room room = begin(*state);
    press(&room, room.first, MICROPHONE_ON);
    press(&room, room.second, MICROPHONE_ON);
    assert_string_equal(desk_of(&room, 0)->overridden_by, SECOND);
    assert_int_equal(world_desk(room.world, room.first, MICROPHONE_ON), ERR_CONFLICT);
    world_media_sound(room.world, SECOND, WORLD_QUIET);
    world_advance(room.world, 2000);
    press(&room, room.first, MICROPHONE_ON);
    world_media_sound(room.world, FIRST, WORLD_SOUND);
    assert_string_equal(heard(&room), FIRST " microphone");
    assert_int_equal(desk_of(&room, 1)->microphone, MICROPHONE_OFF);
}

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

#define HEARING_TEST(name) cmocka_unit_test_setup_teardown(name, media_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEARING_TEST(test_a_press_that_delivers_nothing),
        HEARING_TEST(test_a_press_while_nobody_sends),
        HEARING_TEST(test_nobody_else_is_there),
        HEARING_TEST(test_a_press_while_media_stands_still),
        HEARING_TEST(test_heard_after_media_stood_still),
        HEARING_TEST(test_heard_after_a_while),
        HEARING_TEST(test_quiet_and_another_is_heard),
        HEARING_TEST(test_quiet_and_there),
        HEARING_TEST(test_a_far_line),
        HEARING_TEST(test_heard_before_the_press),
        HEARING_TEST(test_without_a_connection_of_media),
        HEARING_TEST(test_two_open_at_once),
        HEARING_TEST(test_media_is_away),
        HEARING_TEST(test_a_restart_between_press_and_sound),
        HEARING_TEST(test_on_the_air_and_joined_anew),
        HEARING_TEST(test_the_newer_on_the_floor_delivers_nothing),
        HEARING_TEST(test_a_route_by_hand_to_who_never_sends),
        HEARING_TEST(test_a_route_by_hand_to_who_ceases),
        HEARING_TEST(test_the_language_is_of_whom_one_hears),
        HEARING_TEST(test_the_floor_is_heard_where_its_newest_is_not),
        HEARING_TEST(test_closed_when_the_time_is_over),
        HEARING_TEST(test_digital_silence_on_the_floor),
        HEARING_TEST(test_the_newer_on_the_floor_is_muted),
        HEARING_TEST(test_a_pause_between_words),
        HEARING_TEST(test_a_cough_of_a_muted_one),
        HEARING_TEST(test_a_turn_that_is_heard),
        HEARING_TEST(test_a_turn_that_is_not_heard),
        HEARING_TEST(test_a_turn_without_packets),
        HEARING_TEST(test_turns_do_not_put_the_alarm_off),
        HEARING_TEST(test_a_turn_during_a_cough),
        HEARING_TEST(test_opened_over_by_one_who_falls_silent),
        HEARING_TEST(test_a_cough_is_no_silence),
        HEARING_TEST(test_media_dies_and_the_newer_on_the_floor_is_late),
        HEARING_TEST(test_media_dies_and_the_newer_on_the_floor_is_mute),
        HEARING_TEST(test_media_dies_above_a_mixed_booth),
        HEARING_TEST(test_media_dies_under_a_route_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
