#include <string.h>

#include <openssl/evp.h>

#include "base/assert.h"
#include "crypto/secure_rtp_internal.h"

const struct cipher_table *secure_rtp_cipher;

// RFC 3711 section 4.3.2.
enum label {
    LABEL_RTP_CIPHER = 0,
    LABEL_RTP_AUTHENTICATION = 1,
    LABEL_RTP_SALT = 2,
    LABEL_RTCP_CIPHER = 3,
    LABEL_RTCP_AUTHENTICATION = 4,
    LABEL_RTCP_SALT = 5,
};

bool secure_rtp_profile_known(unsigned profile)
{
    return profile == SECURE_RTP_AES128_CM_SHA1_80 || profile == SECURE_RTP_AEAD_AES_128_GCM;
}

size_t secure_rtp_tag_size(enum secure_rtp_profile profile)
{
    return profile == SECURE_RTP_AEAD_AES_128_GCM ? CIPHER_GCM_TAG_SIZE : SECURE_RTP_CM_TAG_SIZE;
}

size_t secure_rtp_salt_size(enum secure_rtp_profile profile)
{
    return profile == SECURE_RTP_AEAD_AES_128_GCM ? 12 : 14;
}

size_t secure_rtp_export_size(enum secure_rtp_profile profile)
{
    return 2 * (SECURE_RTP_KEY_SIZE + secure_rtp_salt_size(profile));
}

enum err secure_rtp_derive(const uint8_t *master_key, const uint8_t *master_salt, uint8_t label,
                           uint8_t *ret_bytes, size_t size)
{
    uint8_t iv[CIPHER_CTR_IV_SIZE] = {0};
    memcpy(iv, master_salt, SECURE_RTP_SALT_MAX);
    iv[7] ^= label;
    memset(ret_bytes, 0, size);
    EVP_CIPHER_CTX *evp = EVP_CIPHER_CTX_new();
    int done = 0;
    int ok = evp != NULL && EVP_EncryptInit_ex(evp, EVP_aes_128_ctr(), NULL, master_key, iv) == 1 &&
             EVP_EncryptUpdate(evp, ret_bytes, &done, ret_bytes, (int)size) == 1;
    EVP_CIPHER_CTX_free(evp);
    return ok ? ERR_NONE : ERR_INTERNAL;
}

enum err secure_rtp_half_init(struct secure_rtp_half *half, enum secure_rtp_profile profile,
                              const uint8_t *key, const uint8_t *salt,
                              const uint8_t *authentication)
{
    ASSERT(secure_rtp_cipher != NULL); // secure_rtp_setup() comes first
    memset(half, 0, sizeof(*half));
    memcpy(half->salt, salt, secure_rtp_salt_size(profile));
    if (profile == SECURE_RTP_AEAD_AES_128_GCM) {
        return secure_rtp_cipher->gcm_init(half->cipher, key);
    }
    hmac_sha1_key_init(&half->authentication, authentication, SECURE_RTP_CM_AUTH_SIZE);
    return secure_rtp_cipher->ctr_init(half->cipher, key);
}

// `first` is the cipher label of the half; authentication and salt follow it.
static enum err half_derive(struct secure_rtp_half *half, enum secure_rtp_profile profile,
                            const uint8_t *master_key, const uint8_t *salt, enum label first)
{
    uint8_t key[SECURE_RTP_KEY_SIZE];
    uint8_t authentication[SECURE_RTP_CM_AUTH_SIZE];
    uint8_t session_salt[SECURE_RTP_SALT_MAX];
    uint8_t label = (uint8_t)first;
    enum err err = secure_rtp_derive(master_key, salt, label, key, sizeof(key));
    if (err == ERR_NONE) {
        err = secure_rtp_derive(master_key, salt, label + 1, authentication,
                                sizeof(authentication));
    }
    if (err == ERR_NONE) {
        err = secure_rtp_derive(master_key, salt, label + 2, session_salt, sizeof(session_salt));
    }
    if (err == ERR_NONE) {
        err = secure_rtp_half_init(half, profile, key, session_salt, authentication);
    }
    memory_wipe(key, sizeof(key));
    memory_wipe(authentication, sizeof(authentication));
    memory_wipe(session_salt, sizeof(session_salt));
    return err;
}

enum err secure_rtp_key_init(struct secure_rtp_key *key, enum secure_rtp_profile profile,
                             const uint8_t *master_key, const uint8_t *master_salt)
{
    *key = (struct secure_rtp_key){.profile = profile};
    if (!secure_rtp_profile_known(profile)) {
        return ERR_UNSUPPORTED;
    }
    uint8_t salt[SECURE_RTP_SALT_MAX] = {0};
    memcpy(salt, master_salt, secure_rtp_salt_size(profile));
    enum err err = half_derive(&key->rtp, profile, master_key, salt, LABEL_RTP_CIPHER);
    if (err == ERR_NONE) {
        err = half_derive(&key->rtcp, profile, master_key, salt, LABEL_RTCP_CIPHER);
        if (err != ERR_NONE) {
            secure_rtp_cipher->finish(key->rtp.cipher);
        }
    }
    memory_wipe(salt, sizeof(salt));
    if (err != ERR_NONE) {
        memory_wipe(key, sizeof(*key));
        return err;
    }
    key->ready = true;
    return ERR_NONE;
}

enum err secure_rtp_keys_from_export(const uint8_t *material, size_t size,
                                     enum secure_rtp_profile profile, bool server,
                                     struct secure_rtp_key *ret_send,
                                     struct secure_rtp_key *ret_receive)
{
    *ret_send = (struct secure_rtp_key){0};
    *ret_receive = (struct secure_rtp_key){0};
    if (!secure_rtp_profile_known(profile) || size != secure_rtp_export_size(profile)) {
        return ERR_INVALID;
    }
    // RFC 5764 section 4.2: client key, server key, client salt, server salt.
    const uint8_t *client_key = material;
    const uint8_t *server_key = client_key + SECURE_RTP_KEY_SIZE;
    const uint8_t *client_salt = server_key + SECURE_RTP_KEY_SIZE;
    const uint8_t *server_salt = client_salt + secure_rtp_salt_size(profile);
    enum err err = secure_rtp_key_init(ret_send, profile, server ? server_key : client_key,
                                       server ? server_salt : client_salt);
    if (err != ERR_NONE) {
        return err;
    }
    err = secure_rtp_key_init(ret_receive, profile, server ? client_key : server_key,
                              server ? client_salt : server_salt);
    if (err != ERR_NONE) {
        secure_rtp_key_finish(ret_send);
    }
    return err;
}

void secure_rtp_key_finish(struct secure_rtp_key *key)
{
    if (key->ready) {
        secure_rtp_cipher->finish(key->rtp.cipher);
        secure_rtp_cipher->finish(key->rtcp.cipher);
    }
    memory_wipe(key, sizeof(*key));
}
