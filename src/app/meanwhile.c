#include "app/meanwhile.h"

#include <string.h>

#include "app/app_priv.h"
#include "app/meanwhile_kept.h"
#include "app/part.h"
#include "base/log.h"
#include "base/text.h"

#define EVENTS_LEFT 64 // for one decision

// What was just decided. False when there is no room: `decided` is as it was before.
static bool keep(struct app *app, struct app_meeting *meeting)
{
    bool kept = meanwhile_hold(meeting, &app->events);
    if (!kept) {
        app_undo(meeting);
    }
    return kept;
}

// ---- Who closes their own

static enum err decide_word(struct app *app, struct app_meeting *meeting,
                            const struct meanwhile_word *word, struct refusal *ret_refusal)
{
    struct command command = {.type = word->type};
    if (word->type == COMMAND_DESK_MICROPHONE) {
        command.as.desk_microphone.state = word->microphone;
    }
    struct meeting_caller caller = meeting_caller(&meeting->decided, word->participant, word->type);
    return meeting_decide(&meeting->decided, &command, &caller, app_meeting_time(app, meeting),
                          &app->events, ret_refusal);
}

// From what has been told: only what was said stands. What is heard is looked at in this turn.
static void begin_again(struct app *app, struct app_meeting *meeting)
{
    struct app_meanwhile *meanwhile = meeting->meanwhile;
    meanwhile->count = 0;
    app_undo(meeting);
    parts_store_undone(app);
    for (uint32_t i = 0; i < meanwhile->word_count; i++) {
        struct refusal refusal = {0};
        if (decide_word(app, meeting, &meanwhile->words[i], &refusal) == ERR_NONE) {
            (void)keep(app, meeting);
        }
    }
    meanwhile->of_words = meanwhile->count;
    app_wake_at(app, app->now);
}

static void forget_word(struct app_meanwhile *meanwhile, const char *participant)
{
    for (uint32_t i = meanwhile->word_count; i-- > 0;) {
        if (text_equal(meanwhile->words[i].participant, participant)) {
            meanwhile->word_count--;
            memmove(&meanwhile->words[i], &meanwhile->words[i + 1],
                    (meanwhile->word_count - i) * sizeof(meanwhile->words[0]));
        }
    }
}

// Of a microphone that is open, as far as anybody has been told.
static bool read_word(const struct meeting_state *told, const char *participant,
                      const struct command *command, struct meanwhile_word *ret_word)
{
    *ret_word = (struct meanwhile_word){.type = command->type};
    text_copy_cut(ret_word->participant, sizeof(ret_word->participant), participant);
    if (command->type == COMMAND_DESK_MICROPHONE) {
        const struct desk *desk = meeting_find_desk(told, participant);
        ret_word->microphone = command->as.desk_microphone.state;
        bool stops = desk != NULL && desk->opening_since != 0 &&
                     ret_word->microphone == MICROPHONE_OFF;
        return desk != NULL && (desk->microphone != MICROPHONE_OFF || stops);
    }
    bool own = command->type == COMMAND_FLOOR_YIELD ||
               (command->type == COMMAND_FLOOR_END &&
                text_equal(command->as.floor_end.participant, participant));
    ret_word->type = COMMAND_FLOOR_YIELD;
    return own && meeting_find_floor(told, participant) != NULL;
}

// Back to what everybody has been told.
static bool takes_back(const struct meeting_state *told, const struct meanwhile_word *word)
{
    const struct desk *desk = meeting_find_desk(told, word->participant);
    return word->type == COMMAND_DESK_MICROPHONE && desk->microphone == word->microphone &&
           desk->microphone != MICROPHONE_OFF;
}

static bool add_word(struct app *app, struct app_meeting *meeting,
                     const struct meanwhile_word *word)
{
    struct refusal refusal = {0};
    struct app_meanwhile *meanwhile = meeting->meanwhile;
    if (meanwhile->word_count == MEANWHILE_WORDS_MAX ||
        decide_word(app, meeting, word, &refusal) != ERR_NONE || !keep(app, meeting)) {
        return false;
    }
    meanwhile->words[meanwhile->word_count++] = *word;
    meanwhile->of_words = meanwhile->count;
    return true;
}

bool meanwhile_command(struct app *app, const struct app_connection *connection, uint64_t request,
                       const struct command *command)
{
    struct app_meeting *meeting = connection->meeting;
    struct meanwhile_word word;
    if (!app->store_closed || !read_word(&meeting->told, connection->participant, command, &word) ||
        meanwhile_begin(meeting) == NULL) {
        return false;
    }
    forget_word(meeting->meanwhile, word.participant);
    begin_again(app, meeting);
    bool back = takes_back(&meeting->told, &word);
    if (!back && !add_word(app, meeting, &word)) {
        return false;
    }
    if (word.type == COMMAND_DESK_MICROPHONE && word.microphone == MICROPHONE_ON) {
        app_answer(app, connection->live, request);
    } else {
        app_refuse(app, connection->live, request, REFUSAL_CLOSED_UNWRITTEN);
    }
    return true;
}

// ---- What is heard

bool meanwhile_may_decide(struct app *app, struct app_meeting *meeting)
{
    if (!app->store_closed) {
        return outbox_has_room(&app->outbox);
    }
    const struct app_meanwhile *meanwhile = meanwhile_begin(meeting);
    if (meanwhile == NULL) {
        return false;
    }
    if (meanwhile->count > MEANWHILE_EVENTS_MAX - EVENTS_LEFT &&
        meanwhile->count >= meanwhile->of_words + EVENTS_LEFT) {
        begin_again(app, meeting);
    }
    return meanwhile->count <= MEANWHILE_EVENTS_MAX - EVENTS_LEFT;
}

void meanwhile_record(struct app *app, struct app_meeting *meeting)
{
    if (!app->store_closed) {
        app_record(app, meeting, NULL);
    } else if (app->events.count > 0) {
        (void)keep(app, meeting);
        app_wake_at(app, app->now); // the rules may have a new deadline
    }
}

// ---- The store

void meanwhile_write(struct app *app, struct app_meeting *meeting)
{
    struct app_meanwhile *meanwhile = meeting->meanwhile;
    if (meanwhile == NULL) {
        return;
    }
    bool room = outbox_has_room(&app->outbox);
    if (meanwhile->count == 0 || !room) {
        if (!room) {
            log_event(LOG_ERROR, "store.meanwhile_lost", LOG_TEXT("meeting", meeting->id));
        }
        meanwhile_end(meeting);
        app_undo(meeting);
        return;
    }
    app->events.count = meanwhile->count;
    memcpy(app->events.events, meanwhile->events, meanwhile->count * sizeof(meanwhile->events[0]));
    meanwhile->posted = true;
    app_record(app, meeting, NULL);
}
