// What parts want to be decided because of what was told.
#include <string.h>

#include "app/app_priv.h"
#include "base/assert.h"
#include "base/text.h"

static bool is_posted(const struct app *app, const struct app_wish *wish)
{
    for (uint32_t i = 0; i < app->wish_count; i++) {
        const struct app_wish *other = &app->wishes[i];
        if (other->run == wish->run && other->meeting == wish->meeting &&
            text_equal(other->participant, wish->participant)) {
            return true;
        }
    }
    return false;
}

bool wish_post(struct app *app, const struct app_wish *wish)
{
    app_wake_at(app, app->now);
    if (is_posted(app, wish)) {
        return true;
    }
    if (app->wish_count == APP_WISHES_MAX) {
        return false;
    }
    app->wishes[app->wish_count++] = *wish;
    return true;
}

bool wishes_concern(const struct app *app, const struct app_meeting *meeting)
{
    for (uint32_t i = 0; i < app->wish_count; i++) {
        if (app->wishes[i].meeting == meeting) {
            return true;
        }
    }
    return false;
}

void wishes_run(struct app *app)
{
    // What these post themselves comes the next time.
    for (uint32_t left = app->wish_count; left > 0 && !app->telling; left--) {
        const struct app_wish wish = app->wishes[0];
        ASSERT(app->wish_count >= left);
        app->wish_count--;
        memmove(&app->wishes[0], &app->wishes[1], app->wish_count * sizeof(app->wishes[0]));
        wish.run(app, &wish);
    }
}
