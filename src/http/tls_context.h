// What every TLS connection of the one TCP port has in common: certificate, versions, ciphers.
#pragma once

#include <openssl/ssl.h>

// TLS 1.2 and 1.3, HTTP/1.1 alone. PEM texts; borrowed for the call. NULL when they cannot be used.
SSL_CTX *tls_context_create(const char *certificate, const char *key);
