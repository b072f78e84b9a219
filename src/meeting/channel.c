// What each channel carries: what a technician forced, else the desk that holds it (whatever its
// booth; a coughing one holds it, silent), else the feed put on it while that delivers, else the
// floor when auto-floor is on, else nothing. Channel `floor` carries what came to the floor last:
// the newest open microphone that is heard, or a delivering feed.
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <string.h>

_Static_assert((int)CHANNEL_ID_AR == (int)LANGUAGE_AR && (int)CHANNEL_ID_ES == (int)LANGUAGE_ES,
               "languages and their channels have the same numbers");
_Static_assert((int)CHANNEL_ID_FLOOR == (int)LANGUAGE_NONE, "the floor is no language");
_Static_assert(CHANNEL_ID_COUNT == MEETING_CHANNELS_MAX, "always seven channels");

// Of the desks that feed a channel (two in a mixed booth, or during a handover) the newest that
// does not cough, one that is heard first.
static bool channel_prefers(const struct desk *desk, const struct desk *other)
{
    bool speaks = desk->microphone == MICROPHONE_ON;
    bool other_speaks = other->microphone == MICROPHONE_ON;
    if (speaks != other_speaks) {
        return speaks;
    }
    bool heard = desk->silence == SILENCE_NONE;
    bool other_heard = other->silence == SILENCE_NONE;
    return heard != other_heard ? heard : desk->opened > other->opened;
}

static const struct desk *channel_desk(const struct outcome *outcome, enum channel_id id,
                                       enum language *ret_booth)
{
    const struct desk *found = NULL;
    for (uint32_t i = 0; id != CHANNEL_ID_FLOOR && i < outcome->booth_count; i++) {
        const struct booth *booth = &outcome->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            if (booth_desk_on_air(desk) && (int)desk->target == (int)id &&
                (found == NULL || channel_prefers(desk, found))) {
                found = desk;
                *ret_booth = booth->language;
            }
        }
    }
    return found;
}

// The desk of an interpreter on the air, wherever.
static const struct desk *channel_desk_of(const struct outcome *outcome, const char *participant)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        const struct desk *desk = booth_desk((struct booth *)&outcome->booths[i], participant);
        if (desk != NULL) {
            return desk;
        }
    }
    return NULL;
}

// True when something is on the floor to be carried.
static bool channel_take_floor(const struct outcome *outcome, struct channel *wanted)
{
    const struct feed *feed = floor_feed(outcome);
    if (feed != NULL) {
        id_copy(wanted->feed, feed->id);
    } else if (outcome->floor_count > 0) {
        id_copy(wanted->holder, floor_newest(outcome->floor, outcome->floor_count)->participant);
    }
    return floor_is_heard(outcome);
}

// A forced route lasts while its source is open; a technician's own lasts while they are there.
static bool channel_source_is_open(const struct outcome *outcome, const char *participant)
{
    const struct participant *source = meeting_find_participant(outcome->state, participant);
    if (source == NULL || strcmp(outcome->gone, participant) == 0) {
        return false;
    }
    const struct desk *desk = channel_desk_of(outcome, participant);
    return floor_has(outcome, participant) || (desk != NULL && booth_desk_on_air(desk)) ||
           (source->capacity == CAPACITY_TECHNICIAN && source->presence == PRESENCE_PRESENT);
}

static void channel_put_forced(const struct outcome *outcome, const struct channel *now,
                               struct channel *wanted)
{
    wanted->forced = true;
    memcpy(wanted->reason, now->reason, sizeof wanted->reason);
    if (now->holder[0] == '\0') {
        return;
    }
    id_copy(wanted->holder, now->holder);
    const struct participant *source = meeting_find_participant(outcome->state, now->holder);
    bool interpreter = source->capacity == CAPACITY_INTERPRETER;
    wanted->state = interpreter ? CHANNEL_STATE_INTERPRETED : CHANNEL_STATE_FLOOR;
    if (interpreter) {
        wanted->booth = source->language;
        wanted->output = output_chosen(channel_desk_of(outcome, now->holder));
    }
}

static struct channel channel_wanted(const struct outcome *outcome, enum channel_id id)
{
    const struct channel *now = &outcome->channels[id];
    struct channel wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.id = id;
    wanted.state = CHANNEL_STATE_SILENT;
    wanted.auto_floor = now->auto_floor;
    wanted.delay_ms = now->delay_ms;
    if (now->forced && (now->holder[0] == '\0' || channel_source_is_open(outcome, now->holder))) {
        channel_put_forced(outcome, now, &wanted);
        return wanted;
    }
    bool floor = id == CHANNEL_ID_FLOOR;
    const struct feed *feed = floor ? NULL : feed_heard(outcome, id);
    const struct desk *desk = channel_desk(outcome, id, &wanted.booth);
    if (desk != NULL) {
        wanted.state = CHANNEL_STATE_INTERPRETED;
        id_copy(wanted.holder, desk->participant);
        wanted.output = output_chosen(desk);
    } else if (feed != NULL) {
        wanted.state = CHANNEL_STATE_INTERPRETED;
        id_copy(wanted.feed, feed->id);
    } else if ((wanted.auto_floor || floor) && channel_take_floor(outcome, &wanted)) {
        wanted.state = CHANNEL_STATE_FLOOR;
    }
    return wanted;
}

// A language is served when it is interpreted, or spoken on the floor; languages without a booth
// were not promised.
static time_ms channel_unserved_since(const struct outcome *outcome, const struct channel *wanted)
{
    bool promised = wanted->id != CHANNEL_ID_FLOOR && floor_is_heard(outcome) &&
                    booth_of((struct booth *)outcome->booths, outcome->booth_count,
                             (enum language)wanted->id) != NULL;
    bool served = wanted->state == CHANNEL_STATE_INTERPRETED ||
                  (wanted->state == CHANNEL_STATE_FLOOR &&
                   (int)outcome->floor_language == (int)wanted->id);
    if (!promised || served) {
        return 0;
    }
    time_ms since = outcome->state->meeting.channels[wanted->id].unserved_since;
    return since != 0 ? since : outcome->now;
}

static bool channel_equal(const struct channel *a, const struct channel *b)
{
    return a->state == b->state && a->auto_floor == b->auto_floor &&
           strcmp(a->holder, b->holder) == 0 && strcmp(a->feed, b->feed) == 0 &&
           a->booth == b->booth && a->output == b->output && a->source == b->source &&
           a->depth == b->depth && a->relays == b->relays && a->warning == b->warning &&
           a->offer == b->offer && a->forced == b->forced && strcmp(a->reason, b->reason) == 0 &&
           a->delay_ms == b->delay_ms && a->unserved_since == b->unserved_since;
}

void channel_settle(struct outcome *outcome)
{
    struct channel wanted[CHANNEL_ID_COUNT];
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        wanted[i] = channel_wanted(outcome, (enum channel_id)i);
        wanted[i].unserved_since = channel_unserved_since(outcome, &wanted[i]);
    }
    relay_mark(outcome, wanted);
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        if (!channel_equal(&wanted[i], &outcome->state->meeting.channels[i])) {
            outcome_emit(outcome, EVENT_CHANNEL_CHANGED)->as.channel_changed.channel = wanted[i];
        }
        outcome->channels[i] = wanted[i];
    }
}

enum err channel_auto_floor(struct outcome *outcome)
{
    enum channel_id id = outcome->command->as.channel_auto_floor.channel;
    if (id == CHANNEL_ID_FLOOR) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_HAS_NO_AUTO_FLOOR);
    }
    outcome->channels[id].auto_floor = outcome->command->as.channel_auto_floor.on;
    return ERR_NONE; // channel_settle emits the change
}

enum err channel_force(struct outcome *outcome)
{
    const struct command_channel_force *command = &outcome->command->as.channel_force;
    struct channel *channel = &outcome->channels[command->channel];
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
    channel->forced = true;
    id_copy(channel->holder, command->participant);
    memcpy(channel->reason, command->reason, sizeof channel->reason);
    return ERR_NONE;
}

enum err channel_unforce(struct outcome *outcome)
{
    outcome->channels[outcome->command->as.channel_release.channel].forced = false;
    return ERR_NONE;
}

enum err channel_delay(struct outcome *outcome)
{
    const struct command_channel_delay *command = &outcome->command->as.channel_delay;
    outcome->channels[command->channel].delay_ms = command->delay_ms;
    return ERR_NONE;
}

void channel_init_all(struct meeting *meeting)
{
    meeting->channels_count = CHANNEL_ID_COUNT;
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        meeting->channels[i].id = (enum channel_id)i;
        meeting->channels[i].auto_floor = i != CHANNEL_ID_FLOOR;
    }
}
