// Private to src/http: from libmicrohttpd's connection to struct api_request, and from a response
// back.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "http/static_files.h"

// A request being received; libmicrohttpd's connection carries it. Owned by the connection until it
// is completed.
struct http_request {
    struct MHD_Connection *connection;
    uint64_t number; // the api's name for it while it is kept
    char *body;      // owned, grows to API_BODY_MAX
    size_t body_size;
    bool too_large;
    bool suspended; // the api answers later
    struct api_response later;
    bool has_later;
};

void http_request_describe(struct MHD_Connection *connection, const char *method, const char *url,
                           char *query, size_t query_size, char *remote, size_t remote_size,
                           struct api_request *ret_request);
// ERR_TOO_LARGE once the body exceeds API_BODY_MAX: the rest is dropped.
enum err CHECKED http_request_append(struct http_request *request, const char *data, size_t size);
enum MHD_Result http_queue_response(struct MHD_Connection *connection,
                                    struct api_response *response);
enum MHD_Result http_queue_static(struct MHD_Connection *connection,
                                  const struct static_file *file);
enum MHD_Result http_queue_problem(struct MHD_Connection *connection, enum err err);
void http_add_security_headers(struct MHD_Response *response);
