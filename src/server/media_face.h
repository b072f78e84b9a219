// `plenary media`: the media process, with the sockets it inherited. Started by the supervisor.
#pragma once

#include "server/config.h"

int media_face_run(const struct config *config);
