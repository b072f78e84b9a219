// Who a request comes from when proxies stand in front: what trusted ones say of whom they serve,
// X-Forwarded-For or Forwarded (RFC 7239); and whether it was meant for this machine alone. Pure
// functions.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http/client_address.h"

enum forwarded_field {
    FORWARDED_X_FORWARDED_FOR,
    FORWARDED_FORWARDED,
};

// `values` are the field's lines in their order. From the last entry backwards, as long as whoever
// said it is trusted; what nobody trusted has said, or what is no address, is not believed.
struct client_address forwarded_client(const struct client_networks *trusted,
                                       const struct client_address *peer,
                                       enum forwarded_field field, const char *const *values,
                                       uint32_t count);

// Whether a Host field means the machine itself and no name that only leads to it (a foreign page
// can have such a name): localhost, a whole address of 127.0.0.0/8, [::1], each perhaps with a
// port. NULL does not.
bool host_is_loopback(const char *host);
