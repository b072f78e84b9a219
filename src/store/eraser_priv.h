// Inside src/store only: destroys contents, in a thread and on a connection of its own, so that
// neither the loop nor the journal waits for it. Destroyed is what stands neither in the database
// nor in its log: rows are overwritten (secure_delete), then the log is cut to nothing. While
// somebody still reads what the log holds, the thread tries again; a disk that takes nothing is
// tried again too.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define ERASER_MAX 64 // asked for and not yet fetched

struct eraser;

// `event_fd` is borrowed: made readable when something is destroyed.
enum err CHECKED eraser_create(const char *path, int event_fd, struct eraser **ret_eraser);
// What is under way is cut off. NULL is allowed.
void eraser_destroy(struct eraser *eraser);
// ERR_CONFLICT when these are being destroyed already, ERR_FULL at ERASER_MAX.
enum err CHECKED eraser_put(struct eraser *eraser, const char *meeting, const char *content);
bool eraser_has(struct eraser *eraser, const char *meeting, const char *content);
// Takes out one that is destroyed; false when there is none.
bool eraser_take(struct eraser *eraser, char *ret_meeting, char *ret_content, size_t size);

// sqlite_content_delete.c: on any connection, in short transactions.
struct database;
enum err CHECKED content_delete(struct database *database, const char *meeting,
                                const char *content);
