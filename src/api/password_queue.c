#include "api/password_queue.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

// ---- Networks

static void prefix_of(const uint8_t network[NETWORK_SIZE], bool wide, uint8_t prefix[NETWORK_SIZE])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    bool is_ipv4 = memcmp(network, mapped, sizeof(mapped)) == 0;
    size_t kept = is_ipv4 ? (wide ? 14 : 15) : (wide ? 6 : 8);
    memset(prefix, 0, NETWORK_SIZE);
    memcpy(prefix, network, kept);
}

static bool is_of(const struct password_network *at, const uint8_t prefix[NETWORK_SIZE], bool wide)
{
    return at->failures > 0 && at->wide == wide && memcmp(at->prefix, prefix, NETWORK_SIZE) == 0;
}

static uint32_t set_of(const uint8_t prefix[NETWORK_SIZE], bool wide)
{
    uint32_t hash = wide ? 2166136261u : 2166136262u;
    for (size_t i = 0; i < NETWORK_SIZE; i++) {
        hash = (hash ^ prefix[i]) * 16777619u;
    }
    return (hash ^ hash >> 16) % PASSWORD_NETWORK_SETS;
}

static uint32_t failures_of(const struct password_queue *queue, const uint8_t network[NETWORK_SIZE],
                            bool wide, time_us now)
{
    uint8_t prefix[NETWORK_SIZE];
    prefix_of(network, wide, prefix);
    const struct password_network *set = queue->networks[set_of(prefix, wide)];
    for (int i = 0; i < PASSWORD_NETWORK_WAYS; i++) {
        if (is_of(&set[i], prefix, wide)) {
            return now - set[i].last < PASSWORD_NETWORK_US ? set[i].failures : 0;
        }
    }
    return 0;
}

static void network_failed(struct password_queue *queue, const uint8_t network[NETWORK_SIZE],
                           bool wide, time_us now)
{
    uint8_t prefix[NETWORK_SIZE];
    uint32_t failures = failures_of(queue, network, wide, now);
    prefix_of(network, wide, prefix);
    struct password_network *set = queue->networks[set_of(prefix, wide)];
    struct password_network *to = &set[0];
    for (int i = 0; i < PASSWORD_NETWORK_WAYS; i++) {
        if (is_of(&set[i], prefix, wide)) {
            to = &set[i];
            break;
        }
        to = set[i].failures == 0 || (to->failures > 0 && set[i].last < to->last) ? &set[i] : to;
    }
    *to = (struct password_network){.wide = wide, .failures = failures + 1, .last = now};
    memcpy(to->prefix, prefix, NETWORK_SIZE);
}

// ---- The order

static void unlink_place(struct password_queue *queue, struct password_place *place)
{
    struct password_place **at = &queue->newest;
    while (*at != place) {
        at = &(*at)->older;
    }
    *at = place->older;
    place->older = NULL;
}

// The one of a kind that waited longest, of one account or (NULL) of all, and how many there are.
static struct password_place *longest(const struct password_queue *queue, bool known,
                                      const char *account, uint32_t *ret_count)
{
    struct password_place *found = NULL;
    *ret_count = 0;
    for (struct password_place *at = queue->newest; at != NULL; at = at->older) {
        if (at->known == known && (account == NULL || text_equal(at->account, account))) {
            found = at;
            (*ret_count)++;
        }
    }
    return found;
}

static uint32_t waiting_of(const struct password_queue *queue, const uint8_t network[NETWORK_SIZE],
                           bool wide)
{
    uint8_t wanted[NETWORK_SIZE];
    uint8_t prefix[NETWORK_SIZE];
    uint32_t count = 0;
    prefix_of(network, wide, wanted);
    for (const struct password_place *at = queue->newest; at != NULL; at = at->older) {
        prefix_of(at->network, wide, prefix);
        count += !at->known && memcmp(prefix, wanted, NETWORK_SIZE) == 0;
    }
    return count;
}

static bool comes_before(const struct password_place *a, const struct password_place *b)
{
    return a->turns[0] != b->turns[0] ? a->turns[0] < b->turns[0] : a->turns[1] < b->turns[1];
}

static struct password_place *first_stranger(const struct password_queue *queue)
{
    struct password_place *found = NULL;
    for (struct password_place *at = queue->newest; at != NULL; at = at->older) {
        if (!at->known && (found == NULL || comes_before(at, found))) {
            found = at;
        }
    }
    return found;
}

// Of one account or (NULL) of all; the longest waiting of equals.
static struct password_place *last_stranger(const struct password_queue *queue, const char *account)
{
    struct password_place *found = NULL;
    for (struct password_place *at = queue->newest; at != NULL; at = at->older) {
        if (!at->known && (account == NULL || text_equal(at->account, account)) &&
            (found == NULL || !comes_before(at, found))) {
            found = at;
        }
    }
    return found;
}

static struct password_place *displaced_by(const struct password_queue *queue,
                                           const struct password_place *place)
{
    uint32_t of_account = 0;
    uint32_t of_all = 0;
    (void)longest(queue, place->known, NULL, &of_all);
    (void)longest(queue, place->known, place->account, &of_account);
    if (of_account > PASSWORD_QUEUE_ACCOUNT_MAX) {
        return last_stranger(queue, place->account);
    }
    return of_all > PASSWORD_QUEUE_STRANGERS_MAX ? last_stranger(queue, NULL) : NULL;
}

struct password_place *password_queue_put(struct password_queue *queue,
                                          struct password_place *place, time_us now)
{
    uint32_t of_all = 0;
    (void)longest(queue, true, NULL, &of_all);
    if (place->known && of_all >= PASSWORD_QUEUE_KNOWN_MAX) {
        return place;
    }
    for (int wide = 0; wide < 2; wide++) {
        uint32_t failures = failures_of(queue, place->network, wide, now);
        place->turns[wide] = failures + waiting_of(queue, place->network, wide);
        place->has_failed = wide == 0 ? failures > 0 : place->has_failed;
    }
    place->older = queue->newest;
    queue->newest = place;
    struct password_place *displaced = place->known ? NULL : displaced_by(queue, place);
    if (displaced != NULL) {
        unlink_place(queue, displaced);
    }
    return displaced;
}

struct password_place *password_queue_take(struct password_queue *queue, time_us now)
{
    uint32_t count = 0;
    struct password_place *taken = longest(queue, true, NULL, &count);
    if (taken == NULL) {
        taken = first_stranger(queue); // nobody known waits
        if (taken != NULL && taken->has_failed && now < queue->strangers_from) {
            return NULL;
        }
        if (taken != NULL && taken->has_failed &&
            queue->failures_gone_at - now >
                PASSWORD_QUEUE_FAILURES_FREE * PASSWORD_QUEUE_FAILURE_US) {
            queue->strangers_from = now + PASSWORD_QUEUE_PACE_US;
        }
    }
    if (taken != NULL) {
        unlink_place(queue, taken);
    }
    return taken;
}

time_us password_queue_next(const struct password_queue *queue)
{
    uint32_t known = 0;
    (void)longest(queue, true, NULL, &known);
    if (queue->newest == NULL) {
        return TIME_US_NEVER;
    }
    return known > 0 || !first_stranger(queue)->has_failed ? 0 : queue->strangers_from;
}

void password_queue_failed(struct password_queue *queue, const struct password_place *place,
                           time_us now)
{
    const time_us most = 2 * PASSWORD_QUEUE_FAILURES_FREE * PASSWORD_QUEUE_FAILURE_US;
    if (place->known) {
        return;
    }
    network_failed(queue, place->network, false, now);
    network_failed(queue, place->network, true, now);
    time_us from = queue->failures_gone_at > now ? queue->failures_gone_at : now;
    queue->failures_gone_at = from + PASSWORD_QUEUE_FAILURE_US;
    if (queue->failures_gone_at > now + most) {
        queue->failures_gone_at = now + most;
    }
}

void password_queue_leave(struct password_queue *queue, struct password_place *place)
{
    unlink_place(queue, place);
}
