#include "../test.h"

#include "http/places.h"

#define MAX  64
#define KEPT 8
#define S    ((time_us)TIME_US_PER_S)

static struct places *places;
static struct place all[MAX + 1];
static uint32_t used;
static uint32_t gone;

static struct client_address address(const char *text)
{
    struct client_address parsed;
    assert_int_equal(client_address_from_text(text, &parsed), ERR_NONE);
    return client_address_counted(&parsed);
}

static int make(void **state)
{
    (void)state;
    const struct places_config config = {.max = MAX, .kept = KEPT, .per_address_max = 40};
    assert_int_equal(places_create(&config, &places), ERR_NONE);
    used = gone = 0;
    memset(all, 0, sizeof(all));
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    places_destroy(places);
    return 0;
}

// As a gate does it: whoever has to give way is closed first. NULL when nobody does and there is no
// place.
static struct place *come(const char *from, bool trusted, time_us now)
{
    struct client_address counted = address(from);
    struct place *place = NULL;
    struct place *victim = places_victim(places, &counted, trusted, now);
    if (victim != NULL) {
        places_leave(places, victim);
        gone++;
    }
    for (uint32_t i = 0; place == NULL && i <= MAX; i++) {
        place = all[i].address == NULL ? &all[i] : NULL;
    }
    assert_non_null(place);
    return places_enter(places, place, &counted, trusted, now) ? place : NULL;
}

static struct place *come_as(const char *from, enum place_kind kind, time_us now)
{
    struct place *place = come(from, false, now);
    assert_non_null(place);
    places_set_kind(places, place, kind, now);
    return place;
}

static struct place *come_with(const char *from, uint64_t person, bool live, time_us now)
{
    struct place *place = come(from, false, now);
    assert_non_null(place);
    (void)places_know(places, place, person, live, now);
    places_set_kind(places, place, PLACE_IDLE, now);
    return place;
}

static uint64_t strangers;

static struct place *come_known(const char *from, time_us now)
{
    struct place *place = come_with(from, ++strangers + 1000, false, now);
    assert_int_equal(place->kind, PLACE_KNOWN);
    return place;
}

static uint64_t open_of(enum place_kind kind)
{
    return places_figures(places)->open[kind];
}

static void the_greedy_give_way_to_the_others(void **state)
{
    (void)state;
    struct place *friend = come_as("10.0.0.1", PLACE_IDLE, 0);
    for (int i = 0; i < MAX - KEPT - 1; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.1.%d", i % 3);
        assert_non_null(come(from, false, 1));
    }
    assert_int_equal(gone, 0);
    for (int i = 0; i < 20; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.2.%d", i);
        struct place *place = come(from, false, S);
        assert_non_null(place);
        assert_int_equal(gone, i + 1);
    }
    assert_non_null(friend->address); // the oldest of all, but not of those who have most
}

static void nobody_gives_way_who_has_a_session(void **state)
{
    (void)state;
    for (int i = 0; i < MAX - KEPT; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.%d.1", i);
        come_known(from, 0);
    }
    // The kept places: for who shows a session.
    struct place *first = come("10.1.0.1", false, S);
    assert_true(first->on_probation);
    places_set_kind(places, first, PLACE_BUSY, S);
    assert_false(places_claim(places, first));
    assert_true(places_know(places, first, 1, false, S));
    assert_true(places_claim(places, first));
    for (int i = 1; i < KEPT; i++) {
        assert_non_null(come(i % 2 == 0 ? "10.1.0.2" : "10.1.0.3", false, 2 * S));
    }
    assert_in_range(gone, 1, KEPT); // some took the place of their own kind
    // Who has shown none gives way there to whoever comes.
    assert_non_null(come("10.1.0.4", false, 3 * S));
    assert_int_equal(open_of(PLACE_KNOWN), MAX - KEPT + 1);
}

// However many sign in, somebody is there who gives way to the question whether the server lives.
static void full_of_people_who_comes_has_a_place(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * MAX; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.%d.1", i);
        come_with(from, (uint64_t)i + 1, i % 4 == 0, i * S);
    }
    assert_int_equal(open_of(PLACE_KNOWN), MAX - KEPT / 2);
    assert_non_null(come("10.1.0.1", false, 1000 * S));
    // A live connection takes the place of a request: its own person's, or the oldest.
    struct place *live = come("10.1.0.2", false, 1001 * S);
    assert_true(places_know(places, live, 3000, true, 1001 * S));
    assert_int_equal(open_of(PLACE_KNOWN), MAX - KEPT / 2);
    struct place *request = come("10.1.0.3", false, 1002 * S);
    assert_false(places_know(places, request, 3001, false, 1002 * S));
    // Only live ones are left in the end: no more.
    uint32_t lives = 0;
    for (int i = 0; i < MAX; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.2.%d.1", i);
        struct place *place = come(from, false, (2000 + i) * S);
        assert_non_null(place);
        lives += places_know(places, place, 4000 + (uint64_t)i, true, (2000 + i) * S);
    }
    assert_in_range(lives, 1, MAX - 1);
    assert_int_equal(open_of(PLACE_KNOWN), MAX - KEPT / 2);
    assert_int_equal(places_figures(places)->refused, 0);
    struct place *again = come("10.2.0.2", false, 8000 * S);
    assert_true(places_know(places, again, 4000, true, 8000 * S)); // instead of the own one
    assert_int_equal(open_of(PLACE_KNOWN), MAX - KEPT / 2);
    assert_non_null(come("10.3.0.1", false, 9000 * S));
}

// One session, shown from many addresses, on each of which it has no more than others.
static void one_session_is_no_crowd(void **state)
{
    (void)state;
    struct place *mine[PLACES_OF_A_PERSON];
    struct place *page = come_with("10.9.0.1", 2, true, 0);
    struct place *quiet = come_as("10.9.0.2", PLACE_IDLE, 0);
    for (int i = 0; i < MAX - KEPT - 2; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.%d.1", i);
        struct place *place = come_with(from, 1, false, 1 + i);
        if (i < PLACES_OF_A_PERSON) {
            mine[i] = place;
        }
        assert_int_equal(place->kind, i < PLACES_OF_A_PERSON ? PLACE_KNOWN : PLACE_IDLE);
    }
    assert_int_equal(gone, 0);
    for (int i = 0; i < 20; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.1.%d.1", i);
        struct place *place = come(from, false, 2 * S);
        assert_non_null(place);
        places_set_kind(places, place, PLACE_BUSY, 2 * S);
        assert_true(places_claim(places, place));
        assert_int_equal(gone, i + 1);
    }
    assert_non_null(quiet->address); // older, but of no crowd
    assert_int_equal(page->kind, PLACE_KNOWN);
    for (int i = 0; i < PLACES_OF_A_PERSON; i++) {
        assert_int_equal(mine[i]->kind, PLACE_KNOWN);
    }
    // The same person's page is kept all the same, and a place that was given back is theirs again.
    assert_int_equal(come_with("10.2.0.1", 1, true, 3 * S)->kind, PLACE_KNOWN);
    places_leave(places, mine[0]);
    assert_int_equal(come_with("10.2.0.2", 1, false, 3 * S)->kind, PLACE_KNOWN);
}

static void who_says_goodbye_is_nobodys(void **state)
{
    (void)state;
    struct place *place = NULL;
    for (int i = 0; i < PLACES_LIVE; i++) {
        place = come_with("10.0.0.1", 1, true, 0);
        assert_int_equal(place->kind, PLACE_KNOWN);
    }
    struct place *one_more = come("10.0.0.1", false, 0);
    assert_false(places_know(places, one_more, 1, true, 0));
    places_forget(places, place, S);
    assert_int_equal(place->kind, PLACE_IDLE);
    assert_true(places_know(places, one_more, 1, true, S));
    // A request that becomes a live connection is counted as that.
    struct place *request = come_with("10.0.0.1", 2, false, S);
    assert_true(places_know(places, request, 2, true, S));
    assert_true(request->live);
    assert_int_equal(open_of(PLACE_KNOWN), PLACES_LIVE + 1);
}

// They come again and again, faster than any grace: who has none of them yet is served.
static void displaces_itself_alone(enum place_kind crowd)
{
    struct place *honest[4] = {NULL};
    for (int i = 0; i < 2000; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.0.1.%d", i % 5);
        struct place *one = come(from, false, i * 100);
        if (one != NULL) {
            places_set_kind(places, one, crowd, i * 100);
        }
        if (i % 500 == 400) {
            honest[i / 500] = come("10.0.2.1", false, i * 100);
            assert_non_null(honest[i / 500]);
            places_set_kind(places, honest[i / 500], i < 1000 ? PLACE_BUSY : PLACE_IDLE, i * 100);
            assert_true(places_claim(places, honest[i / 500]));
        }
    }
    for (int i = 0; i < 4; i++) {
        assert_non_null(honest[i]->address);
        assert_int_equal(honest[i]->kind, i < 2 ? PLACE_BUSY : PLACE_IDLE); // nobody else's now
    }
}

static void a_crowd_that_keeps_coming_displaces_itself_alone(void **state)
{
    (void)state;
    displaces_itself_alone(PLACE_NEW);
}

static void a_crowd_with_requests_at_hand_displaces_itself_alone(void **state)
{
    (void)state;
    displaces_itself_alone(PLACE_BUSY);
}

static void the_order_of_giving_way(void **state)
{
    (void)state;
    struct place *busy = come_as("10.0.0.1", PLACE_BUSY, 0);
    struct place *idle = come_as("10.0.0.1", PLACE_IDLE, 1);
    struct place *fresh = come("10.0.0.1", false, 2);
    for (int i = 0; i < MAX - KEPT - 3; i++) {
        char from[32];
        snprintf(from, sizeof(from), "10.1.%d.1", i);
        come_known(from, 3);
    }
    struct place *const order[] = {fresh, idle, busy};
    for (size_t i = 0; i < 3; i++) {
        struct client_address counted = address("10.3.0.1");
        assert_ptr_equal(places_victim(places, &counted, false, 2 * S), order[i]);
        places_leave(places, order[i]);
        assert_true(places_enter(places, order[i], &counted, false, 2 * S));
        assert_int_equal(places_know(places, order[i], 1 + i, false, 2 * S), true);
    }
    struct client_address counted = address("10.3.0.1");
    assert_null(places_victim(places, &counted, false, 2 * S));
}

static void one_address_has_no_more_than_its_share(void **state)
{
    (void)state;
    struct place *idle = NULL;
    for (int i = 0; i < 40; i++) {
        idle = come_as("10.0.0.1", i == 20 ? PLACE_IDLE : PLACE_BUSY, 0);
    }
    (void)idle;
    assert_non_null(come("10.0.0.1", false, S)); // instead of the idle one
    assert_int_equal(gone, 1);
    assert_null(come("10.0.0.1", false, 2 * S)); // a head may still come on the last
    assert_non_null(come("10.0.0.1", false, 6 * S));
    assert_non_null(come("10.0.0.2", false, 6 * S));
    // A trusted proxy is many.
    for (int i = 0; i < 14; i++) {
        assert_non_null(come("10.0.0.3", true, 6 * S));
    }
}

static void all_of_a_network_are_one(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        char from[64];
        snprintf(from, sizeof(from), "2001:db8:1:2:%x::%x", i, i * 7);
        struct place *place = come(from, false, 0);
        assert_non_null(place);
        places_set_kind(places, place, PLACE_BUSY, 0);
    }
    assert_null(come("2001:db8:1:2:ffff::1", false, S));
    assert_non_null(come("2001:db8:1:3::1", false, S));
    // IPv4 over an IPv6 socket is not: ::ffff:0:0/96 is all of IPv4.
    for (int i = 0; i < 10; i++) {
        char from[64];
        snprintf(from, sizeof(from), "::ffff:10.0.0.%d", i);
        assert_non_null(come(from, false, S));
    }
}

static void few_of_an_address_may_take_their_time(void **state)
{
    static struct place many[PLACES_NEW_FEW + 20];
    const struct places_config config = {.max = 120, .kept = KEPT, .per_address_max = 100};
    unmake(state);
    assert_int_equal(places_create(&config, &places), ERR_NONE);
    struct client_address counted = address("10.0.0.1");
    for (int i = 0; i < PLACES_NEW_FEW + 20; i++) {
        assert_true(places_enter(places, &many[i], &counted, false, i));
    }
    places_set_kind(places, &many[3], PLACE_BUSY, 50);
    places_restart(places, &many[4], S); // its handshake took so long
    assert_null(places_overdue(places, S));
    for (int i = 0; i < 19; i++) {
        struct place *slow = places_overdue(places, PLACES_HURRY_US + 100);
        assert_ptr_equal(slow, &many[i < 3 ? i : i + 2]);
        places_leave(places, slow);
    }
    assert_null(places_overdue(places, PLACES_HURRY_US + 100));
    // Nobody has to hurry where half of the places are free.
    unmake(state);
    const struct places_config roomy = {.max = 1000, .kept = KEPT, .per_address_max = 100};
    assert_int_equal(places_create(&roomy, &places), ERR_NONE);
    for (int i = 0; i < PLACES_NEW_FEW + 20; i++) {
        assert_true(places_enter(places, &many[i], &counted, false, i));
    }
    assert_null(places_overdue(places, PLACES_HURRY_US + 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_greedy_give_way_to_the_others, make, unmake),
        cmocka_unit_test_setup_teardown(nobody_gives_way_who_has_a_session, make, unmake),
        cmocka_unit_test_setup_teardown(full_of_people_who_comes_has_a_place, make, unmake),
        cmocka_unit_test_setup_teardown(one_session_is_no_crowd, make, unmake),
        cmocka_unit_test_setup_teardown(who_says_goodbye_is_nobodys, make, unmake),
        cmocka_unit_test_setup_teardown(a_crowd_that_keeps_coming_displaces_itself_alone, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(a_crowd_with_requests_at_hand_displaces_itself_alone, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(the_order_of_giving_way, make, unmake),
        cmocka_unit_test_setup_teardown(one_address_has_no_more_than_its_share, make, unmake),
        cmocka_unit_test_setup_teardown(all_of_a_network_are_one, make, unmake),
        cmocka_unit_test_setup_teardown(few_of_an_address_may_take_their_time, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
