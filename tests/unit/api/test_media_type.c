// Media types as requests name them.
#include "../test.h"

#include "api/media_type.h"

static void a_body_is_of_a_type_whatever_its_parameters(void **state)
{
    (void)state;
    assert_true(media_type_is("application/pdf", "application/pdf"));
    assert_true(media_type_is("Application/PDF ; a=b", "application/pdf"));
    assert_true(media_type_is("application/pdf;a", "application/pdf"));
    assert_true(media_type_is("application/pdf\t", "application/pdf"));
    static const char *const others[] = {NULL,
                                         "",
                                         "application/pd",
                                         "application/pdfx",
                                         " application/pdf",
                                         "application/pdf,text/plain"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(media_type_is(others[i], "application/pdf"));
    }
}

static void or_of_one_of_several(void **state)
{
    (void)state;
    static const char list[] = "text/plain, application/pdf";
    assert_true(media_type_is_one_of("text/plain; charset=utf-8", list));
    assert_true(media_type_is_one_of("application/pdf", list));
    static const char *const others[] = {
        NULL, "", "text/plain, application/pdf", "text/plai", "application/json", ","};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(media_type_is_one_of(others[i], list));
    }
}

static void an_answer_is_taken_by_one_of_the_ranges(void **state)
{
    (void)state;
    static const char *const takes[] = {NULL,
                                        "",
                                        "*/*",
                                        "application/*",
                                        "APPLICATION/SDP",
                                        "text/html;q=0.1 ,\tapplication/sdp;q=0.5",
                                        "text/html, */*;q=0.1"};
    for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
        assert_true(media_type_is_accepted(takes[i], "application/sdp"));
    }
    static const char *const others[] = {
        "text/html", "application", "application/", "*", "application/sdpx", "text/*", ",", "*/*x"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(media_type_is_accepted(others[i], "application/sdp"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_of_a_type_whatever_its_parameters),
        cmocka_unit_test(or_of_one_of_several),
        cmocka_unit_test(an_answer_is_taken_by_one_of_the_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
