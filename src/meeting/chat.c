// The interpreters' chats. Who is a member of which: contract/readers.json.
#include "meeting/meeting_priv.h"

#include <string.h>

#include "contract/visibility.h"

enum err chat_send(struct outcome *outcome)
{
    const struct command_chat_send *command = &outcome->command->as.chat_send;
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (command->text[0] == '\0' && command->phrase == PHRASE_NONE) {
        return outcome_refuse(outcome, REFUSAL_CHAT_NEEDS_WORDS);
    }
    bool interpreter = capacity_can(outcome->caller->capacity, ABILITY_HAS_DESK);
    enum language booth = command->language;
    if (command->room == CHAT_ROOM_INTERPRETERS) {
        booth = LANGUAGE_NONE;
    } else if (interpreter) {
        booth = outcome->caller->language;
    }
    const struct viewer viewer = viewer_of(outcome->caller);
    if (!chat_reads(&viewer, command->room, booth)) {
        return outcome_refuse(outcome, REFUSAL_NOT_IN_CHAT);
    }
    if (!interpreter && booth_in(&outcome->state->meeting, booth) == NULL) {
        return outcome_refuse(outcome, REFUSAL_TALK_NEEDS_BOOTH);
    }
    struct event_chat_said *said = &outcome_draft(outcome, EVENT_CHAT_SAID)->as.chat_said;
    said->room = command->room;
    said->language = booth;
    memcpy(said->text, command->text, sizeof said->text);
    said->phrase = command->phrase;
    outcome_emit(outcome);
    return ERR_NONE;
}
