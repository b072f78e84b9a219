// `plenary report`: a meeting's report on standard output, or the check of one. Works while the
// server runs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "document/report_json.h"
#include "server/command.h"
#include "server/command_store.h"
#include "server/options.h"
#include "server/report_service.h"
#include "store/store.h"

#define KEY_FILE_MAX 4096

// The whole file; NULL, and the reason is told, when it cannot be read or is larger than `most`.
static char *read_file(const char *path, size_t most, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    char *text = file != NULL ? malloc(most + 1) : NULL;
    size_t size = text != NULL ? fread(text, 1, most + 1, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    if (text == NULL || size > most) {
        fprintf(stderr, "plenary report: %s cannot be read\n", path);
        free(text);
        return NULL;
    }
    text[size] = '\0';
    *ret_size = size;
    return text;
}

static int verify(const char *path, const struct signer *signer)
{
    size_t size = 0;
    char *text = read_file(path, REPORT_JSON_MAX, &size);
    if (text == NULL) {
        return EXIT_FAILURE;
    }
    enum err err = report_json_verify(text, size, signer);
    free(text);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary report: %s\n",
                err == ERR_AUTHENTICATION
                    ? "the report was changed, or another server's key signed it"
                    : "this is no report");
        return EXIT_FAILURE;
    }
    printf("good: signed by %s\n", signer_id(signer));
    return EXIT_SUCCESS;
}

// With a key of one's own nothing of the data folder is needed.
static int verify_with(const char *path, const char *key_path)
{
    size_t size = 0;
    char *pem = read_file(key_path, KEY_FILE_MAX, &size);
    struct signer *signer = NULL;
    if (pem == NULL || signer_from_pem(pem, &signer) != ERR_NONE) {
        fprintf(stderr, "plenary report: %s holds no Ed25519 key\n", key_path);
        free(pem);
        return EXIT_FAILURE;
    }
    int code = verify(path, signer);
    signer_destroy(signer);
    free(pem);
    return code;
}

static int print_report(const struct report_service *service, const char *meeting, bool pdf,
                        enum language language)
{
    char *body = NULL;
    size_t size = 0;
    enum err err = pdf ? report_service_pdf(service, meeting, language, 0, &body, &size)
                       : report_service_json(service, meeting, 0, &body, &size);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary report: %s\n",
                err == ERR_NOT_FOUND ? "there is no such meeting" : err_title(err));
        return EXIT_FAILURE;
    }
    bool written = fwrite(body, 1, size, stdout) == size && fflush(stdout) == 0;
    free(body);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

// A path as seen from here, before the data folder becomes the working directory.
static bool is_readable_from_data(const char **path, char resolved[4096])
{
    if (*path != NULL) {
        char *whole = realpath(*path, NULL);
        bool fits = whole != NULL && text_copy(resolved, 4096, whole) == ERR_NONE;
        free(whole);
        if (!fits) {
            fprintf(stderr, "plenary report: %s cannot be read\n", *path);
            return false;
        }
        *path = resolved;
    }
    return true;
}

int command_report(int argc, char **argv)
{
    const char *language_name = "en";
    const char *file = NULL;
    const char *key = NULL;
    bool pdf = false;
    const struct option_extra extras[] = {
        {"pdf", false, NULL, &pdf, "as PDF instead of signed JSON"},
        {"language", true, &language_name, NULL, "of the PDF: ar zh en fr ru es (default en)"},
        {"verify", true, &file, NULL, "checks this JSON report instead of making one"},
        {"key", true, &key, NULL, "with --verify: a public key (PEM) instead of this server's own"},
        {0}};
    struct options options;
    enum language language = LANGUAGE_EN;
    int code = 0;
    if (!options_read(argc, argv,
                      "Usage: plenary report MEETING [--pdf] [OPTIONS]\n"
                      "       plenary report --verify FILE [--key FILE]\n"
                      "Prints a meeting's report on interpretation, or checks one.",
                      extras, &options, &code)) {
        return code;
    }
    char resolved[4096];
    if ((file == NULL) != (optind + 1 == argc) || !language_from_text(language_name, &language) ||
        language == LANGUAGE_NONE) {
        fprintf(stderr, "plenary report: name one meeting, or --verify FILE; see --help\n");
        return 2;
    }
    if (file != NULL && key != NULL) {
        return verify_with(file, key);
    }
    if (!is_readable_from_data(&file, resolved)) {
        return EXIT_FAILURE;
    }
    struct store *store = command_store_open(&options.config); // also brings its tables up to date
    struct report_service *service = NULL;
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    store_close(store);
    if (report_service_create(&service) != ERR_NONE) {
        fprintf(stderr, "plenary report: %s cannot be read\n", REPORT_KEY_FILE);
        return EXIT_FAILURE;
    }
    code = file != NULL ? verify(file, report_service_signer(service))
                        : print_report(service, argv[optind], pdf, language);
    report_service_destroy(service);
    return code;
}
