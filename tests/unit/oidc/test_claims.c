// Who a person is by their claims, and what their groups give them.
#include "../test.h"

#include "oidc/claims.h"

static const struct oidc_mapping mapping = {
    .groups_claim = "groups",
    .administrator_groups = "operators,it",
    .role_groups = "secretariat=registry,office;documents=office;other=it"};

static const char *roles_of(const char *claims)
{
    static struct oidc_person person;
    json_t *object = json_loads(claims, 0, NULL);
    assert_non_null(object);
    assert_true(claims_person(object, &mapping, &person));
    json_decref(object);
    return person.roles;
}

static void groups_give_roles(void **state)
{
    (void)state;
    assert_string_equal(roles_of("{\"sub\":\"1\"}"), "");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":[]}"), "");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":[\"operators\"]}"), "administrator");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":[\"x\",\"office\"]}"),
                        "secretariat,documents");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":[\"it\",\"registry\"]}"),
                        "administrator,secretariat,other");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":\"office\"}"), "secretariat,documents");
    // A part of a name, a list in one, or what is no text, is none.
    assert_string_equal(
        roles_of("{\"sub\":\"1\",\"groups\":[\"oper\",\"operators,it\",\"\",7,null]}"), "");
    assert_string_equal(roles_of("{\"sub\":\"1\",\"groups\":{\"operators\":true}}"), "");
}

static void role_groups_are_written_in_one_manner(void **state)
{
    static const char *const unfit[] = {
        "secretariat", "=a", "secretariat=", "Secretariat=a", "secretariat=a;;documents=b",
        "a b=c"};
    (void)state;
    assert_true(oidc_role_groups_are_fit(""));
    assert_true(oidc_role_groups_are_fit("secretariat=a"));
    assert_true(oidc_role_groups_are_fit(mapping.role_groups));
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
        assert_false(oidc_role_groups_are_fit(unfit[i]));
    }
}

static void a_role_is_named_or_not(void **state)
{
    (void)state;
    assert_true(oidc_role_groups_name(mapping.role_groups, "secretariat"));
    assert_true(oidc_role_groups_name(mapping.role_groups, "other"));
    assert_false(oidc_role_groups_name(mapping.role_groups, "office"));
    assert_false(oidc_role_groups_name(mapping.role_groups, "secret"));
    assert_false(oidc_role_groups_name("", "secretariat"));
}

static void a_person_has_a_subject(void **state)
{
    struct oidc_person person;
    (void)state;
    json_t *claims = json_pack("{s:s, s:s}", "name", "Ada", "email", "ada@example.org");
    assert_false(claims_person(claims, &mapping, &person));
    (void)json_object_set_new(claims, "sub", json_string(""));
    assert_false(claims_person(claims, &mapping, &person));
    (void)json_object_set_new(claims, "sub", json_integer(7));
    assert_false(claims_person(claims, &mapping, &person));
    (void)json_object_set_new(claims, "sub", json_string("7"));
    assert_true(claims_person(claims, &mapping, &person));
    assert_string_equal(person.account, "ada@example.org");
    assert_string_equal(person.name, "Ada");
    (void)json_object_set_new(claims, "preferred_username", json_string("ada"));
    assert_true(claims_person(claims, &mapping, &person));
    assert_string_equal(person.account, "ada");
    char subject[OIDC_SUBJECT_MAX + 2];
    memset(subject, 's', sizeof(subject));
    subject[OIDC_SUBJECT_MAX + 1] = '\0';
    (void)json_object_set_new(claims, "sub", json_string(subject));
    assert_false(claims_person(claims, &mapping, &person));
    json_decref(claims);
}

static void what_is_missing_is_asked_for(void **state)
{
    const struct oidc_mapping none = {
        .groups_claim = "groups", .administrator_groups = "", .role_groups = ""};
    (void)state;
    json_t *claims = json_pack("{s:s, s:s}", "name", "Ada", "preferred_username", "ada");
    assert_false(claims_lack(claims, &none));
    assert_true(claims_lack(claims, &mapping));
    (void)json_object_set_new(claims, "groups", json_array());
    assert_false(claims_lack(claims, &mapping));
    (void)json_object_del(claims, "name");
    assert_true(claims_lack(claims, &mapping));
    json_decref(claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_give_roles),
                                       cmocka_unit_test(role_groups_are_written_in_one_manner),
                                       cmocka_unit_test(a_role_is_named_or_not),
                                       cmocka_unit_test(a_person_has_a_subject),
                                       cmocka_unit_test(what_is_missing_is_asked_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
