// `plenary report`: a meeting's report on standard output, or the check of one, of a journal and of
// its signed heads. Works while the server runs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "document/report_json.h"
#include "server/anchor_check.h"
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

// What is checked; paths as they are given.
struct check {
    const char *report;  // NULL: none
    const char *anchors; // NULL: none
    const char *journal; // NULL: none
    const struct signer *signer;
};

static int complain(const char *words)
{
    fprintf(stderr, "plenary report: %s\n", words);
    return EXIT_FAILURE;
}

// The report's own head, against the journal when there is one.
static int check_head(const struct check *check, const char *text, size_t size, struct store *store)
{
    char line[ANCHOR_LINE_MAX + 1];
    char meeting[CONTRACT_ID_MAX + 1];
    uint64_t seq = 0;
    struct anchor anchor;
    struct anchor_findings findings = {0};
    enum err err = report_json_anchor(text, size, line, meeting, &seq);
    if (err == ERR_NOT_FOUND) {
        printf("the report names no head of the journal: an older server made it\n");
        return EXIT_SUCCESS;
    }
    if (err == ERR_NONE) {
        err = anchor_read(line, strlen(line), check->signer, &anchor);
    }
    const char *of = err == ERR_NONE ? anchor_meeting(&anchor) : NULL;
    if (of == NULL || !text_equal(of, meeting) || anchor.seq != seq) {
        return complain(
            "the head of the journal that the report names is not this key's, or not "
            "this report's");
    }
    if (store == NULL) {
        printf("not compared with a journal: event %llu has hash %s\n", (unsigned long long)seq,
               anchor.hash);
        return EXIT_SUCCESS;
    }
    err = anchor_check_line(line, strlen(line), check->signer, store, &findings, &anchor);
    if (err != ERR_NONE) {
        return complain("the journal cannot be read");
    }
    if (findings.against > 0) {
        return complain(findings.words);
    }
    printf("good: the journal has event %llu as the report says\n", (unsigned long long)seq);
    return EXIT_SUCCESS;
}

static int check_report(const struct check *check, struct store *store)
{
    size_t size = 0;
    char *text = read_file(check->report, REPORT_JSON_MAX, &size);
    if (text == NULL) {
        return EXIT_FAILURE;
    }
    int code = EXIT_FAILURE;
    enum err err = report_json_verify(text, size, check->signer);
    if (err == ERR_NONE) {
        printf("good: signed by %s\n", signer_id(check->signer));
        code = check_head(check, text, size, store);
    } else {
        complain(err == ERR_AUTHENTICATION
                     ? "the report was changed, or another server's key signed it"
                     : "this is no report");
    }
    free(text);
    return code;
}

static int check_anchors(const struct check *check, struct store *store)
{
    struct anchor_findings findings = {0};
    enum err err = anchor_check_file(check->anchors, check->signer, store, &findings, NULL, NULL);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary report: %s: %s\n", check->anchors,
                err == ERR_NOT_FOUND ? "cannot be read" : "cannot be compared with the journal");
        return EXIT_FAILURE;
    }
    if (findings.foreign > 0) {
        printf("left out: %llu signed heads of another key\n",
               (unsigned long long)findings.foreign);
    }
    if (findings.changed + findings.against > 0) {
        return complain(findings.words);
    }
    if (findings.good == 0) {
        return complain("there is no signed head of this key to compare the journal with");
    }
    printf("good: the journal is the one whose %llu heads were signed\n",
           (unsigned long long)findings.good);
    return EXIT_SUCCESS;
}

static int check_chains(const char *journal)
{
    char words[512] = "";
    enum err err = store_examine(journal, words, sizeof(words));
    if (err != ERR_NONE) {
        return complain(words[0] != '\0' ? words : err_title(err));
    }
    printf("good: %s\n", words);
    return EXIT_SUCCESS;
}

static int check_all(const struct check *check)
{
    struct store *store = NULL;
    int code = EXIT_SUCCESS;
    if (check->journal != NULL && store_open_reader(check->journal, &store) != ERR_NONE) {
        char newer[STORE_NEWER_WORDS_MAX + 1];
        fprintf(stderr, "plenary report: %s: %s\n", check->journal,
                store_is_newer(check->journal, newer)
                    ? newer
                    : "it is no database of this server's version");
        return EXIT_FAILURE;
    }
    // All of it, so that everything that is wrong is named.
    if (check->journal != NULL && check_chains(check->journal) != EXIT_SUCCESS) {
        code = EXIT_FAILURE;
    }
    if (check->report != NULL && check_report(check, store) != EXIT_SUCCESS) {
        code = EXIT_FAILURE;
    }
    if (check->anchors != NULL && check_anchors(check, store) != EXIT_SUCCESS) {
        code = EXIT_FAILURE;
    }
    store_close(store);
    return code;
}

// With a key of one's own nothing of the data folder is needed.
static int check_with(struct check *check, const char *key_path)
{
    size_t size = 0;
    char *pem = read_file(key_path, KEY_FILE_MAX, &size);
    struct signer *signer = NULL;
    if (pem == NULL || signer_from_pem(pem, &signer) != ERR_NONE) {
        fprintf(stderr, "plenary report: %s holds no Ed25519 key\n", key_path);
        free(pem);
        return EXIT_FAILURE;
    }
    check->signer = signer;
    int code = check->anchors != NULL && check->journal == NULL
                   ? complain("with --key, --anchors needs --journal too")
                   : check_all(check);
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
    struct check check = {0};
    const char *key = NULL;
    bool pdf = false;
    const struct option_extra extras[] = {
        {"pdf", false, NULL, &pdf, "as PDF instead of signed JSON"},
        {"language", true, &language_name, NULL, "of the PDF: ar zh en fr ru es (default en)"},
        {"verify", true, &check.report, NULL, "checks this JSON report instead of making one"},
        {"journal", true, &check.journal, NULL,
         "checks against this database (plenary.db, a backup) instead of the server's own"},
        {"anchors", true, &check.anchors, NULL,
         "checks the journal against these signed heads (anchors.jsonl, kept elsewhere)"},
        {"key", true, &key, NULL, "with these: a public key (PEM) instead of this server's own"},
        {0}};
    struct options options;
    enum language language = LANGUAGE_EN;
    int code = 0;
    if (!options_read(argc, argv,
                      "Usage: plenary report MEETING [--pdf] [OPTIONS]\n"
                      "       plenary report [--verify FILE] [--anchors FILE] [--journal FILE] "
                      "[--key FILE]\n"
                      "Prints a meeting's report on interpretation, or checks one, or checks a "
                      "journal.",
                      extras, &options, &code)) {
        return code;
    }
    bool checks = check.report != NULL || check.anchors != NULL || check.journal != NULL;
    if (checks == (optind + 1 == argc) || !language_from_text(language_name, &language) ||
        language == LANGUAGE_NONE) {
        fprintf(stderr, "plenary report: name one meeting, or what to check; see --help\n");
        return 2;
    }
    if (checks && key != NULL) {
        return check_with(&check, key);
    }
    static char resolved[3][4096];
    if (!is_readable_from_data(&check.report, resolved[0]) ||
        !is_readable_from_data(&check.anchors, resolved[1]) ||
        !is_readable_from_data(&check.journal, resolved[2])) {
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
    check.signer = report_service_signer(service);
    if (check.journal == NULL) {
        check.journal = STORE_FILE_NAME;
    }
    code = checks ? check_all(&check) : print_report(service, argv[optind], pdf, language);
    report_service_destroy(service);
    return code;
}
