#include "server/certificate_files.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "server/public_url.h"

#define LOCAL_CERTIFICATE "tls-certificate.pem"
#define LOCAL_KEY         "tls-key.pem"
#define PEM_SIZE_MAX      (1u << 20)
#define LOCAL_DAYS        397 // what browsers accept at most

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = file != NULL ? malloc(PEM_SIZE_MAX) : NULL;
    if (text != NULL) {
        size_t size = fread(text, 1, PEM_SIZE_MAX - 1, file);
        text[size] = '\0';
    }
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static enum err read_expiry(const char *pem, time_ms *ret_expires_at)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    struct tm expiry;
    if (certificate == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &expiry) != 1) {
        X509_free(certificate);
        return ERR_MALFORMED;
    }
    X509_free(certificate);
    *ret_expires_at = (time_ms)timegm(&expiry) * 1000;
    return ERR_NONE;
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *key, const char *host)
{
    unsigned char address[16];
    bool is_address = inet_pton(AF_INET, host, address) == 1 ||
                      inet_pton(AF_INET6, host, address) == 1;
    char names[CONFIG_TEXT_MAX + 64];
    snprintf(names, sizeof(names), "%s:%s,DNS:localhost,IP:127.0.0.1", is_address ? "IP" : "DNS",
             host);
    uint64_t serial = 0;
    X509_NAME *name = X509_get_subject_name(certificate);
    return RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1 &&
           X509_set_version(certificate, 2) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), (long)LOCAL_DAYS * 86400) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      (const unsigned char *)"Plenary local server", -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_subject_alt_name, names) &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static enum err write_local(const char *host)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    int key_fd = open(LOCAL_KEY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *key_file = key_fd >= 0 ? fdopen(key_fd, "w") : NULL;
    FILE *certificate_file = fopen(LOCAL_CERTIFICATE, "w");
    bool written = key != NULL && certificate != NULL && key_file != NULL &&
                   certificate_file != NULL && fill_certificate(certificate, key, host) &&
                   PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                   PEM_write_X509(certificate_file, certificate) == 1;
    if (key_file != NULL) {
        written = fclose(key_file) == 0 && written;
    } else if (key_fd >= 0) {
        close(key_fd);
    }
    if (certificate_file != NULL) {
        written = fclose(certificate_file) == 0 && written;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return written ? ERR_NONE : ERR_IO;
}

static enum err load_pair(const char *certificate, const char *key, struct certificate_files *files)
{
    files->certificate = read_text(certificate);
    files->key = read_text(key);
    if (files->certificate == NULL || files->key == NULL) {
        certificate_files_finish(files);
        return ERR_NOT_FOUND;
    }
    enum err result = read_expiry(files->certificate, &files->expires_at);
    if (result != ERR_NONE) {
        certificate_files_finish(files);
    }
    return result;
}

enum err certificate_files_load(const struct config *config, time_ms wall,
                                struct certificate_files *ret_files)
{
    *ret_files = (struct certificate_files){0};
    if (config->certificate[0] != '\0') {
        return load_pair(config->certificate, config->key, ret_files);
    }
    enum err result = load_pair(LOCAL_CERTIFICATE, LOCAL_KEY, ret_files);
    if (result != ERR_NONE || ret_files->expires_at < wall + CERTIFICATE_RENEW_MS) {
        certificate_files_finish(ret_files);
        char host[CONFIG_TEXT_MAX + 1];
        public_url_host(config, host);
        result = write_local(host);
        if (result == ERR_NONE) {
            result = load_pair(LOCAL_CERTIFICATE, LOCAL_KEY, ret_files);
        }
    }
    ret_files->is_local = true;
    return result;
}

void certificate_files_paths(const struct config *config, const char *ret_paths[2])
{
    bool given = config->certificate[0] != '\0';
    ret_paths[0] = given ? config->certificate : LOCAL_CERTIFICATE;
    ret_paths[1] = given ? config->key : LOCAL_KEY;
}

void certificate_files_finish(struct certificate_files *files)
{
    if (files->key != NULL) {
        explicit_bzero(files->key, strlen(files->key));
    }
    free(files->certificate);
    free(files->key);
    *files = (struct certificate_files){0};
}
