// Whole responses.
#pragma once

#include <jansson.h>

#include "api/api.h"

// Takes the reference. When memory is short the response is a bare 500.
void respond_json(struct api_response *ret_response, int status, json_t *body);
void respond_text(struct api_response *ret_response, int status, const char *text);
// Takes `body`, which malloc gave.
void respond_owned(struct api_response *ret_response, int status, const char *content_type,
                   char *body, size_t size);
void respond_empty(struct api_response *ret_response, int status);
