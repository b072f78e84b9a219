// A whole team at work, through the app to the media process's channels and slots: a delegate
// speaks Chinese, then another Russian. Who is heard on every channel and in every desk, at which
// hand, and never a channel without a voice.
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "meeting/meeting.h"

#define INTERPRETERS 14

static const char *const team[INTERPRETERS] = {
    "interpreter-ar-1", "interpreter-ar-2", "interpreter-ar-3", "interpreter-zh-1",
    "interpreter-zh-2", "interpreter-zh-3", "interpreter-en-1", "interpreter-en-2",
    "interpreter-fr-1", "interpreter-fr-2", "interpreter-ru-1", "interpreter-ru-2",
    "interpreter-es-1", "interpreter-es-2"};

// One listener of each channel, none of whom speaks.
static const char *const listeners[CHANNEL_ID_COUNT] = {
    "listener",     "delegate-egy", "delegate-jpn", "delegate-ken",
    "delegate-fra", "delegate-kaz", "delegate-bra"};

struct room {
    struct world *world;
    app_live chair;
    app_live technician;
    app_live lives[INTERPRETERS];
};

static const struct meeting *meeting_of(const struct room *room)
{
    uint64_t seq = 0;
    return app_meeting(room->world->app, "demo", &seq);
}

static void enter_all(struct room *room, struct world *world)
{
    room->world = world;
    room->chair = world_enter(world, "chair");
    room->technician = world_enter(world, "technician");
    world_enter(world, "delegate-chn");
    world_enter(world, "delegate-rus");
    for (int i = 0; i < INTERPRETERS; i++) {
        room->lives[i] = world_enter(world, team[i]);
    }
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        app_live live = world_enter(world, listeners[i]);
        assert_int_equal(world_listen(world, live, SLOT_NAME_LANGUAGE, (enum channel_id)i),
                         ERR_NONE);
    }
}

static app_live live_of(const struct room *room, const char *interpreter)
{
    for (int i = 0; i < INTERPRETERS; i++) {
        if (strcmp(team[i], interpreter) == 0) {
            return room->lives[i];
        }
    }
    fail_msg("%s", interpreter);
    return HANDLE_NONE;
}

// While someone speaks, no channel is ever without a voice.
static void assert_no_silence(struct room *room)
{
    const char *speaker = world_hears(room->world, listeners[0], SLOT_NAME_FLOOR_1);
    for (int i = CHANNEL_ID_AR; i < CHANNEL_ID_COUNT && speaker[0] != '\0'; i++) {
        assert_string_not_equal(world_hears(room->world, listeners[i], SLOT_NAME_LANGUAGE), "");
    }
}

static void press(struct room *room, const char *interpreter, enum microphone microphone)
{
    assert_int_equal(world_desk(room->world, live_of(room, interpreter), microphone), ERR_NONE);
    assert_no_silence(room);
}

static void output(struct room *room, const char *interpreter, enum output chosen)
{
    const struct command command = {.type = COMMAND_DESK_OUTPUT, .as.desk_output.output = chosen};
    assert_int_equal(world_command(room->world, live_of(room, interpreter), &command), ERR_NONE);
    assert_no_silence(room);
}

struct expected {
    const char *voice; // without "interpreter-" and " microphone"
    int64_t depth;
};

// What the listeners of the seven channels hear, and what the meeting says of it.
static void assert_channels(struct room *room, const struct expected expected[CHANNEL_ID_COUNT])
{
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        char voice[WORLD_LINE_SIZE];
        bool person = strncmp(expected[i].voice, "delegate", 8) == 0;
        snprintf(voice, sizeof(voice), "%s%s microphone", person ? "" : "interpreter-",
                 expected[i].voice);
        enum slot_name slot = i == CHANNEL_ID_FLOOR ? SLOT_NAME_FLOOR_1 : SLOT_NAME_LANGUAGE;
        assert_string_equal(world_hears(room->world, listeners[i], slot), voice);
        assert_int_equal(meeting_of(room)->channels[i].depth, expected[i].depth);
        assert_int_equal(meeting_of(room)->channels[i].unserved_since, 0);
    }
}

static void assert_relay(struct room *room, const char *interpreter, const char *voice)
{
    assert_string_equal(world_hears(room->world, interpreter, SLOT_NAME_RELAY), voice);
}

static void chinese_is_spoken(struct room *room)
{
    assert_int_equal(world_floor_give(room->world, room->chair, "delegate-chn"), ERR_NONE);
    assert_int_equal(meeting_of(room)->floor_language, LANGUAGE_ZH);
    assert_no_silence(room);
    // The English booth falls silent, and the Chinese booth takes its channel.
    press(room, "interpreter-en-1", MICROPHONE_OFF);
    output(room, "interpreter-zh-1", OUTPUT_B);
    press(room, "interpreter-zh-1", MICROPHONE_ON);
}

static const struct expected chinese[CHANNEL_ID_COUNT] = {
    {"delegate-chn", 0}, {"ar-1", 2}, {"delegate-chn", 0}, {"zh-1", 1},
    {"fr-1", 2},         {"ru-1", 2}, {"es-1", 2}};
static const struct expected russian[CHANNEL_ID_COUNT] = {
    {"delegate-rus", 0}, {"ar-1", 1},         {"zh-1", 1}, {"en-1", 1},
    {"fr-1", 1},         {"delegate-rus", 0}, {"es-1", 1}};

static void everyone_begins(struct room *room)
{
    static const char *const first[] = {"interpreter-ar-1", "interpreter-en-1", "interpreter-fr-1",
                                        "interpreter-ru-1", "interpreter-es-1"};
    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
        press(room, first[i], MICROPHONE_ON);
    }
}

static void test_chinese_then_russian(void **state)
{
    struct room room;
    enter_all(&room, *state);
    everyone_begins(&room);
    chinese_is_spoken(&room);
    assert_channels(&room, chinese);
    // The Chinese booth is the others' floor; its own desks hear the original.
    assert_relay(&room, "interpreter-fr-1", "interpreter-zh-1 microphone");
    assert_relay(&room, "interpreter-ru-2", "interpreter-zh-1 microphone");
    assert_relay(&room, "interpreter-en-2", "interpreter-zh-1 microphone");
    assert_relay(&room, "interpreter-zh-1", "");
    assert_relay(&room, "interpreter-zh-2", "");
    assert_string_equal(world_hears(room.world, "interpreter-zh-2", SLOT_NAME_BOOTHMATE),
                        "interpreter-zh-1 microphone");
    assert_string_equal(world_hears(room.world, "interpreter-fr-1", SLOT_NAME_FLOOR_1),
                        "delegate-chn microphone");
    assert_int_equal(meeting_of(&room)->channels[CHANNEL_ID_EN].relays, 4);
    // The floor turns to Russian: everything turns over.
    const struct command end = {.type = COMMAND_FLOOR_END,
                                .as.floor_end.participant = "delegate-chn"};
    assert_int_equal(world_command(room.world, room.chair, &end), ERR_NONE);
    assert_int_equal(world_floor_give(room.world, room.chair, "delegate-rus"), ERR_NONE);
    assert_int_equal(meeting_of(&room)->floor_language, LANGUAGE_RU);
    assert_no_silence(&room);
    press(&room, "interpreter-ru-1", MICROPHONE_OFF);
    output(&room, "interpreter-zh-1", OUTPUT_A); // on the air all the while
    press(&room, "interpreter-en-1", MICROPHONE_ON);
    assert_channels(&room, russian);
    for (int i = 0; i < INTERPRETERS; i++) {
        assert_relay(&room, team[i], "");
    }
    assert_int_equal(meeting_of(&room)->auto_relay, LANGUAGE_NONE);
}

// The English booth takes its own channel back by one press: A overrides B and C.
static void test_the_booth_takes_its_channel_back(void **state)
{
    struct room room;
    enter_all(&room, *state);
    everyone_begins(&room);
    chinese_is_spoken(&room);
    press(&room, "interpreter-en-2", MICROPHONE_ON);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_EN], SLOT_NAME_LANGUAGE),
                        "interpreter-en-2 microphone");
    assert_relay(&room, "interpreter-fr-1", "");
    assert_int_equal(meeting_of(&room)->channels[CHANNEL_ID_FR].depth, 1);
    // And the Chinese booth may not take it from a booth that works.
    assert_int_equal(world_desk(room.world, live_of(&room, "interpreter-zh-1"), MICROPHONE_ON),
                     ERR_CONFLICT);
}

// Within the Chinese booth the microphone changes hands: no channel and no relay loses its voice.
static void test_a_handover_on_the_pivot(void **state)
{
    struct room room;
    enter_all(&room, *state);
    everyone_begins(&room);
    chinese_is_spoken(&room);
    app_live standby = live_of(&room, "interpreter-zh-2");
    assert_int_equal(world_simple(room.world, standby, COMMAND_HANDOVER_REQUEST), ERR_NONE);
    assert_int_equal(
        world_simple(room.world, live_of(&room, "interpreter-zh-1"), COMMAND_HANDOVER_ACCEPT),
        ERR_NONE);
    press(&room, "interpreter-zh-2", MICROPHONE_ON);
    assert_relay(&room, "interpreter-fr-1", "interpreter-zh-2 microphone");
    assert_string_equal(world_hears(room.world, "interpreter-zh-1", SLOT_NAME_BOOTHMATE),
                        "interpreter-zh-2 microphone");
    world_advance(room.world, 300);
    assert_no_silence(&room);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_EN], SLOT_NAME_LANGUAGE),
                        "interpreter-zh-2 microphone");
    assert_int_equal(meeting_of(&room)->channels[CHANNEL_ID_FR].depth, 2);
    assert_int_equal(meeting_of(&room)->booths[1].desks[0].microphone, MICROPHONE_OFF);
}

static void test_a_route_by_hand(void **state)
{
    struct room room;
    enter_all(&room, *state);
    everyone_begins(&room);
    chinese_is_spoken(&room);
    struct command force = {.type = COMMAND_CHANNEL_FORCE,
                            .as.channel_force = {CHANNEL_ID_RU, "interpreter-zh-1"}};
    assert_int_equal(world_command(room.world, room.technician, &force), ERR_NONE);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_RU], SLOT_NAME_LANGUAGE),
                        "interpreter-zh-1 microphone");
    force.as.channel_force = (struct command_channel_force){CHANNEL_ID_RU, "technician"};
    assert_int_equal(world_command(room.world, room.technician, &force), ERR_NONE);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_RU], SLOT_NAME_LANGUAGE),
                        "technician microphone");
    world_advance(room.world, 1);
    assert_int_equal(meeting_of(&room)->channels[CHANNEL_ID_RU].silent_since, 0);
    force.as.channel_force = (struct command_channel_force){CHANNEL_ID_RU, ""};
    assert_int_equal(world_command(room.world, room.technician, &force), ERR_NONE);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_RU], SLOT_NAME_LANGUAGE), "");
    const struct command release = {.type = COMMAND_CHANNEL_RELEASE,
                                    .as.channel_release = {CHANNEL_ID_RU}};
    assert_int_equal(world_command(room.world, room.technician, &release), ERR_NONE);
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_RU], SLOT_NAME_LANGUAGE),
                        "interpreter-ru-1 microphone");
}

// The media process and then the control process are restarted: the desks' slots are as before.
static void test_relays_survive_restarts(void **state)
{
    struct room room;
    enter_all(&room, *state);
    everyone_begins(&room);
    chinese_is_spoken(&room);
    world_media_disconnect(room.world);
    world_media_connect(room.world);
    assert_relay(&room, "interpreter-fr-1", "interpreter-zh-1 microphone");
    world_restart_control(room.world);
    world_media_connect(room.world);
    assert_relay(&room, "interpreter-fr-1", "interpreter-zh-1 microphone");
    assert_relay(&room, "interpreter-zh-2", "");
    assert_string_equal(world_hears(room.world, listeners[CHANNEL_ID_EN], SLOT_NAME_LANGUAGE),
                        "interpreter-zh-1 microphone");
}

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_chinese_then_russian, media_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_the_booth_takes_its_channel_back, media_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_handover_on_the_pivot, media_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_route_by_hand, media_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_relays_survive_restarts, media_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
