// What control says, acted upon. Everything may be said twice.
#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/time.h"
#include "media/coordinator.h"
#include "wire/sdp_fragment.h"

static void answer_send(struct coordinator *coordinator, link_peer peer, enum err err,
                        const char *sdp, size_t size)
{
    struct link_message *message = coordinator_message(coordinator, LINK_PEER_ANSWER);
    message->peer = peer;
    message->err = err;
    ASSERT(size <= LINK_SDP_MAX);
    if (size > 0) {
        memcpy(message->sdp, sdp, size);
    }
    message->sdp_length = (uint32_t)size;
    link_port_send(&coordinator->port, message);
}

static bool sections_valid(const struct link_message *message)
{
    uint32_t slots = 0;
    for (uint8_t i = 0; i < message->section_count; i++) {
        const struct link_section *section = &message->sections[i];
        if (section->direction == LINK_RECEIVE) {
            if ((slots & 1u << section->slot) != 0) {
                return false;
            }
            slots |= 1u << section->slot;
        } else if (section->source == 0) {
            return false;
        }
    }
    return message->section_count > 0;
}

// `ret_reason`: why the offer was refused, in words; empty when something else stands in the way.
static enum err peer_make(struct coordinator *coordinator, const struct link_message *message,
                          time_us now, uint32_t *ret_index, const char **ret_reason)
{
    uint32_t index = 0;
    *ret_reason = "";
    if (peer_table_find(coordinator->table, message->peer, &index) != NULL) {
        return ERR_CONFLICT;
    }
    if (!sections_valid(message)) {
        return ERR_INVALID;
    }
    enum err err = peer_table_free_index(coordinator->table, &index);
    if (err != ERR_NONE) {
        return err;
    }
    err = media_sdp_read_offer(coordinator->sdp, message->sdp, message->sdp_length,
                               message->sections, message->section_count, index);
    if (err != ERR_NONE) {
        *ret_reason = media_sdp_reason(coordinator->sdp);
        return err;
    }
    struct peer_facts facts = {
        .id = message->peer,
        .created_at = now,
        .credentials = *media_sdp_credentials(coordinator->sdp),
        .session = *media_sdp_session(coordinator->sdp),
    };
    memcpy(facts.owner, message->owner, sizeof(facts.owner));
    (void)peer_table_take(coordinator->table, index, &facts);
    *ret_index = index;
    return ERR_NONE;
}

// The offer was taken, and a part of it was not.
static void refused_section_log(const struct coordinator *coordinator,
                                const struct link_message *message)
{
    const char *reason = media_sdp_reason(coordinator->sdp);
    if (reason[0] != '\0') {
        log_event(LOG_INFO, "media.section_refused", LOG_TEXT("owner", message->owner),
                  LOG_TEXT("reason", reason));
    }
}

static void peer_create(struct coordinator *coordinator, const struct link_message *message,
                        time_us now)
{
    char *answer = coordinator->answer;
    size_t size = 0;
    uint32_t index = 0;
    const char *reason = "";
    enum err err = peer_make(coordinator, message, now, &index, &reason);
    if (err == ERR_NONE) {
        err = media_sdp_write_answer(coordinator->sdp, &coordinator->server, answer,
                                     sizeof(coordinator->answer), &size);
        if (err == ERR_NONE) {
            coordinator_peer_open(coordinator, index);
        } else {
            peer_table_give(coordinator->table, index);
        }
    }
    if (err == ERR_NONE) {
        refused_section_log(coordinator, message);
        answer_send(coordinator, message->peer, err, answer, size);
        return;
    }
    log_event(LOG_WARNING, "media.peer_refused", LOG_TEXT("owner", message->owner),
              LOG_TEXT("error", err_slug(err)), LOG_TEXT("reason", reason));
    answer_send(coordinator, message->peer, err, reason, strlen(reason));
}

static enum err restart_make(struct coordinator *coordinator, const struct link_message *message,
                             size_t *ret_size)
{
    uint32_t index = 0;
    struct sdp_fragment fragment;
    struct peer_entry *entry = peer_table_find(coordinator->table, message->peer, &index);
    if (entry == NULL || entry->closing) {
        return ERR_NOT_FOUND;
    }
    enum err err = sdp_fragment_parse(message->sdp, message->sdp_length, &fragment);
    if (err == ERR_NONE) {
        err = peer_table_restart(coordinator->table, index, fragment.ufrag.data,
                                 fragment.ufrag.size);
    }
    if (err != ERR_NONE) {
        return err;
    }
    memcpy(entry->facts.owner, message->owner, sizeof(entry->facts.owner));
    const struct ice_credentials *newest = peer_entry_credentials(entry);
    return sdp_fragment_write(&fragment, newest->ufrag, newest->password,
                              coordinator->server.candidates, coordinator->server.candidate_count,
                              coordinator->answer, sizeof(coordinator->answer), ret_size);
}

static void peer_restart(struct coordinator *coordinator, const struct link_message *message)
{
    size_t size = 0;
    enum err err = restart_make(coordinator, message, &size);
    answer_send(coordinator, message->peer, err, coordinator->answer, err == ERR_NONE ? size : 0);
}

static void peer_end(struct coordinator *coordinator, link_peer peer)
{
    uint32_t index = 0;
    if (peer_table_find(coordinator->table, peer, &index) != NULL) {
        coordinator_peer_close(coordinator, index);
        return;
    }
    // Gone already: said again, so that control need not wait for what was said while it was away.
    struct link_message *message = coordinator_message(coordinator, LINK_PEER_STATE);
    message->peer = peer;
    message->phase = LINK_PEER_CLOSED;
    link_port_send(&coordinator->port, message);
}

static void slot_wish(struct coordinator *coordinator, const struct link_message *message,
                      uint64_t wish)
{
    uint32_t index = 0;
    struct peer_entry *entry = peer_table_find(coordinator->table, message->peer, &index);
    if (entry == NULL || entry->closing) {
        return; // the peer's end crossed this on the way
    }
    atomic_store_explicit(&entry->wishes[message->slot], wish, memory_order_release);
    coordinator_tell_threads(
        coordinator,
        &(struct mail){.type = MAIL_SLOT_CHANGED, .peer = index, .slot = message->slot});
}

static void slot_variant(struct coordinator *coordinator, const struct link_message *message)
{
    uint32_t index = 0;
    struct peer_entry *entry = peer_table_find(coordinator->table, message->peer, &index);
    if (entry == NULL || entry->closing) {
        return; // the peer's end crossed this on the way
    }
    atomic_store_explicit(&entry->variants[message->slot], (uint8_t)message->variant,
                          memory_order_release);
    coordinator_tell_threads(
        coordinator,
        &(struct mail){.type = MAIL_SLOT_CHANGED, .peer = index, .slot = message->slot});
}

static void sync_answer(struct coordinator *coordinator)
{
    for (uint32_t i = 0; i < coordinator->live.count; i++) {
        uint32_t index = coordinator->live.items[i];
        const struct peer_entry *entry = &coordinator->table->entries[index];
        if (entry->closing) {
            continue;
        }
        coordinator_peer_state(coordinator, index);
        for (uint8_t k = 0; k < entry->facts.session.section_count; k++) {
            if (entry->facts.session.sections[k].wish.direction == LINK_SEND) {
                coordinator_tell_source(coordinator, entry, k);
            }
        }
    }
    link_port_send(&coordinator->port, coordinator_message(coordinator, LINK_SYNCED));
    coordinator_tell_counters(coordinator);
}

static void message_act(struct coordinator *coordinator, const struct link_message *message,
                        time_us now)
{
    switch (message->type) {
    case LINK_HELLO: break;
    case LINK_SYNC: sync_answer(coordinator); break;
    case LINK_PEER_CREATE: peer_create(coordinator, message, now); break;
    case LINK_PEER_CLOSE: peer_end(coordinator, message->peer); break;
    case LINK_PEER_RESTART: peer_restart(coordinator, message); break;
    case LINK_CHANNEL_SET_SOURCE:
        coordinator_tell_threads(coordinator, &(struct mail){.type = MAIL_CHANNEL_SET_SOURCE,
                                                             .channel = message->channel,
                                                             .source = message->source,
                                                             .wait_ms = message->wait_ms});
        break;
    case LINK_CHANNEL_SET_DELAY:
        coordinator_tell_threads(coordinator, &(struct mail){.type = MAIL_CHANNEL_SET_DELAY,
                                                             .channel = message->channel,
                                                             .delay_ms = message->delay_ms});
        break;
    case LINK_SLOT_SET_CHANNEL: slot_wish(coordinator, message, message->channel); break;
    case LINK_SLOT_SET_SOURCE:
        slot_wish(coordinator, message, PEER_WISH_SOURCE | message->source);
        break;
    case LINK_SLOT_SET_VARIANT: slot_variant(coordinator, message); break;
    case LINK_SOURCE_AWAIT: coordinator_source_await(coordinator, message->source); break;
    case LINK_SYNCED:
    case LINK_PEER_ANSWER:
    case LINK_PEER_STATE:
    case LINK_SOURCE_STATE:
    case LINK_SOURCE_LEVELS:
    case LINK_PEER_REPORT:
    case LINK_COUNTERS:
    case LINK_MESSAGE_TYPE_END:
        // Ours to say. Whoever says it to us is no control process of this version.
        link_port_disconnect(&coordinator->port);
        break;
    }
}

void coordinator_read_link(struct coordinator *coordinator, time_us now)
{
    // Bounded, so that a talkative control process does not keep the phases of peers from being
    // told.
    for (unsigned i = 0; i < 256; i++) {
        enum err err = link_port_read(&coordinator->port, &coordinator->incoming);
        if (err == ERR_AGAIN) {
            return;
        }
        if (err != ERR_NONE) {
            log_event(LOG_INFO, "media.link_ended", LOG_TEXT("reason", err_slug(err)));
            return;
        }
        message_act(coordinator, &coordinator->incoming, now);
    }
}
