#include "store/backup_note.h"

#include <inttypes.h>
#include <stdio.h>

#define KEY "backup.last"

enum err backup_note_set(struct store *store, const struct backup_note *note)
{
    char text[64];
    snprintf(text, sizeof(text), "%" PRId64 " %" PRIu64 " %d", note->at, note->bytes, note->sealed);
    return store_setting_set(store, KEY, text);
}

enum err backup_note_get(struct store *store, struct backup_note *ret_note)
{
    char text[STORE_SETTING_VALUE_MAX + 1];
    int sealed = 0;
    *ret_note = (struct backup_note){0};
    enum err err = store_setting_get(store, KEY, text);
    if (err == ERR_NOT_FOUND) {
        return ERR_NONE;
    }
    if (err == ERR_NONE &&
        sscanf(text, "%" SCNd64 " %" SCNu64 " %d", &ret_note->at, &ret_note->bytes, &sealed) != 3) {
        *ret_note = (struct backup_note){0};
        return ERR_MALFORMED;
    }
    ret_note->sealed = sealed != 0;
    return err;
}
