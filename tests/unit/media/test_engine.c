// Two engines in one thread, with real sockets but no loops: what each hands to the other, to the
// handshake thread and to the coordinator can be looked at.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "crypto/secure_rtp.h"
#include "media/engine.h"
#include "wire/rtp.h"

#define BEGIN   (1000 * (time_us)TIME_US_PER_S)
#define THREADS 2
#define CHANNEL 7
#define SOURCE  100
#define SSRC    0x01020304u

static struct peer_table table;
static struct mailbox mailboxes[THREADS];
static struct mailbox handshake;
static struct mailbox coordinator;
static struct counters counters[THREADS];
static struct engine_shared shared;
static struct transmit *transmits[THREADS];
static struct engine *engines[THREADS];
static int server_fds[THREADS];
static int client_fd;
static struct path client_path;
static time_us clock_now;
static const uint8_t material[SECURE_RTP_EXPORT_MAX] = {9, 8, 7};

static int socket_open(struct address *ret_address)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t size = sizeof(own);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    assert_int_equal(address_from_socket((struct sockaddr *)&own, ret_address), ERR_NONE);
    return fd;
}

static int setup(void **state)
{
    const struct transmit_config sendmmsg_only = {.kind = TRANSMIT_SENDMMSG};
    (void)state;
    struct address ignored;
    clock_now = BEGIN;
    assert_int_equal(secure_rtp_setup(), ERR_NONE);
    memset(counters, 0, sizeof(counters));
    assert_int_equal(peer_table_init(&table, 8), ERR_NONE);
    assert_int_equal(mailbox_init(&handshake, THREADS), ERR_NONE);
    assert_int_equal(mailbox_init(&coordinator, THREADS), ERR_NONE);
    shared = (struct engine_shared){
        .table = &table,
        .mailboxes = mailboxes,
        .handshake = &handshake,
        .coordinator = &coordinator,
        .counters = counters,
        .thread_count = THREADS,
        .limits = {8, 16, 4, 16, 64, 16, 1000000, 1000000},
        .timeouts = {6000000, 30000000, 30000000},
    };
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(mailbox_init(&mailboxes[i], THREADS), ERR_NONE);
        server_fds[i] = socket_open(&ignored);
        transmits[i] = transmit_create(server_fds[i], &sendmmsg_only, i, &counters[i]);
        assert_non_null(transmits[i]);
        engines[i] = engine_create(&shared, i, transmits[i]);
        assert_non_null(engines[i]);
    }
    client_path = (struct path){.local = {.family = ADDRESS_NONE}};
    client_fd = socket_open(&client_path.remote);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (unsigned i = 0; i < THREADS; i++) {
        engine_destroy(engines[i]);
        transmit_destroy(transmits[i]);
        mailbox_finish(&mailboxes[i]);
        close(server_fds[i]);
    }
    close(client_fd);
    mailbox_finish(&handshake);
    mailbox_finish(&coordinator);
    peer_table_finish(&table);
    return 0;
}

static void tell(unsigned thread, unsigned writer, const struct mail *mail)
{
    struct mail *told = mailbox_begin(&mailboxes[thread], writer, mail->type, mail->peer);
    assert_non_null(told);
    *told = *mail;
    mailbox_push(&mailboxes[thread], writer);
}

static void turn(unsigned thread, time_us now)
{
    assert_false(engine_read_mail(engines[thread], now));
    if (engine_next_deadline(engines[thread]) <= now) {
        engine_on_deadline(engines[thread], now);
    }
    engine_flush(engines[thread]);
}

static void tell_all(const struct mail *mail, time_us now)
{
    for (unsigned i = 0; i < THREADS; i++) {
        tell(i, MAILBOX_COORDINATOR, mail);
        turn(i, now);
    }
}

static uint32_t peer_make(link_peer id, const struct link_section *wish)
{
    uint32_t index = 0;
    struct peer_facts facts = {.id = id, .created_at = BEGIN};
    assert_int_equal(peer_table_free_index(&table, &index), ERR_NONE);
    assert_int_equal(ice_credentials_init(&facts.credentials, index, "theirs", 6), ERR_NONE);
    facts.session = (struct media_session){.rtcp_ssrc = 5, .cname = "name", .section_count = 1};
    facts.session.sections[0] = (struct media_section){
        .wish = *wish,
        .payload_type = 111,
        .layer_count = 1,
        .ssrc_count = 1,
        .ssrcs = {SSRC},
        .ssrc = 6,
    };
    (void)peer_table_take(&table, index, &facts);
    tell_all(&(struct mail){.type = MAIL_PEER_OPEN, .peer = index}, BEGIN);
    return index;
}

static uint32_t speaker_make(link_peer id)
{
    struct link_section wish = {.kind = LINK_AUDIO, .direction = LINK_SEND, .source = SOURCE};
    return peer_make(id, &wish);
}

static void give(unsigned thread, struct path path, uint8_t *data, size_t size)
{
    struct udp_datagram datagram = {.data = data, .size = size, .path = path};
    engine_receive(engines[thread], clock_now, clock_now, &datagram);
    engine_flush(engines[thread]);
}

static uint32_t transactions;

static void check(unsigned thread, uint32_t index, struct path path, const char *remote)
{
    uint8_t data[256];
    char username[64];
    const struct ice_credentials *credentials = &table.entries[index].facts.credentials;
    (void)snprintf(username, sizeof(username), "%s:%s", credentials->ufrag, remote);
    struct stun_request request = {
        .username = username, .controlling = true, .use_candidate = true};
    transactions++;
    memcpy(request.transaction, &transactions, sizeof(transactions));
    size_t size = stun_write_request(&request, hmac_sha1_callback, &credentials->key, data,
                                     sizeof(data));
    give(thread, path, data, size);
}

static void connect_peer(unsigned thread, uint32_t index, struct path path)
{
    check(thread, index, path, "theirs");
    struct mail keys = {.type = MAIL_DTLS_KEYS, .peer = index};
    keys.profile = SECURE_RTP_AEAD_AES_128_GCM;
    keys.size = (uint16_t)secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    memcpy(keys.data, material, keys.size);
    tell(thread, MAILBOX_HANDSHAKE, &keys);
    turn(thread, BEGIN);
    assert_int_equal(atomic_load(&table.entries[index].phase), LINK_PEER_CONNECTED);
}

static size_t client_read(uint8_t *data, size_t size)
{
    struct pollfd wait = {.fd = client_fd, .events = POLLIN};
    if (poll(&wait, 1, 200) != 1) {
        return 0;
    }
    ssize_t received = recv(client_fd, data, size, 0);
    assert_true(received > 0);
    return (size_t)received;
}

static uint64_t total(size_t offset)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        sum += counter_get((const _Atomic uint64_t *)((const uint8_t *)&counters[i] + offset));
    }
    return sum;
}
#define TOTAL(name) total(offsetof(struct counters, name))

// --- tests ---

static void test_first_check_claims_and_is_answered(void **state)
{
    (void)state;
    uint8_t data[512];
    unsigned owner = 9;
    struct stun_message answer;
    uint32_t index = speaker_make(1);
    assert_false(peer_entry_owner(&table.entries[index], &owner));
    check(1, index, client_path, "theirs");
    assert_true(peer_entry_owner(&table.entries[index], &owner));
    assert_int_equal(owner, 1);
    size_t size = client_read(data, sizeof(data));
    assert_int_equal(stun_parse(data, size, &answer), ERR_NONE);
    assert_int_equal(answer.class, STUN_SUCCESS);
    assert_true(address_equal(&answer.mapped, &client_path.remote));
    assert_int_equal(atomic_load(&table.entries[index].phase), LINK_PEER_CHECKED);
}

static void test_strangers_change_nothing_and_are_limited(void **state)
{
    (void)state;
    uint8_t data[100] = {22};
    unsigned owner = 0;
    uint32_t index = speaker_make(1);
    give(0, client_path, data, sizeof(data)); // DTLS from nowhere
    data[0] = 0x80;
    give(0, client_path, data, sizeof(data)); // RTP from nowhere
    data[0] = 200;
    give(0, client_path, data, sizeof(data));
    assert_int_equal(TOTAL(address_unknown_total), 2);
    assert_int_equal(TOTAL(kind_unknown_total), 1);
    for (unsigned i = 0; i < 1000; i++) {
        check(0, index, client_path, "another");
    }
    assert_false(peer_entry_owner(&table.entries[index], &owner));
    assert_in_range(TOTAL(stun_stranger_total), 100, 300);
    assert_int_equal(TOTAL(stun_stranger_total) + TOTAL(address_limited_total), 1000);
    assert_int_equal(TOTAL(datagrams_out_total), 0);
    // An honest client behind another address is not kept out.
    struct path other = client_path;
    other.remote.ip[3] = 77;
    check(0, index, other, "theirs");
    assert_true(peer_entry_owner(&table.entries[index], &owner));
}

static void test_foreign_datagrams_are_handed_over(void **state)
{
    (void)state;
    uint8_t data[512] = {22, 1, 2, 3};
    uint32_t index = speaker_make(1);
    check(0, index, client_path, "theirs");
    assert_int_not_equal(client_read(data, sizeof(data)), 0);
    // The same peer from another port, which the kernel gives to the other thread.
    struct path moved = client_path;
    moved.remote.port ^= 1;
    check(1, index, moved, "theirs");
    assert_int_equal(TOTAL(packets_relayed_total), 1);
    assert_false(ice_lite_knows(&table.entries[index].peer.ice, &moved.remote));
    turn(0, BEGIN);
    assert_true(ice_lite_knows(&table.entries[index].peer.ice, &moved.remote));
    assert_int_equal(TOTAL(peer_moved_total), 1);
    data[0] = 22;
    give(1, moved, data, 4);
    turn(0, BEGIN);
    struct mail *dtls = mailbox_peek(&handshake, 0);
    assert_non_null(dtls);
    assert_int_equal(dtls->type, MAIL_DTLS);
    assert_int_equal(dtls->size, 4);
    assert_null(mailbox_peek(&handshake, 1));
}

static void test_copied_checks_draw_nothing_away(void **state)
{
    (void)state;
    uint8_t data[512];
    uint32_t index = speaker_make(1);
    connect_peer(0, index, client_path);
    for (uint16_t i = 1; i <= 20; i++) {
        struct path stranger = client_path;
        stranger.remote.port ^= i;
        for (unsigned thread = 0; thread < THREADS; thread++) {
            transactions--; // the same check once more
            check(thread, index, stranger, "theirs");
            turn(0, BEGIN);
        }
    }
    assert_int_equal(TOTAL(stun_copied_total), 40);
    assert_int_equal(TOTAL(peer_moved_total), 0);
    assert_int_equal(TOTAL(packets_relayed_total), 0);
    // What the client itself repeats is answered again, and its media still finds it.
    while (client_read(data, sizeof(data)) > 0) {
    }
    transactions--;
    check(0, index, client_path, "theirs");
    assert_int_not_equal(client_read(data, sizeof(data)), 0);
    data[0] = 0x80;
    give(0, client_path, data, 100);
    assert_int_equal(TOTAL(address_unknown_total), 0);
}

static void test_source_crosses_only_where_it_is_wanted(void **state)
{
    (void)state;
    uint8_t data[512];
    struct secure_rtp_key send;
    struct secure_rtp_key receive;
    struct secure_rtp_sender sender;
    size_t material_size = secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    struct link_section slot = {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 2};
    uint32_t speaker = speaker_make(1);
    uint32_t listener = peer_make(2, &slot);
    struct path elsewhere = client_path;
    elsewhere.remote.port ^= 1;
    connect_peer(0, speaker, elsewhere);
    connect_peer(1, listener, client_path);
    while (client_read(data, sizeof(data)) > 0) {
    }
    assert_int_equal(secure_rtp_keys_from_export(material, material_size,
                                                 SECURE_RTP_AEAD_AES_128_GCM, false, &send,
                                                 &receive),
                     ERR_NONE);
    secure_rtp_sender_init(&sender, SSRC);
    for (uint16_t i = 0; i < 20; i++) {
        if (i == 10) {
            tell_all(&(struct mail){.type = MAIL_CHANNEL_SET_SOURCE,
                                    .channel = CHANNEL,
                                    .source = SOURCE},
                     BEGIN);
            atomic_store(&table.entries[listener].wishes[2], CHANNEL);
            tell_all(&(struct mail){.type = MAIL_SLOT_CHANGED, .peer = listener, .slot = 2}, BEGIN);
        }
        struct rtp_header header = {.payload_type = 111, .sequence = i, .ssrc = SSRC};
        memset(data, 0x78, sizeof(data));
        rtp_write_header(data, &header);
        size_t size = secure_rtp_seal(&send, &sender, data, RTP_HEADER_SIZE, 92, sizeof(data));
        give(0, elsewhere, data, size);
        turn(1, BEGIN);
    }
    assert_int_equal(TOTAL(packets_crossed_total), 10);
    unsigned heard = 0;
    while (client_read(data, sizeof(data)) > 0) {
        heard += (data[1] & 0x7f) == 111;
    }
    assert_int_equal(heard, 10);
    secure_rtp_key_finish(&send);
    secure_rtp_key_finish(&receive);
}

// An empty receiver report.
static size_t rtcp_make(struct secure_rtp_key *key, struct secure_rtcp_sender *sender,
                        uint32_t ssrc, uint8_t *data, size_t capacity)
{
    static const uint8_t report[8] = {0x80, 201, 0, 1};
    size_t size = 0;
    memcpy(data, report, sizeof(report));
    bytes_store_u32(data + 4, ssrc);
    assert_int_equal(secure_rtcp_seal(key, sender, data, sizeof(report), capacity, &size),
                     ERR_NONE);
    return size;
}

// A listener's NAT forgets its binding: the reports come from another port, at either thread, and
// the very first brings its sound there.
static void test_reports_from_another_port_move_the_peer(void **state)
{
    (void)state;
    uint8_t data[512];
    struct secure_rtp_key send;
    struct secure_rtp_key receive;
    struct secure_rtcp_sender sender = {0};
    size_t material_size = secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    struct link_section slot = {.kind = LINK_AUDIO, .direction = LINK_RECEIVE, .slot = 2};
    uint32_t listener = peer_make(2, &slot);
    const struct peer *peer = &table.entries[listener].peer;
    assert_int_equal(secure_rtp_keys_from_export(material, material_size,
                                                 SECURE_RTP_AEAD_AES_128_GCM, false, &send,
                                                 &receive),
                     ERR_NONE);
    connect_peer(0, listener, client_path);
    size_t size = rtcp_make(&send, &sender, 77, data, sizeof(data));
    give(0, client_path, data, size);
    turn(0, clock_now);
    turn(1, clock_now);
    struct path moved = client_path;
    for (unsigned thread = 0; thread < THREADS; thread++) {
        clock_now += TIME_US_PER_S;
        moved.remote.port ^= 1u << (4 + thread);
        uint64_t unknown = TOTAL(address_unknown_total);
        // A stranger with the same SSRC moves nothing.
        memset(data, 0, sizeof(data));
        memcpy(data, (const uint8_t[]){0x80, 201, 0, 1, 0, 0, 0, 77}, 8);
        give(thread, moved, data, 40);
        turn(0, clock_now);
        assert_false(ice_lite_knows(&peer->ice, &moved.remote));
        size = rtcp_make(&send, &sender, 77, data, sizeof(data));
        give(thread, moved, data, size);
        turn(0, clock_now);
        assert_true(path_equal(&peer->ice.selected, &moved));
        assert_int_equal(TOTAL(peer_moved_total), thread + 1);
        assert_int_equal(TOTAL(address_unknown_total), unknown);
        turn(1, clock_now);
    }
    // Both threads know the address from now on.
    uint32_t forged = (uint32_t)TOTAL(srtp_forged_total);
    uint64_t relayed = TOTAL(packets_relayed_total);
    data[20] ^= 1;
    give(1, moved, data, size);
    turn(0, clock_now);
    assert_int_equal(TOTAL(packets_relayed_total), relayed + 1);
    assert_int_equal(TOTAL(srtp_forged_total) + TOTAL(srtp_replayed_total), forged + 1);
    secure_rtp_key_finish(&send);
    secure_rtp_key_finish(&receive);
}

static void test_copied_media_draw_nothing_away(void **state)
{
    (void)state;
    uint8_t data[512];
    uint8_t copy[512];
    struct secure_rtp_key send;
    struct secure_rtp_key receive;
    struct secure_rtp_sender sender;
    size_t material_size = secure_rtp_export_size(SECURE_RTP_AEAD_AES_128_GCM);
    uint32_t index = speaker_make(1);
    connect_peer(0, index, client_path);
    assert_int_equal(secure_rtp_keys_from_export(material, material_size,
                                                 SECURE_RTP_AEAD_AES_128_GCM, false, &send,
                                                 &receive),
                     ERR_NONE);
    secure_rtp_sender_init(&sender, SSRC);
    struct path stranger = client_path;
    stranger.remote.port ^= 8;
    for (uint16_t i = 0; i < 100; i++) {
        struct rtp_header header = {
            .payload_type = 111, .sequence = i, .timestamp = i * 960u, .ssrc = SSRC};
        memset(data, 0x78, sizeof(data));
        rtp_write_header(data, &header);
        size_t size = secure_rtp_seal(&send, &sender, data, RTP_HEADER_SIZE, 92, sizeof(data));
        memcpy(copy, data, size);
        // Every other copy even comes first.
        give(0, i % 2 == 0 ? client_path : stranger, data, size);
        give(0, i % 2 == 0 ? stranger : client_path, copy, size);
        clock_now += 20 * TIME_US_PER_MS;
    }
    assert_int_equal(TOTAL(peer_moved_total), 0);
    assert_false(ice_lite_knows(&table.entries[index].peer.ice, &stranger.remote));
    secure_rtp_key_finish(&send);
    secure_rtp_key_finish(&receive);
}

static void test_release_lets_go_of_everything(void **state)
{
    (void)state;
    uint8_t data[64] = {22};
    uint32_t index = speaker_make(1);
    connect_peer(0, index, client_path);
    assert_int_equal(atomic_load(&table.entries[index].released), 0);
    tell_all(&(struct mail){.type = MAIL_PEER_CLOSE, .peer = index}, BEGIN);
    assert_int_equal(atomic_load(&table.entries[index].released), THREADS);
    give(0, client_path, data, sizeof(data));
    assert_int_equal(TOTAL(address_unknown_total), 1);
    check(0, index, client_path, "theirs");
    assert_int_equal(TOTAL(stun_stranger_total), 1);
    // The handshake thread's last words come too late and hurt nobody.
    tell(0, MAILBOX_HANDSHAKE, &(struct mail){.type = MAIL_DTLS_CLOSED, .peer = index});
    turn(0, BEGIN);
    peer_table_give(&table, index);
    (void)speaker_make(2); // the same source, a new peer
    assert_int_equal(TOTAL(sources_refused_total), 0);
}

static void test_handshake_outcomes(void **state)
{
    (void)state;
    uint32_t index = speaker_make(1);
    check(0, index, client_path, "theirs");
    tell(0, MAILBOX_HANDSHAKE, &(struct mail){.type = MAIL_DTLS_FAILED, .peer = index});
    turn(0, BEGIN);
    assert_int_equal(atomic_load(&table.entries[index].phase), LINK_PEER_CLOSED);
    tell(0, MAILBOX_HANDSHAKE,
         &(struct mail){.type = MAIL_DTLS_KEYS, .peer = index, .profile = 7, .size = 56});
    turn(0, BEGIN);
    assert_int_equal(atomic_load(&table.entries[index].phase), LINK_PEER_CLOSED);
    assert_int_equal(TOTAL(joins_total), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_first_check_claims_and_is_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strangers_change_nothing_and_are_limited, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_foreign_datagrams_are_handed_over, setup, teardown),
        cmocka_unit_test_setup_teardown(test_copied_checks_draw_nothing_away, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source_crosses_only_where_it_is_wanted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_reports_from_another_port_move_the_peer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_copied_media_draw_nothing_away, setup, teardown),
        cmocka_unit_test_setup_teardown(test_release_lets_go_of_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_handshake_outcomes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
