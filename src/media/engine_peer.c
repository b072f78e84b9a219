// A peer's life on its thread: announced, claimed, connected, silent, released.
#include <string.h>

#include "base/assert.h"
#include "media/engine_priv.h"

#define REPORT_EVERY_US (5 * (time_us)TIME_US_PER_S)

// --- sources ---

static void source_close(struct engine *engine, uint32_t index, link_source source)
{
    if (id_table_find(&engine->sources, source) == index) {
        id_table_remove(&engine->sources, source);
        router_source_close(engine->router, source);
    }
}

// A source id names one track at a time. When control gives it to a new peer before the old one is
// gone, the new one has it.
static void source_open(struct engine *engine, uint32_t index, const struct media_section *section,
                        handle router_peer)
{
    link_source source = section->wish.source;
    uint32_t before = id_table_find(&engine->sources, source);
    if (before != ID_TABLE_NONE) {
        source_close(engine, before, source);
    }
    struct router_source_description description = {
        .id = source,
        .kind = section->wish.kind,
        .layer_count = section->layer_count,
        .codec = section->codec,
        .payload_type = section->payload_type,
        .rtx_payload_type = section->rtx_payload_type,
        .nack = (section->feedback & SDP_FEEDBACK_NACK) != 0,
        .abs_send_time_id = section->abs_send_time_id,
        .level_id = section->wish.kind == LINK_AUDIO ? section->level_id : 0,
        .remb = (section->feedback & SDP_FEEDBACK_REMB) != 0,
        .owner = engine_entry(engine, index)->facts.id,
        .peer = router_peer,
    };
    if (router_source_open(engine->router, &description) == ERR_NONE) {
        id_table_add(&engine->sources, source, index);
    } else {
        counter_add(&engine->counters->sources_refused_total, 1);
    }
}

static void sources_open(struct engine *engine, uint32_t index, handle router_peer)
{
    const struct media_session *session = &engine_entry(engine, index)->facts.session;
    for (uint8_t i = 0; i < session->section_count; i++) {
        if (session->sections[i].wish.direction == LINK_SEND) {
            source_open(engine, index, &session->sections[i], router_peer);
        }
    }
    engine->wanted_stale = true;
}

// --- phases ---

void engine_peer_open(struct engine *engine, uint32_t index)
{
    ASSERT(!index_set_has(&engine->known, index));
    index_set_add(&engine->known, index);
    sources_open(engine, index, HANDLE_NONE);
}

static struct router_peer_description peer_description(const struct peer_facts *facts)
{
    const struct media_session *session = &facts->session;
    struct router_peer_description description = {
        .id = facts->id,
        .rtcp_ssrc = session->rtcp_ssrc,
        .listen_only = true,
    };
    memcpy(description.cname, session->cname, sizeof(description.cname));
    for (uint8_t i = 0; i < session->section_count; i++) {
        const struct media_section *section = &session->sections[i];
        if (section->wish.direction == LINK_SEND) {
            description.listen_only = false;
        } else {
            description.slots[description.slot_count++] = (struct router_slot_description){
                .kind = section->wish.kind,
                .slot = section->wish.slot,
                .payload_type = section->payload_type,
                .rtx_payload_type = section->rtx_payload_type,
                .h264_payload_type = section->h264_payload_type,
                .h264_rtx_payload_type = section->h264_rtx_payload_type,
                .red_payload_type = section->red_payload_type,
                .ptime_max_ms = section->ptime_max_ms,
                .abs_send_time_id = section->abs_send_time_id,
                .ssrc = section->ssrc,
                .rtx_ssrc = section->rtx_ssrc,
            };
        }
    }
    return description;
}

void engine_peer_claimed(struct engine *engine, uint32_t index, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    struct router_peer_description description = peer_description(&entry->facts);
    peer_init(&entry->peer, &entry->facts.session, now);
    index_set_add(&engine->owned, index);
    engine->destinations[index].size = 0;
    if (router_peer_open(engine->router, &description, &entry->router_peer) != ERR_NONE) {
        // A limit of this thread's router: the peer cannot be served here. It is told by the phase.
        entry->router_peer = HANDLE_NONE;
        counter_add(&engine->counters->peers_refused_total, 1);
        (void)peer_close(&entry->peer);
        engine_peer_phase(engine, index, now);
        return;
    }
    sources_open(engine, index, entry->router_peer);
    for (uint8_t i = 0; i < description.slot_count; i++) {
        engine_peer_wish(engine, index, description.slots[i].slot, now);
    }
}

void engine_peer_wish(struct engine *engine, uint32_t index, uint8_t slot, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    if (!index_set_has(&engine->owned, index) || entry->router_peer == HANDLE_NONE) {
        return; // whoever claims the peer reads its wishes then
    }
    uint64_t wish = atomic_load_explicit(&entry->wishes[slot], memory_order_acquire);
    enum err err = (wish & PEER_WISH_SOURCE) != 0
                       ? router_slot_set_source(engine->router, now, entry->router_peer, slot,
                                                (link_source)wish)
                       : router_slot_set_channel(engine->router, now, entry->router_peer, slot,
                                                 (link_channel)wish);
    if (err == ERR_NONE) {
        enum link_variant variant = atomic_load_explicit(&entry->variants[slot],
                                                         memory_order_acquire);
        err = router_slot_set_variant(engine->router, now, entry->router_peer, slot, variant);
    }
    if (err != ERR_NONE) {
        counter_add(&engine->counters->wishes_refused_total, 1);
    }
    engine->wanted_stale = true;
}

void engine_peer_connect(struct engine *engine, uint32_t index, time_us now,
                         const struct mail *keys)
{
    struct peer_entry *entry = engine_entry(engine, index);
    if (peer_connect(&entry->peer, now, (enum secure_rtp_profile)keys->profile, keys->data,
                     keys->size) != ERR_NONE) {
        return;
    }
    enum err err = router_peer_connect(engine->router, now, entry->router_peer, index,
                                       &entry->peer.send_key);
    ASSERT(err == ERR_NONE); // the peer is open and was not connected before
    counter_add(&engine->counters->joins_total, 1);
    counter_add(&engine->counters->join_time_us_total, (uint64_t)(now - entry->facts.created_at));
    entry->report_at = now + REPORT_EVERY_US;
    engine->wanted_stale = true;
    engine_peer_phase(engine, index, now);
}

void engine_peer_phase(struct engine *engine, uint32_t index, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    enum link_peer_phase phase = entry->peer.phase;
    atomic_store_explicit(&entry->phase, (uint32_t)phase, memory_order_release);
    engine->wake_coordinator = true;
    if (entry->router_peer != HANDLE_NONE && entry->peer.send_key.ready) {
        bool reachable = phase == LINK_PEER_CONNECTED;
        enum err err = router_peer_set_destination(engine->router, now, entry->router_peer, index,
                                                   reachable);
        ASSERT(err == ERR_NONE); // the handle is ours
    }
}

void engine_peer_address(struct engine *engine, uint32_t index, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    if (engine->destinations[index].size != 0) {
        counter_add(&engine->counters->peer_moved_total, 1);
        // What is already prepared goes to where it was meant to go.
        transmit_flush(engine->transmit);
    }
    engine->destinations[index] = transmit_destination(engine->transmit, &entry->peer.ice.selected);
    if (entry->router_peer != HANDLE_NONE && entry->peer.send_key.ready) {
        enum err err = router_peer_set_destination(engine->router, now, entry->router_peer, index,
                                                   entry->peer.phase == LINK_PEER_CONNECTED);
        ASSERT(err == ERR_NONE); // the handle is ours
    }
}

static void peer_report(struct engine *engine, uint32_t index, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    struct router_peer_report report;
    entry->report_at = now + REPORT_EVERY_US;
    if (router_peer_report(engine->router, now, entry->router_peer, &report) != ERR_NONE) {
        return;
    }
    entry->slots_held_told = report.slots_held;
    entry->pictures_up_held_told = report.pictures_up_held;
    struct mail *mail = mailbox_begin(engine->shared->coordinator, engine->thread, MAIL_PEER_REPORT,
                                      index);
    if (mail == NULL) {
        counter_add(&engine->counters->mail_full_total, 1);
        return;
    }
    mail->size = sizeof(report);
    memcpy(mail->data, &report, sizeof(report));
    mailbox_push(engine->shared->coordinator, engine->thread);
    engine->wake_coordinator = true;
}

// Routes change while a peer stays.
static void destination_refresh(struct engine *engine, uint32_t index)
{
    struct transmit_destination *destination = &engine->destinations[index];
    struct transmit_destination now = transmit_destination(
        engine->transmit, &engine_entry(engine, index)->peer.ice.selected);
    if (memcmp(destination, &now, sizeof(now)) != 0) {
        transmit_flush(engine->transmit);
        memcpy(destination, &now, sizeof(now));
    }
}

// What the page says about its pictures must not wait for the next report.
static bool pictures_changed(const struct engine *engine, const struct peer_entry *entry,
                             time_us now)
{
    uint16_t slots_held = 0;
    bool up_held = router_peer_pictures(engine->router, now, entry->router_peer, &slots_held);
    return slots_held != entry->slots_held_told || up_held != entry->pictures_up_held_told;
}

void engine_peer_tick(struct engine *engine, uint32_t index, time_us now)
{
    struct peer_entry *entry = engine_entry(engine, index);
    if (peer_on_tick(&entry->peer, now, &engine->shared->timeouts, engine->counters)) {
        engine_peer_phase(engine, index, now);
    }
    if (entry->peer.phase == LINK_PEER_CONNECTED &&
        (now >= entry->report_at || pictures_changed(engine, entry, now))) {
        destination_refresh(engine, index);
        peer_report(engine, index, now);
    }
}

void engine_peer_release(struct engine *engine, uint32_t index)
{
    struct peer_entry *entry = engine_entry(engine, index);
    if (!index_set_has(&engine->known, index)) {
        return;
    }
    // Prepared datagrams point at the peer's destination; they go out before the index may be
    // another peer's.
    transmit_flush(engine->transmit);
    const struct media_session *session = &entry->facts.session;
    for (uint8_t i = 0; i < session->section_count; i++) {
        if (session->sections[i].wish.direction == LINK_SEND) {
            source_close(engine, index, session->sections[i].wish.source);
        }
    }
    if (index_set_has(&engine->owned, index)) {
        if (entry->router_peer != HANDLE_NONE) {
            router_peer_close(engine->router, entry->router_peer);
        }
        peer_finish(&entry->peer);
        index_set_remove(&engine->owned, index);
    }
    route_table_remove_peer(&engine->routes, index);
    route_table_remove_peer(&engine->senders, index);
    index_set_remove(&engine->known, index);
    engine->wanted_stale = true;
    atomic_fetch_add_explicit(&entry->released, 1, memory_order_release);
    engine->wake_coordinator = true;
}
