#include "server/load_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAME_US 20000.0 // the sound of which one packet of 20 ms would have been sent

static const char *const stage_names[] = {
    [LOAD_PUBLISHING] = "publishers join",
    [LOAD_JOINING] = "listeners join",
    [LOAD_SETTLING] = "settling",
    [LOAD_MEASURING] = "measuring",
    [LOAD_ENDING] = "ending",
    [LOAD_DONE] = "done",
};

static double ms(time_us value)
{
    return (double)value / TIME_US_PER_MS;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static double lost_share(const struct load_counts *counts)
{
    double lost = counts->lost > 0 ? (double)counts->lost : 0;
    return ratio(lost, (double)counts->packets + lost);
}

// What the server used for each of `units`, in microseconds.
static double used_for(const struct load_result *result, double units)
{
    return ratio((double)(result->used.user + result->used.system), units);
}

static double memory_per_client(const struct load_result *result)
{
    double joined = (double)result->publishers_joined + result->listeners_joined;
    double grown = (double)result->used.memory - (double)result->memory_before;
    return ratio(grown > 0 ? grown : 0, joined);
}

// --- progress ---

void load_report_progress(FILE *to, const struct load_progress *progress)
{
    bool terminal = isatty(fileno(to)) == 1;
    fprintf(to, "%s%5.0f s  %-15s  %" PRIu32 " of %" PRIu32 " in", terminal ? "\r\033[K" : "",
            (double)progress->elapsed / TIME_US_PER_S, stage_names[progress->stage],
            progress->joined, progress->wanted);
    if (progress->failed > 0) {
        fprintf(to, ", %" PRIu32 " failed", progress->failed);
    }
    fprintf(to, "  %.0f packets/s  lost %" PRId64 "  p99 %.2f ms", progress->packets_per_s,
            progress->lost, ms(progress->delay_p99));
    if (progress->server_share >= 0) {
        fprintf(to, "  server %.0f %%", 100 * progress->server_share);
    }
    fprintf(to, "  load %.0f %%%s", 100 * progress->own_share, terminal ? "" : "\n");
    (void)fflush(to);
}

void load_report_progress_end(FILE *to)
{
    if (isatty(fileno(to)) == 1) {
        fputs("\r\033[K", to);
        (void)fflush(to);
    }
}

// --- the table ---

static void times_row(FILE *to, const char *name, const struct load_histogram *histogram)
{
    if (histogram->count > 0) {
        fprintf(to, "  %-34s %9.2f %9.2f %9.2f\n", name,
                ms(load_histogram_percentile(histogram, 0.5)),
                ms(load_histogram_percentile(histogram, 0.99)), ms(histogram->max));
    }
}

static void counts_rows(FILE *to, const struct load_phase *phase)
{
    const struct load_counts *counts = &phase->counts;
    double seconds = (double)phase->length / TIME_US_PER_S;
    fprintf(to, "  %-34s %" PRIu64 " (%.0f a second), %.1f s of sound a second\n", "packets heard",
            counts->packets, ratio((double)counts->packets, seconds),
            ratio((double)counts->sound_us / TIME_US_PER_S, seconds));
    fprintf(to, "  %-34s %" PRId64 " (%.4f %%), %" PRIu64 " late, %" PRIu64 " twice\n", "lost",
            counts->lost, 100 * lost_share(counts), counts->reordered, counts->duplicates);
    fprintf(to, "  %-34s %" PRIu64 " whole, %" PRId64 " missing, %" PRIu64 " not decrypted\n",
            "frames of sampled listeners", phase->frames.frames, phase->frames.lost,
            phase->unopened);
}

static void costs_rows(FILE *to, const struct load_result *result)
{
    const struct load_counts *counts = &result->steady.counts;
    double length = (double)result->steady.length;
    if (result->usage_known) {
        fprintf(to, "  %-34s %.1f %% of a core (user %.1f, system %.1f)\n", "server",
                100 * used_for(result, length), 100 * ratio((double)result->used.user, length),
                100 * ratio((double)result->used.system, length));
        fprintf(to, "  %-34s %.3f us a packet, %.3f us for 20 ms of sound\n", "",
                used_for(result, (double)counts->packets),
                used_for(result, (double)counts->sound_us / FRAME_US));
        fprintf(to, "  %-34s %.1f MiB, %.1f KiB more for each client\n", "its memory",
                (double)result->used.memory / 1048576, memory_per_client(result) / 1024);
    }
    if (result->core_known) {
        fprintf(to,
                "  %-34s user %.1f %%, system %.1f %%, interrupts %.1f %%, idle %.1f %%, stolen "
                "%.1f %%\n",
                "its core", 100 * ratio((double)result->core.user, length),
                100 * ratio((double)result->core.system, length),
                100 * ratio((double)result->core.interrupts, length),
                100 * ratio((double)result->core.idle, length),
                100 * ratio((double)result->core.stolen, length));
    }
    fprintf(to, "  %-34s %.1f %% of a core; lost in its own sockets: %" PRIu64 "\n", "this load",
            100 * ratio((double)(result->own.user + result->own.system), length),
            result->dropped_here);
}

void load_report_table(FILE *to, const struct load_options *options,
                       const struct load_result *result)
{
    fprintf(to, "publishers %" PRIu32 " of %" PRIu32 ", listeners %" PRIu32 " of %" PRIu32,
            result->publishers_joined, options->publishers, result->listeners_joined,
            options->listeners);
    fprintf(to, "; AES-GCM %" PRIu32 ", AES-CM %" PRIu32 "%s\n", result->gcm, result->cm,
            result->interrupted ? "; interrupted" : "");
    for (size_t i = 0; i < result->failure_count; i++) {
        fprintf(to, "  %" PRIu32 " could not join: %s\n", result->failures[i].count,
                result->failures[i].words);
    }
    if (result->silent + result->ended + result->not_deleted > 0) {
        fprintf(to,
                "  %" PRIu32 " heard nothing, %" PRIu32 " were ended by the server, %" PRIu32
                " could not be deleted\n",
                result->silent, result->ended, result->not_deleted);
    }
    fprintf(to, "\n  %-34s %9s %9s %9s\n", "milliseconds", "median", "p99", "most");
    times_row(to, "join: request to connection", &result->join);
    times_row(to, "join: request to first packet", &result->sound);
    times_row(to, "delay of those in while others join", &result->joined.delay);
    times_row(to, "delay: sent to arrived", &result->steady.delay);
    times_row(to, "delay of every frame", &result->steady.frame_delay);
    if (result->steady.length > 0) {
        fprintf(to, "\n  measured for %.1f s\n", (double)result->steady.length / TIME_US_PER_S);
        counts_rows(to, &result->steady);
        costs_rows(to, result);
    }
}

// --- JSON ---

static json_t *times_json(const struct load_histogram *histogram)
{
    return json_pack("{s:I, s:f, s:f, s:f}", "count", (json_int_t)histogram->count, "p50",
                     ms(load_histogram_percentile(histogram, 0.5)), "p99",
                     ms(load_histogram_percentile(histogram, 0.99)), "max", ms(histogram->max));
}

static json_t *phase_json(const struct load_phase *phase)
{
    const struct load_counts *counts = &phase->counts;
    json_t *json = json_pack(
        "{s:f, s:I, s:I, s:I, s:f, s:I, s:I, s:I, s:f, s:I, s:I, s:I, s:I, s:I, s:o, s:o}",
        "seconds", (double)phase->length / TIME_US_PER_S, "packets", (json_int_t)counts->packets,
        "bytes", (json_int_t)counts->bytes, "lost", (json_int_t)counts->lost, "lost_share",
        lost_share(counts), "reordered", (json_int_t)counts->reordered, "duplicates",
        (json_int_t)counts->duplicates, "restarts", (json_int_t)counts->restarts, "sound_s",
        (double)counts->sound_us / TIME_US_PER_S, "frames", (json_int_t)phase->frames.frames,
        "frames_lost", (json_int_t)phase->frames.lost, "frames_redundant",
        (json_int_t)phase->frames.redundant, "frames_sent", (json_int_t)phase->frames_sent,
        "unopened", (json_int_t)phase->unopened, "delay_ms", times_json(&phase->delay),
        "frame_delay_ms", times_json(&phase->frame_delay));
    return json;
}

static json_t *server_json(const struct load_result *result)
{
    const struct load_counts *counts = &result->steady.counts;
    return json_pack(
        "{s:f, s:f, s:f, s:f, s:I, s:f}", "user_s", (double)result->used.user / TIME_US_PER_S,
        "system_s", (double)result->used.system / TIME_US_PER_S, "us_per_packet",
        used_for(result, (double)counts->packets), "us_per_20_ms",
        used_for(result, (double)counts->sound_us / FRAME_US), "memory_bytes",
        (json_int_t)result->used.memory, "memory_bytes_per_client", memory_per_client(result));
}

static json_t *core_json(const struct load_core_usage *core)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f}", "user_s", (double)core->user / TIME_US_PER_S,
                     "system_s", (double)core->system / TIME_US_PER_S, "interrupts_s",
                     (double)core->interrupts / TIME_US_PER_S, "idle_s",
                     (double)core->idle / TIME_US_PER_S, "stolen_s",
                     (double)core->stolen / TIME_US_PER_S);
}

static json_t *failures_json(const struct load_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->failure_count; i++) {
        // A server's words may be in any encoding.
        (void)json_array_append_new(list, json_pack("{s:i, s:s*}", "count",
                                                    (int)result->failures[i].count, "reason",
                                                    result->failures[i].words));
    }
    return list;
}

bool load_report_json(FILE *to, const struct load_options *options,
                      const struct load_result *result)
{
    json_t *json = json_pack(
        "{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:f, s:o, s:o, s:o, "
        "s:o, s:o, s:I, s:{s:f, s:f}}",
        "publishers", (int)options->publishers, "publishers_joined", (int)result->publishers_joined,
        "publishers_failed", (int)result->publishers_failed, "listeners", (int)options->listeners,
        "listeners_joined", (int)result->listeners_joined, "listeners_failed",
        (int)result->listeners_failed, "silent", (int)result->silent, "ended", (int)result->ended,
        "not_deleted", (int)result->not_deleted, "gcm", (int)result->gcm, "cm", (int)result->cm,
        "interrupted", result->interrupted, "measured", result->measured, "joining_s",
        (double)result->joining / TIME_US_PER_S, "failures", failures_json(result), "join_ms",
        times_json(&result->join), "first_packet_ms", times_json(&result->sound), "joining",
        phase_json(&result->joined), "steady", phase_json(&result->steady), "dropped_here",
        (json_int_t)result->dropped_here, "load", "user_s",
        (double)result->own.user / TIME_US_PER_S, "system_s",
        (double)result->own.system / TIME_US_PER_S);
    if (json == NULL) {
        return false;
    }
    if (result->usage_known) {
        (void)json_object_set_new(json, "server", server_json(result));
    }
    if (result->core_known) {
        (void)json_object_set_new(json, "core", core_json(&result->core));
    }
    char *line = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(json);
    if (line != NULL) {
        fprintf(to, "%s\n", line);
    }
    free(line);
    return line != NULL;
}
