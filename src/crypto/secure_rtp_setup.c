#include <stdlib.h>
#include <string.h>

#include "crypto/secure_rtp_internal.h"

enum err secure_rtp_setup(void)
{
    const char *forced = getenv("PLENARY_CRYPTO");
    const struct cipher_table *fast = cipher_ipsec_mb();
    if (forced == NULL || forced[0] == '\0') {
        secure_rtp_cipher = fast != NULL ? fast : &cipher_evp;
    } else if (strcmp(forced, "evp") == 0) {
        secure_rtp_cipher = &cipher_evp;
    } else if (strcmp(forced, "ipsec-mb") == 0 && fast != NULL) {
        secure_rtp_cipher = fast;
    } else {
        return ERR_UNSUPPORTED;
    }
    return secure_rtp_self_test();
}

const char *secure_rtp_backend(void)
{
    return secure_rtp_cipher != NULL ? secure_rtp_cipher->name : "none";
}
