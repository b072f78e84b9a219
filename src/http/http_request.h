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
    char *body;      // owned, grows to `body_max`
    size_t body_size;
    size_t body_max; // 0: too many send much, no more for now
    bool large;      // the api was asked for more than API_BODY_MAX
    bool too_large;
    bool suspended; // the api answers later
    struct api_response later;
    bool has_later;
};

void http_request_describe(struct MHD_Connection *connection, const char *method, const char *url,
                           char *query, size_t query_size, char *remote, size_t remote_size,
                           struct api_request *ret_request);
// The head is there: how much may follow.
void http_request_begin(struct http_request *request, struct api *api, const char *method,
                        const char *url, time_ms wall);
// What is more than the body may have is read and dropped; MHD_NO (cut off) when it is far more.
enum MHD_Result http_request_receive(struct http_request *request, const char *data, size_t size);
// Why the body was not taken; ERR_NONE when it was.
enum err http_request_refusal(const struct http_request *request);
// Frees it.
void http_request_end(struct http_request *request, struct api *api);
enum MHD_Result http_queue_response(struct MHD_Connection *connection,
                                    struct api_response *response);
enum MHD_Result http_queue_static(struct MHD_Connection *connection,
                                  const struct static_file *file);
enum MHD_Result http_queue_problem(struct MHD_Connection *connection, enum err err);
void http_add_security_headers(struct MHD_Response *response);
