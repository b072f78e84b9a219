#include "world.h"

#include <string.h>

#include "app/device.h"

static const uint8_t key[DEVICE_KEY_SIZE] = {1, 2, 3};
static const uint8_t other_key[DEVICE_KEY_SIZE] = {1, 2, 4};

static void test_what_is_bound(void **state)
{
    (void)state;
    struct device device;
    struct device found;
    char token[DEVICE_TOKEN_MAX + 1];
    device_make(&device);
    device.at = 1000;
    device_token(key, &device, "amina", "$hash", token);
    assert_true(device_find(key, token, "amina", "$hash", 1000 + DEVICE_KNOWN_MS, &found));
    assert_memory_equal(found.number, device.number, DEVICE_NUMBER_SIZE);
    assert_false(device_find(key, token, "amina", "$hash", 1001 + DEVICE_KNOWN_MS, &found));
    assert_false(device_find(other_key, token, "amina", "$hash", 1000, &found));
    assert_false(device_find(key, token, "amin", "a$hash", 1000, &found));
    assert_false(device_find(key, token, "amina", "$changed", 1000, &found));
}

static void test_what_is_no_token(void **state)
{
    (void)state;
    struct device device;
    struct device found;
    char token[DEVICE_TOKEN_MAX + 1];
    device_make(&device);
    device_token(key, &device, "amina", "$hash", token);
    for (size_t i = 0; i < strlen(token); i++) {
        char changed[DEVICE_TOKEN_MAX + 1];
        memcpy(changed, token, sizeof(changed));
        changed[i] = changed[i] == 'A' ? 'g' : 'A';
        assert_false(device_find(key, changed, "amina", "$hash", 0, &found));
        memcpy(changed, token, sizeof(changed));
        changed[i] = '\0';
        assert_false(device_find(key, changed, "amina", "$hash", 0, &found));
    }
    assert_false(device_find(key, "", "amina", "$hash", 0, &found));
    assert_false(device_find(key, "not base64 at all!", "amina", "$hash", 0, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_bound),
        cmocka_unit_test(test_what_is_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
