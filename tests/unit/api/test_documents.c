// The contents of documents over a fake app: who may send what, how large, and who is told.
#include "../test.h"
#include <stdlib.h>

#include "bench.h"

#define PATH "/api/v1/meetings/m1/documents"

static struct bench *bench;

static int setup(void **state)
{
    (void)state;
    bench = bench_create();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bench_destroy(bench);
    return 0;
}

static int status_of(const struct bench_request *request)
{
    struct api_response response;
    json_decref(bench_call(bench, request, &response));
    return response.status;
}

static void contents_are_kept_by_the_worker(void **state)
{
    (void)state;
    struct bench_request request = {.method = API_POST,
                                    .path = PATH,
                                    .bearer = "delegate",
                                    .body = "Madam Chair",
                                    .content_type = "text/plain; charset=utf-8"};
    assert_int_equal(status_of(&request), 0);
    // One person, one at a time.
    assert_int_equal(status_of(&request), 429);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 201);
    assert_string_equal(bench->responded.location, PATH "/doc1");
    assert_non_null(strstr(bench->responded.body, "\"id\":\"doc1\""));
    assert_non_null(strstr(bench->responded.body, "\"form\":\"text\""));
    assert_string_equal(bench->app->content, "Madam Chair");
    api_response_finish(&bench->responded);
    // What is not as promised, and what does not fit.
    request.body = "bad";
    assert_int_equal(status_of(&request), 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 422);
    api_response_finish(&bench->responded);
    request.body = "full";
    assert_int_equal(status_of(&request), 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 503);
    api_response_finish(&bench->responded);
    // One that is never finished is freed with the api.
    assert_int_equal(status_of(&request), 0);
}

static void strangers_and_strange_contents_are_refused(void **state)
{
    (void)state;
    const struct {
        struct bench_request request;
        int status;
    } cases[] = {
        {{API_POST, PATH, NULL, NULL, "a", "text/plain"}, 401},
        {{API_POST, PATH, NULL, "listener", "a", "text/plain"}, 403},
        {{API_POST, PATH, NULL, "interpreter", "a", "text/plain"}, 403},
        {{API_POST, PATH, NULL, "stage", "a", "text/plain"}, 403},
        {{API_POST, "/api/v1/meetings/m2/documents", NULL, "delegate", "a", "text/plain"}, 403},
        {{API_POST, PATH, NULL, "delegate", "a", "text/html"}, 415},
        {{API_POST, PATH, NULL, "delegate", "a", "text/plainer"}, 415},
        {{API_POST, PATH, NULL, "delegate", "a", "application/json"}, 415},
        {{API_POST, PATH, NULL, "delegate", "", "text/plain"}, 422},
        {{API_PUT, PATH, NULL, "delegate", "a", "text/plain"}, 405},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(status_of(&cases[i].request), cases[i].status);
    }
    bench->worker_full = true;
    const struct bench_request request = {API_POST, PATH, NULL, "delegate", "a", "text/plain"};
    assert_int_equal(status_of(&request), 503);
}

// What a body of this size is told; a status of 0: it may come.
static struct api_response refused(uint64_t request, const char *bearer, const char *path,
                                   enum api_method method, uint64_t size)
{
    const struct api_request head = {
        .method = method, .path = path, .bearer = bearer, .remote = "192.0.2.1"};
    struct api_response response;
    bool may = api_body_begin(bench->api, request, &head, size, bench->now, bench->wall, &response);
    struct api_response told = {.status = response.status, .person = response.person};
    assert_int_equal(may, told.status == 0);
    assert_int_equal(response.retry_after_s > 0, told.status == 503 || told.status == 429);
    api_response_finish(&response);
    return told;
}

static int asks(uint64_t request, const char *bearer, const char *path, enum api_method method)
{
    return refused(request, bearer, path, method, FAKE_CONTENT_ROOM).status;
}

static void large_bodies_are_for_few(void **state)
{
    (void)state;
    assert_int_equal(asks(1, "delegate", PATH, API_GET), 413);
    assert_int_equal(asks(1, NULL, PATH, API_POST), 401);
    assert_int_equal(asks(1, "nobody", PATH, API_POST), 401);
    assert_int_equal(asks(1, "listener", PATH, API_POST), 403);
    assert_int_equal(asks(1, "stage", PATH, API_POST), 403);
    assert_int_equal(asks(1, "delegate", "/api/v1/session", API_POST), 413);
    assert_int_equal(asks(1, "delegate", "/api/v1/meetings/documents", API_POST), 413);
    assert_int_equal(asks(1, "delegate", "/api/v1/meetings/m2/documents", API_POST), 403);
    assert_int_equal(refused(1, "delegate", PATH, API_POST, FAKE_CONTENT_ROOM + 1).status, 413);
    assert_int_equal(refused(1, "delegate", PATH, API_POST, UINT64_MAX).status, 413);
    assert_int_equal(asks(1, "delegate", PATH, API_POST), 0);
    // The same person has no second; others do.
    assert_int_equal(asks(2, "delegate", PATH, API_POST), 429);
    assert_int_equal(asks(3, "moderator", PATH, API_POST), 0);
    api_body_end(bench->api, 1);
    assert_int_equal(asks(4, "delegate", PATH "/", API_POST), 0);
    // It is said who asks, whatever comes of it.
    uint64_t person = refused(5, "delegate", PATH, API_POST, UINT64_MAX).person;
    assert_int_not_equal(person, 0);
    assert_true(refused(6, "delegate", PATH, API_POST, 100000).person == person);
    assert_true(refused(7, "chair", PATH, API_POST, UINT64_MAX).person != person);
    assert_int_equal(refused(8, "nobody", PATH, API_POST, 100000).person, 0);
}

// Eight that hardly move are no wall: of those that had their time, the slowest makes room.
static void the_slowest_large_body_makes_room(void **state)
{
    (void)state;
    char bearer[32];
    for (uint64_t i = 1; i <= 8; i++) {
        snprintf(bearer, sizeof(bearer), "delegate-%d", (int)i);
        assert_int_equal(asks(i, bearer, PATH, API_POST), 0);
        assert_true(api_body_received(bench->api, i, i == 5 ? 1000 : 1000000));
    }
    assert_int_equal(asks(9, "delegate-9", PATH, API_POST), 503); // they had no time yet
    bench_pass(bench, 30 * TIME_US_PER_S);
    assert_int_equal(asks(10, "delegate-9", PATH, API_POST), 0);
    assert_false(api_body_received(bench->api, 5, 1000));
    api_body_end(bench->api, 5);
    for (uint64_t i = 1; i <= 10; i++) {
        assert_int_equal(api_body_received(bench->api, i, 1), i != 5 && i != 9);
    }
    assert_int_equal(asks(11, "delegate-1", PATH, API_POST), 429); // one at a time
}

// A file's name takes so many bytes and no more, whole letters of any script.
static void the_longest_title_names_its_file(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xd0\xb6", "\xd9\x85", "\xe6\x9d\x8e",
                                          "\xf0\xa0\x80\x80"};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        struct document *document = &bench->app->document;
        *document = (struct document){.id = "doc1", .added_by = "p-chair", .size = 5};
        size_t bytes = strlen(letters[i]);
        for (size_t at = 0; at + bytes < sizeof(document->title); at += bytes) {
            memcpy(document->title + at, letters[i], bytes);
        }
        struct api_response response;
        const struct api_request in = {
            .path = PATH "/doc1", .bearer = "chair", .remote = "192.0.2.1"};
        assert_true(api_request(bench->api, 1, &in, bench->now, bench->wall, &response));
        assert_int_equal(response.status, 200);
        size_t escaped = bytes == 1 ? 1 : 3 * bytes;
        size_t around = strlen("inline; filename*=UTF-8''.txt");
        size_t whole = 240 / bytes < (sizeof(document->title) - 1) / bytes
                           ? 240 / bytes
                           : (sizeof(document->title) - 1) / bytes;
        assert_int_equal(strlen(response.disposition), around + whole * escaped);
        api_response_finish(&response);
    }
}

static void an_embargoed_speech_is_there_for_its_readers(void **state)
{
    (void)state;
    bench->app->document = (struct document){.id = "doc1",
                                             .kind = DOCUMENT_KIND_SPEECH,
                                             .title = "Déclaration; \"1\"\r\nX: y",
                                             .participant = "p-chair",
                                             .added_by = "p-chair",
                                             .size = 5,
                                             .embargoed = true};
    strcpy(bench->app->content, "Hello");
    struct bench_request request = {API_GET, PATH "/doc1", NULL, "interpreter"};
    static const char *const readers[] = {"interpreter", "moderator", "chair"};
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        struct api_response response;
        request.bearer = readers[i];
        const struct api_request in = {
            .path = request.path, .bearer = request.bearer, .remote = "192.0.2.1"};
        assert_true(api_request(bench->api, 1, &in, bench->now, bench->wall, &response));
        assert_int_equal(response.status, 200);
        assert_string_equal(response.content_type, "text/plain; charset=utf-8");
        assert_string_equal(
            response.disposition,
            "inline; filename*=UTF-8''D%C3%A9claration%3B%20%221%22%0D%0AX%3A%20y.txt");
        char bytes[8];
        assert_int_equal(response.stream->size, 5);
        assert_int_equal(response.stream->read(response.stream, 3, bytes, sizeof(bytes)), 2);
        assert_memory_equal(bytes, "lo", 2);
        api_response_finish(&response);
    }
    request.bearer = "delegate";
    assert_int_equal(status_of(&request), 404);
    request.bearer = "foreign";
    assert_int_equal(status_of(&request), 403);
    request.bearer = NULL;
    assert_int_equal(status_of(&request), 401);
    bench->app->document.embargoed = false;
    request.bearer = "delegate";
    assert_int_equal(status_of(&request), 200);
    request.path = PATH "/doc2";
    assert_int_equal(status_of(&request), 404);
}

static struct api_response begin_reading(const char *bearer)
{
    struct api_response response;
    const struct api_request in = {.path = PATH "/doc1", .bearer = bearer, .remote = "192.0.2.1"};
    assert_true(api_request(bench->api, 1, &in, bench->now, bench->wall, &response));
    assert_int_equal(response.status, 200);
    return response;
}

static int64_t read_piece(const struct api_response *response)
{
    char bytes[8];
    return response->stream->read(response->stream, 0, bytes, sizeof(bytes));
}

// Whoever may not read it any more gets no further piece.
static void reading_ends_with_the_right_to_read(void **state)
{
    (void)state;
    bench->app->document = (struct document){.id = "doc1", .added_by = "p-chair", .size = 5};
    strcpy(bench->app->content, "Hello");
    struct api_response first = begin_reading("delegate");
    assert_int_equal(read_piece(&first), 5);
    bench->app->document.embargoed = true;
    bench->app->document.kind = DOCUMENT_KIND_SPEECH;
    assert_int_equal(read_piece(&first), -1);
    api_response_finish(&first);
    // What was withdrawn is seen within a second, as at pages, or after so many pieces.
    bench->app->document.embargoed = false;
    first = begin_reading("delegate");
    struct api_response second = begin_reading("delegate");
    bench->app->withdrawn = true;
    int pieces = 0;
    while (read_piece(&first) == 5) {
        pieces++;
        assert_true(pieces < 16);
    }
    assert_int_equal(pieces, 15);
    assert_int_equal(read_piece(&second), 5);
    bench->now += TIME_US_PER_S;
    const struct bench_request other = {.path = PATH "/doc1", .bearer = "delegate"};
    assert_int_equal(status_of(&other), 401);
    assert_int_equal(read_piece(&second), -1);
    api_response_finish(&first);
    api_response_finish(&second);
}

static int papers(const char *bearer, const char *query, struct api_response *ret_response)
{
    const struct api_request in = {.path = "/api/v1/meetings/m1/papers.zip",
                                   .query = query,
                                   .bearer = bearer,
                                   .remote = "192.0.2.1"};
    assert_true(api_request(bench->api, 1, &in, bench->now, bench->wall, ret_response));
    return ret_response->status;
}

static int papers_status(const char *bearer, const char *query)
{
    struct api_response response;
    int status = papers(bearer, query, &response);
    api_response_finish(&response);
    return status;
}

static void an_archive_is_read_under_the_right_to_its_papers(void **state)
{
    (void)state;
    bench->app->document = (struct document){
        .id = "doc1", .added_by = "p-chair", .title = "C20/5", .item = "i1", .size = 5};
    strcpy(bench->app->content, "Hello");
    assert_int_equal(papers_status("delegate", "item=i2"), 404);
    assert_int_equal(papers_status("delegate", "item=i1"), 200);
    assert_int_equal(papers_status(NULL, NULL), 401);
    struct api_response first;
    struct api_response second;
    assert_int_equal(papers("delegate", NULL, &first), 200);
    char bytes[512];
    assert_true(first.stream->size < sizeof(bytes));
    assert_int_equal(first.stream->read(first.stream, 0, bytes, 40), 40);
    assert_memory_equal(bytes + 30, "1 C20-5.tx", 10);
    // Two at once, and no more until one of them is over.
    assert_int_equal(papers("delegate", NULL, &second), 200);
    assert_int_equal(papers_status("delegate", NULL), 429);
    api_response_finish(&second);
    assert_int_equal(papers("delegate", NULL, &second), 200);
    // Under embargo nobody gets another piece, and nobody else begins.
    bench->app->document.kind = DOCUMENT_KIND_SPEECH;
    bench->app->document.embargoed = true;
    assert_int_equal(first.stream->read(first.stream, 40, bytes, sizeof(bytes)), -1);
    api_response_finish(&first);
    assert_int_equal(papers_status("delegate", NULL), 404);
    bench->app->document.embargoed = false;
    bench->app->withdrawn = true;
    bench->now += TIME_US_PER_S;
    assert_int_equal(papers_status("delegate", NULL), 401);
    assert_int_equal(second.stream->read(second.stream, 0, bytes, sizeof(bytes)), -1);
    api_response_finish(&second);
}

// How many of the events a person is told, and of the documents of the snapshot.
static void count_told(const char *bearer, size_t *ret_withheld, size_t *ret_documents)
{
    struct api_response response;
    struct bench_request request = {.method = API_GET,
                                    .path = "/api/v1/meetings/m1/events",
                                    .query = "after=0",
                                    .bearer = bearer};
    json_t *body = bench_call(bench, &request, &response);
    size_t at;
    json_t *event;
    *ret_withheld = 0;
    json_array_foreach(json_object_get(body, "events"), at, event)
    {
        const char *type = json_string_value(json_object_get(event, "type"));
        *ret_withheld += strcmp(type, "withheld") == 0;
    }
    json_decref(body);
    request.path = "/api/v1/meetings/m1";
    body = bench_call(bench, &request, &response);
    *ret_documents = json_array_size(
        json_object_get(json_object_get(body, "meeting"), "documents"));
    json_decref(body);
}

static void nobody_else_is_told_that_it_is_there(void **state)
{
    (void)state;
    struct event event = {.type = EVENT_DOCUMENT_ADDED};
    struct document *document = &event.as.document_added.document;
    *document = (struct document){.id = "doc1",
                                  .kind = DOCUMENT_KIND_SPEECH,
                                  .participant = "p-delegate",
                                  .added_by = "p-delegate",
                                  .embargoed = true};
    fake_app_publish(bench->app, &event);
    event.type = EVENT_DOCUMENT_REMOVED;
    fake_app_publish(bench->app, &event);
    document->embargoed = false;
    event.type = EVENT_DOCUMENT_RELEASED;
    fake_app_publish(bench->app, &event);
    bench->app->meeting.documents_count = 2;
    bench->app->meeting.documents[0] = *document;
    bench->app->meeting.documents[0].embargoed = true;
    bench->app->meeting.documents[1] = *document;
    static const struct {
        const char *bearer;
        size_t withheld;
        size_t documents;
    } cases[] = {{"interpreter", 0, 2},
                 {"moderator", 0, 2},
                 {"delegate", 0, 2},
                 {"chair", 2, 1},
                 {"listener", 2, 1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t withheld;
        size_t documents;
        count_told(cases[i].bearer, &withheld, &documents);
        assert_int_equal(withheld, cases[i].withheld);
        assert_int_equal(documents, cases[i].documents);
    }
}

#define DOCUMENTS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

// Reports of minutes keep nobody's document waiting.
static void contents_do_not_wait_for_reports(void **state)
{
    (void)state;
    struct bench_request report = {
        .method = API_GET, .path = "/api/v1/meetings/m1/report.pdf", .bearer = "moderator"};
    struct bench_request request = {.method = API_POST,
                                    .path = PATH,
                                    .bearer = "delegate",
                                    .body = "Madam Chair",
                                    .content_type = "text/plain"};
    assert_int_equal(status_of(&report), 0);
    report.bearer = "chair";
    assert_int_equal(status_of(&report), 0);
    assert_int_equal(status_of(&request), 0);
    bench_run_work(bench);
    assert_int_equal(bench->responded.status, 201);
    api_response_finish(&bench->responded);
    bench_run_report(bench);
    assert_int_equal(bench->responded.status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOCUMENTS_TEST(contents_are_kept_by_the_worker),
        DOCUMENTS_TEST(contents_do_not_wait_for_reports),
        DOCUMENTS_TEST(strangers_and_strange_contents_are_refused),
        DOCUMENTS_TEST(large_bodies_are_for_few),
        DOCUMENTS_TEST(the_slowest_large_body_makes_room),
        DOCUMENTS_TEST(the_longest_title_names_its_file),
        DOCUMENTS_TEST(an_embargoed_speech_is_there_for_its_readers),
        DOCUMENTS_TEST(reading_ends_with_the_right_to_read),
        DOCUMENTS_TEST(an_archive_is_read_under_the_right_to_its_papers),
        DOCUMENTS_TEST(nobody_else_is_told_that_it_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
