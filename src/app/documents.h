// Documents: who may send contents and read them, and when contents are destroyed. The rules are in
// meeting/document.h, the bytes in store/content.h.
#pragma once

#include "app/app.h"
#include "store/content.h"

#define APP_CONTENT_MEETING_MAX     (512u << 20) // bytes, of all of a meeting's
#define APP_CONTENT_OF_DELEGATE_MAX (2u << 20)   // bytes; others may send STORE_CONTENT_MAX

// How many bytes this bearer may send as contents; 0 for who may send none.
size_t app_content_room(const struct app *app, const struct app_identity *identity,
                        const char *meeting);
// A name and a place for contents; those of the same person that nothing names are destroyed first.
// ERR_STORAGE when the disk has no room for documents.
enum err CHECKED app_content_begin(struct app *app, const struct app_identity *identity,
                                   const char *meeting, enum document_form form, time_ms wall,
                                   struct content_row *ret_row);
// Looks whether the bytes are of the form (PDF begins as PDF does; text is UTF-8 without control
// characters other than tabulators and line ends) and keeps them. Any thread. ERR_INVALID for bytes
// of another form, ERR_FULL when the meeting has no room.
enum err CHECKED app_content_keep(const char *path, struct content_row *row, const char *bytes,
                                  size_t size);
// For app_content_keep(); borrowed, never changes.
const char *app_content_path(const struct app *app);

// ERR_FORBIDDEN for other meetings than the bearer's; ERR_NOT_FOUND also for what is under embargo
// for this one.
enum err CHECKED app_document_find(const struct app *app, const struct app_identity *identity,
                                   const char *meeting, const char *id,
                                   struct document *ret_document);
struct app_papers {
    uint32_t count;
    struct document *list; // the caller's to free
};
// The documents that this one may read now: those of an item, or with "" all of the meeting's, in
// the agenda's order, those of no item last, of one item the oldest first. Refused as by
// app_document_find(), ERR_NOT_FOUND also when there is none.
enum err CHECKED app_papers(const struct app *app, const struct app_identity *identity,
                            const char *meeting, const char *item, struct app_papers *ret_papers);

struct app_document_piece {
    uint64_t at;
    void *to;
    size_t max;
    size_t size; // what was read; 0 at the end
};
// Refused as by app_document_find(): whoever may not read it any more gets no further piece.
enum err CHECKED app_document_read(struct app *app, const struct app_identity *identity,
                                   const char *meeting, const char *id,
                                   struct app_document_piece *piece);
