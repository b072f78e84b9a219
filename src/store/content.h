// The contents of documents: bytes that never change, kept in chunks beside the journal, so that a
// backup has them and nobody waits long for the database while large ones are written. Whether
// contents are a document is the journal's to say.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "store/store.h"

#define STORE_CONTENT_MAX         (20u << 20) // bytes of one
#define STORE_CONTENT_MEETING_MAX (512u << 20)

struct content_row {
    char meeting[CONTRACT_ID_MAX + 1];
    char participant[CONTRACT_ID_MAX + 1]; // who sent it
    time_ms at;
    struct content content;
};

// Writes them by a connection of its own, chunk by chunk, and the row last: any thread. Fills in
// content.size and content.sha256. ERR_FULL (and nothing is kept) when the meeting has no room.
enum err CHECKED content_put(const char *path, struct content_row *row, const void *bytes,
                             size_t size);
// ERR_NOT_FOUND when there are none.
enum err CHECKED content_find(struct store *store, const char *meeting, const char *id,
                              struct content_row *ret_row);
// At most `size` bytes from `at`; 0 at the end.
enum err CHECKED content_read(struct store *store, const char *meeting, const char *id, uint64_t at,
                              void *to, size_t size, size_t *ret_size);
// Begins to destroy contents: from now on nobody finds them, and content_erased() says when nothing
// of them stands in the database or its log any more. What is not there is destroyed soon. While
// another connection reads what the log holds, that waits.
// ERR_CONFLICT when it is begun already, ERR_FULL when too many are under way.
enum err CHECKED content_erase(struct store *store, const char *meeting, const char *id);
// Takes out one that is destroyed; false when there is none. For when store_event_fd() is readable.
bool content_erased(struct store *store, char ret_meeting[CONTRACT_ID_MAX + 1],
                    char ret_id[CONTRACT_ID_MAX + 1]);
// Chunks without a row, left by a write that was cut off; when nobody writes.
enum err CHECKED content_remove_halves(struct store *store);
typedef bool content_visitor(void *context, const struct content_row *row);
// All contents of a meeting; of one participant when `participant` is not NULL. The visitor may not
// call the store.
enum err CHECKED content_list(struct store *store, const char *meeting, const char *participant,
                              content_visitor *visit, void *context);
