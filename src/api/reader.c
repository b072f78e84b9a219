#include "api/reader.h"

#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "base/text.h"

#define LOOK_EVERY_US     TIME_US_PER_S
#define LOOK_EVERY_PIECES 16

enum err reader_begin(struct reader *reader, const struct call *call)
{
    *reader = (struct reader){.api = call->api,
                              .bearer = strdup(call->in->bearer),
                              .identity = call->identity,
                              .looked_at = call->api->now};
    text_copy_cut(reader->meeting, sizeof(reader->meeting), call->parameters[0]);
    return reader->bearer != NULL ? ERR_NONE : ERR_FULL;
}

bool reader_is_let_in(struct reader *reader)
{
    struct api *api = reader->api;
    reader->pieces++;
    if (api->now - reader->looked_at < LOOK_EVERY_US && reader->pieces < LOOK_EVERY_PIECES) {
        return true;
    }
    reader->looked_at = api->now;
    reader->pieces = 0;
    return identify(api, reader->bearer, reader->meeting, api->wall, &reader->identity) == ERR_NONE;
}

void reader_finish(struct reader *reader)
{
    if (reader->bearer != NULL) {
        explicit_bzero(reader->bearer, strlen(reader->bearer));
    }
    free(reader->bearer);
}
