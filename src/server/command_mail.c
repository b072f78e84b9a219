// `plenary mail`: whether mails leave, and what became of those that should. `test` speaks with the
// mail server at once and says what it said; with --queued the mail goes the way of all others,
// through the server that runs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/random.h"
#include "mail/address.h"
#include "mail/message.h"
#include "server/command.h"
#include "server/command_store.h"
#include "server/mail_service.h"
#include "server/options.h"
#include "store/mail_queue.h"
#include "store/store.h"

#define ID_LENGTH 20

struct mail_wish {
    bool queued;
    bool json;
    bool first; // the next row listed is the first
};

// ---- A test

static void describe_test(const char *address, struct mail_row *row)
{
    *row = (struct mail_row){.address = address,
                             .name = "",
                             .language = "en",
                             .subject = "Plenary: a test",
                             .text =
                                 "This mail was sent to see whether mails of this server arrive. "
                                 "They do.\n",
                             .calendar = "",
                             .method = "",
                             .created_at = time_wall_ms()};
    char random[ID_LENGTH + 1];
    random_text(random, ID_LENGTH);
    struct text_builder id = text_builder(row->id, sizeof(row->id));
    text_append_format(&id, "mail-%s", random);
}

static int test_queued(const struct config *config, const struct mail_row *row)
{
    struct store *store = command_store_open(config);
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    enum err err = mail_queue_add(store, row, 1);
    store_close(store);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary mail test: %s\n",
                err == ERR_FULL ? "too many mails wait already" : err_title(err));
        return EXIT_FAILURE;
    }
    printf("%s\n", row->id);
    return EXIT_SUCCESS;
}

static void send_now(const struct config *config, const struct mail_row *row,
                     struct mail_answer *ret_answer)
{
    struct mail_server server;
    struct mail_sender *sender = NULL;
    char name[CONFIG_TEXT_MAX + 1];
    char *message = NULL;
    size_t size = 0;
    const struct mail mail = {.id = row->id,
                              .at = row->created_at,
                              .from = config->mail_from,
                              .from_name = config->mail_from_name,
                              .to = row->address,
                              .to_name = row->name,
                              .subject = row->subject,
                              .language = row->language,
                              .text = row->text};
    mail_service_server(config, name, sizeof(name), &server);
    enum err err = mail_write(&mail, &message, &size);
    err = err == ERR_NONE ? mail_sender_create(&server, &sender) : err;
    if (err == ERR_NONE) {
        mail_send(sender, mail.from, mail.to, message, size, ret_answer);
    } else {
        text_copy_cut(ret_answer->words, sizeof(ret_answer->words), err_title(err));
    }
    mail_sender_destroy(sender);
    free(message);
}

static int test_now(const struct config *config, const struct mail_row *row)
{
    struct mail_answer answer = {.outcome = MAIL_UNREACHABLE};
    (void)!chdir(config->data); // where the server stands, for names of files
    send_now(config, row, &answer);
    bool taken = answer.outcome == MAIL_TAKEN;
    fprintf(taken ? stdout : stderr, "%s %s: %s\n", config->mail_server,
            taken ? "has taken it" : "has not taken it", answer.words);
    return taken ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int mail_test(const struct config *config, const struct mail_wish *wish, const char *address)
{
    struct mail_row row;
    const char *problem = config->mail_server[0] == '\0' ? "mail.server is empty: name one"
                                                         : config_mail_problem(config);
    if (mail_address_check(address, NULL) != ERR_NONE) {
        fprintf(stderr, "plenary mail test: '%s' is no address\n", address);
        return 2;
    }
    if (problem != NULL) {
        fprintf(stderr, "plenary mail test: %s\n", problem);
        return EXIT_FAILURE;
    }
    describe_test(address, &row);
    return wish->queued ? test_queued(config, &row) : test_now(config, &row);
}

// ---- The list

// None of these has a control character.
static void print_quoted(const char *name, const char *text)
{
    printf("\"%s\":\"", name);
    for (const char *at = text; *at != '\0'; at++) {
        printf(*at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    printf("\"");
}

static bool print_row(void *context, const struct mail_row *row)
{
    struct mail_wish *wish = context;
    if (!wish->json) {
        printf("%-24s %-7s %3u  %-40s %s\n", row->id, mail_state_text(row->state), row->tries,
               row->address, row->error);
        return true;
    }
    printf("%s{", wish->first ? "" : ",");
    print_quoted("id", row->id);
    printf(",");
    print_quoted("state", mail_state_text(row->state));
    printf(",\"tries\":%u,\"created_at\":%lld,\"next_try_at\":%lld,\"finished_at\":%lld,",
           row->tries, (long long)row->created_at, (long long)row->next_try_at,
           (long long)row->finished_at);
    print_quoted("to", row->address);
    printf(",");
    print_quoted("subject", row->subject);
    printf(",");
    print_quoted("error", row->error);
    printf("}");
    wish->first = false;
    return true;
}

static int mail_list(const struct config *config, struct mail_wish *wish)
{
    struct store *store = command_store_open(config);
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    printf("%s", wish->json ? "[" : "");
    enum err err = mail_queue_list(store, print_row, wish);
    printf("%s", wish->json ? "]\n" : "");
    store_close(store);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary mail list: %s\n", err_title(err));
    }
    return err == ERR_NONE ? EXIT_SUCCESS : EXIT_FAILURE;
}

// ---- The command

int command_mail(int argc, char **argv)
{
    static const char usage[] =
        "Usage: plenary mail test ADDRESS [OPTIONS]\n"
        "       plenary mail list [OPTIONS]\n"
        "Sends a mail to see whether mails arrive; lists the mails of the "
        "last 90 days.";
    struct mail_wish wish = {.first = true};
    const struct option_extra extras[] = {
        {"queued", false, NULL, &wish.queued,
         "test: by the server that runs, as all mails go; prints the mail's id"},
        {0}};
    struct options options;
    int code = 0;
    bool tests = argc >= 2 && text_equal(argv[1], "test");
    bool lists = argc >= 2 && text_equal(argv[1], "list");
    const char *address = tests && argc >= 3 && argv[2][0] != '-' ? argv[2] : NULL;
    int words = (tests || lists) + (address != NULL);
    if (!options_read(argc - words, argv + words, usage, extras, &options, &code)) {
        return code;
    }
    wish.json = options.json;
    if (lists) {
        return mail_list(&options.config, &wish);
    }
    if (address != NULL) {
        return mail_test(&options.config, &wish, address);
    }
    fprintf(stderr, "%s\n", usage);
    return 2;
}
