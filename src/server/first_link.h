// The link that makes the first administrator: of a data folder without any account a new one at
// each start, those of before open nothing any more. Only its hash is kept: who serves knows it no
// more than who reads the database.
#pragma once

#include <stdio.h>

#include "server/config.h"

// Makes it when there is no account. What the database does not permit is told by whoever serves
// it.
void first_link_prepare(void);
// Prints what first_link_prepare() made, one line, once; nothing when there is none.
void first_link_print(const struct config *config, FILE *to);
