// (Re)connection with the media process. Whichever side was restarted: peers that media has and we
// know stay; peers that media has and we do not know are adopted by their owner's note; peers that
// only we know are gone. Then the whole wish is stated again. Nothing here touches a packet: audio
// goes on throughout.
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/log.h"
#include "base/text.h"

static void link_sync_begin(struct app *app)
{
    app->link.phase = APP_LINK_SYNCING;
    parts_link_syncing(app);
    peer_message(app, LINK_HELLO)->version = LINK_VERSION;
    (void)peer_send(app);
    peer_message(app, LINK_SYNC);
    (void)peer_send(app);
}

// "MEETING/PARTICIPANT" → the participant, when there still is one; one of the audience is known by
// the id alone. NULL: nobody.
static struct app_meeting *find_owner(struct app *app, const char *owner,
                                      struct participant *ret_person)
{
    struct app_meeting *meeting = NULL;
    const char *slash = strchr(owner, '/');
    char id[CONTRACT_ID_MAX + 1];
    if (slash == NULL || text_copy_n(id, sizeof(id), owner, (size_t)(slash - owner)) != ERR_NONE) {
        return NULL;
    }
    if (loading_find(app, id, &meeting) != ERR_NONE) {
        return NULL;
    }
    loading_came(app, meeting);
    if (strlen(slash + 1) > CONTRACT_ID_MAX ||
        person_find(app, meeting, slash + 1, ret_person) != ERR_NONE) {
        return NULL;
    }
    if (audience_is(slash + 1)) {
        ret_person->presence = PRESENCE_PRESENT; // who hears something, is in the room
    }
    return meeting;
}

// Takes over what the sections say; false when they are not what this capacity's plan is made of.
static bool adopt_sections(struct app *app, struct app_peer *peer,
                           const struct link_message *message)
{
    struct media_plan plan;
    app_media_plan(peer->capacity, &plan);
    if (message->section_count != plan.sections_count) {
        return false;
    }
    for (uint32_t i = 0; i < plan.sections_count; i++) {
        const struct link_section *from = &message->sections[i];
        const struct media_section *section = &plan.sections[i];
        bool sends = section->direction == MEDIA_DIRECTION_SEND;
        if (sends != (from->direction == LINK_SEND) ||
            (!sends && from->slot != peer_slot_number(section->slot))) {
            return false;
        }
        if (sends) {
            sender_begin(app, &peer->senders[section->track], from->source);
        } else if (section->slot == SLOT_NAME_LANGUAGE) {
            peer->attendance->listen = peer_channel_heard(peer->meeting, from->channel);
            peer->slot_unknown = from->channel == 0 && !peer->echo_unknown;
        } else if (section->slot == SLOT_NAME_RELAY) {
            peer->relay = peer_channel_heard(peer->meeting, from->channel);
            peer->relay_known = true;
        }
    }
    return true;
}

static void refuse_peer(struct app *app, link_peer id)
{
    peer_message(app, LINK_PEER_CLOSE)->peer = id;
    (void)peer_send(app);
}

static void adopt_peer(struct app *app, const struct link_message *message)
{
    struct participant person;
    struct app_meeting *meeting = find_owner(app, message->owner, &person);
    if (meeting == NULL) {
        refuse_peer(app, message->peer);
        return;
    }
    struct app_peer *older = peer_of(meeting, person.id);
    if (older != NULL && older->id > message->peer) {
        refuse_peer(app, message->peer);
        return;
    }
    if (older != NULL) {
        app_peer_close(app, older);
    }
    struct app_peer *peer = peer_take(app, meeting, &person, message->peer);
    if (peer == NULL) {
        refuse_peer(app, message->peer);
        return;
    }
    peer->adopted = true;
    peer->pictures_stale = true;
    peer->echo_unknown = person.presence == PRESENCE_ENTRANCE;
    peer->seen = true;
    peer->boothmate_told = APP_SOURCE_UNKNOWN;
    peer->talkback_told = APP_SOURCE_UNKNOWN;
    peer->partner_told = APP_SOURCE_UNKNOWN;
    peer->alone_told = APP_SOURCE_UNKNOWN;
    peer->connected_told = message->phase == LINK_PEER_CONNECTED;
    hearing_peer_begins(app, peer);
    hearing_peer_phase(app, peer, message->phase);
    if (!adopt_sections(app, peer, message)) {
        app_peer_close(app, peer);
        return;
    }
    if (peer->attendance->connection == NULL) {
        peer->orphan_due = app->now + APP_ORPHAN_PEER_US;
    }
    peer_due_changed(app, peer);
}

void link_sync_peer_state(struct app *app, const struct link_message *message)
{
    if (door_sync_state(app, message)) {
        return;
    }
    if (message->phase == LINK_PEER_CLOSED) {
        return;
    }
    struct app_peer *peer = peer_by_id(app, message->peer);
    if (peer == NULL) {
        adopt_peer(app, message);
        return;
    }
    peer->seen = true;
    peer->connected_at = 0; // what it sends was not told meanwhile
    hearing_peer_phase(app, peer, message->phase);
    peer_tell_page(app, peer);
}

void link_sync_end(struct app *app)
{
    app->link.phase = APP_LINK_READY;
    parts_link_ready(app);
    log_event(LOG_INFO, "media.synced", LOG_INT("peers", app->peers.used));
    app->link.was_down = false;
    app_wake_at(app, app->now);
}

bool app_media_joined(const struct app *app)
{
    return app->link.phase == APP_LINK_READY;
}

void app_link_connected(struct app *app, time_us now)
{
    app->now = now;
    link_sync_begin(app);
}

void app_link_disconnected(struct app *app, time_us now)
{
    app->now = now;
    app->link.gone_at = app->link.phase == APP_LINK_READY ? now : app->link.gone_at;
    app->link.phase = APP_LINK_DOWN;
    app->link.was_down = true;
    parts_link_down(app);
}

// ---- What becomes of the peers

static void peers_syncing(struct app *app)
{
    for (struct list_link *at = app->all_peers.first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, link);
        peer->seen = false;
        peer->boothmate_told = APP_SOURCE_UNKNOWN;
        peer->talkback_told = APP_SOURCE_UNKNOWN;
        peer->partner_told = APP_SOURCE_UNKNOWN;
        peer->alone_told = APP_SOURCE_UNKNOWN;
        peer->relay_known = false;
    }
}

static void forget_vanished(struct app *app)
{
    for (struct list_link *at = app->all_peers.first, *next; at != NULL; at = next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, link);
        next = at->next;
        if (!peer->seen) {
            peer_forget(app, peer, REFUSAL_MEDIA_RESTARTED);
        } else if (!peer->adopted || peer->slot_unknown) {
            // A choice made while the link was down; a source heard alone, which nobody here knows
            // of and nobody would take off when it closes.
            peer_tell_language_slot(app, peer);
        }
    }
}

// Nobody answers their offers any more.
static void peers_link_down(struct app *app)
{
    for (struct list_link *at = app->all_peers.first, *next; at != NULL; at = next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, link);
        next = at->next;
        if (peer->answer_live != HANDLE_NONE) {
            peer_forget(app, peer, REFUSAL_MEDIA_RESTARTED);
        }
    }
}

const struct app_part peer_sync_part = {
    .link_syncing = peers_syncing, .link_ready = forget_vanished, .link_down = peers_link_down};
