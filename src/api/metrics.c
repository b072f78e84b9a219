#include "api/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/respond.h"
#include "base/text.h"

static void write_figure(FILE *to, const struct app_figure *figure)
{
    const char *prefix = text_starts_with(figure->name, "plenary_") ? "" : "plenary_";
    fprintf(to, "# HELP %s%s %s\n# TYPE %s%s %s\n%s%s %" PRIu64 "\n", prefix, figure->name,
            figure->help, prefix, figure->name, figure->is_counter ? "counter" : "gauge", prefix,
            figure->name, figure->value);
}

static void write_figures(FILE *to, const struct app_figure *figures, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        write_figure(to, &figures[i]);
    }
}

static void write_own(FILE *to, const struct api *api)
{
    const struct api_counters *counters = &api->counters;
    const struct app_figure figures[] = {
        {"api_requests_total", "REST requests and live handshakes.", true, counters->requests},
        {"api_problems_total", "Requests answered with a problem.", true, counters->problems},
        {"api_sign_ins_total", "Sign-ins that made a session.", true, counters->sign_ins},
        {"api_sign_ins_refused_total", "Sign-ins refused.", true, counters->sign_ins_refused},
        {"api_bearers_refused_total", "Bearer tokens refused.", true, counters->bearers_refused},
        {"api_rate_limited_total", "Requests and messages refused for their rate.", true,
         counters->rate_limited},
        {"api_live_connections", "Live connections.", false, api->lives.count},
        {"api_live_opened_total", "Live connections opened.", true, counters->live_opened},
        {"api_live_resumed_total", "Live connections that resumed.", true, counters->live_resumed},
        {"api_live_subscribed_total", "Further streams that live connections subscribed to.", true,
         counters->live_subscribed},
        {"api_live_ended_silent_total", "Ended: nothing heard for 15 s.", true,
         counters->live_ended_silent},
        {"api_live_ended_slow_total", "Ended: the client did not read.", true,
         counters->live_ended_slow},
        {"api_live_ended_misbehaved_total", "Ended: flood or unreadable messages.", true,
         counters->live_ended_misbehaved},
        {"api_live_put_off_total", "Refused to who was ended so too often.", true,
         counters->live_put_off},
        {"api_messages_received_total", "Live messages received.", true,
         counters->messages_received},
        {"api_messages_malformed_total", "Live messages that could not be read.", true,
         counters->messages_malformed},
        {"api_messages_refused_total", "Live messages answered with a problem by the api.", true,
         counters->messages_refused},
        {"api_commands_total", "Commands given to the app.", true, counters->commands},
        {"api_events_published_total", "Events published.", true, counters->events_published},
        {"api_event_messages_sent_total", "Messages of events sent.", true,
         counters->event_messages_sent},
    };
    write_figures(to, figures, sizeof(figures) / sizeof(figures[0]));
}

void metrics_respond(struct api *api, struct api_response *ret_response)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        respond_empty(ret_response, 500);
        return;
    }
    uint32_t count = 0;
    const struct app_figure *figures = app_figures(api->app, &count);
    write_figures(stream, figures, count);
    write_own(stream, api);
    if (api->ports.figures != NULL) {
        figures = api->ports.figures(api->ports.context, &count);
        write_figures(stream, figures, count);
    }
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        free(text);
        respond_empty(ret_response, 500);
        return;
    }
    respond_owned(ret_response, 200, "text/plain; version=0.0.4; charset=utf-8", text, size);
}
