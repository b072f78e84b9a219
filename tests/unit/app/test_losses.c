// An interpreter on the air is lost: first the countdown, then the partner.
#include "world.h"

#include <string.h>

#include "meeting/meeting.h"
#include "meeting/timing.h"

struct booth_at_work {
    struct world *world;
    struct app_identity identity; // the first's
    app_live first;
    app_live second;
};

static const struct booth *french(const struct world *world)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (meeting->booths[i].language == LANGUAGE_FR) {
            return &meeting->booths[i];
        }
    }
    return NULL;
}

static struct booth_at_work begin(struct world *world)
{
    struct booth_at_work booth = {.world = world};
    world_enter(world, "delegate-fra"); // listens to French
    booth.identity = world_identity(world, "interpreter-fr-1");
    booth.first = world_connect_as(world, &booth.identity, false);
    assert_int_equal(world_simple(world, booth.first, COMMAND_ROOM_ENTER), ERR_NONE);
    assert_int_equal(world_join(world, booth.first), ERR_NONE);
    booth.second = world_enter(world, "interpreter-fr-2");
    assert_int_equal(world_desk(world, booth.first, MICROPHONE_ON), ERR_NONE);
    world_media_source(world, "interpreter-fr-1", true);
    world_advance(world, 5000);
    return booth;
}

static void assert_booth(const struct world *world, enum handover_state handover,
                         enum microphone first, enum microphone second)
{
    assert_int_equal(french(world)->handover.state, handover);
    assert_int_equal(french(world)->desks[0].microphone, first);
    assert_int_equal(french(world)->desks[1].microphone, second);
}

// A third comes to the booth.
static void third_comes(struct world *world)
{
    app_live technician = world_enter(world, "technician");
    world_enter(world, "interpreter-ru-2");
    struct command assign = {.type = COMMAND_DESK_ASSIGN,
                             .as.desk_assign = {.language = LANGUAGE_FR, .position = 3}};
    snprintf(assign.as.desk_assign.participant, sizeof(assign.as.desk_assign.participant),
             "interpreter-ru-2");
    assert_int_equal(world_command(world, technician, &assign), ERR_NONE);
    assert_int_equal(french(world)->desks_count, 3);
}

// Both go with the same cable: a third, who is there, takes over without a second for the other.
static void test_the_one_to_take_over_is_gone_too(void **state)
{
    struct booth_at_work booth = begin(*state);
    struct world *world = booth.world;
    third_comes(world);
    app_live_close(world->app, booth.second, false, world->now, world->wall);
    world_media_source(world, "interpreter-fr-1", false);
    assert_booth(world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_string_equal(french(world)->handover.to, "interpreter-fr-2");
    world_advance(world, 999); // a page that is loaded anew would be back
    assert_string_equal(french(world)->handover.to, "interpreter-fr-2");
    world_advance(world, 1);
    assert_booth(world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(world)->desks[2].microphone, MICROPHONE_ON);
}

// The same, and nothing tells that the connections are broken: the packets of both cease.
static void test_both_fall_silent_at_once(void **state)
{
    struct booth_at_work booth = begin(*state);
    struct world *world = booth.world;
    third_comes(world);
    world_media_source(world, "interpreter-fr-2", true); // stands by, and sends
    world_advance(world, 5000);
    world_media_source(world, "interpreter-fr-1", false); // one second without
    world_media_source(world, "interpreter-fr-2", false);
    world_advance(world, 999);
    assert_string_equal(french(world)->handover.to, "interpreter-fr-2");
    world_advance(world, 1);
    assert_booth(world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(world)->desks[2].microphone, MICROPHONE_ON);
}

// Who never sent, or has been quiet for long, is asked first.
static void test_who_has_long_been_silent_is_asked(void **state)
{
    struct booth_at_work booth = begin(*state);
    struct world *world = booth.world;
    third_comes(world);
    world_media_source(world, "interpreter-fr-2", true);
    world_advance(world, 5000);
    world_media_source(world, "interpreter-fr-2", false);
    world_advance(world, 5000);
    world_media_source(world, "interpreter-fr-1", false);
    world_advance(world, 1000);
    assert_int_equal(french(world)->desks[2].microphone, MICROPHONE_OFF);
    assert_string_equal(french(world)->handover.to, "interpreter-fr-2");
}

// With nobody else the one who is gone is tried all the same.
static void test_the_one_to_take_over_is_gone_and_nobody_else_is_there(void **state)
{
    struct booth_at_work booth = begin(*state);
    struct world *world = booth.world;
    app_live_close(world->app, booth.second, false, world->now, world->wall);
    world_media_source(world, "interpreter-fr-1", false);
    world_media_sound(world, "interpreter-fr-2", WORLD_NOTHING);
    world_advance(world, 1000);
    assert_booth(world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_not_equal(french(world)->desks[1].opening_since, 0);
}

static void test_no_packets(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false); // one second without
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + 1000);
    assert_string_equal(french(booth.world)->handover.to, "interpreter-fr-2");
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    assert_string_equal(world_hears(booth.world, "delegate-fra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-2 microphone");
    // Packets again: never on the air by itself.
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_packets_again_in_time(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false);
    world_advance(booth.world, 900);
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

static void test_the_connection_breaks(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    // Back: present, and off the air.
    world_connect(booth.world, "interpreter-fr-1");
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// A far line's connection has its round trips to come back in, while its sound still comes.
static void test_the_connection_of_a_far_line_breaks(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_round_trip(booth.world->app, booth.first, 2000 * TIME_US_PER_MS);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 6999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 2000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// Silence is as short for everybody, and so is the wait for one without any line at all.
static void test_a_far_line_is_no_longer_silent(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_round_trip(booth.world->app, booth.first, 2000 * TIME_US_PER_MS);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_media_source(booth.world, "interpreter-fr-1", false);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_a_far_line_without_a_peer(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_round_trip(booth.world->app, booth.first, 2000 * TIME_US_PER_MS);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_media_phase(booth.world, "interpreter-fr-1", LINK_PEER_CLOSED);
    world_advance(booth.world, 2999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_the_connection_comes_back_in_time(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 2500);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_connect_as(booth.world, &booth.identity, true);
    world_advance(booth.world, 0);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->desks[0].lost_at, 0);
}

// The page is left or loaded anew, and says so: off the air at once, and the partner asked.
static void test_the_page_is_left(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, true, booth.world->now, booth.world->wall);
    world_advance(booth.world, 0);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_string_equal(french(booth.world)->handover.to, "interpreter-fr-2");
    time_ms left_at = booth.world->wall;
    assert_int_equal(french(booth.world)->desks[0].lost_at, left_at);
    assert_string_equal(world_hears(booth.world, "delegate-fra", SLOT_NAME_LANGUAGE), "");
    // The next page is there in a moment: the countdown goes on, and the page knows since when.
    world_advance(booth.world, 700);
    booth.first = world_connect_as(booth.world, &booth.identity, false);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_media_source(booth.world, "interpreter-fr-1", true);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, left_at + HANDOVER_LOST_MS);
    world_advance(booth.world, 1299);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    assert_int_equal(french(booth.world)->desks[0].lost_at, left_at);
    assert_string_equal(world_hears(booth.world, "delegate-fra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-2 microphone");
}

// The same person presses again in time: nobody takes over.
static void test_the_page_is_left_and_the_next_one_presses(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, true, booth.world->now, booth.world->wall);
    world_advance(booth.world, 700);
    booth.first = world_connect_as(booth.world, &booth.identity, false);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_media_source(booth.world, "interpreter-fr-1", true);
    assert_int_equal(world_desk(booth.world, booth.first, MICROPHONE_ON), ERR_NONE);
    assert_int_equal(french(booth.world)->desks[0].lost_at, 0);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    assert_string_equal(world_hears(booth.world, "delegate-fra", SLOT_NAME_LANGUAGE),
                        "interpreter-fr-1 microphone");
}

// A page that cannot say goodbye: the next one that comes is the word for it.
static void test_a_new_page_after_a_broken_connection(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    time_ms left_at = booth.world->wall;
    world_advance(booth.world, 400);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_connect_as(booth.world, &booth.identity, false);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, left_at + HANDOVER_LOST_MS);
}

// The link is opened elsewhere, while the first page still stands.
static void test_another_page_of_the_same_person(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live elsewhere = world_connect(booth.world, "interpreter-fr-1");
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + HANDOVER_LOST_MS);
    assert_int_equal(world_join(booth.world, elsewhere), ERR_NONE);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    world_advance(booth.world, 2000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// One who says to resume is another page all the same, when the session is another.
static void test_another_session_never_resumes(void **state)
{
    struct booth_at_work booth = begin(*state);
    struct app_identity other = world_identity(booth.world, "interpreter-fr-1");
    world_connect_as(booth.world, &other, true);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
}

static void test_signed_out_on_the_air(void **state)
{
    struct booth_at_work booth = begin(*state);
    assert_int_equal(app_sign_out(booth.world->app, &booth.identity), ERR_NONE);
    world_commit(booth.world);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    world_advance(booth.world, 2000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// The media connection ends and the page stays: it has two seconds to deliver by another.
static void test_the_peer_ends(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_phase(booth.world, "interpreter-fr-1", LINK_PEER_CLOSED);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    // Joined again, and not a packet yet.
    booth.world->joins_with = WORLD_NOTHING;
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_the_peer_ends_and_another_delivers(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_phase(booth.world, "interpreter-fr-1", LINK_PEER_CLOSED);
    world_advance(booth.world, 1500);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// All peers are gone at once, the partner's too: the pages have time to join again.
static void test_the_media_process_is_restarted(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_kill(booth.world);
    world_media_connect(booth.world);
    world_advance(booth.world, 3999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// One whose page has joined again has had its while: what it lacks then is missed like ever.
static void test_lost_soon_after_a_restart(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_kill(booth.world);
    world_media_connect(booth.world);
    world_advance(booth.world, 400);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    assert_int_equal(world_join(booth.world, booth.second), ERR_NONE);
    world_advance(booth.world, 1100);
    world_media_source(booth.world, "interpreter-fr-1", false);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_joined_after_a_restart_and_never_heard(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_kill(booth.world);
    world_media_connect(booth.world);
    world_advance(booth.world, 400);
    assert_int_equal(world_join(booth.world, booth.second), ERR_NONE);
    booth.world->joins_with = WORLD_NOTHING;
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// Killed on the air: whichever of the two is noticed first, the earlier deadline holds.
static void test_the_earlier_deadline_wins(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 1200);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + 1800);
    world_media_source(booth.world, "interpreter-fr-1", false); // the last packet 0.2 s after
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + 1000);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_the_earlier_deadline_came_first(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false);
    time_ms deadline = booth.world->wall + 1000;
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, deadline);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// One of two causes ends: the other goes on by its own deadline.
static void test_packets_again_without_a_connection(void **state)
{
    struct booth_at_work booth = begin(*state);
    app_live_close(booth.world->app, booth.first, false, booth.world->now, booth.world->wall);
    world_advance(booth.world, 1200);
    world_media_source(booth.world, "interpreter-fr-1", false);
    world_advance(booth.world, 500);
    world_media_source(booth.world, "interpreter-fr-1", true);
    assert_int_equal(french(booth.world)->handover.deadline, booth.world->wall + 1300);
    world_advance(booth.world, 1299);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// The partner declines during the countdown: nobody's microphone is opened.
static void test_declined(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_source(booth.world, "interpreter-fr-1", false);
    assert_int_equal(world_simple(booth.world, booth.second, COMMAND_HANDOVER_DECLINE), ERR_NONE);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_OFF);
}

// ---- A countdown outlives both processes ----

// Counting by packets that ceased, with a deadline that is 0.6 s ahead.
static struct booth_at_work begin_counting(struct world *world)
{
    struct booth_at_work booth = begin(world);
    world_media_source(world, "interpreter-fr-1", false);
    world_advance(world, 400);
    assert_booth(world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(world)->handover.deadline, world->wall + 600);
    return booth;
}

static void test_media_dies_in_a_countdown(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    time_ms deadline = french(booth.world)->handover.deadline;
    uint32_t from = booth.world->line_count;
    world_media_kill(booth.world);
    world_advance(booth.world, 300);
    world_media_connect(booth.world);
    assert_int_equal(world_join(booth.world, booth.second), ERR_NONE);
    world_advance(booth.world, 299);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, deadline);
    assert_int_equal(world_count(booth.world, from, "publish demo"), 0);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// The deadline comes first: it waits until media can carry the one who takes over, and no longer.
static void test_media_comes_back_after_the_deadline(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    world_media_kill(booth.world);
    world_advance(booth.world, 800);
    world_media_connect(booth.world);
    world_advance(booth.world, 700);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(world_join(booth.world, booth.second), ERR_NONE);
    world_advance(booth.world, 0);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

// Whoever of the two is there first carries the channel.
static void test_the_lost_one_is_heard_first_after_a_restart(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    world_media_kill(booth.world);
    world_advance(booth.world, 800);
    world_media_connect(booth.world);
    world_advance(booth.world, 700);
    assert_int_equal(world_join(booth.world, booth.first), ERR_NONE);
    world_media_source(booth.world, "interpreter-fr-1", true);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// Nobody comes: the meeting's deadlines do not wait for ever.
static void test_media_stays_away_in_a_countdown(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    world_media_kill(booth.world);
    world_advance(booth.world, 2999);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, 0); // over, once it is heard
    assert_int_not_equal(french(booth.world)->desks[1].opening_since, 0);
}

static void test_control_dies_in_a_countdown(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    time_ms deadline = french(booth.world)->handover.deadline;
    world_peer(booth.world, "interpreter-fr-1")->sound = WORLD_NOTHING;
    world_restart_control(booth.world); // takes a second: the deadline is past
    uint32_t from = booth.world->line_count;
    world_advance(booth.world, 100);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, deadline);
    world_media_connect(booth.world);
    world_advance(booth.world, 0);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
    assert_true(world_count(booth.world, from, "publish demo") > 0);
}

static void test_heard_again_while_control_was_away(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    world_peer(booth.world, "interpreter-fr-1")->sound = WORLD_SOUND;
    world_restart_control(booth.world);
    world_advance(booth.world, 100);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_media_connect(booth.world);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
}

// ---- Media stands still ----

static void stand_still(struct world *world, time_ms ms)
{
    world_advance(world, 300);
    app_media_still(world->app, world->now - 300 * TIME_US_PER_MS, world->now, world->wall);
    world_advance(world, ms - 300);
    app_media_still(world->app, 0, world->now, world->wall);
}

// What it says of the time in which it heard nothing itself takes nobody off the air.
static void test_silent_as_media_stood_still(void **state)
{
    struct booth_at_work booth = begin(*state);
    stand_still(booth.world, 1200);
    uint32_t from = booth.world->line_count;
    world_media_source(booth.world, "interpreter-fr-1", false);
    world_advance(booth.world, 100);
    world_media_source(booth.world, "interpreter-fr-1", true);
    world_advance(booth.world, 5000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(world_count(booth.world, from, "publish demo"), 0);
}

// Silent for 0.5 s before it and never heard again: the rest of the patience runs afterwards.
static void test_silent_since_before_media_stood_still(void **state)
{
    struct booth_at_work booth = begin(*state);
    world_media_phase(booth.world, "interpreter-fr-1", LINK_PEER_CLOSED);
    world_advance(booth.world, 500);
    stand_still(booth.world, 1200);
    world_advance(booth.world, 300 + 499);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    world_advance(booth.world, 1000);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static void test_a_countdown_goes_on_while_media_stands_still(void **state)
{
    struct booth_at_work booth = begin_counting(*state);
    time_ms deadline = french(booth.world)->handover.deadline;
    app_media_still(booth.world->app, booth.world->now, booth.world->now, booth.world->wall);
    world_advance(booth.world, 599);
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_ON, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, deadline);
    world_peer(booth.world, "interpreter-fr-2")->sound = WORLD_NOTHING;
    world_advance(booth.world, 3000);
    // Taken over by force, and not called unheard while nobody could be heard.
    assert_booth(booth.world, HANDOVER_STATE_COUNTING, MICROPHONE_OFF, MICROPHONE_OFF);
    assert_int_equal(french(booth.world)->handover.deadline, 0); // over, once it is heard
    assert_int_not_equal(french(booth.world)->desks[1].opening_since, 0);
    app_media_still(booth.world->app, 0, booth.world->now, booth.world->wall);
    world_advance(booth.world, 100);
    world_media_source(booth.world, "interpreter-fr-2", true);
    assert_booth(booth.world, HANDOVER_STATE_NONE, MICROPHONE_OFF, MICROPHONE_ON);
}

static int media_setup(void **state)
{
    int result = world_setup(state);
    world_media_connect(*state);
    return result;
}

#define LOSS_TEST(name) cmocka_unit_test_setup_teardown(name, media_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOSS_TEST(test_the_one_to_take_over_is_gone_too),
        LOSS_TEST(test_both_fall_silent_at_once),
        LOSS_TEST(test_who_has_long_been_silent_is_asked),
        LOSS_TEST(test_the_one_to_take_over_is_gone_and_nobody_else_is_there),
        LOSS_TEST(test_no_packets),
        LOSS_TEST(test_packets_again_in_time),
        LOSS_TEST(test_the_connection_breaks),
        LOSS_TEST(test_the_connection_of_a_far_line_breaks),
        LOSS_TEST(test_a_far_line_is_no_longer_silent),
        LOSS_TEST(test_a_far_line_without_a_peer),
        LOSS_TEST(test_the_connection_comes_back_in_time),
        LOSS_TEST(test_the_page_is_left),
        LOSS_TEST(test_the_page_is_left_and_the_next_one_presses),
        LOSS_TEST(test_a_new_page_after_a_broken_connection),
        LOSS_TEST(test_another_page_of_the_same_person),
        LOSS_TEST(test_another_session_never_resumes),
        LOSS_TEST(test_signed_out_on_the_air),
        LOSS_TEST(test_the_peer_ends),
        LOSS_TEST(test_the_peer_ends_and_another_delivers),
        LOSS_TEST(test_the_media_process_is_restarted),
        LOSS_TEST(test_lost_soon_after_a_restart),
        LOSS_TEST(test_joined_after_a_restart_and_never_heard),
        LOSS_TEST(test_the_earlier_deadline_wins),
        LOSS_TEST(test_the_earlier_deadline_came_first),
        LOSS_TEST(test_packets_again_without_a_connection),
        LOSS_TEST(test_declined),
        LOSS_TEST(test_media_dies_in_a_countdown),
        LOSS_TEST(test_media_comes_back_after_the_deadline),
        LOSS_TEST(test_the_lost_one_is_heard_first_after_a_restart),
        LOSS_TEST(test_media_stays_away_in_a_countdown),
        LOSS_TEST(test_control_dies_in_a_countdown),
        LOSS_TEST(test_heard_again_while_control_was_away),
        LOSS_TEST(test_silent_as_media_stood_still),
        LOSS_TEST(test_silent_since_before_media_stood_still),
        LOSS_TEST(test_a_countdown_goes_on_while_media_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
