// What is sent, by the ids under which media knows it.
#include "app/app_priv.h"

// Ids are given in a row: their low bits alone spread them.
static struct list *source_place(const struct app *app, link_source source)
{
    return &app->source_places[source & app->place_mask];
}

struct app_sender *sender_of(const struct app *app, link_source source)
{
    for (struct list_link *at = source_place(app, source)->first; at != NULL; at = at->next) {
        struct app_sender *sender = LIST_ITEM(at, struct app_sender, link);
        if (sender->source == source) {
            return sender;
        }
    }
    return NULL;
}

struct app_peer *peer_of_microphone(const struct app *app, link_source source)
{
    const struct app_sender *sender = sender_of(app, source);
    struct app_peer *peer = sender != NULL ? sender->peer : NULL;
    return peer != NULL && sender == &peer->senders[TRACK_NAME_MICROPHONE] ? peer : NULL;
}

link_source source_take(struct app *app)
{
    link_source source;
    do {
        source = app->link.next_source++;
    } while (source == 0 || source == APP_SOURCE_UNKNOWN || sender_of(app, source) != NULL);
    return source;
}

void sender_begin(struct app *app, struct app_sender *sender, link_source source)
{
    sender_end(sender);
    sender->source = source;
    if (source != 0) {
        list_add(source_place(app, source), &sender->link);
    }
}

void sender_end(struct app_sender *sender)
{
    list_remove(&sender->link);
    sender->source = 0;
}
