#include "media_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "crypto/secure_rtp.h"
#include "wire/packet_kind.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"
#include "wire/sdp.h"
#include "wire/sdp_fragment.h"
#include "wire/stun.h"

#define CHECK_EVERY_US   50000
#define CONSENT_EVERY_US 1000000
#define OFFER_MAX        16384
#define MID_EXTENSION    4
#define HELD_MAX         4
#define DATAGRAM_MAX     2048

struct media_client {
    struct media_client_options options;
    int fd;
    char ufrag[9];
    char password[25];
    char next_ufrag[9]; // of an ICE restart under way
    char remote_ufrag[257];
    struct hmac_sha1_key remote_key;
    struct certificate certificate;
    char offer[OFFER_MAX];
    struct sdp_description answer;
    bool answered;
    bool silent;
    bool nominate;
    bool checked;
    unsigned checks_answered;
    time_us check_at;
    SSL_CTX *ssl_context;
    BIO_METHOD *method;
    SSL *ssl;
    bool handshaking;
    bool connected;
    bool closed;
    unsigned profile;
    const uint8_t *incoming;
    size_t incoming_size;
    // Datagrams of the first flight, held back to be sent in the wrong order.
    unsigned held_count;
    size_t held_sizes[HELD_MAX];
    uint8_t held[HELD_MAX][DATAGRAM_MAX];
    struct secure_rtp_key send_key;
    struct secure_rtp_key receive_key;
    struct secure_rtcp_sender rtcp_sender;
    struct {
        uint32_t ssrc;
        uint16_t sequence;
        uint32_t timestamp;
        struct secure_rtp_sender sender;
        struct secure_rtp_receiver receiver;
    } streams[MEDIA_CLIENT_SECTIONS_MAX];
};

// --- DTLS ---

static int bio_read(BIO *bio, char *to, int size)
{
    struct media_client *client = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (client->incoming == NULL) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t count = client->incoming_size < (size_t)size ? client->incoming_size : (size_t)size;
    memcpy(to, client->incoming, count);
    client->incoming = NULL;
    return (int)count;
}

static int bio_write(BIO *bio, const char *data, int size)
{
    struct media_client *client = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (client->options.swap_first_flight && client->held_count < HELD_MAX &&
        (size_t)size <= DATAGRAM_MAX) {
        client->held_sizes[client->held_count] = (size_t)size;
        memcpy(client->held[client->held_count++], data, (size_t)size);
        return size;
    }
    media_client_send_raw(client, data, (size_t)size);
    return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)number;
    (void)pointer;
    struct media_client *client = BIO_get_data(bio);
    if (command == BIO_CTRL_FLUSH) {
        return 1;
    }
    if (command == BIO_CTRL_DGRAM_QUERY_MTU || command == BIO_CTRL_DGRAM_GET_FALLBACK_MTU) {
        return client->options.dtls_mtu != 0 ? (long)client->options.dtls_mtu : 1200;
    }
    return 0;
}

static int certificate_accept(X509_STORE_CTX *store, void *context)
{
    struct media_client *client = context;
    uint8_t digest[CERTIFICATE_DIGEST_SIZE];
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    return certificate != NULL && certificate_digest(certificate, digest) == ERR_NONE &&
           client->answer.sections[0].fingerprints.count == 1 &&
           memcmp(digest, client->answer.sections[0].fingerprints.digests[0], sizeof(digest)) == 0;
}

static bool dtls_prepare(struct media_client *client)
{
    client->ssl_context = SSL_CTX_new(DTLS_client_method());
    client->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "client");
    if (client->ssl_context == NULL || client->method == NULL) {
        return false;
    }
    BIO_meth_set_read(client->method, bio_read);
    BIO_meth_set_write(client->method, bio_write);
    BIO_meth_set_ctrl(client->method, bio_control);
    SSL_CTX_set_options(client->ssl_context, SSL_OP_NO_QUERY_MTU);
    SSL_CTX_set_verify(client->ssl_context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(client->ssl_context, certificate_accept, client);
    const char *profiles = client->options.only_sha1_80
                               ? "SRTP_AES128_CM_SHA1_80"
                               : "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM";
    if (SSL_CTX_use_certificate(client->ssl_context, client->certificate.x509) != 1 ||
        SSL_CTX_use_PrivateKey(client->ssl_context, client->certificate.private_key) != 1 ||
        SSL_CTX_set_tlsext_use_srtp(client->ssl_context, profiles) != 0) {
        return false;
    }
    client->ssl = SSL_new(client->ssl_context);
    BIO *bio = BIO_new(client->method);
    if (client->ssl == NULL || bio == NULL) {
        BIO_free(bio);
        return false;
    }
    BIO_set_data(bio, client);
    BIO_set_init(bio, 1);
    SSL_set_bio(client->ssl, bio, bio);
    // As long as a browser's key shares make the ClientHello: ALPN, which the server ignores.
    uint8_t protocols[600];
    for (size_t i = 0; i < sizeof(protocols); i += 20) {
        memset(protocols + i, 'a', 20);
        protocols[i] = 19;
    }
    (void)SSL_set_alpn_protos(client->ssl, protocols, sizeof(protocols));
    SSL_set_mtu(client->ssl, client->options.dtls_mtu != 0 ? client->options.dtls_mtu : 1200);
    SSL_set_connect_state(client->ssl);
    return true;
}

static void keys_make(struct media_client *client)
{
    uint8_t material[SECURE_RTP_EXPORT_MAX];
    SRTP_PROTECTION_PROFILE *selected = SSL_get_selected_srtp_profile(client->ssl);
    if (selected == NULL) {
        client->closed = true;
        return;
    }
    enum secure_rtp_profile profile = (enum secure_rtp_profile)selected->id;
    size_t size = secure_rtp_export_size(profile);
    if (SSL_export_keying_material(client->ssl, material, size, SECURE_RTP_EXPORT_LABEL,
                                   strlen(SECURE_RTP_EXPORT_LABEL), NULL, 0, 0) != 1 ||
        secure_rtp_keys_from_export(material, size, profile, false, &client->send_key,
                                    &client->receive_key) != ERR_NONE) {
        client->closed = true;
        return;
    }
    client->profile = (unsigned)profile;
    client->connected = true;
}

static void held_release(struct media_client *client)
{
    bool held = client->options.swap_first_flight;
    client->options.swap_first_flight = false;
    for (unsigned i = client->held_count; held && i-- > 0;) {
        media_client_send_raw(client, client->held[i], client->held_sizes[i]);
    }
}

static void dtls_step(struct media_client *client)
{
    ERR_clear_error();
    int result;
    if (!client->connected) {
        result = SSL_do_handshake(client->ssl);
        held_release(client);
        if (result == 1) {
            keys_make(client);
            return;
        }
    } else {
        uint8_t ignored[64];
        result = SSL_read(client->ssl, ignored, sizeof(ignored));
    }
    int error = SSL_get_error(client->ssl, result);
    if (result <= 0 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        client->closed = true;
    }
}

// --- the offer ---

static void section_offer(struct media_client *client, struct text_builder *text, unsigned index,
                          const char *fingerprint)
{
    const struct link_section *section = &client->options.sections[index];
    bool audio = section->kind == LINK_AUDIO;
    text_append_format(text,
                       "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%u\r\n"
                       "a=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
                       audio ? "audio" : "video", audio ? "111" : "96 97", index,
                       section->direction == LINK_SEND ? "sendonly" : "recvonly");
    text_append_format(text,
                       "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\n"
                       "a=setup:actpass\r\na=extmap:%d urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
                       client->ufrag, client->password, fingerprint, MID_EXTENSION);
    if (audio) {
        text_append(text, "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n");
    } else {
        text_append(text,
                    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
                    "a=rtcp-fb:96 goog-remb\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
    }
    if (section->direction == LINK_SEND && client->options.announce_ssrcs) {
        text_append_format(text, "a=ssrc:%u cname:test\r\n", client->streams[index].ssrc);
    }
}

static bool offer_make(struct media_client *client)
{
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    memcpy(fingerprint, client->certificate.fingerprint, sizeof(fingerprint));
    if (client->options.wrong_fingerprint) {
        fingerprint[0] = fingerprint[0] == 'A' ? 'B' : 'A';
    }
    struct text_builder text = text_builder(client->offer, sizeof(client->offer));
    text_append(&text, "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
    for (unsigned i = 0; i < client->options.section_count; i++) {
        text_append_format(&text, " %u", i);
    }
    text_append(&text, "\r\na=msid-semantic: WMS\r\n");
    for (unsigned i = 0; i < client->options.section_count; i++) {
        section_offer(client, &text, i, fingerprint);
    }
    return !text.failed;
}

static int socket_open(const struct media_client_options *options)
{
    struct sockaddr_in server = {
        .sin_family = AF_INET,
        .sin_port = htons(options->server_port),
        .sin_addr = options->server,
    };
    if (server.sin_addr.s_addr == 0) {
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int size = 1 << 20;
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
    if (fd >= 0 && connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

struct media_client *media_client_create(const struct media_client_options *options)
{
    size_t size = (sizeof(struct media_client) + 63) / 64 * 64;
    struct media_client *client = aligned_alloc(64, size);
    if (client == NULL) {
        return NULL;
    }
    memset(client, 0, size);
    client->options = *options;
    client->nominate = true;
    client->fd = socket_open(options);
    random_text(client->ufrag, sizeof(client->ufrag) - 1);
    random_text(client->password, sizeof(client->password) - 1);
    for (unsigned i = 0; i < options->section_count; i++) {
        client->streams[i].ssrc = random_u32() | 1;
        client->streams[i].sequence = (uint16_t)(random_u32() & 0x7fff);
        client->streams[i].timestamp = random_u32();
        secure_rtp_sender_init(&client->streams[i].sender, client->streams[i].ssrc);
        secure_rtp_receiver_init(&client->streams[i].receiver);
    }
    if (client->fd < 0 || certificate_init(&client->certificate, 1) != ERR_NONE ||
        !offer_make(client) || !dtls_prepare(client)) {
        media_client_destroy(client);
        return NULL;
    }
    return client;
}

void media_client_destroy(struct media_client *client)
{
    if (client == NULL) {
        return;
    }
    if (client->fd >= 0) {
        close(client->fd);
    }
    SSL_free(client->ssl);
    SSL_CTX_free(client->ssl_context);
    BIO_meth_free(client->method);
    certificate_finish(&client->certificate);
    secure_rtp_key_finish(&client->send_key);
    secure_rtp_key_finish(&client->receive_key);
    free(client);
}

const char *media_client_offer(struct media_client *client)
{
    return client->offer;
}

enum err media_client_set_answer(struct media_client *client, const char *answer, size_t size)
{
    enum err err = sdp_parse(answer, size, &client->answer);
    const struct sdp_section *first = &client->answer.sections[0];
    if (err != ERR_NONE || client->answer.section_count != client->options.section_count ||
        first->fingerprints.count == 0 || first->password.size == 0) {
        return ERR_MALFORMED;
    }
    err = text_copy_n(client->remote_ufrag, sizeof(client->remote_ufrag), first->ufrag.data,
                      first->ufrag.size);
    hmac_sha1_key_init(&client->remote_key, first->password.data, first->password.size);
    client->answered = err == ERR_NONE;
    return err;
}

// --- running ---

int media_client_fd(const struct media_client *client)
{
    return client->fd;
}

void media_client_send_raw(struct media_client *client, const void *data, size_t size)
{
    // A test notices what does not arrive.
    ssize_t sent = send(client->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent;
}

static void check_send(struct media_client *client)
{
    char username[300];
    uint8_t datagram[512];
    struct text_builder text = text_builder(username, sizeof(username));
    text_append_format(&text, "%s:%s", client->remote_ufrag, client->ufrag);
    struct stun_request request = {
        .username = username,
        .priority = 1,
        .controlling = true,
        .use_candidate = client->nominate,
        .tie_breaker = 42,
    };
    random_bytes(request.transaction, sizeof(request.transaction));
    size_t size = stun_write_request(&request, hmac_sha1_callback, &client->remote_key, datagram,
                                     sizeof(datagram));
    media_client_send_raw(client, datagram, size);
}

void media_client_step(struct media_client *client, time_us now)
{
    struct timeval left;
    if (!client->answered) {
        return;
    }
    if (!client->silent && now >= client->check_at) {
        client->check_at = now + (client->connected ? CONSENT_EVERY_US : CHECK_EVERY_US);
        check_send(client);
    }
    if (client->handshaking && !client->connected && !client->closed &&
        DTLSv1_get_timeout(client->ssl, &left) == 1 && left.tv_sec == 0 && left.tv_usec == 0) {
        ERR_clear_error();
        (void)DTLSv1_handle_timeout(client->ssl);
    }
}

static void receive_stun(struct media_client *client, const uint8_t *data, size_t size)
{
    struct stun_message message;
    if (stun_parse(data, size, &message) != ERR_NONE || message.class != STUN_SUCCESS ||
        !stun_integrity_ok(&message, hmac_sha1_callback, &client->remote_key)) {
        return;
    }
    client->checks_answered++;
    client->checked = true;
    if (!client->handshaking) {
        client->handshaking = true;
        dtls_step(client);
    }
}

static bool receive_rtp(struct media_client *client, uint8_t *data, size_t size,
                        struct media_client_packet *ret_packet)
{
    struct rtp_packet packet;
    size_t plain = 0;
    if (!client->connected || rtp_parse(data, size, &packet) != ERR_NONE) {
        return false;
    }
    for (uint8_t i = 0; i < client->options.section_count; i++) {
        const struct sdp_section *section = &client->answer.sections[i];
        if (section->ssrc_count == 0 || section->ssrcs[0] != packet.ssrc ||
            secure_rtp_open(&client->receive_key, &client->streams[i].receiver, data,
                            packet.header_size, size, &plain) != ERR_NONE ||
            plain - packet.header_size > MEDIA_CLIENT_PAYLOAD_MAX) {
            continue;
        }
        ret_packet->section = i;
        ret_packet->sequence = packet.sequence;
        ret_packet->timestamp = packet.timestamp;
        ret_packet->marker = packet.marker;
        ret_packet->size = plain - packet.header_size;
        memcpy(ret_packet->payload, data + packet.header_size, ret_packet->size);
        return true;
    }
    return false;
}

bool media_client_receive(struct media_client *client, time_us now, bool *ret_rtp,
                          struct media_client_packet *ret_packet)
{
    uint8_t data[DATAGRAM_MAX];
    ssize_t size = recv(client->fd, data, sizeof(data), MSG_DONTWAIT);
    (void)now;
    *ret_rtp = false;
    if (size < 0) {
        return false;
    }
    switch (packet_kind(data, (size_t)size)) {
    case PACKET_STUN: receive_stun(client, data, (size_t)size); break;
    case PACKET_DTLS:
        if (client->options.only_hello) {
            break;
        }
        client->incoming = data;
        client->incoming_size = (size_t)size;
        dtls_step(client);
        client->incoming = NULL;
        break;
    case PACKET_RTP: *ret_rtp = receive_rtp(client, data, (size_t)size, ret_packet); break;
    case PACKET_RTCP:
    case PACKET_UNKNOWN: break;
    }
    return true;
}

bool media_client_connected(const struct media_client *client)
{
    return client->connected;
}

bool media_client_closed(const struct media_client *client)
{
    return client->closed;
}

unsigned media_client_profile(const struct media_client *client)
{
    return client->profile;
}

unsigned media_client_checks_answered(const struct media_client *client)
{
    return client->checks_answered;
}

void media_client_send(struct media_client *client, uint8_t section, const void *payload,
                       size_t size)
{
    uint8_t packet[DATAGRAM_MAX];
    char mid[2] = {(char)('0' + section), 0};
    struct rtp_extension extension = {.id = MID_EXTENSION, .size = 1, .data = (uint8_t *)mid};
    bool audio = client->options.sections[section].kind == LINK_AUDIO;
    struct rtp_header header = {
        .payload_type = audio ? 111 : 96,
        .extension = !client->options.announce_ssrcs,
        .sequence = client->streams[section].sequence++,
        .timestamp = client->streams[section].timestamp,
        .ssrc = client->streams[section].ssrc,
    };
    client->streams[section].timestamp += audio ? 960 : 3000;
    size_t header_size = RTP_HEADER_SIZE;
    rtp_write_header(packet, &header);
    if (header.extension) {
        header_size += rtp_write_extensions(&extension, 1, packet + RTP_HEADER_SIZE,
                                            sizeof(packet) - RTP_HEADER_SIZE);
    }
    memcpy(packet + header_size, payload, size);
    size = secure_rtp_seal(&client->send_key, &client->streams[section].sender, packet, header_size,
                           header_size + size, sizeof(packet));
    media_client_send_raw(client, packet, size);
}

void media_client_send_report(struct media_client *client)
{
    uint8_t packet[256];
    struct bytes_writer writer = bytes_writer(packet, sizeof(packet) - SECURE_RTCP_OVERHEAD_MAX);
    rtcp_write_rr(&writer, client->streams[0].ssrc, NULL, 0);
    size_t size = 0;
    if (secure_rtcp_seal(&client->send_key, &client->rtcp_sender, packet, writer.position,
                         sizeof(packet), &size) == ERR_NONE) {
        media_client_send_raw(client, packet, size);
    }
}

void media_client_restart(struct media_client *client, char *ret_fragment, size_t size)
{
    random_text(client->next_ufrag, sizeof(client->next_ufrag) - 1);
    random_text(client->password, sizeof(client->password) - 1);
    struct text_builder text = text_builder(ret_fragment, size);
    text_append_format(&text,
                       "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
                       "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
                       client->next_ufrag, client->password);
}

enum err media_client_set_restart_answer(struct media_client *client, const char *fragment,
                                         size_t size)
{
    struct sdp_fragment answer;
    enum err err = sdp_fragment_parse(fragment, size, &answer);
    if (err != ERR_NONE) {
        return err;
    }
    memcpy(client->ufrag, client->next_ufrag, sizeof(client->ufrag));
    hmac_sha1_key_init(&client->remote_key, answer.password.data, answer.password.size);
    return text_copy_n(client->remote_ufrag, sizeof(client->remote_ufrag), answer.ufrag.data,
                       answer.ufrag.size);
}

bool media_client_rebind(struct media_client *client, bool nominate)
{
    close(client->fd);
    client->fd = socket_open(&client->options);
    client->nominate = nominate;
    client->check_at = 0;
    return client->fd >= 0;
}

void media_client_fall_silent(struct media_client *client)
{
    client->silent = true;
}

void media_client_say_goodbye(struct media_client *client)
{
    (void)SSL_shutdown(client->ssl);
}
