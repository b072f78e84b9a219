// Inside src/store only: what the files of house.h share.
#pragma once

#include <jansson.h>

#include "store/house.h"
#include "store/store_priv.h"

// Within the caller's transaction, or by itself.
enum err CHECKED house_act_write(struct store *store, const struct house_act *act);
// Runs the statement and writes the act down, both or neither. ERR_NOT_FOUND when it must meet a
// row and meets none.
enum err CHECKED house_change(struct store *store, struct statement *statement, bool must_meet,
                              const struct house_act *act);
// Takes `data`; NULL when memory is short. The caller frees.
char *house_text(json_t *data);
// A column's JSON, or NULL with the statement's error set; the caller's reference.
json_t *house_data(struct statement *statement, int column);
