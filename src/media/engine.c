#include "media/engine_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "crypto/random.h"
#include "wire/packet_kind.h"
#include "wire/stun.h"

#define TICK_US 250000
// Bad checks from one IP address: strangers guess, and a page that was closed goes on for a while.
#define BAD_CHECKS_PER_SECOND 20
#define BAD_CHECKS_BURST      200

static uint8_t *sink_reserve(void *context, size_t size)
{
    struct engine *engine = context;
    ASSERT(size <= TRANSMIT_DATAGRAM_MAX);
    return transmit_reserve(engine->transmit);
}

static void sink_commit(void *context, uint64_t destination, size_t size)
{
    struct engine *engine = context;
    transmit_commit(engine->transmit, &engine->destinations[destination], size);
}

static void sink_source_feedback(void *context, link_source source, bool key_frame, uint8_t layer)
{
    struct engine *engine = context;
    uint32_t index = id_table_find(&engine->sources, source);
    unsigned owner = 0;
    if (index == ID_TABLE_NONE || !peer_entry_owner(engine_entry(engine, index), &owner) ||
        owner == engine->thread) {
        return;
    }
    struct mail *mail = engine_mail_begin(engine, owner, MAIL_SOURCE_FEEDBACK, index);
    if (mail != NULL) {
        mail->source = source;
        mail->flag = key_frame;
        mail->layer = layer;
        engine_mail_end(engine, owner);
    }
}

static void sink_source_state(void *context, link_source source, bool active, bool sounding)
{
    struct engine *engine = context;
    struct mail *mail = mailbox_begin(engine->shared->coordinator, engine->thread,
                                      MAIL_SOURCE_STATE, 0);
    if (mail == NULL) {
        counter_add(&engine->counters->mail_full_total, 1);
        return;
    }
    mail->source = source;
    mail->flag = active;
    mail->sounding = sounding;
    mailbox_push(engine->shared->coordinator, engine->thread);
    engine->wake_coordinator = true;
}

static void sink_source_levels(void *context, const struct link_level *levels, uint32_t count)
{
    struct engine *engine = context;
    struct mail *mail = mailbox_begin(engine->shared->coordinator, engine->thread,
                                      MAIL_SOURCE_LEVELS, 0);
    if (mail == NULL) {
        counter_add(&engine->counters->mail_full_total, 1);
        return;
    }
    mail->size = (uint16_t)(count * sizeof(*levels));
    memcpy(mail->data, levels, mail->size);
    mailbox_push(engine->shared->coordinator, engine->thread);
    engine->wake_coordinator = true;
}

struct engine *engine_create(const struct engine_shared *shared, unsigned thread,
                             struct transmit *transmit)
{
    struct engine *engine = aligned_alloc(_Alignof(struct engine), sizeof(*engine));
    if (engine == NULL) {
        return NULL;
    }
    memset(engine, 0, sizeof(*engine));
    uint32_t peers_max = shared->table->capacity;
    engine->shared = shared;
    engine->thread = thread;
    engine->transmit = transmit;
    engine->counters = &shared->counters[thread];
    engine->guard_seed = random_u32();
    struct router_sink sink = {
        .context = engine,
        .reserve = sink_reserve,
        .commit = sink_commit,
        .source_feedback = sink_source_feedback,
        .source_levels = sink_source_levels,
        .source_state = sink_source_state,
    };
    engine->router = router_create(&shared->limits, &sink, random_u64());
    engine->destinations = aligned_alloc(_Alignof(struct transmit_destination),
                                         peers_max * sizeof(*engine->destinations));
    if (engine->router == NULL || engine->destinations == NULL ||
        route_table_init(&engine->routes, peers_max, random_u64()) != ERR_NONE ||
        route_table_init(&engine->senders, peers_max, random_u64()) != ERR_NONE ||
        id_table_init(&engine->sources, peers_max * LINK_SECTIONS_MAX) != ERR_NONE ||
        index_set_init(&engine->known, peers_max) != ERR_NONE ||
        index_set_init(&engine->owned, peers_max) != ERR_NONE) {
        engine_destroy(engine);
        return NULL;
    }
    return engine;
}

void engine_destroy(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    router_destroy(engine->router);
    route_table_finish(&engine->routes);
    route_table_finish(&engine->senders);
    id_table_finish(&engine->sources);
    index_set_finish(&engine->known);
    index_set_finish(&engine->owned);
    free(engine->destinations);
    free(engine);
}

void engine_forward(struct engine *engine, time_us now, time_us received_at, link_source source,
                    uint8_t layer, const struct rtp_packet *rtp, const uint8_t *packet)
{
    transmit_received_at(engine->transmit, received_at);
    router_receive_rtp(engine->router, now, source, layer, rtp, packet);
    transmit_received_at(engine->transmit, 0);
}

// Copies a source's packet to the other threads that have listeners of it.
static void packet_cross(struct engine *engine, uint32_t index, time_us received_at,
                         const struct peer_output *out, const uint8_t *packet)
{
    struct peer_entry *entry = engine_entry(engine, index);
    const struct media_session *session = &entry->facts.session;
    uint32_t wanted = 0;
    for (uint8_t i = 0; i < session->section_count; i++) {
        if (session->sections[i].wish.source == out->source) {
            wanted |= atomic_load_explicit(&entry->wanted[i], memory_order_relaxed);
        }
    }
    wanted &= ~(1u << engine->thread);
    while (wanted != 0 && out->size <= MAILBOX_DATAGRAM_MAX) {
        unsigned thread = (unsigned)__builtin_ctz(wanted);
        wanted &= wanted - 1;
        struct mail *mail = engine_mail_begin(engine, thread, MAIL_SOURCE_PACKET, index);
        if (mail != NULL) {
            mail->source = out->source;
            mail->layer = out->layer;
            mail->received_at = received_at;
            mail->rtp = out->rtp;
            mail->size = (uint16_t)out->size;
            memcpy(mail->data, packet, out->size);
            engine_mail_end(engine, thread);
            counter_add(&engine->counters->packets_crossed_total, 1);
        }
    }
}

static void dtls_pass_on(struct engine *engine, uint32_t index, const uint8_t *data, size_t size)
{
    struct mail *mail = size > MAILBOX_DATAGRAM_MAX
                            ? NULL
                            : mailbox_begin(engine->shared->handshake, engine->thread, MAIL_DTLS,
                                            index);
    if (mail == NULL) {
        counter_add(&engine->counters->mail_full_total, 1);
        return;
    }
    mail->peer_id = engine_entry(engine, index)->facts.id;
    mail->size = (uint16_t)size;
    memcpy(mail->data, data, size);
    mailbox_push(engine->shared->handshake, engine->thread);
    engine->wake_handshake = true;
}

static void check_answer(struct engine *engine, const struct peer_output *out,
                         const struct path *path)
{
    // Reserving may send; after it a batch's worth of places is free, so none is overwritten before
    // it is sent.
    uint8_t *room = transmit_reserve(engine->transmit);
    struct transmit_destination *destination =
        &engine->answer_destinations[engine->answer_count++ % TRANSMIT_BATCH];
    *destination = transmit_destination_once(engine->transmit, path);
    memcpy(room, out->answer, out->ice.answer_size);
    transmit_commit(engine->transmit, destination, out->ice.answer_size);
}

// What the peer made of the datagram is done.
static void act(struct engine *engine, uint32_t index, time_us now, time_us received_at,
                const struct udp_datagram *datagram, const struct peer_output *out)
{
    if (out->ice.selected) {
        engine_sender_moved(engine, index, &datagram->path.remote);
        engine_peer_address(engine, index, now);
    }
    if (out->new_stream) {
        engine_sender_note(engine, index, &datagram->path.remote, out->ssrc);
    }
    if (out->phase_changed) {
        engine_peer_phase(engine, index, now);
    }
    switch (out->action) {
    case PEER_NOTHING: break;
    case PEER_ANSWER: check_answer(engine, out, &datagram->path); break;
    case PEER_DTLS: dtls_pass_on(engine, index, datagram->data, datagram->size); break;
    case PEER_RTP:
        engine_forward(engine, now, received_at, out->source, out->layer, &out->rtp,
                       datagram->data);
        packet_cross(engine, index, received_at, out, datagram->data);
        break;
    case PEER_RTCP:
        router_receive_rtcp(engine->router, now, engine_entry(engine, index)->router_peer,
                            datagram->data, out->size);
        break;
    }
}

bool engine_peer_receive(struct engine *engine, uint32_t index, time_us now, time_us received_at,
                         const struct udp_datagram *datagram)
{
    struct peer_entry *entry = engine_entry(engine, index);
    struct peer_output out;
    peer_receive(&entry->peer, peer_entry_credentials(entry), now, &datagram->path, datagram->data,
                 datagram->size, engine->counters, &out);
    act(engine, index, now, received_at, datagram, &out);
    return out.ice.learned;
}

static void datagram_relay(struct engine *engine, unsigned owner, uint32_t index,
                           time_us received_at, const struct udp_datagram *datagram)
{
    if (datagram->size > MAILBOX_DATAGRAM_MAX) {
        counter_add(&engine->counters->receive_truncated_total, 1);
        return;
    }
    struct mail *mail = engine_mail_begin(engine, owner, MAIL_DATAGRAM, index);
    if (mail != NULL) {
        mail->path = datagram->path;
        mail->received_at = received_at;
        mail->size = (uint16_t)datagram->size;
        memcpy(mail->data, datagram->data, datagram->size);
        engine_mail_end(engine, owner);
        counter_add(&engine->counters->packets_relayed_total, 1);
    }
}

static struct rate_limit *guard_of(struct engine *engine, const struct address *address)
{
    uint32_t hash = engine->guard_seed;
    for (size_t i = 0; i < sizeof(address->ip); i++) {
        hash = (hash ^ address->ip[i]) * 0x01000193u;
    }
    return &engine->guards[(hash ^ hash >> 16) % ENGINE_GUARDS];
}

// Marks the check as seen. True when it was before: MESSAGE-INTEGRITY does not cover where a check
// comes from, so whoever sees one pass could send it again and draw the peer's media to himself.
static bool check_mark_seen(struct peer_entry *entry, const uint8_t *transaction)
{
    uint64_t high;
    uint32_t low;
    memcpy(&high, transaction, sizeof(high));
    memcpy(&low, transaction + sizeof(high), sizeof(low));
    uint64_t mixed = (high ^ (uint64_t)low << 16) * 0x9e3779b97f4a7c15ull;
    _Atomic uint32_t *seen = &entry->checks_seen[mixed >> 56 & (PEER_CHECKS_SEEN - 1)];
    uint32_t mark = (uint32_t)(mixed >> 16) | 1; // 0 is a free place
    bool before = atomic_load_explicit(seen, memory_order_relaxed) == mark;
    atomic_store_explicit(seen, mark, memory_order_relaxed);
    return before;
}

// Whose check it is, when it is authentic; false when it is not, and counted.
static bool check_peer(struct engine *engine, const struct udp_datagram *datagram,
                       struct peer_check *ret_check, uint32_t *ret_index)
{
    struct counters *counters = engine->counters;
    struct stun_message *message = &ret_check->message;
    if (!peer_check_read(datagram->data, datagram->size, counters, message)) {
        return false;
    }
    uint32_t index = 0;
    ret_check->credentials = NULL;
    if (ice_username_index(message->username, message->username_size, &index) &&
        index_set_has(&engine->known, index)) {
        ret_check->credentials = ice_credentials_named(
            peer_entry_credentials(engine_entry(engine, index)), message->username,
            message->username_size);
    }
    if (ret_check->credentials == NULL) {
        counter_add(&counters->stun_stranger_total, 1);
        return false;
    }
    if (!ice_check_authentic(ret_check->credentials, message)) {
        counter_add(&counters->stun_forged_total, 1);
        return false;
    }
    uint32_t sender = 0;
    // A client repeats a check only from where it sent it first.
    if (check_mark_seen(engine_entry(engine, index), message->transaction) &&
        (!route_table_find(&engine->routes, &datagram->path.remote, &sender) || sender != index)) {
        counter_add(&counters->stun_copied_total, 1);
        return false;
    }
    *ret_index = index;
    return true;
}

// The check of a peer owned here.
static void own_check(struct engine *engine, uint32_t index, time_us now, time_us received_at,
                      const struct udp_datagram *datagram, const struct peer_check *check)
{
    struct peer_entry *entry = engine_entry(engine, index);
    struct peer_output out;
    peer_receive_check(&entry->peer, peer_entry_credentials(entry), now, &datagram->path, check,
                       engine->counters, &out);
    act(engine, index, now, received_at, datagram, &out);
}

static void check_receive(struct engine *engine, time_us now, time_us received_at,
                          const struct udp_datagram *datagram)
{
    uint32_t index = 0;
    struct peer_check check;
    struct rate_limit *guard = guard_of(engine, &datagram->path.remote);
    if (!route_table_find(&engine->routes, &datagram->path.remote, &index) &&
        rate_limit_exceeded(guard, now, BAD_CHECKS_PER_SECOND, BAD_CHECKS_BURST)) {
        counter_add(&engine->counters->address_limited_total, 1);
        return;
    }
    if (!check_peer(engine, datagram, &check, &index)) {
        rate_limit_charge(guard, now, BAD_CHECKS_PER_SECOND);
        return;
    }
    unsigned owner = 0;
    struct peer_entry *entry = engine_entry(engine, index);
    if (!peer_entry_owner(entry, &owner)) {
        owner = peer_entry_claim(entry, engine->thread);
        if (owner == engine->thread) {
            engine_peer_claimed(engine, index, now);
        }
    }
    route_table_add(&engine->routes, &datagram->path.remote, index);
    if (owner == engine->thread) {
        own_check(engine, index, now, received_at, datagram, &check);
    } else {
        datagram_relay(engine, owner, index, received_at, datagram);
    }
}

// From an address that nobody is known by. Few of them: each costs a search and a try of keys.
static void stranger_receive(struct engine *engine, time_us now, time_us received_at,
                             const struct udp_datagram *datagram)
{
    uint32_t index = 0;
    unsigned owner = 0;
    struct rate_limit *guard = guard_of(engine, &datagram->path.remote);
    if (!engine_sender_find(engine, datagram, &index) ||
        !peer_entry_owner(engine_entry(engine, index), &owner)) {
        counter_add(&engine->counters->address_unknown_total, 1);
    } else if (rate_limit_exceeded(guard, now, BAD_CHECKS_PER_SECOND, BAD_CHECKS_BURST)) {
        counter_add(&engine->counters->address_limited_total, 1);
    } else if (owner != engine->thread) {
        rate_limit_charge(guard, now, BAD_CHECKS_PER_SECOND);
        datagram_relay(engine, owner, index, received_at, datagram);
    } else if (!engine_peer_receive(engine, index, now, received_at, datagram)) {
        rate_limit_charge(guard, now, BAD_CHECKS_PER_SECOND);
    }
}

void engine_receive(struct engine *engine, time_us now, time_us received_at,
                    const struct udp_datagram *datagram)
{
    uint32_t index = 0;
    unsigned owner = 0;
    switch (packet_kind(datagram->data, datagram->size)) {
    case PACKET_UNKNOWN: counter_add(&engine->counters->kind_unknown_total, 1); return;
    case PACKET_STUN: check_receive(engine, now, received_at, datagram); return;
    case PACKET_DTLS:
    case PACKET_RTP:
    case PACKET_RTCP: break;
    }
    if (!route_table_find(&engine->routes, &datagram->path.remote, &index) ||
        !peer_entry_owner(engine_entry(engine, index), &owner)) {
        stranger_receive(engine, now, received_at, datagram);
    } else if (owner == engine->thread) {
        (void)engine_peer_receive(engine, index, now, received_at, datagram);
    } else {
        datagram_relay(engine, owner, index, received_at, datagram);
    }
}

time_us engine_next_deadline(const struct engine *engine)
{
    time_us router_at = router_next_deadline(engine->router);
    return router_at < engine->tick_at ? router_at : engine->tick_at;
}

void engine_on_deadline(struct engine *engine, time_us now)
{
    if (router_next_deadline(engine->router) <= now) {
        router_on_deadline(engine->router, now);
    }
    if (engine->tick_at > now) {
        return;
    }
    engine->tick_at = now + TICK_US;
    engine->wanted_stale = true;
    for (uint32_t i = 0; i < engine->owned.count; i++) {
        engine_peer_tick(engine, engine->owned.items[i], now);
    }
    counters_publish_router(engine->counters, router_counters(engine->router));
}
