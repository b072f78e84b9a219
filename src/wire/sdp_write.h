// Inside src/wire only: lines that answers and fragments share.
#pragma once

#include "base/text.h"
#include "wire/address.h"

// Candidates of this server, the preferred first, and that there are no others.
void sdp_write_candidates(struct text_builder *to, const struct address *candidates,
                          unsigned count);
