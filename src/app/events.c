// Reading the journal for those who resume: only what has been told. And who reads which chat.
#include "app/app_priv.h"
#include "store/journal.h"

struct event_page {
    struct event *events;
    uint32_t max;
    uint32_t count;
    uint64_t last; // the last event that has been told
};

static bool take_event(void *context, const struct event *event)
{
    struct event_page *page = context;
    if (event->seq > page->last) {
        return false;
    }
    page->events[page->count++] = *event;
    return page->count < page->max;
}

enum err app_events(struct app *app, const char *meeting, uint64_t after, struct event *ret_events,
                    uint32_t max, uint32_t *ret_count)
{
    *ret_count = 0;
    const struct app_meeting *found = app_find_meeting(app, meeting);
    if (found == NULL || after > found->told.seq) {
        return ERR_NOT_FOUND; // a number from the future is of another journal
    }
    if (after == found->told.seq || max == 0) {
        return ERR_NONE;
    }
    struct event_page page = {.events = ret_events, .max = max, .last = found->told.seq};
    enum err err = journal_read(app->store, meeting, after, take_event, &page);
    *ret_count = page.count;
    return err;
}
