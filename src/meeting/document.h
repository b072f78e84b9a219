// Documents: how contents that were sent become one. A speech may be under embargo: its text is for
// those who need it to interpret, until it is delivered ("check against delivery"). Who reads
// which: contract/readers.json. Pure; the control thread.
#pragma once

#include "meeting/meeting.h"

#define DOCUMENT_SPEECHES_MAX 4 // of one participant

// NULL when there is none. Valid until the next event is applied.
const struct document *meeting_find_document(const struct meeting_state *state, const char *id);

// `contents` are facts of the store (id, form, size, sha256); the rest is the participant's wish.
// ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_INVALID, ERR_CONFLICT, ERR_FULL, with `ret_refusal`.
// A document that is replaced is removed first.
enum err CHECKED meeting_document_add(struct meeting_state *state,
                                      const struct meeting_caller *caller,
                                      const struct command_document_add *wish,
                                      const struct content *contents, time_ms now,
                                      struct event_list *ret_events, struct refusal *ret_refusal);
// Whether meeting_document_add, or the command to remove this one, would be refused now; nothing is
// decided.
enum err CHECKED meeting_document_may_add(const struct meeting_state *state,
                                          const struct meeting_caller *caller,
                                          const struct command_document_add *wish,
                                          const struct content *contents, time_ms now,
                                          struct refusal *ret_refusal);
enum err CHECKED meeting_document_may_remove(const struct meeting_state *state,
                                             const struct meeting_caller *caller, const char *id,
                                             time_ms now, struct refusal *ret_refusal);
// The contents are not there any more: the document is removed, by nobody. Nothing when there is no
// such document.
void meeting_document_lost(struct meeting_state *state, const char *id, time_ms now,
                           struct event_list *ret_events);
