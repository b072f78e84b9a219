// What an engine says to the other threads, and the end of its turn, at which they are woken.
#include "base/assert.h"
#include "media/engine_priv.h"

struct mail *engine_mail_begin(struct engine *engine, unsigned thread, enum mail_type type,
                               uint32_t peer)
{
    ASSERT(thread != engine->thread);
    struct mail *mail = mailbox_begin(&engine->shared->mailboxes[thread], engine->thread, type,
                                      peer);
    if (mail == NULL) {
        counter_add(&engine->counters->mail_full_total, 1);
    }
    return mail;
}

void engine_mail_end(struct engine *engine, unsigned thread)
{
    mailbox_push(&engine->shared->mailboxes[thread], engine->thread);
    engine->wake_threads |= 1u << thread;
}

// Tells the other threads which sources the listeners here want.
static void wanted_refresh(struct engine *engine)
{
    uint32_t bit = 1u << engine->thread;
    for (uint32_t i = 0; i < engine->known.count; i++) {
        struct peer_entry *entry = engine_entry(engine, engine->known.items[i]);
        const struct media_session *session = &entry->facts.session;
        for (uint8_t k = 0; k < session->section_count; k++) {
            const struct link_section *wish = &session->sections[k].wish;
            if (wish->direction != LINK_SEND) {
                continue;
            }
            bool wanted = router_source_wanted(engine->router, wish->source);
            uint32_t now = atomic_load_explicit(&entry->wanted[k], memory_order_relaxed);
            if (wanted != ((now & bit) != 0)) {
                atomic_fetch_xor_explicit(&entry->wanted[k], bit, memory_order_relaxed);
            }
        }
    }
}

void engine_flush(struct engine *engine)
{
    transmit_flush(engine->transmit);
    if (engine->wanted_stale && engine->shared->thread_count > 1) {
        wanted_refresh(engine);
    }
    engine->wanted_stale = false;
    while (engine->wake_threads != 0) {
        unsigned thread = (unsigned)__builtin_ctz(engine->wake_threads);
        engine->wake_threads &= engine->wake_threads - 1;
        mailbox_wake(&engine->shared->mailboxes[thread]);
    }
    if (engine->wake_handshake) {
        mailbox_wake(engine->shared->handshake);
        engine->wake_handshake = false;
    }
    if (engine->wake_coordinator) {
        mailbox_wake(engine->shared->coordinator);
        engine->wake_coordinator = false;
    }
}
