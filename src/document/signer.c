#include "document/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "base/text.h"

#define SIGNATURE_BYTES 64
#define PEM_MAX         4096

struct signer {
    EVP_PKEY *key; // owned
    bool is_private;
    char id[SIGNER_ID_SIZE];
    char public_pem[SIGNER_PEM_SIZE];
};

static enum err describe(struct signer *signer)
{
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(signer->key, &der);
    if (size <= 0) {
        return ERR_INTERNAL;
    }
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(der, (size_t)size, digest);
    OPENSSL_free(der);
    text_hex(signer->id, digest, sizeof(digest));
    BIO *bio = BIO_new(BIO_s_mem());
    bool written = bio != NULL && PEM_write_bio_PUBKEY(bio, signer->key) == 1;
    char *text = NULL;
    long length = written ? BIO_get_mem_data(bio, &text) : 0;
    enum err err = length > 0 ? text_copy_n(signer->public_pem, sizeof(signer->public_pem), text,
                                            (size_t)length)
                              : ERR_INTERNAL;
    BIO_free(bio);
    return err;
}

// Takes the key.
static enum err signer_create(EVP_PKEY *key, bool is_private, struct signer **ret_signer)
{
    struct signer *signer = calloc(1, sizeof(*signer));
    if (signer == NULL || key == NULL || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
        EVP_PKEY_free(key);
        free(signer);
        return ERR_MALFORMED;
    }
    signer->key = key;
    signer->is_private = is_private;
    enum err err = describe(signer);
    if (err != ERR_NONE) {
        signer_destroy(signer);
        return err;
    }
    *ret_signer = signer;
    return ERR_NONE;
}

enum err signer_from_pem(const char *pem, struct signer **ret_signer)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    bool is_private = key != NULL;
    if (!is_private) {
        bio = BIO_new_mem_buf(pem, -1);
        key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
        BIO_free(bio);
    }
    return signer_create(key, is_private, ret_signer);
}

// Whole and on the disk before it has its name: a key that is half there would lock us out.
static enum err make_key(const char *path)
{
    char part[4096];
    struct text_builder builder = text_builder(part, sizeof(part));
    text_append_format(&builder, "%s.part", path);
    if (builder.failed) {
        return ERR_TOO_LARGE;
    }
    (void)unlink(part);
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool written = key != NULL && file != NULL &&
                   PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                   fflush(file) == 0 && fsync(fd) == 0;
    if (file != NULL) {
        written = fclose(file) == 0 && written;
    } else if (fd >= 0) {
        close(fd);
    }
    EVP_PKEY_free(key);
    // Another process may have been first: then its key is ours.
    written = written && (link(part, path) == 0 || errno == EEXIST);
    (void)unlink(part);
    return written ? ERR_NONE : ERR_IO;
}

enum err signer_open(const char *path, struct signer **ret_signer)
{
    if (access(path, F_OK) != 0) {
        enum err err = make_key(path);
        if (err != ERR_NONE) {
            return err;
        }
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return ERR_IO;
    }
    char pem[PEM_MAX];
    size_t size = fread(pem, 1, sizeof(pem) - 1, file);
    pem[size] = '\0';
    fclose(file);
    enum err err = signer_from_pem(pem, ret_signer);
    explicit_bzero(pem, sizeof(pem));
    return err;
}

void signer_destroy(struct signer *signer)
{
    if (signer != NULL) {
        EVP_PKEY_free(signer->key);
        free(signer);
    }
}

const char *signer_id(const struct signer *signer)
{
    return signer->id;
}

const char *signer_public_pem(const struct signer *signer)
{
    return signer->public_pem;
}

enum err signer_sign(const struct signer *signer, const void *data, size_t size,
                     char ret_signature[SIGNER_SIGNATURE_SIZE])
{
    unsigned char bytes[SIGNATURE_BYTES];
    size_t length = sizeof(bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool made = signer->is_private && context != NULL &&
                EVP_DigestSignInit(context, NULL, NULL, NULL, signer->key) == 1 &&
                EVP_DigestSign(context, bytes, &length, data, size) == 1;
    EVP_MD_CTX_free(context);
    if (!made) {
        return ERR_INTERNAL;
    }
    EVP_EncodeBlock((unsigned char *)ret_signature, bytes, (int)length);
    return ERR_NONE;
}

enum err signer_verify(const struct signer *signer, const void *data, size_t size,
                       const char *signature)
{
    unsigned char bytes[SIGNATURE_BYTES + 2]; // with the padding's place
    if (strlen(signature) != SIGNER_SIGNATURE_SIZE - 1 ||
        EVP_DecodeBlock(bytes, (const unsigned char *)signature, SIGNER_SIGNATURE_SIZE - 1) !=
            (int)sizeof(bytes)) {
        return ERR_AUTHENTICATION;
    }
    // One signature, one text: bits that base64 leaves over are zero.
    char again[SIGNER_SIGNATURE_SIZE];
    EVP_EncodeBlock((unsigned char *)again, bytes, SIGNATURE_BYTES);
    if (!text_equal(again, signature)) {
        return ERR_AUTHENTICATION;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL &&
                EVP_DigestVerifyInit(context, NULL, NULL, NULL, signer->key) == 1 &&
                EVP_DigestVerify(context, bytes, SIGNATURE_BYTES, data, size) == 1;
    EVP_MD_CTX_free(context);
    return good ? ERR_NONE : ERR_AUTHENTICATION;
}
