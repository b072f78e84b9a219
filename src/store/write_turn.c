#include "store/write_turn.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // of all below
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static bool taken;
static uint32_t journals; // that wait

void write_turn_take(enum write_turn_rank rank)
{
    bool first = rank == WRITE_TURN_JOURNAL;
    pthread_mutex_lock(&lock);
    journals += first;
    while (taken || (!first && journals > 0)) {
        pthread_cond_wait(&news, &lock);
    }
    journals -= first;
    taken = true;
    pthread_mutex_unlock(&lock);
}

void write_turn_give(void)
{
    pthread_mutex_lock(&lock);
    taken = false;
    pthread_cond_broadcast(&news);
    pthread_mutex_unlock(&lock);
}
