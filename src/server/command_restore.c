// `plenary restore`: a data folder of a backup. Unpacked beside its place, verified as `plenary
// doctor` verifies a folder, and only then put there.
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/replay.h"
#include "backup/container.h"
#include "backup/restore.h"
#include "backup/sealed.h"
#include "base/text.h"
#include "server/anchor_check.h"
#include "server/command.h"
#include "server/command_secret.h"
#include "server/options.h"
#include "server/report_service.h"
#include "store/store.h"

static const char usage[] =
    "Usage: plenary restore FILE FOLDER [--passphrase FILE] [--key FILE] [OPTIONS]\n"
    "Makes FOLDER, which must be empty or not there, a data folder of the backup FILE: checks its\n"
    "signature and every file's hash, brings the tables up to date when an older server made it,\n"
    "verifies the chain of every journal and holds it against its signed heads. Only when all of\n"
    "it is good does FOLDER get it, in one step, owned by who runs the command.\n"
    "Whoever makes a backup can sign it with a key of their own: --key, with the public key that\n"
    "was fetched when the server was trusted (GET /api/v1/report/key), asks for that one.";

struct restore_options {
    const char *secret;
    const char *key;
    bool even_broken;
};

static int complain(const char *words)
{
    fprintf(stderr, "plenary restore: %s\n", words);
    return EXIT_FAILURE;
}

// ---- What is unpacked; the working directory

static enum err verify_chains(const struct manifest *manifest, char *words, size_t size)
{
    struct store *store = NULL;
    if (manifest->database < store_version()) {
        enum err err = store_open(STORE_FILE_NAME, &store); // brings its tables up to date
        store_close(err == ERR_NONE ? store : NULL);
    }
    return store_examine(STORE_FILE_NAME, words, size);
}

static enum err verify_heads(char *words, size_t size)
{
    struct signer *signer = NULL;
    struct store *store = NULL;
    struct anchor_findings found = {0};
    enum err err = signer_open(REPORT_KEY_FILE, &signer);
    if (err == ERR_NONE) {
        err = store_open_reader(STORE_FILE_NAME, &store);
    }
    if (err == ERR_NONE) {
        err = anchor_check_file(ANCHOR_FILE, signer, store, &found, NULL, NULL);
        err = err == ERR_NOT_FOUND ? ERR_NONE : err; // nothing was signed yet
    }
    store_close(store);
    signer_destroy(signer);
    text_copy_cut(words, size, err == ERR_NONE ? found.words : "the database cannot be read");
    return err == ERR_NONE && found.against + found.changed > 0 ? ERR_CONFLICT : err;
}

static void tell_fault(void *context, const char *meeting, const struct replay_fault *fault)
{
    (void)context;
    printf("meeting %s will be set aside, as it was: event %llu of its journal: %s\n", meeting,
           (unsigned long long)fault->seq, fault->reason);
}

static void tell_set_aside(void)
{
    struct store *store = NULL;
    uint32_t meetings = 0;
    if (store_open_reader(STORE_FILE_NAME, &store) == ERR_NONE) {
        (void)!replay_examine(store, tell_fault, NULL, &meetings);
    }
    store_close(store);
}

// False when it must not be kept.
static bool verify(const struct restore *restore, bool even_broken)
{
    char words[512] = "";
    bool good = verify_chains(&restore->manifest, words, sizeof(words)) == ERR_NONE;
    if (good) {
        printf("%s\n", words);
        good = verify_heads(words, sizeof(words)) == ERR_NONE;
    }
    if (!good) {
        complain(words);
        fprintf(stderr, even_broken
                            ? "plenary restore: kept all the same, as --even-broken says\n"
                            : "plenary restore: it was so when the backup was made; an older "
                              "backup may be whole, --even-broken keeps this one\n");
    }
    tell_set_aside();
    return good || even_broken;
}

// ---- The command

static void print_restored(const struct restore *restore)
{
    char date[32] = "";
    time_t at = (time_t)(restore->manifest.at / 1000);
    struct tm parts;
    if (gmtime_r(&at, &parts) != NULL) {
        (void)strftime(date, sizeof(date), "%F %T UTC", &parts);
    }
    printf("%s: %u files as of %s, made by %s, signed by %s\n", restore->folder,
           restore->manifest.file_count, date, restore->manifest.made_by, restore->manifest.key);
}

static int restore_all(const struct restore_wish *wish, bool even_broken)
{
    struct restore restore;
    if (restore_unpack(wish, &restore) != ERR_NONE) {
        return complain(restore.words);
    }
    int code = EXIT_FAILURE;
    if (chdir(restore.unpacked) != 0) {
        complain(strerror(errno));
    } else if (verify(&restore, even_broken)) {
        code = restore_keep(&restore) == ERR_NONE ? EXIT_SUCCESS : complain(restore.words);
    }
    restore_drop(&restore);
    if (code == EXIT_SUCCESS) {
        print_restored(&restore);
    }
    return code;
}

static bool read_key(const char *path, struct signer **ret_signer)
{
    char pem[4096];
    FILE *file = fopen(path, "re");
    size_t size = file != NULL ? fread(pem, 1, sizeof(pem) - 1, file) : 0;
    pem[size] = '\0';
    if (file != NULL) {
        fclose(file);
    }
    bool read = size > 0 && signer_from_pem(pem, ret_signer) == ERR_NONE;
    if (!read) {
        fprintf(stderr, "plenary restore: %s holds no Ed25519 key\n", path);
    }
    return read;
}

// As seen from everywhere. What is above the folder must be there.
static bool whole_path(const char *given, char ret_path[PATH_MAX])
{
    char folder[PATH_MAX];
    char name[PATH_MAX];
    char above[PATH_MAX];
    if (realpath(given, ret_path) != NULL) {
        return true;
    }
    text_copy_cut(folder, sizeof(folder), given);
    text_copy_cut(name, sizeof(name), given);
    struct text_builder path = text_builder(ret_path, PATH_MAX);
    if (realpath(dirname(folder), above) != NULL) {
        text_append_format(&path, "%s/%s", text_equal(above, "/") ? "" : above, basename(name));
    }
    if (path.failed || path.length == 0) {
        fprintf(stderr, "plenary restore: %s: %s\n", given, strerror(errno));
        return false;
    }
    return true;
}

static int restore_from(FILE *from, const char *folder, const struct restore_options *wished)
{
    char whole[PATH_MAX];
    char passphrase[SEALED_PASSPHRASE_MAX + 2] = "";
    struct signer *signer = NULL;
    const char *secret = wished->secret != NULL ? wished->secret : "-";
    bool sealed = container_is_sealed(from);
    int code = EXIT_FAILURE;
    if (whole_path(folder, whole) && (wished->key == NULL || read_key(wished->key, &signer)) &&
        (!sealed ||
         command_secret_passphrase("restore", secret, 1, passphrase, sizeof(passphrase)))) {
        const struct restore_wish wish = {.from = from,
                                          .passphrase = sealed ? passphrase : NULL,
                                          .folder = whole,
                                          .signer = signer};
        code = restore_all(&wish, wished->even_broken);
    }
    explicit_bzero(passphrase, sizeof(passphrase));
    signer_destroy(signer);
    return code;
}

int command_restore(int argc, char **argv)
{
    struct restore_options wished = {0};
    const struct option_extra extras[] = {
        {"passphrase", true, &wished.secret, NULL,
         "of a sealed one: the file whose first line it is; -: standard input (the default)"},
        {"key", true, &wished.key, NULL, "the public key (PEM) that must have signed it"},
        {"even-broken", false, NULL, &wished.even_broken,
         "keeps the folder although a journal in it does not verify; says which"},
        {0}};
    struct options options;
    int code = 0;
    if (!options_read(argc, argv, usage, extras, &options, &code)) {
        return code;
    }
    if (optind + 2 != argc) {
        fprintf(stderr, "plenary restore: name the file and the folder; see --help\n");
        return 2;
    }
    FILE *from = fopen(argv[optind], "re");
    if (from == NULL) {
        fprintf(stderr, "plenary restore: %s: %s\n", argv[optind], strerror(errno));
        return EXIT_FAILURE;
    }
    code = restore_from(from, argv[optind + 1], &wished);
    fclose(from);
    return code;
}
