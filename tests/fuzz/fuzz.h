// What every fuzz target includes. A property that does not hold stops the process, which is what a
// fuzzer looks for.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
