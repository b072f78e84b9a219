// Who sends this request: the bearer token resolved, failures limited by address. Private to
// src/api.
#pragma once

#include "api/api_state.h"

// The value of `name` in the query; "" and ERR_NOT_FOUND when absent, ERR_INVALID when too long.
// Whether it is UTF-8 is the reader's question.
enum err CHECKED query_value(const char *query, const char *name, char *to, size_t size);

// The same for the same person, whatever session or link they come by, and never 0: of an account,
// or else of a participant of a meeting.
uint64_t person_number(const char *account, const char *meeting, const char *participant);
uint64_t identity_number(const struct app_identity *identity);

// Whose token it is; blanks around it mean nothing (RFC 9110 section 11.4 lets several stand before
// it). NULL takes the same way as a wrong one: no shortcut tells them apart by time.
// Who has a seat in `meeting` (NULL: none is meant) asks with that.
enum err CHECKED identify(struct api *api, const char *bearer, const char *meeting, time_ms wall,
                          struct app_identity *ret_identity);
// ERR_NONE, or the problem in *ret_response. A valid token is never held up by others' failures
// from the same address.
enum err CHECKED authenticate(struct api *api, const struct api_request *in, const char *bearer,
                              const char *meeting, time_ms wall, struct app_identity *ret_identity,
                              struct api_response *ret_response);
