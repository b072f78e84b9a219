#include "oidc/claims.h"

#include <string.h>

#include "base/text.h"

#define GROUPS_MAX 4096 // that are looked at

static const char *text_of(const json_t *claims, const char *name)
{
    const char *text = json_string_value(json_object_get(claims, name));
    return text != NULL ? text : "";
}

// ---- Groups and roles

static bool is_named(const char *list, size_t length, const char *group)
{
    size_t size = strlen(group);
    const char *end = list + length;
    while (list < end) {
        const char *comma = memchr(list, ',', (size_t)(end - list));
        const char *stop = comma != NULL ? comma : end;
        if (size > 0 && (size_t)(stop - list) == size && memcmp(list, group, size) == 0) {
            return true;
        }
        list = stop + 1;
    }
    return false;
}

// Whether one of the person's groups stands in "g1,g2". One group may be said as a text.
static bool is_in(const json_t *groups, const char *list, size_t length)
{
    size_t count = json_is_array(groups) ? json_array_size(groups) : 0;
    bool in = json_is_string(groups) && is_named(list, length, json_string_value(groups));
    for (size_t i = 0; i < count && i < GROUPS_MAX && !in; i++) {
        const char *group = json_string_value(json_array_get(groups, i));
        in = group != NULL && is_named(list, length, group);
    }
    return in;
}

static void add_role(struct text_builder *roles, const char *role, size_t length)
{
    text_append(roles, roles->length > 0 ? "," : "");
    text_append_n(roles, role, length);
}

// The one place where groups become roles.
static void take_roles(const json_t *groups, const struct oidc_mapping *mapping,
                       struct text_builder *roles)
{
    const char *at = mapping->role_groups;
    if (is_in(groups, mapping->administrator_groups, strlen(mapping->administrator_groups))) {
        text_append(roles, "administrator");
    }
    while (*at != '\0') {
        size_t length = strcspn(at, ";");
        size_t role = strcspn(at, "=;");
        if (role < length && is_in(groups, at + role + 1, length - role - 1)) {
            add_role(roles, at, role);
        }
        at += length + (at[length] == ';' ? 1 : 0);
    }
}

bool oidc_mapping_is_used(const struct oidc_mapping *mapping)
{
    return mapping->administrator_groups[0] != '\0' || mapping->role_groups[0] != '\0';
}

bool oidc_role_groups_are_fit(const char *text)
{
    size_t roles = 0;
    while (*text != '\0') {
        size_t role = strspn(text, "abcdefghijklmnopqrstuvwxyz");
        size_t length = strcspn(text, ";");
        if (role == 0 || text[role] != '=' || length == role + 1) {
            return false;
        }
        roles += role + 1;
        text += length + (text[length] == ';' ? 1 : 0);
    }
    return roles + sizeof("administrator,") <= OIDC_ROLES_MAX;
}

bool oidc_role_groups_name(const char *text, const char *role)
{
    size_t length = strlen(role);
    while (*text != '\0' && !(strncmp(text, role, length) == 0 && text[length] == '=')) {
        size_t one = strcspn(text, ";");
        text += one + (text[one] == ';' ? 1 : 0);
    }
    return *text != '\0';
}

// ---- The person

bool claims_lack(const json_t *claims, const struct oidc_mapping *mapping)
{
    bool is_named_there = text_of(claims, "preferred_username")[0] != '\0' &&
                          text_of(claims, "name")[0] != '\0';
    return !is_named_there || (oidc_mapping_is_used(mapping) &&
                               json_object_get(claims, mapping->groups_claim) == NULL);
}

bool claims_person(const json_t *claims, const struct oidc_mapping *mapping,
                   struct oidc_person *ret_person)
{
    const char *preferred = text_of(claims, "preferred_username");
    const char *account = preferred[0] != '\0' ? preferred : text_of(claims, "email");
    *ret_person = (struct oidc_person){.subject = ""};
    if (text_of(claims, "sub")[0] == '\0' ||
        text_copy(ret_person->subject, sizeof(ret_person->subject), text_of(claims, "sub")) !=
            ERR_NONE) {
        return false;
    }
    text_copy_cut(ret_person->account, sizeof(ret_person->account), account);
    text_copy_cut(ret_person->name, sizeof(ret_person->name), text_of(claims, "name"));
    struct text_builder roles = text_builder(ret_person->roles, sizeof(ret_person->roles));
    take_roles(json_object_get(claims, mapping->groups_claim), mapping, &roles);
    return true;
}
