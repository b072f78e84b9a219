// A whole meeting on one fake clock: the real core on the server and, as the page's mirror of it,
// in every client; a model of the store (group commit that takes its time, crashes that lose what
// was not committed or keep what was not yet told); a network that loses, delays and reorders,
// under streams that deliver in order and break. Every choice comes from one seed.
//
//   client ──OPEN, COMMAND──► network ──► server: decide → journal ··commit·· → told ──HELLO,
//   EVENTS, REPLY──► client
//
// Checked all along: the core's invariants after every event; nothing is told before it is
// committed; every client sees every event once, in order; an answer comes after its events; a
// client that has read up to an event has exactly the server's state of that event; after a crash,
// replaying the journal gives the state that was told, and perhaps more. The server's wall clock
// jumps: ahead and back, over a midnight, by a leap second, and is put right or not. In a sitting
// the time between any two events is what passed, and what is spoken is what was spoken.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "meeting/presence.h"
#include "meeting/setup.h"
#include "meeting/timing.h"

#define SIM_CLIENTS     24
#define SIM_FEEDS       4
#define SIM_WAITING_MAX 512
#define SIM_NEVER       INT64_MAX
#define SIM_START       INT64_C(1700000000000)

struct sim;

// ---- random.c
struct sim_random {
    uint64_t state;
};
uint64_t sim_random(struct sim_random *random);
// 0 <= result < bound
uint32_t sim_below(struct sim_random *random, uint32_t bound);
// Between the two, both possible.
time_ms sim_between(struct sim_random *random, time_ms least, time_ms most);
bool sim_chance(struct sim_random *random, uint32_t permille);

// ---- network.c
enum sim_packet_kind { SIM_OPEN, SIM_COMMAND, SIM_HELLO, SIM_EVENTS, SIM_REPLY, SIM_END };

struct sim_packet {
    time_ms at;     // of arrival
    uint64_t order; // among those that arrive together
    enum sim_packet_kind kind;
    bool to_server;
    uint32_t client;
    uint32_t epoch;   // of the connection: late ones find it gone
    uint64_t first;   // SIM_EVENTS: from here …
    uint64_t last;    // … to here; SIM_OPEN, SIM_HELLO, SIM_REPLY: the seq
    uint64_t request; // SIM_COMMAND, SIM_REPLY
    enum err err;     // SIM_REPLY
    struct command command;
    struct meeting_state *snapshot; // SIM_HELLO, owned; NULL: resumed
};

struct sim_network {
    struct sim_packet *heap; // owned; by time of arrival
    uint32_t count;
    uint32_t capacity;
    uint64_t order;
    time_ms stream_at[SIM_CLIENTS][2]; // nothing of this direction may arrive earlier
    uint64_t sent;
    uint64_t lost;
};

// Sends over the client's stream: lost segments are sent again, later ones wait for them.
void sim_send(struct sim *sim, struct sim_packet packet);
// False when nothing has arrived by now.
bool sim_arrived(struct sim *sim, struct sim_packet *ret_packet);
time_ms sim_next_arrival(const struct sim *sim);
void sim_network_new_stream(struct sim *sim, uint32_t client);
void sim_network_finish(struct sim_network *network);

// ---- server.c
struct sim_connection {
    bool open;
    uint32_t epoch;
    uint64_t sent;     // the last seq sent
    time_ms notice_at; // when the server notices that the connection is dead
};

struct sim_waiting {
    uint64_t seq; // told once this is committed
    uint32_t client;
    uint32_t epoch;
    uint64_t request;
    enum err err;
};

struct sim_server {
    bool up;
    time_ms up_at;
    time_ms crash_at;
    time_ms loss_at;               // of some interpreter's packets
    time_ms hear_at;               // what media says of the microphones that are open
    time_ms outside_at;            // a feed, or a paper
    struct clock clock;            // the meeting's
    time_ms jump_at;               // of the wall clock
    time_ms wall_ahead;            // of the true time
    time_ms set_at;                // true time when the meeting's was last set, or hurried
    uint64_t unsure;               // up to this event the time before is another machine's
    struct meeting_state *decided; // owned
    struct meeting_state *told;    // owned; committed
    struct meeting_state *follows; // owned; what `decided` must be, by its events alone
    struct event *journal;         // owned; journal[seq - 1]
    time_ms *happened;             // owned; the true time of each
    uint64_t journal_capacity;
    uint64_t committed;
    uint64_t committing; // a commit up to here is under way; 0: none
    time_ms commit_at;
    struct meeting_presence presence;
    struct sim_connection connections[SIM_CLIENTS];
    struct sim_waiting waiting[SIM_WAITING_MAX];
    uint32_t waiting_count;
    uint64_t decisions; // and what was refused
    uint64_t commands;
    uint64_t refusals;
    uint64_t commits;
    uint64_t crashes;
    uint64_t resumes;
    uint64_t jumps;
    uint64_t timed; // pairs of events whose distance was looked at
    uint64_t spoken;
};

// The meeting's time now.
time_ms sim_server_time(const struct sim *sim);
void sim_server_init(struct sim *sim);
void sim_server_finish(struct sim_server *server);
void sim_server_receive(struct sim *sim, const struct sim_packet *packet);
time_ms sim_server_next(const struct sim *sim);
void sim_server_on_time(struct sim *sim);
// The network between them is cut: the server will notice.
void sim_server_cut(struct sim *sim, uint32_t client, time_ms notice_at);
// Nothing waits to be committed or told.
bool sim_server_is_quiet(const struct sim *sim);

// ---- outside.c
// Something of a feed, of a paper or of the secretariat, into sim->events; perhaps nothing. Says
// when the next comes.
void sim_outside_event(struct sim *sim);
const char *sim_any_feed(struct sim *sim);
// One that is there; "none" when there is none.
void sim_any_document(struct sim *sim, const struct meeting_state *state,
                      char to[CONTRACT_ID_MAX + 1]);

// ---- secretariat.c
// Something that the secretariat does, into sim->events; perhaps nothing.
void sim_secretariat_event(struct sim *sim);

// ---- client.c
enum sim_client_phase { SIM_OFFLINE, SIM_CONNECTING, SIM_ONLINE, SIM_GONE };

struct sim_client {
    enum sim_client_phase phase;
    char participant[CONTRACT_ID_MAX + 1];
    enum capacity capacity;
    enum language language;
    struct meeting_state *mirror; // owned; seq 0: nothing yet
    uint32_t epoch;
    bool dead;          // the connection is cut and not yet noticed here
    time_ms connect_at; // SIM_OFFLINE
    time_ms notice_at;  // SIM_CONNECTING: gives up; SIM_ONLINE: notices the cut
    time_ms act_at;
    time_ms cut_at;
    uint64_t request;
    uint64_t answered;
};

void sim_client_init(struct sim *sim, uint32_t client, const char *participant,
                     enum capacity capacity, enum language language);
void sim_client_finish(struct sim_client *client);
void sim_client_receive(struct sim *sim, const struct sim_packet *packet);
time_ms sim_client_next(const struct sim *sim, const struct sim_client *client);
void sim_client_on_time(struct sim *sim, uint32_t client);
// Compares the mirror with what the server has told; fails the run when they differ.
void sim_client_compare(struct sim *sim, uint32_t client);

// ---- sim.c
struct sim {
    uint64_t seed;
    time_ms now;
    bool winding_down; // no more commands, cuts or crashes
    struct sim_random random;
    struct sim_network network;
    struct sim_server server;
    struct sim_client clients[SIM_CLIENTS];
    struct event_list *events; // owned; of the decision in the making
    uint64_t mirrored;         // events applied by clients
    uint64_t compared;
};

// Prints seed and time, and ends the process.
_Noreturn void sim_fail(const struct sim *sim, const char *what, const char *detail);
