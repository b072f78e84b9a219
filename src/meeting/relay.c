// Relay: what desks listen to, at which hand a channel is, and which relay is the next best. With
// auto-relay a flagged booth that works into B or C stands in for the floor at the other booths'
// desks.
#include "meeting/meeting_priv.h"

#include <string.h>

#define RELAY_DEPTH_MAX CHANNEL_DEPTH_MAX

// The relay a desk hears; LANGUAGE_NONE: the floor.
static enum language relay_heard(const struct meeting *meeting, enum language booth,
                                 const struct desk *desk)
{
    if (desk->source != LANGUAGE_NONE) {
        return desk->source;
    }
    bool stands_in = meeting->auto_relay != LANGUAGE_NONE && booth != meeting->auto_relay_booth &&
                     !desk->original;
    return stands_in ? meeting->auto_relay : LANGUAGE_NONE;
}

enum channel_id meeting_desk_hears(const struct meeting_state *state, const char *participant)
{
    const struct booth *booth;
    const struct desk *desk;
    // The same numbers, asserted in channel.c.
    return booth_find_desk(state, participant, &booth, &desk)
               ? (enum channel_id)relay_heard(&state->meeting, booth->language, desk)
               : CHANNEL_ID_FLOOR;
}

enum language meeting_desk_target(const struct meeting_state *state, const char *participant)
{
    const struct desk *desk = meeting_find_desk(state, participant);
    return desk != NULL && booth_desk_on_air(desk) ? desk->target : LANGUAGE_NONE;
}

const char *meeting_boothmate(const struct meeting_state *state, const char *participant)
{
    const struct participant *interpreter = meeting_find_participant(state, participant);
    const struct booth *booth = booth_in(&state->meeting, interpreter->language);
    const struct desk *mate = NULL;
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        const struct desk *desk = &booth->desks[i];
        if (desk->microphone == MICROPHONE_ON && strcmp(desk->participant, participant) != 0 &&
            (mate == NULL || desk_goes_before(desk, mate))) {
            mate = desk;
        }
    }
    return mate != NULL ? mate->participant : NULL;
}

const char *meeting_partner_seen(const struct meeting_state *state, const char *participant)
{
    const struct participant *interpreter = meeting_find_participant(state, participant);
    const struct booth *booth = booth_in(&state->meeting, interpreter->language);
    const struct desk *seen = NULL;
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        const struct desk *desk = &booth->desks[i];
        const struct participant *mate = meeting_find_participant(state, desk->participant);
        if (mate != NULL && mate != interpreter && mate->camera &&
            (seen == NULL || desk->opened > seen->opened)) {
            seen = desk;
        }
    }
    return seen != NULL ? seen->participant : NULL;
}

enum err relay_listen(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_listener(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    struct desk wish = *desk;
    // The same numbers, asserted in channel.c; the floor is no language.
    wish.source = (enum language)outcome->command->as.desk_listen.source;
    wish.original = outcome->command->as.desk_listen.original;
    desk_choose(outcome, booth, desk, &wish);
    return ERR_NONE;
}

enum err relay_preselect(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_listener(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    const struct command_desk_preselect *command = &outcome->command->as.desk_preselect;
    ASSERT(command->position >= 1 && command->position <= DESK_PRESELECTS_MAX);
    if (desk->preselects[command->position - 1].channel != command->channel) {
        struct event *event = outcome_draft(outcome, EVENT_DESK_PRESELECTED);
        id_copy(event->as.desk_preselected.participant, desk->participant);
        event->as.desk_preselected.position = command->position;
        event->as.desk_preselected.channel = command->channel;
        outcome_emit(outcome);
    }
    return ERR_NONE;
}

// ---- Auto-relay ----

void relay_settle(struct outcome *outcome)
{
    const struct desk *newest = NULL;
    enum language from = LANGUAGE_NONE;
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; booth->setting.auto_relay && j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            // For a mute one the floor itself is heard, as on its channel.
            bool stands_in = booth_desk_on_air(desk) && desk->silence == SILENCE_NONE &&
                             output_chosen(desk) != OUTPUT_A;
            if (stands_in && (newest == NULL || desk->opened > newest->opened)) {
                newest = desk;
                from = booth->language;
            }
        }
    }
    enum language channel = newest != NULL ? newest->target : LANGUAGE_NONE;
    if (channel == meeting->auto_relay && from == meeting->auto_relay_booth) {
        return;
    }
    struct event *event = outcome_draft(outcome, EVENT_AUTO_RELAY_CHANGED);
    event->as.auto_relay_changed.language = channel;
    event->as.auto_relay_changed.booth = from;
    outcome_emit(outcome);
}

// ---- The relay map ----

static enum language relay_of_holder(const struct meeting_state *state,
                                     const struct channel *channel)
{
    const struct booth *booth;
    const struct desk *desk;
    return booth_find_desk(state, channel->holder, &booth, &desk)
               ? relay_heard(&state->meeting, booth->language, desk)
               : LANGUAGE_NONE;
}

static bool relay_is_interpreted(const struct channel *channel)
{
    return channel->state == CHANNEL_STATE_INTERPRETED;
}

// Whoever takes relay from it has something to work from.
static bool relay_is_heard(const struct meeting_state *state, const struct channel *channel)
{
    return relay_is_interpreted(channel) && !desk_is_mute(state, channel->holder);
}

// What a feed brings is from the original, as far as anyone here can know. A ring of relays ends at
// the greatest depth too.
static int64_t relay_depth(const struct channel channels[CHANNEL_ID_COUNT], int id)
{
    int64_t depth = 0;
    int at = id;
    while (depth < RELAY_DEPTH_MAX && relay_is_interpreted(&channels[at])) {
        depth++;
        if (channels[at].source == LANGUAGE_NONE) {
            break;
        }
        at = (int)channels[at].source;
    }
    return depth;
}

// The channel with the least depth, English and French first among equals, which do not themselves
// depend on the one that fell silent.
static enum language relay_offer(const struct meeting_state *state,
                                 const struct channel channels[CHANNEL_ID_COUNT],
                                 enum language missing)
{
    static const enum language order[] = {LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_ES,
                                          LANGUAGE_RU, LANGUAGE_AR, LANGUAGE_ZH};
    enum language best = LANGUAGE_NONE;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct channel *channel = &channels[order[i]];
        if (order[i] != missing && relay_is_heard(state, channel) && channel->source != missing &&
            (best == LANGUAGE_NONE || channel->depth < channels[best].depth)) {
            best = order[i];
        }
    }
    return best;
}

static void relay_count(const struct meeting *meeting, struct channel channels[CHANNEL_ID_COUNT])
{
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            enum language heard = relay_heard(meeting, booth->language, &booth->desks[j]);
            if (booth_desk_on_air(&booth->desks[j]) && heard != LANGUAGE_NONE) {
                channels[heard].relays++;
            }
        }
    }
}

void relay_mark(const struct meeting_state *state, struct channel channels[CHANNEL_ID_COUNT])
{
    for (int i = CHANNEL_ID_AR; i < CHANNEL_ID_COUNT; i++) {
        if (relay_is_interpreted(&channels[i])) {
            channels[i].source = relay_of_holder(state, &channels[i]);
        }
    }
    for (int i = CHANNEL_ID_AR; i < CHANNEL_ID_COUNT; i++) {
        channels[i].depth = relay_depth(channels, i);
    }
    relay_count(&state->meeting, channels);
    for (int i = CHANNEL_ID_AR; i < CHANNEL_ID_COUNT; i++) {
        if (channels[i].relays > 0 && !relay_is_heard(state, &channels[i]) &&
            floor_is_heard(&state->meeting)) {
            channels[i].warning = true;
            channels[i].offer = relay_offer(state, channels, (enum language)i);
        }
    }
}
