#include "calendar/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "calendar/zone_priv.h"

#define PRODUCT     "-//Plenary//Plenary//EN"
#define DAY_MS      INT64_C(86400000)
#define BEFORE_MS   (400 * DAY_MS) // rules of a zone are said from then on
#define ZONE_OF_UTC "UTC"

static const enum icalproperty_method methods[CALENDAR_METHOD_COUNT] = {
    [CALENDAR_PUBLISH] = ICAL_METHOD_PUBLISH,
    [CALENDAR_REQUEST] = ICAL_METHOD_REQUEST,
    [CALENDAR_CANCEL] = ICAL_METHOD_CANCEL,
};

const char *calendar_method_text(enum calendar_method method)
{
    static const char *const texts[CALENDAR_METHOD_COUNT] = {
        [CALENDAR_PUBLISH] = "PUBLISH",
        [CALENDAR_REQUEST] = "REQUEST",
        [CALENDAR_CANCEL] = "CANCEL",
    };
    return texts[method];
}

// ---- What is taken

static bool text_is_good(const char *text, size_t most, const char *controls)
{
    size_t length = text != NULL ? strnlen(text, most + 1) : 0;
    for (size_t i = 0; i < length; i++) {
        bool control = (unsigned char)text[i] < ' ' || text[i] == 0x7f;
        if (control && strchr(controls, text[i]) == NULL) {
            return false;
        }
    }
    return length <= most && (text == NULL || text_is_utf8(text, length));
}

static bool line_is_good(const char *text)
{
    return text_is_good(text, CALENDAR_LINE_MAX, "");
}

// What is written without quoting: nothing in it that could end it.
static bool reference_is_good(const char *text)
{
    return text == NULL ||
           (text[0] != '\0' && line_is_good(text) && strpbrk(text, " \"<>\\") == NULL);
}

static bool url_is_good(const char *url)
{
    return url == NULL ||
           ((text_starts_with(url, "https://") || text_starts_with(url, "http://")) &&
            reference_is_good(url));
}

static bool event_is_good(const struct calendar_event *event)
{
    return event->uid != NULL && reference_is_good(event->uid) && event->title != NULL &&
           line_is_good(event->title) && line_is_good(event->place) &&
           text_is_good(event->description, CALENDAR_TEXT_MAX, "\n\t") && url_is_good(event->url) &&
           event->starts_at <= event->ends_at && event->changed_at >= 0 &&
           event->sequence <= INT32_MAX;
}

static bool calendar_is_good(const struct calendar *calendar)
{
    bool asks = calendar->method != CALENDAR_PUBLISH;
    bool people = calendar->organizer != NULL && calendar->attendee != NULL;
    bool good = line_is_good(calendar->name) && reference_is_good(calendar->organizer) &&
                reference_is_good(calendar->attendee) && line_is_good(calendar->organizer_name) &&
                line_is_good(calendar->attendee_name) && calendar->count <= CALENDAR_EVENTS_MAX &&
                (!asks || (people && calendar->count == 1));
    for (uint32_t i = 0; i < calendar->count && good; i++) {
        good = event_is_good(&calendar->events[i]);
    }
    return good;
}

// ---- Times and zones

static bool is_utc(const char *zone)
{
    return text_equal(zone, ZONE_OF_UTC);
}

static struct icaltimetype utc_time(time_ms at)
{
    return icaltime_from_timet_with_zone((time_t)(at / 1000), 0, icaltimezone_get_utc_timezone());
}

// A time on the wall, beside the name of whose wall it is (RFC 5545 section 3.3.5, form #3); form
// #2 for UTC.
static enum err add_time(icalcomponent *to, icalproperty *(*make)(struct icaltimetype), time_ms at,
                         const char *name)
{
    icaltimezone *zone = zone_find(name);
    struct zone_time wall;
    enum err err = zone != NULL ? zone_show(zone, at, &wall, NULL) : ERR_NOT_FOUND;
    if (err != ERR_NONE) {
        return err;
    }
    struct icaltimetype time = icaltime_null_time();
    time.year = wall.year;
    time.month = wall.month;
    time.day = wall.day;
    time.hour = wall.hour;
    time.minute = wall.minute;
    time.second = wall.second;
    icalproperty *property = make(is_utc(name) ? utc_time(at) : time);
    if (!is_utc(name)) {
        icalproperty_add_parameter(property, icalparameter_new_tzid(name));
    }
    icalcomponent_add_property(to, property);
    return ERR_NONE;
}

static void remove_properties(icalcomponent *from, icalproperty_kind kind)
{
    icalproperty *property;
    while ((property = icalcomponent_get_first_property(from, kind)) != NULL) {
        icalcomponent_remove_property(from, property);
        icalproperty_free(property);
    }
}

// The rules of a zone, by its own name: libical's has a prefix of another's.
static void add_zone(icalcomponent *to, const char *name, time_ms first)
{
    icalcomponent *rules = icaltimezone_get_component(zone_find(name));
    rules = rules != NULL ? icalcomponent_new_clone(rules) : NULL;
    if (rules == NULL) {
        return; // of UTC
    }
    icaltimezone_truncate_vtimezone(rules, utc_time(first > BEFORE_MS ? first - BEFORE_MS : 0),
                                    icaltime_null_time(), 0);
    remove_properties(rules, ICAL_TZID_PROPERTY);
    remove_properties(rules, ICAL_X_PROPERTY);
    icalcomponent_add_property(rules, icalproperty_new_tzid(name));
    icalcomponent_add_component(to, rules);
}

// Each zone once, from its first event on.
static void add_zones(icalcomponent *to, const struct calendar *calendar)
{
    for (uint32_t i = 0; i < calendar->count; i++) {
        const char *name = calendar->events[i].zone;
        time_ms first = calendar->events[i].starts_at;
        bool known = is_utc(name);
        for (uint32_t k = 0; k < i; k++) {
            known = known || text_equal(calendar->events[k].zone, name);
        }
        for (uint32_t k = i + 1; k < calendar->count && !known; k++) {
            bool earlier = text_equal(calendar->events[k].zone, name) &&
                           calendar->events[k].starts_at < first;
            first = earlier ? calendar->events[k].starts_at : first;
        }
        if (!known) {
            add_zone(to, name, first);
        }
    }
}

// ---- People

static void add_name(icalproperty *property, const char *name)
{
    char shown[CALENDAR_LINE_MAX + 1];
    if (name == NULL || name[0] == '\0') {
        return;
    }
    text_copy_cut(shown, sizeof(shown), name);
    for (char *at = shown; *at != '\0'; at++) {
        *at = *at == '"' ? '\'' : *at; // RFC 5545 section 3.2: no parameter can hold one
    }
    icalproperty_add_parameter(property, icalparameter_new_cn(shown));
}

static icalproperty *mailbox(icalproperty *(*make)(const char *), const char *address,
                             const char *name)
{
    char uri[CALENDAR_LINE_MAX + sizeof("mailto:")];
    struct text_builder text = text_builder(uri, sizeof(uri));
    text_append_format(&text, "mailto:%s", address);
    icalproperty *property = make(uri);
    add_name(property, name);
    return property;
}

// Whoever is invited has a seat already: the invitation puts it into their calendar.
static void add_people(icalcomponent *to, const struct calendar *calendar)
{
    if (calendar->organizer != NULL) {
        icalcomponent_add_property(
            to, mailbox(icalproperty_new_organizer, calendar->organizer, calendar->organizer_name));
    }
    if (calendar->attendee != NULL && calendar->method != CALENDAR_PUBLISH) {
        icalproperty *attendee = mailbox(icalproperty_new_attendee, calendar->attendee,
                                         calendar->attendee_name);
        icalproperty_add_parameter(attendee, icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION));
        icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
        icalcomponent_add_property(to, attendee);
    }
}

// ---- Events

static void add_text(icalcomponent *to, icalproperty *(*make)(const char *), const char *text)
{
    if (text != NULL && text[0] != '\0') {
        icalcomponent_add_property(to, make(text));
    }
}

static enum err add_event(icalcomponent *to, const struct calendar *calendar,
                          const struct calendar_event *event)
{
    icalcomponent *component = icalcomponent_new_vevent();
    bool cancelled = event->cancelled || calendar->method == CALENDAR_CANCEL;
    icalcomponent_add_component(to, component);
    add_text(component, icalproperty_new_uid, event->uid);
    icalcomponent_add_property(component, icalproperty_new_sequence((int)event->sequence));
    icalcomponent_add_property(component, icalproperty_new_dtstamp(utc_time(event->changed_at)));
    enum err err = add_time(component, icalproperty_new_dtstart, event->starts_at, event->zone);
    if (err == ERR_NONE) {
        err = add_time(component, icalproperty_new_dtend, event->ends_at, event->zone);
    }
    add_text(component, icalproperty_new_summary, event->title);
    add_text(component, icalproperty_new_location, event->place);
    add_text(component, icalproperty_new_description, event->description);
    add_text(component, icalproperty_new_url, event->url);
    icalcomponent_add_property(
        component,
        icalproperty_new_status(cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    add_people(component, calendar);
    return err;
}

static enum err fill(icalcomponent *to, const struct calendar *calendar)
{
    enum err err = ERR_NONE;
    add_text(to, icalproperty_new_prodid, PRODUCT);
    add_text(to, icalproperty_new_version, "2.0");
    icalcomponent_add_property(to, icalproperty_new_method(methods[calendar->method]));
    if (calendar->name != NULL && calendar->name[0] != '\0') {
        add_text(to, icalproperty_new_name, calendar->name); // RFC 7986
    }
    for (uint32_t i = 0; i < calendar->count && err == ERR_NONE; i++) {
        if (calendar->events[i].zone == NULL || zone_find(calendar->events[i].zone) == NULL) {
            err = ERR_NOT_FOUND;
        }
    }
    if (err == ERR_NONE) {
        add_zones(to, calendar);
    }
    for (uint32_t i = 0; i < calendar->count && err == ERR_NONE; i++) {
        err = add_event(to, calendar, &calendar->events[i]);
    }
    return err;
}

enum err calendar_write(const struct calendar *calendar, char **ret_text, size_t *ret_size)
{
    if (!calendar_is_good(calendar)) {
        return ERR_INVALID;
    }
    zone_lock();
    icalcomponent *component = icalcomponent_new_vcalendar();
    enum err err = component != NULL ? fill(component, calendar) : ERR_FULL;
    char *text = err == ERR_NONE ? icalcomponent_as_ical_string_r(component) : NULL;
    if (component != NULL) {
        icalcomponent_free(component);
    }
    zone_unlock();
    if (err == ERR_NONE && text == NULL) {
        err = ERR_FULL;
    }
    if (err == ERR_NONE) {
        *ret_text = text;
        *ret_size = strlen(text);
    }
    return err;
}
