// `plenary load`: many WHIP and WHEP clients against any server. Progress goes to standard error;
// standard output has the table, or with --json one line.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "load/load.h"
#include "server/command.h"
#include "server/load_report.h"
#include "server/options.h"

#define NUMBER_MAX 100000000

// The options as given; NULL: not given.
struct load_words {
    struct option_values whip;
    struct option_values whep;
    const char *token;
    const char *whep_token;
    const char *publishers;
    const char *listeners;
    const char *join_rate;
    const char *handshakes;
    const char *duration;
    const char *seed;
    const char *payload;
    const char *frame_ms;
    const char *longest_ms;
    const char *cipher;
    const char *sample;
    const char *source;
    const char *patience;
    const char *core;
    struct option_values pid;
    bool even;
    bool red;
    bool insecure;
};

static bool complain(const char *name, const char *value)
{
    fprintf(stderr, "plenary load: --%s '%s' cannot be read\n", name, value);
    return false;
}

static bool number_read(const char *name, const char *word, uint32_t *number)
{
    unsigned long long value;
    if (word == NULL) {
        return true;
    }
    if (text_to_u64(word, strlen(word), NUMBER_MAX, &value) != ERR_NONE) {
        return complain(name, word);
    }
    *number = (uint32_t)value;
    return true;
}

// "300", "2.5" or "300/s".
static bool rate_read(const char *word, double *rate)
{
    char *end = NULL;
    if (word == NULL) {
        return true;
    }
    *rate = strtod(word, &end);
    bool good = end != word && (*end == '\0' || text_equal(end, "/s")) && *rate >= 0 &&
                *rate <= NUMBER_MAX;
    return good || complain("join-rate", word);
}

// "10.9.0.2", or "10.9.0.1/16": that address and those after it in its network.
static bool source_read(const char *word, struct load_options *options)
{
    char ip[ADDRESS_TEXT_SIZE];
    unsigned long long bits = 0;
    if (word == NULL) {
        return true;
    }
    const char *slash = strchr(word, '/');
    size_t size = slash != NULL ? (size_t)(slash - word) : strlen(word);
    bool good = text_copy_n(ip, sizeof(ip), word, size) == ERR_NONE &&
                address_from_text(ip, 0, &options->source) == ERR_NONE &&
                (slash == NULL ||
                 (text_to_u64(slash + 1, strlen(slash + 1), 30, &bits) == ERR_NONE && bits >= 8));
    options->source_prefix = (unsigned)bits;
    return good || complain("source", word);
}

static bool processes_read(const struct option_values *given, struct load_options *options)
{
    for (unsigned i = 0; i < given->count; i++) {
        for (const char *word = given->items[i]; word != NULL;) {
            const char *comma = strchr(word, ',');
            size_t size = comma != NULL ? (size_t)(comma - word) : strlen(word);
            unsigned long long value;
            if (options->process_count == LOAD_PROCESSES_MAX ||
                text_to_u64(word, size, INT32_MAX, &value) != ERR_NONE || value == 0) {
                return complain("pid", given->items[i]);
            }
            options->processes[options->process_count++] = (pid_t)value;
            word = comma != NULL ? comma + 1 : NULL;
        }
    }
    return true;
}

static bool cipher_read(const char *word, enum load_cipher *cipher)
{
    *cipher = word != NULL && text_equal(word, "gcm")  ? LOAD_CIPHER_GCM
              : word != NULL && text_equal(word, "cm") ? LOAD_CIPHER_CM
                                                       : LOAD_CIPHER_ANY;
    return word == NULL || *cipher != LOAD_CIPHER_ANY || text_equal(word, "any") ||
           complain("cipher", word);
}

static bool words_read(const struct load_words *words, struct load_options *options)
{
    uint32_t seed = (uint32_t)options->seed;
    uint32_t core = UINT32_MAX;
    memcpy(options->whip, words->whip.items, sizeof(options->whip));
    memcpy(options->whep, words->whep.items, sizeof(options->whep));
    options->whip_count = words->whip.count;
    options->whep_count = words->whep.count;
    options->whip_token = words->token;
    options->whep_token = words->whep_token != NULL ? words->whep_token : words->token;
    options->even_arrivals = words->even;
    options->red = words->red;
    options->insecure = words->insecure;
    options->publishers = words->whip.count > 0 ? 1 : 0;
    options->listeners = words->whep.count > 0 ? 1 : 0;
    bool good = number_read("publishers", words->publishers, &options->publishers) &&
                number_read("listeners", words->listeners, &options->listeners) &&
                rate_read(words->join_rate, &options->join_rate) &&
                number_read("handshakes", words->handshakes, &options->handshakes) &&
                number_read("duration", words->duration, &options->duration_s) &&
                number_read("seed", words->seed, &seed) &&
                number_read("payload", words->payload, &options->payload) &&
                number_read("frame-ms", words->frame_ms, &options->packet_ms) &&
                number_read("maxptime", words->longest_ms, &options->longest_ms) &&
                number_read("sample", words->sample, &options->sample) &&
                number_read("patience", words->patience, &options->patience_s) &&
                number_read("server-core", words->core, &core) &&
                cipher_read(words->cipher, &options->cipher) &&
                source_read(words->source, options) && processes_read(&words->pid, options);
    options->seed = seed;
    options->core = core == UINT32_MAX ? -1 : (int)core;
    return good;
}

static void show(void *context, const struct load_progress *progress)
{
    load_report_progress(context, progress);
}

// Interruptions are read by the load in its own time.
static int stop_descriptor(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return sigprocmask(SIG_BLOCK, &signals, NULL) == 0
               ? signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC)
               : -1;
}

static int run(struct load_options *options, bool json)
{
    struct load_result *result = calloc(1, sizeof(*result));
    const char *problem = NULL;
    options->stop_fd = stop_descriptor();
    options->progress = show;
    options->progress_context = stderr;
    if (result == NULL || options->stop_fd < 0) {
        fprintf(stderr, "plenary load: %s\n", strerror(errno));
        free(result);
        return EXIT_FAILURE;
    }
    enum err err = load_run(options, result, &problem);
    load_report_progress_end(stderr);
    close(options->stop_fd);
    if (err != ERR_NONE) {
        fprintf(stderr, "plenary load: %s\n", problem);
        free(result);
        return err == ERR_INVALID ? 2 : EXIT_FAILURE;
    }
    // The table is for whoever looks on, the line for whoever reads standard output.
    load_report_table(json ? stderr : stdout, options, result);
    bool told = !json || load_report_json(stdout, options, result);
    bool all = result->publishers_failed == 0 && result->listeners_failed == 0 &&
               (result->interrupted || (result->publishers_joined == options->publishers &&
                                        result->listeners_joined == options->listeners));
    free(result);
    return told && all ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const char usage[] =
    "Usage: plenary load [--whip URL…] [--whep URL…] [OPTIONS]\n"
    "Publishes Opus by WHIP, listens by WHEP, as many clients as told, to any server; measures "
    "loss, order and delay,\nand with --pid what the server on this machine uses. In URLs and "
    "tokens {n} is the client's number from 0, and\n{ar,fr,en} one of the words in turn. "
    "Ends with 0 only when everybody could join.";

int command_load(int argc, char **argv)
{
    struct load_words words = {0};
    const struct option_extra extras[] = {
        {"whip", true, NULL, NULL, "where publishers go; may be repeated, taken in turn",
         &words.whip},
        {"whep", true, NULL, NULL, "where listeners go; may be repeated, taken in turn",
         &words.whep},
        {"token", true, &words.token, NULL, "bearer token"},
        {"whep-token", true, &words.whep_token, NULL, "listeners' token, when it is another"},
        {"publishers", true, &words.publishers, NULL, "default 1 with --whip"},
        {"listeners", true, &words.listeners, NULL, "default 1 with --whep"},
        {"join-rate", true, &words.join_rate, NULL,
         "listeners that arrive in a second (default: all at once)"},
        {"even", false, NULL, &words.even, "arrivals evenly spaced, not at random"},
        {"handshakes", true, &words.handshakes, NULL, "joins under way at once (default 64)"},
        {"patience", true, &words.patience, NULL, "seconds for one join (default 20)"},
        {"duration", true, &words.duration, NULL,
         "seconds of measurement after all have joined (default 10)"},
        {"seed", true, &words.seed, NULL, "of arrivals and of the streams' phases (default 1)"},
        {"payload", true, &words.payload, NULL, "bytes of each Opus packet (default 80)"},
        {"frame-ms", true, &words.frame_ms, NULL,
         "milliseconds in each Opus packet: 10, 20, 40, 60 (default 20)"},
        {"maxptime", true, &words.longest_ms, NULL,
         "longest packet that listeners ask for, in milliseconds"},
        {"red", false, NULL, &words.red, "listeners welcome RED"},
        {"cipher", true, &words.cipher, NULL, "gcm, cm or any (default any, GCM first)"},
        {"sample", true, &words.sample, NULL,
         "one listener in so many is decrypted and timed (default 16)"},
        {"source", true, &words.source, NULL,
         "address of the clients, or network ADDRESS/BITS with one for each"},
        {"insecure", false, NULL, &words.insecure, "any TLS certificate will do"},
        {"pid", true, NULL, NULL, "processes of the server, separated by commas", &words.pid},
        {"server-core", true, &words.core, NULL, "a core to watch as a whole, with interrupts"},
        {0}};
    struct options shared;
    struct load_options options;
    int code = 0;
    if (!options_read(argc, argv, usage, extras, &shared, &code)) {
        return code;
    }
    load_options_init(&options);
    if (!words_read(&words, &options)) {
        return 2;
    }
    return run(&options, shared.json);
}
