#include "server/confinement.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "server/report_service.h"
#include "server/sandbox.h"
#include "server/web_root.h"

static enum err tell(const struct sandbox_report *report, enum err err)
{
    char words[160];
    sandbox_missing_words(report, words, sizeof(words));
    if (err != ERR_NONE) {
        log_event(LOG_ERROR, "sandbox.refused", LOG_TEXT("error", err_slug(err)));
    } else if (report->missing != 0) {
        log_event(LOG_WARNING, "sandbox.incomplete", LOG_TEXT("missing", words));
    } else {
        log_event(LOG_INFO, "sandbox.complete",
                  LOG_INT("walls", __builtin_popcount(report->wanted)));
    }
    return err;
}

static bool unwanted(const struct config *config)
{
    if (!config_confined(config)) {
        log_event(LOG_WARNING, "sandbox.off", LOG_TEXT("key", "server.confinement"));
    }
    return !config_confined(config);
}

enum err confinement_media(const struct config *config)
{
    struct sandbox_report report;
    return unwanted(config) ? ERR_NONE : tell(&report, sandbox_enter_media(&report));
}

// The folder of a file that will be replaced by another. Nothing of two steps from the root or less
// is opened for it: there the new file is met at the next start.
static const char *folder_of(const char *path, char folder[PATH_MAX])
{
    text_copy_cut(folder, PATH_MAX, path);
    const char *above = dirname(folder);
    return above[0] != '/' || strchr(above + 1, '/') != NULL ? above : "";
}

// Where certificates are renewed: beside the name that is configured, and where it leads to now
// (certbot's live/ points into archive/).
static void add_renewals(const char *path, struct sandbox_files *files, char (*folders)[PATH_MAX])
{
    char leads_to[PATH_MAX];
    if (path[0] != '\0' && realpath(path, leads_to) != NULL) {
        files->reads[files->reads_count++] = folder_of(path, folders[0]);
        files->reads[files->reads_count++] = folder_of(leads_to, folders[1]);
    }
}

enum err confinement_control(const struct config *config)
{
    char page[512] = "";
    char fonts[PATH_MAX] = "";
    struct sandbox_report report;
    if (unwanted(config)) {
        return ERR_NONE;
    }
    if (web_root_find(config, page, sizeof(page)) != ERR_NONE) {
        page[0] = '\0'; // told when the page is opened
    }
    if (report_service_fonts(fonts) != ERR_NONE) {
        fonts[0] = '\0';
    }
    const char *const read[] = {
        page, fonts, config->certificate, config->key,
        // the system's libraries, fonts and time zones
        "/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/etc/ssl/openssl.cnf",
        "/etc/localtime", "/etc/ld.so.cache", "/dev/urandom", "/dev/null",
        // who a webhook's, a mail server's or a provider's name is
        "/etc/ssl/certs", "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf",
        "/run/systemd/resolve", config->mail_password_file, config->mail_authorities};
    char anchors[CONFIG_TEXT_MAX + 1];
    text_copy_cut(anchors, sizeof(anchors), config->anchors_file);
    struct sandbox_files files = {
        .writes = ".",
        // Its folder: the file may not be there yet, and is opened again when a write failed.
        .also_writes = anchors[0] != '\0' ? dirname(anchors) : NULL,
        .calls_out = config->anchors_webhook[0] != '\0' || config->mail_server[0] != '\0' ||
                     config->oidc_issuer[0] != '\0',
        .reads_count = sizeof(read) / sizeof(read[0])};
    static char renewals[4][PATH_MAX];
    _Static_assert(sizeof(read) / sizeof(read[0]) + 4 <= SANDBOX_PATHS_MAX, "room for all");
    for (uint32_t i = 0; i < files.reads_count; i++) {
        files.reads[i] = read[i];
    }
    add_renewals(config->certificate, &files, renewals);
    add_renewals(config->key, &files, renewals + 2);
    // SQLite would choose a folder that it sees and may not write.
    (void)setenv("SQLITE_TMPDIR", ".", 1);
    return tell(&report, sandbox_enter_control(&files, &report));
}
