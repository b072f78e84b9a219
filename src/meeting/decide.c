// The door for commands: who calls, which function decides, and what the channels carry then.
#include "meeting/meeting_priv.h"

#include <string.h>

static enum err (*const decide_table[COMMAND_COUNT])(struct outcome *outcome) = {
    [COMMAND_FLOOR_GIVE] = floor_give,
    [COMMAND_FLOOR_TAKE] = floor_take,
    [COMMAND_FLOOR_END] = floor_end,
    [COMMAND_FLOOR_END_ALL] = floor_end_all,
    [COMMAND_FLOOR_YIELD] = floor_yield,
    [COMMAND_FLOOR_REQUEST] = speakers_request,
    [COMMAND_FLOOR_WITHDRAW] = speakers_withdraw,
    [COMMAND_REQUEST_ADD] = speakers_add,
    [COMMAND_REQUEST_MOVE] = speakers_move,
    [COMMAND_REQUEST_REMOVE] = speakers_remove,
    [COMMAND_LIST_OPEN] = speakers_open,
    [COMMAND_LIST_CLOSE] = speakers_close,
    [COMMAND_SITTING_OPEN] = sitting_open,
    [COMMAND_SITTING_SUSPEND] = sitting_suspend,
    [COMMAND_SITTING_ANNOUNCE] = sitting_announce,
    [COMMAND_SITTING_CLOSE] = sitting_close,
    [COMMAND_ITEM_START] = agenda_start,
    [COMMAND_TIME_ALLOW] = speaking_time_allow,
    [COMMAND_DESK_MICROPHONE] = press_microphone,
    [COMMAND_BOOTH_SET] = team_set_booth,
    [COMMAND_TEAM_LEAD] = team_lead,
    [COMMAND_DESK_ASSIGN] = team_assign,
    [COMMAND_DESK_REST] = team_rest,
    [COMMAND_DESK_OUTPUT] = press_output,
    [COMMAND_DESK_LISTEN] = relay_listen,
    [COMMAND_DESK_PRESELECT] = relay_preselect,
    [COMMAND_INTERLOCK_SET] = interlock_set,
    [COMMAND_HANDOVER_REQUEST] = handover_request,
    [COMMAND_HANDOVER_OFFER] = handover_offer,
    [COMMAND_HANDOVER_ACCEPT] = handover_accept,
    [COMMAND_HANDOVER_DECLINE] = handover_decline,
    [COMMAND_FLOOR_LANGUAGE] = floor_declare,
    [COMMAND_SIGNAL_SEND] = signal_send,
    [COMMAND_INTERPRETATION_SUSPEND] = booth_suspend,
    [COMMAND_INTERPRETATION_RESUME] = suspension_resume,
    [COMMAND_CHAT_SEND] = chat_send,
    [COMMAND_CHANNEL_AUTO_FLOOR] = channel_auto_floor,
    [COMMAND_FEED_PUT] = feed_put,
    [COMMAND_FEED_END] = feed_end,
    [COMMAND_CHANNEL_FORCE] = channel_force,
    [COMMAND_CHANNEL_RELEASE] = channel_unforce,
    [COMMAND_CHANNEL_DELAY] = channel_delay,
    [COMMAND_CAMERA_SET] = sharing_camera,
    [COMMAND_SCREEN_SET] = sharing_screen,
    [COMMAND_TALK_SET] = talkback_set,
    [COMMAND_DOCUMENT_RELEASE] = document_release,
    [COMMAND_DOCUMENT_REMOVE] = document_remove,
    [COMMAND_HELP_ASK] = help_ask,
    [COMMAND_HELP_CANCEL] = help_cancel,
    [COMMAND_HELP_HANDLE] = help_handle,
    [COMMAND_HELP_SAY] = help_say,
    [COMMAND_ROOM_ENTER] = presence_enter,
    [COMMAND_ROOM_LEAVE] = presence_leave,
    [COMMAND_PARTICIPANT_REMOVE] = participant_remove,
};

struct meeting_caller meeting_caller(const struct meeting_state *state, const char *participant,
                                     enum command_type type)
{
    struct meeting_caller caller = {.grant = PERMISSION_NONE};
    const struct participant *found = meeting_find_participant(state, participant);
    if (found != NULL) {
        id_copy(caller.participant, found->id);
        caller.grant = permission_grant(type, found->capacity);
    }
    return caller;
}

static enum err decide_caller(struct outcome *outcome, const struct meeting_caller *caller)
{
    if (caller->grant == PERMISSION_NONE) {
        return outcome_refuse(outcome, REFUSAL_CAPACITY_FORBIDS);
    }
    if (caller->participant[0] == '\0') {
        return ERR_NONE;
    }
    outcome->caller = meeting_find_participant(outcome->state, caller->participant);
    if (outcome->caller == NULL) {
        return outcome_refuse(outcome, REFUSAL_NOT_A_PARTICIPANT);
    }
    outcome->on_behalf_of_chair = caller->grant == PERMISSION_ON_BEHALF_OF_CHAIR;
    return ERR_NONE;
}

enum err meeting_decide(struct meeting_state *state, const struct command *command,
                        const struct meeting_caller *caller, time_ms now,
                        struct event_list *ret_events, struct refusal *ret_refusal)
{
    ASSERT(state->seq > 0);
    ASSERT(command->type < COMMAND_COUNT && decide_table[command->type] != NULL);
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome.command = command;
    enum err err = decide_caller(&outcome, caller);
    if (err == ERR_NONE) {
        err = decide_table[command->type](&outcome);
    }
    if (err != ERR_NONE) {
        *ret_refusal = outcome.refusal;
        return err;
    }
    outcome_settle(&outcome);
    *ret_refusal = (struct refusal){0};
    return ERR_NONE;
}
