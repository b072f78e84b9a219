// The sandbox of each face as this configuration wishes it, and what came of it in the log. Nothing
// with server.confinement=off.
#pragma once

#include "server/config.h"

// Once media has all that it needs, before its first thread and the first byte from anybody.
enum err CHECKED confinement_media(const struct config *config);
// The working directory is the data folder. Before the first thread.
enum err CHECKED confinement_control(const struct config *config);
