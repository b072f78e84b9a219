#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "app/routing.h"
#include "base/text.h"

static struct meeting_state *state_of(void **state)
{
    return *state;
}

static void add(struct meeting_state *state, const char *id, enum capacity capacity,
                enum language language)
{
    struct event event = {.seq = state->seq + 1, .type = EVENT_PARTICIPANT_ADDED};
    struct participant *participant = &event.as.participant_added.participant;
    text_copy_cut(participant->id, sizeof(participant->id), id);
    participant->capacity = capacity;
    participant->language = language;
    meeting_apply(state, &event);
}

static void on_floor(struct meeting_state *state, const char *id, int64_t position)
{
    struct event event = {.seq = state->seq + 1, .type = EVENT_MICROPHONE_OPENED};
    text_copy_cut(event.as.microphone_opened.participant, CONTRACT_ID_MAX + 1, id);
    event.as.microphone_opened.position = position;
    meeting_apply(state, &event);
}

static void desk(struct meeting_state *state, const char *id, enum language language,
                 enum microphone microphone)
{
    struct event event = {.seq = state->seq + 1, .type = EVENT_DESK_CHANGED};
    text_copy_cut(event.as.desk_changed.participant, CONTRACT_ID_MAX + 1, id);
    event.as.desk_changed.language = language;
    event.as.desk_changed.microphone = microphone;
    meeting_apply(state, &event);
}

static void channel(struct meeting_state *state, enum channel_id id, enum channel_state carries,
                    const char *holder)
{
    struct event event = {.seq = state->seq + 1, .type = EVENT_CHANNEL_CHANGED};
    event.as.channel_changed.channel = (struct channel){.id = id, .state = carries};
    text_copy_cut(event.as.channel_changed.channel.holder, CONTRACT_ID_MAX + 1, holder);
    meeting_apply(state, &event);
}

static void sitting(struct meeting_state *state, enum sitting_state to)
{
    const struct event event = {
        .seq = state->seq + 1, .type = EVENT_SITTING_CHANGED, .as.sitting_changed.state = to};
    meeting_apply(state, &event);
}

static int setup(void **state)
{
    struct meeting_state *meeting = calloc(1, sizeof(*meeting));
    meeting_state_init(meeting, "m");
    const struct event created = {
        .seq = 1, .type = EVENT_MEETING_CREATED, .as.meeting_created.floor_microphones_max = 2};
    meeting_apply(meeting, &created);
    sitting(meeting, SITTING_STATE_OPEN);
    add(meeting, "ch", CAPACITY_CHAIR, LANGUAGE_NONE);
    add(meeting, "d1", CAPACITY_DELEGATE, LANGUAGE_NONE);
    add(meeting, "d2", CAPACITY_DELEGATE, LANGUAGE_NONE);
    add(meeting, "f1", CAPACITY_INTERPRETER, LANGUAGE_FR);
    add(meeting, "f2", CAPACITY_INTERPRETER, LANGUAGE_FR);
    *state = meeting;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

// What a route carries; NULL: nothing.
static void assert_route(const struct route_origin *origins, enum route route, const char *id,
                         enum track_name track)
{
    if (id == NULL) {
        assert_null(origins[route].participant);
        return;
    }
    assert_non_null(origins[route].participant);
    assert_string_equal(origins[route].participant, id);
    assert_int_equal(origins[route].track, track);
}

static void test_a_silent_meeting_carries_nothing(void **state)
{
    struct route_origin origins[ROUTE_COUNT];
    routing_derive(state_of(state), origins);
    for (int route = 0; route < ROUTE_COUNT; route++) {
        assert_null(origins[route].participant);
    }
}

static void test_floor_positions_and_newest_speaker(void **state)
{
    struct meeting_state *meeting = state_of(state);
    struct route_origin origins[ROUTE_COUNT];
    on_floor(meeting, "d1", 2);
    on_floor(meeting, "ch", 1);
    for (int id = CHANNEL_ID_AR; id <= CHANNEL_ID_ES; id++) {
        channel(meeting, (enum channel_id)id, CHANNEL_STATE_FLOOR, "ch");
    }
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_FLOOR_1, "ch", TRACK_NAME_MICROPHONE);
    assert_route(origins, ROUTE_FLOOR_2, "d1", TRACK_NAME_MICROPHONE);
    for (int route = ROUTE_LANGUAGE_AR; route <= ROUTE_LANGUAGE_ES; route++) {
        assert_route(origins, (enum route)route, "ch", TRACK_NAME_MICROPHONE);
    }
    assert_route(origins, ROUTE_SPEAKER, NULL, TRACK_NAME_NONE);
}

static void test_a_booth_carries_its_interpreter_but_not_the_cough(void **state)
{
    struct meeting_state *meeting = state_of(state);
    struct route_origin origins[ROUTE_COUNT];
    on_floor(meeting, "d1", 1);
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_ON);
    channel(meeting, CHANNEL_ID_FR, CHANNEL_STATE_INTERPRETED, "f1");
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_LANGUAGE_FR, "f1", TRACK_NAME_MICROPHONE);
    assert_route(origins, ROUTE_LANGUAGE_EN, NULL, TRACK_NAME_NONE);
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_COUGH);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_LANGUAGE_FR, NULL, TRACK_NAME_NONE);
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_OFF);
    channel(meeting, CHANNEL_ID_FR, CHANNEL_STATE_SILENT, "");
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_LANGUAGE_FR, NULL, TRACK_NAME_NONE);
}

// While no sitting is open, interpreters are heard by those who work at it alone.
static void test_a_sound_check(void **state)
{
    struct meeting_state *meeting = state_of(state);
    struct route_origin origins[ROUTE_COUNT];
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_ON);
    channel(meeting, CHANNEL_ID_FR, CHANNEL_STATE_INTERPRETED, "f1");
    static const enum sitting_state states[] = {SITTING_STATE_OPEN, SITTING_STATE_SUSPENDED,
                                                SITTING_STATE_CLOSED};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        sitting(meeting, states[i]);
        bool open = states[i] == SITTING_STATE_OPEN;
        routing_derive(meeting, origins);
        assert_route(origins, ROUTE_LANGUAGE_FR, open ? "f1" : NULL, TRACK_NAME_MICROPHONE);
        assert_route(origins, ROUTE_BOOTH_FR, "f1", TRACK_NAME_MICROPHONE);
        assert_int_equal(routing_may_carry(meeting, "f1", ROUTE_LANGUAGE_FR), open);
        assert_true(routing_may_carry(meeting, "f1", ROUTE_BOOTH_FR));
        assert_false(routing_may_carry(meeting, "f1", ROUTE_BOOTH_EN));
    }
    meeting->meeting.rehearsal = true; // everybody is there to listen
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_LANGUAGE_FR, "f1", TRACK_NAME_MICROPHONE);
    assert_true(routing_may_carry(meeting, "f1", ROUTE_LANGUAGE_FR));
    meeting->meeting.rehearsal = false;
    meeting->meeting.channels[CHANNEL_ID_FR].forced = true; // by hand
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_LANGUAGE_FR, "f1", TRACK_NAME_MICROPHONE);
}

static void test_pictures(void **state)
{
    struct meeting_state *meeting = state_of(state);
    struct route_origin origins[ROUTE_COUNT];
    on_floor(meeting, "d1", 1);
    struct event event = {.seq = meeting->seq + 1, .type = EVENT_CAMERA_CHANGED};
    event.as.camera_changed.on = true;
    text_copy_cut(event.as.camera_changed.participant, CONTRACT_ID_MAX + 1, "ch");
    meeting_apply(meeting, &event);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_CHAIR, "ch", TRACK_NAME_CAMERA);
    assert_route(origins, ROUTE_SPEAKER, NULL, TRACK_NAME_NONE);
    event.seq++;
    text_copy_cut(event.as.camera_changed.participant, CONTRACT_ID_MAX + 1, "d1");
    meeting_apply(meeting, &event);
    event = (struct event){.seq = meeting->seq + 1, .type = EVENT_SCREEN_CHANGED};
    event.as.screen_changed.on = true;
    text_copy_cut(event.as.screen_changed.participant, CONTRACT_ID_MAX + 1, "d1");
    meeting_apply(meeting, &event);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_SPEAKER, "d1", TRACK_NAME_CAMERA);
    assert_route(origins, ROUTE_SCREEN, "d1", TRACK_NAME_SCREEN);
    on_floor(meeting, "d2", 2);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_SPEAKER, NULL, TRACK_NAME_NONE); // the newest sends no camera
    // A hall's camera on the floor shows then, with or without sound; who speaks on camera goes
    // before.
    event = (struct event){.seq = meeting->seq + 1, .type = EVENT_FEED_ADDED};
    event.as.feed_added.feed = (struct feed){
        .id = "hall", .target = FEED_TARGET_FLOOR, .position = 1, .picture = true};
    meeting_apply(meeting, &event);
    routing_derive(meeting, origins);
    assert_string_equal(origins[ROUTE_SPEAKER].feed, "hall");
    assert_int_equal(origins[ROUTE_SPEAKER].track, TRACK_NAME_CAMERA);
    event = (struct event){.seq = meeting->seq + 1, .type = EVENT_CAMERA_CHANGED};
    event.as.camera_changed.on = true;
    text_copy_cut(event.as.camera_changed.participant, CONTRACT_ID_MAX + 1, "d2");
    meeting_apply(meeting, &event);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_SPEAKER, "d2", TRACK_NAME_CAMERA);
}

// The large picture is of whom the pages name beside it.
static void test_the_chair_beside_a_speaker_is_not_the_picture(void **state)
{
    struct meeting_state *meeting = state_of(state);
    struct route_origin origins[ROUTE_COUNT];
    const char *const on_camera[] = {"d1", "ch"};
    for (uint32_t i = 0; i < 2; i++) {
        struct event event = {.seq = meeting->seq + 1, .type = EVENT_CAMERA_CHANGED};
        event.as.camera_changed.on = true;
        text_copy_cut(event.as.camera_changed.participant, CONTRACT_ID_MAX + 1, on_camera[i]);
        meeting_apply(meeting, &event);
    }
    on_floor(meeting, "d1", 1);
    on_floor(meeting, "ch", 2);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_SPEAKER, "d1", TRACK_NAME_CAMERA);
    struct event closed = {.seq = meeting->seq + 1, .type = EVENT_MICROPHONE_CLOSED};
    text_copy_cut(closed.as.microphone_closed.participant, CONTRACT_ID_MAX + 1, "d1");
    meeting_apply(meeting, &closed);
    routing_derive(meeting, origins);
    assert_route(origins, ROUTE_SPEAKER, "ch", TRACK_NAME_CAMERA);
}

static void test_boothmate_is_the_partner_on_the_air(void **state)
{
    struct meeting_state *meeting = state_of(state);
    assert_null(meeting_boothmate(meeting, "f1"));
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_ON);
    assert_null(meeting_boothmate(meeting, "f1"));
    assert_string_equal(meeting_boothmate(meeting, "f2"), "f1");
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_COUGH);
    assert_null(meeting_boothmate(meeting, "f2"));
    // Of two that are open the newest, as on the channel: while it is heard.
    add(meeting, "f3", CAPACITY_INTERPRETER, LANGUAGE_FR);
    desk(meeting, "f1", LANGUAGE_FR, MICROPHONE_ON);
    desk(meeting, "f2", LANGUAGE_FR, MICROPHONE_ON);
    assert_string_equal(meeting_boothmate(meeting, "f3"), "f2");
    struct event mute = {.seq = meeting->seq + 1, .type = EVENT_MICROPHONE_SILENT};
    text_copy_cut(mute.as.microphone_silent.participant, CONTRACT_ID_MAX + 1, "f2");
    mute.as.microphone_silent.silence = SILENCE_NO_SOUND;
    meeting_apply(meeting, &mute);
    assert_string_equal(meeting_boothmate(meeting, "f3"), "f1");
}

static void test_channels_slots_and_back(void **state)
{
    (void)state;
    enum route route;
    for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
        assert_false(routing_of_channel(CHANNEL_ID_FLOOR, (enum capacity)capacity, &route));
        for (int id = CHANNEL_ID_AR; id <= CHANNEL_ID_ES; id++) {
            assert_true(routing_of_channel((enum channel_id)id, (enum capacity)capacity, &route));
            assert_int_equal(routing_channel(route), id);
            assert_int_equal(route >= ROUTE_BOOTH_AR, routing_hears_check((enum capacity)capacity));
        }
    }
    assert_int_equal(routing_channel(ROUTE_FLOOR_1), CHANNEL_ID_FLOOR);
    assert_int_equal(routing_channel(ROUTE_SCREEN), CHANNEL_ID_FLOOR);
    assert_true(routing_of_slot(SLOT_NAME_FLOOR_2, &route));
    assert_int_equal(route, ROUTE_FLOOR_2);
    assert_false(routing_of_slot(SLOT_NAME_LANGUAGE, &route));
    assert_false(routing_of_slot(SLOT_NAME_BOOTHMATE, &route));
}

static void assert_plan(enum capacity capacity, const char *expected)
{
    struct media_plan plan;
    char text[256];
    struct text_builder builder = text_builder(text, sizeof(text));
    app_media_plan(capacity, &plan);
    for (uint32_t i = 0; i < plan.sections_count; i++) {
        const struct media_section *section = &plan.sections[i];
        bool sends = section->direction == MEDIA_DIRECTION_SEND;
        text_append_format(&builder, "%s%s%s", i > 0 ? " " : "", sends ? ">" : "",
                           sends ? track_name_text(section->track) : slot_name_text(section->slot));
    }
    assert_string_equal(text, expected);
}

static void test_plans(void **state)
{
    (void)state;
    assert_plan(CAPACITY_LISTENER, "floor_1 floor_2 language speaker chair screen");
    assert_plan(CAPACITY_CAPTIONER, "floor_1 floor_2 language speaker chair screen");
    assert_plan(CAPACITY_DELEGATE,
                ">microphone >camera >screen floor_1 floor_2 language speaker chair screen");
    assert_plan(CAPACITY_INTERPRETER,
                ">microphone >camera >screen >talkback floor_1 floor_2 language relay "
                "boothmate speaker chair screen talkback partner");
    assert_plan(CAPACITY_TECHNICIAN,
                ">microphone >camera >screen >talkback floor_1 floor_2 "
                "language speaker chair screen talkback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_silent_meeting_carries_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_floor_positions_and_newest_speaker, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_booth_carries_its_interpreter_but_not_the_cough,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_sound_check, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pictures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_chair_beside_a_speaker_is_not_the_picture, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_boothmate_is_the_partner_on_the_air, setup, teardown),
        cmocka_unit_test(test_channels_slots_and_back),
        cmocka_unit_test(test_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
