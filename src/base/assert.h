// Assertions stay on in release builds: a bug stops the process, the supervisor restarts it, the
// journal replays.
#pragma once

_Noreturn void assert_failed(const char *expression, const char *file, int line);

#define ASSERT(expression)                                  \
    do {                                                    \
        if (__builtin_expect(!(expression), 0)) {           \
            assert_failed(#expression, __FILE__, __LINE__); \
        }                                                   \
    } while (0)
