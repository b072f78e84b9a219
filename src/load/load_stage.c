#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "load/load_priv.h"

#define SETTLE TIME_US_PER_S
#define SILENT TIME_US_PER_S // a listener who heard nothing for so long

// --- counting ---

static void failure_note(struct load_result *result, const char *words)
{
    for (size_t i = 0; i < result->failure_count; i++) {
        if (text_equal(result->failures[i].words, words)) {
            result->failures[i].count++;
            return;
        }
    }
    if (result->failure_count < LOAD_FAILURES_MAX) {
        struct load_failure *failure = &result->failures[result->failure_count++];
        failure->count = 1;
        text_copy_cut(failure->words, sizeof(failure->words), words);
    }
}

static void usage_at(struct load *load, struct load_usage *ret_used, struct load_usage *ret_own,
                     struct load_core_usage *ret_core)
{
    const struct load_options *options = load->options;
    pid_t own = getpid();
    enum err err = load_process_usage(&own, 1, ret_own);
    ASSERT(err == ERR_NONE); // we are there
    load->result->usage_known = options->process_count > 0 &&
                                load_process_usage(options->processes, options->process_count,
                                                   ret_used) == ERR_NONE;
    load->result->core_known = options->core >= 0 &&
                               load_core_usage((unsigned)options->core, ret_core) == ERR_NONE;
}

static void measure_begin(struct load *load)
{
    usage_at(load, &load->used_at_start, &load->own_at_start, &load->core_at_start);
    load->all.phase = &load->result->steady;
}

static void measure_end(struct load *load)
{
    struct load_result *result = load->result;
    bool usage_was_known = result->usage_known;
    usage_at(load, &result->used, &result->own, &result->core);
    result->usage_known = result->usage_known && usage_was_known;
    result->used.user -= load->used_at_start.user;
    result->used.system -= load->used_at_start.system;
    result->own.user -= load->own_at_start.user;
    result->own.system -= load->own_at_start.system;
    result->core.user -= load->core_at_start.user;
    result->core.system -= load->core_at_start.system;
    result->core.interrupts -= load->core_at_start.interrupts;
    result->core.idle -= load->core_at_start.idle;
    result->core.stolen -= load->core_at_start.stolen;
    result->steady.length = load->now - load->stage_at;
    result->measured = load->now >= load->stage_end;
    result->dropped_here = load_net_dropped(load->all.net);
    for (uint32_t i = load->options->publishers; i < load->count; i++) {
        const struct load_client *client = &load->clients[i];
        result->silent += client->state == LOAD_CLIENT_CONNECTED &&
                                  client->heard_at + SILENT < load->now
                              ? 1
                              : 0;
    }
}

// --- stages ---

static void join_begin(struct load *load)
{
    load->next = load->options->publishers;
    load->arrival_at = load->now;
    load->all.phase = &load->result->joined;
}

void load_stage_begin(struct load *load, enum load_stage stage)
{
    enum load_stage before = load->stage;
    if (before == LOAD_JOINING) {
        load->result->joined.length = load->now - load->stage_at;
    } else if (before == LOAD_MEASURING) {
        measure_end(load);
    }
    load->stage = stage;
    load->stage_at = load->now;
    load->stage_end = TIME_US_NEVER;
    load->all.phase = &load->discarded;
    switch (stage) {
    case LOAD_PUBLISHING: load->next = 0; break;
    case LOAD_JOINING: join_begin(load); break;
    case LOAD_SETTLING: load->stage_end = load->now + SETTLE; break;
    case LOAD_MEASURING:
        load->stage_end = load->now + load->options->duration_s * (time_us)TIME_US_PER_S;
        measure_begin(load);
        break;
    case LOAD_ENDING:
        load->next = 0;
        load->stage_end = load->now + load->options->patience_s * (time_us)TIME_US_PER_S;
        break;
    case LOAD_DONE: break;
    }
}

static const char *pattern_of(const struct load *load, const struct load_client *client,
                              uint32_t *ret_number)
{
    const struct load_options *options = load->options;
    *ret_number = client->sends ? client->number : client->number - options->publishers;
    return client->sends ? options->whip[*ret_number % options->whip_count]
                         : options->whep[*ret_number % options->whep_count];
}

// NULL: the server asks for none. `room` holds it.
static const char *token_of(const struct load *load, const struct load_client *client,
                            char room[LOAD_URL_MAX + 1])
{
    const char *pattern = client->sends ? load->options->whip_token : load->options->whep_token;
    uint32_t number;
    (void)pattern_of(load, client, &number);
    return pattern != NULL && load_url_expand(pattern, number, room) == ERR_NONE ? room : NULL;
}

static void client_start(struct load *load, struct load_client *client)
{
    char url[LOAD_URL_MAX + 1];
    char token[LOAD_URL_MAX + 1];
    char offer[LOAD_OFFER_MAX];
    uint32_t number;
    const char *pattern = pattern_of(load, client, &number);
    load->joining++;
    if (load_client_offer(client, load->now, offer) != ERR_NONE) {
        load_client_fail(client, "the system gives no more sockets");
    } else if (load_url_expand(pattern, number, url) != ERR_NONE ||
               !load_http_post(load->http, client->number, url, token_of(load, client, token),
                               offer)) {
        load_client_fail(client, "the request could not be made");
    }
}

static time_us next_arrival(struct load *load)
{
    const struct load_options *options = load->options;
    return options->join_rate <= 0  ? 0
           : options->even_arrivals ? (time_us)(TIME_US_PER_S / options->join_rate)
                                    : load_random_interval(&load->arrivals, options->join_rate);
}

static void listeners_start(struct load *load)
{
    while (load->next < load->count && load->now >= load->arrival_at &&
           load->joining < load->options->handshakes) {
        load->arrival_at += next_arrival(load);
        client_start(load, &load->clients[load->next++]);
    }
    if (load->next == load->count && load->joining == 0) {
        bool any = load->options->listeners == 0 || load->result->listeners_joined > 0;
        load_stage_begin(load, any ? LOAD_SETTLING : LOAD_ENDING);
    }
}

static void publishers_start(struct load *load)
{
    uint32_t wanted = load->options->publishers;
    while (load->next < wanted && load->joining < load->options->handshakes) {
        client_start(load, &load->clients[load->next++]);
    }
    if (load->next == wanted && load->joining == 0) {
        bool all = load->result->publishers_joined == wanted;
        load_stage_begin(load, all ? LOAD_JOINING : LOAD_ENDING);
    }
}

static void sessions_delete(struct load *load)
{
    char token[LOAD_URL_MAX + 1];
    for (; load->next < load->count && load_http_requests(load->http) < load->options->handshakes;
         load->next++) {
        const struct load_client *client = &load->clients[load->next];
        const char *url = load->sessions[load->next];
        if (url != NULL &&
            !load_http_delete(load->http, client->number, url, token_of(load, client, token))) {
            load->result->not_deleted++;
        }
    }
    bool over = load->next == load->count && load_http_requests(load->http) == 0;
    if (over || load->now >= load->stage_end) {
        load->result->not_deleted += over ? 0 : load_http_requests(load->http);
        load_stage_begin(load, LOAD_DONE);
    }
}

void load_stage_advance(struct load *load)
{
    if (load->stops > 0 && load->stage < LOAD_ENDING) {
        load->result->interrupted = true;
        load_stage_begin(load, LOAD_ENDING);
    }
    switch (load->stage) {
    case LOAD_PUBLISHING: publishers_start(load); break;
    case LOAD_JOINING: listeners_start(load); break;
    case LOAD_SETTLING:
        if (load->now >= load->stage_end) {
            load_stage_begin(load, LOAD_MEASURING);
        }
        break;
    case LOAD_MEASURING:
        if (load->now >= load->stage_end) {
            load_stage_begin(load, LOAD_ENDING);
        }
        break;
    case LOAD_ENDING:
        if (load->stops > 1) {
            load_stage_begin(load, LOAD_DONE);
        } else {
            sessions_delete(load);
        }
        break;
    case LOAD_DONE: break;
    }
}

time_us load_stage_deadline(const struct load *load)
{
    bool arrives = load->stage == LOAD_JOINING && load->next < load->count &&
                   load->joining < load->options->handshakes;
    return arrives ? load->arrival_at : load->stage_end;
}

// --- what clients tell ---

void load_stage_on_answer(void *context, const struct load_http_answer *answer)
{
    struct load *load = context;
    struct load_client *client = &load->clients[answer->client];
    if (answer->deleted) {
        // A session that the server ended is gone by itself.
        bool gone = answer->reason == NULL || answer->status == 404 || answer->status == 410;
        load->result->not_deleted += gone ? 0 : 1;
        return;
    }
    if (answer->reason != NULL) {
        load_client_fail(client, answer->reason);
        return;
    }
    load->sessions[answer->client] = answer->location != NULL ? strdup(answer->location) : NULL;
    load_client_answer(client, answer->body, answer->body_size, time_monotonic_us());
}

void load_stage_on_changed(void *context, uint32_t number, const char *words)
{
    struct load *load = context;
    struct load_result *result = load->result;
    struct load_client *client = &load->clients[number];
    if (client->state == LOAD_CLIENT_ENDED) {
        result->ended += load->stage < LOAD_ENDING ? 1 : 0;
        return;
    }
    load->joining--;
    if (client->state == LOAD_CLIENT_FAILED) {
        // Whoever was under way when the end came has not failed.
        bool counts = load->stage < LOAD_ENDING;
        result->publishers_failed += counts && client->sends ? 1 : 0;
        result->listeners_failed += counts && !client->sends ? 1 : 0;
        if (counts) {
            failure_note(result, words);
        }
        return;
    }
    time_us now = time_monotonic_us();
    result->publishers_joined += client->sends ? 1 : 0;
    if (client->receive_key.profile == SECURE_RTP_AEAD_AES_128_GCM) {
        result->gcm++;
    } else {
        result->cm++;
    }
    if (!client->sends) {
        result->listeners_joined++;
        result->joining = now - load->clients[load->options->publishers].asked_at;
        load_histogram_add(&result->join, now - client->asked_at);
    }
}

void load_stage_on_first_packet(void *context, uint32_t number)
{
    struct load *load = context;
    load_histogram_add(&load->result->sound, time_monotonic_us() - load->clients[number].asked_at);
}

// --- progress ---

void load_stage_show(struct load *load)
{
    struct load_result *result = load->result;
    struct load_phase *phase = load->all.phase;
    struct load_usage used;
    struct load_usage own;
    pid_t self = getpid();
    bool publishing = load->stage == LOAD_PUBLISHING;
    time_us passed = load->now - load->shown.at;
    if (load->options->progress == NULL || passed <= 0) {
        return;
    }
    bool known = load->options->process_count > 0 &&
                 load_process_usage(load->options->processes, load->options->process_count,
                                    &used) == ERR_NONE;
    time_us server = known ? used.user + used.system : 0;
    time_us mine = load_process_usage(&self, 1, &own) == ERR_NONE ? own.user + own.system : 0;
    uint64_t before = phase == load->shown.phase ? load->shown.packets : 0;
    struct load_progress progress = {
        .stage = load->stage,
        .elapsed = load->now - load->began_at,
        .wanted = publishing ? load->options->publishers : load->options->listeners,
        .joined = publishing ? result->publishers_joined : result->listeners_joined,
        .failed = publishing ? result->publishers_failed : result->listeners_failed,
        .packets_per_s = (double)(phase->counts.packets - before) * TIME_US_PER_S / (double)passed,
        .lost = phase->counts.lost,
        .delay_p99 = load_histogram_percentile(&phase->delay, 0.99),
        .server_share = known && load->shown.server > 0
                            ? (double)(server - load->shown.server) / (double)passed
                            : -1,
        .own_share = (double)(mine - load->shown.own) / (double)passed,
    };
    load->shown.at = load->now;
    load->shown.packets = phase->counts.packets;
    load->shown.phase = phase;
    load->shown.server = server;
    load->shown.own = mine;
    load->options->progress(load->options->progress_context, &progress);
}
