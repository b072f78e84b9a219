// Whether media could be replaced and nobody would miss it.
#pragma once

#include "app/app.h"

// No sitting is open or suspended but rehearsals', and nobody has joined media, by a page or at a
// door. Of meetings that are not in memory nobody is there. False while it is not known who has.
bool app_media_idle(const struct app *app);
