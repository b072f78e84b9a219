// Private to src/http: from libmicrohttpd's connection to struct api_request, and from a response
// back.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "base/pool.h"
#include "http/client_address.h"
#include "http/forwarded.h"
#include "http/http.h"
#include "http/static_files.h"

#define HTTP_PREFIX_MAX 255

// A request being received; libmicrohttpd's connection carries it. Owned by the connection until it
// is completed.
struct http_request {
    struct MHD_Connection *connection;
    handle gate_connection; // the gate's; HANDLE_NONE once it has ended
    bool may_upgrade;       // a GET of HTTP/1.1 (RFC 9110, section 7.8)
    bool upgraded;
    uint64_t number; // the api's name for it while it is kept
    char *body;      // owned, grows to `body_max`
    size_t body_size;
    size_t body_max;
    bool large; // the api has allowed more than API_BODY_MAX
    bool too_large;
    bool suspended; // the api answers later
    bool given_up;  // the api will not: the client has gone
    struct api_response later;
    bool has_later;
};

// What is known of the site; one for all requests. Borrowed by every function below.
struct http_site {
    char prefix[HTTP_PREFIX_MAX + 1]; // "" or "/sub"
    struct client_networks trusted;   // proxies
    enum forwarded_field proxy_field;
    char hsts[48]; // Strict-Transport-Security; empty when none
};

// As the configuration says; zeroed before. ERR_INVALID: proxies that cannot be read, a prefix too
// long.
enum err CHECKED http_site_describe(struct http_site *site, const struct http_config *config);

// The path within the site; `url` as it is when it does not stand under the prefix (a proxy has cut
// it off).
const char *http_path(const struct http_site *site, const char *url);

// A field of the request's head; NULL when it has none. Valid as long as the request.
const char *http_field(struct MHD_Connection *connection, const char *name);
void http_request_describe(const struct http_site *site, struct MHD_Connection *connection,
                           const char *method, const char *path, char *query, size_t query_size,
                           char remote[CLIENT_ADDRESS_TEXT_MAX], struct api_request *ret_request);
// The head is there, and says how much follows. True: it may come; otherwise the answer is in
// *ret_response, and is given before the body is read. Its `person` is right in both cases.
bool http_request_begin(struct http_request *request, const struct http_site *site, struct api *api,
                        const char *method, const char *path, time_us now, time_ms wall,
                        struct api_response *ret_response);
// MHD_NO (cut off) when others wait for this one's place.
enum MHD_Result http_request_receive(struct http_request *request, struct api *api,
                                     const char *data, size_t size);
// The end of a body that came without saying how much it is: true when it was too much.
bool http_request_is_too_large(const struct http_request *request);
// The same of one whose chunks are none.
bool http_request_is_malformed(const struct http_request *request);
// The answer to one that is too large.
void http_request_refuse(const struct http_request *request, const struct http_site *site,
                         struct api *api, const char *method, const char *path, time_us now,
                         time_ms wall, struct api_response *ret_response);
// Frees it.
void http_request_end(struct http_request *request, struct api *api);
// The page for a person who looks at what is answered: to a GET that would rather have HTML than
// JSON. NULL for programs.
const struct static_file *http_page_for(struct MHD_Connection *connection, const char *method,
                                        const struct static_files *files);
// Where the response is a problem and there is a `page` (NULL: a program asks), that is sent with
// the problem's status and headers: it says in words what a program reads in JSON.
enum MHD_Result http_queue_response(const struct http_site *site, struct MHD_Connection *connection,
                                    struct api_response *response, const struct static_file *page);
enum MHD_Result http_queue_static(const struct http_site *site, struct MHD_Connection *connection,
                                  const struct static_file *file);
enum MHD_Result http_queue_problem(const struct http_site *site, struct MHD_Connection *connection,
                                   enum err err, const struct static_file *page);
// To what the guard refused: `url` is "/" and the status.
enum MHD_Result http_queue_refused(const struct http_site *site, struct MHD_Connection *connection,
                                   const char *url);
// All places are taken by people with a session; the connection ends.
enum MHD_Result http_queue_full(const struct http_site *site, struct MHD_Connection *connection,
                                const struct static_file *page);
