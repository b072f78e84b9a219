// One a= line of a media section (or of the session), read into the section. Internal to wire/.
#pragma once

#include <stdbool.h>

#include "wire/sdp.h"

// `line` is what stands behind "a=". False when an attribute we need is badly formed; unknown ones
// are ignored.
bool sdp_attribute_read(struct sdp_section *section, struct sdp_text line);
