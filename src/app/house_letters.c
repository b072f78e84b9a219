// Letters of the secretariat's: a personal link, or how the meeting is planned now. Each is written
// in its reader's language, and English for who has none.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/house_priv.h"
#include "app/letter_words.h"
#include "app/mailing.h"
#include "app/people_priv.h"
#include "base/text.h"
#include "calendar/calendar.h"
#include "calendar/zone.h"
#include "store/people.h"

#define LETTER_SUBJECT_SIZE 1024
#define LETTER_TEXT_SIZE    4096

struct letter {
    struct app_mail mail; // points into the rest
    char to[HOUSE_ADDRESS_MAX + 1];
    char name[PARTICIPANT_NAME_SIZE];
    char subject[LETTER_SUBJECT_SIZE];
    char text[LETTER_TEXT_SIZE];
    char *calendar; // owned; NULL: none
};

struct writing {
    struct app *app;
    struct house *house;
    const struct app_meeting *meeting;
    const struct letter_wish *wish;
    const char *url;
    struct plan plan;
    uint32_t sequence; // of the calendar's entry
    struct letter *list;
    struct token_row *rows; // of the links, for those whose letter has one
    uint32_t count;
    uint32_t without_address;
};

static const char *zone_of(const struct plan *plan)
{
    return plan->zone[0] != '\0' ? plan->zone : "UTC";
}

// ---- Words

static void put_line(struct text_builder *text, const char *line)
{
    text_append(text, line);
    text_append(text, "\n");
}

static void put_plan(struct text_builder *text, const struct plan *plan, enum language language)
{
    static const enum letter_word forms[] = {[MEETING_FORM_REMOTE] = LETTER_REMOTE,
                                             [MEETING_FORM_HYBRID] = LETTER_HYBRID,
                                             [MEETING_FORM_HALL] = LETTER_HALL};
    put_line(text, plan->title[language - LANGUAGE_AR]);
    if (plan->first_day[0] != '\0') {
        bool one = text_equal(plan->first_day, plan->last_day);
        text_append_format(text, "%s%s%s (%s)\n", plan->first_day, one ? "" : " – ",
                           one ? "" : plan->last_day, zone_of(plan));
    }
    text_append_format(text, "%s%s%s\n", letter_word(forms[plan->form], language),
                       plan->place[0] != '\0' ? ": " : "", plan->place);
}

// A word that names something, once.
static void put_named(struct text_builder *text, enum letter_word word, enum language language,
                      const char *name)
{
    const char *words = letter_word(word, language);
    const char *place = strstr(words, "%s");
    text_append_n(text, words, (size_t)(place - words));
    text_append(text, name);
    text_append(text, place + strlen("%s"));
}

static void put_day(struct text_builder *text, const struct plan *plan, enum language language,
                    time_ms at)
{
    struct zone_time local;
    char day[32];
    if (zone_utc_to_local(zone_of(plan), at, &local, NULL) == ERR_NONE) {
        snprintf(day, sizeof(day), "%04d-%02d-%02d", local.year, local.month, local.day);
        put_named(text, LETTER_GOOD_UNTIL, language, day);
        put_line(text, "");
    }
}

static void write_link(const struct writing *letters, struct letter *letter,
                       const struct token_row *row, const char *token)
{
    enum language language = letter->mail.language;
    struct text_builder subject = text_builder(letter->subject, sizeof(letter->subject));
    struct text_builder text = text_builder(letter->text, sizeof(letter->text));
    put_named(&subject, LETTER_LINK_SUBJECT, language, letters->plan.title[language - LANGUAGE_AR]);
    text_append_format(&text, "%s\n\n", letter->name);
    put_line(&text, letter_word(LETTER_LINK_TEXT, language));
    text_append_format(&text, "\n%s/m/%s#%s\n\n", letters->url, letters->meeting->id, token);
    put_day(&text, &letters->plan, language, row->expires_at);
    text_append(&text, "\n");
    put_plan(&text, &letters->plan, language);
    letter->mail.secret = true;
}

static void write_plan(const struct writing *letters, struct letter *letter)
{
    enum language language = letter->mail.language;
    struct text_builder text = text_builder(letter->text, sizeof(letter->text));
    enum meeting_life life = letters->plan.life;
    enum letter_word word = life == MEETING_LIFE_CANCELLED   ? LETTER_CANCELLED
                            : life == MEETING_LIFE_POSTPONED ? LETTER_POSTPONED
                                                             : LETTER_PLANNED;
    text_copy_cut(letter->subject, sizeof(letter->subject),
                  letters->plan.title[language - LANGUAGE_AR]);
    text_append_format(&text, "%s\n\n", letter->name);
    put_line(&text, letter_word(word, language));
    text_append(&text, "\n");
    put_plan(&text, &letters->plan, language);
    text_append_format(&text, "\n%s/m/%s\n", letters->url, letters->meeting->id);
}

// ---- The calendar's entry

static enum err day_begins(const struct plan *plan, const char *day, int later, time_ms *ret_at)
{
    struct zone_time local = {0};
    unsigned long long number[3];
    if (text_to_u64(day, 4, 9999, &number[0]) != ERR_NONE ||
        text_to_u64(day + 5, 2, 12, &number[1]) != ERR_NONE ||
        text_to_u64(day + 8, 2, 31, &number[2]) != ERR_NONE) {
        return ERR_INVALID;
    }
    local.year = (int)number[0];
    local.month = (int)number[1];
    local.day = (int)number[2];
    enum err err = zone_local_to_utc(zone_of(plan), &local, ret_at, NULL);
    *ret_at += later * INT64_C(24) * 3600 * 1000;
    return err;
}

// From the beginning of the first day to the end of the last: what has no days has no entry.
static enum err write_calendar(const struct writing *letters, struct letter *letter)
{
    char uid[CONTRACT_ID_MAX + 16];
    char url[1024];
    const struct plan *plan = &letters->plan;
    struct calendar_event event = {.uid = uid,
                                   .sequence = letters->sequence,
                                   .changed_at = plan->changed_at,
                                   .zone = zone_of(plan),
                                   .cancelled = plan->life == MEETING_LIFE_CANCELLED,
                                   .title = plan->title[letter->mail.language - LANGUAGE_AR],
                                   .place = plan->place[0] != '\0' ? plan->place : NULL,
                                   .url = url};
    struct calendar calendar = {.method = event.cancelled ? CALENDAR_CANCEL : CALENDAR_REQUEST,
                                .organizer = letters->app->mailing.port.from,
                                .attendee = letter->to,
                                .attendee_name = letter->name,
                                .events = &event,
                                .count = 1};
    size_t size = 0;
    if (plan->first_day[0] == '\0') {
        return ERR_NONE;
    }
    snprintf(uid, sizeof(uid), "%s@plenary", plan->id);
    snprintf(url, sizeof(url), "%s/m/%s", letters->url, plan->id);
    enum err err = day_begins(plan, plan->first_day, 0, &event.starts_at);
    err = err == ERR_NONE ? day_begins(plan, plan->last_day, 1, &event.ends_at) : err;
    err = err == ERR_NONE ? calendar_write(&calendar, &letter->calendar, &size) : err;
    letter->mail.calendar = letter->calendar;
    letter->mail.method = calendar_method_text(calendar.method);
    return err;
}

// ---- Whom to

static bool is_for(const struct writing *letters, const struct participant *person,
                   const struct contact_row *contact)
{
    if (person->audience) {
        return false;
    }
    if (letters->wish->participant[0] != '\0') {
        return text_equal(letters->wish->participant, person->id);
    }
    return letters->wish->kind == LETTER_KIND_PLAN || !house_can_come(contact);
}

static enum err write_letter(struct writing *letters, const struct participant *person,
                             const struct contact_row *contact)
{
    struct letter *letter = &letters->list[letters->count];
    struct token_row *row = &letters->rows[letters->count];
    char token[APP_TOKEN_MAX + 1];
    letter->mail = (struct app_mail){
        .to = letter->to,
        .to_name = letter->name,
        .subject = letter->subject,
        .text = letter->text,
        .language = person->language != LANGUAGE_NONE ? person->language : LANGUAGE_EN};
    text_copy_cut(letter->to, sizeof(letter->to), contact->address);
    memcpy(letter->name, person->name, sizeof(letter->name));
    letters->count++;
    if (letters->wish->kind == LETTER_KIND_PLAN) {
        write_plan(letters, letter);
        return write_calendar(letters, letter);
    }
    int64_t days = letters->wish->days > 0 ? letters->wish->days : APP_LINK_DAYS;
    row->created_at = letters->house->wall;
    row->expires_at = letters->house->wall + days * 24 * 3600 * 1000;
    text_copy_cut(row->meeting, sizeof(row->meeting), letters->meeting->id);
    house_link_fill(person, row, token);
    write_link(letters, letter, row, token);
    explicit_bzero(token, sizeof(token));
    return ERR_NONE;
}

static enum err write_all(struct writing *letters, const struct house_contacts *contacts)
{
    const struct meeting *state = &letters->meeting->told.meeting;
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < state->participants_count && err == ERR_NONE; i++) {
        const struct participant *person = &state->participants[i];
        const struct contact_row *contact = house_contact(contacts, person->id);
        if (!is_for(letters, person, contact)) {
            continue;
        }
        if (contact == NULL || contact->address[0] == '\0') {
            letters->without_address++;
        } else {
            err = write_letter(letters, person, contact);
        }
    }
    return err;
}

// ---- Away

// The links are good before anybody has them; what cannot be posted opens nothing.
static enum err post(struct writing *letters)
{
    bool links = letters->wish->kind == LETTER_KIND_LINK;
    uint32_t which = 0;
    struct app_mail *mails = calloc(letters->count + 1, sizeof(*mails));
    enum err err = mails == NULL ? ERR_FULL : ERR_NONE;
    for (uint32_t i = 0; i < letters->count && err == ERR_NONE; i++) {
        mails[i] = letters->list[i].mail;
    }
    err = err == ERR_NONE && links ? tokens_add(letters->app->store, letters->rows, letters->count)
                                   : err;
    if (err == ERR_NONE) {
        err = app_mail_post(letters->app, mails, letters->count, &which);
        for (uint32_t i = 0; i < letters->count && err != ERR_NONE && links; i++) {
            (void)!token_revoke(letters->app->store, letters->rows[i].hash);
        }
    }
    free(mails);
    return err;
}

static enum err letters_run(struct writing *letters)
{
    struct house_contacts contacts;
    uint32_t people = letters->meeting->told.meeting.participants_count;
    letters->list = calloc(people + 1, sizeof(*letters->list));
    letters->rows = calloc(people + 1, sizeof(*letters->rows));
    enum err err = letters->list == NULL || letters->rows == NULL
                       ? ERR_FULL
                       : house_contacts_read(letters->app, letters->house, letters->meeting->id,
                                             &contacts);
    if (err == ERR_NONE) {
        err = write_all(letters, &contacts);
        house_contacts_free(&contacts);
    }
    if (err == ERR_NONE && letters->wish->participant[0] != '\0' && letters->count == 0) {
        return letters->without_address > 0
                   ? house_refuse(letters->house, REFUSAL_ADDRESS_FIRST)
                   : house_refuse_field(letters->house, ERR_NOT_FOUND, "participant");
    }
    return err == ERR_NONE && letters->count > 0 ? post(letters) : err;
}

static void letters_finish(struct writing *letters)
{
    for (uint32_t i = 0; i < letters->count; i++) {
        explicit_bzero(letters->list[i].text, sizeof(letters->list[i].text));
        free(letters->list[i].calendar);
    }
    free(letters->list);
    free(letters->rows);
}

// Links of before end first: a new one is asked for because an old one is where it should not be.
static enum err begin(struct app *app, struct house *house, const char *meeting,
                      const struct letter_wish *wish, struct app_meeting **ret_meeting)
{
    enum err err = house_meeting_to_change(app, house, meeting, ret_meeting);
    if (err == ERR_NONE && !app_mail_possible(app)) {
        return house_refuse(house, REFUSAL_NO_MAIL_SERVER);
    }
    return err == ERR_NONE && wish->kind == LETTER_KIND_LINK && wish->participant[0] != '\0'
               ? seat_end_links(app, meeting, wish->participant)
               : err;
}

enum err app_letters_send(struct app *app, struct house *house, const char *meeting,
                          const struct letter_wish *wish, struct letters *ret_letters)
{
    struct writing letters = {
        .app = app, .house = house, .wish = wish, .url = app->mailing.port.url};
    struct app_meeting *found = NULL;
    *ret_letters = (struct letters){0};
    enum err err = begin(app, house, meeting, wish, &found);
    letters.meeting = found;
    err = err == ERR_NONE ? plan_get(app->store, meeting, &letters.plan) : err;
    if (err != ERR_NONE) {
        return err;
    }
    letters.sequence = (uint32_t)(letters.plan.changed_at / 1000 % INT32_MAX);
    err = letters_run(&letters);
    if (err == ERR_NONE) {
        const struct house_act act = house_act_of(
            house, wish->kind == LETTER_KIND_LINK ? "links.mailed" : "plan.mailed", meeting,
            wish->participant);
        err = house_note(app->store, &act);
        house_recount(app, house, found);
    }
    ret_letters->posted = letters.count;
    ret_letters->without_address = letters.without_address;
    letters_finish(&letters);
    return err;
}
