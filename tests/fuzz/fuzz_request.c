#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http/request_guard.h"

static uint8_t *passed;
static size_t passed_size;
static size_t passed_room;

static void run(struct request_guard *guard, const uint8_t *data, size_t size, size_t piece)
{
    passed_size = 0;
    while (size > 0) {
        size_t part = size < piece ? size : piece;
        size_t out_size = 0;
        if (passed_room - passed_size < REQUEST_GUARD_OUT_MAX(part)) {
            passed_room = passed_size + 2 * REQUEST_GUARD_OUT_MAX(part);
            passed = realloc(passed, passed_room);
            ASSERT(passed != NULL);
        }
        size_t taken = request_guard_take(guard, data, part, passed + passed_size, &out_size);
        passed_size += out_size;
        data += taken;
        size -= taken;
        if (taken < part) {
            ASSERT(!request_guard_takes(guard));
            request_guard_answered(guard);
        }
    }
    request_guard_answered(guard);
}

static bool ends_with(const uint8_t *data, size_t size, const char *end)
{
    size_t length = strlen(end);
    return size >= length && memcmp(data + size - length, end, length) == 0;
}

// However the bytes are cut, the same goes on; and what went on has no fault: a second guard behind
// the first takes it all and changes nothing (a refusal is a request of its own, and the last). A
// body that is ended here says so in words that no client can say.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request_guard first = {0};
    struct request_guard second = {0};
    struct request_guard behind = {0};
    run(&first, data, size, SIZE_MAX);
    size_t whole_size = passed_size;
    uint8_t *whole = malloc(whole_size + 1);
    ASSERT(whole != NULL);
    memcpy(whole, passed, whole_size);
    run(&second, data, size, 3);
    ASSERT(passed_size == whole_size && memcmp(passed, whole, whole_size) == 0);
    ASSERT(first.requests == second.requests && first.phase == second.phase);
    bool body_ended = ends_with(whole, whole_size,
                                REQUEST_GUARD_CUT ": " REQUEST_GUARD_CUT_MALFORMED "\r\n\r\n") ||
                      ends_with(whole, whole_size,
                                REQUEST_GUARD_CUT ": " REQUEST_GUARD_CUT_TOO_LARGE "\r\n\r\n");
    if (!(body_ended && first.phase == REQUEST_GUARD_OVER)) {
        run(&behind, whole, whole_size, 1000);
        ASSERT(behind.refused == 0 && behind.requests == first.requests);
        ASSERT(passed_size == whole_size && memcmp(passed, whole, whole_size) == 0);
    }
    free(whole);
    request_guard_finish(&first);
    request_guard_finish(&second);
    request_guard_finish(&behind);
    return 0;
}
