#include "media/coordinator.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

#define SWEEP_EVERY_US    TIME_US_PER_S
#define COUNTERS_EVERY_US (5 * (time_us)TIME_US_PER_S)

enum err coordinator_init(struct coordinator *coordinator, int link_fd)
{
    enum err err = link_port_init(&coordinator->port, link_fd);
    if (err != ERR_NONE) {
        return err;
    }
    coordinator->sdp = media_sdp_create(coordinator->sound_without_picture);
    if (coordinator->sdp == NULL ||
        index_set_init(&coordinator->live, coordinator->table->capacity) != ERR_NONE) {
        coordinator_finish(coordinator);
        return ERR_FULL;
    }
    return ERR_NONE;
}

void coordinator_finish(struct coordinator *coordinator)
{
    link_port_finish(&coordinator->port);
    media_sdp_destroy(coordinator->sdp);
    coordinator->sdp = NULL;
    index_set_finish(&coordinator->live);
}

struct link_message *coordinator_message(struct coordinator *coordinator,
                                         enum link_message_type type)
{
    memset(&coordinator->outgoing, 0, sizeof(coordinator->outgoing));
    coordinator->outgoing.type = type;
    return &coordinator->outgoing;
}

static struct peer_entry *entry_at(const struct coordinator *coordinator, uint32_t index)
{
    return &coordinator->table->entries[index];
}

void coordinator_tell_threads(struct coordinator *coordinator, const struct mail *mail)
{
    for (unsigned thread = 0; thread < coordinator->thread_count; thread++) {
        struct mailbox *mailbox = &coordinator->mailboxes[thread];
        struct mail *told = mailbox_begin_wait(mailbox, MAILBOX_COORDINATOR, mail->type,
                                               mail->peer);
        memcpy(told, mail, offsetof(struct mail, data)); // all that such a mail may say
        mailbox_push(mailbox, MAILBOX_COORDINATOR);
        mailbox_wake(mailbox);
    }
}

static void handshake_tell(struct coordinator *coordinator, enum mail_type type, uint32_t index)
{
    (void)mailbox_begin_wait(coordinator->handshake, MAILBOX_COORDINATOR, type, index);
    mailbox_push(coordinator->handshake, MAILBOX_COORDINATOR);
    mailbox_wake(coordinator->handshake);
}

// What a slot carries by now is told, not what it was made with.
static struct link_section section_now(struct peer_entry *entry, const struct link_section *made)
{
    struct link_section section = *made;
    if (section.direction == LINK_RECEIVE) {
        uint64_t wish = atomic_load_explicit(&entry->wishes[section.slot], memory_order_relaxed);
        section.channel = (wish & PEER_WISH_SOURCE) != 0 ? 0 : (link_channel)wish;
    }
    return section;
}

void coordinator_peer_state(struct coordinator *coordinator, uint32_t index)
{
    struct peer_entry *entry = entry_at(coordinator, index);
    const struct media_session *session = &entry->facts.session;
    struct link_message *message = coordinator_message(coordinator, LINK_PEER_STATE);
    message->peer = entry->facts.id;
    message->phase = (enum link_peer_phase)entry->phase_reported;
    memcpy(message->owner, entry->facts.owner, sizeof(message->owner));
    message->section_count = session->section_count;
    for (uint8_t i = 0; i < session->section_count; i++) {
        message->sections[i] = section_now(entry, &session->sections[i].wish);
    }
    link_port_send(&coordinator->port, message);
}

void coordinator_tell_source(struct coordinator *coordinator, const struct peer_entry *entry,
                             uint8_t section)
{
    struct link_message *message = coordinator_message(coordinator, LINK_SOURCE_STATE);
    message->source = entry->facts.session.sections[section].wish.source;
    message->active = (entry->active_sections & 1u << section) != 0;
    message->sounding = (entry->sounding_sections & 1u << section) != 0;
    link_port_send(&coordinator->port, message);
}

static void note_source(struct peer_entry *entry, uint8_t section, bool active, bool sounding)
{
    entry->active_sections &= ~(1u << section);
    entry->active_sections |= active ? 1u << section : 0;
    entry->sounding_sections &= ~(1u << section);
    entry->sounding_sections |= sounding ? 1u << section : 0;
}

void coordinator_peer_open(struct coordinator *coordinator, uint32_t index)
{
    index_set_add(&coordinator->live, index);
    // The handshake thread first: a check at a media thread may be followed by a ClientHello at
    // once.
    handshake_tell(coordinator, MAIL_PEER_OPEN, index);
    coordinator_tell_threads(coordinator, &(struct mail){.type = MAIL_PEER_OPEN, .peer = index});
}

void coordinator_peer_close(struct coordinator *coordinator, uint32_t index)
{
    struct peer_entry *entry = entry_at(coordinator, index);
    if (entry->closing) {
        coordinator_peer_state(coordinator, index);
        return;
    }
    entry->closing = true;
    entry->phase_reported = LINK_PEER_CLOSED;
    for (uint8_t i = 0; i < entry->facts.session.section_count; i++) {
        if ((entry->active_sections & 1u << i) != 0) {
            note_source(entry, i, false, false);
            coordinator_tell_source(coordinator, entry, i);
        }
    }
    coordinator_peer_state(coordinator, index);
    handshake_tell(coordinator, MAIL_PEER_CLOSE, index);
}

// Looks at one entry after somebody changed something. False when the entry was given back.
static bool entry_sweep(struct coordinator *coordinator, uint32_t index, time_us now)
{
    struct peer_entry *entry = entry_at(coordinator, index);
    if (entry->closing) {
        uint32_t released = atomic_load_explicit(&entry->released, memory_order_acquire);
        if (released >= 1 && !entry->closing_threads) {
            entry->closing_threads = true;
            coordinator_tell_threads(coordinator,
                                     &(struct mail){.type = MAIL_PEER_CLOSE, .peer = index});
        }
        if (released == coordinator->thread_count + 1) {
            index_set_remove(&coordinator->live, index);
            peer_table_give(coordinator->table, index);
            return false;
        }
        return true;
    }
    unsigned owner = 0;
    uint32_t phase = atomic_load_explicit(&entry->phase, memory_order_acquire);
    if (phase == LINK_PEER_NEW && !peer_entry_owner(entry, &owner) &&
        now - entry->facts.created_at >= coordinator->close_after) {
        coordinator->unclaimed_lost++;
        phase = LINK_PEER_CLOSED;
    }
    if (phase == LINK_PEER_CLOSED) {
        coordinator_peer_close(coordinator, index);
    } else if (phase != entry->phase_reported) {
        entry->phase_reported = phase;
        coordinator_peer_state(coordinator, index);
    }
    return true;
}

static void live_sweep(struct coordinator *coordinator, time_us now)
{
    // Backwards, because an entry given back leaves the set and the last takes its place.
    for (uint32_t i = coordinator->live.count; i-- > 0;) {
        (void)entry_sweep(coordinator, coordinator->live.items[i], now);
    }
}

// The peer of a source, and its section; NULL when it has gone.
static struct peer_entry *source_find(struct coordinator *coordinator, link_source source,
                                      uint8_t *ret_section)
{
    for (uint32_t i = 0; i < coordinator->live.count; i++) {
        struct peer_entry *entry = entry_at(coordinator, coordinator->live.items[i]);
        for (uint8_t k = 0; !entry->closing && k < entry->facts.session.section_count; k++) {
            const struct link_section *wish = &entry->facts.session.sections[k].wish;
            if (wish->direction == LINK_SEND && wish->source == source) {
                *ret_section = k;
                return entry;
            }
        }
    }
    return NULL;
}

static void source_changed(struct coordinator *coordinator, const struct mail *mail)
{
    uint8_t section = 0;
    struct peer_entry *entry = source_find(coordinator, mail->source, &section);
    if (entry != NULL) {
        note_source(entry, section, mail->flag, mail->sounding);
        coordinator_tell_source(coordinator, entry, section);
    }
}

void coordinator_source_await(struct coordinator *coordinator, link_source source)
{
    uint8_t section = 0;
    struct peer_entry *entry = source_find(coordinator, source, &section);
    if (entry != NULL) {
        note_source(entry, section, false, false);
        coordinator_tell_threads(coordinator,
                                 &(struct mail){.type = MAIL_SOURCE_AWAIT, .source = source});
    }
}

static void levels_tell(struct coordinator *coordinator, const struct mail *mail)
{
    struct link_message *message = coordinator_message(coordinator, LINK_SOURCE_LEVELS);
    ASSERT(mail->size <= sizeof(message->levels));
    memcpy(message->levels, mail->data, mail->size);
    message->level_count = (uint16_t)(mail->size / sizeof(message->levels[0]));
    link_port_send(&coordinator->port, message);
}

static void report_tell(struct coordinator *coordinator, const struct mail *mail)
{
    struct router_peer_report report;
    const struct peer_entry *entry = entry_at(coordinator, mail->peer);
    if (!entry->taken || entry->closing) {
        return;
    }
    memcpy(&report, mail->data, sizeof(report));
    struct link_message *message = coordinator_message(coordinator, LINK_PEER_REPORT);
    message->peer = entry->facts.id;
    message->report.round_trip_us = report.round_trip_us;
    message->report.jitter_us = report.jitter_us;
    message->report.loss_up_permille = report.loss_up_permille;
    message->report.loss_down_permille = report.loss_down_permille;
    message->report.estimate_bps = report.estimate_bps;
    message->report.slots_held = report.slots_held;
    message->report.pictures_up_held = report.pictures_up_held;
    message->report.packets_in = report.packets_in;
    message->report.packets_out = report.packets_out;
    link_port_send(&coordinator->port, message);
}

void coordinator_read_mail(struct coordinator *coordinator, time_us now)
{
    for (unsigned writer = 0; writer < coordinator->thread_count; writer++) {
        struct mail *mail;
        for (unsigned i = 0; i < MAILBOX_CAPACITY; i++) {
            mail = mailbox_peek(coordinator->mailbox, writer);
            if (mail == NULL) {
                break;
            }
            if (mail->type == MAIL_SOURCE_STATE) {
                source_changed(coordinator, mail);
            } else if (mail->type == MAIL_PEER_REPORT) {
                report_tell(coordinator, mail);
            } else if (mail->type == MAIL_SOURCE_LEVELS) {
                levels_tell(coordinator, mail);
            }
            mailbox_pop(coordinator->mailbox, writer);
        }
    }
    live_sweep(coordinator, now);
}

void coordinator_tell_counters(struct coordinator *coordinator)
{
    struct link_message *message = coordinator_message(coordinator, LINK_COUNTERS);
    uint64_t connected = 0;
    for (uint32_t i = 0; i < coordinator->live.count; i++) {
        const struct peer_entry *entry = entry_at(coordinator, coordinator->live.items[i]);
        connected += entry->phase_reported == LINK_PEER_CONNECTED ? 1 : 0;
    }
    counters_message(coordinator->counters, coordinator->counters_count, message);
    counters_append(message, "peers", coordinator->live.count);
    counters_append(message, "peers_connected", connected);
    counters_append(message, "peers_unclaimed_total", coordinator->unclaimed_lost);
    counters_append(message, "link_shed_total", coordinator->port.shed);
    link_port_send(&coordinator->port, message);
}

time_us coordinator_next_deadline(const struct coordinator *coordinator)
{
    return coordinator->sweep_at < coordinator->counters_at ? coordinator->sweep_at
                                                            : coordinator->counters_at;
}

void coordinator_on_deadline(struct coordinator *coordinator, time_us now)
{
    if (now >= coordinator->sweep_at) {
        coordinator->sweep_at = now + SWEEP_EVERY_US;
        live_sweep(coordinator, now);
    }
    if (now >= coordinator->counters_at) {
        coordinator->counters_at = now + COUNTERS_EVERY_US;
        coordinator_tell_counters(coordinator);
    }
}
