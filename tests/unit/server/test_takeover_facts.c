// What a version says of itself before it takes over: written, read back, and whatever else a
// program may say.
#include "../test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/takeover_facts.h"

static struct takeover_facts facts;
static char text[TAKEOVER_FACTS_MAX];

static enum err read_text(const char *said)
{
    return takeover_facts_read(said, strlen(said), &facts);
}

static struct takeover_facts good(void)
{
    struct takeover_facts some = {
        .link = 6, .tables = 12, .makes = 13, .unreadable = 2, .ready = true};
    strcpy(some.version, "1.2.3");
    strcpy(some.layout, "1.2.2304.128.72");
    return some;
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    struct takeover_facts some = good();
    assert_int_equal(takeover_facts_write(&some, text, sizeof(text)), ERR_NONE);
    assert_int_equal(read_text(text), ERR_NONE);
    assert_memory_equal(&facts, &some, sizeof(facts));
    some.ready = false;
    memset(some.refusal, 'x', TAKEOVER_REFUSAL_MAX);
    assert_int_equal(takeover_facts_write(&some, text, sizeof(text)), ERR_NONE);
    assert_int_equal(read_text(text), ERR_NONE);
    assert_memory_equal(&facts, &some, sizeof(facts));
    assert_int_equal(takeover_facts_write(&some, text, 100), ERR_TOO_LARGE);
}

#define ALL "plenary 1\nlayout 1.2\nlink 6\ntables 12\nmakes 12\nunreadable 0\n"

static void test_a_later_version_may_say_more(void **state)
{
    (void)state;
    assert_int_equal(read_text("colour red\n" ALL "linked 7\nready\nand more"), ERR_NONE);
    assert_true(facts.ready);
    assert_int_equal(facts.link, 6);
    // Who refuses need not know anything else.
    assert_int_equal(read_text("refused no such key\n"), ERR_NONE);
    assert_false(facts.ready);
    assert_string_equal(facts.refusal, "no such key");
}

static void test_anything_else_is_no_answer(void **state)
{
    (void)state;
    static const char *const said[] = {
        "",
        "ready\n",
        ALL,
        ALL "ready",                    // cut off
        ALL "refused\n",                // without a word
        ALL "link 6\nready\n",          // twice
        "plenary \n" ALL "ready\n",     // nothing
        "link -1\nrefused x\n",         // no number
        "link 4294967296\nrefused x\n", // too large a one
        "layout a b\nrefused x\n",      // no word
        "plenary \033[2J\nrefused x\n", // for terminals
        "refused \xff\xfe\n",           // no text
        "plenary 12345678901234567890123456789012\nrefused x\n",
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        assert_int_equal(read_text(said[i]), ERR_MALFORMED);
    }
    assert_int_equal(
        takeover_facts_read(ALL "refused \0\n", sizeof(ALL "refused \0\n") - 1, &facts),
        ERR_MALFORMED);
}

static void test_a_long_refusal_is_cut_between_characters(void **state)
{
    (void)state;
    char said[8 + 600 + 2] = "refused ";
    for (size_t i = 0; i < 300; i++) {
        strcat(said, "é");
    }
    strcat(said, "\n");
    assert_int_equal(read_text(said), ERR_NONE);
    assert_int_equal(strlen(facts.refusal), TAKEOVER_REFUSAL_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_a_later_version_may_say_more),
        cmocka_unit_test(test_anything_else_is_no_answer),
        cmocka_unit_test(test_a_long_refusal_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
