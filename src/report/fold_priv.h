// Inside src/report only: a report in the making.
#pragma once

#include "meeting/meeting.h"
#include "report/report.h"

#define FOLD_INDEX_SIZE 8192 // a power of two, more than three times REPORT_PERSONS_MAX

struct report_fold {
    struct meeting_state state; // as the events so far make it
    struct report report;
    time_ms settled;                               // up to here everything is counted
    uint32_t audience_count;                       // of the persons, who were of the audience
    uint16_t index[FOLD_INDEX_SIZE];               // person's id → position + 1; open addressing
    time_ms unserved_since[CHANNEL_ID_COUNT];      // 0: it is served
    enum channel_state unserved[CHANNEL_ID_COUNT]; // what listeners heard, when it is not
    enum language unserved_in[CHANNEL_ID_COUNT];   // what was spoken
    bool segment_open[CHANNEL_ID_COUNT];           // the last one goes on
    time_ms handover_switched[LANGUAGE_COUNT];     // by booth: both open since; 0: not
};

// fold_person.c
// Where in the index the person is, or would be.
uint32_t fold_person_place(const struct report_fold *fold, const char *id);
// The person's place in the report, REPORT_NOBODY for "" and for strangers.
uint16_t fold_person(const struct report_fold *fold, const char *id);
// Who comes, as far as there is room for one like them; else they are counted.
void fold_person_comes(struct report_fold *fold, const struct participant *participant);
// Who speaks has a place even when there was none for them as they came.
void fold_person_speaks(struct report_fold *fold, const char *id);
// Name and delegation as the state has them now, which may have been corrected since they came.
void fold_person_named(struct report_fold *fold, const char *id);

// fold_channel.c: the time from fold->settled to `at`, in which the state did not change.
void fold_channels(struct report_fold *fold, time_ms at);
void fold_channels_finish(struct report_fold *fold);
