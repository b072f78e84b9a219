#include "contract_sample.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *contract_read(const char *path)
{
    char whole[1024];
    snprintf(whole, sizeof(whole), "%s/%s", CONTRACT_ROOT, path);
    json_t *value = json_load_file(whole, 0, NULL);
    if (value == NULL) {
        fprintf(stderr, "cannot read %s\n", whole);
        abort();
    }
    return value;
}

void contract_each(const char *folder, void (*visit)(const json_t *shape, void *context),
                   void *context)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", CONTRACT_ROOT, folder);
    DIR *directory = opendir(path);
    if (directory == NULL) {
        abort();
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof(path), "%s/%.200s", folder, entry->d_name);
        json_t *shape = contract_read(path);
        visit(shape, context);
        json_decref(shape);
    }
    closedir(directory);
}

static json_t *repeated(const char *letter, json_int_t count)
{
    size_t size = strlen(letter);
    char *text = malloc((size_t)count * size);
    for (json_int_t i = 0; i < count; i++) {
        memcpy(text + (size_t)i * size, letter, size);
    }
    json_t *value = json_stringn(text, (size_t)count * size);
    free(text);
    return value;
}

// As much as there can be: of people's text characters of four bytes.
static json_t *longest(json_int_t max)
{
    return repeated("\xf0\xa0\x80\x80", max);
}

static json_int_t number(const json_t *field, const char *name, json_int_t otherwise)
{
    const json_t *value = json_object_get(field, name);
    return value != NULL ? json_integer_value(value) : otherwise;
}

static json_t *localized(json_int_t max)
{
    static const char *const languages[] = {"ar", "zh", "en", "fr", "ru", "es"};
    json_t *object = json_object();
    for (size_t i = 0; i < 6; i++) {
        json_object_set_new(object, languages[i], longest(max));
    }
    return object;
}

static json_t *a_capacity(void)
{
    json_t *file = contract_read("capacities.json");
    json_t *capacities = json_object_get(file, "capacities");
    json_t *value = json_string(json_object_iter_key(json_object_iter(capacities)));
    json_decref(file);
    return value;
}

static json_t *enum_value(const json_t *field, const char *name)
{
    if (strcmp(name, "capacity") == 0) {
        return a_capacity();
    }
    json_t *enums = contract_read("enums.json");
    const json_t *values = json_object_get(field, "only");
    if (values == NULL) {
        values = json_object_get(json_object_get(enums, name), "values");
    }
    json_t *value = json_copy(json_array_get(values, json_array_size(values) - 1));
    json_decref(enums);
    return value;
}

static json_t *resource(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "resources/%s.json", name);
    json_t *shape = contract_read(path);
    json_t *value = contract_object(json_object_get(shape, "fields"));
    json_decref(shape);
    return value;
}

static json_t *list(const json_t *field, const char *of)
{
    json_t *value = json_array();
    for (json_int_t i = number(field, "max", 0); i > 0; i--) {
        json_array_append_new(value, strcmp(of, "integer") == 0 ? json_integer(i) : resource(of));
    }
    return value;
}

json_t *contract_value(const json_t *field)
{
    const char *type = json_string_value(json_object_get(field, "type"));
    if (strncmp(type, "enum:", 5) == 0) {
        return enum_value(field, type + 5);
    }
    if (strncmp(type, "resource:", 9) == 0) {
        return resource(type + 9);
    }
    if (strncmp(type, "list:", 5) == 0) {
        return list(field, type + 5);
    }
    if (strcmp(type, "id") == 0) {
        return json_string("abcdefghijklmnopqrstuvwxyz-_012");
    }
    if (strcmp(type, "text") == 0 || strcmp(type, "sdp") == 0) {
        bool of_people = strcmp(type, "text") == 0 && json_object_get(field, "counts") == NULL;
        json_int_t max = number(field, "max", 0);
        return of_people ? longest(max) : repeated("x", max);
    }
    if (strcmp(type, "localized") == 0) {
        return localized(number(field, "max", 0));
    }
    if (strcmp(type, "boolean") == 0) {
        return json_true();
    }
    return json_integer(number(field, "max", 9007199254740991));
}

json_t *contract_object(const json_t *fields)
{
    json_t *object = json_object();
    size_t index;
    json_t *field;
    json_array_foreach(fields, index, field)
    {
        json_object_set_new(object, json_string_value(json_object_get(field, "name")),
                            contract_value(field));
    }
    return object;
}
