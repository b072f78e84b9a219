#include "../test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../server/place.h"
#include "backup/backup.h"
#include "backup/restore.h"
#include "store/backup_note.h"
#include "store/store.h"

#define WORDS "correct horse battery"

static char here[PATH_MAX];
static struct backup_made made;
static struct restore restored;

static void set(const char *database, const char *key, const char *value)
{
    struct store *store = NULL;
    assert_int_equal(store_open(database, &store), ERR_NONE);
    assert_int_equal(store_setting_set(store, key, value), ERR_NONE);
    store_close(store);
}

static int enter(void **state)
{
    struct signer *signer = NULL;
    if (place_enter(state) != 0 || getcwd(here, sizeof(here)) == NULL ||
        signer_open("report-key.pem", &signer) != ERR_NONE) {
        return -1;
    }
    signer_destroy(signer);
    set(STORE_FILE_NAME, "greeting", "hello");
    return 0;
}

static const char *in_here(const char *name)
{
    static char paths[2][PATH_MAX + 32];
    static int next;
    next = 1 - next;
    snprintf(paths[next], sizeof(paths[next]), "%s/%s", here, name);
    return paths[next];
}

static enum err back_up(const char *name, const char *passphrase)
{
    const struct backup_wish wish = {.path = in_here(name), .passphrase = passphrase};
    return backup_make(&wish, &made);
}

static enum err unpack(const char *name, const char *folder, const char *passphrase,
                       const struct signer *signer)
{
    FILE *from = fopen(in_here(name), "re");
    assert_non_null(from);
    const struct restore_wish wish = {
        .from = from, .passphrase = passphrase, .folder = in_here(folder), .signer = signer};
    enum err err = restore_unpack(&wish, &restored);
    fclose(from);
    assert_int_equal(err == ERR_NONE, restored.words[0] == '\0');
    assert_int_equal(err == ERR_NONE, restored.unpacked[0] != '\0');
    return err;
}

static uint32_t entries(void)
{
    DIR *folder = opendir(here);
    uint32_t count = 0;
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

static void assert_same_file(const char *a, const char *b)
{
    static char bytes[2][8192];
    const char *paths[] = {a, b};
    size_t sizes[2];
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(paths[i], "re");
        assert_non_null(file);
        sizes[i] = fread(bytes[i], 1, sizeof(bytes[i]), file);
        fclose(file);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
}

static void everything_comes_back(void **state)
{
    (void)state;
    const char *passphrases[] = {NULL, WORDS};
    const char *files[] = {"plain", "sealed"};
    const char *folders[] = {"one", "two"};
    struct stat status;
    char words[200];
    place_put("anchors.jsonl", "{}\n");
    place_put("tls-key.pem", "a key\n");
    place_put("account-key", "another key\n");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(back_up(files[i], passphrases[i]), ERR_NONE);
        assert_int_equal(stat(files[i], &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        assert_int_equal(status.st_size, made.bytes);
        set(STORE_FILE_NAME, "greeting", "changed since");
        assert_int_equal(unpack(files[i], folders[i], passphrases[i], NULL), ERR_NONE);
        assert_int_equal(access(folders[i], F_OK), -1); // not before it is verified
        assert_int_equal(restore_keep(&restored), ERR_NONE);
        assert_int_equal(chdir(folders[i]), 0);
        assert_int_equal(stat(".", &status), 0);
        assert_int_equal(status.st_mode & 0777, 0700);
        assert_same_file("report-key.pem", "../report-key.pem");
        assert_same_file("anchors.jsonl", "../anchors.jsonl");
        assert_same_file("tls-key.pem", "../tls-key.pem");
        assert_same_file("account-key", "../account-key");
        assert_int_equal(access("tls-certificate.pem", F_OK), -1); // there was none
        assert_int_equal(store_examine(STORE_FILE_NAME, words, sizeof(words)), ERR_NONE);
        assert_int_equal(chdir(here), 0);
    }
    struct store *store = NULL;
    char value[STORE_SETTING_VALUE_MAX + 1];
    assert_int_equal(store_open_reader("one/plenary.db", &store), ERR_NONE);
    assert_int_equal(store_setting_get(store, "greeting", value), ERR_NONE);
    assert_string_equal(value, "hello");
    store_close(store);
}

static void a_backup_replaces_nothing_and_leaves_nothing(void **state)
{
    (void)state;
    place_put("taken", "mine");
    uint32_t before = entries();
    assert_int_equal(back_up("taken", NULL), ERR_CONFLICT);
    assert_non_null(strstr(made.words, "replaces nothing"));
    assert_int_equal(back_up("no/such/folder", NULL), ERR_IO);
    // One that was cut off left this, which nobody locks.
    place_put("backup-copy.db", "half of it");
    assert_int_equal(back_up("new", NULL), ERR_NONE);
    set(STORE_FILE_NAME, "greeting", "again"); // takes away the log that reading begins
    assert_int_equal(entries(), before + 1);
    assert_int_equal(unlink("report-key.pem"), 0);
    assert_int_equal(back_up("without", NULL), ERR_NOT_FOUND);
    assert_int_equal(access("report-key.pem", F_OK), -1); // no new key is made
}

static void one_backup_at_a_time(void **state)
{
    (void)state;
    int lock = open("backup-copy.db", O_RDWR | O_CREAT, 0600);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(back_up("new", NULL), ERR_CONFLICT);
    assert_non_null(strstr(made.words, "another backup"));
    close(lock);
    assert_int_equal(back_up("new", NULL), ERR_NONE);
}

static void the_disk_of_the_meetings_is_not_filled(void **state)
{
    (void)state;
    uint32_t before = entries();
    const struct backup_wish wish = {.path = in_here("new"), .spare_bytes = UINT64_MAX / 2};
    assert_int_equal(backup_make(&wish, &made), ERR_STORAGE);
    assert_non_null(strstr(made.words, "MiB free"));
    assert_int_equal(entries(), before);
}

static void what_is_restored_takes_nothings_place(void **state)
{
    (void)state;
    assert_int_equal(back_up("file", NULL), ERR_NONE);
    assert_int_equal(mkdir("empty", 0755), 0);
    assert_int_equal(mkdir("full", 0755), 0);
    place_put("full/letter", "Dear Sir");
    uint32_t before = entries();
    assert_int_equal(unpack("file", "full", NULL, NULL), ERR_CONFLICT);
    assert_int_equal(unpack("file", "file", NULL, NULL), ERR_CONFLICT); // no folder at all
    assert_int_equal(unpack("file", "none/such", NULL, NULL), ERR_IO);
    assert_int_equal(entries(), before);
    assert_int_equal(unpack("file", "empty", NULL, NULL), ERR_NONE);
    place_put("empty/letter", "Dear Madam"); // meanwhile
    assert_int_equal(restore_keep(&restored), ERR_IO);
    restore_drop(&restored);
    assert_int_equal(entries(), before);
    assert_int_equal(unlink("empty/letter"), 0);
    assert_int_equal(unpack("file", "empty", NULL, NULL), ERR_NONE);
    assert_int_equal(restore_keep(&restored), ERR_NONE);
    assert_int_equal(access("empty/plenary.db", F_OK), 0);
    assert_int_equal(entries(), before);
}

static void whose_it_is_can_be_asked(void **state)
{
    (void)state;
    struct signer *ours = NULL;
    struct signer *other = NULL;
    assert_int_equal(signer_open("report-key.pem", &ours), ERR_NONE);
    assert_int_equal(signer_open("other.pem", &other), ERR_NONE);
    assert_int_equal(back_up("file", WORDS), ERR_NONE);
    assert_int_equal(unpack("file", "a", WORDS, other), ERR_AUTHENTICATION);
    assert_non_null(strstr(restored.words, "another key"));
    assert_int_equal(unpack("file", "a", NULL, ours), ERR_UNAUTHENTICATED);
    assert_int_equal(unpack("file", "a", "correct horse", ours), ERR_UNAUTHENTICATED);
    assert_int_equal(unpack("file", "a", WORDS, ours), ERR_NONE);
    restore_drop(&restored);
    signer_destroy(other);
    signer_destroy(ours);
}

static void the_last_one_is_noted(void **state)
{
    (void)state;
    struct store *store = NULL;
    struct backup_note note = {.at = 7};
    assert_int_equal(store_open(STORE_FILE_NAME, &store), ERR_NONE);
    assert_int_equal(backup_note_get(store, &note), ERR_NONE);
    assert_int_equal(note.at, 0);
    const struct backup_note last = {.at = 1796051435655, .bytes = 1ull << 40, .sealed = true};
    assert_int_equal(backup_note_set(store, &last), ERR_NONE);
    assert_int_equal(backup_note_get(store, &note), ERR_NONE);
    assert_int_equal(note.at, last.at);
    assert_int_equal(note.bytes, last.bytes);
    assert_true(note.sealed);
    assert_int_equal(store_setting_set(store, "backup.last", "yesterday"), ERR_NONE);
    assert_int_equal(backup_note_get(store, &note), ERR_MALFORMED);
    assert_int_equal(note.at, 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_comes_back, enter, place_leave),
        cmocka_unit_test_setup_teardown(a_backup_replaces_nothing_and_leaves_nothing, enter,
                                        place_leave),
        cmocka_unit_test_setup_teardown(one_backup_at_a_time, enter, place_leave),
        cmocka_unit_test_setup_teardown(the_disk_of_the_meetings_is_not_filled, enter, place_leave),
        cmocka_unit_test_setup_teardown(what_is_restored_takes_nothings_place, enter, place_leave),
        cmocka_unit_test_setup_teardown(whose_it_is_can_be_asked, enter, place_leave),
        cmocka_unit_test_setup_teardown(the_last_one_is_noted, enter, place_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
