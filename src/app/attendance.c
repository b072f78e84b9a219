// Who is there: connections and peers, and how they are found.
#include "app/app_priv.h"
#include "base/text.h"

struct app_connection *live_of(const struct app *app, const struct app_meeting *meeting,
                               const char *participant, app_live *ret_live)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        struct app_connection *connection = pool_at(&app->connections, i, ret_live);
        if (connection != NULL && connection->meeting == meeting &&
            text_equal(connection->participant, participant)) {
            return connection;
        }
    }
    *ret_live = HANDLE_NONE;
    return NULL;
}

void live_notice_all(struct app *app, const struct app_meeting *meeting, uint32_t capacities)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        const struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection == NULL || connection->meeting != meeting) {
            continue;
        }
        const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                         connection->participant);
        if (participant != NULL && (capacities >> participant->capacity & 1) != 0) {
            app->ports.notice(app->ports.context, live, &app->notice);
        }
    }
}

struct app_peer *peer_of(const struct app *app, const struct app_meeting *meeting,
                         const char *participant, handle *ret_handle)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        struct app_peer *peer = pool_at(&app->peers, i, ret_handle);
        if (peer != NULL && peer->meeting == meeting &&
            text_equal(peer->participant, participant)) {
            return peer;
        }
    }
    return NULL;
}

struct app_peer *peer_by_id(const struct app *app, link_peer id, handle *ret_handle)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        struct app_peer *peer = pool_at(&app->peers, i, ret_handle);
        if (peer != NULL && peer->id == id) {
            return peer;
        }
    }
    return NULL;
}
