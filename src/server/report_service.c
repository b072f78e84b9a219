#include "server/report_service.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/reports.h"
#include "base/text.h"
#include "document/report_json.h"
#include "document/report_pdf.h"
#include "store/store.h"

struct report_service {
    struct signer *signer; // owned
    char fonts[PATH_MAX];
};

// build/fonts in a source tree, share/plenary/fonts in an installation.
enum err report_service_fonts(char ret_path[PATH_MAX])
{
    static const char *const beside[] = {"fonts", "../share/plenary/fonts"};
    char binary[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", binary, sizeof(binary) - 1);
    if (length <= 0) {
        return ERR_IO;
    }
    binary[length] = '\0';
    char *slash = strrchr(binary, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        char path[2 * PATH_MAX];
        struct text_builder text = text_builder(path, sizeof(path));
        text_append_format(&text, "%s/%s", binary, beside[i]);
        if (!text.failed && realpath(path, ret_path) != NULL) {
            return ERR_NONE;
        }
    }
    return ERR_NOT_FOUND;
}

enum err report_service_create(struct report_service **ret_service)
{
    struct report_service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        return ERR_FULL;
    }
    enum err err = signer_open(REPORT_KEY_FILE, &service->signer);
    if (err == ERR_NONE && report_service_fonts(service->fonts) != ERR_NONE) {
        service->fonts[0] = '\0'; // then there are no PDFs; the meeting goes on
    }
    if (err != ERR_NONE) {
        report_service_destroy(service);
        return err;
    }
    *ret_service = service;
    return ERR_NONE;
}

void report_service_destroy(struct report_service *service)
{
    if (service != NULL) {
        signer_destroy(service->signer);
        free(service);
    }
}

const struct signer *report_service_signer(const struct report_service *service)
{
    return service->signer;
}

// Reads the meeting, and signs the head of the journal that was read.
static enum err read_meeting(const struct report_service *service, const char *meeting, time_ms now,
                             struct report_fold **ret_fold, char ret_anchor[ANCHOR_LINE_MAX + 1])
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    struct anchor anchor;
    enum err err = report_read(STORE_FILE_NAME, meeting, now, ret_fold, hash);
    if (err != ERR_NONE) {
        return err;
    }
    anchor_fill(&anchor, meeting, report_fold_report(*ret_fold)->seq, hash, "report",
                time_wall_ms());
    return anchor_write(&anchor, service->signer, ret_anchor);
}

enum err report_service_json(const struct report_service *service, const char *meeting, time_ms now,
                             char **ret_body, size_t *ret_size)
{
    struct report_fold *fold = NULL;
    struct report_seal seal;
    char anchor[ANCHOR_LINE_MAX + 1];
    enum err err = read_meeting(service, meeting, now, &fold, anchor);
    if (err == ERR_NONE) {
        err = report_json(report_fold_report(fold), service->signer, anchor, ret_body, ret_size,
                          &seal);
    }
    report_fold_destroy(fold);
    return err;
}

enum err report_service_pdf(const struct report_service *service, const char *meeting,
                            enum language language, time_ms now, char **ret_body, size_t *ret_size)
{
    struct report_fold *fold = NULL;
    struct report_pdf_wish wish = {.language = language, .fonts = service->fonts};
    char anchor[ANCHOR_LINE_MAX + 1];
    if (service->fonts[0] == '\0') {
        return ERR_UNAVAILABLE;
    }
    enum err err = read_meeting(service, meeting, now, &fold, anchor);
    if (err == ERR_NONE) {
        err = report_json(report_fold_report(fold), service->signer, anchor, NULL, NULL,
                          &wish.seal);
    }
    if (err == ERR_NONE) {
        wish.key = signer_id(service->signer);
        wish.anchor = anchor;
        err = report_pdf(report_fold_report(fold), &wish, ret_body, ret_size);
    }
    report_fold_destroy(fold);
    return err;
}
