#include "world.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

// Who hears whom, as a table: "listener language" → "delegate-fra microphone".
static void assert_hears(struct world *world, const char *participant, enum slot_name slot,
                         const char *expected)
{
    assert_string_equal(world_hears(world, participant, slot), expected);
}

static void test_join_and_answer(void **state)
{
    struct world *world = *state;
    app_live live = world_connect(world, "interpreter-fr-1");
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    uint32_t from = world->line_count;
    world_give(world, live, &join);
    assert_int_equal(world_count(world, from, "reply"), 0); // media has the word
    world_media_answer(world);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_string_equal(world->reply_sdp, "answer for demo/interpreter-fr-1");
    assert_int_equal(world->notice.type, NOTICE_MEDIA_STATE);
    assert_true(world->notice.as.media_state.connected);
    const struct world_peer *peer = world_peer(world, "interpreter-fr-1");
    assert_non_null(peer);
    assert_int_equal(peer->section_count, 14);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(peer->sections[i].direction, LINK_SEND);
        assert_int_not_equal(peer->sections[i].source, 0);
        bool sound = i == 0 || i == 3; // microphone, talkback
        assert_int_equal(peer->sections[i].kind, sound ? LINK_AUDIO : LINK_VIDEO);
    }
    for (int i = 4; i < 14; i++) {
        assert_int_equal(peer->sections[i].direction, LINK_RECEIVE);
        // In the order of the names, but the screen comes before the chair.
        assert_int_equal(peer->sections[i].slot, i - 4 == 6 ? 7 : i - 4 == 7 ? 6 : i - 4);
    }
    assert_int_equal(peer->sections[6].channel, 0); // an interpreter hears the floor at first
}

static void test_join_refused(void **state)
{
    struct world *world = *state;
    app_live live = world_connect(world, "delegate-fra");
    world->answer_err = ERR_INVALID;
    assert_int_equal(world_join(world, live), ERR_INVALID);
    world->answer_err = ERR_NONE;
    assert_int_equal(world_join(world, live), ERR_NONE);
    world_media_kill(world);
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &join);
    world_advance(world, 5000);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_UNAVAILABLE);
}

// The removal is decided and not yet on the disk when media is there: the connection still stands.
static void test_removed_while_the_offer_waits(void **state)
{
    struct world *world = *state;
    app_live moderator = world_enter(world, "moderator");
    app_live live = world_enter(world, "delegate-fra");
    world_media_kill(world);
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &join);
    uint64_t request = world->request;
    struct command removal = {.type = COMMAND_PARTICIPANT_REMOVE};
    snprintf(removal.as.participant_remove.participant,
             sizeof(removal.as.participant_remove.participant), "delegate-fra");
    world_give(world, moderator, &removal);
    world_media_connect(world);
    assert_int_equal(world->replied, request);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_CAPACITY_FORBIDS);
    world_media_answer(world);
    assert_null(world_peer(world, "delegate-fra"));
    world_commit(world);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_null(world_listed(world, "delegate-fra"));
}

static void test_no_answer(void **state)
{
    struct world *world = *state;
    app_live live = world_connect(world, "delegate-fra");
    const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &join);
    world_advance(world, 9900);
    assert_int_not_equal(world->replied, world->request);
    world_advance(world, 200);
    assert_int_equal(world->replied, world->request);
    assert_int_not_equal(world->reply.err, ERR_NONE);
    assert_null(world_peer(world, "delegate-fra"));
}

static void test_the_floor_is_heard_by_all(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    world_enter(world, "listener");
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "delegate-fra microphone");
    assert_hears(world, "chair", SLOT_NAME_FLOOR_1, "delegate-fra microphone");
    assert_hears(world, "delegate-fra", SLOT_NAME_FLOOR_1, ""); // never oneself
    assert_hears(world, "listener", SLOT_NAME_FLOOR_2, "");
    // Two speakers: each on the own position; who joins later hears them too.
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    world_enter(world, "delegate-chn");
    assert_hears(world, "delegate-chn", SLOT_NAME_FLOOR_1, "delegate-fra microphone");
    assert_hears(world, "delegate-chn", SLOT_NAME_FLOOR_2, "chair microphone");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_hears(world, "delegate-chn", SLOT_NAME_FLOOR_1, "");
    assert_hears(world, "delegate-chn", SLOT_NAME_FLOOR_2, "");
}

static void test_a_language_channel(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-chn");
    world_enter(world, "delegate-fra"); // hears French at first
    app_live first = world_enter(world, "interpreter-fr-1");
    app_live second = world_enter(world, "interpreter-fr-2");
    // The booth is silent: auto-floor carries the newest speaker.
    assert_int_equal(world_floor_give(world, chair, "delegate-chn"), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "delegate-chn microphone");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_hears(world, "delegate-chn", SLOT_NAME_LANGUAGE,
                 "chair microphone"); // Chinese: no booth
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_BOOTHMATE, "interpreter-fr-1 microphone");
    assert_hears(world, "interpreter-fr-1", SLOT_NAME_BOOTHMATE, "");
    assert_int_equal(world_desk(world, first, MICROPHONE_COUGH), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, ""); // held, silent; no floor bursts in
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_BOOTHMATE, "");
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    // Handover: the partner's microphone takes the channel.
    assert_int_equal(world_desk(world, second, MICROPHONE_ON), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-2 microphone");
    assert_hears(world, "interpreter-fr-1", SLOT_NAME_BOOTHMATE, "interpreter-fr-2 microphone");
    assert_int_equal(world_desk(world, second, MICROPHONE_OFF), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
}

// While no sitting is open, an interpreter's microphone is a sound check.
static void test_a_sound_check(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra"); // hears French at first
    app_live moderator = world_enter(world, "moderator");
    app_live technician = world_enter(world, "technician");
    app_live first = world_enter(world, "interpreter-fr-1");
    app_live other = world_enter(world, "interpreter-en-1");
    const struct command relay = {.type = COMMAND_DESK_LISTEN,
                                  .as.desk_listen.source = CHANNEL_ID_FR};
    assert_int_equal(world_command(world, other, &relay), ERR_NONE);
    assert_int_equal(world_listen(world, moderator, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_int_equal(world_listen(world, technician, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    static const enum command_type steps[] = {COMMAND_SITTING_SUSPEND, COMMAND_SITTING_OPEN,
                                              COMMAND_SITTING_CLOSE, COMMAND_SITTING_OPEN};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        assert_int_equal(world_simple(world, chair, steps[i]), ERR_NONE);
        bool open = steps[i] == COMMAND_SITTING_OPEN;
        if (!open) {
            // Suspended and closed sittings switch off; whoever presses then is heard by a few.
            assert_hears(world, "moderator", SLOT_NAME_LANGUAGE, "");
            assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
        }
        assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE,
                     open ? "interpreter-fr-1 microphone" : "");
        assert_hears(world, "moderator", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
        assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
        assert_hears(world, "interpreter-en-1", SLOT_NAME_RELAY, "interpreter-fr-1 microphone");
    }
}

// A microphone is opened before its page sends: what the channel carries goes on until then, while
// that is open itself.
static void test_a_channel_waits_for_its_next_source(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-chn");
    world_enter(world, "delegate-fra"); // hears French at first
    app_live interpreter = world_enter(world, "interpreter-fr-1");
    assert_int_equal(world_floor_give(world, chair, "delegate-chn"), ERR_NONE);
    assert_false(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
    // From the floor to the booth.
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_ON), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_true(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
    // The speaker ends meanwhile: nothing of a closed microphone is heard.
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_false(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
    // A cough is silent at once; what follows it waits for nobody.
    assert_int_equal(world_floor_give(world, chair, "delegate-chn"), ERR_NONE);
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_COUGH), ERR_NONE);
    assert_false(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_ON), ERR_NONE);
    // Back to the floor: the desk's own microphone is closed.
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_OFF), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "delegate-chn microphone");
    assert_false(world_waits_for_source(world, "delegate-fra", SLOT_NAME_LANGUAGE));
}

static enum err listen_alone(struct world *world, app_live live, const char *participant,
                             const char *feed)
{
    struct command command = {.type = COMMAND_LISTEN_SOURCE};
    struct command_listen_source *source = &command.as.listen_source;
    text_copy_cut(source->participant, sizeof(source->participant), participant);
    text_copy_cut(source->feed, sizeof(source->feed), feed);
    return world_command(world, live, &command);
}

// A technician hears one source in their own ears: nobody else hears anything else because of it.
static void test_one_source_alone_is_heard_by_who_asked(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live listener = world_enter(world, "delegate-fra"); // hears French at first
    app_live technician = world_enter(world, "technician");
    app_live first = world_enter(world, "interpreter-fr-1");
    app_live russian = world_enter(world, "interpreter-ru-1");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    assert_int_equal(listen_alone(world, technician, "interpreter-ru-1", ""), ERR_CONFLICT);
    assert_int_equal(world_desk(world, russian, MICROPHONE_ON), ERR_NONE);
    assert_int_equal(world_listen(world, technician, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_int_equal(listen_alone(world, technician, "interpreter-ru-1", ""), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "interpreter-ru-1 microphone");
    assert_int_equal(listen_alone(world, technician, "chair", ""), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "chair microphone");
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    // Closed: nothing of it. Open again: heard again, also by a new connection of the page.
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_YIELD), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "chair microphone");
    assert_int_equal(world_join(world, technician), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "chair microphone");
    // The channel again.
    assert_int_equal(world_listen(world, technician, SLOT_NAME_LANGUAGE, CHANNEL_ID_FR), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");

    assert_int_equal(listen_alone(world, technician, "", "nothing"), ERR_NOT_FOUND);
    assert_int_equal(listen_alone(world, technician, "", ""), ERR_NOT_FOUND);
    assert_int_equal(listen_alone(world, technician, "nobody", ""), ERR_NOT_FOUND);
    assert_int_equal(listen_alone(world, listener, "chair", ""), ERR_FORBIDDEN);
    assert_int_equal(listen_alone(world, first, "chair", ""), ERR_FORBIDDEN);
    assert_hears(world, "technician", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
}

static enum err talk(struct world *world, app_live live, enum talk_to to, enum language booth)
{
    const struct command command = {.type = COMMAND_TALK_SET, .as.talk_set = {to, booth}};
    return world_command(world, live, &command);
}

// Talkback reaches whom it is for, and no channel whatever happens.
static void test_talkback_never_reaches_a_channel(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra"); // hears French at first
    app_live technician = world_enter(world, "technician");
    app_live first = world_enter(world, "interpreter-fr-1");
    app_live second = world_enter(world, "interpreter-fr-2");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    assert_int_equal(talk(world, first, TALK_TO_PARTNERS, LANGUAGE_NONE), ERR_CONFLICT);
    assert_int_equal(world_desk(world, first, MICROPHONE_COUGH), ERR_NONE);
    assert_int_equal(talk(world, first, TALK_TO_PARTNERS, LANGUAGE_NONE), ERR_NONE);
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_TALKBACK, "interpreter-fr-1 talkback");
    assert_hears(world, "technician", SLOT_NAME_TALKBACK, "");
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "");
    // Back on the air: what was said aside ends first.
    assert_int_equal(world_desk(world, first, MICROPHONE_ON), ERR_NONE);
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_TALKBACK, "");
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_int_equal(talk(world, second, TALK_TO_TECHNICIANS, LANGUAGE_NONE), ERR_NONE);
    assert_hears(world, "technician", SLOT_NAME_TALKBACK, "interpreter-fr-2 talkback");
    assert_int_equal(talk(world, technician, TALK_TO_BOOTH, LANGUAGE_FR), ERR_NONE);
    assert_hears(world, "interpreter-fr-1", SLOT_NAME_TALKBACK, "technician talkback");
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_TALKBACK, "technician talkback");
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    assert_hears(world, "delegate-fra", SLOT_NAME_FLOOR_1, "chair microphone");
    // Who leaves is no longer heard.
    assert_int_equal(world_simple(world, technician, COMMAND_ROOM_LEAVE), ERR_NONE);
    assert_hears(world, "interpreter-fr-1", SLOT_NAME_TALKBACK, "");
}

static void test_partners_see_each_other(void **state)
{
    struct world *world = *state;
    app_live first = world_enter(world, "interpreter-fr-1");
    world_enter(world, "interpreter-fr-2");
    const struct command camera = {.type = COMMAND_CAMERA_SET, .as.camera_set.on = true};
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_PARTNER, "");
    assert_int_equal(world_command(world, first, &camera), ERR_NONE);
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_PARTNER, "interpreter-fr-1 camera");
    assert_hears(world, "interpreter-fr-1", SLOT_NAME_PARTNER, "");
    world_media_disconnect(world);
    world_media_connect(world); // told again
    assert_hears(world, "interpreter-fr-2", SLOT_NAME_PARTNER, "interpreter-fr-1 camera");
}

static void test_auto_floor_off(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live technician = world_enter(world, "technician");
    world_enter(world, "delegate-fra");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
    const struct command off = {.type = COMMAND_CHANNEL_AUTO_FLOOR,
                                .as.channel_auto_floor = {CHANNEL_ID_FR, false}};
    assert_int_equal(world_command(world, technician, &off), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "");
    assert_hears(world, "delegate-fra", SLOT_NAME_FLOOR_1, "chair microphone");
}

static void test_a_lost_interpreter_gives_the_channel_back(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    app_live interpreter = world_enter(world, "interpreter-fr-1");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_int_equal(world_desk(world, interpreter, MICROPHONE_ON), ERR_NONE);
    app_live_close(world->app, interpreter, false, world->now, world->wall);
    world_advance(world, 2900);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "interpreter-fr-1 microphone");
    world_advance(world, 200);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
}

static void test_a_source_is_carried_only_with_a_peer(void **state)
{
    struct world *world = *state;
    app_live chair = world_connect(world, "chair");
    assert_int_equal(world_simple(world, chair, COMMAND_ROOM_ENTER), ERR_NONE);
    world_enter(world, "listener");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "");
    assert_int_equal(world_join(world, chair), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "chair microphone");
    world_media_phase(world, "chair", LINK_PEER_CLOSED);
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "");
    assert_int_equal(world->notice.type, NOTICE_MEDIA_STATE);
    assert_false(world->notice.as.media_state.connected);
}

static void test_joining_again_replaces_the_peer(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    world_enter(world, "listener");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    link_peer before = world_peer(world, "chair")->id;
    link_source source = world_peer(world, "chair")->sections[0].source;
    uint32_t from = world->line_count;
    assert_int_equal(world_join(world, chair), ERR_NONE);
    assert_true(world_find(world, from, "link close demo/chair") <
                world_find(world, from, "link create demo/chair"));
    assert_true(world_peer(world, "chair")->id > before);
    assert_int_not_equal(world_peer(world, "chair")->sections[0].source, source);
    // The same page on a poor line: the microphone stands and is carried from the new peer.
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "chair microphone");
    // Another page of the same person does not begin with an open microphone.
    app_live other = world_connect(world, "chair");
    assert_int_equal(world_join(world, other), ERR_NONE);
    world_commit(world);
    assert_hears(world, "listener", SLOT_NAME_FLOOR_1, "");
}

static void test_leaving(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    uint64_t seq = 0;
    assert_int_equal(world_simple(world, chair, COMMAND_MEDIA_LEAVE), ERR_NONE);
    assert_null(world_peer(world, "chair"));
    assert_int_equal(app_meeting(world->app, "demo", &seq)->floor_count, 0);
    assert_int_equal(world_simple(world, chair, COMMAND_MEDIA_LEAVE), ERR_NONE);
}

static void test_listening(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live delegate = world_connect(world, "delegate-fra");
    app_live interpreter = world_enter(world, "interpreter-en-1");
    uint64_t before = 0;
    uint64_t after = 0;
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    (void)app_meeting(world->app, "demo", &before);
    // Chosen before joining: kept for the peer.
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_LANGUAGE, CHANNEL_ID_FLOOR), ERR_NONE);
    assert_int_equal(world_join(world, delegate), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "");
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_LANGUAGE, CHANNEL_ID_AR), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
    // Joining again keeps the choice.
    assert_int_equal(world_join(world, delegate), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
    assert_int_equal(world_listen(world, interpreter, SLOT_NAME_RELAY, CHANNEL_ID_ES), ERR_INVALID);
    assert_int_equal(world_listen(world, delegate, SLOT_NAME_FLOOR_1, CHANNEL_ID_ES), ERR_INVALID);
    (void)app_meeting(world->app, "demo", &after);
    assert_int_equal(before, after); // no word of it in the journal
    // What an interpreter works from is the meeting's business.
    const struct command relay = {.type = COMMAND_DESK_LISTEN,
                                  .as.desk_listen.source = CHANNEL_ID_ES};
    assert_int_equal(world_command(world, delegate, &relay), ERR_FORBIDDEN);
    assert_int_equal(world_command(world, interpreter, &relay), ERR_NONE);
    assert_hears(world, "interpreter-en-1", SLOT_NAME_RELAY, "chair microphone");
    assert_int_equal(world_join(world, interpreter), ERR_NONE);
    assert_hears(world, "interpreter-en-1", SLOT_NAME_RELAY, "chair microphone");
}

static void test_echo_only_at_the_entrance(void **state)
{
    struct world *world = *state;
    const struct command on = {.type = COMMAND_ECHO_SET, .as.echo_set.on = true};
    const struct command off = {.type = COMMAND_ECHO_SET, .as.echo_set.on = false};
    app_live chair = world_enter(world, "chair");
    app_live delegate = world_connect(world, "delegate-fra");
    app_live listener = world_connect(world, "listener");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_TAKE), ERR_NONE);
    assert_int_equal(world_command(world, delegate, &on), ERR_CONFLICT); // not joined
    assert_int_equal(world_join(world, delegate), ERR_NONE);
    assert_int_equal(world_join(world, listener), ERR_NONE);
    assert_int_equal(world_command(world, listener, &on), ERR_CONFLICT); // sends nothing
    assert_int_equal(world_command(world, delegate, &on), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "delegate-fra microphone");
    assert_int_equal(world_command(world, delegate, &off), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone");
    assert_int_equal(world_command(world, delegate, &on), ERR_NONE);
    assert_int_equal(world_simple(world, delegate, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_hears(world, "delegate-fra", SLOT_NAME_LANGUAGE, "chair microphone"); // ends at the door
    assert_int_equal(world_command(world, delegate, &on), ERR_CONFLICT);
}

static void test_pictures(void **state)
{
    struct world *world = *state;
    const struct command camera = {.type = COMMAND_CAMERA_SET, .as.camera_set.on = true};
    const struct command screen = {.type = COMMAND_SCREEN_SET, .as.screen_set.on = true};
    app_live chair = world_enter(world, "chair");
    app_live delegate = world_enter(world, "delegate-fra");
    world_enter(world, "listener");
    assert_int_equal(world_command(world, chair, &camera), ERR_NONE);
    assert_int_equal(world_command(world, delegate, &camera), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_CHAIR, "chair camera");
    assert_hears(world, "listener", SLOT_NAME_SPEAKER, "");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_SPEAKER, "delegate-fra camera");
    assert_int_equal(world_command(world, delegate, &screen), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_SCREEN, "delegate-fra screen");
    assert_int_equal(world_simple(world, chair, COMMAND_FLOOR_END_ALL), ERR_NONE);
    assert_hears(world, "listener", SLOT_NAME_SPEAKER, "");
    assert_hears(world, "listener", SLOT_NAME_SCREEN, "");
}

static void test_only_differences_are_sent(void **state)
{
    struct world *world = *state;
    app_live chair = world_enter(world, "chair");
    app_live delegate = world_enter(world, "delegate-fra");
    uint32_t from = world->line_count;
    assert_int_equal(world_simple(world, delegate, COMMAND_FLOOR_REQUEST), ERR_NONE);
    assert_int_equal(world_count(world, from, "link"), 0);
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    assert_int_equal(world_count(world, from, "link channel"),
                     14); // floor 1, the floor, six languages, and those for the booths
    from = world->line_count;
    assert_int_equal(world_simple(world, chair, COMMAND_HELP_ASK), ERR_NONE);
    assert_int_equal(world_count(world, from, "link"), 0);
}

static void test_an_orphaned_peer_is_closed_at_last(void **state)
{
    struct world *world = *state;
    app_live delegate = world_enter(world, "delegate-fra");
    app_live_close(world->app, delegate, false, world->now, world->wall);
    world_advance(world, 60000);
    delegate = world_connect(world, "delegate-fra");
    world_advance(world, 60000);
    assert_non_null(world_peer(world, "delegate-fra"));
    app_live_close(world->app, delegate, false, world->now, world->wall);
    world_advance(world, 89900);
    assert_non_null(world_peer(world, "delegate-fra"));
    world_advance(world, 200);
    assert_null(world_peer(world, "delegate-fra"));
}

static void report_held(struct world *world, const char *participant, uint16_t slots, bool own)
{
    static struct link_message message;
    message = (struct link_message){.type = LINK_PEER_REPORT};
    message.peer = world_peer(world, participant)->id;
    message.report.slots_held = slots;
    message.report.pictures_up_held = own;
    app_link_receive(world->app, &message, world->now, world->wall);
}

static uint32_t picture_notices(const struct world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->line_count; i++) {
        count += strstr(world->lines[i], "pictures.state") != NULL;
    }
    return count;
}

// What the line does not carry is told to its page, when it changes and when the page comes back.
static void test_held_pictures_are_told(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "delegate-fra");
    uint32_t before = picture_notices(world);
    report_held(world, "delegate-fra", 0, false);
    assert_int_equal(picture_notices(world), before);
    report_held(world, "delegate-fra", 1 << 7, false);
    assert_int_equal(picture_notices(world), before + 1);
    const struct notice_pictures_state *told = &world->notice.as.pictures_state;
    assert_true(told->chair_held && !told->screen_held && !told->speaker_held && !told->own_held);
    report_held(world, "delegate-fra", 1 << 7, false);
    assert_int_equal(picture_notices(world), before + 1);
    report_held(world, "delegate-fra", 7 << 5, true);
    assert_int_equal(picture_notices(world), before + 2);
    assert_true(told->chair_held && told->screen_held && told->speaker_held && told->own_held);
    app_live_close(world->app, live, false, world->now, world->wall);
    report_held(world, "delegate-fra", 0, false); // nobody to tell
    assert_int_equal(picture_notices(world), before + 2);
    world_connect(world, "delegate-fra");
    report_held(world, "delegate-fra", 0, false);
    assert_int_equal(picture_notices(world), before + 3);
    assert_false(told->chair_held || told->speaker_held || told->own_held);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, media_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_join_and_answer),
        CASE(test_join_refused),
        CASE(test_removed_while_the_offer_waits),
        CASE(test_no_answer),
        CASE(test_the_floor_is_heard_by_all),
        CASE(test_a_language_channel),
        CASE(test_a_sound_check),
        CASE(test_a_channel_waits_for_its_next_source),
        CASE(test_one_source_alone_is_heard_by_who_asked),
        CASE(test_talkback_never_reaches_a_channel),
        CASE(test_partners_see_each_other),
        CASE(test_auto_floor_off),
        CASE(test_a_lost_interpreter_gives_the_channel_back),
        CASE(test_a_source_is_carried_only_with_a_peer),
        CASE(test_joining_again_replaces_the_peer),
        CASE(test_leaving),
        CASE(test_listening),
        CASE(test_echo_only_at_the_entrance),
        CASE(test_pictures),
        CASE(test_held_pictures_are_told),
        CASE(test_only_differences_are_sent),
        CASE(test_an_orphaned_peer_is_closed_at_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
