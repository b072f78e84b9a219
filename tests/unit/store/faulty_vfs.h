// A disk for SQLite that fails on demand: the n-th operation that changes a file (write, sync,
// truncate, delete) and all after it fail, as if the power were cut there. What a file held at its
// last successful sync is kept beside it, so that a test can go on with what a real disk would
// have: only that, or any of the later writes too. Or a disk that fails for a while and heals.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Becomes SQLite's default. Once in a process.
void faulty_vfs_install(void);
// From now on: `operations` succeed, the next fails and so do all after. INT64_MAX: none fails.
void faulty_vfs_cut_after(int64_t operations);
// How many operations were seen since faulty_vfs_cut_after().
int64_t faulty_vfs_operations(void);
// Remembers what `path` and `path`-wal hold now as synced (both closed properly).
void faulty_vfs_begin(const char *path);
// Puts back what the last syncs held, for the database or its write-ahead log or both; the rest
// stays as written.
void faulty_vfs_forget_unsynced(const char *path, bool database, bool log);

enum faulty_kind {
    FAULTY_NOTHING,
    FAULTY_FULL,         // writes fail for want of room
    FAULTY_FULL_RESERVE, // the same, as long as there is a file `reserve` beside the database
    FAULTY_WRITE,        // writes fail
    FAULTY_SYNC,         // syncs fail, and what was written is said to be
};
// From operation `from` (counted by faulty_vfs_cut_after()) until it is called again.
void faulty_vfs_fail(enum faulty_kind kind, int64_t from);
