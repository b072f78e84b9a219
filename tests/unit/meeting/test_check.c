#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

// Each invariant must be able to fail: break the state by hand and see it
// named.
typedef void breaker(struct meeting_state *state);

static struct participant *who(struct meeting_state *state, const char *id)
{
    return (struct participant *)meeting_find_participant(state, id);
}

static void break_maximum(struct meeting_state *state)
{
    state->meeting.floor_microphones_max = 1;
}

static void break_sitting(struct meeting_state *state)
{
    state->meeting.sitting = SITTING_STATE_SUSPENDED;
}

static void break_position(struct meeting_state *state)
{
    state->meeting.floor[0].position = 2;
}

static void break_presence(struct meeting_state *state)
{
    who(state, "d1")->presence = PRESENCE_LOST;
}

static void break_capacity(struct meeting_state *state)
{
    who(state, "d2")->capacity = CAPACITY_MODERATOR;
}

static void break_request(struct meeting_state *state)
{
    strcpy(state->meeting.requests[1].participant, state->meeting.requests[0].participant);
}

static void break_request_owner(struct meeting_state *state)
{
    strcpy(state->meeting.requests[0].participant, "gone");
}

static void break_request_id(struct meeting_state *state)
{
    state->meeting.requests[0].id = 99;
}

static void break_desks(struct meeting_state *state)
{
    state->meeting.booths[0].desks[1] = state->meeting.booths[0].desks[0];
    strcpy(state->meeting.booths[0].desks[1].participant, "f2");
    who(state, "f2")->microphone = MICROPHONE_ON;
    who(state, "f2")->microphone_since = who(state, "f1")->microphone_since;
}

static void break_desk_agreement(struct meeting_state *state)
{
    state->meeting.booths[0].desks[1].microphone = MICROPHONE_COUGH;
}

static void break_output(struct meeting_state *state)
{
    state->meeting.booths[0].desks[0].target = LANGUAGE_RU;
}

static void break_two_booths(struct meeting_state *state)
{
    struct desk *russian = &state->meeting.booths[1].desks[0];
    *russian = state->meeting.booths[0].desks[0];
    strcpy(russian->participant, "r1");
    russian->output = OUTPUT_B;
    who(state, "r1")->microphone = MICROPHONE_ON;
    who(state, "r1")->microphone_since = russian->opened_at;
}

static void break_handover(struct meeting_state *state)
{
    state->meeting.booths[0].handover.state = HANDOVER_STATE_ARMED;
    strcpy(state->meeting.booths[0].handover.from, "f2");
    strcpy(state->meeting.booths[0].handover.to, "f1");
}

static void break_forced(struct meeting_state *state)
{
    state->meeting.channels[CHANNEL_ID_FR].forced = true;
    strcpy(state->meeting.channels[CHANNEL_ID_FR].holder, "f2");
}

static void break_screens(struct meeting_state *state)
{
    who(state, "ch")->screen = true;
}

static void break_items(struct meeting_state *state)
{
    state->meeting.agenda[0].state = ITEM_STATE_CURRENT;
    state->meeting.agenda[1].state = ITEM_STATE_CURRENT;
}

static void break_pending(struct meeting_state *state)
{
    state->meeting.agenda[0].started_at = 1;
}

static void break_delegation(struct meeting_state *state)
{
    strcpy(who(state, "d1")->delegation, "gone");
}

static void break_office(struct meeting_state *state)
{
    strcpy(who(state, "d1")->office, "gone");
}

static void break_request_item(struct meeting_state *state)
{
    strcpy(state->meeting.requests[0].item, "gone");
}

static void break_index(struct meeting_state *state)
{
    memset(state->index, 0, sizeof state->index);
}

static void break_channel_booth(struct meeting_state *state)
{
    state->meeting.channels[CHANNEL_ID_FR].state = CHANNEL_STATE_FLOOR;
}

static void break_channel_floor(struct meeting_state *state)
{
    strcpy(state->meeting.channels[CHANNEL_ID_FLOOR].holder, "d1");
}

static void break_channel_silence(struct meeting_state *state)
{
    state->meeting.channels[CHANNEL_ID_ZH].auto_floor = false;
}

static void names_what_is_broken(void **unused)
{
    (void)unused;
    static const struct {
        breaker *breaks;
        const char *name;
    } cases[] = {
        {break_maximum, "more floor microphones open than allowed"},
        {break_sitting, "a floor microphone is open while the sitting is not"},
        {break_position, "two floor microphones share a position"},
        {break_presence, "someone who is not in the room sends"},
        {break_capacity, "the floor is with someone who cannot have it"},
        {break_request, "two requests of one participant"},
        {break_request_owner, "a request belongs to nobody"},
        {break_request_id, "a request has a number that was never given"},
        {break_desks, "two desks of one booth are on the air"},
        {break_desk_agreement, "a desk and its interpreter disagree"},
        {break_output, "output A feeds another language, or B and C the booth's own"},
        {break_two_booths, "an output has holders of two booths"},
        {break_handover, "a handover from someone off the air"},
        {break_forced, "a channel is routed to a closed microphone"},
        {break_screens, "two screens are shared"},
        {break_items, "two agenda items are current"},
        {break_pending, "an agenda item that was taken up is pending"},
        {break_delegation, "someone is in a delegation or has an office that is not there"},
        {break_office, "someone is in a delegation or has an office that is not there"},
        {break_request_item, "a request is of no item"},
        {break_index, "the index does not find a participant"},
        {break_channel_booth, "a channel does not carry its holder"},
        {break_channel_floor, "a channel does not carry the newest floor microphone"},
        {break_channel_silence, "a channel carries what is not there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct script script;
        script_init(&script);
        script_run(&script,
                   "ch sitting.open; d3 floor.request; se floor.request; "
                   "f1 desk.microphone on; ch floor.give d1; ch floor.give d2");
        assert_null(meeting_check(script.state, true));
        cases[i].breaks(script.state);
        const char *broken = meeting_check(script.state, true);
        assert_non_null(broken);
        assert_string_equal(broken, cases[i].name);
        script_finish(&script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
