#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include "api/api_state.h"
#include "base/text.h"

static bool port_live_send(void *context, api_connection connection, const char *text, size_t size)
{
    struct bench *bench = context;
    if (bench->full == connection) {
        return false;
    }
    if (bench->sent_count == BENCH_SENT_MAX) {
        abort();
    }
    struct bench_sent *sent = &bench->sent[bench->sent_count++];
    sent->connection = connection;
    sent->text = strndup(text, size);
    sent->size = size;
    return true;
}

static bool port_live_has_room(void *context, api_connection connection)
{
    struct bench *bench = context;
    return bench->reading_slowly != connection;
}

static void port_live_close(void *context, api_connection connection, uint16_t code,
                            const char *reason)
{
    struct bench *bench = context;
    bench->closed_code[connection] = code;
    text_copy_cut(bench->closed_reason[connection], sizeof(bench->closed_reason[0]), reason);
}

static void port_respond(void *context, uint64_t request, struct api_response *response)
{
    struct bench *bench = context;
    bench->responded_request = request;
    bench->responded_count++;
    api_response_finish(&bench->responded);
    bench->responded = *response;
    *response = (struct api_response){0};
}

static bool port_run(void *context, enum rest_worker worker, void (*work)(void *),
                     void (*done)(void *), void *argument)
{
    struct bench *bench = context;
    if (bench->worker_full) {
        return false;
    }
    *(worker == REST_WORKER_REPORTS ? &bench->report_work
                                    : &bench->work) = (struct bench_work){work, done, argument};
    return true;
}

static enum err port_report_make(void *context, const struct api_report_wish *wish, char **ret_body,
                                 size_t *ret_size)
{
    struct bench *bench = context;
    bench->report = *wish;
    *ret_body = bench->report_err == ERR_NONE ? strdup("a report") : NULL;
    *ret_size = bench->report_err == ERR_NONE ? 8 : 0;
    return bench->report_err;
}

static const char *port_provider_name(void *context)
{
    const struct bench *bench = context;
    return bench->provider;
}

static const char *port_provider_address(void *context, const struct app_provider_visit *visit,
                                         char **ret_address)
{
    const struct bench *bench = context;
    char address[128];
    struct text_builder text = text_builder(address, sizeof(address));
    text_append_format(&text, "https://provider.example/?state=%s", visit->state);
    *ret_address = bench->provider_why == NULL ? strdup(address) : NULL;
    return bench->provider_why;
}

static const char *port_provider_person(void *context, const struct app_provider_visit *visit,
                                        const struct api_provider_answer *answer,
                                        struct app_provider_person *ret_person, bool *ret_silent)
{
    struct bench *bench = context;
    (void)visit;
    *ret_person = (struct app_provider_person){.subject = ""};
    *ret_silent = bench->provider_why != NULL && text_equal(bench->provider_why, "unreachable");
    text_copy_cut(bench->provider_code, sizeof(bench->provider_code), answer->code);
    if (bench->provider_person != NULL) {
        text_copy_cut(ret_person->subject, sizeof(ret_person->subject), bench->provider_person);
    }
    return bench->provider_why;
}

static const char *port_report_key(void *context)
{
    (void)context;
    return "a key\n";
}

static enum err port_upkeep(void *context, struct upkeep *ret_upkeep)
{
    const struct bench *bench = context;
    *ret_upkeep = (struct upkeep){
        .backup_at = bench->wall - 1000, .backup_bytes = 77, .certificate_refused = true};
    return ERR_NONE;
}

static bool port_ready(void *context, const char **ret_words)
{
    const struct bench *bench = context;
    *ret_words = bench->ready ? "ready" : "the media process is not connected";
    return bench->ready;
}

static const struct app_figure *port_figures(void *context, uint32_t *ret_count)
{
    static struct app_figure figure;
    const struct bench *bench = context;
    figure = (struct app_figure){"http_sent", "Messages sent.", true, bench->sent_count};
    *ret_count = 1;
    return &figure;
}

struct bench *bench_create(void)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    if (bench == NULL) {
        abort();
    }
    const struct api_ports ports = {.context = bench,
                                    .live_send = port_live_send,
                                    .live_has_room = port_live_has_room,
                                    .live_close = port_live_close,
                                    .respond = port_respond,
                                    .run = port_run,
                                    .report_make = port_report_make,
                                    .report_key = port_report_key,
                                    .provider = {.context = bench,
                                                 .name = port_provider_name,
                                                 .address = port_provider_address,
                                                 .person = port_provider_person},
                                    .ready = port_ready,
                                    .upkeep = port_upkeep,
                                    .metrics_token = "figures-token",
                                    .figures = port_figures};
    bench->now = 1000000;
    bench->wall = 1800000000000;
    bench->ready = true;
    bench->app = fake_app_create();
    if (api_create(&ports, &bench->api) != ERR_NONE) {
        abort();
    }
    api_fill_app_ports(bench->api, &bench->app->ports);
    api_set_app(bench->api, bench->app);
    return bench;
}

void bench_destroy(struct bench *bench)
{
    api_destroy(bench->api);
    fake_app_destroy(bench->app);
    for (uint32_t i = 0; i < bench->sent_count; i++) {
        free(bench->sent[i].text);
    }
    api_response_finish(&bench->responded);
    free(bench);
}

uint32_t bench_kept_texts(const struct bench *bench)
{
    const struct snapshots *snapshots = &bench->api->snapshots;
    uint32_t kept = 0;
    for (int section = 0; section < MEETING_SECTION_COUNT; section++) {
        kept += snapshots->own[section].text != NULL;
        for (uint32_t i = 0; i < SNAPSHOTS_KEPT; i++) {
            kept += snapshots->kept[section][i].text != NULL;
        }
    }
    return kept;
}

// As the server's loop: deadlines are kept, one after the other.
void bench_pass(struct bench *bench, time_us us)
{
    time_us until = bench->now + us;
    for (;;) {
        time_us next = api_next_deadline(bench->api);
        if (next > until) {
            break;
        }
        if (next > bench->now) {
            bench->wall += (next - bench->now) / 1000;
            bench->now = next;
        }
        api_on_deadline(bench->api, bench->now, bench->wall);
    }
    bench->wall += (until - bench->now) / 1000;
    bench->now = until;
}

void bench_run_work(struct bench *bench)
{
    const struct bench_work taken = bench->work;
    bench->work = (struct bench_work){0};
    taken.work(taken.argument);
    taken.done(taken.argument);
}

void bench_run_report(struct bench *bench)
{
    const struct bench_work taken = bench->report_work;
    bench->report_work = (struct bench_work){0};
    taken.work(taken.argument);
    taken.done(taken.argument);
}

json_t *bench_call(struct bench *bench, const struct bench_request *request,
                   struct api_response *ret_response)
{
    char *body_copy = request->body != NULL ? strdup(request->body) : NULL;
    const struct api_request in = {
        .method = request->method,
        .path = request->path,
        .query = request->query,
        .bearer = request->bearer,
        .content_type = request->content_type != NULL ? request->content_type : "application/json",
        .accept = request->accept,
        .if_match = request->if_match,
        .browser = request->browser,
        .encoded = request->encoded,
        .remote = request->remote != NULL ? request->remote : "192.0.2.1",
        .body = body_copy,
        .body_size = request->body != NULL ? strlen(request->body) : 0,
        .take_body = &body_copy,
    };
    uint64_t number = request->number != 0 ? request->number : BENCH_REQUEST;
    bool answered = api_request(bench->api, number, &in, bench->now, bench->wall, ret_response);
    free(body_copy);
    if (!answered) {
        ret_response->status = 0;
        return NULL;
    }
    json_t *body = NULL;
    if (ret_response->body != NULL) {
        body = json_loadb(ret_response->body, ret_response->body_size, 0, NULL);
    }
    if (ret_response->stream != NULL) {
        ret_response->stream->finish(ret_response->stream);
        ret_response->stream = NULL;
    }
    free(ret_response->body);
    ret_response->body = NULL;
    return body;
}

json_t *bench_call_turn(struct bench *bench, const struct bench_request *request,
                        struct api_response *ret_response)
{
    json_t *body = bench_call(bench, request, ret_response);
    if (ret_response->status == 0) {
        bench_pass(bench, 0);
        *ret_response = bench->responded;
        body = json_loadb(ret_response->body, ret_response->body_size, 0, NULL);
        ret_response->body = NULL; // it is the bench's
    }
    return body;
}

int bench_open(struct bench *bench, api_connection connection, const char *bearer,
               const char *query)
{
    const struct api_request in = {
        .method = API_GET, .path = "/api/v1/live", .query = query, .remote = "192.0.2.1"};
    struct api_live_ticket ticket;
    struct api_response response = {0};
    if (api_live_accept(bench->api, &in, bearer, bench->now, bench->wall, &ticket, &response) !=
        ERR_NONE) {
        int status = response.status;
        api_response_finish(&response);
        return status;
    }
    api_live_open(bench->api, connection, &ticket, bench->now, bench->wall);
    return 101;
}

void bench_say(struct bench *bench, api_connection connection, const char *text)
{
    bench_say_bytes(bench, connection, text, strlen(text));
}

void bench_say_bytes(struct bench *bench, api_connection connection, const char *text, size_t size)
{
    if (api_live_admit(bench->api, connection, bench->now, bench->wall)) {
        api_live_receive(bench->api, connection, text, size, bench->now, bench->wall);
    } else {
        size_t read = size < API_REFUSED_MAX ? size : API_REFUSED_MAX;
        api_live_refuse_message(bench->api, connection, text, read, bench->now, bench->wall);
    }
}

const char *bench_next_text(struct bench *bench, api_connection connection)
{
    for (uint32_t i = bench->read; i < bench->sent_count; i++) {
        if (bench->sent[i].connection == connection) {
            bench->sent[i].connection = 0;
            return bench->sent[i].text;
        }
    }
    return NULL;
}

json_t *bench_next(struct bench *bench, api_connection connection)
{
    const char *text = bench_next_text(bench, connection);
    return text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

void bench_skip(struct bench *bench)
{
    bench->read = bench->sent_count;
}

const char *bench_kind(const json_t *message)
{
    static const char *const kinds[] = {"hello", "snapshot", "events", "notice", "reply", "ping"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (json_object_get(message, kinds[i]) != NULL) {
            return kinds[i];
        }
    }
    return "nothing";
}
