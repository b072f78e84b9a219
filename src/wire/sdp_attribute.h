// One a= line of a media section (or of the session), read into the section. Internal to wire/.
#pragma once

#include <stdbool.h>

#include "wire/sdp.h"

// `line` is what stands behind "a=". Unknown attributes are ignored, and those that cannot be read;
// where one of these would be needed, sdp_section_problem() says so.
void sdp_attribute_read(struct sdp_section *section, struct sdp_text line);
