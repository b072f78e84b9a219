#include "world.h"

#include <stdio.h>
#include <string.h>

#include "app/media_idle.h"
#include "base/text.h"

// The chair speaks, French is interpreted, one listens to French, one to Spanish.
static app_live open_meeting(struct world *world)
{
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    app_live interpreter = world_enter(world, "interpreter-fr-1");
    world_enter(world, "interpreter-fr-2");
    world_enter(world, "delegate-fra");
    app_live listener = world_enter(world, "listener");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_ES), ERR_NONE);
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_ON), ERR_NONE);
    return chair;
}

static void assert_meeting_is_heard(struct world *world)
{
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "chair microphone");
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_LANGUAGE), "chair microphone");
    assert_string_equal(world_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-1 microphone");
    assert_string_equal(world_hears(world, "interpreter-fr-2", SLOT_NAME_BOOTHMATE),
                        "interpreter-fr-1 microphone");
}

static void test_control_restart_changes_nothing_in_media(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    assert_meeting_is_heard(world);
    uint32_t channels = world->channel_count;
    struct {
        link_channel channel;
        link_source source;
    } before[WORLD_CHANNELS_MAX];
    for (uint32_t i = 0; i < channels; i++) {
        before[i].channel = world->channels[i].channel;
        before[i].source = world->channels[i].source;
    }
    struct world_slot slots[16];
    memcpy(slots, world_peer(world, "listener")->slots, sizeof(slots));
    world_media_disconnect(world);
    world_restart_control(world);
    uint32_t from = world->line_count;
    world_media_connect(world);
    assert_int_equal(world_count(world, from, "link close"), 0);
    assert_int_equal(world_count(world, from, "link create"), 0);
    // The same channels with the same sources, none new; nobody's choice is touched.
    assert_int_equal(world->channel_count, channels);
    for (uint32_t i = 0; i < channels; i++) {
        assert_int_equal(world->channels[i].channel, before[i].channel);
        assert_int_equal(world->channels[i].source, before[i].source);
    }
    assert_int_equal(world_count(world, from, "link channel"), channels);
    assert_memory_equal(world_peer(world, "listener")->slots, slots, sizeof(slots));
    assert_meeting_is_heard(world);
    // And it is in control: who comes back may go on.
    world->now += TIME_US_PER_S;
    app_live chair = world_connect(world, "chair");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_YIELD), ERR_NONE);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "");
    // A choice learned from media is the choice a new peer is made with.
    app_live listener = world_connect(world, "listener");
    assert_int_equal(world_join(world, listener), ERR_NONE);
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_LANGUAGE), "chair microphone");
}

static void test_coming_back_to_an_adopted_peer_touches_no_slot(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    world_media_disconnect(world);
    world_restart_control(world);
    world_media_connect(world);
    world_advance(world, 15000); // lost meanwhile
    uint32_t from = world->line_count;
    world_connect(world, "listener");
    assert_int_equal(world_count(world, from, "link slot"), 0);
    // At the entrance an echo test may have been under way: the door ends it.
    app_live live = world_connect(world, "delegate-chn");
    assert_int_equal(world_join(world, live), ERR_NONE);
    const struct command echo = {.type = COMMAND_ECHO_SET, .as.echo_set.on = true};
    assert_int_equal(world_command(world, live, &echo), ERR_NONE);
    world_media_disconnect(world);
    world_restart_control(world);
    world_media_connect(world);
    assert_string_equal(world_hears(world, "delegate-chn", SLOT_NAME_LANGUAGE),
                        "delegate-chn microphone");
    live = world_connect(world, "delegate-chn");
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_string_equal(world_hears(world, "delegate-chn", SLOT_NAME_LANGUAGE), "");
}

// What was heard alone is known to the control process that is gone: it is heard no more, and not
// for as long as its source delivers; whoever listened goes on with what they chose.
static void test_what_was_heard_alone_ends_with_control(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    app_live technician = world_enter(world, "technician");
    app_live listener = world_enter(world, "delegate-bra");
    struct command alone = {.type = COMMAND_LISTEN_SOURCE};
    text_copy_cut(alone.as.listen_source.participant, sizeof(alone.as.listen_source.participant),
                  "chair");
    assert_int_equal(world_listen(world, listener, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_command(world, technician, &alone), ERR_NONE);
    assert_string_equal(world_hears(world, "technician", SLOT_NAME_LANGUAGE), "chair microphone");
    world_media_disconnect(world);
    world_restart_control(world);
    world_media_connect(world);
    assert_string_equal(world_hears(world, "technician", SLOT_NAME_LANGUAGE), "");
    assert_string_equal(world_hears(world, "delegate-bra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-1 microphone");
}

static void test_new_ids_never_meet_adopted_ones(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    world_media_disconnect(world);
    world_restart_control(world);
    world_media_connect(world);
    app_live live = world_connect(world, "delegate-chn");
    assert_int_equal(world_join(world, live), ERR_NONE);
    const struct world_peer *made = world_peer(world, "delegate-chn");
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        const struct world_peer *other = &world->peers[i];
        for (int j = 0; j < other->section_count && other != made; j++) {
            for (int k = 0; k < made->section_count; k++) {
                assert_true(other->sections[j].direction != LINK_SEND ||
                            made->sections[k].direction != LINK_SEND ||
                            other->sections[j].source != made->sections[k].source);
            }
        }
    }
}

static void test_adopted_peers_wait_ninety_seconds(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    world_media_disconnect(world);
    world_restart_control(world);
    world_connect(world, "interpreter-fr-1"); // before media is there
    world_media_connect(world);
    world_advance(world, 5000);
    world_connect(world, "listener");
    world_advance(world, 84900);
    assert_non_null(world_peer(world, "delegate-fra"));
    world_advance(world, 200);
    assert_null(world_peer(world, "delegate-fra"));
    assert_non_null(world_peer(world, "listener"));
    assert_non_null(world_peer(world, "interpreter-fr-1"));
}

static void test_media_restart_tells_pages_to_join_again(void **state)
{
    struct world *world = *state;
    app_live chair = open_meeting(world);
    uint32_t from = world->line_count;
    world_media_kill(world);
    assert_int_equal(world_count(world, from, "notice"), 0); // when it is back
    world_media_connect(world);
    assert_int_equal(world->notice.type, NOTICE_MEDIA_LOST);
    assert_int_equal(world_count(world, from, "notice"), 5);
    assert_int_equal(world_join(world, chair), ERR_NONE);
    app_live listener = world_connect(world, "listener");
    assert_int_equal(world_join(world, listener), ERR_NONE);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "chair microphone");
}

static void test_a_broken_link_alone_loses_nobody(void **state)
{
    struct world *world = *state;
    app_live chair = open_meeting(world);
    world_media_disconnect(world);
    // The meeting goes on meanwhile; media hears of it afterwards.
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_YIELD), ERR_NONE);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "chair microphone");
    uint32_t from = world->line_count;
    world_media_connect(world);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "");
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_LANGUAGE), "");
    assert_int_equal(world_count(world, from, "notice"), 0);
    assert_int_equal(world_count(world, from, "link close"), 0);
}

static void test_a_join_under_way_when_media_dies(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live live = world_connect(world, "delegate-fra");
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &join);
    world_media_kill(world);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_UNAVAILABLE);
}

static void test_strangers_peers_are_closed(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    world_media_disconnect(world);
    struct world_peer *peer = world_peer(world, "delegate-fra");
    text_copy_cut(peer->owner, sizeof(peer->owner), "other/delegate-fra");
    peer = world_peer(world, "interpreter-fr-2");
    peer->section_count--; // not what this version's plan is made of
    world_restart_control(world);
    uint32_t from = world->line_count;
    world_media_connect(world);
    assert_int_equal(world_count(world, from, "link close"), 2);
    assert_int_equal(world_count(world, from, "link close other/delegate-fra"), 1);
    assert_int_equal(world_count(world, from, "link close demo/interpreter-fr-2"), 1);
    assert_string_equal(world_hears(world, "listener", SLOT_NAME_FLOOR_1), "chair microphone");
}

static void test_a_page_that_returns_without_a_peer_is_told(void **state)
{
    struct world *world = *state;
    open_meeting(world);
    world_media_kill(world);
    world_restart_control(world);
    app_live live = world_connect(world, "listener");
    world_media_connect(world);
    uint32_t from = world->line_count;
    world_advance(world, 10);
    assert_int_equal(world_count(world, from, "notice"), 1);
    assert_false(world->notice.as.media_state.connected);
    char expected[64];
    snprintf(expected, sizeof(expected), "notice %u media.state", live);
    assert_true(world_find(world, from, expected) < world->line_count);
}

static void test_media_is_idle_when_no_sitting_is_open_and_nobody_has_joined(void **state)
{
    struct world *world = *state;
    assert_false(app_media_idle(world->app)); // nobody knows
    world_media_connect(world);
    app_live chair = world_connect(world, "chair");
    assert_false(app_media_idle(world->app));
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_SUSPEND), ERR_NONE);
    assert_false(app_media_idle(world->app));
    assert_int_equal(world_simple(world, chair, COMMAND_SITTING_CLOSE), ERR_NONE);
    assert_true(app_media_idle(world->app));
    assert_int_equal(world_join(world, chair), ERR_NONE);
    assert_false(app_media_idle(world->app));
    world_media_phase(world, "chair", LINK_PEER_CLOSED);
    assert_true(app_media_idle(world->app));
    world_media_disconnect(world);
    assert_false(app_media_idle(world->app));
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_control_restart_changes_nothing_in_media),
        CASE(test_coming_back_to_an_adopted_peer_touches_no_slot),
        CASE(test_new_ids_never_meet_adopted_ones),
        CASE(test_adopted_peers_wait_ninety_seconds),
        CASE(test_media_restart_tells_pages_to_join_again),
        CASE(test_what_was_heard_alone_ends_with_control),
        CASE(test_a_broken_link_alone_loses_nobody),
        CASE(test_a_join_under_way_when_media_dies),
        CASE(test_strangers_peers_are_closed),
        CASE(test_a_page_that_returns_without_a_peer_is_told),
        CASE(test_media_is_idle_when_no_sitting_is_open_and_nobody_has_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
