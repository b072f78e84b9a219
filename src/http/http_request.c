#include "http/http_request.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

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

void http_add_security_headers(struct MHD_Response *response)
{
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

static void describe_remote(struct MHD_Connection *connection, char *remote, size_t remote_size)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    remote[0] = '\0';
    if (info == NULL || info->client_addr == NULL) {
        return;
    }
    const struct sockaddr *address = info->client_addr;
    const void *bytes =
        address->sa_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    if (inet_ntop(address->sa_family, bytes, remote, (socklen_t)remote_size) == NULL) {
        remote[0] = '\0';
    }
}

void http_request_describe(struct MHD_Connection *connection, const char *method, const char *url,
                           char *query, size_t query_size, char *remote, size_t remote_size,
                           struct api_request *ret_request)
{
    struct query_text arguments = {.builder = text_builder(query, query_size)};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, append_argument, &arguments);
    describe_remote(connection, remote, remote_size);
    const char *authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                            "Authorization");
    const char *bearer = authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0
                             ? authorization + 7
                             : NULL;
    *ret_request = (struct api_request){
        .method = method_of(method),
        .path = url,
        .query = query,
        .bearer = bearer,
        .content_type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"),
        .accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept"),
        .if_match = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-Match"),
        .remote = remote,
    };
}

void http_request_begin(struct http_request *request, struct api *api, const char *method,
                        const char *url, time_ms wall)
{
    char query[1];
    char remote[1];
    unsigned long long promised = 0;
    struct api_request head;
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                     "Content-Length");
    request->body_max = API_BODY_MAX;
    if (length != NULL && text_to_u64(length, strlen(length), UINT64_MAX, &promised) == ERR_NONE &&
        promised > API_BODY_MAX) {
        http_request_describe(request->connection, method, url, query, sizeof(query), remote,
                              sizeof(remote), &head);
        request->large = true;
        request->body_max = api_body_begin(api, request->number, &head, wall);
    }
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
    return true;
}

enum MHD_Result http_request_receive(struct http_request *request, const char *data, size_t size)
{
    request->too_large = !request_append(request, data, size);
    request->body_size += size;
    return request->body_size > request->body_max + 16 * API_BODY_MAX ? MHD_NO : MHD_YES;
}

enum err http_request_refusal(const struct http_request *request)
{
    if (!request->too_large) {
        return ERR_NONE;
    }
    return request->body_max == 0 ? ERR_UNAVAILABLE : ERR_TOO_LARGE;
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
// anywhere, so nothing but the bearer they have themselves speaks for them.
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

enum MHD_Result http_queue_response(struct MHD_Connection *connection,
                                    struct api_response *response)
{
    bool contents = response->stream != NULL;
    struct MHD_Response *reply = create_reply(response);
    if (reply == NULL) {
        return MHD_NO;
    }
    http_add_security_headers(reply);
    if (contents) {
        add_content_headers(reply, response);
    }
    (void)MHD_add_response_header(reply, "Cache-Control", "no-store");
    if (response->content_type != NULL) {
        (void)MHD_add_response_header(reply, "Content-Type", response->content_type);
    }
    if (response->location[0] != '\0') {
        (void)MHD_add_response_header(reply, "Location", response->location);
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
    if (response->cross_origin) {
        add_cross_origin_headers(reply, response);
    }
    if (response->retry_after_s > 0) {
        char seconds[16];
        snprintf(seconds, sizeof(seconds), "%d", response->retry_after_s);
        (void)MHD_add_response_header(reply, "Retry-After", seconds);
    }
    if (response->status == 401) {
        (void)MHD_add_response_header(reply, "WWW-Authenticate", "Bearer");
    }
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned int)response->status, reply);
    MHD_destroy_response(reply);
    return queued;
}

enum MHD_Result http_queue_static(struct MHD_Connection *connection, const struct static_file *file)
{
    const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    const char *encodings = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                        "Accept-Encoding");
    bool unchanged = known != NULL && strstr(known, file->etag) != NULL;
    bool gzip = file->gzip != NULL && encodings != NULL && strstr(encodings, "gzip") != NULL;
    unsigned char *data = gzip ? file->gzip : file->data;
    size_t size = gzip ? file->gzip_size : file->size;
    struct MHD_Response *reply = MHD_create_response_from_buffer(unchanged ? 0 : size, data,
                                                                 MHD_RESPMEM_PERSISTENT);
    if (reply == NULL) {
        return MHD_NO;
    }
    http_add_security_headers(reply);
    (void)MHD_add_response_header(reply, "Content-Type", file->content_type);
    (void)MHD_add_response_header(reply, "ETag", file->etag);
    (void)MHD_add_response_header(reply, "Vary", "Accept-Encoding");
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

enum MHD_Result http_queue_problem(struct MHD_Connection *connection, enum err err)
{
    char body[256];
    struct text_builder text = text_builder(body, sizeof(body));
    text_append_format(&text, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d}",
                       err_slug(err), err_title(err), err_http_status(err));
    struct api_response response = {.status = err_http_status(err),
                                    .content_type = "application/problem+json",
                                    .body = body,
                                    .body_size = text.length};
    return http_queue_response(connection, &response);
}
