// A live connection that is sent whatever comes: each line of the input is one message, the first
// byte chooses who says it. Every answer must be JSON, no message may be answered twice, and the
// connection ends as the limits say.
#include "fuzz.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/api/bench.h"

static void check_sent(const struct bench *bench)
{
    for (uint32_t i = 0; i < bench->sent_count; i++) {
        json_t *message = json_loadb(bench->sent[i].text, bench->sent[i].size,
                                     JSON_REJECT_DUPLICATES, NULL);
        if (message == NULL || strcmp(bench_kind(message), "nothing") == 0) {
            abort();
        }
        json_decref(message);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const people[] = {"chair", "delegate", "moderator", "interpreter",
                                         "listener"};
    if (size == 0) {
        return 0;
    }
    struct bench *bench = bench_create();
    if (bench_open(bench, 1, people[data[0] % 5], "meeting=m1") != 101) {
        abort();
    }
    uint32_t said = 0;
    const char *text = (const char *)data + 1;
    size_t left = size - 1;
    while (left > 0) {
        const char *end = memchr(text, '\n', left);
        size_t length = end != NULL ? (size_t)(end - text) : left;
        api_live_receive(bench->api, 1, text, length, bench->now, bench->wall);
        said++;
        text += length;
        left -= length;
        if (left > 0) {
            text++;
            left--;
        }
    }
    // hello, snapshot, and for each message at most one event and one answer
    if (bench->sent_count > 2 + 2 * said || bench->app->commands > 40 ||
        (said > 160 && bench->closed_code[1] == 0)) {
        abort();
    }
    check_sent(bench);
    bench_pass(bench, 1);
    bench_destroy(bench);
    return 0;
}
