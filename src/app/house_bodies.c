// Bodies: a tree of at most BODIES_BODIES_MAX.
#include <stdlib.h>
#include <string.h>

#include "app/house_priv.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/state.h"

static bool note_body(void *context, const struct body *body)
{
    struct bodies *bodies = context;
    bodies->bodies[bodies->bodies_count++] = *body;
    return bodies->bodies_count < BODIES_BODIES_MAX;
}

// Those that belong to `parent` come behind it, each with its own. Every parent is there, and no
// body belongs to itself: parent_is_good(), app_body_remove().
static void put_below(const struct bodies *all, const char *parent, struct bodies *to)
{
    for (uint32_t i = 0; i < all->bodies_count; i++) {
        if (text_equal(all->bodies[i].parent, parent)) {
            ASSERT(to->bodies_count < BODIES_BODIES_MAX);
            to->bodies[to->bodies_count++] = all->bodies[i];
            put_below(all, all->bodies[i].id, to);
        }
    }
}

enum err app_bodies(struct app *app, struct house *house, struct bodies *ret_bodies)
{
    struct bodies *all = calloc(1, sizeof(*all));
    ret_bodies->bodies_count = 0;
    enum err err = house_admit(app, house);
    err = err == ERR_NONE && all == NULL ? ERR_FULL : err;
    err = err == ERR_NONE ? body_list(app->store, note_body, all) : err;
    if (err == ERR_NONE) {
        put_below(all, "", ret_bodies);
    }
    free(all);
    return err;
}

static enum err body_fill(struct house *house, const struct body_wish *wish, struct body *body)
{
    memcpy(body->code, wish->code, sizeof(body->code));
    memcpy(body->name, wish->name, sizeof(body->name));
    memcpy(body->parent, wish->parent, sizeof(body->parent));
    if (body->code[0] == '\0') {
        return house_refuse_field(house, ERR_INVALID, "code");
    }
    return house_fill(body->name[0], sizeof(body->name[0]))
               ? ERR_NONE
               : house_refuse_field(house, ERR_INVALID, "name");
}

// Nothing belongs to itself, however far up.
static enum err parent_is_good(struct app *app, struct house *house, const struct body *body)
{
    struct body above = *body;
    for (uint32_t steps = 0; above.parent[0] != '\0'; steps++) {
        if (text_equal(above.parent, body->id) || steps == BODIES_BODIES_MAX) {
            return house_refuse(house, REFUSAL_BODY_OF_ITSELF);
        }
        enum err err = body_get(app->store, above.parent, &above);
        if (err != ERR_NONE) {
            return house_refuse_field(house, err, "parent");
        }
    }
    return ERR_NONE;
}

struct body_count {
    uint32_t count;
    const char *parent;
    uint32_t below;
};

static bool count_body(void *context, const struct body *body)
{
    struct body_count *count = context;
    count->count++;
    count->below += count->parent != NULL && text_equal(body->parent, count->parent) ? 1 : 0;
    return true;
}

static enum err has_room(struct app *app, struct house *house)
{
    struct body_count count = {0};
    enum err err = body_list(app->store, count_body, &count);
    if (err == ERR_NONE && count.count >= BODIES_BODIES_MAX) {
        (void)house_refuse(house, REFUSAL_BODIES_FULL);
        house->refusal.most = BODIES_BODIES_MAX;
        return ERR_FULL;
    }
    return err;
}

enum err app_body_add(struct app *app, struct house *house, const struct body_wish *wish,
                      struct body *ret_body)
{
    struct body body = {0};
    enum err err = house_admit(app, house);
    if (wish->id[0] == '\0') {
        secret_make_id("body-", body.id);
    } else {
        memcpy(body.id, wish->id, sizeof(body.id));
    }
    if (err == ERR_NONE && !id_is_valid(body.id)) {
        err = house_refuse_field(house, ERR_INVALID, "id");
    }
    err = err == ERR_NONE ? body_fill(house, wish, &body) : err;
    err = err == ERR_NONE ? parent_is_good(app, house, &body) : err;
    err = err == ERR_NONE ? has_room(app, house) : err;
    if (err == ERR_NONE) {
        const struct house_act act = house_act_of(house, "body.added", "", body.id);
        err = body_add(app->store, &body, &act);
        err = err == ERR_CONFLICT ? house_refuse(house, REFUSAL_ID_TAKEN) : err;
    }
    *ret_body = body;
    return err;
}

enum err app_body_change(struct app *app, struct house *house, const char *id,
                         const struct body_wish *wish, struct body *ret_body)
{
    struct body body;
    enum err err = house_admit(app, house);
    err = err == ERR_NONE ? body_get(app->store, id, &body) : err;
    err = err == ERR_NONE ? body_fill(house, wish, &body) : err;
    err = err == ERR_NONE ? parent_is_good(app, house, &body) : err;
    if (err == ERR_NONE) {
        const struct house_act act = house_act_of(house, "body.changed", "", id);
        err = body_update(app->store, &body, &act);
        *ret_body = body;
    }
    return err;
}

enum err app_body_remove(struct app *app, struct house *house, const char *id)
{
    struct body body;
    struct body_count count = {.parent = id};
    enum err err = house_admit(app, house);
    err = err == ERR_NONE ? body_get(app->store, id, &body) : err;
    err = err == ERR_NONE ? body_list(app->store, count_body, &count) : err;
    if (err == ERR_NONE && (body.meetings > 0 || count.below > 0)) {
        return house_refuse(house, REFUSAL_BODY_IN_USE);
    }
    if (err == ERR_NONE) {
        const struct house_act act = house_act_of(house, "body.removed", "", id);
        err = body_delete(app->store, id, &act);
    }
    return err;
}
