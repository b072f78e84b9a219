// The parts of the sandbox; src/server/sandbox.c puts them in order.
#pragma once

#include "server/sandbox.h"

// sandbox_namespaces.c: media's own user, root and network, as far as they can be had.
struct sandbox_namespaces {
    bool user;
    bool root;
    bool network;
};
struct sandbox_namespaces sandbox_namespaces_enter(void);

// sandbox_landlock.c: nothing but these; NULL: nothing at all. False where the kernel has none.
bool sandbox_landlock_enter(const struct sandbox_files *files);

// sandbox_calls.c
enum err CHECKED sandbox_calls_media(void);
// `calls_out`: sockets to others, and what finding them by name needs.
enum err CHECKED sandbox_calls_control(bool calls_out);
