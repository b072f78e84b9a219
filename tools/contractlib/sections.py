"""C: the sections of a meeting's state (contract/sections.json): contract/sections.h and .c."""
from .c_types import MARK
from .model import maximum_name

HEADER = """// The sections of a meeting's state, and the lists that it holds. A section is what changes together: it is applied,
// checked (src/meeting/section.c), encoded and kept (src/api/snapshot.c) by itself.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/types.h"

"""

LIST = """
// One list of a meeting: where its items and its length lie in struct meeting.
struct meeting_list {
    size_t at;
    size_t count_at;
    size_t item_size;
    uint32_t max;
};
"""


def section_name(name):
    return f"MEETING_SECTION_{name.upper()}"


def lists(contract):
    return [field for field in contract.resources["meeting"].fields if field.kind == "list"]


def header(contract):
    out = [MARK, HEADER, "enum meeting_section {\n"]
    out.extend(f"    {section_name(name)}, // {doc}\n" for name, doc in contract.sections.items())
    out.append(f"    {section_name('count')}\n}};\n// By its name in contract/sections.json.\n"
               f"bool meeting_section_from_name(const char *name, enum meeting_section *ret_section);\n{LIST}\n#define MEETING_LISTS {len(lists(contract))}\n"
               "// In the order in which they lie there.\nextern const struct meeting_list meeting_lists[MEETING_LISTS];\n")
    return "".join(out)


def source(contract):
    meeting = contract.resources["meeting"]
    out = [MARK, '#include "contract/sections.h"\n\n#include <string.h>\n\nconst struct meeting_list meeting_lists[MEETING_LISTS] = {\n']
    out.extend(f"    {{offsetof(struct meeting, {field.name}), offsetof(struct meeting, {field.name}_count),\n"
               f"     sizeof(((const struct meeting *)NULL)->{field.name}[0]), {maximum_name(meeting, field)}}},\n" for field in lists(contract))
    out.append("};\n\nbool meeting_section_from_name(const char *name, enum meeting_section *ret_section)\n{\n"
               "    static const char *const names[MEETING_SECTION_COUNT] = {\n")
    out.extend(f"        [{section_name(name)}] = \"{name}\",\n" for name in contract.sections)
    out.append("    };\n    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {\n        if (strcmp(names[i], name) == 0) {\n"
               "            *ret_section = (enum meeting_section)i;\n            return true;\n        }\n    }\n    return false;\n}\n")
    return "".join(out)


def files(contract):
    return {"sections.h": header(contract), "sections.c": source(contract)}
