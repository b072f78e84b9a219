// Meetings as they are planned. A meeting is there, with its journal, from the moment that it is
// planned; the plan is written last, and a journal without one is no meeting of the house's.
#include <stdlib.h>
#include <string.h>

#include "app/house_plans.h"
#include "app/house_priv.h"
#include "app/loading.h"
#include "app/people_priv.h"
#include "app/secret.h"
#include "base/text.h"
#include "calendar/zone.h"
#include "meeting/setup.h"
#include "meeting/state.h"
#include "store/journal.h"
#include "words/search.h"

// ---- What may be wished

static unsigned number_at(const char *text, size_t length)
{
    unsigned long long number = 0;
    return text_to_u64(text, length, 9999, &number) == ERR_NONE ? (unsigned)number : 0;
}

static bool is_day(const char *text)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    unsigned year = number_at(text, 4);
    unsigned month = number_at(text + 5, 2);
    unsigned day = number_at(text + 8, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1900 && month >= 1 && month <= 12 && day >= 1 &&
           day <= (month == 2 && !leap ? 28 : days[month - 1]);
}

// The text of two days is in their order.
static enum err days_are_good(struct house *house, const char *first, const char *last)
{
    if (first[0] != '\0' && !is_day(first)) {
        return house_refuse_field(house, ERR_INVALID, "first_day");
    }
    if (last[0] != '\0' && (first[0] == '\0' || !is_day(last) || strcmp(last, first) < 0)) {
        return house_refuse_field(house, ERR_INVALID, "last_day");
    }
    return ERR_NONE;
}

// What is archived stays so; what is over was not put off.
static bool may_become(enum meeting_life from, enum meeting_life to)
{
    static const uint32_t next[] = {
        [MEETING_LIFE_PLANNED] = 1u << MEETING_LIFE_OPEN | 1u << MEETING_LIFE_POSTPONED |
                                 1u << MEETING_LIFE_CANCELLED,
        [MEETING_LIFE_OPEN] = 1u << MEETING_LIFE_CLOSED,
        [MEETING_LIFE_POSTPONED] = 1u << MEETING_LIFE_PLANNED | 1u << MEETING_LIFE_CANCELLED,
        [MEETING_LIFE_CANCELLED] = 1u << MEETING_LIFE_PLANNED | 1u << MEETING_LIFE_ARCHIVED,
        [MEETING_LIFE_CLOSED] = 1u << MEETING_LIFE_OPEN | 1u << MEETING_LIFE_ARCHIVED,
        [MEETING_LIFE_ARCHIVED] = 0};
    return from == to || (next[from] & 1u << to) != 0;
}

static enum err body_is_there(struct app *app, struct house *house, const char *id)
{
    struct body body;
    enum err err = id[0] == '\0' ? ERR_NONE : body_get(app->store, id, &body);
    return err == ERR_NOT_FOUND ? house_refuse_field(house, err, "body") : err;
}

static enum err plan_fill(struct app *app, struct house *house, const struct plan_wish *wish,
                          struct plan *plan)
{
    memcpy(plan->body, wish->body, sizeof(plan->body));
    memcpy(plan->title, wish->title, sizeof(plan->title));
    memcpy(plan->first_day, wish->first_day, sizeof(plan->first_day));
    memcpy(plan->last_day, wish->last_day[0] != '\0' ? wish->last_day : wish->first_day,
           sizeof(plan->last_day));
    memcpy(plan->zone, wish->zone, sizeof(plan->zone));
    memcpy(plan->place, wish->place, sizeof(plan->place));
    plan->form = wish->form != MEETING_FORM_NONE ? wish->form : MEETING_FORM_REMOTE;
    plan->changed_at = house->wall;
    if (!house_fill(plan->title[0], sizeof(plan->title[0]))) {
        return house_refuse_field(house, ERR_INVALID, "title");
    }
    if (plan->zone[0] != '\0' && !zone_is_known(plan->zone)) {
        return house_refuse_field(house, ERR_INVALID, "zone");
    }
    enum err err = days_are_good(house, plan->first_day, plan->last_day);
    return err == ERR_NONE ? body_is_there(app, house, plan->body) : err;
}

// ---- Reading

struct plan_search {
    struct app *app;
    const struct house *house;
    const char *query; // folded
    struct plans *plans;
    bool more;
};

static bool plan_fits(struct app *app, const struct plan *plan, const char *query)
{
    char text[(CONTRACT_LANGUAGES + 1) * PLAN_TITLE_SIZE + BODY_CODE_SIZE + PLAN_PLACE_SIZE];
    struct text_builder words = text_builder(text, sizeof(text));
    struct body body;
    if (query[0] == '\0') {
        return true;
    }
    for (int i = 0; i < CONTRACT_LANGUAGES; i++) {
        text_append(&words, plan->title[i]);
        text_append(&words, " ");
    }
    text_append(&words, plan->place);
    if (plan->body[0] != '\0' && body_get(app->store, plan->body, &body) == ERR_NONE) {
        text_append(&words, " ");
        text_append(&words, body.code);
    }
    char *folded = words_fold(text);
    bool fits = folded != NULL && words_begin(folded, query);
    words_fold_free(folded);
    return fits;
}

static bool note_plan(void *context, const struct plan *plan)
{
    struct plan_search *search = context;
    struct plans *plans = search->plans;
    if (!plan_fits(search->app, plan, search->query)) {
        return true;
    }
    if (plans->plans_count == PLANS_PLANS_MAX) {
        memcpy(plans->next, plans->plans[PLANS_PLANS_MAX - 1].id, sizeof(plans->next));
        return false;
    }
    struct plan *noted = &plans->plans[plans->plans_count++];
    *noted = *plan;
    const struct app_meeting *meeting = app_find_meeting(search->app, plan->id);
    if (meeting !=
        NULL) { // what it counts is written at each change of the secretariat's; this is not
        noted->sitting = meeting->told.meeting.sitting;
    }
    return true;
}

enum err app_plans(struct app *app, struct house *house, const char *query, const char *after,
                   struct plans *ret_plans)
{
    struct plan_search search = {.app = app, .house = house, .plans = ret_plans};
    ret_plans->plans_count = 0;
    ret_plans->next[0] = '\0';
    enum err err = house_admit(app, house);
    if (err != ERR_NONE) {
        return err;
    }
    char *folded = words_fold(query);
    search.query = folded;
    err = folded == NULL ? house_refuse_field(house, ERR_INVALID, "q")
                         : plan_list(app->store, after, note_plan, &search);
    words_fold_free(folded);
    return err;
}

enum err app_plan(struct app *app, struct house *house, const char *id, struct plan *ret_plan)
{
    struct app_meeting *meeting = NULL;
    enum err err = house_meeting(app, house, id, &meeting);
    err = err == ERR_NONE ? plan_get(app->store, id, ret_plan) : err;
    if (err == ERR_NONE) {
        house_count(app, house, meeting, ret_plan);
    }
    return err;
}

// ---- A new one

static enum err name_meeting(struct app *app, struct house *house, const char *wish,
                             char ret_id[CONTRACT_ID_MAX + 1])
{
    uint64_t seq = 0;
    uint8_t hash[JOURNAL_HASH_SIZE];
    if (wish[0] == '\0') {
        secret_make_id("m-", ret_id);
    } else {
        text_copy_cut(ret_id, CONTRACT_ID_MAX + 1, wish);
    }
    if (!id_is_valid(ret_id)) {
        return house_refuse_field(house, ERR_INVALID, "id");
    }
    enum err err = journal_head(app->store, ret_id, &seq, hash);
    return err == ERR_NONE && seq > 0 ? house_refuse(house, REFUSAL_ID_TAKEN) : err;
}

static enum err write_beginning(struct app *app, struct house *house, const struct plan *plan)
{
    struct event_meeting_created created = {.floor_microphones_max = plan->floor_microphones_max,
                                            .rehearsal = plan->rehearsal};
    struct meeting_state *state = calloc(1, sizeof(*state)); // too large for a stack
    struct body body = {0};
    uint64_t ticket = 0;
    memcpy(created.title, plan->title, sizeof(created.title));
    enum err err = state == NULL           ? ERR_FULL
                   : plan->body[0] == '\0' ? ERR_NONE
                                           : body_get(app->store, plan->body, &body);
    if (err == ERR_NONE) {
        memcpy(created.body, body.name, sizeof(created.body));
        meeting_state_init(state, plan->id);
        err = meeting_create(state, &created, house->wall, &app->events, &house->refusal);
    }
    err = err == ERR_NONE
              ? journal_append(app->store, plan->id, app->events.events, app->events.count, &ticket)
              : err;
    free(state);
    if (err == ERR_NONE) {
        link_wait(app);
        uint64_t seq = 0;
        uint8_t hash[JOURNAL_HASH_SIZE];
        err = journal_head(app->store, plan->id, &seq, hash);
        err = err == ERR_NONE && seq == 0 ? ERR_STORAGE : err;
    }
    return err;
}

static enum err plan_begin(struct app *app, struct house *house, const struct plan_wish *wish,
                           struct plan *plan)
{
    *plan = (struct plan){.life = MEETING_LIFE_PLANNED,
                          .floor_microphones_max = wish->floor_microphones_max > 0
                                                       ? wish->floor_microphones_max
                                                       : MEETING_FLOOR_MAX,
                          .rehearsal = wish->rehearsal};
    enum err err = house_admit(app, house);
    err = err == ERR_NONE && app->outbox.closed ? ERR_STORAGE : err;
    if (err == ERR_NONE && wish->life != MEETING_LIFE_NONE && wish->life != MEETING_LIFE_PLANNED) {
        err = house_refuse_field(house, ERR_INVALID, "life");
    }
    err = err == ERR_NONE ? name_meeting(app, house, wish->id, plan->id) : err;
    return err == ERR_NONE ? plan_fill(app, house, wish, plan) : err;
}

enum err house_plan_make(struct app *app, struct house *house, const struct plan_wish *wish,
                         struct plan *ret_plan)
{
    enum err err = plan_begin(app, house, wish, ret_plan);
    return err == ERR_NONE ? write_beginning(app, house, ret_plan) : err;
}

enum err house_plan_keep(struct app *app, const struct house *house, struct plan *plan)
{
    const struct house_act act = house_act_of(house, "meeting.planned", plan->id, plan->id);
    return plan_add(app->store, plan, &act);
}

enum err app_plan_add(struct app *app, struct house *house, const struct plan_wish *wish,
                      struct plan *ret_plan)
{
    enum err err = house_plan_make(app, house, wish, ret_plan);
    return err == ERR_NONE ? house_plan_keep(app, house, ret_plan) : err;
}

// ---- A change

static enum err may_change(struct house *house, const struct plan *plan,
                           const struct plan_wish *wish)
{
    enum meeting_life life = wish->life != MEETING_LIFE_NONE ? wish->life : plan->life;
    bool microphones = wish->floor_microphones_max == 0 ||
                       wish->floor_microphones_max == plan->floor_microphones_max;
    if (wish->id[0] != '\0' && !text_equal(wish->id, plan->id)) {
        return house_refuse_field(house, ERR_INVALID, "id");
    }
    if (!microphones || (wish->rehearsal && !plan->rehearsal)) {
        return house_refuse(house, REFUSAL_PLANNED_FOR_GOOD);
    }
    if (plan->life == MEETING_LIFE_ARCHIVED || !may_become(plan->life, life)) {
        return house_refuse(house, REFUSAL_LIFE_GOES_NOT_THERE);
    }
    return ERR_NONE;
}

// The meeting is called as its plan is.
static enum err rename_meeting(struct app *app, struct house *house, struct app_meeting *meeting,
                               const struct plan *plan)
{
    const struct meeting *state = &meeting->decided.meeting;
    struct event_meeting_renamed named;
    memcpy(named.title, plan->title, sizeof(named.title));
    memcpy(named.body, state->body, sizeof(named.body));
    struct body body;
    if (plan->body[0] != '\0' && body_get(app->store, plan->body, &body) == ERR_NONE) {
        memcpy(named.body, body.name, sizeof(named.body));
    }
    if (memcmp(named.title, state->title, sizeof(named.title)) == 0 &&
        memcmp(named.body, state->body, sizeof(named.body)) == 0) {
        return ERR_NONE;
    }
    enum err err = meeting_rename(&meeting->decided, &named, app_meeting_time(app, meeting),
                                  &app->events, &house->refusal);
    return err == ERR_NONE ? house_commit(app, house, meeting, "meeting.renamed", meeting->id)
                           : err;
}

static enum err set_life(struct app *app, struct house *house, struct app_meeting *meeting,
                         enum meeting_life life)
{
    if (life == MEETING_LIFE_NONE || life == meeting->decided.meeting.life) {
        return ERR_NONE;
    }
    enum err err = meeting_set_life(&meeting->decided, life, app_meeting_time(app, meeting),
                                    &app->events, &house->refusal);
    return err == ERR_NONE ? house_commit(app, house, meeting, "life.changed", meeting->id) : err;
}

enum err app_plan_change(struct app *app, struct house *house, const char *id,
                         const struct plan_wish *wish, struct plan *ret_plan)
{
    struct app_meeting *meeting = NULL;
    enum err err = house_meeting_to_change(app, house, id, &meeting);
    err = err == ERR_NONE ? plan_get(app->store, id, ret_plan) : err;
    err = err == ERR_NONE ? may_change(house, ret_plan, wish) : err;
    err = err == ERR_NONE ? plan_fill(app, house, wish, ret_plan) : err;
    err = err == ERR_NONE ? rename_meeting(app, house, meeting, ret_plan) : err;
    err = err == ERR_NONE ? set_life(app, house, meeting, wish->life) : err;
    if (err != ERR_NONE) {
        return err;
    }
    ret_plan->life = wish->life != MEETING_LIFE_NONE ? wish->life : ret_plan->life;
    house_count(app, house, meeting, ret_plan);
    const struct house_act act = house_act_of(house, "meeting.changed", id, id);
    return plan_update(app->store, ret_plan, &act);
}
