#include "document/report_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/sha.h>

#include "base/text.h"
#include "contract/permissions.h"

#define CANONICAL   (JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY)
#define READ_STRICT (JSON_REJECT_DUPLICATES)

static const enum language languages[6] = {LANGUAGE_AR, LANGUAGE_ZH, LANGUAGE_EN,
                                           LANGUAGE_FR, LANGUAGE_RU, LANGUAGE_ES};

// Whether a value was put in is looked at once, at the end: an object that lacks one is dropped.
static void put(json_t *object, const char *key, json_t *value, bool *failed)
{
    *failed = json_object_set_new(object, key, value) != 0 || *failed;
}

static void put_int(json_t *object, const char *key, int64_t value, bool *failed)
{
    put(object, key, json_integer(value), failed);
}

static void put_text(json_t *object, const char *key, const char *text, bool *failed)
{
    put(object, key, json_string(text), failed);
}

static void put_localized(json_t *object, const char *key, const char *texts, size_t size,
                          bool *failed)
{
    json_t *localized = json_object();
    for (int i = 0; i < 6; i++) {
        put_text(localized, language_text(languages[i]), texts + (size_t)i * size, failed);
    }
    put(object, key, localized, failed);
}

static void put_person(json_t *object, const char *key, const struct report *report,
                       uint16_t person, bool *failed)
{
    if (person != REPORT_NOBODY) {
        put_text(object, key, report->persons[person].id, failed);
    }
}

static void put_quality(json_t *object, const struct quality_total *total, bool *failed)
{
    json_t *quality = json_object();
    put_int(quality, "minutes", (int64_t)total->minutes, failed);
    put_int(quality, "limiter_hits", (int64_t)total->limiter_hits, failed);
    if (total->samples > 0) {
        put_int(quality, "round_trip_ms",
                quality_mean((int64_t)total->round_trip_ms_sum, total->samples), failed);
        put_int(quality, "jitter_ms", quality_mean((int64_t)total->jitter_ms_sum, total->samples),
                failed);
        put_int(quality, "jitter_ms_max", total->jitter_ms_max, failed);
        put_int(quality, "loss_permille",
                quality_mean((int64_t)total->loss_permille_sum, total->samples), failed);
        put_int(quality, "loss_permille_max", total->loss_permille_max, failed);
        put_int(quality, "packets_per_s",
                quality_mean((int64_t)total->packets_per_s_sum, total->samples), failed);
    }
    if (total->levels > 0) {
        put_int(quality, "level_db", quality_mean(total->level_db_sum, total->levels), failed);
    }
    if (total->bandwidths > 0) {
        put_int(quality, "bandwidth_hz",
                quality_mean((int64_t)total->bandwidth_hz_sum, total->bandwidths), failed);
    }
    put(object, "quality", quality, failed);
}

static json_t *person_json(const struct report_person *person, bool *failed)
{
    json_t *object = json_object();
    put_text(object, "id", person->id, failed);
    put_text(object, "name", person->name, failed);
    put_text(object, "capacity", capacity_text(person->capacity), failed);
    if (person->delegation[2][0] != '\0') {
        put_localized(object, "delegation", person->delegation[0], sizeof(person->delegation[0]),
                      failed);
    }
    put_int(object, "spoken_ms", person->spoken_ms, failed);
    put_int(object, "interventions", person->interventions, failed);
    if (capacity_can(person->capacity, ABILITY_HAS_DESK)) {
        put_text(object, "booth", language_text(person->language), failed);
        put_int(object, "air_ms", person->air_ms, failed);
        put_int(object, "standby_ms", person->standby_ms, failed);
        put_int(object, "turns", person->turns, failed);
        put_int(object, "turn_longest_ms", person->turn_longest_ms, failed);
        put_int(object, "handovers_given", person->handovers_given, failed);
        put_int(object, "handovers_taken", person->handovers_taken, failed);
    }
    if (person->quality.minutes > 0) {
        put_quality(object, &person->quality, failed);
    }
    return object;
}

static void append(json_t *array, json_t *value, bool *failed)
{
    *failed = json_array_append_new(array, value) != 0 || *failed;
}

static json_t *segments_json(const struct report *report, const struct report_channel *channel,
                             bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < channel->segment_count; i++) {
        const struct report_segment *segment = &channel->segments[i];
        json_t *object = json_object();
        put_int(object, "from", segment->from, failed);
        put_int(object, "to", segment->to, failed);
        put_text(object, "state", channel_state_text(segment->state), failed);
        put_text(object, "spoken", language_text(segment->language), failed);
        put_int(object, "depth", segment->depth, failed);
        put_person(object, "carries", report, segment->person, failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *channels_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (int id = 0; id < CHANNEL_ID_COUNT; id++) {
        const struct report_channel *channel = &report->channels[id];
        json_t *object = json_object();
        json_t *depths = json_array();
        for (int depth = 0; depth < REPORT_DEPTHS; depth++) {
            append(depths, json_integer(channel->depth_ms[depth]), failed);
        }
        put_text(object, "channel", channel_id_text((enum channel_id)id), failed);
        put_int(object, "interpreted_ms", channel->interpreted_ms, failed);
        put_int(object, "floor_ms", channel->floor_ms, failed);
        put_int(object, "silent_ms", channel->silent_ms, failed);
        put(object, "depth_ms", depths, failed);
        put_int(object, "gap_ms", channel->gap_ms, failed);
        put_int(object, "gap_count", channel->gap_count, failed);
        put_int(object, "gap_longest_ms", channel->gap_longest_ms, failed);
        put_int(object, "delay_ms", channel->delay_ms, failed);
        put(object, "segments", segments_json(report, channel, failed), failed);
        put_int(object, "segments_left_out", (int64_t)channel->segments_left_out, failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *gaps_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < report->gap_count; i++) {
        const struct report_gap *gap = &report->gaps[i];
        json_t *object = json_object();
        put_text(object, "channel", channel_id_text(gap->channel), failed);
        put_int(object, "from", gap->from, failed);
        put_int(object, "to", gap->to, failed);
        put_text(object, "heard", channel_state_text(gap->state), failed);
        put_text(object, "spoken", language_text(gap->language), failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *handovers_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < report->handover_count; i++) {
        const struct report_handover *handover = &report->handovers[i];
        json_t *object = json_object();
        put_text(object, "booth", language_text(handover->booth), failed);
        put_int(object, "at", handover->at, failed);
        put_person(object, "from", report, handover->from, failed);
        put_person(object, "to", report, handover->to, failed);
        put_text(object, "result", handover_result_text(handover->result), failed);
        put_int(object, "overlap_ms", handover->overlap_ms, failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *clashes_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < report->clash_count; i++) {
        json_t *object = json_object();
        put_text(object, "booth", language_text(report->clashes[i].booth), failed);
        put_int(object, "from", report->clashes[i].from, failed);
        put_int(object, "to", report->clashes[i].to, failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *sittings_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < report->sitting_count; i++) {
        json_t *object = json_object();
        put_int(object, "number", report->sittings[i].number, failed);
        put_int(object, "from", report->sittings[i].from, failed);
        put_int(object, "to", report->sittings[i].to, failed);
        append(array, object, failed);
    }
    return array;
}

// One row a minute and person.
static json_t *quality_json(const struct report *report, bool *failed)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < report->quality_count; i++) {
        const struct quality_minute *minute = &report->quality[i].minute;
        json_t *object = json_object();
        put_int(object, "at", minute->at, failed);
        put_person(object, "participant", report, report->quality[i].person, failed);
        if (minute->samples > 0) {
            put_int(object, "round_trip_ms",
                    quality_mean(minute->round_trip_ms_sum, minute->samples), failed);
            put_int(object, "jitter_ms", quality_mean(minute->jitter_ms_sum, minute->samples),
                    failed);
            put_int(object, "loss_permille",
                    quality_mean(minute->loss_permille_sum, minute->samples), failed);
            put_int(object, "packets_per_s",
                    quality_mean(minute->packets_per_s_sum, minute->samples), failed);
        }
        if (minute->levels > 0) {
            put_int(object, "level_db", quality_mean(minute->level_db_sum, minute->levels), failed);
        }
        put_int(object, "limiter_hits", minute->limiter_hits, failed);
        append(array, object, failed);
    }
    return array;
}

static json_t *left_out_json(const struct report *report, bool *failed)
{
    json_t *object = json_object();
    put_int(object, "sittings", (int64_t)report->sittings_left_out, failed);
    put_int(object, "persons", (int64_t)report->persons_left_out, failed);
    put_int(object, "gaps", (int64_t)report->gaps_left_out, failed);
    put_int(object, "handovers", (int64_t)report->handovers_left_out, failed);
    put_int(object, "clashes", (int64_t)report->clashes_left_out, failed);
    put_int(object, "quality", (int64_t)report->quality_left_out, failed);
    return object;
}

static json_t *report_object(const struct report *report)
{
    bool failed = false;
    json_t *object = json_object();
    json_t *persons = json_array();
    json_t *results = json_object();
    for (uint32_t i = 0; i < report->person_count; i++) {
        append(persons, person_json(&report->persons[i], &failed), &failed);
    }
    for (int i = HANDOVER_RESULT_NONE + 1; i < HANDOVER_RESULT_COUNT; i++) {
        put_int(results, handover_result_text((enum handover_result)i),
                report->handovers_by_result[i], &failed);
    }
    put_text(object, "format", REPORT_FORMAT, &failed);
    put_text(object, "meeting", report->id, &failed);
    put_localized(object, "title", report->title[0], sizeof(report->title[0]), &failed);
    put_localized(object, "body", report->body[0], sizeof(report->body[0]), &failed);
    put_int(object, "seq", (int64_t)report->seq, &failed);
    put_int(object, "from", report->from, &failed);
    put_int(object, "to", report->to, &failed);
    put_int(object, "sitting_ms", report->sitting_ms, &failed);
    put_int(object, "floor_ms", report->floor_ms, &failed);
    put(object, "sittings", sittings_json(report, &failed), &failed);
    put(object, "persons", persons, &failed);
    put(object, "channels", channels_json(report, &failed), &failed);
    put(object, "gaps", gaps_json(report, &failed), &failed);
    put(object, "handovers", handovers_json(report, &failed), &failed);
    put(object, "handover_results", results, &failed);
    put(object, "clashes", clashes_json(report, &failed), &failed);
    put_int(object, "clash_ms", report->clash_ms, &failed);
    put(object, "quality", quality_json(report, &failed), &failed);
    put(object, "left_out", left_out_json(report, &failed), &failed);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static enum err seal(const char *canonical, const struct signer *signer,
                     struct report_seal *ret_seal)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)canonical, strlen(canonical), digest);
    text_hex(ret_seal->digest, digest, sizeof(digest));
    return signer_sign(signer, canonical, strlen(canonical), ret_seal->signature);
}

enum err report_json(const struct report *report, const struct signer *signer, const char *anchor,
                     char **ret_text, size_t *ret_size, struct report_seal *ret_seal)
{
    json_t *object = report_object(report);
    char *canonical = object != NULL ? json_dumps(object, CANONICAL) : NULL;
    enum err err = canonical != NULL ? seal(canonical, signer, ret_seal) : ERR_FULL;
    free(canonical);
    if (err == ERR_NONE && ret_text != NULL) {
        json_t *whole = json_pack("{s:O, s:{s:s, s:s, s:s, s:s}}", "report", object, "signature",
                                  "algorithm", "Ed25519", "key", signer_id(signer), "public_key",
                                  signer_public_pem(signer), "value", ret_seal->signature);
        if (whole != NULL && anchor != NULL &&
            json_object_set_new(whole, "anchor", json_loads(anchor, READ_STRICT, NULL)) != 0) {
            json_decref(whole);
            whole = NULL;
        }
        *ret_text = whole != NULL ? json_dumps(whole, CANONICAL) : NULL;
        *ret_size = *ret_text != NULL ? strlen(*ret_text) : 0;
        err = *ret_text != NULL ? ERR_NONE : ERR_FULL;
        json_decref(whole);
    }
    json_decref(object);
    return err;
}

enum err report_json_verify(const char *text, size_t size, const struct signer *signer)
{
    json_t *whole = size <= REPORT_JSON_MAX ? json_loadb(text, size, READ_STRICT, NULL) : NULL;
    const json_t *report = json_object_get(whole, "report");
    const json_t *signature = json_object_get(whole, "signature");
    const char *value = json_string_value(json_object_get(signature, "value"));
    const char *format = json_string_value(json_object_get(report, "format"));
    enum err err = ERR_MALFORMED;
    if (value != NULL && format != NULL && text_equal(format, REPORT_FORMAT)) {
        char *canonical = json_dumps(report, CANONICAL);
        err = canonical != NULL ? signer_verify(signer, canonical, strlen(canonical), value)
                                : ERR_FULL;
        free(canonical);
    }
    json_decref(whole);
    return err;
}

enum err report_json_anchor(const char *text, size_t size, char ret_line[ANCHOR_LINE_MAX + 1],
                            char ret_meeting[CONTRACT_ID_MAX + 1], uint64_t *ret_seq)
{
    json_t *whole = size <= REPORT_JSON_MAX ? json_loadb(text, size, READ_STRICT, NULL) : NULL;
    const json_t *report = json_object_get(whole, "report");
    const json_t *anchor = json_object_get(whole, "anchor");
    const char *meeting = json_string_value(json_object_get(report, "meeting"));
    char *line = anchor != NULL ? json_dumps(anchor, CANONICAL) : NULL;
    enum err err = meeting == NULL ? ERR_MALFORMED : anchor == NULL ? ERR_NOT_FOUND : ERR_NONE;
    if (err == ERR_NONE &&
        (line == NULL || text_copy(ret_line, ANCHOR_LINE_MAX + 1, line) != ERR_NONE ||
         text_copy(ret_meeting, CONTRACT_ID_MAX + 1, meeting) != ERR_NONE)) {
        err = ERR_MALFORMED;
    }
    *ret_seq = (uint64_t)json_integer_value(json_object_get(report, "seq"));
    free(line);
    json_decref(whole);
    return err;
}
