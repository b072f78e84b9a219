// REST with whatever comes: an input that begins with '/' is the path and query of a GET, any other
// the body of a sign-in. One api serves all inputs: ten minutes pass between two, so that no limit
// is felt, and what is kept for one address is as new.
#include "fuzz.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/api/bench.h"
#include "good_json.h"
#include "lean_heap.h"

#define BETWEEN_MS (10 * 60 * 1000)

static void check(const struct api_response *response)
{
    static const int known[] = {200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422, 429, 503};
    bool found = false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        found |= response->status == known[i];
    }
    bool json = response->content_type != NULL && strstr(response->content_type, "json") != NULL;
    if (!found || (json && !good_json(response->body, response->body_size, NULL))) {
        abort();
    }
}

// With the one meeting's state read once: the api keeps the texts of it, as often as it is read.
static struct bench *begin(void)
{
    const struct api_request state = {
        .method = API_GET, .path = "/api/v1/meetings/m1", .bearer = "delegate"};
    struct api_response response;
    lean_heap_serve_json();
    struct bench *bench = bench_create();
    if (!api_request(bench->api, 1, &state, bench->now, bench->wall, &response) ||
        response.status != 200) {
        abort();
    }
    api_response_finish(&response);
    return bench;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bench *bench;
    static uint32_t kept;
    if (bench == NULL) {
        bench = begin();
        kept = lean_heap_taken();
    }
    bench->now += (time_us)BETWEEN_MS * TIME_US_PER_MS;
    bench->wall += BETWEEN_MS;
    char *text = malloc(size + 1);
    if (text == NULL) {
        abort();
    }
    memcpy(text, data, size);
    text[size] = '\0';
    struct api_request in = {.method = API_POST,
                             .path = "/api/v1/session",
                             .content_type = "application/json",
                             .remote = "192.0.2.1",
                             .body = text,
                             .body_size = size};
    if (text[0] == '/') {
        in = (struct api_request){.method = API_GET, .path = text, .bearer = "delegate"};
        char *query = strchr(text, '?');
        if (query != NULL) {
            *query = '\0';
            in.query = query + 1;
        }
    }
    struct api_response response;
    if (api_request(bench->api, 1, &in, bench->now, bench->wall, &response)) {
        check(&response);
        api_response_finish(&response);
    } else {
        if (bench->report_work.work != NULL) {
            bench_run_report(bench);
        } else if (bench->work.work != NULL) {
            bench_run_work(bench);
        } else {
            bench_pass(bench, 0); // who signs in by a link waits for the end of the turn
        }
        check(&bench->responded);
        api_response_finish(&bench->responded);
        bench->responded = (struct api_response){0};
    }
    free(text);
    if (lean_heap_taken() != kept) {
        abort(); // something is not freed
    }
    return 0;
}
