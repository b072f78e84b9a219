// AES from Intel's ipsec-mb: AES-128-GCM one-shot, and its key schedule for counter mode. Its own
// counter mode exists only behind the job interface, which costs more than the encryption of an
// audio packet, so the few lines of it stand here.
#include "crypto/cipher.h"

#if defined(__x86_64__)

#include <emmintrin.h>
#include <intel-ipsec-mb.h>
#include <string.h>
#include <wmmintrin.h>

#include "crypto/hmac.h"
#include "crypto/secure_rtp.h"

#define ROUNDS       10 // of AES-128
#define BLOCK_SIZE   16
#define LANES        8 // blocks in flight, which hides the latency of the AES instruction
#define AES_FUNCTION __attribute__((target("aes,sse2")))

_Static_assert(sizeof(struct gcm_key_data) <= SECURE_RTP_CIPHER_SIZE, "the key schedule fits");

// Written once by cipher_ipsec_mb() before the threads start. Only its table of functions is used,
// never its job queue.
static IMB_MGR *manager;

static enum err imb_gcm_init(void *cipher, const uint8_t key[16])
{
    IMB_AES128_GCM_PRE(manager, key, cipher);
    return ERR_NONE;
}

static enum err imb_ctr_init(void *cipher, const uint8_t key[16])
{
    _Alignas(16) uint8_t decryption[(ROUNDS + 1) * BLOCK_SIZE];
    IMB_AES_KEYEXP_128(manager, key, cipher, decryption);
    memory_wipe(decryption, sizeof(decryption));
    return ERR_NONE;
}

static void imb_finish(void *cipher)
{
    (void)cipher; // the layout owns nothing
}

static void imb_gcm_seal(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                         size_t aad_size, const uint8_t *in, size_t size, uint8_t *out,
                         uint8_t *ret_tag)
{
    struct gcm_context_data context;
    IMB_AES128_GCM_ENC(manager, cipher, &context, out, in, size, iv, aad, aad_size, ret_tag,
                       CIPHER_GCM_TAG_SIZE);
}

static bool imb_gcm_open(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                         size_t aad_size, uint8_t *data, size_t size, const uint8_t *tag)
{
    struct gcm_context_data context;
    uint8_t computed[CIPHER_GCM_TAG_SIZE];
    IMB_AES128_GCM_DEC(manager, cipher, &context, data, data, size, iv, aad, aad_size, computed,
                       CIPHER_GCM_TAG_SIZE);
    return memory_equal_constant_time(computed, tag, sizeof(computed));
}

// The key stream of blocks number .. number + LANES - 1. Unrolled, so that all blocks stay in
// registers.
AES_FUNCTION static inline void key_stream(const __m128i *round_keys, __m128i iv, unsigned number,
                                           __m128i ret_blocks[LANES])
{
#pragma GCC unroll 8
    for (unsigned lane = 0; lane < LANES; lane++) {
        int big_endian = __builtin_bswap16((uint16_t)(number + lane));
        ret_blocks[lane] = _mm_xor_si128(_mm_insert_epi16(iv, big_endian, 7), round_keys[0]);
    }
#pragma GCC unroll 10
    for (unsigned round = 1; round < ROUNDS; round++) {
#pragma GCC unroll 8
        for (unsigned lane = 0; lane < LANES; lane++) {
            ret_blocks[lane] = _mm_aesenc_si128(ret_blocks[lane], round_keys[round]);
        }
    }
#pragma GCC unroll 8
    for (unsigned lane = 0; lane < LANES; lane++) {
        ret_blocks[lane] = _mm_aesenclast_si128(ret_blocks[lane], round_keys[ROUNDS]);
    }
}

AES_FUNCTION static void imb_ctr(void *cipher, const uint8_t iv[CIPHER_CTR_IV_SIZE],
                                 const uint8_t *in, size_t size, uint8_t *out)
{
    const __m128i *round_keys = cipher;
    const __m128i first = _mm_loadu_si128((const __m128i *)iv);
    unsigned number = 0;
    __m128i stream[LANES];
    while (size >= sizeof(stream)) {
        key_stream(round_keys, first, number, stream);
#pragma GCC unroll 8
        for (unsigned lane = 0; lane < LANES; lane++) {
            size_t at = lane * BLOCK_SIZE;
            __m128i text = _mm_loadu_si128((const __m128i *)(in + at));
            _mm_storeu_si128((__m128i *)(out + at), _mm_xor_si128(text, stream[lane]));
        }
        number += LANES;
        in += sizeof(stream);
        out += sizeof(stream);
        size -= sizeof(stream);
    }
    if (size > 0) {
        key_stream(round_keys, first, number, stream);
        uint8_t bytes[sizeof(stream)];
        memcpy(bytes, stream, sizeof(bytes));
        for (size_t i = 0; i < size; i++) {
            out[i] = in[i] ^ bytes[i];
        }
    }
}

static const struct cipher_table table = {
    .name = "ipsec-mb",
    .gcm_init = imb_gcm_init,
    .ctr_init = imb_ctr_init,
    .finish = imb_finish,
    .gcm_seal = imb_gcm_seal,
    .gcm_open = imb_gcm_open,
    .ctr = imb_ctr,
};

const struct cipher_table *cipher_ipsec_mb(void)
{
    const uint64_t needed = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ | IMB_FEATURE_SSE4_2;
    if ((imb_get_feature_flags() & needed) != needed) {
        return NULL;
    }
    if (manager == NULL) {
        IMB_MGR *fresh = alloc_mb_mgr(0);
        if (fresh == NULL) {
            return NULL;
        }
        init_mb_mgr_auto(fresh, NULL);
        if (imb_get_errno(fresh) != 0) {
            free_mb_mgr(fresh);
            return NULL;
        }
        manager = fresh;
    }
    return &table;
}

#else

const struct cipher_table *cipher_ipsec_mb(void)
{
    return NULL;
}

#endif
