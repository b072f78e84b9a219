#include "http/websocket_handshake.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define KEY_LENGTH 24 // 16 bytes in base64 (RFC 6455, section 4.1)

static const char protocol_name[] = "plenary.v1";
static const char bearer_prefix[] = "bearer.";

// False: two bearers, of which nobody knows who is meant.
static bool read_subprotocols(const char *list, struct websocket_acceptance *acceptance)
{
    bool bearer = false;
    while (*list != '\0') {
        size_t skipped = strspn(list, " \t,");
        list += skipped;
        size_t length = strcspn(list, " \t,");
        if (length == sizeof(protocol_name) - 1 && strncmp(list, protocol_name, length) == 0) {
            acceptance->plenary_v1 = true;
        } else if (text_starts_with(list, bearer_prefix)) {
            size_t prefix = sizeof(bearer_prefix) - 1;
            if (bearer) {
                return false;
            }
            bearer = true;
            // Too long for any token of ours: it stays empty and is refused as unknown.
            (void)!text_copy_n(acceptance->bearer, sizeof(acceptance->bearer), list + prefix,
                               length - prefix);
        }
        list += length;
    }
    return true;
}

enum err websocket_handshake(const struct websocket_offer *offer,
                             struct websocket_acceptance *ret_acceptance)
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    struct websocket_acceptance acceptance = {0};
    if (offer->key == NULL || offer->version == NULL || offer->upgrade == NULL ||
        strlen(offer->key) != KEY_LENGTH || !text_equal(offer->version, "13") ||
        strcasecmp(offer->upgrade, "websocket") != 0) {
        return ERR_MALFORMED;
    }
    char joined[KEY_LENGTH + sizeof(magic)];
    memcpy(joined, offer->key, KEY_LENGTH);
    memcpy(joined + KEY_LENGTH, magic, sizeof(magic));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_size = 0;
    if (EVP_Digest(joined, sizeof(joined) - 1, digest, &digest_size, EVP_sha1(), NULL) != 1) {
        return ERR_INTERNAL;
    }
    EVP_EncodeBlock((unsigned char *)acceptance.accept, digest, (int)digest_size);
    if (offer->subprotocol != NULL && !read_subprotocols(offer->subprotocol, &acceptance)) {
        return ERR_MALFORMED;
    }
    acceptance.window = websocket_extension(offer->extensions, acceptance.extension);
    *ret_acceptance = acceptance;
    return ERR_NONE;
}
