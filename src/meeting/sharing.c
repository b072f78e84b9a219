// Cameras and the shared screen. One screen at a time; a delegate's only while the delegate has the
// floor.
#include "meeting/meeting_priv.h"

#include <string.h>

static void sharing_emit_screen(struct outcome *outcome, const char *participant, bool on)
{
    struct event *event = outcome_emit(outcome, EVENT_SCREEN_CHANGED);
    id_copy(event->as.screen_changed.participant, participant);
    event->as.screen_changed.on = on;
    id_copy(outcome->screen, on ? participant : "");
}

static void sharing_emit_camera(struct outcome *outcome, const char *participant, bool on)
{
    struct event *event = outcome_emit(outcome, EVENT_CAMERA_CHANGED);
    id_copy(event->as.camera_changed.participant, participant);
    event->as.camera_changed.on = on;
}

void sharing_end_screen(struct outcome *outcome, const char *participant)
{
    if (strcmp(outcome->screen, participant) == 0) {
        sharing_emit_screen(outcome, participant, false);
    }
}

void sharing_end_camera(struct outcome *outcome, const struct participant *participant)
{
    if (participant->camera) {
        sharing_emit_camera(outcome, participant->id, false);
    }
}

enum err sharing_camera(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err == ERR_NONE && outcome->caller->camera != outcome->command->as.camera_set.on) {
        sharing_emit_camera(outcome, outcome->caller->id, outcome->command->as.camera_set.on);
    }
    return err;
}

enum err sharing_screen(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *caller = outcome->caller;
    if (!outcome->command->as.screen_set.on) {
        sharing_end_screen(outcome, caller->id);
        return ERR_NONE;
    }
    if (strcmp(outcome->screen, caller->id) == 0) {
        return ERR_NONE;
    }
    if (outcome->screen[0] != '\0') {
        return outcome_refuse_naming(outcome, REFUSAL_SCREEN_TAKEN, outcome->screen);
    }
    if (caller->capacity == CAPACITY_DELEGATE && !floor_has(outcome, caller->id)) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_NO_FLOOR);
    }
    sharing_emit_screen(outcome, caller->id, true);
    return ERR_NONE;
}

void sharing_apply_camera(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.camera_changed.participant)->camera =
        event->as.camera_changed.on;
}

void sharing_apply_screen(struct meeting_state *state, const struct event *event)
{
    struct participant *participant = participant_of(state, event->as.screen_changed.participant);
    bool on = event->as.screen_changed.on;
    ASSERT(on ? state->screen[0] == '\0' : strcmp(state->screen, participant->id) == 0);
    participant->screen = on;
    id_copy(state->screen, on ? participant->id : "");
}
