// Between bytes and the app: decodes JSON and routes, calls the app, encodes what comes back.
// Table-driven from contract/. It holds no rules. No socket: http/ owns connections and gives
// requests and live messages; the api answers through api_ports. Control thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "app/sign_in_provider.h"
#include "base/err.h"
#include "base/time.h"
#include "contract/routes.h"

struct api;

#define API_BODY_MAX REST_BODY_MAX // request bodies that need no leave, and live messages
// Of a message beyond the rate: every key that people press, and of an offer where its id stands.
#define API_REFUSED_MAX 1024
#define API_CALLS_MAX   1024 // requests that await their answers

// The only cookie there is (api/sign_in_provider.c): base64url of so many characters. Of this host
// and no other, over TLS alone (RFC 6265bis, section 4.1.3).
#define API_BROWSER_COOKIE "__Host-plenary-sign-in"
#define API_BROWSER_LENGTH APP_SECRET_LENGTH

enum api_method {
    API_GET,
    API_POST,
    API_PUT,
    API_PATCH,
    API_DELETE,
    API_OPTIONS,
    API_METHOD_OTHER
};

// One HTTP request, whole. All texts are borrowed for the call; NULL when absent.
struct api_request {
    enum api_method method;
    const char *path;   // "/api/v1/session", percent-decoded, no query
    const char *query;  // "name=value&…", percent-decoded, without '?', may be NULL
    const char *bearer; // from Authorization, without "Bearer "
    const char *content_type;
    bool encoded; // the body by a coding (RFC 9110, section 8.4): none is undone here
    const char *accept;
    const char *if_match;
    const char *browser; // the cookie by which it is known again
    const char *remote;  // the client's address, for rate limits and logs
    bool local;          // somebody on this machine, with nobody in between
    const char *body;
    size_t body_size;
    char **take_body; // the same, malloc's: who keeps it writes NULL here
};

// A body that is read while it is sent, on the control thread.
struct api_stream {
    uint64_t size;
    // At least one byte from `at`; -1 when it cannot be read: the connection is cut.
    int64_t (*read)(struct api_stream *stream, uint64_t at, char *to, size_t size);
    void (*finish)(struct api_stream *stream);
};

// A whole response. The caller gives it back with api_response_finish().
struct api_response {
    int status;
    const char *content_type; // static
    char *body;               // owned
    size_t body_size;
    struct api_stream *stream;   // owned; instead of a body
    char disposition[800];       // Content-Disposition; empty when none
    char location[160];          // empty when none; of this site
    char *elsewhere;             // owned; instead, on another one
    char cookie[128];            // Set-Cookie; empty when none
    char etag[48];               // empty when none
    char allow[32];              // the path's methods, with 405 and to OPTIONS; empty when none
    int retry_after_s;           // 0 when none
    const char *accept_post;     // static; NULL when none
    const char *accept_patch;    //
    const char *accept_encoding; //
    bool cross_origin;           // pages of other origins may read it
    bool close;                  // the connection ends behind it
    uint64_t person;             // a number for whose bearer is good, also while the answer is
                                 // awaited; 0: nobody's
};

// http's connections as the api sees them; chosen by http, unique among open ones.
typedef uint64_t api_connection;

// The report of a meeting, in one of its forms.
enum api_report_form { API_REPORT_JSON, API_REPORT_PDF };

struct api_report_wish {
    char meeting[CONTRACT_ID_MAX + 1];
    enum api_report_form form;
    enum language language; // of the PDF
    time_ms now;
};

// What a browser has brought back from the provider.
struct api_provider_answer {
    const char *code;
    const char *issuer; // NULL: not said
};

// The provider that people sign in at.
struct api_provider_ports {
    void *context;
    // What it is called; NULL: there is none.
    const char *(*name)(void *context);
    // On the worker "providers": asks it, which may take seconds. NULL, or why it was in vain: a
    // static word for the log. The address is malloc's.
    const char *(*address)(void *context, const struct app_provider_visit *visit,
                           char **ret_address);
    // The same; `ret_silent`: it does not answer.
    const char *(*person)(void *context, const struct app_provider_visit *visit,
                          const struct api_provider_answer *answer,
                          struct app_provider_person *ret_person, bool *ret_silent);
};

struct api_ports {
    void *context;
    struct api_provider_ports provider;
    // Makes a report: on a worker thread, takes seconds. The body is malloc's.
    enum err (*report_make)(void *context, const struct api_report_wish *wish, char **ret_body,
                            size_t *ret_size);
    // The public key that signs reports, as PEM; static.
    const char *(*report_key)(void *context);
    // Queues a copy of one text message. False when the connection's 1 MiB of room is used up: http
    // closes it, with a word; the api forgets it.
    bool (*live_send)(void *context, api_connection connection, const char *text, size_t size);
    // Whether next to nothing is queued, so that a whole state may follow. When not, http calls
    // api_live_has_room() once it is so.
    bool (*live_has_room)(void *context, api_connection connection);
    // Sends a close frame after what is queued.
    void (*live_close)(void *context, api_connection connection, uint16_t code, const char *reason);
    // The answer that api_request() promised for later. http may take what the response owns, and
    // leaves it empty then. Nothing comes back into the api out of it.
    void (*respond)(void *context, uint64_t request, struct api_response *response);
    // Runs `work(argument)` on the thread of this worker, then `done(argument)` on the control
    // thread. False when it takes nothing.
    bool (*run)(void *context, enum rest_worker worker, void (*work)(void *argument),
                void (*done)(void *argument), void *argument);
    // For /readyz: false with a static reason; true with "ready", perhaps with a warning.
    bool (*ready)(void *context, const char **ret_words);
    // What whoever runs the server has to look after.
    enum err (*upkeep)(void *context, struct upkeep *ret_upkeep);
    // Where files pass through while they are made. Borrowed for the life of the api, as the next.
    const char *folder;
    // Who may read /metrics besides this machine; "": nobody.
    const char *metrics_token;
    // For /metrics: figures of the modules outside the api and the app. May be NULL. Valid until
    // the next call.
    const struct app_figure *(*figures)(void *context, uint32_t *ret_count);
};

enum err CHECKED api_create(const struct api_ports *ports, struct api **ret_api);
void api_destroy(struct api *api);
// The app is made after the api (it needs the api's ports) and given here before anything else is
// called.
void api_set_app(struct api *api, struct app *app);
// The half of struct app_ports that the api implements (publish, reply, notice, live_end);
// link_send is the server's.
void api_fill_app_ports(struct api *api, struct app_ports *ports);

// The head has arrived of a request that promises `size` bytes of body, more than API_BODY_MAX: its
// route says whether that may be, and whoever answers it, from whom.
// True: they may come; api_body_end() when the request is over. Otherwise the answer is in
// *ret_response, which has `person` in both cases, and nothing more of the request is wanted.
bool api_body_begin(struct api *api, uint64_t request, const struct api_request *in, uint64_t size,
                    time_us now, time_ms wall, struct api_response *ret_response);
// So much of it has come. False when it has to be given up: others wait for its place, and it is
// the slowest.
bool api_body_received(struct api *api, uint64_t request, size_t size);
void api_body_end(struct api *api, uint64_t request);
// Answers at once (true), or later through ports.respond with the same `request` number (false).
bool api_request(struct api *api, uint64_t request, const struct api_request *in, time_us now,
                 time_ms wall, struct api_response *ret_response);
// The client of a request that is answered later has gone, or has at least ended what it sends.
// True when nothing will be answered: the work had not been begun. Otherwise the answer comes all
// the same.
bool api_request_gone(struct api *api, uint64_t request);
void api_response_finish(struct api_response *response);

// Live. api_live_accept decides before the upgrade: ERR_NONE, or an error whose problem is written
// to ret_response.
struct api_live_ticket {
    struct app_identity identity;
    uint64_t person; // as in a response
    uint64_t after;
    bool has_after;
};
enum err CHECKED api_live_accept(struct api *api, const struct api_request *in,
                                 const char *subprotocol_bearer, time_us now, time_ms wall,
                                 struct api_live_ticket *ret_ticket,
                                 struct api_response *ret_response);
// After the upgrade: sends hello and snapshot or events. From the moment when the api ends a
// connection (live_close, or live_send said no), the number is unknown to it: later calls for it do
// nothing.
void api_live_open(struct api *api, api_connection connection, const struct api_live_ticket *ticket,
                   time_us now, time_ms wall);
// A message is there, not read yet: whether its person may say one more, which is then counted.
// False, also for a connection that is none: to api_live_refuse_message() with it.
bool CHECKED api_live_admit(struct api *api, api_connection connection, time_us now, time_ms wall);
// What was not admitted: answered, or the connection ends. Nothing is read of it but its number: of
// one longer than API_REFUSED_MAX `text` is as much of its beginning. NULL: it cannot be unpacked.
void api_live_refuse_message(struct api *api, api_connection connection, const char *text,
                             size_t size, time_us now, time_ms wall);
// What was admitted. A long one counts as several.
void api_live_receive(struct api *api, api_connection connection, const char *text, size_t size,
                      time_us now, time_ms wall);
// What was queued has gone, after live_has_room said no. What waits for it is done at the next
// deadline, which is now.
void api_live_has_room(struct api *api, api_connection connection);
// Any other frame kind, a broken one, or a text that is too large: the api counts it and closes.
void api_live_misbehaved(struct api *api, api_connection connection, bool too_large);
// `left`: the client said that its page is gone, and not only the connection.
void api_live_closed(struct api *api, api_connection connection, bool left, time_us now,
                     time_ms wall);

// Heartbeats, and connections that the api has ended and the app must still hear of.
time_us api_next_deadline(const struct api *api);
void api_on_deadline(struct api *api, time_us now, time_ms wall);
