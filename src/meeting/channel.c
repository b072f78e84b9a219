// What each channel carries: what a technician forced, else the desk that holds it (whatever its
// booth; a coughing one holds it, silent), else the feed put on it while that delivers, else the
// floor when auto-floor is on, else nothing. A desk of which nothing is heard gives way to what is:
// it holds its output, and is carried again with its first sound. Channel `floor` carries what came
// to the floor last: the newest open microphone that is heard, or a delivering feed.
#include "meeting/meeting_priv.h"

#include <string.h>

_Static_assert((int)CHANNEL_ID_AR == (int)LANGUAGE_AR && (int)CHANNEL_ID_ES == (int)LANGUAGE_ES,
               "languages and their channels have the same numbers");
_Static_assert((int)CHANNEL_ID_FLOOR == (int)LANGUAGE_NONE, "the floor is no language");
_Static_assert(CHANNEL_ID_COUNT == MEETING_CHANNELS_MAX, "always seven channels");

// Two desks feed a channel in a mixed booth, or during a handover.
static const struct desk *channel_desk(const struct meeting *meeting, enum channel_id id,
                                       enum language *ret_booth)
{
    const struct desk *found = NULL;
    for (uint32_t i = 0; id != CHANNEL_ID_FLOOR && i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            if (booth_desk_on_air(desk) && (int)desk->target == (int)id &&
                (found == NULL || desk_goes_before(desk, found))) {
                found = desk;
                *ret_booth = booth->language;
            }
        }
    }
    return found;
}

static void channel_take_floor(const struct meeting *meeting, struct channel *wanted)
{
    const struct feed *feed = floor_feed(meeting);
    if (feed != NULL) {
        id_copy(wanted->feed, feed->id);
    } else if (meeting->floor_count > 0) {
        id_copy(wanted->holder, floor_newest(meeting)->participant);
    }
}

// A forced route lasts while its source is open; a technician's own lasts while they are there.
static bool channel_source_is_open(const struct outcome *outcome, const char *participant)
{
    const struct participant *source = meeting_find_participant(outcome->state, participant);
    if (source == NULL || strcmp(outcome->gone, participant) == 0) {
        return false;
    }
    const struct desk *desk = meeting_find_desk(outcome->state, participant);
    return meeting_find_floor(outcome->state, participant) != NULL ||
           (desk != NULL && booth_desk_on_air(desk)) ||
           (capacity_can(source->capacity, ABILITY_ROUTES_SOUND) &&
            source->presence == PRESENCE_PRESENT);
}

bool meeting_routes_own(const struct meeting_state *state, const struct channel *channel)
{
    const struct participant *source = channel->forced
                                           ? meeting_find_participant(state, channel->holder)
                                           : NULL;
    return source != NULL && capacity_can(source->capacity, ABILITY_ROUTES_SOUND) &&
           meeting_find_floor(state, source->id) == NULL;
}

static void channel_put_forced(const struct meeting_state *state, const struct channel *now,
                               struct channel *wanted)
{
    wanted->forced = true;
    memcpy(wanted->reason, now->reason, sizeof wanted->reason);
    if (now->holder[0] == '\0') {
        return;
    }
    id_copy(wanted->holder, now->holder);
    const struct participant *source = meeting_find_participant(state, now->holder);
    bool interpreter = capacity_can(source->capacity, ABILITY_HAS_DESK);
    wanted->state = interpreter ? CHANNEL_STATE_INTERPRETED : CHANNEL_STATE_FLOOR;
    if (interpreter) {
        wanted->booth = source->language;
        wanted->output = output_chosen(meeting_find_desk(state, now->holder));
    }
    wanted->silent_since = meeting_routes_own(state, now) ? now->silent_since : 0;
}

// Instead of nobody, or of a desk of which nothing is heard. False when nothing is there either.
static bool channel_take_other(const struct meeting *meeting, struct channel *wanted, bool heard)
{
    bool floor = wanted->id == CHANNEL_ID_FLOOR;
    const struct feed *feed = floor ? NULL : feed_heard(meeting, wanted->id);
    if (feed != NULL) {
        wanted->state = CHANNEL_STATE_INTERPRETED;
        id_copy(wanted->feed, feed->id);
        return true;
    }
    bool has = heard ? floor_has_sound(meeting) : floor_is_heard(meeting);
    if (!has || !(wanted->auto_floor || floor)) {
        return false;
    }
    channel_take_floor(meeting, wanted);
    wanted->state = CHANNEL_STATE_FLOOR;
    return true;
}

// As it is set up, and nothing on it.
static struct channel channel_bare(const struct channel *now)
{
    struct channel bare;
    memset(&bare, 0, sizeof bare);
    bare.id = now->id;
    bare.state = CHANNEL_STATE_SILENT;
    bare.auto_floor = now->auto_floor;
    bare.delay_ms = now->delay_ms;
    return bare;
}

// `now` is the channel as it is, or as a command wishes it.
static struct channel channel_wanted(const struct outcome *outcome, const struct channel *now)
{
    const struct meeting *meeting = &outcome->state->meeting;
    struct channel wanted = channel_bare(now);
    if (now->forced && (now->holder[0] == '\0' || channel_source_is_open(outcome, now->holder))) {
        channel_put_forced(outcome->state, now, &wanted);
        return wanted;
    }
    enum language booth = LANGUAGE_NONE;
    const struct desk *desk = channel_desk(meeting, now->id, &booth);
    bool mute = desk != NULL && desk->silence != SILENCE_NONE;
    if ((desk == NULL || mute) && channel_take_other(meeting, &wanted, mute)) {
        return wanted;
    }
    if (desk != NULL) {
        wanted.state = CHANNEL_STATE_INTERPRETED;
        wanted.booth = booth;
        id_copy(wanted.holder, desk->participant);
        wanted.output = output_chosen(desk);
    }
    return wanted;
}

// Whether the channel's own language is spoken on it, and heard. Routed by hand it may be another:
// an interpreter's is what their desk speaks, the floor's what is spoken there.
static bool channel_speaks_its_language(const struct meeting_state *state,
                                        const struct channel *wanted)
{
    if (wanted->state == CHANNEL_STATE_INTERPRETED) {
        const struct desk *desk = wanted->forced ? meeting_find_desk(state, wanted->holder) : NULL;
        return !desk_is_mute(state, wanted->holder) &&
               (desk == NULL || (int)desk->target == (int)wanted->id);
    }
    bool floor = wanted->state == CHANNEL_STATE_FLOOR &&
                 (!wanted->forced || meeting_find_floor(state, wanted->holder) != NULL);
    return floor && (int)state->meeting.floor_language == (int)wanted->id;
}

// A language is served when it is spoken there and heard; languages without a booth were not
// promised.
static time_ms channel_unserved_since(const struct outcome *outcome, const struct channel *wanted)
{
    const struct meeting *meeting = &outcome->state->meeting;
    bool promised = wanted->id != CHANNEL_ID_FLOOR && floor_is_heard(meeting) &&
                    booth_in(meeting, (enum language)wanted->id) != NULL;
    if (!promised || channel_speaks_its_language(outcome->state, wanted)) {
        return 0;
    }
    time_ms since = meeting->channels[wanted->id].unserved_since;
    return since != 0 ? since : outcome->now;
}

static bool channel_equal(const struct channel *a, const struct channel *b)
{
    return a->state == b->state && a->auto_floor == b->auto_floor &&
           strcmp(a->holder, b->holder) == 0 && strcmp(a->feed, b->feed) == 0 &&
           a->booth == b->booth && a->output == b->output && a->source == b->source &&
           a->depth == b->depth && a->relays == b->relays && a->warning == b->warning &&
           a->offer == b->offer && a->forced == b->forced && strcmp(a->reason, b->reason) == 0 &&
           a->silent_since == b->silent_since && a->delay_ms == b->delay_ms &&
           a->unserved_since == b->unserved_since;
}

// One channel as wished (NULL: none is), and all as they follow from floor, booths and feeds.
static void channel_carry(struct outcome *outcome, const struct channel *wish)
{
    const struct channel *now = outcome->state->meeting.channels;
    struct channel wanted[CHANNEL_ID_COUNT];
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        bool wished = wish != NULL && (int)wish->id == i;
        wanted[i] = channel_wanted(outcome, wished ? wish : &now[i]);
        wanted[i].unserved_since = channel_unserved_since(outcome, &wanted[i]);
    }
    relay_mark(outcome->state, wanted);
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        if (!channel_equal(&wanted[i], &now[i])) {
            outcome_draft(outcome, EVENT_CHANNEL_CHANGED)->as.channel_changed.channel = wanted[i];
            outcome_emit(outcome);
        }
    }
}

void channel_settle(struct outcome *outcome)
{
    channel_carry(outcome, NULL);
}

static struct channel channel_now(const struct outcome *outcome, enum channel_id id)
{
    return outcome->state->meeting.channels[id];
}

enum err channel_auto_floor(struct outcome *outcome)
{
    const struct command_channel_auto_floor *command = &outcome->command->as.channel_auto_floor;
    if (command->channel == CHANNEL_ID_FLOOR) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_HAS_NO_AUTO_FLOOR);
    }
    struct channel wish = channel_now(outcome, command->channel);
    wish.auto_floor = command->on;
    channel_carry(outcome, &wish);
    return ERR_NONE;
}

enum err channel_force(struct outcome *outcome)
{
    const struct command_channel_force *command = &outcome->command->as.channel_force;
    if (command->channel == CHANNEL_ID_FLOOR) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_NOT_BY_HAND);
    }
    if (command->participant[0] != '\0') {
        enum err err = ERR_NONE;
        if (outcome_participant(outcome, command->participant, &err) == NULL) {
            return err;
        }
        // Nobody's closed microphone is ever put on the air.
        if (!channel_source_is_open(outcome, command->participant)) {
            return outcome_refuse(outcome, REFUSAL_MICROPHONE_NOT_OPEN);
        }
    }
    struct channel wish = channel_now(outcome, command->channel);
    wish.forced = true;
    id_copy(wish.holder, command->participant);
    memcpy(wish.reason, command->reason, sizeof wish.reason);
    // Until it is heard the channel keeps what it carries.
    wish.silent_since = outcome->now;
    channel_carry(outcome, &wish);
    return ERR_NONE;
}

void channel_hear(struct outcome *outcome, const char *participant, time_ms silent_since)
{
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        struct channel wish = channel_now(outcome, (enum channel_id)i);
        bool routed = wish.forced && strcmp(wish.holder, participant) == 0;
        if (routed && (wish.silent_since == 0) != (silent_since == 0)) {
            wish.silent_since = silent_since;
            channel_carry(outcome, &wish);
        }
    }
}

struct channel meeting_channel_beneath(const struct meeting_state *state, enum channel_id id)
{
    struct outcome outcome;
    outcome_judge(&outcome, state, 0);
    struct channel unforced = channel_now(&outcome, id);
    unforced.forced = false;
    return channel_wanted(&outcome, &unforced);
}

struct channel meeting_channel_without_desks(const struct meeting_state *state, enum channel_id id)
{
    struct channel bare = channel_bare(&state->meeting.channels[id]);
    (void)channel_take_other(&state->meeting, &bare, false);
    return bare;
}

enum err channel_unforce(struct outcome *outcome)
{
    struct channel wish = channel_now(outcome, outcome->command->as.channel_release.channel);
    wish.forced = false;
    channel_carry(outcome, &wish);
    return ERR_NONE;
}

enum err channel_delay(struct outcome *outcome)
{
    const struct command_channel_delay *command = &outcome->command->as.channel_delay;
    struct channel wish = channel_now(outcome, command->channel);
    wish.delay_ms = command->delay_ms;
    channel_carry(outcome, &wish);
    return ERR_NONE;
}
