#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "meeting/setup.h"
#include "scene.h"

// Of two delegations and two offices one is empty at first.
static const char *delegation_of(uint8_t byte)
{
    return (byte & 1) != 0 ? "ken" : "fra";
}

static const char *office_of(uint8_t byte)
{
    return (byte & 1) != 0 ? "rapporteur" : "head";
}

static enum err delegation_step(struct scene *scene, uint8_t byte, struct event_list *events,
                                struct refusal *refusal)
{
    struct delegation delegation = {
        .kind = (enum delegation_kind)(byte / 4 % DELEGATION_KIND_COUNT)};
    snprintf(delegation.id, sizeof(delegation.id), "%s", delegation_of(byte));
    snprintf(delegation.name[2], sizeof(delegation.name[2]), "Delegation %u", byte);
    if (meeting_find_delegation(&scene->state, delegation.id) == NULL) {
        return meeting_add_delegation(&scene->state, &delegation, scene->now, events, refusal);
    }
    return (byte & 2) != 0
               ? meeting_change_delegation(&scene->state, &delegation, scene->now, events, refusal)
               : meeting_remove_delegation(&scene->state, delegation.id, scene->now, events,
                                           refusal);
}

static enum err office_step(struct scene *scene, uint8_t byte, struct event_list *events,
                            struct refusal *refusal)
{
    struct office office = {0};
    snprintf(office.id, sizeof(office.id), "%s", office_of(byte));
    snprintf(office.name[2], sizeof(office.name[2]), "Office %u", byte);
    if (meeting_find_office(&scene->state, office.id) == NULL) {
        return meeting_add_office(&scene->state, &office, scene->now, events, refusal);
    }
    return (byte & 2) != 0
               ? meeting_change_office(&scene->state, &office, scene->now, events, refusal)
               : meeting_remove_office(&scene->state, office.id, scene->now, events, refusal);
}

// Five items, of which two are there at first.
static enum err item_step(struct scene *scene, uint8_t first, uint8_t second,
                          struct event_list *events, struct refusal *refusal)
{
    struct agenda_item item = {.purpose = (enum item_purpose)(second % ITEM_PURPOSE_COUNT),
                               .minutes = second};
    char before[CONTRACT_ID_MAX + 1] = "";
    snprintf(item.id, sizeof(item.id), "i%u", 1 + first % 5u);
    snprintf(item.title[2], sizeof(item.title[2]), "Item %u", second);
    if (meeting_find_item(&scene->state, item.id) == NULL) {
        return meeting_add_item(&scene->state, &item, scene->now, events, refusal);
    }
    switch (second / 8 % 4) {
    case 0: return meeting_change_item(&scene->state, &item, scene->now, events, refusal);
    case 1: return meeting_remove_item(&scene->state, item.id, scene->now, events, refusal);
    case 2: snprintf(before, sizeof(before), "i%u", 1 + first / 5 % 5u); break;
    default: break;
    }
    return meeting_move_item(&scene->state, item.id, before, scene->now, events, refusal);
}

// Who was removed comes again.
static enum err person_step(struct scene *scene, uint8_t first, uint8_t second,
                            struct event_list *events, struct refusal *refusal)
{
    struct participant wish = scene_comer(first);
    if (meeting_find_participant(&scene->state, wish.id) == NULL) {
        snprintf(wish.delegation, sizeof(wish.delegation), "%s", "");
        snprintf(wish.office, sizeof(wish.office), "%s", "");
        return meeting_add_participant(&scene->state, &wish, scene->now, events, refusal);
    }
    if (second > 250) {
        return meeting_remove_participant(&scene->state, wish.id, scene->now, events, refusal);
    }
    snprintf(wish.name, sizeof(wish.name), "Person %s %u", wish.id, second);
    snprintf(wish.delegation, sizeof(wish.delegation), "%s",
             (second & 2) != 0 ? delegation_of(second) : "");
    snprintf(wish.office, sizeof(wish.office), "%s", (second & 12) == 12 ? office_of(second) : "");
    if (!capacity_can(wish.capacity, ABILITY_HAS_DESK) || (second & 16) != 0) {
        wish.language = (enum language)(second % LANGUAGE_COUNT);
    }
    return meeting_change_participant(&scene->state, &wish, scene->now, events, refusal);
}

static enum err rename_step(struct scene *scene, uint8_t byte, struct event_list *events,
                            struct refusal *refusal)
{
    struct event_meeting_renamed renamed = {0};
    snprintf(renamed.title[2], sizeof(renamed.title[2]), "Meeting %u", byte);
    return meeting_rename(&scene->state, &renamed, scene->now, events, refusal);
}

// Put off and planned again; seldom called off, opened or archived.
static enum err life_step(struct scene *scene, uint8_t byte, struct event_list *events,
                          struct refusal *refusal)
{
    enum meeting_life life = (byte & 2) != 0 ? MEETING_LIFE_PLANNED : MEETING_LIFE_POSTPONED;
    if ((byte & 28) == 0) {
        life = (enum meeting_life)(1 + byte % (MEETING_LIFE_COUNT - 1));
    }
    return meeting_set_life(&scene->state, life, scene->now, events, refusal);
}

void scene_setup(struct scene *scene, uint8_t first, uint8_t second, struct event_list *ret_events)
{
    struct refusal refusal = {0};
    enum err err = ERR_NONE;
    switch (first / 64 + (second & 128) / 32) {
    case 0:
        err = (second & 64) != 0 ? life_step(scene, second, ret_events, &refusal)
                                 : rename_step(scene, second, ret_events, &refusal);
        break;
    case 1: err = delegation_step(scene, second, ret_events, &refusal); break;
    case 2: err = office_step(scene, second, ret_events, &refusal); break;
    case 3:
    case 4:
    case 5: err = item_step(scene, first, second, ret_events, &refusal); break;
    default: err = person_step(scene, first, second, ret_events, &refusal); break;
    }
    ASSERT((err != ERR_NONE) == (refusal.reason != REFUSAL_NONE));
    ASSERT(err == ERR_NONE || ret_events->count == 0);
}
