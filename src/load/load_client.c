#include "load/load_client.h"

#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/text.h"
#include "crypto/random.h"
#include "wire/packet_kind.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"
#include "wire/stun.h"

#define CHECK_EVERY     (50 * (time_us)TIME_US_PER_MS)   // while it joins
#define CONSENT_EVERY   (2500 * (time_us)TIME_US_PER_MS) // as browsers do (RFC 7675 allows 5 s)
#define REPORT_EVERY    (5 * (time_us)TIME_US_PER_S)     // RFC 3550 section 6.2
#define CHECK_SIZE_MAX  512
#define REPORT_SIZE_MAX 256
#define PRIORITY        1862270975u // peer reflexive, component 1 (RFC 8445 section 5.1.2)
#define CLOCK_KHZ       48
#define DTLS_ALERT      21 // content type (RFC 6347 section 4.1, RFC 5246 section 6.2.1)
#define NS_PER_S        1000000000ll
#define CNAME           "load"

// --- time ---

static time_us earliest(time_us a, time_us b)
{
    return a < b ? a : b;
}

static void deadline_set(struct load_client *client, time_us now)
{
    switch (client->state) {
    case LOAD_CLIENT_POSTED: *client->deadline = client->give_up_at; break;
    case LOAD_CLIENT_CHECKING:
        *client->deadline = earliest(client->give_up_at, client->check_at);
        break;
    case LOAD_CLIENT_HANDSHAKING: {
        time_us left = load_dtls_timeout(client->dtls);
        *client->deadline = earliest(client->give_up_at, client->check_at);
        if (left != TIME_US_NEVER) {
            *client->deadline = earliest(*client->deadline, now + left);
        }
        break;
    }
    case LOAD_CLIENT_CONNECTED:
        *client->deadline = earliest(client->check_at, client->report_at);
        break;
    case LOAD_CLIENT_WAITING:
    case LOAD_CLIENT_ENDED:
    case LOAD_CLIENT_FAILED: *client->deadline = TIME_US_NEVER; break;
    }
}

// From 80 to 120 %, so that clients do not march in step.
static time_us about(struct load_client *client, time_us interval)
{
    uint64_t spread = (uint64_t)interval * 2 / 5;
    return interval * 4 / 5 + (time_us)(load_random_u64(&client->all->random) % spread);
}

// --- beginning and end ---

void load_client_init(struct load_client *client, struct load_surroundings *all, uint32_t number,
                      bool sends, time_us *deadline)
{
    memset(client, 0, sizeof(*client));
    client->all = all;
    client->number = number;
    client->sends = sends;
    client->sampled = !sends && number % all->options->sample == 0;
    client->deadline = deadline;
    *deadline = TIME_US_NEVER;
    random_text(client->ufrag, LOAD_UFRAG_SIZE);
    random_text(client->password, LOAD_PASSWORD_SIZE);
    client->tie_breaker = random_u64();
    client->ssrc = random_u32() | 1;
    client->sequence = (uint16_t)(random_u32() & 0x7fff);
    client->timestamp = random_u32();
    hmac_sha1_key_init(&client->local_key, client->password, LOAD_PASSWORD_SIZE);
    secure_rtp_sender_init(&client->sender, client->ssrc);
    secure_rtp_receiver_init(&client->receiver);
}

void load_client_finish(struct load_client *client)
{
    load_dtls_destroy(client->dtls);
    client->dtls = NULL;
    secure_rtp_key_finish(&client->send_key);
    secure_rtp_key_finish(&client->receive_key);
}

void load_client_fail(struct load_client *client, const char *words)
{
    if (client->state == LOAD_CLIENT_FAILED || client->state == LOAD_CLIENT_ENDED) {
        return;
    }
    client->state = LOAD_CLIENT_FAILED;
    load_client_finish(client);
    deadline_set(client, 0);
    client->all->changed(client->all->context, client->number, words);
}

enum err load_client_offer(struct load_client *client, time_us now, char ret_offer[LOAD_OFFER_MAX])
{
    const struct load_options *options = client->all->options;
    enum err err = load_net_open(client->all->net, client->number, client->sampled, &client->local);
    if (err != ERR_NONE) {
        return err;
    }
    struct load_offer offer = {
        .sends = client->sends,
        .red = !client->sends && options->red,
        .ufrag = client->ufrag,
        .password = client->password,
        .fingerprint = load_dtls_context_fingerprint(client->all->dtls),
        .ssrc = client->ssrc,
        .packet_ms = client->sends ? options->packet_ms : options->longest_ms,
        .candidate = client->local,
        .cname = CNAME,
    };
    client->state = LOAD_CLIENT_POSTED;
    client->asked_at = now;
    client->give_up_at = now + options->patience_s * (time_us)TIME_US_PER_S;
    deadline_set(client, now);
    return load_offer_write(&offer, ret_offer);
}

// --- ICE ---

static void send_to_server(void *context, const uint8_t *data, size_t size)
{
    struct load_client *client = context;
    load_net_send(client->all->net, client->number, &client->candidates[client->candidate], data,
                  size);
}

static void check_send(struct load_client *client)
{
    uint8_t datagram[CHECK_SIZE_MAX];
    struct stun_request request = {
        .username = client->username,
        .priority = PRIORITY,
        .controlling = true,
        .use_candidate = true,
        .tie_breaker = client->tie_breaker,
    };
    random_bytes(request.transaction, sizeof(request.transaction));
    // Which candidate an answer is about stands in the transaction, so nothing need be kept.
    request.transaction[0] = client->candidate;
    size_t size = stun_write_request(&request, hmac_sha1_callback, &client->remote_key, datagram,
                                     sizeof(datagram));
    send_to_server(client, datagram, size);
}

void load_client_answer(struct load_client *client, const char *text, size_t size, time_us now)
{
    struct load_answer answer;
    const char *problem = NULL;
    if (client->state != LOAD_CLIENT_POSTED) {
        return;
    }
    if (load_answer_read(text, size, &client->all->description, &answer, &problem) != ERR_NONE) {
        load_client_fail(client, problem);
        return;
    }
    for (unsigned i = 0; i < answer.candidate_count; i++) {
        if (answer.candidates[i].family == client->local.family) {
            client->candidates[client->candidate_count++] = answer.candidates[i];
        }
    }
    if (client->candidate_count == 0) {
        load_client_fail(client, "the answer has no candidate of our address family");
        return;
    }
    struct text_builder username = text_builder(client->username, sizeof(client->username));
    text_append_format(&username, "%s:%s", answer.ufrag, client->ufrag);
    ASSERT(!username.failed);
    hmac_sha1_key_init(&client->remote_key, answer.password, strlen(answer.password));
    memcpy(client->digest, answer.digest, sizeof(client->digest));
    client->server_is_active = answer.server_is_active;
    client->opus_type = answer.opus_type;
    client->red_type = answer.red_type;
    client->state = LOAD_CLIENT_CHECKING;
    client->check_at = now;
    load_client_on_time(client, now);
}

static void connected(struct load_client *client, time_us now)
{
    enum err err = load_dtls_keys(client->dtls, &client->send_key, &client->receive_key);
    load_dtls_destroy(client->dtls);
    client->dtls = NULL;
    if (err != ERR_NONE) {
        load_client_fail(client, "no common SRTP cipher");
        return;
    }
    client->state = LOAD_CLIENT_CONNECTED;
    client->check_at = now + about(client, CONSENT_EVERY);
    client->report_at = now + about(client, REPORT_EVERY);
    client->send_at = now + (time_us)(load_random_u64(&client->all->random) %
                                      (client->all->options->packet_ms * TIME_US_PER_MS));
    client->all->changed(client->all->context, client->number, NULL);
}

static void handshake_note(struct load_client *client, enum load_dtls_state state, time_us now)
{
    if (state == LOAD_DTLS_CONNECTED) {
        connected(client, now);
    } else if (state == LOAD_DTLS_FAILED) {
        load_client_fail(client, "the DTLS handshake failed");
    }
    deadline_set(client, now);
}

static void handshake_start(struct load_client *client, time_us now)
{
    client->dtls = load_dtls_create(client->all->dtls, client->digest, client->server_is_active,
                                    send_to_server, client);
    if (client->dtls == NULL) {
        load_client_fail(client, "out of memory");
        return;
    }
    client->state = LOAD_CLIENT_HANDSHAKING;
    client->check_at = now + CONSENT_EVERY;
    handshake_note(client, load_dtls_start(client->dtls), now);
}

static void receive_check(struct load_client *client, const struct stun_message *message,
                          const struct sockaddr *from)
{
    struct address there;
    uint8_t datagram[STUN_ANSWER_MAX];
    const char *name;
    size_t name_size;
    if (address_from_socket(from, &there) != ERR_NONE ||
        !stun_username_local(message, &name, &name_size) || name_size != LOAD_UFRAG_SIZE ||
        memcmp(name, client->ufrag, LOAD_UFRAG_SIZE) != 0 ||
        !stun_integrity_ok(message, hmac_sha1_callback, &client->local_key)) {
        return;
    }
    size_t size = stun_write_success(message, &there, hmac_sha1_callback, &client->local_key,
                                     datagram, sizeof(datagram));
    load_net_send(client->all->net, client->number, &there, datagram, size);
}

static void receive_stun(struct load_client *client, const struct load_datagram *datagram,
                         time_us now)
{
    struct stun_message message;
    if (stun_parse(datagram->data, datagram->size, &message) != ERR_NONE) {
        return;
    }
    if (message.class == STUN_REQUEST) {
        receive_check(client, &message, datagram->from);
    } else if (message.class == STUN_SUCCESS && client->state == LOAD_CLIENT_CHECKING &&
               message.transaction[0] < client->candidate_count &&
               stun_integrity_ok(&message, hmac_sha1_callback, &client->remote_key)) {
        client->candidate = message.transaction[0];
        client->nominated = true;
        handshake_start(client, now);
    }
}

// --- reports ---

static uint64_t ntp_now(void)
{
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    return rtcp_ntp_from_wall_us(wall.tv_sec * (int64_t)TIME_US_PER_S + wall.tv_nsec / 1000);
}

static void report_send(struct load_client *client)
{
    uint8_t packet[REPORT_SIZE_MAX];
    struct bytes_writer writer = bytes_writer(packet, sizeof(packet) - SECURE_RTCP_OVERHEAD_MAX);
    struct rtcp_report report;
    size_t size = 0;
    if (client->sends) {
        struct rtcp_sender_info info = {
            .ssrc = client->ssrc,
            .ntp = ntp_now(),
            .rtp_timestamp = client->timestamp,
            .packets = client->packets_sent,
            .octets = client->packets_sent * client->all->options->payload,
        };
        rtcp_write_sr(&writer, &info, NULL, 0);
    } else {
        bool any = load_stream_report(&client->stream, &report);
        rtcp_write_rr(&writer, client->ssrc, &report, any ? 1 : 0);
    }
    rtcp_write_sdes(&writer, client->ssrc, CNAME);
    ASSERT(bytes_writer_ok(&writer));
    if (secure_rtcp_seal(&client->send_key, &client->rtcp_sender, packet, writer.position,
                         sizeof(packet), &size) == ERR_NONE) {
        send_to_server(client, packet, size);
    }
}

void load_client_on_time(struct load_client *client, time_us now)
{
    bool joins = client->state == LOAD_CLIENT_POSTED || client->state == LOAD_CLIENT_CHECKING ||
                 client->state == LOAD_CLIENT_HANDSHAKING;
    if (joins && now >= client->give_up_at) {
        load_client_fail(client, client->state == LOAD_CLIENT_POSTED ? "no answer in time"
                                 : client->state == LOAD_CLIENT_CHECKING
                                     ? "no ICE check was answered"
                                     : "the DTLS handshake "
                                       "took too long");
        return;
    }
    if (client->state == LOAD_CLIENT_CHECKING && now >= client->check_at) {
        check_send(client);
        client->candidate = (uint8_t)((client->candidate + 1) % client->candidate_count);
        client->check_at = now + CHECK_EVERY;
    } else if (client->state == LOAD_CLIENT_HANDSHAKING) {
        if (load_dtls_timeout(client->dtls) == 0) {
            handshake_note(client, load_dtls_on_timeout(client->dtls), now);
        }
    }
    if (client->nominated && now >= client->check_at &&
        (client->state == LOAD_CLIENT_HANDSHAKING || client->state == LOAD_CLIENT_CONNECTED)) {
        check_send(client);
        client->check_at = now + about(client, CONSENT_EVERY);
    }
    if (client->state == LOAD_CLIENT_CONNECTED && now >= client->report_at) {
        report_send(client);
        client->report_at = now + about(client, REPORT_EVERY);
    }
    deadline_set(client, now);
}

// --- sound ---

// A sampled listener's packet: is it whole, what is inside, and when was that sent?
static void look_inside(struct load_client *client, const struct load_datagram *datagram,
                        struct rtp_packet *packet)
{
    struct load_phase *phase = client->all->phase;
    struct load_frame frames[LOAD_PAYLOAD_FRAMES_MAX];
    size_t size = 0;
    enum err err = secure_rtp_open(&client->receive_key, &client->receiver, datagram->data,
                                   packet->header_size, datagram->size, &size);
    if (err == ERR_REPLAY) {
        return; // counted as a duplicate
    }
    packet->payload_size = err == ERR_NONE ? (uint16_t)(size - packet->header_size) : 0;
    if (err != ERR_NONE ||
        (packet->padding && rtp_strip_padding(datagram->data, size, packet) != ERR_NONE)) {
        phase->unopened++;
        return;
    }
    const uint8_t *payload = datagram->data + packet->header_size;
    unsigned count = packet->payload_type == client->red_type
                         ? load_payload_read_red(payload, packet->payload_size, frames)
                         : load_payload_read(payload, packet->payload_size, frames);
    for (unsigned i = 0; i < count; i++) {
        time_us delay = (datagram->arrived_ns - (int64_t)frames[i].sent_ns) / 1000;
        if (load_frame_stream_receive(&client->frames, &frames[i], &phase->frames)) {
            load_histogram_add(&phase->frame_delay, delay);
            if (i + 1 == count) {
                load_histogram_add(&phase->delay, delay);
            }
        }
    }
}

static void receive_sound(struct load_client *client, const struct load_datagram *datagram,
                          time_us now)
{
    struct rtp_packet packet;
    if (client->state != LOAD_CLIENT_CONNECTED || client->sends ||
        rtp_parse(datagram->data, datagram->size, &packet) != ERR_NONE) {
        return;
    }
    load_stream_receive(&client->stream, &packet, datagram->size, now, &client->all->phase->counts);
    if (client->heard_at == 0) {
        client->all->first_packet(client->all->context, client->number);
    }
    client->heard_at = now;
    if (client->sampled) {
        look_inside(client, datagram, &packet);
    }
}

void load_client_receive(struct load_client *client, const struct load_datagram *datagram,
                         time_us now)
{
    switch (packet_kind(datagram->data, datagram->size)) {
    case PACKET_RTP: receive_sound(client, datagram, now); break;
    case PACKET_STUN: receive_stun(client, datagram, now); break;
    case PACKET_DTLS:
        if (client->state == LOAD_CLIENT_HANDSHAKING) {
            handshake_note(client, load_dtls_receive(client->dtls, datagram->data, datagram->size),
                           now);
        } else if (client->state == LOAD_CLIENT_CONNECTED && datagram->data[0] == DTLS_ALERT) {
            client->state = LOAD_CLIENT_ENDED;
            deadline_set(client, now);
            client->all->changed(client->all->context, client->number, NULL);
        }
        break;
    case PACKET_RTCP:
    case PACKET_UNKNOWN: break;
    }
}

void load_client_send(struct load_client *client)
{
    const struct load_options *options = client->all->options;
    uint8_t packet[RTP_HEADER_SIZE + LOAD_PAYLOAD_MAX + SECURE_RTP_TAG_MAX];
    struct timespec at;
    struct rtp_header header = {
        .payload_type = client->opus_type,
        .marker = client->packets_sent == 0,
        .sequence = client->sequence++,
        .timestamp = client->timestamp,
        .ssrc = client->ssrc,
    };
    clock_gettime(CLOCK_MONOTONIC, &at);
    struct load_frame frame = {
        .publisher = (uint16_t)client->number,
        .number = client->frame_number,
        .sent_ns = (uint64_t)(at.tv_sec * NS_PER_S + at.tv_nsec),
    };
    rtp_write_header(packet, &header);
    size_t size = load_payload_write(packet + RTP_HEADER_SIZE, options->payload, options->packet_ms,
                                     &frame);
    size = secure_rtp_seal(&client->send_key, &client->sender, packet, RTP_HEADER_SIZE,
                           RTP_HEADER_SIZE + size, sizeof(packet));
    send_to_server(client, packet, size);
    unsigned frames = load_payload_frames(options->packet_ms);
    client->timestamp += options->packet_ms * CLOCK_KHZ;
    client->frame_number += frames;
    client->packets_sent++;
    client->all->phase->frames_sent += frames;
    client->send_at += (time_us)options->packet_ms * TIME_US_PER_MS;
}
