#include "../test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "store/write_turn.h"

struct waiter {
    pthread_t thread;
    enum write_turn_rank rank;
    atomic_int number; // the kernel's, once it runs
    int place;         // in which order it came
};

static int places; // whose turn it is counts

static void *wait_for_turn(void *argument)
{
    struct waiter *waiter = argument;
    atomic_store(&waiter->number, gettid());
    write_turn_take(waiter->rank);
    waiter->place = ++places;
    write_turn_give();
    return NULL;
}

static char state_of(int number)
{
    char name[64];
    char state = '?';
    snprintf(name, sizeof(name), "/proc/self/task/%d/stat", number);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
    fclose(file);
    return state;
}

// Returns when it waits: it does nothing else that sleeps.
static void start(struct waiter *waiter)
{
    assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_turn, waiter), 0);
    while (atomic_load(&waiter->number) == 0 || state_of(atomic_load(&waiter->number)) != 'S') {
        usleep(1000);
    }
}

static void the_journal_is_next_however_many_pieces_wait(void **state)
{
    (void)state;
    static struct waiter waiters[6];
    write_turn_take(WRITE_TURN_PIECE);
    for (int i = 0; i < 6; i++) {
        waiters[i].rank = i >= 4 ? WRITE_TURN_JOURNAL : WRITE_TURN_PIECE;
        start(&waiters[i]);
    }
    write_turn_give();
    for (int i = 0; i < 6; i++) {
        pthread_join(waiters[i].thread, NULL);
    }
    for (int i = 0; i < 6; i++) {
        assert_int_equal(waiters[i].place <= 2, waiters[i].rank == WRITE_TURN_JOURNAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_journal_is_next_however_many_pieces_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
