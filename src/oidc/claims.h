// Who a person is by what their provider says of them, and what its groups are here. Pure: any
// thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define OIDC_SUBJECT_MAX 255 // OpenID Connect Core 1.0, section 2
#define OIDC_TEXT_MAX    255
#define OIDC_ROLES_MAX   127

// From the configuration; borrowed.
struct oidc_mapping {
    const char *groups_claim;
    const char *administrator_groups; // "g1,g2"; empty: who is an administrator is said here alone
    const char *role_groups;          // "secretariat=g1,g2;documents=g3"
};

struct oidc_person {
    char subject[OIDC_SUBJECT_MAX + 1];
    char account[OIDC_TEXT_MAX + 1]; // preferred_username; else the mail's; may be empty
    char name[OIDC_TEXT_MAX + 1];    // cut; may be empty
    // Which roles the groups give, with commas between: "administrator,secretariat".
    char roles[OIDC_ROLES_MAX + 1];
};

// Whether the groups say anything of roles.
bool oidc_mapping_is_used(const struct oidc_mapping *mapping);
// What of role_groups can be read: "ROLE=GROUP,…;…", roles of a-z.
bool oidc_role_groups_are_fit(const char *text);
// Whether any group is to give this role.
bool oidc_role_groups_name(const char *text, const char *role);
// Whether something that is wanted is not in the claims, and the provider is to be asked for it.
bool claims_lack(const json_t *claims, const struct oidc_mapping *mapping);
// False when there is no subject, or a longer one than there can be.
bool claims_person(const json_t *claims, const struct oidc_mapping *mapping,
                   struct oidc_person *ret_person);
