// Replays the journal and counts. Events of one instant belong together: time passes only between
// events of different times, so that the chain of effects of one command is never seen half-way.
#include "report/fold_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

// ---- Persons ----

static struct report_person *person_of(struct report_fold *fold, const char *id)
{
    uint16_t position = fold_person(fold, id);
    return position != REPORT_NOBODY ? &fold->report.persons[position] : NULL;
}

// ---- Time ----

static void count_standby(struct report_fold *fold, int64_t length_ms)
{
    const struct meeting *meeting = &fold->state.meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            const struct participant *interpreter = meeting_find_participant(&fold->state,
                                                                             desk->participant);
            struct report_person *person = person_of(fold, desk->participant);
            if (person != NULL && interpreter != NULL && desk->microphone == MICROPHONE_OFF &&
                !desk->resting && interpreter->presence == PRESENCE_PRESENT) {
                person->standby_ms += length_ms;
            }
        }
    }
}

// Until `at` everything was as the state says now.
static void pass_time(struct report_fold *fold, time_ms at)
{
    int64_t length_ms = at - fold->settled;
    if (length_ms <= 0) {
        return;
    }
    fold_channels(fold, at);
    if (fold->state.meeting.sitting == SITTING_STATE_OPEN) {
        fold->report.sitting_ms += length_ms;
        fold->report.floor_ms += fold->state.meeting.floor_count > 0 ? length_ms : 0;
        count_standby(fold, length_ms);
    }
    fold->settled = at;
}

// ---- Events ----

static const struct booth *booth_of(const struct report_fold *fold, enum language language)
{
    const struct meeting *meeting = &fold->state.meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (meeting->booths[i].language == language) {
            return &meeting->booths[i];
        }
    }
    return NULL;
}

static const struct desk *desk_of(const struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        if (text_equal(booth->desks[i].participant, participant)) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

static void end_turn(struct report_person *person, const struct desk *desk, time_ms at)
{
    int64_t length_ms = at - desk->opened_at;
    person->air_ms += length_ms;
    if (length_ms > person->turn_longest_ms) {
        person->turn_longest_ms = length_ms;
    }
}

static void see_desk(struct report_fold *fold, const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    const struct desk *desk = desk_of(booth_of(fold, changed->language), changed->participant);
    struct report_person *person = person_of(fold, changed->participant);
    if (desk == NULL || person == NULL) {
        return;
    }
    bool was_open = desk->microphone != MICROPHONE_OFF;
    bool is_open = changed->microphone != MICROPHONE_OFF;
    if (was_open && !is_open) {
        end_turn(person, desk, event->at);
    } else if (!was_open && is_open) {
        person->turns++;
    }
}

static void see_handover(struct report_fold *fold, const struct event *event)
{
    const struct event_handover_changed *changed = &event->as.handover_changed;
    const struct booth *booth = booth_of(fold, changed->language);
    struct report *report = &fold->report;
    if (changed->handover.state == HANDOVER_STATE_SWITCHING) {
        fold->handover_switched[changed->language] = event->at;
    }
    if (booth == NULL || changed->result == HANDOVER_RESULT_NONE) {
        return;
    }
    report->handovers_by_result[changed->result]++;
    bool passed = changed->result == HANDOVER_RESULT_DONE ||
                  changed->result == HANDOVER_RESULT_CUT ||
                  changed->result == HANDOVER_RESULT_FORCED;
    struct report_person *from = person_of(fold, booth->handover.from);
    struct report_person *to = person_of(fold, booth->handover.to);
    if (passed && from != NULL && to != NULL) {
        from->handovers_given++;
        to->handovers_taken++;
    }
    time_ms since = fold->handover_switched[changed->language];
    fold->handover_switched[changed->language] = 0;
    if (report->handover_count == REPORT_HANDOVERS_MAX) {
        report->handovers_left_out++;
        return;
    }
    report->handovers[report->handover_count++] = (struct report_handover){
        .booth = changed->language,
        .at = event->at,
        .from = fold_person(fold, booth->handover.from),
        .to = fold_person(fold, booth->handover.to),
        .result = changed->result,
        .overlap_ms = since != 0 ? event->at - since : 0,
    };
}

static void add_clash(struct report_fold *fold, const struct booth *booth, time_ms at)
{
    struct report *report = &fold->report;
    report->clash_ms += at - booth->alarm_since;
    if (report->clash_count == REPORT_CLASHES_MAX) {
        report->clashes_left_out++;
        return;
    }
    report->clashes[report->clash_count++] = (struct report_clash){
        .booth = booth->language, .from = booth->alarm_since, .to = at};
}

static void see_alarm(struct report_fold *fold, const struct event *event)
{
    const struct booth *booth = booth_of(fold, event->as.booth_alarmed.language);
    if (booth != NULL && booth->alarm_since != 0 && event->as.booth_alarmed.since == 0) {
        add_clash(fold, booth, event->at);
    }
}

static void end_sitting(struct report_fold *fold, time_ms at)
{
    struct report *report = &fold->report;
    if (report->sitting_count > 0 && report->sittings[report->sitting_count - 1].to == 0) {
        report->sittings[report->sitting_count - 1].to = at;
    }
}

static void see_sitting(struct report_fold *fold, const struct event *event)
{
    const struct event_sitting_changed *changed = &event->as.sitting_changed;
    struct report *report = &fold->report;
    bool was_open = fold->state.meeting.sitting == SITTING_STATE_OPEN;
    if (changed->state != SITTING_STATE_OPEN) {
        end_sitting(fold, event->at);
    } else if (!was_open && report->sitting_count == REPORT_SITTINGS_MAX) {
        report->sittings_left_out++;
    } else if (!was_open) {
        report->from = report->sitting_count == 0 ? event->at : report->from;
        report->sittings[report->sitting_count++] = (struct report_sitting){
            .number = changed->number, .from = event->at};
    }
}

// Before the event is applied: the state still says what it ends.
static void see(struct report_fold *fold, const struct event *event)
{
    struct report_person *person;
    if (event->type == EVENT_DESK_CHANGED) {
        see_desk(fold, event);
    } else if (event->type == EVENT_HANDOVER_CHANGED) {
        see_handover(fold, event);
    } else if (event->type == EVENT_BOOTH_ALARMED) {
        see_alarm(fold, event);
    } else if (event->type == EVENT_SITTING_CHANGED) {
        see_sitting(fold, event);
    } else if (event->type == EVENT_PARTICIPANT_ADDED) {
        fold_person_comes(fold, &event->as.participant_added.participant);
    } else if (event->type == EVENT_PARTICIPANT_REMOVED) {
        fold_person_named(fold, event->as.participant_removed.participant);
    } else if (event->type == EVENT_MICROPHONE_OPENED) {
        fold_person_speaks(fold, event->as.microphone_opened.participant);
        person = person_of(fold, event->as.microphone_opened.participant);
        if (person != NULL) {
            person->interventions++;
        }
    } else if (event->type == EVENT_MICROPHONE_CLOSED) {
        person = person_of(fold, event->as.microphone_closed.participant);
        if (person != NULL) {
            person->spoken_ms += event->as.microphone_closed.spoken_ms;
        }
    }
}

enum err report_fold_event(struct report_fold *fold, const struct event *event)
{
    if (event->seq != fold->state.seq + 1) {
        return ERR_MALFORMED;
    }
    if (fold->state.seq == 0) {
        fold->settled = event->at;
        fold->report.from = event->at;
    }
    pass_time(fold, event->at);
    see(fold, event);
    meeting_apply(&fold->state, event);
    return ERR_NONE;
}

// ---- Quality ----

void report_fold_quality(struct report_fold *fold, const char *participant,
                         const struct quality_minute *minute)
{
    struct report *report = &fold->report;
    uint16_t position = fold_person(fold, participant);
    if (position == REPORT_NOBODY) {
        report->quality_left_out += report->persons_left_out > 0 ? 1 : 0;
        return;
    }
    quality_add_minute(&report->persons[position].quality, minute);
    if (report->quality_count == REPORT_QUALITY_MAX) {
        report->quality_left_out++;
        return;
    }
    report->quality[report->quality_count++] = (struct report_quality){.person = position,
                                                                       .minute = *minute};
}

// ---- Life ----

enum err report_fold_create(const char *meeting, struct report_fold **ret_fold)
{
    struct report_fold *fold = calloc(1, sizeof(*fold));
    if (fold == NULL) {
        return ERR_FULL;
    }
    if (text_copy(fold->report.id, sizeof(fold->report.id), meeting) != ERR_NONE) {
        free(fold);
        return ERR_INVALID;
    }
    meeting_state_init(&fold->state, meeting);
    *ret_fold = fold;
    return ERR_NONE;
}

void report_fold_destroy(struct report_fold *fold)
{
    free(fold);
}

// What is still open has lasted until now.
static void close_all(struct report_fold *fold)
{
    const struct meeting *meeting = &fold->state.meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            struct report_person *person = person_of(fold, booth->desks[j].participant);
            if (person != NULL && booth->desks[j].microphone != MICROPHONE_OFF) {
                end_turn(person, &booth->desks[j], fold->settled);
            }
        }
        if (booth->alarm_since != 0) {
            add_clash(fold, booth, fold->settled);
        }
    }
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        struct report_person *person = person_of(fold, meeting->floor[i].participant);
        if (person != NULL) {
            person->spoken_ms += fold->settled - meeting->floor[i].opened_at;
        }
    }
    end_sitting(fold, fold->settled);
    fold_channels_finish(fold);
}

void report_fold_finish(struct report_fold *fold, time_ms to)
{
    struct report *report = &fold->report;
    const struct meeting *meeting = &fold->state.meeting;
    pass_time(fold, to);
    close_all(fold);
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        fold_person_named(fold, meeting->participants[i].id);
    }
    report->seq = fold->state.seq;
    report->to = fold->settled;
    memcpy(report->title, meeting->title, sizeof(report->title));
    memcpy(report->body, meeting->body, sizeof(report->body));
}

bool report_fold_is_open(const struct report_fold *fold)
{
    return fold->state.meeting.sitting == SITTING_STATE_OPEN;
}

const struct report *report_fold_report(const struct report_fold *fold)
{
    return &fold->report;
}
