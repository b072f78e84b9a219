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
// The document that is replaced stays: whoever destroys its contents then says
// meeting_document_lost(). It counts for none of its speaker's, but both have their place in the
// list meanwhile.
enum err CHECKED meeting_document_add(struct meeting_state *state,
                                      const struct meeting_caller *caller,
                                      const struct command_document_add *wish,
                                      const struct content *contents, time_ms now,
                                      struct event_list *ret_events, struct refusal *ret_refusal);
// Whether the command to remove it would be refused now; nothing is decided.
enum err CHECKED meeting_document_may_remove(const struct meeting_state *state,
                                             const struct meeting_caller *caller, const char *id,
                                             time_ms now, struct refusal *ret_refusal);
// The contents are not there any more: the document is removed, by nobody. Nothing when there is no
// such document.
void meeting_document_lost(struct meeting_state *state, const char *id, time_ms now,
                           struct event_list *ret_events);
