#include "media/video_choice.h"

#include <stddef.h>

#include "base/assert.h"

#define UNKNOWN_BPS       800000 // taken for the estimate while the receiver gives none
#define FLOOR_BPS         60000
#define LOSS_HIGH         100     // permille: above, the line is overused
#define LOSS_LOW          20      // below, it is not
#define HELD_DOWN_EXTRA   5000000 // 50 kbit/s, in the unit of the comparison
#define RAISE_INTERVAL_US TIME_US_PER_S
#define TRY_US            (12 * TIME_US_PER_S)
#define TRY_FIRST_US      (3 * TIME_US_PER_S)
#define TRY_PAUSE_US      (8 * TIME_US_PER_S)
#define TRY_PAUSE_MAX_US  (64 * TIME_US_PER_S)

void video_choice_init(struct video_choice *choice, uint32_t maximum_bps, time_us now)
{
    *choice = (struct video_choice){
        .maximum_bps = maximum_bps,
        .loss_limit_bps = maximum_bps,
        .raised_at = now,
        .try_again_at = now + TRY_FIRST_US,
        .try_pause_us = TRY_PAUSE_US,
    };
}

static uint64_t rate_of(const struct video_offer *offer, int8_t layer)
{
    return layer == VIDEO_LAYER_NONE ? 0 : offer->bits_per_second[layer];
}

static int8_t layer_above(const struct video_offer *offer, int8_t layer)
{
    for (int8_t next = (int8_t)(layer + 1); next < VIDEO_LAYERS_MAX; next++) {
        if (offer->bits_per_second[next] != 0) {
            return next;
        }
    }
    return VIDEO_LAYER_NONE;
}

static uint64_t rate_of_all(const struct video_offer *offers, uint32_t count)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += rate_of(&offers[i], offers[i].layer);
    }
    return total;
}

static void learn_from_loss(struct video_choice *choice, uint64_t sent, int32_t loss_permille)
{
    if (loss_permille > LOSS_HIGH) {
        uint64_t used = sent < choice->loss_limit_bps ? sent : choice->loss_limit_bps;
        uint64_t limit = used * (uint64_t)(2000 - loss_permille) / 2000;
        choice->loss_limit_bps = limit > FLOOR_BPS ? (uint32_t)limit : FLOOR_BPS;
    } else if (loss_permille >= 0 && loss_permille < LOSS_LOW) {
        uint64_t limit = (uint64_t)choice->loss_limit_bps * 108 / 100;
        choice->loss_limit_bps = limit < choice->maximum_bps ? (uint32_t)limit
                                                             : choice->maximum_bps;
    }
}

static void judge_try(struct video_choice *choice, time_us now, uint64_t sent,
                      uint32_t estimate_bps, int32_t loss_permille)
{
    bool refused = loss_permille > LOSS_HIGH ||
                   (estimate_bps != 0 &&
                    (uint64_t)estimate_bps * 10 < choice->estimate_before_try * 9ull);
    if (!refused && now < choice->try_until) {
        return;
    }
    refused = refused || (estimate_bps != 0 && estimate_bps < sent);
    choice->trying = false;
    if (refused) {
        choice->try_again_at = now + choice->try_pause_us;
        choice->try_pause_us = choice->try_pause_us * 2 < TRY_PAUSE_MAX_US
                                   ? choice->try_pause_us * 2
                                   : TRY_PAUSE_MAX_US;
    } else {
        choice->try_again_at = now + TRY_FIRST_US;
        choice->try_pause_us = TRY_PAUSE_US;
    }
}

// What the slots carry already stays as far as the budget goes; a slot that carried nothing starts
// as high as fits well. The chosen layers' total rate.
static uint64_t keep(struct video_offer *offers, const int8_t *before, uint32_t count,
                     uint64_t budget)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        offers[i].layer = layer_above(&offers[i], VIDEO_LAYER_NONE);
        total += rate_of(&offers[i], offers[i].layer);
    }
    for (int step = 1; step < VIDEO_LAYERS_MAX; step++) {
        for (uint32_t i = 0; i < count; i++) {
            int8_t next = layer_above(&offers[i], offers[i].layer);
            bool begins = before[i] == VIDEO_LAYER_NONE;
            if (next == VIDEO_LAYER_NONE || (!begins && next > before[i])) {
                continue;
            }
            uint64_t with = total - rate_of(&offers[i], offers[i].layer) +
                            rate_of(&offers[i], next);
            if (with <= (begins ? budget * 85 / 100 : budget)) {
                offers[i].layer = next;
                total = with;
            }
        }
    }
    return total;
}

static void raise_one(struct video_choice *choice, time_us now, uint32_t estimate_bps,
                      uint64_t budget, struct video_offer *offers, uint32_t count)
{
    uint64_t total = rate_of_all(offers, count);
    struct video_offer *lowest = NULL;
    for (uint32_t i = 0; i < count; i++) {
        bool can = layer_above(&offers[i], offers[i].layer) != VIDEO_LAYER_NONE;
        if (can && (lowest == NULL || offers[i].layer < lowest->layer)) {
            lowest = &offers[i];
        }
    }
    if (lowest == NULL || choice->trying || now - choice->raised_at < RAISE_INTERVAL_US) {
        return;
    }
    int8_t next = layer_above(lowest, lowest->layer);
    uint64_t with = total - rate_of(lowest, lowest->layer) + rate_of(lowest, next);
    if (with <= budget * 85 / 100) {
        lowest->layer = next;
        choice->raised_at = now;
        return;
    }
    // A receiver promises up to one and a half times what it gets: only within that band the
    // estimate may be held down by what is sent. One that is higher is to be believed.
    uint64_t estimate = estimate_bps;
    bool held_down = estimate_bps == 0 || (estimate * 100 >= total * 115 &&
                                           estimate * 100 <= total * 180 + HELD_DOWN_EXTRA);
    if (held_down && now >= choice->try_again_at && with <= choice->loss_limit_bps) {
        lowest->layer = next;
        choice->raised_at = now;
        choice->trying = true;
        choice->try_until = now + TRY_US;
        choice->estimate_before_try = estimate_bps;
    }
}

void video_choose(struct video_choice *choice, time_us now, uint32_t estimate_bps,
                  int32_t loss_permille, struct video_offer *offers, uint32_t count)
{
    ASSERT(count <= VIDEO_OFFERS_MAX);
    int8_t before[VIDEO_OFFERS_MAX];
    uint64_t sent = rate_of_all(offers, count);
    for (uint32_t i = 0; i < count; i++) {
        before[i] = offers[i].layer;
    }
    learn_from_loss(choice, sent, loss_permille);
    if (choice->trying) {
        judge_try(choice, now, sent, estimate_bps, loss_permille);
    }
    uint64_t budget = estimate_bps != 0 ? estimate_bps : UNKNOWN_BPS;
    if ((choice->trying || estimate_bps == 0) && budget < sent) {
        budget = sent; // only loss takes back what is being tried, or what nobody estimates
    }
    if (budget > choice->loss_limit_bps) {
        budget = choice->loss_limit_bps;
    }
    uint64_t total = keep(offers, before, count, budget);
    bool reduced = false;
    for (uint32_t i = 0; i < count; i++) {
        reduced = reduced || offers[i].layer < before[i];
        offers[i].temporal_max = total <= budget            ? VIDEO_TEMPORAL_ALL
                                 : total * 6 <= budget * 10 ? 1
                                                            : 0;
    }
    if (!reduced && loss_permille < LOSS_LOW) {
        raise_one(choice, now, estimate_bps, budget, offers, count);
    }
}
