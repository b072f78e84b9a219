// One's own sessions: everything about them but signing in, whose answer is here too.
#include "api/authentication.h"
#include "api/call.h"
#include "api/respond.h"
#include "api/sign_in.h"
#include "api/viewer.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

void sign_in_respond(struct call *call, const struct session *session)
{
    call->api->counters.sign_ins++;
    respond_json(&call->response, 201, session_encode(session));
    text_copy_cut(call->response.location, sizeof(call->response.location), "/api/v1/session");
    call->person = person_number(session->account, session->meeting, session->participant);
    call_answer(call);
}

static void respond_result(struct call *call, enum err result)
{
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    call_empty(call, 204);
}

void rest_session_read(struct call *call)
{
    const struct app_identity *identity = &call->identity;
    struct session session = {.capacity = identity->capacity, .expires_at = identity->expires_at};
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(call->api->app, identity->meeting, &seq);
    const struct participant *self = meeting != NULL
                                         ? participant_in(meeting, identity->participant)
                                         : NULL;
    text_copy_cut(session.participant, sizeof(session.participant), identity->participant);
    text_copy_cut(session.meeting, sizeof(session.meeting), identity->meeting);
    text_copy_cut(session.account, sizeof(session.account), identity->account);
    text_copy_cut(session.name, sizeof(session.name),
                  self != NULL                   ? self->name
                  : identity->account[0] != '\0' ? identity->account
                                                 : identity->called);
    call_json(call, 200, session_encode(&session));
}

void rest_session_delete(struct call *call)
{
    respond_result(call, app_sign_out(call->api->app, &call->identity));
}

void rest_sessions_end(struct call *call)
{
    respond_result(call, app_sign_out_everywhere(call->api->app, &call->identity));
}

void rest_sessions_delete(struct call *call)
{
    respond_result(call, app_session_revoke(call->api->app, &call->identity, call->parameters[0]));
}

static void own_session_fill(const struct session *session, const char *id,
                             const struct app_identity *identity, struct own_session *ret_own)
{
    *ret_own = (struct own_session){.capacity = session->capacity,
                                    .expires_at = session->expires_at,
                                    .current = text_equal(id, identity->session)};
    text_copy_cut(ret_own->id, sizeof(ret_own->id), id);
    text_copy_cut(ret_own->participant, sizeof(ret_own->participant), session->participant);
    text_copy_cut(ret_own->meeting, sizeof(ret_own->meeting), session->meeting);
    text_copy_cut(ret_own->name, sizeof(ret_own->name), session->name);
    text_copy_cut(ret_own->account, sizeof(ret_own->account), session->account);
}

void rest_sessions_list(struct call *call)
{
    struct session sessions[OWN_SESSIONS_SESSIONS_MAX];
    char ids[OWN_SESSIONS_SESSIONS_MAX][CONTRACT_ID_MAX + 1];
    struct own_sessions own = {0};
    enum err result = app_sessions(call->api->app, &call->identity, call->api->wall, sessions, ids,
                                   OWN_SESSIONS_SESSIONS_MAX, &own.sessions_count);
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    for (uint32_t i = 0; i < own.sessions_count; i++) {
        own_session_fill(&sessions[i], ids[i], &call->identity, &own.sessions[i]);
    }
    call_json(call, 200, own_sessions_encode(&own));
}
