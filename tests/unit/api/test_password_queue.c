#include "../test.h"

#include <stdio.h>
#include <string.h>

#include "api/password_queue.h"
#include "base/text.h"

static struct password_queue queue;

static int setup(void **state)
{
    (void)state;
    queue = (struct password_queue){0};
    return 0;
}

static struct password_place place_from(const char *remote, const char *account, bool known)
{
    struct password_place made = {.known = known};
    network_of_text(remote, made.network);
    text_copy_cut(made.account, sizeof(made.account), account);
    return made;
}

// Each from a network that no other is near.
static struct password_place place(const char *account, bool known)
{
    static int count;
    char remote[32];
    count++;
    snprintf(remote, sizeof(remote), "%d.%d.0.1", 10 + count / 250, count % 250);
    return place_from(remote, account, known);
}

static void known_ones_come_first_and_in_order(void **state)
{
    (void)state;
    struct password_place stranger = place("a", false);
    struct password_place first = place("b", true);
    struct password_place second = place("c", true);
    assert_int_equal(password_queue_next(&queue), TIME_US_NEVER);
    assert_null(password_queue_put(&queue, &stranger, 1));
    assert_null(password_queue_put(&queue, &first, 1));
    assert_null(password_queue_put(&queue, &second, 1));
    assert_int_equal(password_queue_next(&queue), 0);
    assert_ptr_equal(password_queue_take(&queue, 1), &first);
    assert_ptr_equal(password_queue_take(&queue, 1), &second);
    assert_ptr_equal(password_queue_take(&queue, 1), &stranger);
    assert_null(password_queue_take(&queue, 1));
}

static void of_strangers_the_newest_is_next(void **state)
{
    (void)state;
    struct password_place places[PASSWORD_QUEUE_STRANGERS_MAX + 1];
    for (int i = 0; i <= PASSWORD_QUEUE_STRANGERS_MAX; i++) {
        char account[2] = {(char)('a' + i), '\0'};
        places[i] = place(account, false);
        struct password_place *displaced = password_queue_put(&queue, &places[i], 1);
        assert_ptr_equal(displaced, i < PASSWORD_QUEUE_STRANGERS_MAX ? NULL : &places[0]);
    }
    for (int i = PASSWORD_QUEUE_STRANGERS_MAX; i > 0; i--) {
        assert_ptr_equal(password_queue_take(&queue, 1), &places[i]);
    }
    assert_null(password_queue_take(&queue, 1));
}

static void one_account_has_its_share(void **state)
{
    (void)state;
    struct password_place other = place("li", false);
    struct password_place guesses[5];
    assert_null(password_queue_put(&queue, &other, 1));
    for (int i = 0; i < 5; i++) {
        guesses[i] = place("amina", false);
        assert_ptr_equal(password_queue_put(&queue, &guesses[i], 1),
                         i < 2 ? NULL : &guesses[i - 2]);
    }
    assert_ptr_equal(password_queue_take(&queue, 1), &guesses[4]);
    assert_ptr_equal(password_queue_take(&queue, 1), &guesses[3]);
    assert_ptr_equal(password_queue_take(&queue, 1), &other);
}

static void known_ones_are_never_displaced(void **state)
{
    (void)state;
    static struct password_place places[PASSWORD_QUEUE_KNOWN_MAX];
    struct password_place late = place("late", true);
    struct password_place stranger = place("stranger", false);
    for (int i = 0; i < PASSWORD_QUEUE_KNOWN_MAX; i++) {
        places[i] = place("amina", true);
        assert_null(password_queue_put(&queue, &places[i], 1));
    }
    assert_ptr_equal(password_queue_put(&queue, &late, 1), &late);
    assert_null(password_queue_put(&queue, &stranger, 1));
    assert_ptr_equal(password_queue_take(&queue, 1), &places[0]);
}

static void many_failures_slow_strangers_alone(void **state)
{
    (void)state;
    time_us now = 1000000;
    struct password_place known = place("b", true);
    struct password_place first = place("a", false);
    struct password_place second = place("c", false);
    struct password_place fresh = place("d", false);
    memcpy(second.network, first.network, sizeof(second.network));
    for (int i = 0; i < 1000; i++) {
        password_queue_failed(&queue, &known, now);
    }
    assert_null(password_queue_put(&queue, &first, 1));
    assert_ptr_equal(password_queue_take(&queue, now), &first);
    for (int i = 0; i < 1000; i++) {
        password_queue_failed(&queue, &first, now);
    }
    // The pace is kept between checks: this one may begin, the next one waits.
    assert_null(password_queue_put(&queue, &first, 1));
    assert_ptr_equal(password_queue_take(&queue, now), &first);
    assert_null(password_queue_put(&queue, &second, 1));
    assert_null(password_queue_take(&queue, now));
    assert_int_equal(password_queue_next(&queue), now + PASSWORD_QUEUE_PACE_US);
    // Whose network has not failed is kept by nothing.
    assert_null(password_queue_put(&queue, &fresh, now));
    assert_int_equal(password_queue_next(&queue), 0);
    assert_ptr_equal(password_queue_take(&queue, now), &fresh);
    assert_null(password_queue_put(&queue, &known, now));
    assert_int_equal(password_queue_next(&queue), 0);
    assert_ptr_equal(password_queue_take(&queue, now), &known);
    assert_ptr_equal(password_queue_take(&queue, now + PASSWORD_QUEUE_PACE_US), &second);
    // It is forgotten.
    now += 2 * PASSWORD_QUEUE_FAILURES_FREE * PASSWORD_QUEUE_FAILURE_US;
    now += PASSWORD_NETWORK_US;
    assert_null(password_queue_put(&queue, &first, now));
    assert_null(password_queue_put(&queue, &second, now));
    assert_ptr_equal(password_queue_take(&queue, now), &first);
    assert_ptr_equal(password_queue_take(&queue, now), &second);
}

// A guess every 50 ms, each from another address, a check of 100 ms: the owner, who comes from
// elsewhere, is the next to be checked whenever it is.
static void guess_until(struct password_place *places, const char *format, int count,
                        const char *account)
{
    for (int i = 0; i < count; i++) {
        char remote[32];
        snprintf(remote, sizeof(remote), format, i % 250);
        places[i] = place_from(remote, account, false);
        (void)password_queue_put(&queue, &places[i], 1);
        struct password_place *taken = i % 2 == 0 ? password_queue_take(&queue, 1) : NULL;
        if (taken != NULL) {
            password_queue_failed(&queue, taken, 1);
        }
    }
}

static void guesses_that_go_on_keep_nobody_waiting(void **state)
{
    (void)state;
    static const char *const formats[] = {"127.0.4.%d", "127.1.%d.7", "2001:db8:0:%d::1"};
    static struct password_place guesses[2][200];
    for (int i = 0; i < 3; i++) {
        for (int other = 0; other < 2; other++) {
            queue = (struct password_queue){0};
            struct password_place owner = place_from("127.0.9.9", "owner", false);
            guess_until(guesses[0], formats[i], 200, other ? "another" : "owner");
            assert_ptr_not_equal(password_queue_put(&queue, &owner, 1), &owner);
            for (int k = 0; k < 100; k++) { // while the one before is being checked
                char remote[32];
                snprintf(remote, sizeof(remote), formats[i], k);
                guesses[1][k] = place_from(remote, other ? "another" : "owner", false);
                assert_ptr_not_equal(password_queue_put(&queue, &guesses[1][k], 1), &owner);
            }
            assert_int_equal(password_queue_next(&queue), 0);
            assert_ptr_equal(password_queue_take(&queue, 1), &owner);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(known_ones_come_first_and_in_order, setup),
        cmocka_unit_test_setup(of_strangers_the_newest_is_next, setup),
        cmocka_unit_test_setup(one_account_has_its_share, setup),
        cmocka_unit_test_setup(known_ones_are_never_displaced, setup),
        cmocka_unit_test_setup(many_failures_slow_strangers_alone, setup),
        cmocka_unit_test_setup(guesses_that_go_on_keep_nobody_waiting, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
