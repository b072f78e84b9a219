// The table of sections. A new one is a row here, beside its fields in contract/.
#include "meeting/section.h"

const struct section sections[MEETING_SECTION_COUNT] = {
    [MEETING_SECTION_SITTING] = {.apply = sitting_apply},
    [MEETING_SECTION_PEOPLE] = {people_apply, check_people, check_audience},
    [MEETING_SECTION_AGENDA] = {agenda_apply, check_agenda},
    [MEETING_SECTION_SPEAKERS] = {speakers_apply, check_speakers},
    [MEETING_SECTION_FLOOR] = {floor_apply, check_floor, check_channels},
    [MEETING_SECTION_BOOTHS] = {booths_apply, check_desks, check_booths_at_rest},
    [MEETING_SECTION_CHAT] = {.apply = chat_apply},
    [MEETING_SECTION_HELP] = {help_apply, check_help},
    // All that is done with delegations and papers is done with items.
    [MEETING_SECTION_PAPERS] = {.check = check_documents},
};
