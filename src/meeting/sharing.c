// Cameras and the shared screen. One screen at a time; a delegate's only while the delegate has the
// floor.
#include "meeting/meeting_priv.h"

#include <string.h>

static void sharing_emit_screen(struct outcome *outcome, const char *participant, bool on)
{
    struct event *event = outcome_draft(outcome, EVENT_SCREEN_CHANGED);
    id_copy(event->as.screen_changed.participant, participant);
    event->as.screen_changed.on = on;
    outcome_emit(outcome);
}

static void sharing_emit_camera(struct outcome *outcome, const char *participant, bool on)
{
    struct event *event = outcome_draft(outcome, EVENT_CAMERA_CHANGED);
    id_copy(event->as.camera_changed.participant, participant);
    event->as.camera_changed.on = on;
    outcome_emit(outcome);
}

void sharing_end_screen(struct outcome *outcome, const char *participant)
{
    if (strcmp(outcome->state->screen, participant) == 0) {
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
    if (strcmp(outcome->state->screen, caller->id) == 0) {
        return ERR_NONE;
    }
    if (outcome->state->screen[0] != '\0') {
        return outcome_refuse_naming(outcome, REFUSAL_SCREEN_TAKEN, outcome->state->screen);
    }
    if (!capacity_can(caller->capacity, ABILITY_SITS_ON_PODIUM) &&
        meeting_find_floor(outcome->state, caller->id) == NULL) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_NO_FLOOR);
    }
    sharing_emit_screen(outcome, caller->id, true);
    return ERR_NONE;
}
