// POST /api/v1/session: a personal link's token with all that come in the same turn of the loop, a
// password after its slow check on a worker; and the way to the organisation's provider and back,
// which ends with a token for the same. Private to src/api.
#pragma once

#include "api/call.h"
#include "app/sign_in_provider.h"

// sessions.c: 201, with the session and its token.
void sign_in_respond(struct call *call, const struct session *session);
// Refused at once, or answered by the next sign_in_links_end().
void sign_in_by_link(struct call *call, const char *token);
// At the end of a turn: those who wait for nothing any more are written down in one transaction and
// answered.
void sign_in_links_end(struct api *api);
bool sign_in_links_are_ready(const struct api *api); // whether there are any
// The token that a sign-in at the provider ended with. False: it is none of these.
bool sign_in_by_ticket(struct call *call, const char *token);
// What its cookie says of the browser; "" when it says nothing.
const char *sign_in_browser(const struct api_request *in);
