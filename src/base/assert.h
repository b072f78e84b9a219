// Assertions stay on in release builds: a bug stops the process, the supervisor restarts it, the
// journal replays.
#pragma once

_Noreturn void assert_failed(const char *expression, const char *file, int line);

// Runs `work`; NULL, or the assertion in it that did not hold: it was left on the spot, and the
// process goes on. For pure code alone, over what is thrown away then: nothing is released and no
// lock let go on the way. For this thread, not within itself.
const char *assert_try(void (*work)(void *context), void *context);

#define ASSERT(expression)                                  \
    do {                                                    \
        if (__builtin_expect(!(expression), 0)) {           \
            assert_failed(#expression, __FILE__, __LINE__); \
        }                                                   \
    } while (0)
