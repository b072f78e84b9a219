// The database: journals, people, settings. One file, SQLite in WAL mode with synchronous=FULL:
// what is committed survives a power cut. A `struct store` belongs to one thread (in the server the
// control thread), and its calls are synchronous; only the journal is written by a thread of its
// own, started at the first append (see journal.h). Several processes may have the same file open:
// the command line adds tokens and accounts while the server runs.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "contract/types.h"

#define STORE_FILE_NAME         "plenary.db"
#define STORE_PATH_MAX          4095
#define STORE_SETTING_KEY_MAX   63
#define STORE_SETTING_VALUE_MAX 4095

struct store;

// Opens or makes the file (readable by its owner only) and brings its tables up to date.
// ERR_UNSUPPORTED when a newer server wrote it, ERR_IO when it cannot be opened or is damaged.
enum err CHECKED store_open(const char *path, struct store **ret_store);
#define STORE_NEWER_WORDS_MAX 319
// Whether a newer server made the tables of the database at `path`; then a sentence for whoever is
// at the terminal: which server, and what to do. False where there is none that can be read.
// Changes nothing. Any thread.
bool store_is_newer(const char *path, char ret_words[STORE_NEWER_WORDS_MAX + 1]);
// For reading alone, beside the server that writes: any thread may have one of its own. Makes
// nothing and changes nothing. ERR_UNSUPPORTED when its tables are not this server's.
enum err CHECKED store_open_reader(const char *path, struct store **ret_store);
// Where the file is; borrowed.
const char *store_path(const struct store *store);
// Commits what was appended, ends the writing thread. NULL is allowed.
void store_close(struct store *store);

// What was deleted goes from the database's log too, into which everything is written first.
// ERR_UNAVAILABLE while another connection reads or writes.
enum err CHECKED store_empty_log(struct store *store);

// Readable when there is news for journal_committed(), content_erased() or store_health(). Never
// changes; owned by the store.
int store_event_fd(const struct store *store);
struct store_limits {
    uint64_t reserve_bytes; // kept aside beside the database; 0: none
    uint64_t low_bytes;     // STORE_STATE_LOW with less than that free
};

struct store_health {
    enum store_state state; // low: less than low_bytes free; reserve: it was given up

    uint64_t free_bytes;  // on the disk of the database
    bool takes_documents; // large contents still do no harm
};

// The writing thread is started, keeps the reserve and looks at the disk every second. Tickets
// of journal_append() begin anew.
// store_event_fd() becomes readable when store_health() changes its state.
enum err CHECKED store_watch(struct store *store, const struct store_limits *limits);
// For before store_open(), which needs some room: gives the reserve up when the disk is full.
void store_make_room(const char *path, const struct store_limits *limits);
// STORE_STATE_WELL without store_watch(). Costs nothing; the store's own thread.
struct store_health store_health(const struct store *store);

// The last failure in English, for the operator's log; empty when there was none. Static until the
// next call.
const char *store_failure(const struct store *store);

// The version of the tables that this server makes.
int64_t store_version(void);
// The version of the tables in the file as they are. Any thread.
enum err CHECKED store_version_of(const char *path, int64_t *ret_version);
// A copy of one moment, while the server goes on, into the file `to`, which is there and empty: all
// that was committed before the call. Not brought to the disk: whoever wants that does it.
// ERR_UNSUPPORTED when its tables are not this server's. Any thread.
enum err CHECKED store_copy(const char *from, const char *to);
// Opens `path` for reading only, checks its structure and every journal's chain, and says in
// `ret_words` what it found.
enum err CHECKED store_examine(const char *path, char *ret_words, size_t size);

// ERR_NOT_FOUND (and an empty value) when the key was never set.
enum err CHECKED store_setting_get(struct store *store, const char *key,
                                   char ret_value[STORE_SETTING_VALUE_MAX + 1]);
enum err CHECKED store_setting_set(struct store *store, const char *key, const char *value);
