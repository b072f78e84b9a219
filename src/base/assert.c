#include "base/assert.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local jmp_buf *trap; // of assert_try(); NULL outside
static _Thread_local const char *caught;

_Noreturn void assert_failed(const char *expression, const char *file, int line)
{
    if (trap != NULL) {
        caught = expression;
        longjmp(*trap, 1);
    }
    fprintf(stderr,
            "{\"level\":\"fatal\",\"event\":\"assertion.failed\",\"expression\":\"%s\","
            "\"file\":\"%s\",\"line\":%d}\n",
            expression, file, line);
    abort();
}

const char *assert_try(void (*work)(void *context), void *context)
{
    jmp_buf here;
    ASSERT(trap == NULL);
    trap = &here;
    caught = NULL;
    if (setjmp(here) == 0) {
        work(context);
    }
    trap = NULL;
    return caught;
}
