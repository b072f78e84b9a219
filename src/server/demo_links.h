// The demonstration meeting's links, one for each role, as a newcomer sees them after ./run.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "server/config.h"

// Makes the meeting when the database has none, and fresh tokens. False when the database cannot be
// used.
bool demo_links_prepare(const struct config *config);
// Prints what demo_links_prepare made.
void demo_links_print(const struct config *config, FILE *to);
void demo_links_print_json(const struct config *config, FILE *to);
