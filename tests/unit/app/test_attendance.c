// Who is there is found by meeting and id; an attendance lasts as long as anything of it does.
#include "../test.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/app_priv.h"
#include "app/door.h"

#define LIVES 8
#define DOORS 4

static struct app *app;
static struct app_meeting *one;
static struct app_meeting *other;

static int setup(void **state)
{
    (void)state;
    static struct app_meeting *both[2];
    app = calloc(1, sizeof(*app));
    one = calloc(1, sizeof(*one));
    other = calloc(1, sizeof(*other));
    assert_true(app != NULL && one != NULL && other != NULL);
    app->config.lives_max = LIVES;
    app->config.doors_max = DOORS;
    app->link.next_peer = 1000;
    app->link.next_source = 7;
    both[0] = one;
    both[1] = other;
    app->meetings = both;
    app->meeting_count = 2;
    assert_int_equal(attendance_init(app), ERR_NONE);
    assert_int_equal(doors_init(app), ERR_NONE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    attendance_finish(app);
    doors_finish(app);
    free(one);
    free(other);
    free(app);
    return 0;
}

static struct participant person(const char *id, enum capacity capacity)
{
    struct participant participant = {.capacity = capacity};
    snprintf(participant.id, sizeof(participant.id), "%s", id);
    return participant;
}

static void test_one_of_each_for_a_person_and_meeting(void **state)
{
    (void)state;
    const struct participant ada = person("ada", CAPACITY_DELEGATE);
    struct app_connection *here = connection_take(app, one, &ada);
    struct app_connection *there = connection_take(app, other, &ada);
    struct app_peer *peer = peer_take(app, one, &ada, 0);
    assert_true(here != NULL && there != NULL && peer != NULL && here != there);
    assert_ptr_equal(live_of(one, "ada"), here);
    assert_ptr_equal(live_of(other, "ada"), there);
    assert_ptr_equal(peer_of(one, "ada"), peer);
    assert_null(peer_of(other, "ada"));
    assert_null(live_of(one, "adam"));
    assert_ptr_equal(here->attendance, peer->attendance);
    assert_ptr_equal(pool_get(&app->connections, here->live), here);
    assert_string_equal(peer->participant, "ada");
}

static void test_it_lasts_as_long_as_anything_of_it(void **state)
{
    (void)state;
    const struct participant ada = person("ada", CAPACITY_DELEGATE);
    struct app_connection *connection = connection_take(app, one, &ada);
    struct app_peer *peer = peer_take(app, one, &ada, 0);
    struct app_door *door = door_take(app, one, APP_DOOR_PUBLISH, 5, "ada");
    const struct app_attendance *attendance = attendance_of(one, "ada");
    assert_int_equal(attendance->door_count, 1);
    connection_give(app, connection);
    assert_null(live_of(one, "ada"));
    assert_ptr_equal(peer_of(one, "ada"), peer);
    peer_give(app, peer);
    assert_ptr_equal(attendance_of(one, "ada"), attendance);
    assert_string_equal(door->who, "ada");
    door_forget(app, door);
    assert_null(attendance_of(one, "ada"));
    assert_true(one->connections.first == NULL && one->peers.first == NULL &&
                one->doors.first == NULL && app->all_connections.first == NULL &&
                app->all_peers.first == NULL && app->all_doors.first == NULL);
}

// More people than places of the table, in one of which several must stand.
static void test_many(void **state)
{
    (void)state;
    char id[CONTRACT_ID_MAX + 1];
    pool_finish(&app->connections);
    assert_int_equal(
        pool_init(&app->connections, sizeof(struct app_connection), 3 * ATTENDANCE_PLACES),
        ERR_NONE);
    for (int i = 0; i < 3 * ATTENDANCE_PLACES; i++) {
        snprintf(id, sizeof(id), "person-%d", i);
        const struct participant somebody = person(id, CAPACITY_DELEGATE);
        assert_non_null(connection_take(app, one, &somebody));
    }
    const struct participant more = person("one too many", CAPACITY_DELEGATE);
    assert_null(connection_take(app, one, &more));
    assert_null(attendance_of(one, "one too many"));
    for (int i = 0; i < 3 * ATTENDANCE_PLACES; i++) {
        snprintf(id, sizeof(id), "person-%d", i);
        assert_string_equal(live_of(one, id)->participant, id);
        if (i % 2 == 0) {
            connection_give(app, live_of(one, id));
            assert_null(live_of(one, id));
        }
    }
    assert_non_null(live_of(one, "person-1"));
}

static void test_peers_by_their_ids(void **state)
{
    (void)state;
    const struct participant ada = person("ada", CAPACITY_DELEGATE);
    const struct participant bea = person("bea", CAPACITY_INTERPRETER);
    struct app_peer *adopted = peer_take(app, one, &ada, 1000 + 16 * LIVES);
    struct app_peer *made = peer_take(app, one, &bea, 0); // the same place
    assert_int_equal(made->id, 1000);
    assert_ptr_equal(peer_by_id(app, 1000), made);
    assert_ptr_equal(peer_by_id(app, 1000 + 16 * LIVES), adopted);
    assert_null(peer_by_id(app, 1001));
    assert_ptr_equal(one->desk_peers.first, &made->at_desk);
    assert_null(made->at_desk.next); // a delegate has no desk
    peer_give(app, made);
    assert_null(peer_by_id(app, 1000));
    assert_null(one->desk_peers.first);
}

static void test_sources(void **state)
{
    (void)state;
    const struct participant ada = person("ada", CAPACITY_DELEGATE);
    struct app_peer *peer = peer_take(app, one, &ada, 0);
    struct app_door *door = door_take(app, one, APP_DOOR_PUBLISH, 5, "token-1");
    sender_begin(app, &peer->senders[TRACK_NAME_MICROPHONE], 8); // by an earlier process
    sender_begin(app, &peer->senders[TRACK_NAME_CAMERA], source_take(app));
    sender_begin(app, &door->senders[TRACK_NAME_MICROPHONE], source_take(app));
    assert_int_equal(peer->senders[TRACK_NAME_CAMERA].source, 7);
    assert_int_equal(door->senders[TRACK_NAME_MICROPHONE].source, 9); // 8 is taken
    assert_ptr_equal(peer_of_microphone(app, 8), peer);
    assert_null(peer_of_microphone(app, 7));
    assert_null(peer_of_microphone(app, 9));
    assert_ptr_equal(sender_of(app, 9)->door, door);
    assert_null(sender_of(app, 0)); // tracks that send nothing are found by nobody
    door_forget(app, door);
    peer_give(app, peer);
    assert_true(sender_of(app, 7) == NULL && sender_of(app, 8) == NULL &&
                sender_of(app, 9) == NULL);
}

static void test_peers_for_whom_something_is_due(void **state)
{
    (void)state;
    const struct participant ada = person("ada", CAPACITY_DELEGATE);
    struct app_peer *peer = peer_take(app, one, &ada, 0);
    app->wake_at = TIME_US_NEVER;
    peer_due_changed(app, peer);
    assert_null(app->due_peers.first);
    assert_int_equal(app->wake_at, TIME_US_NEVER);
    peer->orphan_due = 90;
    peer->answer_due = 10;
    peer_due_changed(app, peer);
    assert_ptr_equal(app->due_peers.first, &peer->has_due);
    assert_int_equal(app->wake_at, 10);
    peer->answer_due = 0;
    peer_due_changed(app, peer);
    assert_ptr_equal(app->due_peers.first, &peer->has_due);
    peer->orphan_due = TIME_US_NEVER;
    peer_due_changed(app, peer);
    assert_null(app->due_peers.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_of_each_for_a_person_and_meeting, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_lasts_as_long_as_anything_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_peers_by_their_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sources, setup, teardown),
        cmocka_unit_test_setup_teardown(test_peers_for_whom_something_is_due, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
