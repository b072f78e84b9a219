// The state of one load, shared by load.c (the loop) and load_stage.c (what happens when). Internal
// to load/. Clients are numbered publishers first.
#pragma once

#include "load/load.h"
#include "load/load_client.h"
#include "load/load_http.h"
#include "load/load_net.h"

struct load {
    const struct load_options *options; // borrowed
    struct load_result *result;         // borrowed
    struct load_surroundings all;
    struct load_http *http;      // owned
    int epoll_fd;                // owned
    uint32_t count;              // of clients
    struct load_client *clients; // owned
    time_us *deadlines;          // owned; one each, together: they are looked through often
    char **sessions;             // owned; the URL to delete, NULL: none
    struct load_random arrivals;
    enum load_stage stage;
    time_us began_at;
    time_us stage_at; // the stage began
    time_us stage_end;
    time_us now;
    time_us arrival_at; // of the next listener
    time_us look_at;    // next look through the deadlines
    time_us progress_at;
    uint32_t next;    // client to join, or to delete
    uint32_t joining; // joins under way
    uint32_t stops;   // times that stop_fd spoke
    struct load_phase discarded;
    struct load_usage used_at_start;
    struct load_usage own_at_start;
    struct load_core_usage core_at_start;
    uint64_t dropped_at_start;
    struct {
        time_us at;
        uint64_t packets;
        time_us server;
        time_us own;
        struct load_phase *phase;
    } shown; // at the last progress
};

// load_stage.c: called in turn as time goes on, and by the parts of the loop.
void load_stage_begin(struct load *load, enum load_stage stage);
void load_stage_advance(struct load *load);
// The next instant at which load_stage_advance() has something to do.
time_us load_stage_deadline(const struct load *load);
void load_stage_on_answer(void *context, const struct load_http_answer *answer);
void load_stage_on_changed(void *context, uint32_t client, const char *words);
void load_stage_on_first_packet(void *context, uint32_t client);
void load_stage_show(struct load *load);
