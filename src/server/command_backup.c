// `plenary backup`: while the server runs, in a process of its own that gives way to it.
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "backup/backup.h"
#include "backup/sealed.h"
#include "base/text.h"
#include "server/command.h"
#include "server/command_secret.h"
#include "server/options.h"
#include "store/backup_note.h"

#define PASSPHRASE_LEAST 12
#define MIB              (1024 * 1024)

static const char usage[] =
    "Usage: plenary backup FILE [--passphrase FILE] [OPTIONS]\n"
    "Writes the database (meetings, people, documents), the keys and the signed heads, all of one\n"
    "moment, into FILE, also while the server runs and meetings sit. Everything that was\n"
    "acknowledged before the command began is in it. FILE must not be there; it gets its name "
    "when\n"
    "it is whole and on the disk. It holds private keys and everything that people wrote: it can\n"
    "be read by its owner only, and with --passphrase by nobody without the passphrase.\n"
    "Not in it: the configuration, and a certificate that the configuration names elsewhere.\n"
    "Run it as the user who owns the data folder, or root. `plenary restore` is the way back.";

// The server comes first, at the processor and at the disk.
static void give_way(void)
{
    const int class_best_effort = 2;
    const int lowest = 7;
    (void)!nice(10);
    (void)syscall(SYS_ioprio_set, 1 /* this process */, 0, class_best_effort << 13 | lowest);
}

// As seen from everywhere: the data folder becomes the working directory.
static bool whole_path(const char *given, char ret_path[PATH_MAX])
{
    char folder[PATH_MAX];
    char name[PATH_MAX];
    char resolved[PATH_MAX];
    text_copy_cut(folder, sizeof(folder), given);
    text_copy_cut(name, sizeof(name), given);
    if (realpath(dirname(folder), resolved) == NULL) {
        fprintf(stderr, "plenary backup: %s: %s\n", given, strerror(errno));
        return false;
    }
    struct text_builder path = text_builder(ret_path, PATH_MAX);
    text_append_format(&path, "%s/%s", text_equal(resolved, "/") ? "" : resolved, basename(name));
    if (path.failed) {
        fprintf(stderr, "plenary backup: %s: the name is too long\n", given);
    }
    return !path.failed;
}

static void note(const struct backup_made *made, bool sealed)
{
    const struct backup_note last = {
        .at = made->manifest.at, .bytes = made->bytes, .sealed = sealed};
    struct store *store = NULL;
    enum err err = store_open(STORE_FILE_NAME, &store);
    if (err == ERR_NONE) {
        err = backup_note_set(store, &last);
    }
    if (err != ERR_NONE) {
        fprintf(stderr,
                "plenary backup: the backup is whole, but the database could not be told of it\n");
    }
    store_close(store);
}

static void print_made(const char *path, const struct backup_made *made, bool sealed)
{
    char date[32] = "";
    time_t at = (time_t)(made->manifest.at / 1000);
    struct tm parts;
    if (gmtime_r(&at, &parts) != NULL) {
        (void)strftime(date, sizeof(date), "%F %T UTC", &parts);
    }
    printf("%s: %llu KiB, %u files as of %s, %s, signed by %s\n", path,
           (unsigned long long)(made->bytes >> 10), made->manifest.file_count, date,
           sealed ? "sealed" : "not sealed: keep it as you would the keys", made->manifest.key);
}

static int make(const struct backup_wish *wish, const char *data)
{
    struct backup_made made;
    give_way();
    if (chdir(data) != 0) {
        fprintf(stderr, "plenary backup: %s: %s\n", data, strerror(errno));
        return EXIT_FAILURE;
    }
    if (backup_make(wish, &made) != ERR_NONE) {
        fprintf(stderr, "plenary backup: %s\n", made.words);
        return EXIT_FAILURE;
    }
    note(&made, wish->passphrase != NULL);
    print_made(wish->path, &made, wish->passphrase != NULL);
    return EXIT_SUCCESS;
}

int command_backup(int argc, char **argv)
{
    const char *secret = NULL;
    const struct option_extra extras[] = {
        {"passphrase", true, &secret, NULL,
         "seals it: the file whose first line is the passphrase; -: standard input"},
        {0}};
    struct options options;
    char path[PATH_MAX];
    char passphrase[SEALED_PASSPHRASE_MAX + 2];
    int code = 0;
    if (!options_read(argc, argv, usage, extras, &options, &code)) {
        return code;
    }
    if (optind + 1 != argc) {
        fprintf(stderr, "plenary backup: name one file; see --help\n");
        return 2;
    }
    if (!whole_path(argv[optind], path) ||
        (secret != NULL && !command_secret_passphrase("backup", secret, PASSPHRASE_LEAST,
                                                      passphrase, sizeof(passphrase)))) {
        return EXIT_FAILURE;
    }
    const struct backup_wish wish = {.path = path,
                                     .passphrase = secret != NULL ? passphrase : NULL,
                                     .spare_bytes = (uint64_t)options.config.low_mib * MIB};
    code = make(&wish, options.config.data);
    explicit_bzero(passphrase, sizeof(passphrase));
    return code;
}
