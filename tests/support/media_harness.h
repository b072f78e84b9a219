// The media process in a child of the test, with the test as its control process, and clients
// driven together until something happens. Every wait has an end; a test that reaches it fails.
// cmocka assertions inside.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/time.h"
#include "link/link.h"
#include "media/media_process.h"
#include "media_client.h"

#define MEDIA_HARNESS_CLIENTS_MAX 32
#define MEDIA_HARNESS_WAIT_US     (20 * (time_us)TIME_US_PER_S)

struct media_harness {
    struct media_config config;
    char link_path[108];
    int link_listen_fd;
    pid_t child;
    int link_fd; // -1 while control is "dead"
    unsigned client_count;
    struct media_client *clients[MEDIA_HARNESS_CLIENTS_MAX]; // owned
    // Called for every packet that a client hears.
    void (*heard)(void *context, unsigned client, const struct media_client_packet *packet);
    void *heard_context;
    struct link_message message; // the last one read
    enum link_peer_phase
        phases[MEDIA_HARNESS_CLIENTS_MAX];           // as told, by client; peer id = client + 1
    link_channel carries[MEDIA_HARNESS_CLIENTS_MAX]; // the first section, as told
    bool synced;
    unsigned synced_peers;
    char answer_owner[LINK_OWNER_MAX + 1];
    struct link_message last_counters;
    struct link_message last_report;
};

// Binds sockets; `adjust` may change the configuration before the child starts (NULL: as it is).
void media_harness_start(struct media_harness *harness, unsigned threads,
                         void (*adjust)(struct media_config *));
// SIGTERM; the child must end with status 0.
void media_harness_stop(struct media_harness *harness);

void media_harness_link_open(struct media_harness *harness);
void media_harness_link_close(struct media_harness *harness);
void media_harness_say(struct media_harness *harness, const struct link_message *message);
// Short forms.
void media_harness_channel(struct media_harness *harness, link_channel channel, link_source source);
void media_harness_slot_channel(struct media_harness *harness, unsigned client, uint8_t slot,
                                link_channel channel);
// Says it and waits for the LINK_PEER_ANSWER, whose error it returns; the rest is in `message`.
enum err media_harness_ask(struct media_harness *harness, const struct link_message *message);
// Restarts ICE of a client; its checks go on with the new credentials.
void media_harness_restart(struct media_harness *harness, unsigned client);
// Sends the offer (peer id = client + 1, owner "client-N"), applies the answer. The client's
// number.
unsigned media_harness_join(struct media_harness *harness,
                            const struct media_client_options *options);
// The same, but only as far as the answer's err, for offers that must be refused.
enum err media_harness_offer(struct media_harness *harness, link_peer peer, const char *offer,
                             const struct link_section *sections, uint8_t section_count);

// One turn: waits at most a few milliseconds for anything, steps all clients.
void media_harness_turn(struct media_harness *harness);
// Turns until `done` says so; fails the test after MEDIA_HARNESS_WAIT_US.
void media_harness_until(struct media_harness *harness,
                         bool (*done)(struct media_harness *harness, void *context), void *context);
void media_harness_until_connected(struct media_harness *harness);
uint64_t media_harness_counter(const struct media_harness *harness, const char *name);
