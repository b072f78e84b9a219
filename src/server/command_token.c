// `plenary token`: one personal link's token on standard output and nothing else. Works while the
// server runs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/operating.h"
#include "base/text.h"
#include "contract/permissions.h"
#include "server/command.h"
#include "server/command_store.h"
#include "server/command_words.h"
#include "server/options.h"

#define HOURS_DEFAULT "168" // a week: a session of a council with its preparation
#define HOURS_MAX     8760

// A token for a machine at one of the doors: --role publisher --source NAME, or --role listener
// --channel ID. False when the options do not fit each other.
static bool read_door(const char *role, const char *source, const char *channel,
                      struct app_token_wish *wish)
{
    bool publisher = role != NULL && text_equal(role, "publisher");
    if (publisher != (source != NULL) || (publisher && channel != NULL)) {
        fprintf(stderr, "plenary token: --role publisher goes with --source NAME\n");
        return false;
    }
    if (channel != NULL && (role == NULL || !text_equal(role, "listener"))) {
        fprintf(stderr, "plenary token: --channel goes with --role listener\n");
        return false;
    }
    wish->bound = source != NULL || channel != NULL;
    wish->door = publisher ? APP_DOOR_PUBLISH : APP_DOOR_LISTEN;
    wish->door_name = publisher ? source : channel;
    return true;
}

static bool read_wish(const char *role, const char *language, const char *hours,
                      struct app_token_wish *wish)
{
    unsigned long long lifetime_hours = 0;
    wish->capacity = APP_CAPACITY_OF_NOBODY;
    if (!wish->bound && (role == NULL || !capacity_from_text(role, &wish->capacity))) {
        fprintf(stderr, "plenary token: --role must be one of: " CAPACITY_WORDS ", publisher\n");
        return false;
    }
    if (language != NULL && !language_from_text(language, &wish->language)) {
        fprintf(stderr, "plenary token: --language must be one of: ar zh en fr ru es\n");
        return false;
    }
    if (capacity_can(wish->capacity, ABILITY_HAS_DESK) && wish->language == LANGUAGE_NONE) {
        fprintf(stderr, "plenary token: an interpreter needs --language\n");
        return false;
    }
    if (text_to_u64(hours, strlen(hours), HOURS_MAX, &lifetime_hours) != ERR_NONE ||
        lifetime_hours == 0) {
        fprintf(stderr, "plenary token: --lifetime-hours must be a number from 1 to %d\n",
                HOURS_MAX);
        return false;
    }
    wish->lifetime_ms = (int64_t)lifetime_hours * 3600 * 1000;
    return true;
}

int command_token(int argc, char **argv)
{
    const char *meeting = NULL;
    const char *role = NULL;
    const char *language = NULL;
    const char *source = NULL;
    const char *channel = NULL;
    const char *hours = HOURS_DEFAULT;
    const char *given = NULL;
    char name[PARTICIPANT_NAME_SIZE];
    struct app_token_wish wish = {.language = LANGUAGE_NONE};
    const struct option_extra extras[] = {
        {"meeting", true, &meeting, NULL, "the meeting's id, such as demo"},
        {"role", true, &role, NULL, CAPACITY_WORDS "; publisher (with --source)"},
        {"source", true, &source, NULL,
         "a token that only publishes this one feed by WHIP: a-z, 0-9 and '-'"},
        {"channel", true, &channel, NULL,
         "with --role listener: a token that only hears this one channel by WHEP: "
         "floor ar zh en fr ru es"},
        {"language", true, &language, NULL,
         "an interpreter's booth or a listener's first language: ar zh en fr ru es"},
        {"delegation", true, &wish.delegation, NULL, "a delegate's delegation: its code or id"},
        {"name", true, &given, NULL, "the person's name"},
        {"participant", true, &wish.participant, NULL, "an existing participant's id"},
        {"lifetime-hours", true, &hours, NULL,
         "how long the link may be used (default " HOURS_DEFAULT ")"},
        {0}};
    struct options options;
    int code = 0;
    if (!options_read(argc, argv,
                      "Usage: plenary token --meeting ID --role ROLE [OPTIONS]\nPrints one "
                      "personal link's token and nothing else; "
                      "works while the server runs.",
                      extras, &options, &code)) {
        return code;
    }
    if (meeting == NULL) {
        fprintf(stderr, "plenary token: --meeting is missing\n");
        return 2;
    }
    wish.meeting = meeting;
    if (!read_door(role, source, channel, &wish) || !read_wish(role, language, hours, &wish) ||
        !command_words_name("token", given, name)) {
        return 2;
    }
    wish.name = given != NULL ? name : NULL;
    struct store *store = command_store_open(&options.config);
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    char token[APP_TOKEN_MAX + 1];
    enum err result = app_token_make(store, &wish, time_wall_ms(), token);
    store_close(store);
    if (result != ERR_NONE) {
        fprintf(stderr, "plenary token: %s\n",
                result == ERR_NOT_FOUND ? "there is no such meeting, delegation or participant"
                : result == ERR_INVALID ? "there can be no such source or channel"
                                        : err_title(result));
        return EXIT_FAILURE;
    }
    printf(options.json ? "{\"token\":\"%s\"}\n" : "%s\n", token);
    return EXIT_SUCCESS;
}
