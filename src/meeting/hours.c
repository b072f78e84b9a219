// The hours sheet: how long and how often each interpreter was on the air.
#include "meeting/state.h"

#include <string.h>

static struct hours *hours_line(struct meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < meeting->hours_count; i++) {
        if (strcmp(meeting->hours[i].participant, participant) == 0) {
            return &meeting->hours[i];
        }
    }
    return NULL;
}

bool hours_has_room(const struct meeting *meeting, const char *participant)
{
    return meeting->hours_count < MEETING_HOURS_MAX ||
           hours_line((struct meeting *)meeting, participant) != NULL;
}

// The line stays when the interpreter is removed: the hours were worked.
void hours_add_line(struct meeting *meeting, const struct participant *participant)
{
    struct hours *line = hours_line(meeting, participant->id);
    if (line == NULL) {
        ASSERT(meeting->hours_count < MEETING_HOURS_MAX);
        line = &meeting->hours[meeting->hours_count++];
        id_copy(line->participant, participant->id);
        memcpy(line->name, participant->name, sizeof line->name);
    }
    line->language = participant->language;
}

void hours_name_line(struct meeting *meeting, const char *participant,
                     const char name[HOURS_NAME_SIZE])
{
    struct hours *line = hours_line(meeting, participant);
    if (line != NULL) {
        memcpy(line->name, name, sizeof line->name);
    }
}

void hours_count_turn(struct meeting *meeting, const char *participant, time_ms air_ms)
{
    struct hours *line = hours_line(meeting, participant);
    ASSERT(line != NULL);
    line->air_ms += air_ms;
    line->turns++;
}
