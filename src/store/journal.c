// The journal as others see it: appending through the writer, reading on the owner's connection.
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "store/journal.h"
#include "store/store_priv.h"

#define EVENT_NAME_ROOM 40 // of the longest, and what stands between

enum err journal_append(struct store *store, const char *meeting, const struct event *events,
                        uint32_t count, uint64_t *ret_ticket)
{
    if (count == 0) {
        *ret_ticket = store->writer != NULL ? journal_writer_posted(store->writer) : 0;
        return ERR_NONE;
    }
    if (store->writer == NULL) {
        enum err err = journal_writer_create(store->path, store->event_fd, NULL, &store->writer);
        if (err != ERR_NONE) {
            return err;
        }
    }
    return journal_writer_post(store->writer, journal_stream_of(meeting).name, events, count,
                               ret_ticket);
}

enum err journal_committed(struct store *store, uint64_t *ret_ticket)
{
    uint64_t count = 0;
    // Quiet first, then look: news that comes in between is shown once more, never missed.
    while (read(store->event_fd, &count, sizeof count) < 0 && errno == EINTR) {
    }
    *ret_ticket = 0;
    return store->writer != NULL ? journal_writer_committed(store->writer, ret_ticket) : ERR_NONE;
}

bool journal_reopen(struct store *store)
{
    return store->writer == NULL || journal_writer_reopen(store->writer);
}

enum err journal_flush(struct store *store)
{
    uint64_t ticket = 0;
    if (store->writer == NULL) {
        return ERR_NONE;
    }
    journal_writer_wait(store->writer);
    return journal_writer_committed(store->writer, &ticket);
}

struct event_reading {
    journal_event_visitor *visit;
    void *context;
    enum err err;
    struct event event;
};

enum err journal_event_of_row(const struct journal_row *row, struct event *event)
{
    enum event_type type;
    if (!event_from_name(row->type, &type)) {
        return ERR_MALFORMED;
    }
    json_t *data = json_loadb(row->data, row->data_length, JSON_REJECT_DUPLICATES, NULL);
    if (data == NULL) {
        return ERR_MALFORMED;
    }
    *event = (struct event){0};
    enum err err = event_decode_data(type, data, event);
    json_decref(data);
    if (err != ERR_NONE || text_copy(event->by, sizeof event->by, row->by) != ERR_NONE) {
        return ERR_MALFORMED;
    }
    event->seq = row->seq;
    event->at = row->at;
    event->on_behalf_of_chair = row->on_behalf_of_chair;
    return ERR_NONE;
}

static bool event_visit(void *context, const struct journal_row *row)
{
    struct event_reading *reading = context;
    reading->err = journal_event_of_row(row, &reading->event);
    return reading->err == ERR_NONE && reading->visit(reading->context, &reading->event);
}

enum err journal_read(struct store *store, const char *meeting, uint64_t after,
                      journal_event_visitor *visit, void *context)
{
    struct event_reading reading = {.visit = visit, .context = context};
    enum err err = journal_table_read(&store->database, journal_stream_of(meeting).name, after,
                                      event_visit, &reading);
    return err != ERR_NONE ? err : reading.err;
}

enum err journal_read_back(struct store *store, const char *meeting, uint64_t from, uint64_t before,
                           const bool wanted[EVENT_COUNT], journal_event_visitor *visit,
                           void *context)
{
    struct event_reading reading = {.visit = visit, .context = context};
    char names[EVENT_COUNT * EVENT_NAME_ROOM];
    struct text_builder types = text_builder(names, sizeof(names));
    text_append(&types, "|");
    for (int i = 0; i < EVENT_COUNT; i++) {
        if (wanted[i]) {
            text_append_format(&types, "%s|", event_name((enum event_type)i));
        }
    }
    ASSERT(!types.failed);
    enum err err = journal_table_read_back(&store->database, journal_stream_of(meeting).name, from,
                                           before, names, event_visit, &reading);
    return err != ERR_NONE ? err : reading.err;
}

enum err journal_read_rows(struct store *store, const char *meeting, uint64_t after,
                           journal_row_visitor *visit, void *context)
{
    return journal_table_read(&store->database, journal_stream_of(meeting).name, after, visit,
                              context);
}

enum err journal_meetings(struct store *store, journal_meeting_visitor *visit, void *context)
{
    return journal_table_meetings(&store->database, visit, context);
}

enum err journal_head(struct store *store, const char *meeting, uint64_t *ret_seq,
                      uint8_t ret_hash[JOURNAL_HASH_SIZE])
{
    struct journal_head head = {0};
    enum err err = journal_table_head(&store->database, journal_stream_of(meeting).name, &head);
    *ret_seq = head.seq;
    memcpy(ret_hash, head.hash, JOURNAL_HASH_SIZE);
    return err;
}

struct hash_reading {
    uint64_t seq;
    uint8_t *hash;
    bool found;
};

static bool take_hash(void *context, const struct journal_row *row)
{
    struct hash_reading *reading = context;
    reading->found = row->seq == reading->seq;
    memcpy(reading->hash, row->hash, JOURNAL_HASH_SIZE);
    return false;
}

enum err journal_hash_of(struct store *store, const char *meeting, uint64_t seq,
                         uint8_t ret_hash[JOURNAL_HASH_SIZE])
{
    struct hash_reading reading = {.seq = seq, .hash = ret_hash};
    enum err err = seq > 0 ? journal_table_read(&store->database, journal_stream_of(meeting).name,
                                                seq - 1, take_hash, &reading)
                           : ERR_NONE;
    return err == ERR_NONE && !reading.found ? ERR_NOT_FOUND : err;
}

enum err journal_verify(struct store *store, const char *meeting,
                        struct journal_verdict *ret_verdict)
{
    return journal_verify_in(&store->database, journal_stream_of(meeting).name, ret_verdict);
}
