#include "load/load_http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <curl/curl.h>

#include "base/assert.h"
#include "base/list.h"
#include "base/text.h"

#define REDIRECTS_MAX 5
#define BODY_FIRST    4096

struct load_http {
    struct load_http_options options;
    CURLM *multi;             // owned
    struct curl_slist *types; // owned: headers of a POST
    time_us deadline;
    unsigned requests;
    struct list all; // requests, owned
};

struct request {
    CURL *easy; // owned
    struct list_link link;
    uint32_t client;
    bool deletes;
    bool too_large;
    size_t body_size;
    size_t body_capacity;
    char *body; // owned
    char problem[CURL_ERROR_SIZE];
};

bool load_http_host(const char *url, char *ret_host, size_t size)
{
    char *host = NULL;
    CURLU *parts = curl_url();
    bool found = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    size_t length = found ? strlen(host) : 0;
    bool bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
    found = found && text_copy_n(ret_host, size, bracketed ? host + 1 : host,
                                 bracketed ? length - 2 : length) == ERR_NONE;
    curl_free(host);
    curl_url_cleanup(parts);
    return found;
}

// --- libcurl and the loop ---

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    struct load_http *http = context;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        // A closed descriptor has left the set by itself.
        (void)epoll_ctl(http->options.epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    struct epoll_event event = {.data.u64 = http->options.epoll_tag << 32 | (uint32_t)fd};
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0u) |
                   ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0u);
    int operation = known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(http->options.epoll_fd, operation, fd, &event) != 0) {
        return -1;
    }
    (void)curl_multi_assign(http->multi, fd, http);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct load_http *http = context;
    (void)multi;
    http->deadline = timeout_ms < 0 ? TIME_US_NEVER
                                    : time_monotonic_us() + timeout_ms * (time_us)TIME_US_PER_MS;
    return 0;
}

static size_t on_body(char *data, size_t one, size_t size, void *context)
{
    struct request *request = context;
    (void)one; // always 1
    if (request->body_size + size > LOAD_HTTP_BODY_MAX) {
        request->too_large = true;
        return 0;
    }
    if (request->body_size + size + 1 > request->body_capacity) {
        size_t capacity = 2 * (request->body_size + size + 1) + BODY_FIRST;
        char *body = realloc(request->body, capacity);
        if (body == NULL) {
            return 0;
        }
        request->body = body;
        request->body_capacity = capacity;
    }
    memcpy(request->body + request->body_size, data, size);
    request->body_size += size;
    request->body[request->body_size] = '\0';
    return size;
}

struct load_http *load_http_create(const struct load_http_options *options)
{
    struct load_http *http = calloc(1, sizeof(*http));
    if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return NULL;
    }
    http->options = *options;
    http->deadline = TIME_US_NEVER;
    http->multi = curl_multi_init();
    http->types = curl_slist_append(NULL, "Content-Type: application/sdp");
    struct curl_slist *more = http->types == NULL
                                  ? NULL
                                  : curl_slist_append(http->types, "Accept: application/sdp");
    if (http->multi == NULL || more == NULL) {
        load_http_destroy(http);
        return NULL;
    }
    CURLM *multi = http->multi;
    bool ready = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                                   (long)options->connections) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)options->connections) ==
                     CURLM_OK;
    if (!ready) {
        load_http_destroy(http);
        return NULL;
    }
    return http;
}

static void request_destroy(struct load_http *http, struct request *request)
{
    list_remove(&request->link);
    (void)curl_multi_remove_handle(http->multi, request->easy);
    curl_easy_cleanup(request->easy);
    http->requests--;
    free(request->body);
    free(request);
}

void load_http_destroy(struct load_http *http)
{
    if (http == NULL) {
        return;
    }
    while (http->all.first != NULL) {
        request_destroy(http, LIST_ITEM(http->all.first, struct request, link));
    }
    (void)curl_multi_cleanup(http->multi);
    curl_slist_free_all(http->types);
    free(http);
    curl_global_cleanup();
}

// --- requests ---

static bool request_prepare(struct load_http *http, struct request *request, const char *url,
                            const char *token, const char *offer)
{
    CURL *easy = request->easy;
    bool ready = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->problem) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_PRIVATE, request) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_WRITEDATA, request) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)http->options.patience_s) ==
                     CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_USERAGENT, "plenary-load") == CURLE_OK &&
                 // RFC 9725 section 4.6: 307 and 308 lead to where the offer is to be posted.
                 curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX) == CURLE_OK &&
                 curl_easy_setopt(easy, CURLOPT_POSTREDIR, (long)CURL_REDIR_POST_ALL) == CURLE_OK;
    if (token != NULL) {
        // Not as a header of our own: libcurl keeps this one from other hosts.
        ready = ready &&
                curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, token) == CURLE_OK;
    }
    if (http->options.insecure) {
        ready = ready && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
    }
    if (offer == NULL) {
        return ready && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE") == CURLE_OK;
    }
    return ready && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->types) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(offer)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, offer) == CURLE_OK;
}

static bool request_start(struct load_http *http, uint32_t client, const char *url,
                          const char *token, const char *offer)
{
    struct request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return false;
    }
    request->client = client;
    request->deletes = offer == NULL;
    request->easy = curl_easy_init();
    if (request->easy == NULL || !request_prepare(http, request, url, token, offer) ||
        curl_multi_add_handle(http->multi, request->easy) != CURLM_OK) {
        curl_easy_cleanup(request->easy);
        free(request);
        return false;
    }
    list_add(&http->all, &request->link);
    http->requests++;
    return true;
}

bool load_http_post(struct load_http *http, uint32_t client, const char *url, const char *token,
                    const char *offer)
{
    ASSERT(offer != NULL);
    return request_start(http, client, url, token, offer);
}

bool load_http_delete(struct load_http *http, uint32_t client, const char *url, const char *token)
{
    return request_start(http, client, url, token, NULL);
}

unsigned load_http_requests(const struct load_http *http)
{
    return http->requests;
}

// --- answers ---

// Relative to where the answer came from (RFC 9725 section 4.2). Owned by the caller: curl_free().
static char *location_absolute(CURL *easy)
{
    struct curl_header *header = NULL;
    char *from = NULL;
    char *absolute = NULL;
    if (curl_easy_header(easy, "Location", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &from) != CURLE_OK || from == NULL) {
        return NULL;
    }
    CURLU *url = curl_url();
    if (url != NULL && curl_url_set(url, CURLUPART_URL, from, 0) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_URL, header->value, 0) == CURLUE_OK) {
        (void)curl_url_get(url, CURLUPART_URL, &absolute, 0);
    }
    curl_url_cleanup(url);
    return absolute;
}

// One line without control characters.
static void reason_write(const struct request *request, CURLcode code, long status,
                         char reason[LOAD_HTTP_REASON])
{
    char words[LOAD_HTTP_REASON] = "";
    if (code != CURLE_OK) {
        text_copy_cut(words, sizeof(words),
                      request->too_large            ? "the answer is too large"
                      : request->problem[0] != '\0' ? request->problem
                                                    : curl_easy_strerror(code));
    } else if (request->body != NULL) {
        text_copy_cut(words, sizeof(words) / 2, request->body);
    }
    for (char *at = words; *at != '\0'; at++) {
        *at = (unsigned char)*at < ' ' ? ' ' : *at;
    }
    struct text_builder text = text_builder(reason, LOAD_HTTP_REASON);
    if (code == CURLE_OK) {
        text_append_format(&text, "HTTP status %ld%s", status, words[0] != '\0' ? ": " : "");
    }
    text_append(&text, words);
}

static void request_finish(struct load_http *http, struct request *request, CURLcode code)
{
    char reason[LOAD_HTTP_REASON];
    long status = 0;
    (void)curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
    bool good = code == CURLE_OK && status >= 200 && status < 300;
    char *location = good ? location_absolute(request->easy) : NULL;
    reason_write(request, code, status, reason);
    struct load_http_answer answer = {
        .client = request->client,
        .deleted = request->deletes,
        .status = status,
        .body = request->body != NULL ? request->body : "",
        .body_size = request->body_size,
        .location = location,
        .reason = good ? NULL : reason,
    };
    http->options.done(http->options.context, &answer);
    curl_free(location);
    request_destroy(http, request);
}

static void collect(struct load_http *http)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(http->multi, &left); message != NULL;
         message = curl_multi_info_read(http->multi, &left)) {
        char *private = NULL;
        CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private) == CURLE_OK) {
            request_finish(http, (struct request *)(void *)private, code);
        }
    }
}

time_us load_http_deadline(const struct load_http *http)
{
    return http->deadline;
}

void load_http_on_time(struct load_http *http)
{
    int running = 0;
    http->deadline = TIME_US_NEVER; // libcurl sets the next
    (void)curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(http);
}

void load_http_on_ready(struct load_http *http, int fd, uint32_t epoll_events)
{
    int running = 0;
    int what = ((epoll_events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
               ((epoll_events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((epoll_events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    (void)curl_multi_socket_action(http->multi, fd, what, &running);
    collect(http);
}
