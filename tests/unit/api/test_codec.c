// Every command, event, notice and resource of contract/, decoded and encoded; every field wrong in
// each way it can be.
#include "../test.h"
#include <stdlib.h>

#include "contract/json.h"
#include "contract_sample.h"

static struct refusal refusal; // of the last command

static const char *name_of(const json_t *shape)
{
    return json_string_value(json_object_get(shape, "name"));
}

static void must_refuse(const char *command, const json_t *data, const char *wanted)
{
    static struct command decoded;
    char field[CODEC_FIELD_MAX + 1] = "";
    assert_int_equal(command_decode(command, data, &decoded, field, &refusal), ERR_INVALID);
    // Within a resource the name goes on: "setting.mode".
    size_t length = strlen(wanted);
    assert_memory_equal(field, wanted, length);
    assert_true(field[length] == '\0' || field[length] == '.');
}

static void check_wrong_value(const char *command, const json_t *good, const char *field,
                              json_t *bad)
{
    json_t *data = json_deep_copy(good);
    json_object_set_new(data, field, bad);
    must_refuse(command, data, field);
    json_decref(data);
}

static void check_out_of_limits(const char *command, const json_t *good, const json_t *field,
                                const char *name)
{
    const char *type = json_string_value(json_object_get(field, "type"));
    const json_t *max = json_object_get(field, "max");
    const json_t *min = json_object_get(field, "min");
    if (strcmp(type, "integer") == 0) {
        json_int_t high = max != NULL ? json_integer_value(max) : 9007199254740991;
        json_int_t low = min != NULL ? json_integer_value(min) : -9007199254740991;
        check_wrong_value(command, good, name, json_integer(high + 1));
        check_wrong_value(command, good, name, json_integer(low - 1));
        check_wrong_value(command, good, name, json_real(1.0));
    } else if (strcmp(type, "id") == 0) {
        check_wrong_value(command, good, name, json_string("abcdefghijklmnopqrstuvwxyz-_0123"));
        if (!json_is_true(json_object_get(field, "optional"))) {
            check_wrong_value(command, good, name, json_string(""));
        }
        check_wrong_value(command, good, name, json_string("a b"));
        check_wrong_value(command, good, name, json_string("a\nb"));
        check_wrong_value(command, good, name, json_string("é"));
    } else if (strcmp(type, "sdp") == 0) {
        char *text = malloc(48001);
        memset(text, 'x', 48001);
        check_wrong_value(command, good, name, json_stringn(text, 48001));
        check_wrong_value(command, good, name, json_string(""));
        free(text);
    } else if (strncmp(type, "enum:", 5) == 0) {
        check_wrong_value(command, good, name, json_string("purple"));
        check_wrong_value(command, good, name, json_string(""));
        check_wrong_value(command, good, name, json_stringn("on\0", 3));
    }
}

static void check_command(const json_t *shape, void *context)
{
    const char *name = name_of(shape);
    const json_t *fields = json_object_get(shape, "fields");
    json_t *good = contract_object(fields);
    static struct command decoded;
    char wrong[CODEC_FIELD_MAX + 1] = "";
    assert_int_equal(command_decode(name, good, &decoded, wrong, &refusal), ERR_NONE);
    assert_string_equal(command_name(decoded.type), name);
    json_t *again = command_encode(&decoded);
    assert_true(json_equal(good, again));
    json_decref(again);
    size_t index;
    json_t *field;
    json_array_foreach(fields, index, field)
    {
        const char *field_name = name_of(field);
        json_t *without = json_deep_copy(good);
        json_object_del(without, field_name);
        if (!json_is_true(json_object_get(field, "optional"))) {
            must_refuse(name, without, field_name);
        } else {
            assert_int_equal(command_decode(name, without, &decoded, wrong, &refusal), ERR_NONE);
        }
        json_decref(without);
        check_wrong_value(name, good, field_name, json_null());
        check_wrong_value(name, good, field_name, json_array());
        check_wrong_value(name, good, field_name, json_pack("{s:i}", "a", 1));
        check_out_of_limits(name, good, field, field_name);
    }
    check_wrong_value(name, good, "surplus", json_true());
    json_t *list = json_array();
    must_refuse(name, list, "data");
    json_decref(list);
    json_decref(good);
    (*(int *)context)++;
}

static void every_command_decodes_and_refuses(void **state)
{
    (void)state;
    int count = 0;
    contract_each("commands", check_command, &count);
    assert_int_equal(count, COMMAND_COUNT);
}

static void check_event(const json_t *shape, void *context)
{
    static struct event decoded;
    enum event_type type = EVENT_COUNT;
    assert_true(event_from_name(name_of(shape), &type));
    assert_string_equal(event_name(type), name_of(shape));
    json_t *good = contract_object(json_object_get(shape, "fields"));
    assert_int_equal(event_decode_data(type, good, &decoded), ERR_NONE);
    assert_int_equal(decoded.type, type);
    json_t *again = event_encode_data(&decoded);
    assert_true(json_equal(good, again));
    json_decref(again);
    json_object_set_new(good, "surplus", json_true());
    assert_int_equal(event_decode_data(type, good, &decoded), ERR_INVALID);
    json_decref(good);
    (*(int *)context)++;
}

static void every_event_makes_the_round_trip(void **state)
{
    (void)state;
    int count = 0;
    contract_each("events", check_event, &count);
    assert_int_equal(count, EVENT_COUNT);
}

static void a_whole_meeting_makes_the_round_trip(void **state)
{
    (void)state;
    static struct meeting meeting;
    char field[CODEC_FIELD_MAX + 1];
    json_t *shape = contract_read("resources/meeting.json");
    json_t *good = contract_object(json_object_get(shape, "fields"));
    assert_int_equal(meeting_decode(good, &meeting, field), ERR_NONE);
    assert_int_equal(meeting.participants_count, MEETING_PARTICIPANTS_MAX);
    assert_int_equal(strlen(meeting.participants[511].name), PARTICIPANT_NAME_SIZE - 1);
    assert_int_equal(strlen(meeting.delegations[255].name[5]), DELEGATION_NAME_SIZE - 1);
    assert_int_equal(strlen(meeting.documents[1999].sha256), DOCUMENT_SHA256_MAX);
    json_t *again = meeting_encode(&meeting);
    assert_true(json_equal(good, again));
    json_decref(again);
    json_array_append_new(json_object_get(good, "floor"), json_object());
    assert_int_equal(meeting_decode(good, &meeting, field), ERR_INVALID);
    assert_string_equal(field, "floor");
    json_decref(good);
    json_decref(shape);
}

static void a_nested_field_is_named_with_its_parent(void **state)
{
    (void)state;
    static struct meeting meeting;
    char field[CODEC_FIELD_MAX + 1];
    json_t *shape = contract_read("resources/meeting.json");
    json_t *good = contract_object(json_object_get(shape, "fields"));
    json_t *participant = json_array_get(json_object_get(good, "participants"), 3);
    json_object_set_new(participant, "name", json_string("a\x01"));
    assert_int_equal(meeting_decode(good, &meeting, field), ERR_INVALID);
    assert_string_equal(field, "participants.name");
    json_decref(good);
    json_decref(shape);
}

static void optional_fields_may_be_missing_and_are_left_out(void **state)
{
    (void)state;
    struct channel channel;
    char field[CODEC_FIELD_MAX + 1];
    json_t *data = json_pack("{s:s, s:s, s:b}", "id", "fr", "state", "silent", "auto_floor", 1);
    assert_int_equal(channel_decode(data, &channel, field), ERR_NONE);
    assert_string_equal(channel.holder, "");
    json_t *again = channel_encode(&channel);
    assert_true(json_equal(data, again));
    json_decref(again);
    json_decref(data);

    const struct media_section section = {.track = TRACK_NAME_CAMERA};
    json_t *encoded = media_section_encode(&section);
    assert_null(json_object_get(encoded, "slot"));
    assert_string_equal(json_string_value(json_object_get(encoded, "track")), "camera");
    json_object_set_new(encoded, "slot", json_string("none"));
    struct media_section decoded;
    assert_int_equal(media_section_decode(encoded, &decoded, field), ERR_INVALID);
    assert_string_equal(field, "slot");
    json_decref(encoded);
}

static enum err decode_name(const char *text, size_t size)
{
    struct sign_in decoded;
    char field[CODEC_FIELD_MAX + 1];
    json_t *data = json_object();
    json_object_set_new(data, "account", json_stringn_nocheck(text, size));
    enum err result = sign_in_decode(data, &decoded, field);
    json_decref(data);
    return result;
}

static void texts_hold_no_control_characters_and_are_utf8(void **state)
{
    (void)state;
    assert_int_equal(decode_name("Zoé 李", 8), ERR_NONE);
    assert_int_equal(decode_name("\xc2\xa0", 2), ERR_NONE);
    assert_int_equal(decode_name("a\0b", 3), ERR_INVALID);
    assert_int_equal(decode_name("a\x7f", 2), ERR_INVALID);
    assert_int_equal(decode_name("a\tb", 3), ERR_INVALID);
    assert_int_equal(decode_name("\xc2\x85", 2), ERR_INVALID);
    assert_int_equal(decode_name("\xff", 1), ERR_INVALID);
    assert_int_equal(decode_name("\xc3", 1), ERR_INVALID);
    assert_int_equal(decode_name("\xed\xa0\x80", 3), ERR_INVALID);
}

static json_t *a_title(const char *letter, int count)
{
    char text[2048] = "";
    for (int i = 0; i < count; i++) {
        strcat(text, letter);
    }
    return json_pack("{s:s, s:s, s:s, s:b}", "document", "c", "kind", "document", "title", text,
                     "embargoed", 0);
}

// Both numbers, in characters whatever the script, and the field.
static void a_text_that_is_too_long_is_refused_in_words(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xd9\x85", "\xe6\x9d\x8e", "\xf0\xa0\x80\x80"};
    static struct command decoded;
    char field[CODEC_FIELD_MAX + 1];
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        json_t *data = a_title(letters[i], DOCUMENT_TITLE_MAX);
        assert_int_equal(command_decode("document.add", data, &decoded, field, &refusal), ERR_NONE);
        assert_int_equal(refusal.reason, REFUSAL_NONE);
        json_decref(data);
        data = a_title(letters[i], DOCUMENT_TITLE_MAX + 12);
        must_refuse("document.add", data, "title");
        assert_int_equal(refusal.reason, REFUSAL_TEXT_TOO_LONG);
        assert_int_equal(refusal.came, DOCUMENT_TITLE_MAX + 12);
        assert_int_equal(refusal.most, DOCUMENT_TITLE_MAX);
        json_decref(data);
    }
    must_refuse("floor.end", NULL, "participant");
    assert_int_equal(refusal.reason, REFUSAL_NONE);
}

// What is given is cleaned; what was kept is taken as it is, so that old journals say what they
// said.
static void texts_are_cleaned_when_they_are_given_and_never_again(void **state)
{
    (void)state;
    static struct command command;
    static struct event event;
    char field[CODEC_FIELD_MAX + 1];
    const char *text =
        " \xe2\x80\xae"
        "e\xcc\x81 ";
    json_t *data = json_pack("{s:s, s:s}", "room", "interpreters", "text", text);
    assert_int_equal(command_decode("chat.send", data, &command, field, &refusal), ERR_NONE);
    assert_string_equal(command.as.chat_send.text, "\xc3\xa9");
    json_object_set_new(data, "text", json_string("\xe2\x80\x8b \n"));
    assert_int_equal(command_decode("chat.send", data, &command, field, &refusal), ERR_NONE);
    assert_string_equal(command.as.chat_send.text, "");
    json_decref(data);
    data = json_pack("{s:s, s:s}", "room", "interpreters", "text", text);
    assert_int_equal(event_decode_data(EVENT_CHAT_SAID, data, &event), ERR_NONE);
    assert_string_equal(event.as.chat_said.text, text);
    json_decref(data);
}

// What each of the six becomes, in the order of the contract.
static void check_localized(const char *text, const char *const wanted[CONTRACT_LANGUAGES])
{
    static struct office office;
    char field[CODEC_FIELD_MAX + 1];
    json_t *data = json_loads(text, 0, NULL);
    assert_non_null(data);
    enum err err = office_decode(data, &office, field);
    json_decref(data);
    if (wanted == NULL) {
        assert_int_equal(err, ERR_INVALID);
        assert_string_equal(field, "name");
        return;
    }
    assert_int_equal(err, ERR_NONE);
    for (size_t i = 0; i < CONTRACT_LANGUAGES; i++) {
        assert_string_equal(office.name[i], wanted[i]);
    }
}

static void one_language_is_enough(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wanted[CONTRACT_LANGUAGES];
    } good[] = {
        {"{'en': 'Chair'}", {"Chair", "Chair", "Chair", "Chair", "Chair", "Chair"}},
        {"{'es': 'P'}", {"P", "P", "P", "P", "P", "P"}},
        {"{'es': 'E', 'fr': 'F'}", {"F", "F", "F", "F", "F", "E"}},
        {"{'ar': 'A', 'en': 'N'}", {"A", "N", "N", "N", "N", "N"}},
        {"{'en': 'N', 'fr': ''}", {"N", "N", "N", "", "N", "N"}},
    };
    static const char *const bad[] = {"{}", "{'de': 'D'}", "{'en': 'N', 'de': 'D'}",
                                      "{'en': 'N', 'fr': null}", "'N'"};
    char text[128];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) + sizeof(bad) / sizeof(bad[0]); i++) {
        size_t goods = sizeof(good) / sizeof(good[0]);
        snprintf(text, sizeof(text), "{'id': 'x', 'name': %s}",
                 i < goods ? good[i].text : bad[i - goods]);
        for (char *at = text; *at != '\0'; at++) {
            *at = *at == '\'' ? '"' : *at;
        }
        check_localized(text, i < goods ? good[i].wanted : NULL);
    }
}

static void some_values_of_an_enum_are_not_for_every_field(void **state)
{
    (void)state;
    json_t *data = json_pack("{s:s, s:s}", "slot", "floor_1", "channel", "fr");
    must_refuse("listen.set", data, "slot");
    json_object_set_new(data, "slot", json_string("language"));
    struct command decoded;
    char field[CODEC_FIELD_MAX + 1];
    assert_int_equal(command_decode("listen.set", data, &decoded, field, &refusal), ERR_NONE);
    assert_int_equal(decoded.as.listen_set.slot, SLOT_NAME_LANGUAGE);
    assert_int_equal(decoded.as.listen_set.channel, CHANNEL_ID_FR);
    json_decref(data);
}

static void unknown_commands_are_refused(void **state)
{
    (void)state;
    must_refuse("floor.steal", NULL, "command");
    must_refuse("", NULL, "command");
    must_refuse("floor.end", NULL, "participant");
    struct command decoded;
    char field[CODEC_FIELD_MAX + 1];
    assert_int_equal(command_decode("floor.request", NULL, &decoded, field, &refusal), ERR_NONE);
}

static void a_hostile_field_name_is_cut_and_cleaned(void **state)
{
    (void)state;
    json_t *data = json_object();
    json_object_set_new(data,
                        "bad\nname-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on",
                        json_true());
    struct command decoded;
    char field[CODEC_FIELD_MAX + 1];
    assert_int_equal(command_decode("floor.request", data, &decoded, field, &refusal), ERR_INVALID);
    assert_int_equal(strlen(field), CODEC_FIELD_MAX);
    assert_memory_equal(field, "bad?name", 8);
    json_decref(data);
}

static void check_notice(const json_t *shape, void *context)
{
    static struct notice notice;
    enum notice_type type = NOTICE_COUNT;
    assert_true(notice_from_name(name_of(shape), &type));
    memset(&notice, 0, sizeof(notice));
    notice.type = type;
    json_t *encoded = notice_encode(&notice);
    assert_int_equal(json_object_size(encoded), json_array_size(json_object_get(shape, "fields")));
    json_decref(encoded);
    (*(int *)context)++;
}

static void every_notice_encodes(void **state)
{
    (void)state;
    int count = 0;
    contract_each("notices", check_notice, &count);
    assert_int_equal(count, NOTICE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_decodes_and_refuses),
        cmocka_unit_test(every_event_makes_the_round_trip),
        cmocka_unit_test(every_notice_encodes),
        cmocka_unit_test(a_whole_meeting_makes_the_round_trip),
        cmocka_unit_test(a_nested_field_is_named_with_its_parent),
        cmocka_unit_test(optional_fields_may_be_missing_and_are_left_out),
        cmocka_unit_test(texts_hold_no_control_characters_and_are_utf8),
        cmocka_unit_test(a_text_that_is_too_long_is_refused_in_words),
        cmocka_unit_test(texts_are_cleaned_when_they_are_given_and_never_again),
        cmocka_unit_test(one_language_is_enough),
        cmocka_unit_test(some_values_of_an_enum_are_not_for_every_field),
        cmocka_unit_test(unknown_commands_are_refused),
        cmocka_unit_test(a_hostile_field_name_is_cut_and_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
