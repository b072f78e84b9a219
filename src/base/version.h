// Which Plenary this is: the version that meson.build says, and nothing else does.
#pragma once

// Static; never NULL. Any thread.
const char *version_text(void);
