// Offers and what becomes of them: the table of tests/data/offers.txt, and offers made at random.
// What is answered must then carry sound, and pictures where the answer takes them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "offer_carrier.h"
#include "offer_random.h"
#include "wire/sdp.h"

#define LINE_MAX    1024
#define OFFER_SPACE (2 * SDP_SIZE_MAX)
#define RANDOM      3000 // offers

static const char *data_folder;
static uint64_t seed;
static unsigned random_count = RANDOM;
static char offer[OFFER_SPACE];
static char edited[OFFER_SPACE];

struct expectation {
    char name[LINE_MAX];
    enum offer_door door;
    bool lenient;
    bool judged;
    struct offer_outcome outcome;
};

// "\n" and the others of the table, in place.
static void unescape(char *text)
{
    static const char *const escapes[][2] = {{"\\n", "\r\n"}, {"\\r", "\r"},
                                             {"\\t", "\t"},   {"\\s", " "},
                                             {"\\e", ""},     {"\\B", "\xef\xbb\xbf"}};
    static char rest[LINE_MAX];
    for (char *at = text; *at != 0; at++) {
        for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
            if (strncmp(at, escapes[i][0], 2) == 0) {
                (void)snprintf(rest, sizeof(rest), "%s", at + 2);
                at += sprintf(at, "%s", escapes[i][1]);
                strcpy(at, rest);
                i = (size_t)-1;
            }
        }
        if (*at == 0) {
            return;
        }
    }
}

static void base_load(const char *name)
{
    char path[LINE_MAX + 512];
    (void)snprintf(path, sizeof(path), "%s/offers/%s.sdp", data_folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    offer[fread(offer, 1, sizeof(offer) - 1, file)] = 0;
    (void)fclose(file);
}

static void replace(const char *from, const char *to)
{
    char *out = edited;
    const char *at = offer;
    const char *found;
    while ((found = strstr(at, from)) != NULL) {
        out += sprintf(out, "%.*s%s", (int)(found - at), at, to);
        at = found + strlen(from);
    }
    assert_ptr_not_equal(at, offer); // an edit that changes nothing proves nothing
    strcpy(out, at);
    strcpy(offer, edited);
}

static void edit(char *line)
{
    char *to = strstr(line, " => ");
    assert_non_null(to);
    *to = 0;
    to += 4;
    unescape(line);
    unescape(to);
    replace(line, to);
}

static void repeat(const char *line)
{
    char *text = NULL;
    unsigned long count = strtoul(line, &text, 10);
    const char *number = strstr(text, "%d");
    size_t size = strlen(offer);
    for (unsigned long i = 1; i <= count; i++) {
        text += *text == ' ';
        int before = number != NULL ? (int)(number - text) : (int)strlen(text);
        size += (size_t)snprintf(offer + size, sizeof(offer) - size, "%.*s", before, text);
        if (number != NULL) {
            size += (size_t)snprintf(offer + size, sizeof(offer) - size, "%lu%s", i, number + 2);
        }
        size += (size_t)snprintf(offer + size, sizeof(offer) - size, "\r\n");
    }
}

static void judge(struct expectation *expected)
{
    char *direction;
    const char *own = expected->door == OFFER_WHIP ? "sendonly " : "recvonly ";
    while ((direction = strstr(offer, "DIRECTION")) != NULL) {
        memmove(direction + 8, direction + 9, strlen(direction + 9) + 1);
        memcpy(direction, own, 8);
    }
    offer_carry(expected->door, expected->lenient, offer, strlen(offer), &expected->outcome);
    expected->judged = true;
}

static void expect_taken(struct expectation *expected, const char *what)
{
    judge(expected);
    const struct offer_outcome *outcome = &expected->outcome;
    if (outcome->err != ERR_NONE) {
        fail_msg("refused: %s", outcome->reason);
    }
    assert_int_equal(outcome->sound, strstr(what, "sound") != NULL);
    assert_int_equal(outcome->picture, strstr(what, "picture") != NULL);
    assert_int_equal(outcome->sound_heard > 0, outcome->sound);
    assert_int_equal(outcome->picture_seen > 0, outcome->picture);
}

static void expect_refused(struct expectation *expected, const char *what)
{
    char *words = NULL;
    unsigned long status = strtoul(what, &words, 10);
    judge(expected);
    const struct offer_outcome *outcome = &expected->outcome;
    int got = outcome->err == ERR_UNSUPPORTED ? 422 : err_http_status(outcome->err);
    if (got != (int)status || strstr(outcome->reason, words + 1) == NULL) {
        fail_msg("%d: %s", got, outcome->reason);
    }
}

static void expect_answer(const struct expectation *expected, char *text)
{
    bool absent = strncmp(text, "not ", 4) == 0;
    unescape(text);
    assert_true(expected->judged);
    assert_int_equal(strstr(expected->outcome.answer, absent ? text + 4 : text) == NULL, absent);
}

static void line_read(struct expectation *expected, char *line)
{
    if (strcmp(line, "whep") == 0 || strcmp(line, "whip") == 0) {
        expected->door = strcmp(line, "whip") == 0 ? OFFER_WHIP : OFFER_WHEP;
    } else if (strncmp(line, "from ", 5) == 0) {
        base_load(line + 5);
    } else if (strncmp(line, "edit ", 5) == 0) {
        edit(line + 5);
    } else if (strncmp(line, "repeat ", 7) == 0) {
        repeat(line + 7);
    } else if (strcmp(line, "lf") == 0) {
        replace("\r\n", "\n");
    } else if (strcmp(line, "lenient") == 0) {
        expected->lenient = true;
    } else if (strncmp(line, "taken ", 6) == 0) {
        expect_taken(expected, line + 6);
    } else if (strncmp(line, "refused ", 8) == 0) {
        expect_refused(expected, line + 8);
    } else if (strncmp(line, "answer ", 7) == 0) {
        expect_answer(expected, line + 7);
    } else {
        fail_msg("the table cannot be read: %s", line);
    }
}

static void test_the_table(void **state)
{
    (void)state;
    static struct expectation expected;
    char path[512];
    char line[LINE_MAX];
    unsigned count = 0;
    (void)snprintf(path, sizeof(path), "%s/offers.txt", data_folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "== ", 3) == 0) {
            assert_true(expected.judged || count == 0);
            expected = (struct expectation){.judged = false};
            (void)snprintf(expected.name, sizeof(expected.name), "%s", line + 3);
            print_message("%s\n", expected.name);
            count++;
        } else if (line[0] != 0 && line[0] != '#') {
            line_read(&expected, line);
        }
    }
    (void)fclose(file);
    assert_true(expected.judged && count > 90);
}

// Every offer is refused with a reason, or carries what its answer promises.
static void test_random_offers(void **state)
{
    (void)state;
    unsigned taken[2] = {0, 0};
    struct offer_outcome outcome;
    for (unsigned i = 0; i < random_count; i++) {
        uint64_t own = seed + i;
        enum offer_door door = own % 2 == 0 ? OFFER_WHIP : OFFER_WHEP;
        size_t size = offer_random(own, door == OFFER_WHIP, offer, sizeof(offer));
        offer_carry(door, own % 3 == 0, offer, size, &outcome);
        bool told = outcome.err != ERR_NONE && outcome.reason[0] != 0;
        bool carried = outcome.err == ERR_NONE && (outcome.sound || outcome.picture) &&
                       (outcome.sound_heard > 0) == outcome.sound &&
                       (outcome.picture_seen > 0) == outcome.picture;
        if (!told && !carried) {
            print_message("%s\n%s\n", offer, outcome.answer);
            fail_msg("seed %llu: error %d \"%s\", sound %d %u, picture %d %u",
                     (unsigned long long)own, outcome.err, outcome.reason, outcome.sound,
                     outcome.sound_heard, outcome.picture, outcome.picture_seen);
        }
        taken[0] += carried && outcome.sound;
        taken[1] += carried && outcome.picture;
    }
    print_message("%u offers from seed %llu: %u carry sound, %u a picture\n", random_count,
                  (unsigned long long)seed, taken[0], taken[1]);
    assert_true(taken[0] > random_count / 5 && taken[1] > random_count / 10);
}

static int setup(void **state)
{
    (void)state;
    offer_carrier_init();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    offer_carrier_finish();
    return 0;
}

// test_offers DATA [SEED [COUNT]]
int main(int argc, char **argv)
{
    data_folder = argc > 1 ? argv[1] : "";
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    random_count = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : RANDOM;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_random_offers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
