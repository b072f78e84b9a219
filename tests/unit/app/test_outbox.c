#include "world.h"

#include <stdlib.h>

#include "app/outbox.h"
#include "meeting/meeting.h"

static void put(struct outbox *outbox, uint64_t ticket, uint32_t events, uint64_t request)
{
    static struct event list[EVENT_LIST_MAX];
    const struct outbox_answer answer = {.live = 1, .request = request};
    assert_int_equal(outbox_put(outbox, NULL, ticket, list, events, &answer, 100), ERR_NONE);
}

static uint64_t take(struct outbox *outbox, uint64_t ticket)
{
    struct outbox_batch *batch = outbox_take_due(outbox, ticket, 150);
    if (batch == NULL) {
        return 0;
    }
    uint64_t request = batch->answer.request;
    free(batch);
    return request;
}

static void test_nothing_is_due_before_its_ticket(void **state)
{
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    put(&outbox, 1, 2, 11);
    put(&outbox, 0, 0, 12); // an answer alone waits for those before it
    put(&outbox, 2, 1, 13);
    put(&outbox, 0, 0, 14);
    assert_int_equal(take(&outbox, 0), 0);
    assert_int_equal(take(&outbox, 1), 11);
    assert_int_equal(take(&outbox, 1), 12);
    assert_int_equal(take(&outbox, 1), 0);
    assert_int_equal(take(&outbox, 2), 13);
    assert_int_equal(take(&outbox, 2), 14);
    assert_int_equal(take(&outbox, 2), 0);
    assert_true(outbox_is_empty(&outbox));
    assert_int_equal(outbox.committed_batches, 2);
    assert_int_equal(outbox.commit_us_total, 100);
    assert_int_equal(outbox.commit_us_longest, 50);
    outbox_finish(&outbox);
}

static void test_room_has_an_end(void **state)
{
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    uint64_t ticket = 0;
    while (outbox_has_room(&outbox)) {
        ticket++;
        put(&outbox, ticket, EVENT_LIST_MAX, ticket);
    }
    assert_true(outbox.events <= OUTBOX_EVENTS_MAX);
    struct event event = {0};
    assert_int_equal(outbox_put(&outbox, NULL, ticket + 1, &event, 1, NULL, 0), ERR_FULL);
    assert_int_equal(take(&outbox, 1), 1);
    assert_true(outbox_has_room(&outbox));
    outbox_finish(&outbox);
    while (outbox_has_room(&outbox)) {
        put(&outbox, 0, 0, 1);
    }
    assert_int_equal(outbox.batches, OUTBOX_BATCHES_MAX);
    outbox_finish(&outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_due_before_its_ticket),
        cmocka_unit_test(test_room_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
