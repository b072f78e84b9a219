// Words to the media process, and the names by which it knows a meeting's channels.
#include <stddef.h>
#include <string.h>

#include "app/app_priv.h"

struct link_message *peer_message(struct app *app, enum link_message_type type)
{
    // The rest behind the SDP's first byte is read by its length only.
    memset(&app->message, 0, offsetof(struct link_message, sdp) + 1);
    app->message.type = type;
    return &app->message;
}

bool peer_send(struct app *app)
{
    if (app->link.phase == APP_LINK_DOWN ||
        !app->ports.link_send(app->ports.link_context, &app->message)) {
        app->link.messages_refused++;
        return false;
    }
    return true;
}

link_channel peer_channel(const struct app_meeting *meeting, enum route route)
{
    return route < ROUTE_BOOTH_AR ? meeting->channel_base + (link_channel)route + 1
                                  : APP_CHANNEL_BOOTHS + meeting->channel_base +
                                        (link_channel)(route - ROUTE_BOOTH_AR) + 1;
}

// The floor slots carry a page's floor: its language slot is empty then.
link_channel peer_channel_chosen(const struct app_meeting *meeting, enum capacity capacity,
                                 enum channel_id channel)
{
    enum route route;
    return routing_of_channel(channel, capacity, &route) ? peer_channel(meeting, route) : 0;
}

link_channel peer_channel_listened(const struct app_meeting *meeting, enum channel_id channel)
{
    enum route route;
    return peer_channel(meeting, routing_for_listeners(channel, &route) ? route : ROUTE_FLOOR);
}

enum channel_id peer_channel_heard(const struct app_meeting *meeting, link_channel channel)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        if (channel == peer_channel(meeting, (enum route)route)) {
            return routing_channel((enum route)route);
        }
    }
    return CHANNEL_ID_FLOOR;
}
