// The database: journals, people, settings. One file, SQLite in WAL mode with synchronous=FULL:
// what is committed survives a power cut. A `struct store` belongs to one thread (in the server the
// control thread), and its calls are synchronous; only the journal is written by a thread of its
// own, started at the first append (see journal.h). Several processes may have the same file open:
// the command line adds tokens and accounts while the server runs.
#pragma once

#include <stddef.h>

#include "base/err.h"

#define STORE_FILE_NAME         "plenary.db"
#define STORE_SETTING_KEY_MAX   63
#define STORE_SETTING_VALUE_MAX 4095

struct store;

// Opens or makes the file (readable by its owner only) and brings its tables up to date.
// ERR_UNSUPPORTED when a newer server wrote it, ERR_IO when it cannot be opened or is damaged.
enum err CHECKED store_open(const char *path, struct store **ret_store);
// For reading alone, beside the server that writes: any thread may have one of its own. Makes
// nothing and changes nothing. ERR_UNSUPPORTED when its tables are not this server's.
enum err CHECKED store_open_reader(const char *path, struct store **ret_store);
// Where the file is; borrowed.
const char *store_path(const struct store *store);
// Commits what was appended, ends the writing thread. NULL is allowed.
void store_close(struct store *store);

// Readable when the journal has news for journal_committed(). Never changes; owned by the store.
int store_event_fd(const struct store *store);
// The last failure in English, for the operator's log; empty when there was none. Static until the
// next call.
const char *store_failure(const struct store *store);

// A consistent copy while the server goes on, into a new file at `path`; either whole and on the
// disk, or not there. ERR_CONFLICT when `path` exists.
enum err CHECKED store_backup(struct store *store, const char *path);
// Opens `path` for reading only, checks its structure and every journal's chain, and says in
// `ret_words` what it found.
enum err CHECKED store_examine(const char *path, char *ret_words, size_t size);

// ERR_NOT_FOUND (and an empty value) when the key was never set.
enum err CHECKED store_setting_get(struct store *store, const char *key,
                                   char ret_value[STORE_SETTING_VALUE_MAX + 1]);
enum err CHECKED store_setting_set(struct store *store, const char *key, const char *value);
