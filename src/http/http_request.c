#include "http/http_request.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/text.h"
#include "http/accept.h"
#include "http/request_guard.h"

#define FULL_RETRY_S 10
#define STREAM_BLOCK 65536 // of a body that is read while it is sent

// The page may load from itself alone: no inline script or style, no frame around it, no other
// host.
static const char *const security_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
     "data: blob:; "
     "media-src 'self' blob: mediastream:; connect-src 'self'; worker-src 'self'; manifest-src "
     "'self'; "
     "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()"},
};

static void add_security_headers(const struct http_site *site, struct MHD_Response *response)
{
    if (site->hsts[0] != '\0') {
        (void)MHD_add_response_header(response, "Strict-Transport-Security", site->hsts);
    }
    for (size_t i = 0; i < sizeof(security_headers) / sizeof(security_headers[0]); i++) {
        (void)MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    }
}

static enum api_method method_of(const char *method)
{
    static const struct {
        const char *name;
        enum api_method method;
    } names[] = {{"GET", API_GET},        {"HEAD", API_GET},    {"POST", API_POST},
                 {"PUT", API_PUT},        {"PATCH", API_PATCH}, {"DELETE", API_DELETE},
                 {"OPTIONS", API_OPTIONS}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_equal(method, names[i].name)) {
            return names[i].method;
        }
    }
    return API_METHOD_OTHER;
}

struct query_text { // the context of append_argument
    struct text_builder builder;
};

// libmicrohttpd has split and decoded the query; the api reads "name=value&…" and its values are
// plain numbers and ids.
static enum MHD_Result append_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                       const char *value)
{
    (void)kind;
    struct query_text *query = context;
    text_append_format(&query->builder, "%s%s=%s", query->builder.length > 0 ? "&" : "", name,
                       value != NULL ? value : "");
    return MHD_YES;
}

const char *http_path(const struct http_site *site, const char *url)
{
    size_t size = strlen(site->prefix);
    if (size == 0 || strncmp(url, site->prefix, size) != 0) {
        return url;
    }
    return url[size] == '\0' ? "/" : url[size] == '/' ? url + size : url;
}

#define PROXY_LINES_MAX 8

struct lines { // the context of collect_line
    const char *name;
    const char *values[PROXY_LINES_MAX];
    uint32_t count;
};

// Of more lines than there is room for, the last ones: those that are believed stand at the end.
static enum MHD_Result collect_line(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    struct lines *lines = context;
    if (strcasecmp(name, lines->name) != 0 || value == NULL) {
        return MHD_YES;
    }
    if (lines->count == PROXY_LINES_MAX) {
        memmove(lines->values, lines->values + 1, sizeof(lines->values) - sizeof(lines->values[0]));
        lines->count--;
    }
    lines->values[lines->count++] = value;
    return MHD_YES;
}

const char *http_field(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

// The context is a bool: whether any line says more than that nothing was done to the body.
static enum MHD_Result find_encoding(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    (void)kind;
    bool *encoded = context;
    *encoded |= strcasecmp(name, "Content-Encoding") == 0 && value != NULL && value[0] != '\0' &&
                strcasecmp(value, "identity") != 0;
    return MHD_YES;
}

static bool is_encoded(struct MHD_Connection *connection)
{
    bool encoded = false;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, find_encoding, &encoded);
    return encoded;
}

// Nobody between the client and us has left a trace.
static bool is_direct(struct MHD_Connection *connection)
{
    static const char *const traces[] = {"X-Forwarded-For",   "Forwarded",        "Via",
                                         "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP"};
    for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
        if (http_field(connection, traces[i]) != NULL) {
            return false;
        }
    }
    return true;
}

static void describe_remote(const struct http_site *site, struct MHD_Connection *connection,
                            char remote[CLIENT_ADDRESS_TEXT_MAX], struct api_request *ret_request)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    remote[0] = '\0';
    if (info == NULL || info->client_addr == NULL) {
        return;
    }
    struct client_address client = client_address_of(info->client_addr);
    bool trusted = client_networks_contain(&site->trusted, &client);
    if (trusted) {
        struct lines lines = {.name = site->proxy_field == FORWARDED_FORWARDED ? "Forwarded"
                                                                               : "X-Forwarded-For"};
        MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_line, &lines);
        client = forwarded_client(&site->trusted, &client, site->proxy_field, lines.values,
                                  lines.count);
    }
    client_address_to_text(&client, remote);
    ret_request->local = client_address_is_loopback(&client) && is_direct(connection) &&
                         host_is_loopback(http_field(connection, "Host"));
}

void http_request_describe(const struct http_site *site, struct MHD_Connection *connection,
                           const char *method, const char *path, char *query, size_t query_size,
                           char remote[CLIENT_ADDRESS_TEXT_MAX], struct api_request *ret_request)
{
    struct query_text arguments = {.builder = text_builder(query, query_size)};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, append_argument, &arguments);
    const char *authorization = http_field(connection, "Authorization");
    const char *bearer = authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0
                             ? authorization + 7
                             : NULL;
    *ret_request = (struct api_request){
        .method = method_of(method),
        .path = path,
        .query = query,
        .bearer = bearer,
        .content_type = http_field(connection, "Content-Type"),
        .encoded = is_encoded(connection),
        .accept = http_field(connection, "Accept"),
        .if_match = http_field(connection, "If-Match"),
        .browser = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, API_BROWSER_COOKIE),
        .remote = remote,
    };
    describe_remote(site, connection, remote, ret_request);
}

static bool ask_for_body(const struct http_request *request, const struct http_site *site,
                         struct api *api, const char *method, const char *path, uint64_t size,
                         time_us now, time_ms wall, struct api_response *ret_response)
{
    char query[1];
    char remote[CLIENT_ADDRESS_TEXT_MAX];
    struct api_request head;
    http_request_describe(site, request->connection, method, path, query, sizeof(query), remote,
                          &head);
    bool may = api_body_begin(api, request->number, &head, size, now, wall, ret_response);
    ret_response->close = !may; // whatever still comes of it is no request
    return may;
}

bool http_request_begin(struct http_request *request, const struct http_site *site, struct api *api,
                        const char *method, const char *path, time_us now, time_ms wall,
                        struct api_response *ret_response)
{
    unsigned long long promised = 0;
    const char *length = http_field(request->connection, "Content-Length");
    request->body_max = API_BODY_MAX;
    *ret_response = (struct api_response){0};
    if (length == NULL || text_to_u64(length, strlen(length), UINT64_MAX, &promised) != ERR_NONE ||
        promised <= API_BODY_MAX) {
        return true;
    }
    request->large = ask_for_body(request, site, api, method, path, promised, now, wall,
                                  ret_response);
    request->body_max = request->large ? (size_t)promised : 0;
    return request->large;
}

static bool request_append(struct http_request *request, const char *data, size_t size)
{
    if (request->too_large || size > request->body_max - request->body_size) {
        return false;
    }
    char *grown = realloc(request->body, request->body_size + size + 1);
    if (grown == NULL) {
        return false;
    }
    request->body = grown;
    memcpy(request->body + request->body_size, data, size);
    request->body[request->body_size + size] = '\0';
    request->body_size += size;
    return true;
}

enum MHD_Result http_request_receive(struct http_request *request, struct api *api,
                                     const char *data, size_t size)
{
    if (request->large && !api_body_received(api, request->number, size)) {
        return MHD_NO;
    }
    request->too_large = !request_append(request, data, size);
    return MHD_YES;
}

static bool was_cut(const struct http_request *request, const char *why)
{
    const char *said = MHD_lookup_connection_value(request->connection, MHD_FOOTER_KIND,
                                                   REQUEST_GUARD_CUT);
    return said != NULL && text_equal(said, why);
}

bool http_request_is_too_large(const struct http_request *request)
{
    return request->too_large || was_cut(request, REQUEST_GUARD_CUT_TOO_LARGE);
}

bool http_request_is_malformed(const struct http_request *request)
{
    return was_cut(request, REQUEST_GUARD_CUT_MALFORMED);
}

void http_request_refuse(const struct http_request *request, const struct http_site *site,
                         struct api *api, const char *method, const char *path, time_us now,
                         time_ms wall, struct api_response *ret_response)
{
    bool may = ask_for_body(request, site, api, method, path, UINT64_MAX, now, wall, ret_response);
    ASSERT(!may); // so much is nobody's
}

void http_request_end(struct http_request *request, struct api *api)
{
    if (request->large) {
        api_body_end(api, request->number);
    }
    if (request->has_later) {
        api_response_finish(&request->later);
    }
    free(request->body);
    free(request);
}

// Pages of other origins may use the doors (RFC 9725 section 4.1 asks for it): no cookie is read
// there, so nothing but the bearer they have themselves speaks for them.
static void add_cross_origin_headers(struct MHD_Response *reply,
                                     const struct api_response *response)
{
    (void)MHD_del_response_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    (void)MHD_add_response_header(reply, "Cross-Origin-Resource-Policy", "cross-origin");
    (void)MHD_add_response_header(reply, "Access-Control-Allow-Origin", "*");
    (void)MHD_add_response_header(reply, "Access-Control-Expose-Headers",
                                  "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After");
    if (response->allow[0] != '\0') {
        (void)MHD_add_response_header(reply, "Access-Control-Allow-Methods", response->allow);
        (void)MHD_add_response_header(reply, "Access-Control-Allow-Headers",
                                      "Authorization, Content-Type, If-Match");
        (void)MHD_add_response_header(reply, "Access-Control-Max-Age", "86400");
    }
}

static ssize_t read_stream(void *context, uint64_t at, char *to, size_t size)
{
    struct api_stream *stream = context;
    int64_t read = stream->read(stream, at, to, size);
    return read > 0 ? (ssize_t)read : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void finish_stream(void *context)
{
    struct api_stream *stream = context;
    stream->finish(stream);
}

// Contents that somebody sent: they may do nothing wherever they are shown.
static void add_content_headers(struct MHD_Response *reply, const struct api_response *response)
{
    (void)MHD_del_response_header(reply, security_headers[0][0], security_headers[0][1]);
    (void)MHD_add_response_header(reply, security_headers[0][0], "sandbox; default-src 'none'");
    (void)MHD_add_response_header(reply, "Content-Disposition", response->disposition);
}

static struct MHD_Response *create_reply(struct api_response *response)
{
    struct api_stream *stream = response->stream;
    if (stream == NULL) {
        return MHD_create_response_from_buffer(response->body_size, response->body,
                                               MHD_RESPMEM_MUST_COPY);
    }
    struct MHD_Response *reply = MHD_create_response_from_callback(
        stream->size, STREAM_BLOCK, read_stream, stream, finish_stream);
    response->stream = reply != NULL ? NULL : stream; // the reply's from now on
    return reply;
}

// Within the site: a proxy's prefix stands in front.
static void add_location(struct MHD_Response *reply, const struct http_site *site,
                         const char *location)
{
    char text[HTTP_PREFIX_MAX + sizeof(((struct api_response *)NULL)->location)];
    snprintf(text, sizeof(text), "%s%s", location[0] == '/' ? site->prefix : "", location);
    (void)MHD_add_response_header(reply, "Location", text);
}

static enum MHD_Result queue_api_response(const struct http_site *site,
                                          struct MHD_Connection *connection,
                                          struct api_response *response)
{
    bool contents = response->stream != NULL;
    struct MHD_Response *reply = create_reply(response);
    if (reply == NULL) {
        return MHD_NO;
    }
    add_security_headers(site, reply);
    if (contents) {
        add_content_headers(reply, response);
    }
    (void)MHD_add_response_header(reply, "Cache-Control", "no-store");
    if (response->content_type != NULL) {
        (void)MHD_add_response_header(reply, "Content-Type", response->content_type);
    }
    if (response->location[0] != '\0') {
        add_location(reply, site, response->location);
    }
    if (response->elsewhere != NULL) {
        (void)MHD_add_response_header(reply, "Location", response->elsewhere);
    }
    if (response->cookie[0] != '\0') {
        (void)MHD_add_response_header(reply, "Set-Cookie", response->cookie);
    }
    if (response->etag[0] != '\0') {
        (void)MHD_add_response_header(reply, "ETag", response->etag);
    }
    if (response->allow[0] != '\0') {
        (void)MHD_add_response_header(reply, "Allow", response->allow);
    }
    if (response->accept_post != NULL) {
        (void)MHD_add_response_header(reply, "Accept-Post", response->accept_post);
    }
    if (response->accept_patch != NULL) {
        (void)MHD_add_response_header(reply, "Accept-Patch", response->accept_patch);
    }
    if (response->accept_encoding != NULL) {
        (void)MHD_add_response_header(reply, "Accept-Encoding", response->accept_encoding);
    }
    if (response->cross_origin) {
        add_cross_origin_headers(reply, response);
    }
    if (response->retry_after_s > 0) {
        char seconds[16];
        snprintf(seconds, sizeof(seconds), "%d", response->retry_after_s);
        (void)MHD_add_response_header(reply, "Retry-After", seconds);
    }
    if (response->close) {
        (void)MHD_add_response_header(reply, "Connection", "close");
    }
    if (response->status == 401) {
        (void)MHD_add_response_header(reply, "WWW-Authenticate", "Bearer");
    }
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned int)response->status, reply);
    MHD_destroy_response(reply);
    return queued;
}

const struct static_file *http_page_for(struct MHD_Connection *connection, const char *method,
                                        const struct static_files *files)
{
    bool wanted = method_of(method) == API_GET &&
                  accept_prefers_html(http_field(connection, "Accept"));
    return wanted ? static_files_page(files, http_field(connection, "Accept-Language")) : NULL;
}

enum MHD_Result http_queue_response(const struct http_site *site, struct MHD_Connection *connection,
                                    struct api_response *response, const struct static_file *page)
{
    bool is_problem = response->content_type != NULL &&
                      text_equal(response->content_type, "application/problem+json");
    char *body = page != NULL && is_problem ? static_file_with_status(page, response->status)
                                            : NULL;
    if (body == NULL) {
        return queue_api_response(site, connection, response);
    }
    struct api_response told = *response;
    told.content_type = page->content_type;
    told.body = body;
    told.body_size = page->size;
    enum MHD_Result queued = queue_api_response(site, connection, &told);
    free(body);
    return queued;
}

enum MHD_Result http_queue_static(const struct http_site *site, struct MHD_Connection *connection,
                                  const struct static_file *file)
{
    const char *known = http_field(connection, "If-None-Match");
    const char *encodings = http_field(connection, "Accept-Encoding");
    bool unchanged = known != NULL && strstr(known, file->etag) != NULL;
    bool gzip = file->gzip != NULL && encodings != NULL && strstr(encodings, "gzip") != NULL;
    unsigned char *data = gzip ? file->gzip : file->data;
    size_t size = gzip ? file->gzip_size : file->size;
    struct MHD_Response *reply = MHD_create_response_from_buffer(unchanged ? 0 : size, data,
                                                                 MHD_RESPMEM_PERSISTENT);
    if (reply == NULL) {
        return MHD_NO;
    }
    add_security_headers(site, reply);
    (void)MHD_add_response_header(reply, "Content-Type", file->content_type);
    (void)MHD_add_response_header(reply, "ETag", file->etag);
    (void)MHD_add_response_header(
        reply, "Vary", file->by_language ? "Accept-Encoding, Accept-Language" : "Accept-Encoding");
    (void)MHD_add_response_header(reply, "Cache-Control",
                                  file->immutable ? "public, max-age=31536000, immutable"
                                                  : "no-cache");
    if (gzip && !unchanged) {
        (void)MHD_add_response_header(reply, "Content-Encoding", "gzip");
    }
    enum MHD_Result queued = MHD_queue_response(
        connection, unchanged ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, reply);
    MHD_destroy_response(reply);
    return queued;
}

static enum MHD_Result queue_problem(const struct http_site *site,
                                     struct MHD_Connection *connection, enum err err,
                                     struct api_response *response, const struct static_file *page)
{
    char body[256];
    struct text_builder text = text_builder(body, sizeof(body));
    text_append_format(&text, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d}",
                       err_slug(err), err_title(err), response->status);
    response->content_type = "application/problem+json";
    response->body = body;
    response->body_size = text.length;
    return http_queue_response(site, connection, response, page);
}

enum MHD_Result http_queue_refused(const struct http_site *site, struct MHD_Connection *connection,
                                   const char *url)
{
    static const struct {
        const char *url;
        int status;
        enum err err;
    } refusals[] = {{"/400", 400, ERR_MALFORMED},   {"/413", 413, ERR_TOO_LARGE},
                    {"/414", 414, ERR_TOO_LARGE},   {"/431", 431, ERR_TOO_LARGE},
                    {"/501", 501, ERR_UNSUPPORTED}, {"/505", 505, ERR_UNSUPPORTED}};
    size_t i = sizeof(refusals) / sizeof(refusals[0]) - 1;
    while (i > 0 && !text_equal(url, refusals[i].url)) {
        i--; // who says it by itself is malformed
    }
    struct api_response response = {.status = refusals[i].status, .close = true};
    return queue_problem(site, connection, refusals[i].err, &response, NULL);
}

enum MHD_Result http_queue_full(const struct http_site *site, struct MHD_Connection *connection,
                                const struct static_file *page)
{
    struct api_response response = {
        .status = err_http_status(ERR_FULL), .close = true, .retry_after_s = FULL_RETRY_S};
    return queue_problem(site, connection, ERR_FULL, &response, page);
}

enum MHD_Result http_queue_problem(const struct http_site *site, struct MHD_Connection *connection,
                                   enum err err, const struct static_file *page)
{
    struct api_response response = {.status = err_http_status(err)};
    return queue_problem(site, connection, err, &response, page);
}

enum err http_site_describe(struct http_site *site, const struct http_config *config)
{
    enum err result = client_networks_read(config->trusted_proxies, &site->trusted);
    if (result == ERR_NONE) {
        result = text_copy(site->prefix, sizeof(site->prefix), config->prefix);
    }
    if (config->hsts_days > 0) {
        snprintf(site->hsts, sizeof(site->hsts), "max-age=%llu",
                 (unsigned long long)config->hsts_days * 86400);
    }
    site->proxy_field = config->proxies_say_forwarded ? FORWARDED_FORWARDED
                                                      : FORWARDED_X_FORWARDED_FOR;
    return result;
}
