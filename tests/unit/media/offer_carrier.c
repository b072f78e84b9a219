#include "offer_carrier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <unistd.h>

#include "crypto/random.h"
#include "crypto/secure_rtp.h"
#include "media/engine.h"
#include "media/media_sdp.h"
#include "wire/rtp.h"

#define ROUNDS     12 // packets of each track
#define LAYERS_MAX 4
#define SOUND      1 // source and channel
#define PICTURE    2
#define SSRC_FIRST 0x51000000u

static const struct link_section publishing[] = {
    {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = SOUND, .optional = true},
    {.kind = LINK_VIDEO, .direction = LINK_SEND, .source = PICTURE, .optional = true},
};
static const struct link_section listening[] = {
    {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 0, .channel = SOUND},
    {.kind = LINK_VIDEO,
     .direction = LINK_RECEIVE,
     .slot = 1,
     .channel = PICTURE,
     .optional = true},
};

// A track that a client sends, as its offer and the answer have it.
struct track_out {
    enum sdp_kind kind;
    uint8_t payload_type;
    bool h264;
    uint32_t ssrc;
    char mid[SDP_MID_MAX + 1]; // empty: not sent
    char rid[32];
    uint8_t mid_id;
    uint8_t rid_id;
    uint8_t level_id;
    uint16_t sequence;
    struct secure_rtp_sender sender;
};

struct client {
    uint32_t index; // in the table of peers
    int fd;
    struct path path;
    char ufrag[300]; // the client's own
    struct secure_rtp_key send;
    struct secure_rtp_key receive;
    unsigned track_count;
    struct track_out tracks[LAYERS_MAX * SDP_SECTIONS_MAX];
    struct sdp_description offer;
    struct sdp_description answer;
    char answer_text[SDP_ANSWER_MAX];
    unsigned heard;
    unsigned seen;
    struct secure_rtp_receiver ear;
};

static struct peer_table table;
static struct mailbox mailbox;
static struct mailbox handshake;
static struct mailbox coordinator;
static struct counters counters;
static struct engine_shared shared;
static struct transmit *transmit;
static struct engine *engine;
static int server_fd;
static struct client clients[2];
static struct media_sdp *strict;
static struct media_sdp *lenient;
static time_us now = 1000 * (time_us)TIME_US_PER_S;
static link_peer next_peer = 1;
static uint32_t transaction;
static const uint8_t material[SECURE_RTP_EXPORT_MAX] = {9, 8, 7};

static int socket_open(struct address *ret_address)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t size = sizeof(own);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    assert_int_equal(address_from_socket((struct sockaddr *)&own, ret_address), ERR_NONE);
    return fd;
}

void offer_carrier_init(void)
{
    const struct transmit_config sendmmsg_only = {.kind = TRANSMIT_SENDMMSG};
    struct address ignored;
    assert_int_equal(secure_rtp_setup(), ERR_NONE);
    assert_int_equal(peer_table_init(&table, 4), ERR_NONE);
    assert_int_equal(mailbox_init(&mailbox, 1), ERR_NONE);
    assert_int_equal(mailbox_init(&handshake, 1), ERR_NONE);
    assert_int_equal(mailbox_init(&coordinator, 1), ERR_NONE);
    shared = (struct engine_shared){
        .table = &table,
        .mailboxes = &mailbox,
        .handshake = &handshake,
        .coordinator = &coordinator,
        .counters = &counters,
        .thread_count = 1,
        .limits = {4, 8, 4, 8, 16, 8, 1000000, 10000000, LINK_VARIANT_PLAIN},
        .timeouts = {600000000, 3000000000, 3000000000},
    };
    server_fd = socket_open(&ignored);
    transmit = transmit_create(server_fd, &sendmmsg_only, 0, &counters);
    assert_non_null(transmit);
    engine = engine_create(&shared, 0, transmit);
    assert_non_null(engine);
    strict = media_sdp_create(false);
    lenient = media_sdp_create(true);
    assert_non_null(strict);
    assert_non_null(lenient);
    for (unsigned i = 0; i < 2; i++) {
        clients[i].fd = socket_open(&clients[i].path.remote);
        assert_int_equal(secure_rtp_keys_from_export(
                             material, secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM),
                             SECURE_RTP_AEAD_AES_128_GCM, false, &clients[i].send,
                             &clients[i].receive),
                         ERR_NONE);
    }
}

void offer_carrier_finish(void)
{
    for (unsigned i = 0; i < 2; i++) {
        secure_rtp_key_finish(&clients[i].send);
        secure_rtp_key_finish(&clients[i].receive);
        close(clients[i].fd);
    }
    media_sdp_destroy(strict);
    media_sdp_destroy(lenient);
    engine_destroy(engine);
    transmit_destroy(transmit);
    mailbox_finish(&mailbox);
    mailbox_finish(&handshake);
    mailbox_finish(&coordinator);
    peer_table_finish(&table);
    close(server_fd);
}

static void turn(void)
{
    assert_false(engine_read_mail(engine, now));
    if (engine_next_deadline(engine) <= now) {
        engine_on_deadline(engine, now);
    }
    engine_flush(engine);
    while (mailbox_peek(&coordinator, 0) != NULL) {
        mailbox_pop(&coordinator, 0);
    }
}

static void tell(unsigned writer, const struct mail *mail)
{
    struct mail *told = mailbox_begin(&mailbox, writer, mail->type, mail->peer);
    assert_non_null(told);
    *told = *mail;
    mailbox_push(&mailbox, writer);
    turn();
}

static void give(const struct client *client, uint8_t *data, size_t size)
{
    struct udp_datagram datagram = {.data = data, .size = size, .path = client->path};
    engine_receive(engine, now, now, &datagram);
    engine_flush(engine);
}

// ---- What the client reads

static void text_of(struct sdp_text text, char *to, size_t size)
{
    (void)snprintf(to, size, "%.*s", (int)text.size, text.data != NULL ? text.data : "");
}

// The part of the answer that is about section `index`.
static const char *section_text(const char *answer, unsigned index)
{
    const char *at = strstr(answer, "\nm=");
    for (unsigned i = 0; i < index; i++) {
        at = strstr(at + 1, "\nm=");
    }
    return at;
}

static unsigned rids_read(const char *answer, unsigned index, char rids[LAYERS_MAX][32])
{
    const char *from = section_text(answer, index);
    const char *end = strstr(from + 1, "\nm=");
    const char *at = strstr(from, "a=simulcast:recv ");
    unsigned count = 0;
    if (at == NULL || (end != NULL && at > end)) {
        return 0;
    }
    at += strlen("a=simulcast:recv ");
    while (count < LAYERS_MAX) {
        size_t length = strcspn(at, ";\r");
        (void)snprintf(rids[count++], 32, "%.*s", (int)length, at);
        if (at[length] != ';') {
            break;
        }
        at += length + 1;
    }
    return count;
}

static uint8_t id_of(const struct sdp_section *section, enum sdp_extension_name name)
{
    const struct sdp_extension *extension = sdp_section_extension(section, name);
    return extension != NULL ? extension->id : 0;
}

static void tracks_read(struct client *client, unsigned index)
{
    const struct sdp_section *offered = &client->offer.sections[index];
    const struct sdp_section *answered = &client->answer.sections[index];
    char rids[LAYERS_MAX][32];
    unsigned layers = rids_read(client->answer_text, index, rids);
    for (unsigned i = 0; i < (layers > 0 ? layers : 1); i++) {
        struct track_out *track = &client->tracks[client->track_count++];
        *track = (struct track_out){
            .kind = answered->kind,
            .payload_type = answered->codecs[0].payload_type,
            .h264 = answered->codecs[0].codec == SDP_CODEC_H264,
            .mid_id = id_of(answered, SDP_EXTENSION_MID),
            .rid_id = id_of(answered, SDP_EXTENSION_RID),
            .level_id = id_of(answered, SDP_EXTENSION_AUDIO_LEVEL),
            .ssrc = offered->ssrc_count > 0 && layers == 0 ? offered->ssrcs[0]
                                                           : SSRC_FIRST + client->track_count,
        };
        assert_int_not_equal(track->payload_type, 0);
        text_of(offered->mid, track->mid, sizeof(track->mid));
        if (layers > 0) {
            memcpy(track->rid, rids[i], sizeof(track->rid));
        }
        secure_rtp_sender_init(&track->sender, track->ssrc);
    }
}

// ---- Joining

static void check_send(struct client *client)
{
    uint8_t data[1024];
    char username[600];
    struct sdp_section *section = NULL;
    for (unsigned i = 0; i < client->answer.section_count && section == NULL; i++) {
        section = client->answer.sections[i].rejected ? NULL : &client->answer.sections[i];
    }
    assert_non_null(section);
    (void)snprintf(username, sizeof(username), "%.*s:%s", (int)section->ufrag.size,
                   section->ufrag.data, client->ufrag);
    struct hmac_sha1_key key;
    hmac_sha1_key_init(&key, section->password.data, section->password.size);
    struct stun_request request = {
        .username = username, .controlling = true, .use_candidate = true};
    transaction++;
    memcpy(request.transaction, &transaction, sizeof(transaction));
    size_t size = stun_write_request(&request, hmac_sha1_callback, &key, data, sizeof(data));
    assert_int_not_equal(size, 0);
    give(client, data, size);
}

static enum err join(struct client *client, struct media_sdp *sdp, const char *offer, size_t size,
                     const struct link_section *sections)
{
    struct media_sdp_server server = {.fingerprint = "00:11", .candidate_count = 0};
    client->track_count = client->heard = client->seen = 0;
    client->answer_text[0] = 0;
    assert_int_equal(peer_table_free_index(&table, &client->index), ERR_NONE);
    enum err err = media_sdp_read_offer(sdp, offer, size, sections, 2, client->index);
    if (err != ERR_NONE) {
        return err;
    }
    size_t answer_size = 0;
    assert_int_equal(media_sdp_write_answer(sdp, &server, client->answer_text,
                                            sizeof(client->answer_text), &answer_size),
                     ERR_NONE);
    struct peer_facts facts = {.id = next_peer++,
                               .created_at = now,
                               .credentials = *media_sdp_credentials(sdp),
                               .session = *media_sdp_session(sdp)};
    (void)peer_table_take(&table, client->index, &facts);
    tell(MAILBOX_COORDINATOR, &(struct mail){.type = MAIL_PEER_OPEN, .peer = client->index});
    assert_int_equal(sdp_parse(offer, size, &client->offer), ERR_NONE);
    assert_int_equal(sdp_parse(client->answer_text, answer_size, &client->answer), ERR_NONE);
    assert_int_equal(client->answer.section_count, client->offer.section_count);
    text_of(
        (struct sdp_text){facts.credentials.remote_ufrag, strlen(facts.credentials.remote_ufrag)},
        client->ufrag, sizeof(client->ufrag));
    check_send(client);
    struct mail keys = {.type = MAIL_DTLS_KEYS, .peer = client->index};
    keys.profile = SECURE_RTP_AEAD_AES_128_GCM;
    keys.size = (uint16_t)secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    memcpy(keys.data, material, keys.size);
    tell(MAILBOX_HANDSHAKE, &keys);
    assert_int_equal(atomic_load(&table.entries[client->index].phase), LINK_PEER_CONNECTED);
    for (unsigned i = 0; i < client->answer.section_count; i++) {
        if (!client->answer.sections[i].rejected &&
            client->answer.sections[i].direction == SDP_RECVONLY) {
            tracks_read(client, i);
        }
    }
    return ERR_NONE;
}

static void leave(struct client *client)
{
    tell(MAILBOX_COORDINATOR, &(struct mail){.type = MAIL_PEER_CLOSE, .peer = client->index});
    peer_table_give(&table, client->index);
}

// ---- Sending

static size_t extensions_write(const struct track_out *track, uint8_t *to)
{
    static const uint8_t level = 20;
    struct rtp_extension elements[3];
    unsigned count = 0;
    bool two_bytes = false;
    if (track->mid_id != 0 && track->mid[0] != 0) {
        elements[count++] = (struct rtp_extension){track->mid_id, (uint8_t)strlen(track->mid),
                                                   (const uint8_t *)track->mid};
    }
    if (track->rid_id != 0 && track->rid[0] != 0) {
        elements[count++] = (struct rtp_extension){track->rid_id, (uint8_t)strlen(track->rid),
                                                   (const uint8_t *)track->rid};
    }
    if (track->level_id != 0) {
        elements[count++] = (struct rtp_extension){track->level_id, 1, &level};
    }
    for (unsigned i = 0; i < count; i++) {
        two_bytes = two_bytes || elements[i].id > 14 || elements[i].size > 16;
    }
    if (count == 0 || !two_bytes) {
        return count == 0 ? 0 : rtp_write_extensions(elements, count, to, 200);
    }
    size_t size = 4;
    for (unsigned i = 0; i < count; i++) {
        to[size++] = elements[i].id;
        to[size++] = elements[i].size;
        memcpy(to + size, elements[i].data, elements[i].size);
        size += elements[i].size;
    }
    while (size % 4 != 0) {
        to[size++] = 0;
    }
    to[0] = 0x10;
    to[1] = 0;
    to[2] = 0;
    to[3] = (uint8_t)((size - 4) / 4);
    return size;
}

// 20 ms of Opus, or a key frame.
static size_t payload_write(const struct track_out *track, uint8_t *to)
{
    static const uint8_t vp8[] = {0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 64, 0, 1, 2, 3};
    static const uint8_t h264[] = {0x67, 0x42, 0xe0, 0x1f, 1, 2, 3};
    if (track->kind == SDP_AUDIO) {
        memset(to, 0x78, 80);
        return 80;
    }
    memcpy(to, track->h264 ? h264 : vp8, track->h264 ? sizeof(h264) : sizeof(vp8));
    return track->h264 ? sizeof(h264) : sizeof(vp8);
}

static void track_send(struct client *client, struct track_out *track)
{
    uint8_t data[1024];
    bool sound = track->kind == SDP_AUDIO;
    uint8_t extension[200];
    size_t extension_size = extensions_write(track, extension);
    struct rtp_header header = {.payload_type = track->payload_type,
                                .marker = !sound,
                                .extension = extension_size > 0,
                                .sequence = track->sequence,
                                .timestamp = track->sequence * (sound ? 960u : 1800u),
                                .ssrc = track->ssrc};
    track->sequence++;
    rtp_write_header(data, &header);
    memcpy(data + RTP_HEADER_SIZE, extension, extension_size);
    size_t header_size = RTP_HEADER_SIZE + extension_size;
    size_t size = header_size + payload_write(track, data + header_size);
    size = secure_rtp_seal(&client->send, &track->sender, data, header_size, size, sizeof(data));
    give(client, data, size);
}

// ---- Receiving

static bool type_is_answered(const struct sdp_section *section, uint8_t payload_type)
{
    for (uint8_t i = 0; i < section->codec_count; i++) {
        if (section->codecs[i].payload_type == payload_type) {
            return true;
        }
    }
    return false;
}

static void client_read(struct client *client)
{
    uint8_t data[2048];
    struct rtp_packet packet;
    ssize_t size;
    while ((size = recv(client->fd, data, sizeof(data), 0)) > 0) {
        bool rtp = data[0] >= 128 && data[0] < 192 && (data[1] < 192 || data[1] > 223) &&
                   rtp_parse(data, (size_t)size, &packet) == ERR_NONE;
        for (unsigned i = 0; rtp && i < client->answer.section_count; i++) {
            const struct sdp_section *section = &client->answer.sections[i];
            if (section->rejected || section->ssrc_count == 0 || section->ssrcs[0] != packet.ssrc) {
                continue;
            }
            struct secure_rtp_receiver receiver;
            size_t plain = 0;
            secure_rtp_receiver_init(&receiver);
            assert_true(type_is_answered(section, packet.payload_type));
            assert_int_equal(secure_rtp_open(&client->receive, &receiver, data, packet.header_size,
                                             (size_t)size, &plain),
                             ERR_NONE);
            *(section->kind == SDP_AUDIO ? &client->heard : &client->seen) += 1;
        }
    }
}

#define TRANSPORT                                                                                \
    "a=ice-ufrag:pLay\r\na=ice-pwd:0123456789abcdefghijkl\r\na=fingerprint:sha-256 "             \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:" \
    "EE:FF\r\na=setup:actpass\r\na=rtcp-mux\r\n"

// The other end: hears everything, or sends sound and a picture in one codec.
static size_t other_offer(enum offer_door door, bool h264, char *to, size_t size)
{
    const char *direction = door == OFFER_WHIP ? "recvonly" : "sendonly";
    const char *codecs = door == OFFER_WHIP ? "a=rtpmap:96 VP8/90000\r\na=rtpmap:104 H264/90000\r\n"
                                              "a=fmtp:104 packetization-mode=1\r\n"
                         : h264 ? "a=rtpmap:104 H264/90000\r\na=fmtp:104 packetization-mode=1\r\n"
                                : "a=rtpmap:96 VP8/90000\r\n";
    return (size_t)snprintf(to, size,
                            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 "
                            "1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=%s\r\n" TRANSPORT
                            "a=rtpmap:111 opus/48000/2\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 104\r\n"
                            "a=mid:1\r\na=%s\r\n" TRANSPORT "%s",
                            direction, direction, codecs);
}

static bool takes_vp8(const struct client *client)
{
    for (unsigned i = 0; i < client->answer.section_count; i++) {
        const struct sdp_section *section = &client->answer.sections[i];
        for (uint8_t k = 0; !section->rejected && k < section->codec_count; k++) {
            if (section->codecs[k].codec == SDP_CODEC_VP8) {
                return true;
            }
        }
    }
    return false;
}

static void play(struct client *from, struct client *to)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        now += 20 * TIME_US_PER_MS;
        for (unsigned i = 0; i < from->track_count; i++) {
            track_send(from, &from->tracks[i]);
        }
        turn();
        client_read(to);
        client_read(from);
    }
}

static void channels_set(void)
{
    for (uint32_t i = SOUND; i <= PICTURE; i++) {
        tell(MAILBOX_COORDINATOR,
             &(struct mail){.type = MAIL_CHANNEL_SET_SOURCE, .channel = i, .source = i});
    }
}

void offer_carry(enum offer_door door, bool sound_without_picture, const char *offer, size_t size,
                 struct offer_outcome *ret)
{
    struct client *tried = &clients[0];
    struct client *other = &clients[1];
    char text[2048];
    struct media_sdp *sdp = sound_without_picture ? lenient : strict;
    *ret = (struct offer_outcome){
        .err = join(tried, sdp, offer, size, door == OFFER_WHIP ? publishing : listening),
        .answer = tried->answer_text};
    (void)snprintf(ret->reason, sizeof(ret->reason), "%s", media_sdp_reason(sdp));
    if (ret->err != ERR_NONE) {
        return;
    }
    for (unsigned i = 0; i < tried->answer.section_count; i++) {
        const struct sdp_section *section = &tried->answer.sections[i];
        ret->sound = ret->sound || (!section->rejected && section->kind == SDP_AUDIO);
        ret->picture = ret->picture || (!section->rejected && section->kind == SDP_VIDEO);
    }
    size = other_offer(door, !takes_vp8(tried), text, sizeof(text));
    assert_int_equal(join(other, strict, text, size, door == OFFER_WHIP ? listening : publishing),
                     ERR_NONE);
    channels_set();
    play(door == OFFER_WHIP ? tried : other, door == OFFER_WHIP ? other : tried);
    const struct client *ear = door == OFFER_WHIP ? other : tried;
    ret->sound_heard = ear->heard;
    ret->picture_seen = ear->seen;
    leave(other);
    leave(tried);
}

// ---- Packet by packet

#define NUMBER_AT 1 // in the payload, behind Opus' first byte: which packet it is

static struct {
    uint32_t sent;
    uint32_t next_heard;
    bool started;
    uint16_t sequence;
    uint32_t timestamp;
    uint64_t restarts_before;
    uint64_t suspects_before;
    struct secure_rtp_sender senders[2]; // by SSRC, the two in use
    struct carrier_ear ear;
} talk;

void carrier_talk_begin(void)
{
    char text[2048];
    talk.ear = (struct carrier_ear){.step_least = INT32_MAX, .step_most = INT32_MIN};
    talk.sent = talk.next_heard = 0;
    talk.started = false;
    memset(talk.senders, 0, sizeof(talk.senders));
    size_t size = other_offer(OFFER_WHEP, false, text, sizeof(text));
    assert_int_equal(join(&clients[0], strict, text, size, publishing), ERR_NONE);
    size = other_offer(OFFER_WHIP, false, text, sizeof(text));
    assert_int_equal(join(&clients[1], strict, text, size, listening), ERR_NONE);
    secure_rtp_receiver_init(&clients[1].ear);
    channels_set();
    now += TIME_US_PER_S;
    turn();
    talk.restarts_before = counter_get(&counters.router_source_restarts_total);
    talk.suspects_before = counter_get(&counters.router_rtp_suspect_total);
}

// The sender's context; one that goes back does not know which numbers it has used.
static struct secure_rtp_sender *sender_of(uint32_t ssrc, uint16_t sequence)
{
    struct secure_rtp_sender *sender = &talk.senders[talk.senders[0].ssrc == ssrc ? 0 : 1];
    if (talk.senders[0].ssrc == 0) {
        sender = &talk.senders[0];
    }
    if (sender->ssrc != ssrc || !secure_rtp_sender_fresh(sender, sequence)) {
        secure_rtp_sender_init(sender, ssrc);
    }
    return sender;
}

static void talk_heard(const uint8_t *data, const struct rtp_packet *packet)
{
    const uint8_t *payload = data + packet->header_size;
    struct carrier_ear *ear = &talk.ear;
    uint32_t number;
    memcpy(&number, payload + NUMBER_AT, sizeof(number));
    assert_true(number >= talk.next_heard && number < talk.sent);
    unsigned missing = number - talk.next_heard;
    talk.next_heard = number + 1;
    ear->missing += missing;
    ear->missing_most = missing > ear->missing_most ? missing : ear->missing_most;
    if (talk.started) {
        int32_t step = rtp_timestamp_difference(packet->timestamp, talk.timestamp);
        ear->breaks += packet->sequence != (uint16_t)(talk.sequence + 1);
        ear->step_least = step < ear->step_least ? step : ear->step_least;
        ear->step_most = step > ear->step_most ? step : ear->step_most;
    }
    talk.started = true;
    talk.sequence = packet->sequence;
    talk.timestamp = packet->timestamp;
}

static void talk_listen(struct client *client)
{
    uint8_t data[2048];
    struct rtp_packet packet;
    ssize_t size;
    while ((size = recv(client->fd, data, sizeof(data), 0)) > 0) {
        size_t plain = 0;
        if ((data[1] & 0x7f) == 111 && rtp_parse(data, (size_t)size, &packet) == ERR_NONE) {
            assert_int_equal(secure_rtp_open(&client->receive, &client->ear, data,
                                             packet.header_size, (size_t)size, &plain),
                             ERR_NONE);
            talk_heard(data, &packet);
        }
    }
    while (recv(clients[0].fd, data, sizeof(data), 0) > 0) {
    }
}

void carrier_talk(const struct carrier_packet *packet)
{
    uint8_t data[2048] = {0};
    struct rtp_header header = {.payload_type = 111,
                                .marker = packet->marker,
                                .sequence = packet->sequence,
                                .timestamp = packet->timestamp,
                                .ssrc = packet->ssrc};
    rtp_write_header(data, &header);
    data[0] |= (uint8_t)(packet->csrcs | (packet->padding > 0 ? 0x20 : 0));
    size_t header_size = RTP_HEADER_SIZE + 4u * packet->csrcs;
    data[header_size] = (uint8_t)(packet->opus_config << 3);
    memcpy(data + header_size + NUMBER_AT, &talk.sent, sizeof(talk.sent));
    size_t size = header_size + packet->size + packet->padding;
    data[size - 1] = packet->padding > 0 ? packet->padding : data[size - 1];
    talk.sent++;
    size = secure_rtp_seal(&clients[0].send, sender_of(packet->ssrc, packet->sequence), data,
                           header_size, size, sizeof(data));
    give(&clients[0], data, size);
    now += packet->duration_us;
    turn();
    talk_listen(&clients[1]);
}

void carrier_pass(uint32_t duration_us)
{
    now += duration_us;
    turn();
}

void carrier_talk_end(struct carrier_ear *ret_ear)
{
    talk.ear.missing += talk.sent - talk.next_heard;
    now += TIME_US_PER_S;
    turn();
    *ret_ear = talk.ear;
    ret_ear->restarts = counter_get(&counters.router_source_restarts_total) - talk.restarts_before;
    ret_ear->suspects = counter_get(&counters.router_rtp_suspect_total) - talk.suspects_before;
    leave(&clients[1]);
    leave(&clients[0]);
}
