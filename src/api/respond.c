#include "api/respond.h"

#include <stdlib.h>
#include <string.h>

void respond_owned(struct api_response *ret_response, int status, const char *content_type,
                   char *body, size_t size)
{
    *ret_response = (struct api_response){
        .status = status, .content_type = content_type, .body = body, .body_size = size};
    if (body == NULL) {
        *ret_response = (struct api_response){.status = 500};
    }
}

void respond_json(struct api_response *ret_response, int status, json_t *body)
{
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    respond_owned(ret_response, status, "application/json", text, text != NULL ? strlen(text) : 0);
}

void respond_text(struct api_response *ret_response, int status, const char *text)
{
    respond_owned(ret_response, status, "text/plain; charset=utf-8", strdup(text), strlen(text));
}

void respond_empty(struct api_response *ret_response, int status)
{
    *ret_response = (struct api_response){.status = status};
}

void api_response_finish(struct api_response *response)
{
    free(response->body);
    free(response->elsewhere);
    if (response->stream != NULL) {
        response->stream->finish(response->stream);
    }
    *response = (struct api_response){0};
}
