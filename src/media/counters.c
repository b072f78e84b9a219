#include "media/counters.h"

#include <string.h>

#include "base/text.h"

// Buckets 0..3 are 0..3 us; then four for each doubling: delay = (4 + bucket % 4) << (bucket / 4 -
// 1).
static unsigned delay_bucket(time_us delay)
{
    uint64_t value = delay > 0 ? (uint64_t)delay : 0;
    if (value < 4) {
        return (unsigned)value;
    }
    unsigned octave = 63u - (unsigned)__builtin_clzll(value); // at least 2
    unsigned bucket = (octave - 1) * 4 + (unsigned)((value >> (octave - 2)) & 3);
    return bucket < COUNTERS_DELAY_BUCKETS ? bucket : COUNTERS_DELAY_BUCKETS - 1;
}

static uint64_t delay_bucket_upper_us(unsigned bucket)
{
    return bucket < 4 ? bucket : ((uint64_t)(5 + bucket % 4) << (bucket / 4 - 1)) - 1;
}

void counters_add_delay(struct counters *counters, time_us delay, uint64_t packets)
{
    counter_add(&counters->delay[delay_bucket(delay)], packets);
}

void counters_publish_router(struct counters *counters, const struct router_counters *router)
{
#define COUNTER_PUBLISH(name, text) \
    atomic_store_explicit(&counters->router_##name, router->name, memory_order_relaxed);
    ROUTER_COUNTERS(COUNTER_PUBLISH)
#undef COUNTER_PUBLISH
}

void counters_append(struct link_message *message, const char *name, uint64_t value)
{
    if (message->counter_count < LINK_COUNTERS_MAX) {
        text_copy_cut(message->counters[message->counter_count].name, LINK_COUNTER_NAME_MAX + 1,
                      name);
        message->counters[message->counter_count].value = value;
        message->counter_count++;
    }
}

static uint64_t delay_percentile_us(const struct counters *threads, size_t count, unsigned percent)
{
    uint64_t sums[COUNTERS_DELAY_BUCKETS] = {0};
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        for (unsigned bucket = 0; bucket < COUNTERS_DELAY_BUCKETS; bucket++) {
            uint64_t packets = counter_get(&threads[i].delay[bucket]);
            sums[bucket] += packets;
            total += packets;
        }
    }
    uint64_t seen = 0;
    for (unsigned bucket = 0; total > 0 && bucket < COUNTERS_DELAY_BUCKETS; bucket++) {
        seen += sums[bucket];
        if (seen * 100 >= total * percent) {
            return delay_bucket_upper_us(bucket);
        }
    }
    return 0;
}

void counters_message(const struct counters *threads, size_t count, struct link_message *message)
{
    memset(message, 0, sizeof(*message));
    message->type = LINK_COUNTERS;
#define COUNTER_SUM(name, text)                   \
    {                                             \
        uint64_t sum = 0;                         \
        for (size_t i = 0; i < count; i++) {      \
            sum += counter_get(&threads[i].name); \
        }                                         \
        counters_append(message, #name, sum);     \
    }
    COUNTERS(COUNTER_SUM)
#undef COUNTER_SUM
#define COUNTER_ROUTER_SUM(name, text)                     \
    {                                                      \
        uint64_t sum = 0;                                  \
        for (size_t i = 0; i < count; i++) {               \
            sum += counter_get(&threads[i].router_##name); \
        }                                                  \
        counters_append(message, #name, sum);              \
    }
    ROUTER_COUNTERS(COUNTER_ROUTER_SUM)
#undef COUNTER_ROUTER_SUM
    counters_append(message, "forward_delay_us_p50", delay_percentile_us(threads, count, 50));
    counters_append(message, "forward_delay_us_p99", delay_percentile_us(threads, count, 99));
}
