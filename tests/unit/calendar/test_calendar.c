#include "../test.h"

#include <stdlib.h>

#include <libical/ical.h>

#include "base/text.h"
#include "calendar/calendar.h"

#define SPRING INT64_C(1774746000000) // 2026-03-29T01:00:00Z, clocks go forward in Paris
#define HOUR   INT64_C(3600000)

static struct calendar_event event;
static struct calendar calendar;

static int set_up(void **state)
{
    (void)state;
    event = (struct calendar_event){.uid = "council-1@meet.example.org",
                                    .sequence = 3,
                                    .changed_at = 1767225600000,
                                    .starts_at = SPRING + 8 * HOUR,
                                    .ends_at = SPRING + 11 * HOUR,
                                    .zone = "Europe/Paris",
                                    .title = "Council",
                                    .place = "Room XIX; Geneva, online",
                                    .description = "Item 1\nItem 2",
                                    .url = "https://meet.example.org/m/council-1"};
    calendar = (struct calendar){.method = CALENDAR_REQUEST,
                                 .organizer = "plenary@example.org",
                                 .organizer_name = "Secretariat: \"Council\"",
                                 .attendee = "amina@example.org",
                                 .attendee_name = "Diallo, Amina",
                                 .events = &event,
                                 .count = 1};
    return 0;
}

static char *written(void)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(calendar_write(&calendar, &text, &size), ERR_NONE);
    assert_int_equal(strlen(text), size);
    return text;
}

static void assert_refused(enum err err)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(calendar_write(&calendar, &text, &size), err);
    assert_null(text);
}

// RFC 5545 section 3.1.
static void assert_lines(const char *text)
{
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\r") + 2) {
        size_t length = strcspn(at, "\r\n");
        assert_true(length <= 75);
        assert_true(text_is_utf8(at, length));
        assert_true(at[length] == '\r' && at[length + 1] == '\n');
    }
}

static void an_invitation(void **state)
{
    (void)state;
    char *text = written();
    static const char *const lines[] = {
        "BEGIN:VCALENDAR\r\n",
        "\r\nVERSION:2.0\r\n",
        "\r\nMETHOD:REQUEST\r\n",
        "\r\nBEGIN:VTIMEZONE\r\n",
        "\r\nTZID:Europe/Paris\r\n",
        "\r\nUID:council-1@meet.example.org\r\n",
        "\r\nSEQUENCE:3\r\n",
        "\r\nDTSTAMP:20260101T000000Z\r\n",
        "\r\nDTSTART;TZID=Europe/Paris:20260329T110000\r\n",
        "\r\nDTEND;TZID=Europe/Paris:20260329T140000\r\n",
        "\r\nSUMMARY:Council\r\n",
        "\r\nLOCATION:Room XIX\\; Geneva\\, online\r\n",
        "\r\nDESCRIPTION:Item 1\\nItem 2\r\n",
        "\r\nURL:https://meet.example.org/m/council-1\r\n",
        "\r\nSTATUS:CONFIRMED\r\n",
        "\r\nEND:VCALENDAR\r\n",
    };
    assert_lines(text);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("%s lacks %s", text, lines[i]);
        }
    }
    free(text);
}

// As another program would take it in.
static void it_is_read_again(void **state)
{
    (void)state;
    char *text = written();
    icalcomponent *read = icalparser_parse_string(text);
    assert_non_null(read);
    assert_int_equal(icalcomponent_count_errors(read), 0);
    assert_true(icalrestriction_check(read) != 0);
    assert_int_equal(icalcomponent_get_method(read), ICAL_METHOD_REQUEST);
    icalcomponent *found = icalcomponent_get_first_real_component(read);
    assert_string_equal(icalcomponent_get_location(found), "Room XIX; Geneva, online");
    assert_string_equal(icalcomponent_get_description(found), "Item 1\nItem 2");
    // By the rules that it brings with it.
    struct icaltimetype starts = icalcomponent_get_dtstart(found);
    assert_int_equal(icaltime_as_timet_with_zone(starts, (icaltimezone *)starts.zone),
                     (SPRING + 8 * HOUR) / 1000);
    icalproperty *organizer = icalcomponent_get_first_property(found, ICAL_ORGANIZER_PROPERTY);
    assert_string_equal(icalproperty_get_organizer(organizer), "mailto:plenary@example.org");
    icalproperty *attendee = icalcomponent_get_first_property(found, ICAL_ATTENDEE_PROPERTY);
    icalparameter *name = icalproperty_get_first_parameter(attendee, ICAL_CN_PARAMETER);
    assert_string_equal(icalparameter_get_cn(name), "Diallo, Amina");
    icalcomponent_free(read);
    free(text);
}

static void long_texts_in_six_languages(void **state)
{
    (void)state;
    static const char *const titles[] = {
        "Standing Committee on Copyright and Related Rights: forty-eighth session, first part",
        "Comité permanent du droit d'auteur et des droits connexes : quarante-huitième session",
        "Comité Permanente de Derecho de Autor y Derechos Conexos: cuadragésima octava sesión",
        "Постоянный комитет по авторскому праву и смежным правам: сорок восьмая сессия, часть 1",
        "اللجنة الدائمة المعنية بحق المؤلف والحقوق المجاورة: الدورة الثامنة والأربعون، الجزء الأول",
        "版权及相关权常设委员会第四十八届会议第一期会议：讨论广播组织条约草案以及限制与例外议题的各"
        "项提案"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        event.title = titles[i];
        event.description = titles[i];
        char *text = written();
        assert_lines(text);
        icalcomponent *read = icalparser_parse_string(text);
        icalcomponent *found = icalcomponent_get_first_real_component(read);
        assert_string_equal(icalcomponent_get_summary(found), titles[i]);
        assert_string_equal(icalcomponent_get_description(found), titles[i]);
        icalcomponent_free(read);
        free(text);
    }
}

static void what_is_called_off(void **state)
{
    (void)state;
    calendar.method = CALENDAR_CANCEL;
    char *text = written();
    assert_non_null(strstr(text, "\r\nMETHOD:CANCEL\r\n"));
    assert_non_null(strstr(text, "\r\nSTATUS:CANCELLED\r\n"));
    free(text);
}

static void a_feed(void **state)
{
    (void)state;
    struct calendar_event events[3] = {event, event, event};
    events[0].zone = "UTC";
    events[1].uid = "council-2@meet.example.org";
    events[1].cancelled = true;
    events[2].uid = "council-3@meet.example.org";
    events[2].place = NULL;
    calendar = (struct calendar){
        .method = CALENDAR_PUBLISH, .name = "My meetings", .events = events, .count = 3};
    char *text = written();
    assert_lines(text);
    assert_non_null(strstr(text, "\r\nMETHOD:PUBLISH\r\n"));
    assert_non_null(strstr(text, "\r\nNAME:My meetings\r\n"));
    assert_non_null(strstr(text, "\r\nDTSTART:20260329T090000Z\r\n"));
    assert_non_null(strstr(text, "\r\nSTATUS:CANCELLED\r\n"));
    assert_null(strstr(text, "ATTENDEE"));
    const char *rules = strstr(text, "BEGIN:VTIMEZONE");
    assert_non_null(rules);
    assert_null(strstr(rules + 1, "BEGIN:VTIMEZONE")); // of Paris, once
    free(text);
    calendar.count = 0;
    text = written();
    assert_null(strstr(text, "VEVENT"));
    free(text);
}

// What is in a text stays in it.
static void nothing_is_injected(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "a\r\nATTENDEE:mailto:b@example.org", "a\nb", "a\rb", "a\x01", "a\x7f", "\xff"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void)set_up(NULL);
        event.title = bad[i];
        assert_refused(ERR_INVALID);
        (void)set_up(NULL);
        event.place = bad[i];
        assert_refused(ERR_INVALID);
        (void)set_up(NULL);
        event.uid = bad[i];
        assert_refused(ERR_INVALID);
        (void)set_up(NULL);
        calendar.attendee_name = bad[i];
        assert_refused(ERR_INVALID);
        (void)set_up(NULL);
        calendar.organizer = bad[i];
        assert_refused(ERR_INVALID);
    }
    (void)set_up(NULL);
    event.description = "a\r\nb";
    assert_refused(ERR_INVALID);
    (void)set_up(NULL);
    event.url = "javascript:alert(1)";
    assert_refused(ERR_INVALID);
    event.url = "https://x.example/\nX:1";
    assert_refused(ERR_INVALID);
    (void)set_up(NULL);
    calendar.attendee_name = "\";X=1:\" mailto:b@example.org";
    char *text = written();
    icalcomponent *read = icalparser_parse_string(text);
    icalcomponent *found = icalcomponent_get_first_real_component(read);
    assert_int_equal(icalcomponent_count_properties(found, ICAL_ATTENDEE_PROPERTY), 1);
    icalproperty *attendee = icalcomponent_get_first_property(found, ICAL_ATTENDEE_PROPERTY);
    assert_string_equal(icalproperty_get_attendee(attendee), "mailto:amina@example.org");
    icalcomponent_free(read);
    free(text);
}

static void what_is_refused(void **state)
{
    (void)state;
    event.zone = "Europe/Nowhere";
    assert_refused(ERR_NOT_FOUND);
    event.zone = NULL;
    assert_refused(ERR_NOT_FOUND);
    (void)set_up(NULL);
    event.ends_at = event.starts_at - 1;
    assert_refused(ERR_INVALID);
    (void)set_up(NULL);
    event.starts_at = -HOUR;
    assert_refused(ERR_INVALID);
    (void)set_up(NULL);
    calendar.attendee = NULL;
    assert_refused(ERR_INVALID);
    (void)set_up(NULL);
    calendar.count = 0;
    assert_refused(ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_invitation, set_up),
        cmocka_unit_test_setup(it_is_read_again, set_up),
        cmocka_unit_test_setup(long_texts_in_six_languages, set_up),
        cmocka_unit_test_setup(what_is_called_off, set_up),
        cmocka_unit_test_setup(a_feed, set_up),
        cmocka_unit_test_setup(nothing_is_injected, set_up),
        cmocka_unit_test_setup(what_is_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
