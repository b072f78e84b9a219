// The contents of documents by REST: sent whole and checked, written by a worker; read in pieces
// while they are sent. Private to src/api.
#pragma once

#include "api/api_state.h"

#define API_CONTENTS_MAX 8 // being written at once

// As api_request().
bool content_request(struct api *api, uint64_t request, const struct api_request *in,
                     const struct app_identity *identity, const char *meeting,
                     struct api_response *ret_response);
void document_request(struct api *api, const struct api_request *in,
                      const struct app_identity *identity, const char *meeting,
                      const char *document, struct api_response *ret_response);
void documents_finish(struct api *api);
