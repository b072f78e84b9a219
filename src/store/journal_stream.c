#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "store/journal_priv.h"

#define MEETING_STREAM "meeting/"

struct journal_stream journal_stream_of(const char *meeting)
{
    struct journal_stream stream;
    struct text_builder name = text_builder(stream.name, sizeof stream.name);
    text_append(&name, MEETING_STREAM);
    text_append(&name, meeting);
    if (name.failed) {
        stream.name[0] = '\0';
    }
    return stream;
}

bool journal_is_meeting(const char *stream)
{
    return text_starts_with(stream, MEETING_STREAM);
}

const char *journal_meeting_id(const char *stream)
{
    ASSERT(journal_is_meeting(stream));
    return stream + strlen(MEETING_STREAM);
}
