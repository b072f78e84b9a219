// The report of a meeting by REST: made by a worker of its own, one after the other, so that
// nothing else waits behind one that takes minutes. Few wait, and one of each person.
#pragma once

#include "api/api_state.h"

#define API_REPORTS_MAX 8 // in the making or waiting

// True when the answer is in *ret_response; false when it comes later.
bool report_request(struct api *api, uint64_t request, const struct api_request *in,
                    const struct app_identity *identity, const char *meeting,
                    enum api_report_form form, struct api_response *ret_response);
// Forgets those under way; no worker may be at work any more.
void report_finish(struct api *api);
