#include "http/http_request.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

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

enum err http_request_append(struct http_request *request, const char *data, size_t size)
{
    if (request->too_large || size > API_BODY_MAX - request->body_size) {
        request->too_large = true;
        return ERR_TOO_LARGE;
    }
    char *grown = realloc(request->body, request->body_size + size + 1);
    if (grown == NULL) {
        request->too_large = true;
        return ERR_TOO_LARGE;
    }
    request->body = grown;
    memcpy(request->body + request->body_size, data, size);
    request->body_size += size;
    request->body[request->body_size] = '\0';
    return ERR_NONE;
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

enum MHD_Result http_queue_response(struct MHD_Connection *connection,
                                    struct api_response *response)
{
    struct MHD_Response *reply = MHD_create_response_from_buffer(
        response->body_size, response->body, MHD_RESPMEM_MUST_COPY);
    if (reply == NULL) {
        return MHD_NO;
    }
    http_add_security_headers(reply);
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
