#include "../test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "http/static_files.h"

static char root[] = "/tmp/plenary-static-XXXXXX";
static struct static_files files;

static void put(const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void drop(const char *name)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    (void)unlink(path);
    (void)rmdir(path);
}

static int make_root(void **state)
{
    (void)state;
    char path[300];
    strcpy(root, "/tmp/plenary-static-XXXXXX");
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof(path), "%s/assets", root);
    assert_int_equal(mkdir(path, 0700), 0);
    put("index.html", "<p>page</p>");
    put("assets/a-1.js", "one();");
    put("assets/a-1.js.gz", "compressed");
    put("notes", "plain");
    snprintf(path, sizeof(path), "%s/passwd.txt", root);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof(path), "%s/outside", root);
    assert_int_equal(symlink("/etc", path), 0);
    return 0;
}

static int remove_root(void **state)
{
    (void)state;
    static const char *const names[] = {
        "index.html",    "assets/a-1.js", "assets/a-1.js.gz", "assets",  "notes",
        "index.ar.html", "index.fr.html", "passwd.txt",       "outside", ""};
    static_files_finish(&files);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        drop(names[i]);
    }
    return 0;
}

static void files_are_found_whole(void **state)
{
    (void)state;
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    const struct static_file *script = static_files_find(&files, "/assets/a-1.js", NULL);
    assert_non_null(script);
    assert_int_equal(script->size, 6);
    assert_memory_equal(script->data, "one();", 6);
    assert_int_equal(script->gzip_size, 10);
    assert_memory_equal(script->gzip, "compressed", 10);
    assert_true(script->immutable);
    assert_string_equal(script->content_type, "text/javascript; charset=utf-8");
    assert_int_equal(strlen(script->etag), 34);
    assert_int_equal(script->etag[0], '"');
    const struct static_file *page = static_files_find(&files, "/index.html", NULL);
    assert_non_null(page);
    assert_false(page->immutable);
    assert_string_not_equal(page->etag, script->etag);
    assert_null(page->gzip);
    const struct static_file *notes = static_files_find(&files, "/notes", NULL);
    assert_non_null(notes);
    assert_string_equal(notes->content_type, "application/octet-stream");
    assert_null(static_files_find(&files, "/assets/a-1.js.gz", NULL));
}

static void a_reader_gets_the_page_of_the_language(void **state)
{
    (void)state;
    static const struct {
        const char *languages;
        const char *page;
    } cases[] = {{NULL, "/index.html"},
                 {"", "/index.html"},
                 {"fr", "/index.fr.html"},
                 {"FR-ca,en;q=0.9", "/index.fr.html"},
                 {"de-DE, de;q=0.9 ,fr;q=0.8,ar;q=0.7", "/index.fr.html"},
                 {"ar-EG;q=1.0", "/index.ar.html"},
                 {"tlh,*;q=0.5", "/index.html"},
                 {"../,%2e,,;;,  ,fra", "/index.html"}};
    put("index.ar.html", "<p>ar</p>");
    put("index.fr.html", "<p>fr</p>");
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct static_file *page = static_files_find(&files, "/m/demo", cases[i].languages);
        assert_non_null(page);
        assert_string_equal(page->path, cases[i].page);
        assert_true(page->by_language);
    }
    // A file is what it is in every language.
    assert_string_equal(static_files_find(&files, "/notes", "fr")->path, "/notes");
    assert_false(static_files_find(&files, "/notes", "fr")->by_language);
}

static void the_pages_own_paths_give_the_page(void **state)
{
    (void)state;
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    const struct static_file *page = static_files_find(&files, "/index.html", NULL);
    FILE *table = fopen(TEST_DATA "/addresses.txt", "r");
    assert_non_null(table);
    char line[200];
    size_t count = 0;
    while (fgets(line, sizeof(line), table) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        bool is_page = text_starts_with(line, "page ");
        if (!is_page && !text_starts_with(line, "none ")) {
            continue; // a comment
        }
        const struct static_file *found = static_files_find(&files, line + 5, NULL);
        if (found != (is_page ? page : NULL)) {
            fail_msg("%s", line);
        }
        count++;
    }
    fclose(table);
    assert_true(count > 20);
    assert_null(static_files_find(&files, "", NULL));
    assert_null(static_files_find(&files, "/m/\xe0\xa4", NULL)); // no UTF-8, so nobody's name
}

static void the_page_says_what_it_came_in_place_of(void **state)
{
    (void)state;
    static const char said[] = "<meta name=\"plenary-status\" content=\"200\" /><p>page</p>";
    put("index.html", said);
    put("index.fr.html", "<p>fr</p>");
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    const struct static_file *page = static_files_page(&files, "de");
    assert_string_equal(page->path, "/index.html");
    assert_memory_equal(page->data, said, sizeof(said) - 1);
    char *missing = static_file_with_status(page, 404);
    assert_non_null(missing);
    assert_memory_equal(missing, "<meta name=\"plenary-status\" content=\"404\" /><p>page</p>",
                        page->size);
    free(missing);
    // One that has no place for it says nothing of it.
    page = static_files_page(&files, "fr");
    char *french = static_file_with_status(page, 404);
    assert_memory_equal(french, "<p>fr</p>", page->size);
    free(french);
    put("index.html", "<meta name=\"plenary-status\" content=\"20");
    static_files_finish(&files);
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    assert_int_equal(static_files_page(&files, "de")->status_at, 0);
}

static void nothing_outside_is_reached(void **state)
{
    (void)state;
    static const char *const paths[] = {"/../etc/passwd",   "/../../../../etc/passwd",
                                        "//etc/passwd",     "/assets/../../etc/passwd",
                                        "/passwd.txt",      "/outside/passwd",
                                        "/outside",         "/assets",
                                        "/assets/",         "/./index.html",
                                        "/assets/../notes", "index.html",
                                        "/index.html/",     "/INDEX.HTML",
                                        "/\\notes",         "/%2e%2e/etc/passwd"};
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_null(static_files_find(&files, paths[i], NULL));
    }
    assert_null(static_files_find(&files, "/m/../../etc/passwd", NULL));
    // What looks like a meeting is the page and nothing else.
    assert_ptr_equal(static_files_find(&files, "/m/..", NULL),
                     static_files_find(&files, "/index.html", NULL));
    char longest[5000];
    memset(longest, 'a', sizeof(longest) - 1);
    longest[0] = '/';
    longest[sizeof(longest) - 1] = '\0';
    assert_null(static_files_find(&files, longest, NULL));
    assert_int_equal(files.count, 3);
}

static void without_a_page_there_is_nothing_to_serve(void **state)
{
    (void)state;
    drop("index.html");
    assert_int_equal(static_files_load(&files, root, ""), ERR_NOT_FOUND);
    assert_int_equal(static_files_load(&files, "/nowhere/at/all", ""), ERR_NOT_FOUND);
    assert_null(static_files_page(&files, NULL));
}

static void the_page_knows_where_it_stands(void **state)
{
    (void)state;
    put("index.html", "<link href=\"./icon.svg\"/><script src=\"./assets/a-1.js\"></script>./\"./");
    put("index.html.gz", "of before");
    assert_int_equal(static_files_load(&files, root, "/sub"), ERR_NONE);
    const struct static_file *page = static_files_find(&files, "/m/demo", NULL);
    static const char placed[] =
        "<link href=\"/sub/icon.svg\"/>"
        "<script src=\"/sub/assets/a-1.js\"></script>./\"/sub/";
    assert_int_equal(page->size, strlen(placed));
    assert_memory_equal(page->data, placed, page->size);
    assert_null(page->gzip);
    char etag[sizeof(page->etag)];
    strcpy(etag, page->etag);
    static_files_finish(&files);
    assert_int_equal(static_files_load(&files, root, ""), ERR_NONE);
    page = static_files_find(&files, "/", NULL);
    assert_memory_equal(page->data, "<link href=\"/icon.svg\"/>", 24);
    assert_string_not_equal(page->etag, etag);
    drop("index.html.gz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_found_whole, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_reader_gets_the_page_of_the_language, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(the_pages_own_paths_give_the_page, make_root, remove_root),
        cmocka_unit_test_setup_teardown(the_page_says_what_it_came_in_place_of, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(nothing_outside_is_reached, make_root, remove_root),
        cmocka_unit_test_setup_teardown(without_a_page_there_is_nothing_to_serve, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(the_page_knows_where_it_stands, make_root, remove_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
