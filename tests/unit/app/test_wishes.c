// What parts want to be decided because of what was told: run after it, once each, in order.
#include "../test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"

static struct app *app;
static struct app_meeting *meetings;
static char run[128]; // what was run, in its order

static int setup(void **state)
{
    (void)state;
    app = calloc(1, sizeof(*app));
    meetings = calloc(2, sizeof(*meetings));
    run[0] = '\0';
    return app == NULL || meetings == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    free(app);
    free(meetings);
    return 0;
}

static void note(const char *what, const struct app_wish *wish)
{
    size_t length = strlen(run);
    snprintf(run + length, sizeof(run) - length, "%s%s%d ", what, wish->participant,
             (int)wish->since);
}

static void run_a(struct app *of, const struct app_wish *wish)
{
    (void)of;
    note("a", wish);
}

static void run_b(struct app *of, const struct app_wish *wish)
{
    note("b", wish);
    const struct app_wish next = {.run = run_a, .meeting = wish->meeting, .since = 9};
    assert_true(wish_post(of, &next));
}

static void test_once_each_in_order(void **state)
{
    (void)state;
    const struct app_wish wishes[] = {
        {.run = run_a, .meeting = &meetings[0], .since = 1},
        {.run = run_a, .meeting = &meetings[1], .since = 2},
        {.run = run_a, .meeting = &meetings[0], .since = 3}, // is posted already
        {.run = run_a, .meeting = &meetings[0], .participant = "p", .since = 4},
    };
    for (size_t i = 0; i < 4; i++) {
        assert_true(wish_post(app, &wishes[i]));
    }
    assert_true(wishes_concern(app, &meetings[1]));
    wishes_run(app);
    assert_string_equal(run, "a1 a2 ap4 ");
    assert_false(wishes_concern(app, &meetings[1]));
    wishes_run(app);
    assert_string_equal(run, "a1 a2 ap4 ");
}

static void test_not_while_a_batch_is_told(void **state)
{
    (void)state;
    const struct app_wish wish = {.run = run_a, .meeting = meetings, .since = 1};
    app->now = 5;
    app->wake_at = TIME_US_NEVER;
    app->telling = true;
    assert_true(wish_post(app, &wish));
    wishes_run(app);
    assert_string_equal(run, "");
    assert_int_equal(app->wake_at, 5); // nobody need come by for it to be run
    app->telling = false;
    wishes_run(app);
    assert_string_equal(run, "a1 ");
}

static void test_a_wish_that_posts_one(void **state)
{
    (void)state;
    const struct app_wish wish = {.run = run_b, .meeting = meetings, .since = 1};
    assert_true(wish_post(app, &wish));
    wishes_run(app);
    assert_string_equal(run, "b1 ");
    wishes_run(app);
    assert_string_equal(run, "b1 a9 ");
}

static void test_no_room(void **state)
{
    (void)state;
    struct app_wish wish = {.run = run_a, .meeting = meetings};
    for (int i = 0; i < APP_WISHES_MAX; i++) {
        snprintf(wish.participant, sizeof(wish.participant), "p-%d", i);
        assert_true(wish_post(app, &wish));
    }
    assert_true(wish_post(app, &wish));
    snprintf(wish.participant, sizeof(wish.participant), "another");
    assert_false(wish_post(app, &wish));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_once_each_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_while_a_batch_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_wish_that_posts_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
