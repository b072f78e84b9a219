// What clients say on live connections, and whom to let in.
#include <string.h>

#include "api/authentication.h"
#include "api/json_guard.h"
#include "api/live.h"
#include "api/live_message.h"
#include "api/problem.h"
#include "base/text.h"
#include "contract/json.h"

enum live_asks { LIVE_ASKS_PONG, LIVE_ASKS_COMMAND, LIVE_ASKS_SUBSCRIBE, LIVE_ASKS_UNSUBSCRIBE };

struct live_incoming {
    enum live_asks asks;
    time_ms pong;
    const char *command;
    const json_t *data;
    const char *stream; // NULL: the one of the connection's address
    bool has_after;     // to subscribe
    uint64_t after;
    uint64_t id;
};

static bool integer_read(const json_t *value, uint64_t *ret_value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > CONTRACT_INTEGER_MAX) {
        return false;
    }
    *ret_value = (uint64_t)json_integer_value(value);
    return true;
}

static bool command_read(const json_t *message, struct live_incoming *ret_incoming)
{
    const json_t *command = json_object_get(message, "command");
    const json_t *stream = json_object_get(message, "stream");
    ret_incoming->asks = LIVE_ASKS_COMMAND;
    ret_incoming->data = json_object_get(message, "data");
    ret_incoming->command = json_string_value(command);
    ret_incoming->stream = json_string_value(stream);
    return ret_incoming->command != NULL && (stream == NULL || ret_incoming->stream != NULL) &&
           json_object_size(message) == 2u + (ret_incoming->data != NULL) + (stream != NULL);
}

// {"stream": …} with "after" where one may go on.
static bool stream_read(const json_t *wish, bool may_resume, struct live_incoming *ret_incoming)
{
    const json_t *after = may_resume ? json_object_get(wish, "after") : NULL;
    ret_incoming->has_after = after != NULL;
    ret_incoming->stream = json_string_value(json_object_get(wish, "stream"));
    return ret_incoming->stream != NULL &&
           (after == NULL || integer_read(after, &ret_incoming->after)) &&
           json_object_size(wish) == 1u + (after != NULL);
}

// Nothing but the protocol's own keys, with their own types.
static bool message_read(const json_t *message, struct live_incoming *ret_incoming)
{
    const json_t *pong = json_object_get(message, "pong");
    const json_t *subscribe = json_object_get(message, "subscribe");
    const json_t *unsubscribe = json_object_get(message, "unsubscribe");
    if (pong != NULL) {
        ret_incoming->asks = LIVE_ASKS_PONG;
        ret_incoming->pong = json_integer_value(pong);
        return json_is_integer(pong) && json_object_size(message) == 1;
    }
    if (!integer_read(json_object_get(message, "id"), &ret_incoming->id)) {
        return false;
    }
    if (subscribe == NULL && unsubscribe == NULL) {
        return command_read(message, ret_incoming);
    }
    ret_incoming->asks = subscribe != NULL ? LIVE_ASKS_SUBSCRIBE : LIVE_ASKS_UNSUBSCRIBE;
    return json_object_size(message) == 2 &&
           stream_read(subscribe != NULL ? subscribe : unsubscribe, subscribe != NULL,
                       ret_incoming);
}

static time_ms limits_time(const struct api *api)
{
    return api->now / TIME_US_PER_MS + 1;
}

// The person's, not the connection's: whoever connects anew has no more of them.
static void charge(struct api *api, const struct live_connection *entry, enum remote_limit limit,
                   uint32_t tokens)
{
    person_limits_charge(api->persons, limit, entry->identity.meeting, entry->identity.participant,
                         limits_time(api), tokens);
}

static void misbehave(struct api *api, struct live_connection *entry, uint16_t code,
                      const char *reason)
{
    api->counters.live_ended_misbehaved++;
    charge(api, entry, PERSON_LIMIT_PUT_OUT, 1);
    api_live_drop(api, entry, code, reason);
}

static void receive_malformed(struct api *api, struct live_connection *entry, uint64_t id,
                              enum err err)
{
    api->counters.messages_malformed++;
    if (++entry->malformed > LIVE_MALFORMED_MAX) {
        misbehave(api, entry, LIVE_CLOSE_POLICY, "too many messages that cannot be read");
        return;
    }
    api_live_refuse(api, entry, NULL, id, &(struct problem){.err = err});
}

static void receive_command(struct api *api, struct live_connection *entry,
                            const struct live_incoming *incoming)
{
    struct command command;
    char field[CODEC_FIELD_MAX + 1];
    struct refusal refusal;
    struct live_subscription *of = incoming->stream != NULL
                                       ? live_table_follows(entry,
                                                            api_live_meeting_of(incoming->stream))
                                       : live_table_first(entry);
    if (of == NULL) {
        api_live_refuse(api, entry, NULL, incoming->id,
                        &(struct problem){.err = ERR_NOT_FOUND, .field = "stream"});
        return;
    }
    enum err result = command_decode(incoming->command, incoming->data, &command, field, &refusal);
    if (result != ERR_NONE) {
        api_live_refuse(api, entry, of, incoming->id,
                        &(struct problem){.err = result, .refusal = &refusal, .field = field});
        return;
    }
    api->counters.commands++;
    of->owed++;
    app_command(api->app, of->live, incoming->id, &command, api->now, api->wall);
}

static void receive_stream(struct api *api, struct live_connection *entry,
                           const struct live_incoming *incoming)
{
    const char *meeting = api_live_meeting_of(incoming->stream);
    struct live_wish wish = {
        .id = incoming->id, .has_after = incoming->has_after, .after = incoming->after};
    text_copy_cut(wish.meeting, sizeof(wish.meeting), meeting);
    enum err err = incoming->asks == LIVE_ASKS_SUBSCRIBE
                       ? api_live_subscribe(api, entry, &wish)
                       : api_live_unsubscribe(api, entry, incoming->id, meeting);
    if (err != ERR_NONE) {
        api_live_refuse_stream(api, entry, incoming->id, meeting, err);
    }
}

// Only the answer to the ping that is measured counts, once. A client may answer late and seem far
// away: that buys it the patience of the longest line, and no more.
static void receive_pong(struct api *api, struct live_connection *entry, time_ms said)
{
    if (entry->ping_measured == 0 || entry->ping_measured != said) {
        return;
    }
    time_us trip = api->now - entry->ping_sent;
    trip = trip < LIVE_ROUND_TRIP_US ? trip : LIVE_ROUND_TRIP_US;
    entry->ping_measured = 0;
    entry->round_trip = entry->round_trip == 0 ? trip : (3 * entry->round_trip + trip) / 4;
    for (struct list_link *at = entry->subscriptions.first; at != NULL; at = at->next) {
        app_live_round_trip(api->app, live_subscription_of(at)->live, entry->round_trip);
    }
}

static void receive_read(struct api *api, struct live_connection *entry,
                         const struct live_incoming *incoming)
{
    switch (incoming->asks) {
    case LIVE_ASKS_PONG: receive_pong(api, entry, incoming->pong); break;
    case LIVE_ASKS_COMMAND: receive_command(api, entry, incoming); break;
    case LIVE_ASKS_SUBSCRIBE:
    case LIVE_ASKS_UNSUBSCRIBE: receive_stream(api, entry, incoming); break;
    }
}

static void receive_refused(struct api *api, struct live_connection *entry, uint64_t id)
{
    api->counters.rate_limited++;
    if (++entry->refused > LIVE_REFUSED_MAX) {
        misbehave(api, entry, LIVE_CLOSE_POLICY, "too many messages");
        return;
    }
    api_live_refuse(api, entry, NULL, id, &(struct problem){.err = ERR_TOO_MANY});
}

uint32_t api_live_values_max(void)
{
    uint32_t most = 0;
    for (unsigned int type = 0; type < COMMAND_COUNT; type++) {
        uint32_t values = codec_values_max(command_shape((enum command_type)type));
        most = values > most ? values : most;
    }
    return most + 3; // its id, its stream, and the command's name
}

static struct live_connection *find_open(struct api *api, api_connection connection)
{
    struct live_connection *entry = live_table_find(&api->lives, connection);
    return entry != NULL && entry->phase == LIVE_OPEN ? entry : NULL;
}

bool api_live_admit(struct api *api, api_connection connection, time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    struct live_connection *entry = find_open(api, connection);
    if (entry == NULL) {
        return false;
    }
    entry->last_heard = now;
    api->counters.messages_received++;
    int wait_s = 0;
    return person_limits_take(api->persons, PERSON_LIMIT_COMMAND, entry->identity.meeting,
                              entry->identity.participant, limits_time(api), &wait_s) == ERR_NONE;
}

static enum err message_parse(const struct api *api, const char *text, size_t size,
                              json_t **ret_message, struct live_incoming *ret_incoming)
{
    enum err result = json_guard_parse(text, size, api->message_values_max, ret_message);
    return result == ERR_NONE && !message_read(*ret_message, ret_incoming) ? ERR_MALFORMED : result;
}

void api_live_refuse_message(struct api *api, api_connection connection, const char *text,
                             size_t size, time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    struct live_connection *entry = find_open(api, connection);
    if (entry == NULL) {
        return;
    }
    struct live_incoming incoming = {0};
    json_t *message = NULL;
    if (text != NULL && message_parse(api, text, size, &message, &incoming) != ERR_NONE) {
        incoming.id = json_guard_first_number(text, size, "id");
    }
    receive_refused(api, entry, incoming.id);
    json_decref(message);
}

void api_live_receive(struct api *api, api_connection connection, const char *text, size_t size,
                      time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    struct live_connection *entry = find_open(api, connection);
    if (entry == NULL) {
        return;
    }
    if (size > LIVE_WEIGHT_MAX) {
        charge(api, entry, PERSON_LIMIT_COMMAND, (uint32_t)((size - 1) / LIVE_WEIGHT_MAX));
    }
    entry->refused -= entry->refused > 0;
    json_t *message = NULL;
    struct live_incoming incoming = {0};
    enum err result = message_parse(api, text, size, &message, &incoming);
    if (result != ERR_NONE) {
        receive_malformed(api, entry, incoming.id, result);
    } else {
        receive_read(api, entry, &incoming);
    }
    json_decref(message);
}

void api_live_misbehaved(struct api *api, api_connection connection, bool too_large)
{
    struct live_connection *entry = live_table_find(&api->lives, connection);
    if (entry != NULL) {
        api->counters.messages_malformed++;
        misbehave(api, entry, too_large ? LIVE_CLOSE_LARGE : LIVE_CLOSE_KIND,
                  too_large ? "the message is too large" : "only text messages are understood");
    }
}

static enum err live_refuse(struct api *api, const struct api_request *in, enum err err,
                            const char *field, struct api_response *ret_response)
{
    const struct problem problem = {.err = err, .field = field, .instance = in->path};
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    return err;
}

// Who was put out again and again waits before coming again: that costs more than what is said.
static enum err may_come_again(struct api *api, const struct api_request *in,
                               const struct app_identity *who, struct api_response *ret_response)
{
    int wait_s = 0;
    if (person_limits_look(api->persons, PERSON_LIMIT_PUT_OUT, who->meeting, who->participant,
                           limits_time(api), &wait_s) == ERR_NONE) {
        return ERR_NONE;
    }
    api->counters.live_put_off++;
    enum err err = live_refuse(api, in, ERR_TOO_MANY, NULL, ret_response);
    ret_response->retry_after_s = wait_s;
    return err;
}

enum err api_live_accept(struct api *api, const struct api_request *in,
                         const char *subprotocol_bearer, time_us now, time_ms wall,
                         struct api_live_ticket *ret_ticket, struct api_response *ret_response)
{
    api_set_now(api, now, wall);
    api->counters.requests++;
    *ret_ticket = (struct api_live_ticket){0};
    char meeting[CONTRACT_ID_MAX + 1];
    char after[24];
    if (query_value(in->query, "meeting", meeting, sizeof(meeting)) != ERR_NONE) {
        return live_refuse(api, in, ERR_INVALID, "meeting", ret_response);
    }
    enum err result = query_value(in->query, "after", after, sizeof(after));
    if (result != ERR_NOT_FOUND) {
        unsigned long long value = 0;
        if (result != ERR_NONE ||
            text_to_u64(after, strlen(after), CONTRACT_INTEGER_MAX, &value) != ERR_NONE) {
            return live_refuse(api, in, ERR_INVALID, "after", ret_response);
        }
        ret_ticket->after = value;
        ret_ticket->has_after = true;
    }
    const char *bearer = subprotocol_bearer != NULL ? subprotocol_bearer : in->bearer;
    result = authenticate(api, in, bearer, meeting, wall, &ret_ticket->identity, ret_response);
    if (result != ERR_NONE) {
        return result;
    }
    if (ret_ticket->identity.participant[0] == '\0' ||
        !text_equal(ret_ticket->identity.meeting, meeting)) {
        return live_refuse(api, in, ERR_FORBIDDEN, NULL, ret_response);
    }
    ret_ticket->person = identity_number(&ret_ticket->identity);
    int wait_s = 0;
    result = api_live_take_state(api, &ret_ticket->identity, &wait_s);
    if (result != ERR_NONE) {
        (void)live_refuse(api, in, result, NULL, ret_response);
        ret_response->retry_after_s = wait_s;
    }
    return result != ERR_NONE ? result
                              : may_come_again(api, in, &ret_ticket->identity, ret_response);
}
