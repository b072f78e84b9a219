// Reading the journal for those who resume, and for those who look back: only what has been told.
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

struct past_reading {
    struct app_past *past;
    uint32_t read;
};

// From the end of the room to its beginning, since the newest come first.
static bool take_past(void *context, const struct event *event)
{
    struct past_reading *reading = context;
    struct app_past *past = reading->past;
    if (event_told(event, past->viewer)) {
        past->count++;
        past->events[past->max - past->count] = *event;
    }
    past->next = event->seq;
    return past->count < past->max && ++reading->read < APP_PAST_READ;
}

enum err app_past_read(struct app *app, const char *meeting, struct app_past *past)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    past->count = 0;
    past->next = 0;
    if (found == NULL) {
        return ERR_NOT_FOUND;
    }
    bool from_end = past->before == 0 || past->before > found->told.seq;
    uint64_t before = from_end ? found->told.seq + 1 : past->before;
    uint64_t from = before > APP_PAST_ROWS ? before - APP_PAST_ROWS : 1;
    bool wanted[EVENT_COUNT];
    bool any = false;
    for (int i = 0; i < EVENT_COUNT; i++) {
        enum event_type type = (enum event_type)i;
        wanted[i] = meeting_event_touches(type, past->section) &&
                    event_type_told(type, past->viewer);
        any = any || wanted[i];
    }
    if (!any) {
        return ERR_NONE; // the journal would be read for nothing
    }
    struct past_reading reading = {.past = past};
    enum err err = journal_read_back(app->store, meeting, from, before, wanted, take_past,
                                     &reading);
    if (past->count < past->max && reading.read < APP_PAST_READ) {
        past->next = from; // all from there on have been looked at
    }
    past->next = past->next > 1 ? past->next : 0;
    return err;
}
