#include "media/video_pace.h"

#include "media/video_slot.h"

#define TURN_US     (5 * TIME_US_PER_MS)
#define DEPTH_US    (40 * TIME_US_PER_MS) // of the rate, may go out together
#define DEPTH_MIN   (1500 * 8)            // bits: one packet
#define OVERHEAD    60                    // bytes: headers of all layers, and the tag
#define IP_OVERHEAD 28

static int64_t depth(int64_t rate)
{
    int64_t bits = rate * DEPTH_US / TIME_US_PER_S;
    return bits > DEPTH_MIN ? bits : DEPTH_MIN;
}

bool video_pace_affords(struct router_peer *peer, time_us now, size_t size)
{
    int64_t rate = video_choice_pace(&peer->choice, now);
    int64_t most = depth(rate);
    time_us passed = now - peer->video_tokens_at;
    passed = passed < TIME_US_PER_S ? passed : TIME_US_PER_S;
    int64_t gained = passed * rate / TIME_US_PER_S;
    if (gained > 0) {
        peer->video_tokens_at = now;
        peer->video_tokens += gained;
    }
    peer->video_tokens = peer->video_tokens < most ? peer->video_tokens : most;
    return peer->video_tokens >= (int64_t)(size + OVERHEAD) * 8 || peer->video_tokens == most;
}

void video_pace_spend(struct router_peer *peer, size_t size)
{
    peer->video_tokens -= (int64_t)(size + IP_OVERHEAD) * 8;
}

void video_pace_wait(struct router *router, struct slot *slot, time_us now, int64_t index)
{
    slot->video->next_index = index;
    list_add(&router->lagging, &slot->lagging);
    router->lagging_at = now + TURN_US < router->lagging_at ? now + TURN_US : router->lagging_at;
    router->counters.picture_lags_total++;
}

void video_pace_end(struct slot *slot)
{
    list_remove(&slot->lagging);
}

time_us video_pace_on_deadline(struct router *router, time_us now)
{
    struct list_link *next = router->lagging.first;
    // Whoever gives up may let others of its peer end as well.
    while (next != NULL && list_has(next)) {
        struct slot *slot = LIST_ITEM(next, struct slot, lagging);
        next = next->next;
        video_slot_catch_up(router, slot, now);
    }
    return router->lagging.first != NULL ? now + TURN_US : TIME_US_NEVER;
}
