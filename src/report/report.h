// The report of a meeting: what its journal says about interpretation, folded into one bounded
// structure. Pure: no clock, no I/O. The journal's events go in one after the other, the summaries
// of sound quality after them; what comes out depends on these alone, so that two makings of the
// same report are equal to the byte.
//
// Times are milliseconds: of the wall clock where they are called `at`, `from` or `to`, lengths
// otherwise. A list that is full says so (`…_left_out`); sums are never cut. Up to 16 MB with the
// state that it replays, of which a meeting of few takes little. Owner: whoever makes it; one
// thread at a time.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "report/quality.h"

#define REPORT_PERSONS_MAX 2500 // also those who were removed and replaced
// Of the audience whoever called for help is listed: so many, and no more than so many with
// everybody else. What is above is kept for those who lead, interpret or serve, and who speak.
#define REPORT_AUDIENCE_MAX   500
#define REPORT_ORDINARY_MAX   2200
#define REPORT_SITTINGS_MAX   64
#define REPORT_SEGMENTS_MAX   1024 // of each channel
#define REPORT_GAPS_MAX       512
#define REPORT_HANDOVERS_MAX  512
#define REPORT_CLASHES_MAX    256
#define REPORT_QUALITY_MAX    8192
#define REPORT_GAP_MS         3000 // shorter ones are breath
#define REPORT_DEPTHS         4    // 0: the original or nothing; 1st, 2nd, 3rd hand
#define REPORT_LANGUAGES      6    // the channels but the floor
#define REPORT_NOBODY         UINT16_MAX
#define REPORT_OVERLAP_MS_MAX 300 // of a handover: longer ones are cut by the server

struct report_person {
    char id[CONTRACT_ID_MAX + 1];
    char name[PARTICIPANT_NAME_SIZE];
    char delegation[6][DELEGATION_NAME_SIZE]; // empty without one
    enum capacity capacity;
    enum language language; // an interpreter's booth
    int64_t spoken_ms;      // on the floor
    int64_t interventions;
    int64_t air_ms;     // at a desk, microphone open or coughing
    int64_t standby_ms; // at a desk, present and ready, during a sitting
    int64_t turns;      // finished and begun
    int64_t turn_longest_ms;
    int64_t handovers_given;
    int64_t handovers_taken;
    struct quality_total quality;
};

struct report_sitting {
    int64_t number;
    time_ms from;
    time_ms to; // the end of the report while it goes on
};

// What a channel carried, unchanged, for a while. Only while somebody is heard on the floor or at a
// desk, or it is changed by hand; nothing is kept of silence without a sitting.
struct report_segment {
    time_ms from;
    time_ms to;
    enum channel_state state;
    enum language language; // the one spoken on the floor
    uint16_t person;        // whom it carries; REPORT_NOBODY
    uint8_t depth;          // 0 for the original or nothing
};

struct report_channel {
    int64_t interpreted_ms; // all of these while a sitting is open
    int64_t floor_ms;
    int64_t silent_ms;
    int64_t depth_ms[REPORT_DEPTHS]; // of the interpreted time, by hand
    int64_t gap_ms;                  // without interpretation that was needed, however short
    int64_t gap_count;               // above REPORT_GAP_MS
    int64_t gap_longest_ms;
    int64_t delay_ms; // the highest that a technician set
    uint32_t segment_count;
    struct report_segment segments[REPORT_SEGMENTS_MAX];
    uint64_t segments_left_out;
};

// Somebody spoke another language, and the booth of this one did not interpret.
struct report_gap {
    enum channel_id channel;
    time_ms from;
    time_ms to;
    enum channel_state state; // what listeners heard meanwhile, at its end
    enum language language;   // spoken on the floor
};

struct report_handover {
    enum language booth;
    time_ms at;
    uint16_t from;
    uint16_t to;
    enum handover_result result;
    int64_t overlap_ms; // both open; of those done and cut
};

// Two microphones of one booth were open together, for longer than a handover takes.
struct report_clash {
    enum language booth;
    time_ms from;
    time_ms to;
};

struct report_quality {
    uint16_t person;
    struct quality_minute minute;
};

struct report {
    char id[CONTRACT_ID_MAX + 1];
    char title[6][MEETING_TITLE_SIZE];
    char body[6][MEETING_BODY_SIZE];
    uint64_t seq; // of the last event in it
    time_ms from; // of the first sitting; of the first event without any
    time_ms to;
    int64_t sitting_ms;
    int64_t floor_ms; // somebody had the floor
    uint32_t sitting_count;
    struct report_sitting sittings[REPORT_SITTINGS_MAX];
    uint64_t sittings_left_out;
    uint32_t person_count;
    struct report_person persons[REPORT_PERSONS_MAX];
    uint64_t persons_left_out; // one of them who was removed and came again counts again
    struct report_channel channels[CHANNEL_ID_COUNT]; // [CHANNEL_ID_FLOOR]: segments of the floor
    uint32_t gap_count;
    struct report_gap gaps[REPORT_GAPS_MAX];
    uint64_t gaps_left_out;
    uint32_t handover_count;
    struct report_handover handovers[REPORT_HANDOVERS_MAX];
    uint64_t handovers_left_out;
    int64_t handovers_by_result[HANDOVER_RESULT_COUNT];
    uint32_t clash_count;
    struct report_clash clashes[REPORT_CLASHES_MAX];
    uint64_t clashes_left_out;
    int64_t clash_ms;
    uint32_t quality_count; // in the order of their minutes
    struct report_quality quality[REPORT_QUALITY_MAX];
    uint64_t quality_left_out;
};

struct report_fold;

// ERR_FULL without memory. NULL is allowed to be destroyed.
enum err CHECKED report_fold_create(const char *meeting, struct report_fold **ret_fold);
void report_fold_destroy(struct report_fold *fold);
// The events of the journal from its first on, in order. ERR_MALFORMED for one that is not next.
enum err CHECKED report_fold_event(struct report_fold *fold, const struct event *event);
// One minute of one participant, in the order of time; strangers are passed over.
void report_fold_quality(struct report_fold *fold, const char *participant,
                         const struct quality_minute *minute);
// After the last event: what is still open ends at `to` (at the last event, when that is later).
// Then only report_fold_report and _destroy may be called.
void report_fold_finish(struct report_fold *fold, time_ms to);
// While a sitting is open the meeting goes on between the events.
bool report_fold_is_open(const struct report_fold *fold);
// Valid as long as the fold.
const struct report *report_fold_report(const struct report_fold *fold);
