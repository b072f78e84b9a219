#include "meeting/document.h"

#include "contract/visibility.h"
#include "meeting/meeting_priv.h"

#include <string.h>

// Who was heard for less has not delivered a speech: the microphone was opened by mistake, or
// the line was bad.
#define DOCUMENT_DELIVERED_MS 10000

// Those who look after the papers of everybody.
static bool document_keeper(const struct participant *participant)
{
    return capacity_can(participant->capacity, ABILITY_KEEPS_PAPERS);
}

// The document that the caller may change; to who may not read it, it does not exist.
static const struct document *document_own(struct outcome *outcome, const char *id,
                                           enum err *ret_err)
{
    const struct document *document = meeting_find_document(outcome->state, id);
    const struct participant *caller = outcome->caller;
    const struct viewer viewer = caller != NULL ? viewer_of(caller) : (struct viewer){0};
    if (document == NULL || (caller != NULL && !document_told(document, &viewer))) {
        *ret_err = outcome_refuse(outcome, REFUSAL_NO_SUCH_DOCUMENT);
        return NULL;
    }
    if (caller != NULL && !document_keeper(caller) &&
        strcmp(document->participant, caller->id) != 0 &&
        strcmp(document->added_by, caller->id) != 0) {
        *ret_err = outcome_refuse(outcome, REFUSAL_DOCUMENT_NOT_YOURS);
        return NULL;
    }
    return document;
}

static void document_emit(struct outcome *outcome, enum event_type type,
                          const struct document *document)
{
    outcome_draft(outcome, type)->as.document_added.document = *document;
    outcome_emit(outcome);
}

static void document_end_embargo(struct outcome *outcome, const struct document *document)
{
    struct document released = *document;
    released.embargoed = false;
    released.released_at = outcome->now;
    document_emit(outcome, EVENT_DOCUMENT_RELEASED, &released);
}

void document_deliver(struct outcome *outcome, const char *participant, time_ms heard_ms)
{
    const struct meeting *meeting = &outcome->state->meeting;
    const struct agenda_item *current = meeting_current_item(outcome->state);
    for (uint32_t i = 0; heard_ms >= DOCUMENT_DELIVERED_MS && i < meeting->documents_count; i++) {
        const struct document *document = &meeting->documents[i];
        bool now = current == NULL || document->item[0] == '\0' ||
                   strcmp(document->item, current->id) == 0;
        if (document->embargoed && now && strcmp(document->participant, participant) == 0) {
            document_end_embargo(outcome, document);
        }
    }
}

enum err document_release(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct document *document = document_own(
        outcome, outcome->command->as.document_release.document, &err);
    if (document != NULL && document->embargoed) {
        document_end_embargo(outcome, document);
    }
    return err;
}

enum err document_remove(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct document *document = document_own(
        outcome, outcome->command->as.document_remove.document, &err);
    if (document != NULL) {
        document_emit(outcome, EVENT_DOCUMENT_REMOVED, document);
    }
    return err;
}

// Whose speech it is, or nobody's for other documents.
static enum err document_speaker(struct outcome *outcome, const struct command_document_add *wish,
                                 const char **ret_speaker)
{
    const struct participant *caller = outcome->caller;
    *ret_speaker = "";
    if (wish->kind == DOCUMENT_KIND_DOCUMENT) {
        if (!capacity_can(caller->capacity, ABILITY_SITS_ON_PODIUM)) {
            return outcome_refuse(outcome, REFUSAL_OWN_SPEECH_ALONE);
        }
        return wish->embargoed || wish->participant[0] != '\0'
                   ? outcome_refuse(outcome, REFUSAL_EMBARGO_FOR_SPEECHES)
                   : ERR_NONE;
    }
    *ret_speaker = wish->participant[0] != '\0' ? wish->participant : caller->id;
    if (strcmp(*ret_speaker, caller->id) != 0 && !document_keeper(caller)) {
        return outcome_refuse(outcome, REFUSAL_OWN_SPEECH_ALONE);
    }
    enum err err = ERR_NONE;
    const struct participant *speaker = outcome_participant(outcome, *ret_speaker, &err);
    if (speaker != NULL && !capacity_can(speaker->capacity, ABILITY_SPEAKS)) {
        return outcome_refuse(outcome, REFUSAL_DOES_NOT_SPEAK);
    }
    return err;
}

static enum err document_need_room(struct outcome *outcome, const char *speaker,
                                   const struct document *replaced)
{
    const struct meeting *meeting = &outcome->state->meeting;
    uint32_t speeches = 0;
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        speeches += &meeting->documents[i] != replaced && speaker[0] != '\0' &&
                    strcmp(meeting->documents[i].participant, speaker) == 0;
    }
    if (speeches >= DOCUMENT_SPEECHES_MAX) {
        return outcome_refuse_most(outcome, REFUSAL_SPEECHES_FULL, DOCUMENT_SPEECHES_MAX);
    }
    return meeting->documents_count >= MEETING_DOCUMENTS_MAX // until the other has gone: both
               ? outcome_refuse_most(outcome, REFUSAL_DOCUMENTS_FULL, MEETING_DOCUMENTS_MAX)
               : ERR_NONE;
}

// Whether it may be added; whose speech it is, and what it replaces (NULL: nothing).
static enum err document_may_add(struct outcome *outcome, const struct command_document_add *wish,
                                 const struct content *contents, const char **ret_speaker,
                                 const struct document **ret_replaced)
{
    enum err err = document_speaker(outcome, wish, ret_speaker);
    if (err != ERR_NONE) {
        return err;
    }
    if (wish->title[0] == '\0') {
        return outcome_refuse(outcome, REFUSAL_DOCUMENT_NEEDS_TITLE);
    }
    if (wish->item[0] != '\0' && meeting_find_item(outcome->state, wish->item) == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_ITEM);
    }
    if (meeting_find_document(outcome->state, contents->id) != NULL) {
        return outcome_refuse(outcome, REFUSAL_CONTENTS_USED);
    }
    *ret_replaced = NULL;
    if (wish->replaces[0] != '\0') {
        *ret_replaced = document_own(outcome, wish->replaces, &err);
    }
    return err != ERR_NONE ? err : document_need_room(outcome, *ret_speaker, *ret_replaced);
}

static void document_add(struct outcome *outcome, const struct command_document_add *wish,
                         const struct content *contents, const char *speaker)
{
    struct document *document =
        &outcome_draft(outcome, EVENT_DOCUMENT_ADDED)->as.document_added.document;
    id_copy(document->id, contents->id);
    document->kind = wish->kind;
    memcpy(document->title, wish->title, sizeof document->title);
    document->language = wish->language;
    id_copy(document->item, wish->item);
    id_copy(document->participant, speaker);
    document->form = contents->form;
    document->size = contents->size;
    memcpy(document->sha256, contents->sha256, sizeof document->sha256);
    id_copy(document->added_by, outcome->caller->id);
    document->added_at = outcome->now;
    document->embargoed = wish->embargoed;
    outcome_emit(outcome);
}

static enum err document_caller(struct outcome *outcome, const struct meeting_caller *caller)
{
    outcome->caller = meeting_find_participant(outcome->state, caller->participant);
    return caller->grant == PERMISSION_NONE || outcome->caller == NULL
               ? outcome_refuse(outcome, REFUSAL_CAPACITY_FORBIDS)
               : ERR_NONE;
}

enum err meeting_document_add(struct meeting_state *state, const struct meeting_caller *caller,
                              const struct command_document_add *wish,
                              const struct content *contents, time_ms now,
                              struct event_list *ret_events, struct refusal *ret_refusal)
{
    struct outcome outcome;
    const char *speaker = "";
    const struct document *replaced = NULL;
    outcome_begin(&outcome, state, now, ret_events);
    enum err err = document_caller(&outcome, caller);
    if (err == ERR_NONE) {
        err = document_may_add(&outcome, wish, contents, &speaker, &replaced);
    }
    if (err == ERR_NONE) {
        document_add(&outcome, wish, contents, speaker);
    }
    *ret_refusal = outcome.refusal;
    return err;
}

enum err meeting_document_may_remove(const struct meeting_state *state,
                                     const struct meeting_caller *caller, const char *id,
                                     time_ms now, struct refusal *ret_refusal)
{
    struct outcome outcome;
    outcome_judge(&outcome, state, now);
    enum err err = document_caller(&outcome, caller);
    if (err == ERR_NONE) {
        (void)document_own(&outcome, id, &err);
    }
    *ret_refusal = outcome.refusal;
    return err;
}

void meeting_document_lost(struct meeting_state *state, const char *id, time_ms now,
                           struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct document *document = meeting_find_document(state, id);
    if (document != NULL) {
        document_emit(&outcome, EVENT_DOCUMENT_REMOVED, document);
    }
}
