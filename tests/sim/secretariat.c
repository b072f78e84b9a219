// What the secretariat does with a meeting that runs: names are corrected, the agenda is put in
// order, people move between delegations. What is refused changes nothing.
#include "sim.h"

#include <string.h>

#include "base/assert.h"
#include "base/text.h"

// In a sitting two delegations and two offices are enough to be in the wrong one.
static const char *const delegations[] = {"fra", "ken"};
static const char *const offices[] = {"vice", "rapporteur"};
#define ITEMS 5 // "i0" and so on

static const char *any_of_two(struct sim *sim, const char *const two[2])
{
    return two[sim_below(&sim->random, 2)];
}

static void fill_id(char to[CONTRACT_ID_MAX + 1], const char *id)
{
    enum err err = text_copy(to, CONTRACT_ID_MAX + 1, id);
    ASSERT(err == ERR_NONE);
}

static void fill_name(struct sim *sim, char *to, size_t size)
{
    struct text_builder builder = text_builder(to, size);
    text_append_format(&builder, "name %u", sim_below(&sim->random, 1000));
}

// One that is added where it is not there; else it is changed, or removed.
static enum err delegation_event(struct sim *sim, struct refusal *refusal)
{
    struct meeting_state *state = sim->server.decided;
    time_ms now = sim_server_time(sim);
    struct delegation delegation = {0};
    fill_id(delegation.id, any_of_two(sim, delegations));
    fill_name(sim, delegation.name[0], sizeof delegation.name[0]);
    if (meeting_find_delegation(state, delegation.id) == NULL) {
        return meeting_add_delegation(state, &delegation, now, sim->events, refusal);
    }
    return sim_chance(&sim->random, 500)
               ? meeting_change_delegation(state, &delegation, now, sim->events, refusal)
               : meeting_remove_delegation(state, delegation.id, now, sim->events, refusal);
}

static enum err office_event(struct sim *sim, struct refusal *refusal)
{
    struct meeting_state *state = sim->server.decided;
    time_ms now = sim_server_time(sim);
    struct office office = {0};
    fill_id(office.id, any_of_two(sim, offices));
    fill_name(sim, office.name[0], sizeof office.name[0]);
    if (meeting_find_office(state, office.id) == NULL) {
        return meeting_add_office(state, &office, now, sim->events, refusal);
    }
    return sim_chance(&sim->random, 500)
               ? meeting_change_office(state, &office, now, sim->events, refusal)
               : meeting_remove_office(state, office.id, now, sim->events, refusal);
}

static void any_item(struct sim *sim, char to[CONTRACT_ID_MAX + 1])
{
    struct text_builder builder = text_builder(to, CONTRACT_ID_MAX + 1);
    text_append_format(&builder, "i%u", sim_below(&sim->random, ITEMS));
}

static enum err item_event(struct sim *sim, struct refusal *refusal)
{
    struct meeting_state *state = sim->server.decided;
    time_ms now = sim_server_time(sim);
    uint32_t chance = sim_below(&sim->random, 100);
    struct agenda_item item = {
        .purpose = (enum item_purpose)sim_below(&sim->random, ITEM_PURPOSE_COUNT),
        .minutes = sim_below(&sim->random, 60)};
    char before[CONTRACT_ID_MAX + 1] = "";
    any_item(sim, item.id);
    fill_name(sim, item.title[0], sizeof item.title[0]);
    if (meeting_find_item(state, item.id) == NULL) {
        return meeting_add_item(state, &item, now, sim->events, refusal);
    }
    if (chance < 30) {
        return meeting_change_item(state, &item, now, sim->events, refusal);
    }
    if (chance < 50) {
        return meeting_remove_item(state, item.id, now, sim->events, refusal);
    }
    if (chance < 80) {
        any_item(sim, before);
    }
    return meeting_move_item(state, item.id, before, now, sim->events, refusal);
}

static enum err person_event(struct sim *sim, struct refusal *refusal)
{
    struct meeting_state *state = sim->server.decided;
    const struct sim_client *client = &sim->clients[sim_below(&sim->random, SIM_CLIENTS)];
    time_ms now = sim_server_time(sim);
    if (sim_chance(&sim->random, 50)) {
        return meeting_remove_participant(state, client->participant, now, sim->events, refusal);
    }
    struct participant wish = {.language = (enum language)sim_below(&sim->random, LANGUAGE_COUNT)};
    memcpy(wish.id, client->participant, sizeof wish.id);
    fill_name(sim, wish.name, sizeof wish.name);
    if (sim_chance(&sim->random, 600)) {
        fill_id(wish.delegation, any_of_two(sim, delegations));
    }
    if (sim_chance(&sim->random, 300)) {
        fill_id(wish.office, any_of_two(sim, offices));
    }
    return meeting_change_participant(state, &wish, now, sim->events, refusal);
}

static enum err renamed(struct sim *sim, struct refusal *refusal)
{
    struct event_meeting_renamed renamed = {0};
    fill_name(sim, renamed.title[0], sizeof renamed.title[0]);
    return meeting_rename(sim->server.decided, &renamed, sim_server_time(sim), sim->events,
                          refusal);
}

// Put off and planned again: what is over would end the play.
static enum err lives(struct sim *sim, struct refusal *refusal)
{
    enum meeting_life life = sim_chance(&sim->random, 500) ? MEETING_LIFE_POSTPONED
                                                           : MEETING_LIFE_PLANNED;
    return meeting_set_life(sim->server.decided, life, sim_server_time(sim), sim->events, refusal);
}

void sim_secretariat_event(struct sim *sim)
{
    struct refusal refusal = {0};
    uint32_t chance = sim_below(&sim->random, 100);
    enum err err = chance < 35   ? person_event(sim, &refusal)
                   : chance < 75 ? item_event(sim, &refusal)
                   : chance < 85 ? delegation_event(sim, &refusal)
                   : chance < 92 ? office_event(sim, &refusal)
                   : chance < 95 ? lives(sim, &refusal)
                                 : renamed(sim, &refusal);
    ASSERT((err != ERR_NONE) == (refusal.reason != REFUSAL_NONE));
    ASSERT(err == ERR_NONE || sim->events->count == 0);
}
