// A live connection that is sent whatever comes: each line of the input is one message. The first
// byte chooses who says it, and how near the connection is to its limits. Every answer must be
// JSON, no message may be answered twice, and the connection ends as the limits say.
//
// Five connections, one for each who, stay open between the inputs: what an input has changed of
// them is put back, and only one that was ended is opened anew. So that a run stays short an input
// has six messages at most; the limits that take more are near from the beginning. The chair and
// the interpreter may follow further streams; those are left again.
#include "fuzz.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/api/bench.h"
#include "api/api_state.h"
#include "good_json.h"
#include "lean_heap.h"

#define PEOPLE       5
#define CONNECTION   1
#define MESSAGES_MAX 6
#define BURST        40 // commands at once, and as many more as are refused before the end:
#define REFUSED_MAX  100

struct stage {
    struct bench *bench;
    struct live_connection opened; // as it was when nobody had said anything
    struct live_subscription first;
    struct api_counters counters;
    time_us next_beat;
};

static struct live_connection *entry_of(const struct stage *stage)
{
    return live_table_find(&stage->bench->api->lives, CONNECTION);
}

static void forget_sent(struct bench *bench)
{
    for (uint32_t i = 0; i < bench->sent_count; i++) {
        free(bench->sent[i].text);
    }
    bench->sent_count = 0;
}

static void open_connection(struct stage *stage, const char *who)
{
    struct bench *bench = stage->bench;
    bench->app->lives_opened = 0;
    bench->app->seq = 0;
    bench->closed_code[CONNECTION] = 0;
    if (bench_open(bench, CONNECTION, who, "meeting=m1") != 101 || bench->sent_count != 2) {
        abort(); // hello and snapshot
    }
    forget_sent(bench);
    stage->opened = *entry_of(stage);
    stage->first = *live_table_first(entry_of(stage));
    stage->counters = bench->api->counters;
    stage->next_beat = bench->api->next_beat;
}

static struct stage stages[PEOPLE];

// Whoever was put out may come again at once, and is shown the state again.
static void forgive(struct stage *stage)
{
    static const enum remote_limit limits[] = {PERSON_LIMIT_PUT_OUT, PERSON_LIMIT_READ};
    const struct bench *bench = stage->bench;
    const struct app_identity *who = &stage->opened.identity;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        *person_limits_bucket(bench->api->persons, limits[i], who->meeting, who->participant,
                              bench->now / TIME_US_PER_MS + 1) = (struct token_bucket){0};
    }
}

static uint32_t kept_texts(void)
{
    uint32_t kept = 0;
    for (int i = 0; i < PEOPLE; i++) {
        kept += stages[i].bench != NULL ? bench_kept_texts(stages[i].bench) : 0;
    }
    return kept;
}

static struct stage *stage_of(unsigned who)
{
    static const char *const people[PEOPLE] = {"chair", "delegate", "moderator", "interpreter",
                                               "listener"};
    struct stage *stage = &stages[who];
    if (stage->bench == NULL) {
        stage->bench = bench_create();
        open_connection(stage, people[who]);
    } else if (entry_of(stage) == NULL) {
        bench_pass(stage->bench, 1); // the app hears of the end
        forgive(stage);
        open_connection(stage, people[who]);
    }
    return stage;
}

static void leave_further(struct live_table *lives, struct live_connection *entry)
{
    for (struct list_link *at = entry->subscriptions.first, *next; at != NULL; at = next) {
        struct live_subscription *of = live_subscription_of(at);
        next = at->next;
        if (of->further) {
            live_table_unsubscribe(lives, of);
        }
    }
}

// As before the input. The lists that the connection stands in have not changed: it is alone.
static void put_back(struct stage *stage)
{
    struct bench *bench = stage->bench;
    struct live_connection *entry = entry_of(stage);
    forget_sent(bench);
    if (entry != NULL && live_table_first(entry) == NULL) {
        api_live_closed(bench->api, CONNECTION, true, bench->now, bench->wall); // it was left
        entry = NULL;
    }
    if (entry != NULL) {
        leave_further(&bench->api->lives, entry);
        struct live_subscription *first = live_table_first(entry);
        *first = stage->first;
        *entry = stage->opened;
        bench->app->lives_opened = 1;
        bench->app->seq = 0;
        bench->app->commands = 0;
        bench->api->counters = stage->counters;
        bench->api->next_beat = stage->next_beat;
    }
}

static bool is_of_a_kind(const json_t *message)
{
    return strcmp(bench_kind(message), "nothing") != 0;
}

static void check_sent(const struct bench *bench)
{
    for (uint32_t i = 0; i < bench->sent_count; i++) {
        if (!good_json(bench->sent[i].text, bench->sent[i].size, is_of_a_kind)) {
            abort();
        }
    }
}

// 0: nothing said yet; 1: four commands are left at this moment; 2: none, and two refusals more.
static void come_near(struct api *api, struct live_connection *entry, time_us now, unsigned how)
{
    static const int64_t left[] = {BURST, 4, 0};
    time_ms at = now / TIME_US_PER_MS + 1;
    *person_limits_bucket(api->persons, PERSON_LIMIT_COMMAND, entry->identity.meeting,
                          entry->identity.participant,
                          at) = (struct token_bucket){.units = left[how] * 60000, .last = at};
    entry->refused = how == 2 ? REFUSED_MAX - 2 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    lean_heap_serve_json();
    struct stage *stage = stage_of(data[0] % PEOPLE);
    struct bench *bench = stage->bench;
    unsigned how = data[0] / PEOPLE % 3;
    bench->app->commands = 0;
    come_near(bench->api, entry_of(stage), bench->now, how);
    uint32_t said = 0;
    const char *text = (const char *)data + 1;
    size_t left = size - 1;
    while (left > 0 && said < MESSAGES_MAX) {
        const char *end = memchr(text, '\n', left);
        size_t length = end != NULL ? (size_t)(end - text) : left;
        bench_say_bytes(bench, CONNECTION, text, length);
        said++;
        text += length;
        left -= length;
        if (left > 0) {
            text++;
            left--;
        }
    }
    // for each message at most one event and one answer, or a hello, a state and an answer
    bool open = entry_of(stage) != NULL;
    if (bench->sent_count > 3 * said || bench->api->lives.further_count > said ||
        bench->app->commands > (how == 0   ? BURST
                                : how == 1 ? 4
                                           : 0) ||
        (how == 2 && said > 2 && open) || open != (bench->closed_code[CONNECTION] == 0)) {
        abort();
    }
    check_sent(bench);
    put_back(stage);
    if (lean_heap_taken() > kept_texts()) {
        abort(); // something is not freed
    }
    return 0;
}
