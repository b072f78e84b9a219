// How loud the microphones are, on its way from media to those who watch over the sound.
#pragma once

#include "app/app_priv.h"

// LINK_SOURCE_LEVELS: noted for the next notice of each source's meeting.
void levels_receive(struct app *app, const struct link_message *message);
