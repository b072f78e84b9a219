// A row of the journal as it may stand in a database that somebody has edited: the first line is
// who it is by, the second the event's type, the rest its data. What is read as an event is written
// and read again as the same.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "contract/json.h"
#include "fuzz.h"
#include "store/journal_priv.h"

static char *take_line(const char **text, size_t *left)
{
    const char *end = memchr(*text, '\n', *left);
    size_t length = end != NULL ? (size_t)(end - *text) : *left;
    char *line = strndup(*text, length);
    ASSERT(line != NULL);
    *left -= length + (end != NULL);
    *text += length + (end != NULL);
    return line;
}

static void write_and_read(const struct event *event)
{
    static struct event again;
    json_t *data = event_encode_data(event);
    ASSERT(data != NULL);
    char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
    ASSERT(text != NULL);
    const struct journal_row row = {.stream = "meeting/m",
                                    .seq = event->seq,
                                    .at = event->at,
                                    .by = event->by,
                                    .type = event_name(event->type),
                                    .data = text,
                                    .data_length = strlen(text)};
    ASSERT(journal_event_of_row(&row, &again) == ERR_NONE);
    ASSERT(again.type == event->type && strcmp(again.by, event->by) == 0);
    json_t *data_again = event_encode_data(&again);
    ASSERT(data_again != NULL && json_equal(data, data_again));
    json_decref(data_again);
    json_decref(data);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct event event;
    const char *text = (const char *)data;
    size_t left = size;
    char *by = take_line(&text, &left);
    char *type = take_line(&text, &left);
    const struct journal_row row = {.stream = "meeting/m",
                                    .seq = 7,
                                    .at = 1,
                                    .by = by,
                                    .type = type,
                                    .data = text,
                                    .data_length = left};
    uint8_t hash[JOURNAL_HASH_SIZE];
    uint8_t same[JOURNAL_HASH_SIZE];
    journal_hash(&row, hash);
    journal_hash(&row, same);
    ASSERT(memcmp(hash, same, sizeof(hash)) == 0);
    journal_commitment(&row, hash);
    journal_commitment(&row, same);
    ASSERT(memcmp(hash, same, sizeof(hash)) == 0);
    if (journal_event_of_row(&row, &event) == ERR_NONE) {
        ASSERT(event.seq == 7 && event.at == 1 && strcmp(event.by, by) == 0);
        write_and_read(&event);
    }
    free(by);
    free(type);
    return 0;
}
