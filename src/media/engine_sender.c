// Media from an address that nobody is known by: a client behind a NAT that forgot its binding goes
// on from another port and does not know. Whose they may be is found by the IP address and the
// SSRC; that they are is for SRTP to say. One table on each thread, because any thread may get such
// a datagram.
#include <string.h>

#include "base/bytes.h"
#include "media/engine_priv.h"
#include "wire/packet_kind.h"

#define RTP_SSRC_AT  8
#define RTCP_SSRC_AT 4

// The address with half of the SSRC in the port's place: others that look alike fail
// authentication.
static struct address sender_key(const struct address *address, uint32_t ssrc)
{
    struct address key = *address;
    key.port = (uint16_t)(ssrc ^ ssrc >> 16);
    return key;
}

static void others_tell(struct engine *engine, uint32_t index, const struct address *key)
{
    for (unsigned thread = 0; thread < engine->shared->thread_count; thread++) {
        struct mail *mail = thread != engine->thread
                                ? engine_mail_begin(engine, thread, MAIL_SENDER, index)
                                : NULL;
        if (mail != NULL) {
            mail->path.remote = *key;
            engine_mail_end(engine, thread);
        }
    }
}

void engine_sender_note(struct engine *engine, uint32_t index, const struct address *address,
                        uint32_t ssrc)
{
    struct address key = sender_key(address, ssrc);
    uint32_t known = 0;
    if (!route_table_find(&engine->senders, &key, &known) || known != index) {
        route_table_add(&engine->senders, &key, index);
        others_tell(engine, index, &key);
    }
}

void engine_sender_moved(struct engine *engine, uint32_t index, const struct address *address)
{
    const struct peer *peer = &engine_entry(engine, index)->peer;
    route_table_add(&engine->routes, address, index);
    for (uint8_t i = 0; i < peer->stream_count && i < ICE_ADDRESSES_MAX; i++) {
        engine_sender_note(engine, index, address, peer->streams[i].ssrc);
    }
}

bool engine_sender_find(struct engine *engine, const struct udp_datagram *datagram,
                        uint32_t *ret_index)
{
    enum packet_kind kind = packet_kind(datagram->data, datagram->size);
    size_t at = kind == PACKET_RTP ? RTP_SSRC_AT : RTCP_SSRC_AT;
    if ((kind != PACKET_RTP && kind != PACKET_RTCP) || datagram->size < at + sizeof(uint32_t)) {
        return false;
    }
    struct address key = sender_key(&datagram->path.remote, bytes_load_u32(datagram->data + at));
    return route_table_find(&engine->senders, &key, ret_index);
}
