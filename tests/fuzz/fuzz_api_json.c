// REST with whatever comes: an input that begins with '/' is the path and query of a GET, any other
// the body of a sign-in.
#include "fuzz.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/api/bench.h"

static void check(const struct api_response *response)
{
    static const int known[] = {200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422, 429, 503};
    bool found = false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        found |= response->status == known[i];
    }
    bool json = response->content_type != NULL && strstr(response->content_type, "json") != NULL;
    json_t *body = json ? json_loadb(response->body, response->body_size, JSON_REJECT_DUPLICATES,
                                     NULL)
                        : NULL;
    if (!found || json != (body != NULL)) {
        abort();
    }
    json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct bench *bench = bench_create();
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
        bench_run_work(bench);
        check(&bench->responded);
    }
    bench_destroy(bench);
    free(text);
    return 0;
}
