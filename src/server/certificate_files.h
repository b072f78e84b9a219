// The certificate of the TCP port: the operator's, or a local one made once in the data folder.
// OpenSSL.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "server/config.h"

#define CERTIFICATE_RENEW_MS (30LL * 24 * 3600 * 1000) // a local one that ends sooner is made anew

struct certificate_files {
    char *certificate; // PEM, owned
    char *key;         // PEM, owned
    bool is_local;     // made by ourselves: browsers warn until it is trusted
    time_ms expires_at;
};

// Makes data/tls-certificate.pem and data/tls-key.pem (ECDSA P-256, 397 days, names: host,
// localhost) when no certificate is configured and none is there yet, or when it expires within 30
// days.
enum err CHECKED certificate_files_load(const struct config *config, time_ms wall,
                                        struct certificate_files *ret_files);
// Where certificate and key are read; borrowed from the configuration.
void certificate_files_paths(const struct config *config, const char *ret_paths[2]);
void certificate_files_finish(struct certificate_files *files);
