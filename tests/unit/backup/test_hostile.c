// Files that nobody's `plenary backup` made, each signed with a key of its maker's own.
#include "../test.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../server/place.h"
#include "backup/restore.h"
#include "store/store.h"

#define DATA "SQLite format 3, or so it says"

// A member as it stands in the archive, whatever the manifest says of it.
struct member {
    const char *name;
    unsigned kind; // AE_IFREG…
    const char *link;
    const char *data;
    size_t size; // as the head says; 0: of the data
};

struct forged {
    struct manifest manifest;
    struct member members[6];
    uint32_t count;
};

static struct signer *signer;
static char key[1024];
static char here[PATH_MAX];
static struct restore restored;

static int enter(void **state)
{
    if (place_enter(state) != 0 || getcwd(here, sizeof(here)) == NULL ||
        signer_open("key.pem", &signer) != ERR_NONE) {
        return -1;
    }
    FILE *file = fopen("key.pem", "re");
    key[fread(key, 1, sizeof(key) - 1, file)] = '\0';
    fclose(file);
    return 0;
}

static int leave(void **state)
{
    signer_destroy(signer);
    return place_leave(state);
}

static void name_file(struct manifest *manifest, const char *name, const char *data)
{
    struct manifest_file *file = &manifest->files[manifest->file_count++];
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)data, strlen(data));
    sodium_bin2hex(file->sha256, sizeof(file->sha256), hash, sizeof(hash));
    strcpy(file->name, name);
    file->size = strlen(data);
}

static struct forged good(void)
{
    struct forged forged = {.manifest = {.at = 1, .database = store_version(), .made_by = "x"},
                            .members = {{.name = "report-key.pem", .kind = AE_IFREG, .data = key},
                                        {.name = "plenary.db", .kind = AE_IFREG, .data = DATA}},
                            .count = 2};
    name_file(&forged.manifest, "report-key.pem", key);
    name_file(&forged.manifest, "plenary.db", DATA);
    return forged;
}

static void put_member(struct archive *archive, const struct member *member)
{
    struct archive_entry *entry = archive_entry_new();
    size_t size = member->data != NULL ? strlen(member->data) : 0;
    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_filetype(entry, member->kind);
    archive_entry_set_perm(entry, 0666);
    if (member->kind == AE_IFLNK) {
        archive_entry_set_symlink(entry, member->link);
    } else if (member->link != NULL) {
        archive_entry_set_hardlink(entry, member->link);
    }
    archive_entry_set_size(entry, (la_int64_t)(member->size > 0 ? member->size : size));
    (void)archive_write_header(archive, entry);
    if (size > 0) {
        (void)archive_write_data(archive, member->data, size);
    }
    archive_entry_free(entry);
}

static void write_forged(struct forged *forged)
{
    char *text = NULL;
    struct archive *archive = archive_write_new();
    assert_int_equal(manifest_write(&forged->manifest, signer, &text), ERR_NONE);
    archive_write_set_format_pax_restricted(archive);
    archive_write_add_filter_zstd(archive);
    assert_int_equal(archive_write_open_filename(archive, "forged"), ARCHIVE_OK);
    put_member(archive, &(struct member){.name = MANIFEST_NAME, .kind = AE_IFREG, .data = text});
    for (uint32_t i = 0; i < forged->count; i++) {
        put_member(archive, &forged->members[i]);
    }
    archive_write_free(archive);
    free(text);
}

// Nothing is left of what was refused, neither here nor above.
static enum err unpack(const char *name)
{
    char folder[PATH_MAX + 8];
    snprintf(folder, sizeof(folder), "%s/new", here);
    FILE *from = fopen(name, "re");
    const struct restore_wish wish = {.from = from, .folder = folder};
    enum err err = restore_unpack(&wish, &restored);
    fclose(from);
    if (err != ERR_NONE) {
        DIR *left = opendir(".");
        for (struct dirent *entry = readdir(left); entry != NULL; entry = readdir(left)) {
            assert_true(entry->d_name[0] == '.' || strcmp(entry->d_name, name) == 0 ||
                        strcmp(entry->d_name, "key.pem") == 0);
        }
        closedir(left);
        assert_int_not_equal(access("../plenary.db", F_OK), 0);
    }
    return err;
}

static enum err unpack_forged(struct forged *forged)
{
    write_forged(forged);
    enum err err = unpack("forged");
    assert_int_equal(unlink("forged"), 0);
    return err;
}

static void the_pattern_is_taken(void **state)
{
    (void)state;
    struct forged forged = good();
    assert_int_equal(unpack_forged(&forged), ERR_NONE);
    restore_drop(&restored);
}

static void other_members_than_the_manifests_are_refused(void **state)
{
    (void)state;
    const struct member others[] = {
        {.name = "../plenary.db", .kind = AE_IFREG, .data = DATA},
        {.name = "/tmp/plenary.db", .kind = AE_IFREG, .data = DATA},
        {.name = "./plenary.db", .kind = AE_IFREG, .data = DATA},
        {.name = "plenary.db", .kind = AE_IFLNK, .link = "/etc/passwd"},
        {.name = "plenary.db", .kind = AE_IFREG, .link = "report-key.pem"},
        {.name = "plenary.db", .kind = AE_IFDIR},
        {.name = "plenary.db", .kind = AE_IFIFO},
        {.name = "plenary.db", .kind = AE_IFCHR},
        {.name = "tls-key.pem", .kind = AE_IFREG, .data = DATA},
        {.name = "plenary.db", .kind = AE_IFREG, .data = DATA "!"},             // longer
        {.name = "plenary.db", .kind = AE_IFREG, .data = "SQLite format"},      // shorter
        {.name = "plenary.db", .kind = AE_IFREG, .data = DATA, .size = 100000}, // ends before
        {.name = "plenary.db", .kind = AE_IFREG, .data = "SQLite format 4, or so it says"},
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct forged forged = good();
        forged.members[1] = others[i];
        assert_int_not_equal(unpack_forged(&forged), ERR_NONE);
        assert_true(restored.words[0] != '\0');
    }
    struct forged more = good();
    more.members[more.count++] = more.members[1];
    assert_int_equal(unpack_forged(&more), ERR_MALFORMED);
    struct forged fewer = good();
    fewer.count = 1;
    assert_int_equal(unpack_forged(&fewer), ERR_MALFORMED);
}

static void a_key_that_did_not_sign_it_is_refused(void **state)
{
    (void)state;
    struct signer *other = NULL;
    static char text[1024];
    assert_int_equal(signer_open("other", &other), ERR_NONE);
    signer_destroy(other);
    FILE *file = fopen("other", "re");
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    assert_int_equal(unlink("other"), 0);
    struct forged forged = good();
    forged.manifest.file_count = 0;
    forged.members[0].data = text;
    name_file(&forged.manifest, "report-key.pem", text);
    name_file(&forged.manifest, "plenary.db", DATA);
    assert_int_equal(unpack_forged(&forged), ERR_AUTHENTICATION);
    assert_non_null(strstr(restored.words, "not the one that signed it"));
}

static void a_newer_servers_is_refused_in_words(void **state)
{
    (void)state;
    struct forged forged = good();
    forged.manifest.database = store_version() + 1;
    assert_int_equal(unpack_forged(&forged), ERR_UNSUPPORTED);
    assert_non_null(strstr(restored.words, "newer server"));
}

static void more_than_a_file_can_hold_is_refused(void **state)
{
    (void)state;
    struct forged forged = good();
    forged.manifest.files[1].size = 1ull << 40;
    assert_int_equal(unpack_forged(&forged), ERR_MALFORMED);
    assert_non_null(strstr(restored.words, "more than it can"));
    // A gigabyte of nothing, which the manifest does not speak of: refused at its head.
    char *nothing = calloc(1, 64u << 20);
    memset(nothing, 'x', (64u << 20) - 1);
    forged = good();
    forged.members[1].data = nothing;
    assert_int_equal(unpack_forged(&forged), ERR_AUTHENTICATION);
    free(nothing);
}

static void damage_is_refused_or_does_no_harm(void **state)
{
    (void)state;
    struct forged forged = good();
    write_forged(&forged);
    static char bytes[65536];
    FILE *file = fopen("forged", "re");
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    assert_int_equal(unlink("forged"), 0);
    uint32_t refused = 0;
    for (size_t i = 0; i < 2 * size; i++) {
        FILE *to = fopen("damaged", "we");
        bytes[i / 2] ^= i % 2 == 0 ? 4 : 0;
        assert_int_equal(fwrite(bytes, 1, i % 2 == 0 ? size : i / 2, to),
                         i % 2 == 0 ? size : i / 2);
        fclose(to);
        bytes[i / 2] ^= i % 2 == 0 ? 4 : 0;
        if (unpack("damaged") == ERR_NONE) { // its files have their hashes all the same
            restore_drop(&restored);
        } else {
            refused++;
        }
    }
    assert_in_range(refused, 2 * size * 9 / 10, 2 * size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_pattern_is_taken, enter, leave),
        cmocka_unit_test_setup_teardown(other_members_than_the_manifests_are_refused, enter, leave),
        cmocka_unit_test_setup_teardown(a_key_that_did_not_sign_it_is_refused, enter, leave),
        cmocka_unit_test_setup_teardown(a_newer_servers_is_refused_in_words, enter, leave),
        cmocka_unit_test_setup_teardown(more_than_a_file_can_hold_is_refused, enter, leave),
        cmocka_unit_test_setup_teardown(damage_is_refused_or_does_no_harm, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
