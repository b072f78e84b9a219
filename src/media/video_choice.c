#include "media/video_choice.h"

#include <stddef.h>

#include "base/assert.h"

#define LEAST_BPS          50000   // with less, a key frame never comes to its end
#define START_BPS          120000  // one small picture, thinned
#define HELD_DOWN_EXTRA    5000000 // 50 kbit/s, in the unit of the comparison
#define GROW_INTERVAL_US   TIME_US_PER_S
#define RAISE_INTERVAL_US  TIME_US_PER_S
#define RAISE_BLIND_US     (4 * TIME_US_PER_S) // without an estimate: a report comes in between
#define JUDGED_US          (5 * TIME_US_PER_S) // a sign so soon after a step up speaks of it
#define STOOD_PERCENT      115
#define WELL_BELOW_PERCENT 80 // of what failed, may be chosen again at once
#define BEYOND_US          (12 * TIME_US_PER_S)
#define BEYOND_FIRST_US    (3 * TIME_US_PER_S)
#define TRY_PAUSE_US       (5 * TIME_US_PER_S)
#define TRY_PAUSE_MAX_US   (300 * TIME_US_PER_S)
#define PAUSE_FACTOR       4 // the first is short: it may have been a moment of the line
#define PAUSE_FACTOR_WEAK  2
#define TRY_GOOD_US        (30 * TIME_US_PER_S) // without a sign: what failed does not fail any more
#define UNUSED_EXTRA_BPS   100000
#define AGAINST_MAX_BPS    600000              // more is not sent against an estimate
#define CALM_US            (3 * TIME_US_PER_S) // a report comes in between, late as it may be
// The first packets come slowly, and twice as fast after each step: what they do to a line that is
// full already is seen before its queue overflows.
#define RAMP_BPS           40000
#define RAMP_STEP_US       (250 * TIME_US_PER_MS)
#define RAMP_AGAIN_BPS     20000
#define RAMP_AGAIN_STEP_US (500 * TIME_US_PER_MS)
#define RAMP_STEPS_MAX     8
// What is left of a picture's rate without its highest temporal layer, and without the two highest.
#define WITHOUT_ONE_PERCENT 65
#define WITHOUT_TWO_PERCENT 45

void video_choice_init(struct video_choice *choice, uint32_t maximum_bps, time_us now)
{
    *choice = (struct video_choice){
        .maximum_bps = maximum_bps,
        .limit_bps = START_BPS < maximum_bps ? START_BPS : maximum_bps,
        .slow_start = true,
        .nothing = true,
        .grown_at = now,
        .raised_at = now,
        .held_down_at = now,
        .try_again_at = now + BEYOND_FIRST_US,
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

static uint64_t thinned(uint64_t rate, uint8_t temporal_max)
{
    return temporal_max == 0   ? rate * WITHOUT_TWO_PERCENT / 100
           : temporal_max == 1 ? rate * WITHOUT_ONE_PERCENT / 100
                               : rate;
}

// --- what the line takes ---

static uint64_t rate_of_sent(const struct video_offer *offers, uint32_t count)
{
    uint64_t sent = 0;
    for (uint32_t i = 0; i < count; i++) {
        sent += thinned(rate_of(&offers[i], offers[i].layer), offers[i].temporal_max);
    }
    return sent;
}

static bool trying(const struct video_choice *choice, time_us now)
{
    return choice->failed_bps != 0 && now >= choice->try_again_at;
}

bool video_choice_tries(const struct video_choice *choice, time_us now)
{
    return choice->slow_start || choice->beyond || trying(choice, now);
}

uint32_t video_choice_pace(const struct video_choice *choice, time_us now)
{
    time_us steps = (now - choice->begun_at) /
                    (choice->begun_again ? RAMP_AGAIN_STEP_US : RAMP_STEP_US);
    uint32_t ramp = choice->begun_again ? RAMP_AGAIN_BPS : RAMP_BPS;
    uint32_t pace = steps < RAMP_STEPS_MAX ? ramp << steps : UINT32_MAX;
    return pace < choice->budget_bps ? pace : choice->budget_bps;
}

static void fail(struct video_choice *choice, time_us now, uint64_t sent, bool weak)
{
    if (trying(choice, now) || choice->beyond) {
        time_us longer = choice->try_pause_us * (weak ? PAUSE_FACTOR_WEAK : PAUSE_FACTOR);
        choice->try_pause_us = longer < TRY_PAUSE_MAX_US ? longer : TRY_PAUSE_MAX_US;
    }
    choice->beyond = false;
    choice->failed_bps = sent;
    choice->failed_most_bps = sent > choice->failed_most_bps ? sent : choice->failed_most_bps;
    choice->try_again_at = now + choice->try_pause_us;
}

static void retreat(struct video_choice *choice, time_us now, uint64_t sent, int32_t loss_permille,
                    bool weak)
{
    choice->slow_start = false;
    choice->grown_at = now;
    choice->retreated_at = now;
    if (sent == 0) {
        // It is not the pictures that fill it; they would make it worse.
        time_us later = now + TRY_PAUSE_US;
        choice->try_again_at = later > choice->try_again_at ? later : choice->try_again_at;
        return;
    }
    fail(choice, now, sent, weak);
    uint64_t kept = sent * 85 / 100;
    uint64_t carried = loss_permille > 0 ? sent * (uint64_t)(2000 - loss_permille) / 2000 : kept;
    kept = carried < kept ? carried : kept;
    if (now - choice->raised_at < JUDGED_US && choice->stood_bps != 0) {
        // That step was too much; what stood before may stay, although its rate varies.
        uint64_t stood = choice->stood_bps * STOOD_PERCENT / 100;
        kept = stood < kept ? stood : kept;
    }
    choice->limit_bps = kept < choice->limit_bps ? (uint32_t)kept : choice->limit_bps;
}

static void grow(struct video_choice *choice, time_us now, uint64_t sent, uint32_t estimate_bps)
{
    if (now - choice->grown_at < GROW_INTERVAL_US) {
        return;
    }
    choice->grown_at = now;
    if (trying(choice, now) && now - choice->try_again_at >= TRY_GOOD_US &&
        sent >= choice->failed_bps) {
        choice->failed_bps = 0;
        if (sent >= choice->failed_most_bps) {
            choice->failed_most_bps = 0;
            choice->try_pause_us = TRY_PAUSE_US;
        }
    }
    // What is not used proves nothing: the limit stays within one step up of it.
    uint64_t most = sent * 4 + UNUSED_EXTRA_BPS;
    most = most < choice->maximum_bps ? most : choice->maximum_bps;
    if (choice->failed_bps != 0 && now < choice->try_again_at) {
        uint64_t below = choice->failed_bps * 9 / 10;
        most = most < below ? most : below;
    }
    // Reports come once a second, an estimate at once; one that is far higher is to be believed.
    uint64_t percent = choice->slow_start                     ? (estimate_bps == 0 ? 120 : 150)
                       : estimate_bps / 2 > choice->limit_bps ? 125
                                                              : 108;
    uint64_t limit = (uint64_t)choice->limit_bps * percent / 100;
    limit = limit < most ? limit : most;
    choice->limit_bps = limit > choice->limit_bps ? (uint32_t)limit : choice->limit_bps;
}

// So much at least, to begin with.
static void allow(struct video_choice *choice, uint64_t least)
{
    least = least > LEAST_BPS ? least : LEAST_BPS;
    choice->limit_bps = least < choice->limit_bps     ? choice->limit_bps
                        : least < choice->maximum_bps ? (uint32_t)least
                                                      : choice->maximum_bps;
}

// From nothing: one small picture.
static void begin_again(struct video_choice *choice, time_us now, bool lossy,
                        const struct video_offer *offers, uint32_t count)
{
    bool may = choice->failed_bps == 0 || (trying(choice, now) && !lossy);
    for (uint32_t i = 0; i < count && may; i++) {
        uint64_t least = thinned(rate_of(&offers[i], layer_above(&offers[i], VIDEO_LAYER_NONE)), 0);
        if (least != 0) {
            allow(choice, least);
            return;
        }
    }
}

// A receiver promises up to one and a half times what it gets, so an estimate below that band's end
// may be held down by what is sent.
static bool within_band(uint32_t estimate_bps, uint64_t sent)
{
    return (uint64_t)estimate_bps * 100 <= sent * 180 + HELD_DOWN_EXTRA;
}

// One that began too low (the burst of the first key frame looks like a queue) climbs by 8 % a
// second, and pictures would stay small for half a minute. What is sent against it, without a
// queue and without loss, shows that the line is not what holds it down.
static bool held_down(struct video_choice *choice, time_us now, const struct video_signs *signs,
                      uint64_t whole)
{
    if (signs->congested || !signs->calm || choice->failed_bps != 0 || whole == 0 ||
        signs->estimate_bps == 0 || (uint64_t)signs->estimate_bps * 100 >= whole * 115) {
        choice->held_down_at = now;
    }
    return now - choice->held_down_at >= CALM_US;
}

static void try_beyond(struct video_choice *choice, time_us now, uint64_t sent)
{
    choice->beyond = true;
    choice->beyond_until = now + BEYOND_US;
    choice->raised_at = now;
    choice->stood_bps = sent;
    choice->held_down_at = now; // each step is judged by itself
}

// What one that begins at this place needs, with its smallest layer and those before it.
static uint64_t cost_of_beginning(uint64_t before_it, uint64_t least)
{
    return before_it == 0 ? thinned(least, 0) : (before_it + least) * 100 / 85;
}

// A new picture (a screen, while a camera is shown) has never been counted in the estimate: it is
// tried like a step up, and not waited for until the estimate has grown so far. Not while what is
// shown has only just begun, unless it comes first.
static bool newcomer_begins(struct video_choice *choice, time_us now, uint32_t estimate_bps,
                            const struct video_offer *offers, uint32_t count, uint64_t sent)
{
    uint64_t before_it = 0;
    uint64_t least = 0;
    for (uint32_t i = 0; i < count && least == 0; i++) {
        bool is_new = offers[i].layer == VIDEO_LAYER_NONE && !offers[i].held;
        before_it += rate_of(&offers[i], offers[i].layer);
        least = is_new ? rate_of(&offers[i], layer_above(&offers[i], VIDEO_LAYER_NONE)) : 0;
    }
    uint64_t cost = cost_of_beginning(before_it, least);
    bool fits = cost <= choice->limit_bps && (estimate_bps == 0 || cost <= estimate_bps);
    bool settled = before_it == 0 || now - choice->begun_at >= BEYOND_FIRST_US;
    bool failed = choice->failed_bps != 0 && !trying(choice, now) &&
                  cost * 100 > choice->failed_bps * WELL_BELOW_PERCENT;
    if (choice->nothing || least == 0 || fits || !settled || failed || cost > AGAINST_MAX_BPS ||
        !within_band(estimate_bps, sent)) {
        return false;
    }
    allow(choice, cost);
    try_beyond(choice, now, sent);
    return true;
}

static uint64_t budget_of(struct video_choice *choice, time_us now, uint32_t estimate_bps,
                          bool wrong, uint64_t sent, uint64_t whole)
{
    uint64_t budget = estimate_bps != 0 ? estimate_bps : choice->limit_bps;
    // What promises more than comes is held down by what comes: a thinned picture may be whole
    // again.
    uint64_t thin = sent * 100 / WITHOUT_TWO_PERCENT * 105 / 100;
    whole = whole * 105 / 100;
    if (estimate_bps != 0 && budget * 100 >= sent * 115 && budget < thin) {
        budget = thin;
    }
    if (wrong && budget < sent * 3 / 2) {
        budget = sent * 3 / 2 < whole ? sent * 3 / 2 : whole;
    }
    if (choice->beyond && now >= choice->beyond_until) {
        choice->beyond = false;
        if (!wrong && estimate_bps != 0 && (uint64_t)estimate_bps * 120 < sent * 100) {
            choice->beyond = true; // as one that failed
            fail(choice, now, sent, true);
        }
    }
    if ((choice->beyond || trying(choice, now)) && budget < sent) {
        budget = sent; // only a sign takes back what is being tried
    }
    return budget < choice->limit_bps ? budget : choice->limit_bps;
}

// --- sharing it ---

// A step up to so much: not while one is being tried, nor soon after one or after a sign, nor to
// what failed lately.
static bool may_rise(const struct video_choice *choice, time_us now, uint64_t with)
{
    return !choice->beyond && now - choice->raised_at >= RAISE_INTERVAL_US &&
           (choice->retreated_at == 0 || now - choice->retreated_at >= CALM_US) &&
           (choice->failed_bps == 0 || trying(choice, now) ||
            with * 100 <= choice->failed_bps * WELL_BELOW_PERCENT);
}

// Which slots may carry anything: those whose smallest layers fit together without their highest
// temporal layer, the first also without two. Where one has no room, none behind it begins, and at
// a sign none stays. One that was held back begins alone, in its turn, and where it fits well.
static void admit(struct video_choice *choice, time_us now, struct video_offer *offers,
                  const int8_t *before, uint32_t count, uint64_t budget, bool last_stays)
{
    uint64_t total = 0;
    bool room = true;
    for (uint32_t i = 0; i < count; i++) {
        int8_t least = layer_above(&offers[i], VIDEO_LAYER_NONE);
        if (least == VIDEO_LAYER_NONE) {
            offers[i].layer = VIDEO_LAYER_NONE;
            continue;
        }
        uint64_t with = total + rate_of(&offers[i], least);
        bool begins = before[i] == VIDEO_LAYER_NONE;
        uint64_t cost = total == 0 || begins ? cost_of_beginning(total, with - total)
                                             : thinned(with, 1);
        cost = cost > LEAST_BPS ? cost : LEAST_BPS;
        bool stays = last_stays && total == 0 && !begins;
        bool fits = (stays || cost <= budget) && (!offers[i].held || may_rise(choice, now, with)) &&
                    (room || (last_stays && !begins));
        room = room && fits;
        offers[i].layer = fits ? least : VIDEO_LAYER_NONE;
        total = fits ? with : total;
        if (fits && offers[i].held) {
            choice->raised_at = now;
        }
    }
}

// What the slots carry already stays as far as the budget goes; one that carried nothing begins as
// high as fits well. The chosen layers' total rate.
static uint64_t keep(struct video_choice *choice, time_us now, struct video_offer *offers,
                     const int8_t *before, uint32_t count, uint64_t budget, bool last_stays)
{
    admit(choice, now, offers, before, count, budget, last_stays);
    uint64_t total = rate_of_all(offers, count);
    for (int step = 1; step < VIDEO_LAYERS_MAX; step++) {
        for (uint32_t i = 0; i < count; i++) {
            int8_t next = layer_above(&offers[i], offers[i].layer);
            bool begins = before[i] == VIDEO_LAYER_NONE;
            if (offers[i].layer == VIDEO_LAYER_NONE || next == VIDEO_LAYER_NONE ||
                (!begins && next > before[i])) {
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

static struct video_offer *lowest_that_can_rise(struct video_offer *offers, uint32_t count)
{
    struct video_offer *lowest = NULL;
    for (uint32_t i = 0; i < count; i++) {
        bool can = layer_above(&offers[i], offers[i].layer) != VIDEO_LAYER_NONE;
        if (can && (lowest == NULL || offers[i].layer < lowest->layer)) {
            lowest = &offers[i];
        }
    }
    return lowest;
}

static void raise_one(struct video_choice *choice, time_us now, uint32_t estimate_bps, bool wrong,
                      struct video_offer *offers, uint32_t count)
{
    uint64_t total = rate_of_all(offers, count);
    struct video_offer *lowest = lowest_that_can_rise(offers, count);
    if (lowest == NULL ||
        now - choice->raised_at < (estimate_bps != 0 ? RAISE_INTERVAL_US : RAISE_BLIND_US)) {
        return;
    }
    int8_t next = layer_above(lowest, lowest->layer);
    uint64_t with = total - rate_of(lowest, lowest->layer) + rate_of(lowest, next);
    if (with > choice->limit_bps || !may_rise(choice, now, with)) {
        return;
    }
    // Only within that band; an estimate that is higher is to be believed.
    uint64_t estimate = estimate_bps;
    bool promised = estimate_bps == 0 || with <= estimate * 85 / 100;
    bool may_be_held_down = (wrong && with <= AGAINST_MAX_BPS) ||
                            (estimate * 100 >= total * 115 && within_band(estimate_bps, total));
    if (promised || (may_be_held_down && now - choice->raised_at >= BEYOND_FIRST_US)) {
        lowest->layer = next;
        choice->raised_at = now;
        choice->stood_bps = total;
        choice->beyond = !promised;
        choice->beyond_until = now + BEYOND_US;
    }
}

void video_choose(struct video_choice *choice, time_us now, const struct video_signs *signs,
                  struct video_offer *offers, uint32_t count)
{
    ASSERT(count <= VIDEO_OFFERS_MAX);
    int8_t before[VIDEO_OFFERS_MAX];
    uint64_t sent = rate_of_sent(offers, count);
    for (uint32_t i = 0; i < count; i++) {
        before[i] = offers[i].layer;
    }
    uint32_t estimate_bps = signs->estimate_bps;
    uint64_t whole = rate_of_all(offers, count);
    bool wrong = held_down(choice, now, signs, whole);
    choice->beyond = choice->beyond && !wrong; // that step was good
    if (signs->congested) {
        retreat(choice, now, sent, signs->loss_permille, signs->weak);
    } else {
        grow(choice, now, sent, estimate_bps);
    }
    if (choice->nothing) {
        begin_again(choice, now, signs->lossy, offers, count);
    }
    bool begins = !signs->congested &&
                  newcomer_begins(choice, now, estimate_bps, offers, count, sent);
    estimate_bps = begins ? 0 : estimate_bps;
    bool last_stays = !signs->congested; // the estimate alone does not end it
    uint64_t budget = budget_of(choice, now, estimate_bps, wrong, sent, whole);
    uint64_t total = keep(choice, now, offers, before, count, budget, last_stays);
    bool reduced = signs->congested || total > budget;
    bool ended = false;
    for (uint32_t i = 0; i < count; i++) {
        reduced = reduced || offers[i].layer < before[i];
        ended = ended || (before[i] != VIDEO_LAYER_NONE && offers[i].layer == VIDEO_LAYER_NONE &&
                          layer_above(&offers[i], VIDEO_LAYER_NONE) != VIDEO_LAYER_NONE);
        offers[i].temporal_max = total <= budget               ? VIDEO_TEMPORAL_ALL
                                 : thinned(total, 1) <= budget ? 1
                                                               : 0;
    }
    if (ended && !signs->congested && !begins) {
        retreat(choice, now, sent, -1, true); // the estimate alone took it back
    }
    if (!reduced) {
        raise_one(choice, now, estimate_bps, wrong, offers, count);
    }
    if (wrong && rate_of_sent(offers, count) > sent * 105 / 100) {
        try_beyond(choice, now, sent);
    }
    total = rate_of_all(offers, count);
    if (choice->nothing && total > 0) {
        choice->begun_at = now;
        choice->begun_again = choice->failed_bps != 0;
    }
    choice->nothing = total == 0 && (ended || choice->nothing);
    budget = total > budget && choice->beyond ? total : budget;
    choice->budget_bps = (uint32_t)(total > 0 && budget < LEAST_BPS ? LEAST_BPS : budget);
}
