#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "base/text.h"
#include "base/version.h"
#include "server/command.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *meaning; // NULL: started by the supervisor only
} commands[] = {
    {"serve", command_serve, "runs the server until it is interrupted"},
    {"demo", command_demo, "makes the demonstration meeting and prints one link for each role"},
    {"doctor", command_doctor,
     "examines ports, time, disk, certificate, database and reachability"},
    {"token", command_token, "prints one personal link's token"},
    {"load", command_load, "drives any WHIP and WHEP server with many clients and measures it"},
    {"report", command_report, "prints a meeting's report, or checks the signature of one"},
    {"backup", command_backup, "writes all that the server keeps into one file, while it runs"},
    {"restore", command_restore, "makes a data folder of a backup, after having verified it"},
    {"user", command_user, "adds, lists and changes accounts"},
    {"mail", command_mail,
     "tries the mail server, and lists the mails that wait or did not arrive"},
    {"control", command_control, NULL},
    {"media", command_media, NULL},
};

static void print_commands(FILE *to)
{
    fprintf(to,
            "Plenary: multilingual formal meetings on one server.\n\nUsage: plenary COMMAND "
            "[OPTIONS]\n\n");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (commands[i].meaning != NULL) {
            fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].meaning);
        }
    }
    fprintf(to,
            "\n`plenary COMMAND --help` tells a command's options, `plenary --version` which "
            "this is.\n");
}

int main(int argc, char **argv)
{
    // A client that goes away is an error of one write, not of the process.
    signal(SIGPIPE, SIG_IGN);
    // The supervisor starts the others by /proc/self/exe; they are called plenary all the same.
    (void)prctl(PR_SET_NAME, "plenary");
    if (argc >= 2 && (text_equal(argv[1], "--help") || text_equal(argv[1], "help"))) {
        print_commands(stdout);
        return EXIT_SUCCESS;
    }
    if (argc >= 2 && text_equal(argv[1], "--version")) {
        printf("plenary %s\n", version_text());
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (text_equal(argv[1], commands[i].name)) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    print_commands(stderr);
    return 2;
}
