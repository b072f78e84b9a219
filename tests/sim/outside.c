// What comes to the meeting from outside its pages: feeds begin, deliver, fall silent and end;
// papers are sent, and their contents are lost. Deadlines of silent feeds are the core's. What the
// secretariat does comes from there too.
#include "sim.h"

#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "meeting/document.h"
#include "meeting/feed.h"

// Two that are named as what they are put on at once, and two that wait for a command.
static const char *const feeds[SIM_FEEDS] = {"floor", "es", "stage", "gallery"};

const char *sim_any_feed(struct sim *sim)
{
    return feeds[sim_below(&sim->random, SIM_FEEDS)];
}

static const char *any_sender(struct sim *sim)
{
    return sim->clients[sim_below(&sim->random, SIM_CLIENTS)].participant;
}

static void feed_event(struct sim *sim)
{
    struct meeting_state *state = sim->server.decided;
    const char *id = sim_any_feed(sim);
    const struct meeting_feed_wish wish = {.id = id, .participant = any_sender(sim)};
    time_ms now = sim_server_time(sim);
    struct refusal refusal = {0};
    uint32_t chance = sim_below(&sim->random, 100);
    if (chance < 40) {
        enum err err = meeting_feed_begin(state, &wish, now, sim->events, &refusal);
        ASSERT(err == ERR_NONE);
    } else if (chance < 75) {
        meeting_feed_delivers(state, id, sim_chance(&sim->random, 800),
                              sim_chance(&sim->random, 500), now, sim->events);
    } else if (chance < 90) {
        bool silent = sim_chance(&sim->random, 500);
        meeting_feed_silent(state, id, silent ? now - 1000 : 0, silent ? now + 14000 : 0, now,
                            sim->events);
    } else {
        meeting_feed_end(state, id, now, sim->events);
    }
}

static void paper_sent(struct sim *sim)
{
    struct meeting_state *state = sim->server.decided;
    struct sim_random *random = &sim->random;
    bool speech = sim_chance(random, 600);
    struct content contents = {.form = (enum document_form)sim_below(random, DOCUMENT_FORM_COUNT),
                               .size = 1 + sim_below(random, 1000)};
    struct command_document_add wish = {.kind = speech ? DOCUMENT_KIND_SPEECH
                                                       : DOCUMENT_KIND_DOCUMENT,
                                        .title = "Paper",
                                        .embargoed = speech && sim_chance(random, 600)};
    struct text_builder builder = text_builder(contents.id, sizeof contents.id);
    text_append_format(&builder, "doc%llu", (unsigned long long)state->seq);
    memset(contents.sha256, 'a', CONTENT_SHA256_MAX);
    memcpy(wish.document, contents.id, sizeof wish.document);
    if (sim_chance(random, 200)) {
        sim_any_document(sim, state, wish.replaces);
    }
    const struct meeting_caller caller = meeting_caller(state, any_sender(sim),
                                                        COMMAND_DOCUMENT_ADD);
    struct refusal refusal = {0};
    enum err err = meeting_document_add(state, &caller, &wish, &contents, sim_server_time(sim),
                                        sim->events, &refusal);
    ASSERT((err != ERR_NONE) == (refusal.reason != REFUSAL_NONE));
}

void sim_any_document(struct sim *sim, const struct meeting_state *state,
                      char to[CONTRACT_ID_MAX + 1])
{
    const struct meeting *meeting = &state->meeting;
    const char *id = meeting->documents_count == 0
                         ? "none"
                         : meeting->documents[sim_below(&sim->random, meeting->documents_count)].id;
    enum err err = text_copy(to, CONTRACT_ID_MAX + 1, id);
    ASSERT(err == ERR_NONE);
}

void sim_outside_event(struct sim *sim)
{
    char document[CONTRACT_ID_MAX + 1];
    uint32_t chance = sim_below(&sim->random, 100);
    sim->events->count = 0;
    sim->server.outside_at = sim->now + sim_between(&sim->random, 500, 30000);
    if (chance < 40) {
        feed_event(sim);
    } else if (chance < 75) {
        paper_sent(sim);
    } else if (chance < 95) {
        sim_secretariat_event(sim);
    } else {
        sim_any_document(sim, sim->server.decided, document);
        meeting_document_lost(sim->server.decided, document, sim_server_time(sim), sim->events);
    }
}
