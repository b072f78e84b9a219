// A WebRTC client small enough for tests and load: one UDP socket on the loopback, ICE controlling
// with one pair, DTLS client with a certificate of its own, SRTP with our own code. It is driven
// from outside: nothing here waits. Used by the integration tests; not part of the server.
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "link/link.h"
#include "wire/address.h"

#define MEDIA_CLIENT_SECTIONS_MAX 10
#define MEDIA_CLIENT_PAYLOAD_MAX  1200
#define MEDIA_CLIENT_FRAGMENT_MAX 256

struct media_client;

struct media_client_options {
    uint8_t section_count;
    struct link_section sections[MEDIA_CLIENT_SECTIONS_MAX]; // as control would send them
    struct in_addr server;                                   // 0: 127.0.0.1
    uint16_t server_port;
    unsigned dtls_mtu;      // 0: ordinary; small: the ClientHello is sent in fragments
    bool swap_first_flight; // the fragments of the first flight in the wrong order
    bool only_sha1_80;      // do not offer AES-GCM
    bool wrong_fingerprint; // the offer speaks of another certificate
    bool only_hello;        // the first flight again and again, and no other
    bool announce_ssrcs;    // a=ssrc lines; without them the server learns from the MID extension
};

// One RTP packet that arrived and was opened.
struct media_client_packet {
    uint8_t section; // LINK_RECEIVE section it belongs to
    uint16_t sequence;
    uint32_t timestamp;
    bool marker;
    size_t size;
    uint8_t payload[MEDIA_CLIENT_PAYLOAD_MAX];
};

// NULL when a socket or OpenSSL fails.
struct media_client *media_client_create(const struct media_client_options *options);
void media_client_destroy(struct media_client *client);

const char *media_client_offer(struct media_client *client);
// ERR_MALFORMED when it is no usable answer. Checks begin at the next step.
enum err CHECKED media_client_set_answer(struct media_client *client, const char *answer,
                                         size_t size);
int media_client_fd(const struct media_client *client);
// Sends what is due: checks, repeated DTLS flights. Call at least every 50 ms.
void media_client_step(struct media_client *client, time_us now);
// Reads one datagram and acts on it. False when there was none. *ret_rtp: `ret_packet` was filled.
bool media_client_receive(struct media_client *client, time_us now, bool *ret_rtp,
                          struct media_client_packet *ret_packet);

bool media_client_connected(const struct media_client *client);
// The server said goodbye, or the handshake failed.
bool media_client_closed(const struct media_client *client);
// The DTLS-SRTP profile in use; 0 before.
unsigned media_client_profile(const struct media_client *client);
unsigned media_client_checks_answered(const struct media_client *client);
// Sends an RTP packet of a LINK_SEND section; sequence and timestamp go on by themselves.
void media_client_send(struct media_client *client, uint8_t section, const void *payload,
                       size_t size);
// Raw bytes from the client's address.
void media_client_send_raw(struct media_client *client, const void *data, size_t size);
// An RTCP receiver report, so that the server hears something other than checks.
void media_client_send_report(struct media_client *client);
// Goes on from another socket, as behind a NAT that forgot. The checks nominate or not.
bool media_client_rebind(struct media_client *client, bool nominate);
// New ICE credentials, as a fragment for the server (`size` of MEDIA_CLIENT_FRAGMENT_MAX does).
// Until its answer is set the checks are made with the ones before.
void media_client_restart(struct media_client *client, char *ret_fragment, size_t size);
enum err CHECKED media_client_set_restart_answer(struct media_client *client, const char *fragment,
                                                 size_t size);
// Stops sending checks.
void media_client_fall_silent(struct media_client *client);
// close_notify.
void media_client_say_goodbye(struct media_client *client);
