#include "server/upkeep.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "store/backup_note.h"

#define LOOK_EVERY_US TIME_US_PER_S

static struct certificate_stamp stamp_now(const struct config *config)
{
    struct certificate_stamp stamp = {0};
    const char *paths[2];
    certificate_files_paths(config, paths);
    for (int i = 0; i < 2; i++) {
        struct stat status;
        if (stat(paths[i], &status) == 0) {
            stamp.inode[i] = status.st_ino;
            stamp.size[i] = status.st_size;
            stamp.written_ns[i] = status.st_mtim.tv_sec * 1000000000ll + status.st_mtim.tv_nsec;
        }
    }
    return stamp;
}

static bool is_same(const struct certificate_stamp *a, const struct certificate_stamp *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

void certificate_watch_begin(struct certificate_watch *watch, const struct config *config)
{
    *watch = (struct certificate_watch){.wanted = config_tls_wanted(config)};
    if (watch->wanted) {
        watch->used = watch->seen = stamp_now(config);
    }
}

void certificate_watch_uses(struct certificate_watch *watch, const struct config *config,
                            const struct certificate_files *files)
{
    if (files->is_local) {
        watch->used = watch->seen = stamp_now(config); // perhaps made just now, by ourselves
    }
    watch->expires_at = files->expires_at;
    watch->is_local = files->is_local;
}

static enum err take_up(struct certificate_watch *watch, const struct config *config,
                        struct http *http, time_ms wall)
{
    struct certificate_files files;
    enum err err = certificate_files_load(config, wall, &files);
    if (err != ERR_NONE) {
        return err;
    }
    err = files.expires_at > wall ? http_renew_certificate(http, files.certificate, files.key)
                                  : ERR_EXPIRED;
    if (err == ERR_NONE) {
        certificate_watch_uses(watch, config, &files);
    }
    certificate_files_finish(&files);
    return err;
}

static void renew(struct certificate_watch *watch, const struct config *config, struct http *http,
                  time_ms wall)
{
    watch->used = watch->seen; // whatever comes of it, once
    enum err err = take_up(watch, config, http, wall);
    watch->refused = err != ERR_NONE;
    watch->renewed += err == ERR_NONE;
    if (err == ERR_NONE) {
        log_event(LOG_INFO, "certificate.renewed", LOG_INT("expires_at", watch->expires_at));
    } else {
        log_event(LOG_ERROR, "certificate.refused", LOG_TEXT("error", err_slug(err)),
                  LOG_INT("kept_until", watch->expires_at));
    }
}

void certificate_watch_look(struct certificate_watch *watch, const struct config *config,
                            struct http *http, time_us now, time_ms wall)
{
    if (!watch->wanted || now < watch->look_at) {
        return;
    }
    watch->look_at = now + LOOK_EVERY_US;
    struct certificate_stamp stamp = stamp_now(config);
    bool settled = is_same(&stamp, &watch->seen);
    watch->seen = stamp;
    bool ends = watch->is_local && !watch->refused &&
                watch->expires_at < wall + CERTIFICATE_RENEW_MS;
    if (ends || (settled && !is_same(&stamp, &watch->used))) {
        renew(watch, config, http, wall);
    }
}

enum err upkeep_find(struct store *store, const struct certificate_watch *watch,
                     struct upkeep *ret_upkeep)
{
    struct backup_note note;
    enum err err = backup_note_get(store, &note);
    *ret_upkeep = (struct upkeep){.backup_at = note.at,
                                  .backup_bytes = (int64_t)note.bytes,
                                  .backup_sealed = note.sealed,
                                  .certificate_expires_at = watch->wanted ? watch->expires_at : 0,
                                  .certificate_refused = watch->refused};
    text_copy_cut(ret_upkeep->version, sizeof(ret_upkeep->version), version_text());
    return err;
}
