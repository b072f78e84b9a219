// The demonstration meetings: made through the meeting core like any other, journalled as one
// batch, so that each is there whole or not at all.
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/demo_data.h"
#include "app/operating.h"
#include "app/replay.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/setup.h"

#define DEMO_LINK_LIFETIME_MS (INT64_C(30) * 24 * 3600 * 1000)

// The meeting in the making. About 13 MB, of which what is filled is paid for.
struct demo_maker {
    const struct demo_meeting *meeting;
    struct meeting_state state;
    struct event_list all;
    struct event_list step;
    time_ms wall;
};

static void fill_localized(char *to, size_t room, const char *const texts[DEMO_LANGUAGES])
{
    for (int i = 0; i < DEMO_LANGUAGES; i++) {
        enum err err = text_copy(to + (size_t)i * room, room, texts[i]);
        ASSERT(err == ERR_NONE); // our own tables
    }
}

static void fill_text(char *to, size_t room, const char *text)
{
    enum err err = text_copy(to, room, text != NULL ? text : "");
    ASSERT(err == ERR_NONE);
}

// Our own tables follow the rules, so every step succeeds.
static void take_step(struct demo_maker *maker, enum err err)
{
    ASSERT(err == ERR_NONE && maker->all.count + maker->step.count <= EVENT_LIST_MAX);
    memcpy(&maker->all.events[maker->all.count], maker->step.events,
           maker->step.count * sizeof(maker->step.events[0]));
    maker->all.count += maker->step.count;
}

static void add_delegations(struct demo_maker *maker, struct refusal *refusal)
{
    for (uint32_t i = 0; i < demo_delegation_count; i++) {
        const struct demo_delegation *from = &demo_delegations[i];
        struct delegation delegation = {.kind = from->kind};
        fill_text(delegation.id, sizeof(delegation.id), from->id);
        fill_text(delegation.code, sizeof(delegation.code), from->code);
        fill_localized(delegation.name[0], sizeof(delegation.name[0]), from->name);
        take_step(maker, meeting_add_delegation(&maker->state, &delegation, maker->wall,
                                                &maker->step, refusal));
    }
}

static void add_offices(struct demo_maker *maker, struct refusal *refusal)
{
    for (uint32_t i = 0; i < demo_office_count; i++) {
        const struct demo_office *from = &demo_offices[i];
        struct office office = {0};
        fill_text(office.id, sizeof(office.id), from->id);
        fill_localized(office.name[0], sizeof(office.name[0]), from->name);
        take_step(maker,
                  meeting_add_office(&maker->state, &office, maker->wall, &maker->step, refusal));
    }
}

static void add_items(struct demo_maker *maker, struct refusal *refusal)
{
    for (uint32_t i = 0; i < maker->meeting->item_count; i++) {
        const struct demo_item *from = &maker->meeting->items[i];
        struct agenda_item item = {.state = ITEM_STATE_PENDING};
        fill_text(item.id, sizeof(item.id), from->id);
        fill_text(item.number, sizeof(item.number), from->number);
        fill_text(item.document, sizeof(item.document), from->document);
        fill_localized(item.title[0], sizeof(item.title[0]), from->title);
        take_step(maker,
                  meeting_add_item(&maker->state, &item, maker->wall, &maker->step, refusal));
    }
}

static bool takes_part(const struct demo_meeting *meeting, const struct demo_participant *person)
{
    return capacity_can(person->capacity, ABILITY_HAS_DESK) ||
           person->trainer == meeting->rehearsal;
}

static void add_participants(struct demo_maker *maker, struct refusal *refusal)
{
    for (uint32_t i = 0; i < demo_participant_count; i++) {
        const struct demo_participant *from = &demo_participants[i];
        if (!takes_part(maker->meeting, from)) {
            continue;
        }
        struct participant participant = {.capacity = from->capacity, .language = from->language};
        fill_text(participant.id, sizeof(participant.id), from->id);
        fill_text(participant.name, sizeof(participant.name), from->name);
        fill_text(participant.delegation, sizeof(participant.delegation), from->delegation);
        fill_text(participant.title, sizeof(participant.title), from->title);
        fill_text(participant.office, sizeof(participant.office), from->office);
        take_step(maker, meeting_add_participant(&maker->state, &participant, maker->wall,
                                                 &maker->step, refusal));
    }
}

static void give(struct demo_maker *maker, const struct command *command, struct refusal *refusal)
{
    const struct meeting_caller server = {.grant = PERMISSION_OWN};
    take_step(maker,
              meeting_decide(&maker->state, command, &server, maker->wall, &maker->step, refusal));
}

static void set_booths(struct demo_maker *maker, struct refusal *refusal)
{
    for (uint32_t i = 0; i < demo_booth_count; i++) {
        const struct demo_booth *from = &demo_booths[i];
        struct command command = {.type = COMMAND_BOOTH_SET};
        struct booth_setting *setting = &command.as.booth_set.setting;
        command.as.booth_set.language = from->language;
        for (int j = 0; j < 2 && from->allowed[j] != LANGUAGE_NONE; j++) {
            setting->allowed[setting->allowed_count++].language = from->allowed[j];
        }
        setting->output_b = from->output_b;
        setting->output_c = from->output_c;
        setting->auto_relay = from->auto_relay;
        setting->turn_minutes = from->turn_minutes;
        setting->rota = true;
        give(maker, &command, refusal);
    }
    struct command lead = {.type = COMMAND_TEAM_LEAD};
    fill_text(lead.as.team_lead.participant, sizeof(lead.as.team_lead.participant),
              DEMO_TEAM_LEADER);
    give(maker, &lead, refusal);
    // A booth takes its own channel back from another's B.
    const struct command interlock = {
        .type = COMMAND_INTERLOCK_SET,
        .as.interlock_set = {.a = INTERLOCK_MODE_A_OVERRIDES_BC, .bc = INTERLOCK_MODE_NO_OVERRIDE}};
    give(maker, &interlock, refusal);
}

static void open_sitting(struct demo_maker *maker, struct refusal *refusal)
{
    const struct command open = {.type = COMMAND_SITTING_OPEN};
    struct command start = {.type = COMMAND_ITEM_START};
    fill_text(start.as.item_start.item, sizeof(start.as.item_start.item),
              maker->meeting->items[0].id);
    give(maker, &open, refusal);
    give(maker, &start, refusal);
}

static enum err make_meeting(struct store *store, struct demo_maker *maker)
{
    struct event_meeting_created created = {.floor_microphones_max = MEETING_FLOOR_MAX,
                                            .rehearsal = maker->meeting->rehearsal};
    struct refusal refusal = {0};
    fill_localized(created.title[0], sizeof(created.title[0]), maker->meeting->title);
    fill_localized(created.body[0], sizeof(created.body[0]), maker->meeting->body);
    take_step(maker, meeting_create(&maker->state, &created, maker->wall, &maker->step, &refusal));
    if (!maker->meeting->rehearsal) {
        add_delegations(maker, &refusal);
    }
    add_offices(maker, &refusal);
    add_items(maker, &refusal);
    add_participants(maker, &refusal);
    set_booths(maker, &refusal);
    open_sitting(maker, &refusal);
    uint64_t ticket = 0;
    enum err err = journal_append(store, maker->meeting->id, maker->all.events, maker->all.count,
                                  &ticket);
    return err == ERR_NONE ? journal_flush(store) : err;
}

static enum err make_link(struct store *store, const struct demo_meeting *meeting,
                          const struct demo_participant *from, time_ms wall,
                          struct app_demo_link *link)
{
    const struct app_token_wish wish = {.meeting = meeting->id,
                                        .capacity = from->capacity,
                                        .participant = from->id,
                                        .lifetime_ms = DEMO_LINK_LIFETIME_MS};
    fill_text(link->meeting, sizeof(link->meeting), meeting->id);
    fill_text(link->title, sizeof(link->title), from->link);
    link->capacity = from->capacity;
    return app_token_make(store, &wish, wall, link->token);
}

static enum err make_links(struct store *store, const struct demo_maker *maker,
                           struct app_demo_link *ret_links, uint32_t links_max, uint32_t *ret_count)
{
    for (uint32_t i = 0; i < demo_participant_count && *ret_count < links_max; i++) {
        const struct demo_participant *from = &demo_participants[i];
        // Somebody may have been removed from the meeting since it was made.
        if (from->link == NULL || meeting_find_participant(&maker->state, from->id) == NULL) {
            continue;
        }
        enum err err = make_link(store, maker->meeting, from, maker->wall, &ret_links[*ret_count]);
        if (err != ERR_NONE) {
            return err;
        }
        (*ret_count)++;
    }
    return ERR_NONE;
}

enum err app_demo_prepare(struct store *store, time_ms wall, struct app_demo_link *ret_links,
                          uint32_t links_max, uint32_t *ret_count)
{
    *ret_count = 0;
    struct demo_maker *maker = calloc(1, sizeof(*maker));
    if (maker == NULL) {
        return ERR_FULL;
    }
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < demo_meeting_count && err == ERR_NONE; i++) {
        memset(maker, 0, sizeof(*maker)); // larger than a stack should hold twice
        maker->meeting = &demo_meetings[i];
        maker->wall = wall;
        err = replay_meeting(store, maker->meeting->id, &maker->state);
        if (err == ERR_NOT_FOUND) {
            err = make_meeting(store, maker);
        }
        if (err == ERR_NONE) {
            err = make_links(store, maker, ret_links, links_max, ret_count);
        }
        err = err == ERR_SET_ASIDE ? ERR_NONE : err; // the other one can be had
    }
    free(maker);
    return err;
}
