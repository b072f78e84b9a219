// What every cmocka test includes first.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// In a block of its own: cmocka.h needs those before it.
#include <cmocka.h>
