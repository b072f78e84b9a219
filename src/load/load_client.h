// One client of a load: ICE as the controlling full agent (RFC 8445) with one local candidate,
// DTLS, SRTP. A machine: HTTP answers, datagrams and time go in; datagrams go out by load_net. It
// does not wait and does not know of the others. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "load/load.h"
#include "load/load_description.h"
#include "load/load_net.h"
#include "load/load_random.h"
#include "load/load_stream.h"

enum load_client_state {
    LOAD_CLIENT_WAITING, // to join
    LOAD_CLIENT_POSTED,  // its offer is with the server
    LOAD_CLIENT_CHECKING,
    LOAD_CLIENT_HANDSHAKING,
    LOAD_CLIENT_CONNECTED,
    LOAD_CLIENT_ENDED, // by the server
    LOAD_CLIENT_FAILED,
};

// What all clients have in common; outlives them.
struct load_surroundings {
    const struct load_options *options;
    struct load_net *net;
    struct load_dtls_context *dtls;
    struct load_random random;
    struct load_phase *phase;           // where packets count now
    struct sdp_description description; // room for reading an answer
    // The client became connected, ended or failed; `words` of a failure.
    void (*changed)(void *context, uint32_t client, const char *words);
    void (*first_packet)(void *context, uint32_t client);
    void *context;
};

struct load_client {
    struct load_stream stream; // first: what every packet touches
    time_us heard_at;          // the last packet; 0: none
    enum load_client_state state;
    uint32_t number;
    bool sends;
    bool sampled;
    uint8_t opus_type;
    uint8_t red_type;
    struct load_frame_stream frames;
    struct load_surroundings *all; // borrowed
    time_us *deadline;             // borrowed: when load_client_on_time() is due
    time_us asked_at;              // the offer was posted
    time_us give_up_at;            // while it joins
    time_us check_at;
    time_us report_at;
    struct address local;
    uint8_t candidate_count;
    uint8_t candidate; // checked next, or the chosen one
    bool nominated;
    bool server_is_active;
    struct address candidates[LOAD_CANDIDATES_MAX];
    char ufrag[LOAD_UFRAG_SIZE + 1];
    char password[LOAD_PASSWORD_SIZE + 1];
    char username[LOAD_CREDENTIAL_MAX + LOAD_UFRAG_SIZE + 2]; // "theirs:ours"
    uint64_t tie_breaker;
    struct hmac_sha1_key local_key;
    struct hmac_sha1_key remote_key;
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    struct load_dtls *dtls; // owned; until connected
    struct secure_rtp_key send_key;
    struct secure_rtp_key receive_key;
    struct secure_rtp_receiver receiver;
    struct secure_rtp_sender sender;
    struct secure_rtcp_sender rtcp_sender;
    uint32_t ssrc;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t packets_sent;
    uint32_t frame_number;
    time_us send_at; // a publisher's next packet
};

// `deadline` is set by the client whenever it changes. Storage is the caller's.
void load_client_init(struct load_client *client, struct load_surroundings *all, uint32_t number,
                      bool sends, time_us *deadline);
void load_client_finish(struct load_client *client);

// Takes a socket and writes the offer. ERR_FULL: no socket.
enum err CHECKED load_client_offer(struct load_client *client, time_us now,
                                   char ret_offer[LOAD_OFFER_MAX]);
void load_client_answer(struct load_client *client, const char *text, size_t size, time_us now);
void load_client_fail(struct load_client *client, const char *words);
void load_client_receive(struct load_client *client, const struct load_datagram *datagram,
                         time_us now);
void load_client_on_time(struct load_client *client, time_us now);
// A publisher's packet is due at send_at.
void load_client_send(struct load_client *client);
