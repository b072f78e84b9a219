// The quality of what speakers and interpreters send, for the meeting's report: summed up in memory
// for a minute, then written to the store. What is measured is not the truth of the meeting: when
// it cannot be written it is dropped with a line in the log, and the meeting goes on.

#include "app/app_priv.h"
#include "app/part.h"
#include "app/quality_priv.h"
#include "base/log.h"
#include "base/text.h"

#define QUALITY_FLUSH_AFTER_MS 2000 // of the new minute: reports come every 5 s, spread over them

// Writes what there is of the minute.
static void quality_flush(struct app *app, struct app_meeting *meeting)
{
    // An entry may have come without a report in it.
    uint32_t count = 0;
    for (uint32_t i = 0; i < meeting->quality_count; i++) {
        if (!quality_is_empty(&meeting->quality[i].minute)) {
            meeting->quality[count++] = meeting->quality[i];
        }
    }
    meeting->quality_count = 0;
    if (count == 0) {
        return;
    }
    enum err err = quality_put(app->store, meeting->id, meeting->quality, count);
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "quality.dropped", LOG_TEXT("meeting", meeting->id),
                  LOG_INT("rows", count), LOG_TEXT("error", err_slug(err)));
    }
}

static struct quality_minute *minute_of(struct app *app, struct app_meeting *meeting,
                                        const char *participant)
{
    time_ms at = quality_minute_of(app_meeting_time(app, meeting));
    if (meeting->quality_count > 0 && meeting->quality[0].minute.at != at) {
        quality_flush(app, meeting);
    }
    for (uint32_t i = 0; i < meeting->quality_count; i++) {
        if (text_equal(meeting->quality[i].participant, participant)) {
            return &meeting->quality[i].minute;
        }
    }
    if (meeting->quality_count == APP_QUALITY_MAX) {
        return NULL;
    }
    struct quality_row *row = &meeting->quality[meeting->quality_count++];
    *row = (struct quality_row){.minute = {.at = at}};
    text_copy_cut(row->participant, sizeof(row->participant), participant);
    app_wake_at(app, app_time_of(app, meeting, at + QUALITY_MINUTE_MS + QUALITY_FLUSH_AFTER_MS));
    return &row->minute;
}

// Whether people hear what they send: on the floor, or at a desk on the air.
static bool is_heard(const struct app_meeting *meeting, const char *participant)
{
    if (meeting_find_floor(&meeting->told, participant) != NULL) {
        return true;
    }
    const struct participant *person = meeting_find_participant(&meeting->told, participant);
    return person != NULL && capacity_can(person->capacity, ABILITY_HAS_DESK) &&
           person->microphone == MICROPHONE_ON;
}

void quality_report(struct app *app, struct app_peer *peer, const struct link_message *message)
{
    uint64_t packets = message->report.packets_in;
    time_us since = peer->packets_at;
    uint64_t before = peer->packets_in;
    peer->packets_at = app->now;
    peer->packets_in = packets;
    if (!is_heard(peer->meeting, peer->participant)) {
        return;
    }
    struct quality_minute *minute = minute_of(app, peer->meeting, peer->participant);
    struct quality_sample sample = {
        .round_trip_ms = message->report.round_trip_us / 1000,
        .jitter_ms = message->report.jitter_us / 1000,
        .loss_permille = message->report.loss_up_permille,
    };
    if (since != 0 && packets >= before && app->now > since) {
        uint64_t rate = (packets - before) * TIME_US_PER_S / (uint64_t)(app->now - since);
        sample.packets_per_s = rate < UINT32_MAX ? (uint32_t)rate : UINT32_MAX;
    }
    if (minute != NULL) {
        (void)quality_add_sample(minute, &sample);
    }
}

void quality_sound_report(struct app *app, app_live live, uint64_t request,
                          const struct command_desk_sound_report *command)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (app->now < connection->sound_due) {
        app_refuse(app, live, request, REFUSAL_REPORT_TOO_SOON);
        return;
    }
    connection->sound_due = app->now + APP_SOUND_EVERY_US;
    struct quality_minute *minute = minute_of(app, connection->meeting, connection->participant);
    const struct quality_sound sound = {
        .limiter_hits = (uint32_t)command->limiter_hits,
        .level_db = -(int32_t)command->level_db, // told as dB below full scale
        .bandwidth_hz = (uint32_t)command->bandwidth_hz,
    };
    if (minute == NULL || !quality_add_sound(minute, &sound)) {
        app_refuse(app, live, request, REFUSAL_REPORTS_FULL);
        return;
    }
    app_answer(app, live, request);
}

static void quality_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        struct app_meeting *meeting = app->meetings[i];
        if (meeting->quality_count > 0 &&
            app_meeting_time(app, meeting) >=
                meeting->quality[0].minute.at + QUALITY_MINUTE_MS + QUALITY_FLUSH_AFTER_MS) {
            quality_flush(app, meeting);
        }
    }
}

static time_us quality_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        if (meeting->quality_count > 0) {
            time_us due = app_time_of(app, meeting,
                                      meeting->quality[0].minute.at + QUALITY_MINUTE_MS +
                                          QUALITY_FLUSH_AFTER_MS);
            next = due < next ? due : next;
        }
    }
    return next;
}

const struct app_part quality_part = {.leaving = quality_flush,
                                      .on_deadline = quality_on_deadline,
                                      .next_deadline = quality_next_deadline};
