// Signs documents with Ed25519 (RFC 8032). The key is made once and stays with the data; whoever
// has the public half, fetched when it could be trusted, can tell a document of this server from
// another, without this program. Read-only once made: any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define SIGNER_ID_SIZE \
    65 // SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal, and its NUL
#define SIGNER_SIGNATURE_SIZE 89  // 64 bytes in base64, and its NUL
#define SIGNER_PEM_SIZE       256 // the public key as PEM, and its NUL

struct signer;

// The private key in `path`; makes one, readable by its owner only, when there is none.
// ERR_MALFORMED when the file holds something else.
enum err CHECKED signer_open(const char *path, struct signer **ret_signer);
// A key for checking alone, from PEM text: a private or a public one.
enum err CHECKED signer_from_pem(const char *pem, struct signer **ret_signer);
void signer_destroy(struct signer *signer);

const char *signer_id(const struct signer *signer);
const char *signer_public_pem(const struct signer *signer);
enum err CHECKED signer_sign(const struct signer *signer, const void *data, size_t size,
                             char ret_signature[SIGNER_SIGNATURE_SIZE]);
// ERR_AUTHENTICATION unless this key signed exactly these bytes.
enum err CHECKED signer_verify(const struct signer *signer, const void *data, size_t size,
                               const char *signature);
