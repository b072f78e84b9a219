#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

#define LOG_LINE_MAX 4096

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static const char *log_process = "plenary";
static enum log_level log_least = LOG_INFO;

void log_setup(const char *process, enum log_level least)
{
    log_process = process;
    log_least = least;
}

bool log_level_from_text(const char *text, enum log_level *ret_level)
{
    for (int i = 0; i <= LOG_ERROR; i++) {
        if (text_equal(text, level_names[i])) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static void append_quoted(struct text_builder *line, const char *text)
{
    text_append(line, "\"");
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            text_append_format(line, "\\%c", c);
        } else if (c < 0x20 || c == 0x7F) {
            text_append_format(line, "\\u%04x", c);
        } else {
            text_append_n(line, p, 1);
        }
    }
    text_append(line, "\"");
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    if (level < log_least) {
        return;
    }
    char buffer[LOG_LINE_MAX];
    struct text_builder line = text_builder(buffer, sizeof(buffer) - 2);
    text_append_format(&line, "{\"time_ms\":%lld,\"level\":\"%s\",\"process\":\"%s\",\"event\":",
                       (long long)time_wall_ms(), level_names[level], log_process);
    append_quoted(&line, event);
    for (const struct log_field *field = fields; field->name != NULL; field++) {
        text_append_format(&line, ",\"%s\":", field->name);
        if (field->text != NULL) {
            append_quoted(&line, field->text);
        } else {
            text_append_format(&line, "%lld", (long long)field->number);
        }
    }
    // A line that did not fit is dropped to its head: the event name is always there.
    buffer[line.length] = '}';
    buffer[line.length + 1] = '\n';
    ssize_t written = write(STDERR_FILENO, buffer, line.length + 2);
    (void)written; // nothing sensible can be done when standard error is gone
}
