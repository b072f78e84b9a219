// Who reads contents of documents, for as long as they are sent: they may take minutes, and a
// session, a link, an account or a seat may be withdrawn meanwhile. Private to src/api; control
// thread only.
#pragma once

#include "api/call.h"

struct reader {
    struct api *api;
    char *bearer; // owned
    struct app_identity identity;
    time_us looked_at;
    uint32_t pieces; // since then
    char meeting[CONTRACT_ID_MAX + 1];
};

// Of a call whose route asks for a bearer, and whose first parameter is the meeting. ERR_FULL when
// memory is short.
enum err CHECKED reader_begin(struct reader *reader, const struct call *call);
// Before each piece: whether the bearer is good still. It is looked at once a second, as at pages,
// and of a fast reader once in so many pieces.
bool reader_is_let_in(struct reader *reader);
void reader_finish(struct reader *reader);
