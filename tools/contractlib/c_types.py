"""C without JSON: contract/types.h and .c, permissions.h and .c, routes.h and .c, handlers.h and .c."""
from .model import ACCOUNT_MAX, BODY_MAX, ID_MAX, INTEGER_MAX, JSON_DEPTH_MAX, LANGUAGES, maximum_name, size_name

MARK = "// Generated from contract/ by tools/contract.py. Do not edit.\n"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def comment(text, indent=""):
    """`// text`, broken at 100 columns; nothing for an empty text."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + 3 + len(line) + 1 + len(word) > 100:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "".join(f"{indent}// {part}\n" for part in [*lines, line] if part)


def declaration(shape, field):
    """The members of a struct that hold one field."""
    maximum = maximum_name(shape, field)
    name = field.name
    if field.kind == "id":
        return [f"char {name}[CONTRACT_ID_MAX + 1];"]
    if field.kind == "text":
        return [f"char {name}[{size_name(shape, field) or f'{maximum} + 1'}];"]
    if field.kind == "localized":
        return [f"char {name}[CONTRACT_LANGUAGES][{size_name(shape, field)}];"]
    if field.kind == "list":
        element = "int64_t" if field.of == "integer" else f"struct {field.of}"
        return [f"uint32_t {name}_count;", f"{element} {name}[{maximum}];"]
    simple = {"integer": "int64_t ", "boolean": "bool ", "time": "time_ms ", "enum": f"enum {field.of} ",
              "resource": f"struct {field.of} ", "sdp": "const char *"}
    return [f"{simple[field.kind]}{name};"]


def note(field):
    parts = [field.doc.rstrip(".")] if field.doc else []
    if field.optional:
        zero = {"id": "empty", "text": "empty", "boolean": "false"}.get(field.kind, "0")
        zero = f"{field.of}_none".upper() if field.kind == "enum" else zero
        parts.append(f"{zero}: none")
    if field.kind == "sdp":
        parts.append("borrowed from the decoded JSON")
    return "; ".join(parts)


def struct_of(shape, name):
    out = [comment(shape.doc), f"struct {name} {{\n"]
    for field in shape.fields:
        out.append(comment(note(field), "    "))
        out.extend(f"    {line}\n" for line in declaration(shape, field))
    out.append("};\n\n")
    return "".join(out)


def maxima(shape):
    """Of people's text also the room: its maximum counts characters, of four bytes at most."""
    out = []
    for field in shape.fields:
        if field.max is not None:
            out.append(f"#define {maximum_name(shape, field)} {field.max}\n")
        if field.counts == "characters":
            out.append(f"#define {size_name(shape, field)} (4 * {maximum_name(shape, field)} + 1)\n")
    return "".join(out)


def enum_declaration(name, values, doc):
    out = [comment(doc), f"enum {name} {{\n"]
    out.extend(f"    {value},\n" for value in values)
    out.append("};\n")
    return "".join(out)


def enum_header(enum):
    values = [f"{enum.name}_{value}".upper() for value in [*enum.c_values, "count"]]
    doc = enum.doc + (" NONE is an optional field that is not given; never on the wire." if enum.absent else "")
    return (enum_declaration(enum.name, values, doc) +
            f"extern const char *const {enum.name}_texts[{enum.name.upper()}_COUNT];\n"
            f"const char *{enum.name}_text(enum {enum.name} value);\n"
            f"bool {enum.name}_from_text(const char *text, enum {enum.name} *ret_value);\n\n")


def union_of(group, prefix, head):
    """struct command, event or notice: a type and a union of what the types carry."""
    out = []
    for shape in group.values():
        if shape.fields:
            out.append(struct_of(shape, f"{prefix}_{shape.c_name}"))
    values = [f"{prefix}_{shape.c_name}".upper() for shape in group.values()] + [f"{prefix}_count".upper()]
    out.append(enum_declaration(f"{prefix}_type", values, ""))
    out.append(f"\nstruct {prefix} {{\n{head}    enum {prefix}_type type;\n    union {{\n")
    out.extend(f"        struct {prefix}_{shape.c_name} {shape.c_name};\n" for shape in group.values() if shape.fields)
    out.append("    } as;\n};\n\n")
    out.append(f"// \"group.verb\", as on the wire. Never NULL.\nconst char *{prefix}_name(enum {prefix}_type type);\n"
               f"bool {prefix}_from_name(const char *name, enum {prefix}_type *ret_type);\n\n")
    return "".join(out)


def types_header(contract):
    out = [MARK, "// The words of the interface as C types: enums, resources, commands, events, notices. Fixed sizes; the\n"
           "// zero of every optional field means \"not given\". Texts are UTF-8, maxima count bytes.\n"
           "#pragma once\n\n#include <stdbool.h>\n#include <stdint.h>\n\n#include \"base/time.h\"\n\n"
           f"#define CONTRACT_ID_MAX {ID_MAX}\n"
           f"#define CONTRACT_LANGUAGES {len(LANGUAGES)} // in the order {' '.join(LANGUAGES)}\n"
           f"#define CONTRACT_INTEGER_MAX INT64_C({INTEGER_MAX})\n"
           f"#define CONTRACT_BODY_MAX {BODY_MAX}\n#define CONTRACT_JSON_DEPTH_MAX {JSON_DEPTH_MAX}\n\n"]
    for shape in contract.all_shapes():
        out.append(maxima(shape))
    out.append("\n")
    for enum in contract.enums.values():
        out.append(enum_header(enum))
    for shape in contract.resource_order:
        out.append(struct_of(shape, shape.name))
    out.append(union_of(contract.commands, "command", ""))
    out.append(union_of(contract.events, "event",
                        "    uint64_t seq; // 1, 2, 3, … in the meeting's journal\n    time_ms at;\n"
                        "    char by[CONTRACT_ID_MAX + 1]; // the participant; empty: the server itself\n"
                        "    bool on_behalf_of_chair;\n"))
    out.append(union_of(contract.notices, "notice", ""))
    return "".join(out)


def names_source(group, prefix):
    out = [f"static const char *const {prefix}_names[{prefix.upper()}_COUNT] = {{\n"]
    out.extend(f"    [{prefix.upper()}_{shape.c_name.upper()}] = {quoted(shape.name)},\n" for shape in group.values())
    out.append("};\n\n")
    out.append(f"const char *{prefix}_name(enum {prefix}_type type)\n{{\n"
               f"    ASSERT((unsigned int)type < {prefix.upper()}_COUNT);\n    return {prefix}_names[type];\n}}\n\n"
               f"bool {prefix}_from_name(const char *name, enum {prefix}_type *ret_type)\n{{\n"
               f"    unsigned int value = 0;\n    if (!find({prefix}_names, 0, {prefix.upper()}_COUNT, name, &value)) {{\n"
               f"        return false;\n    }}\n    *ret_type = (enum {prefix}_type)value;\n    return true;\n}}\n\n")
    return "".join(out)


def enum_source(enum):
    count = f"{enum.name.upper()}_COUNT"
    texts = "".join(f"    [{enum.name.upper()}_{value.upper()}] = {quoted(value)},\n" for value in enum.c_values)
    return (f"const char *const {enum.name}_texts[{count}] = {{\n{texts}}};\n\n"
            f"const char *{enum.name}_text(enum {enum.name} value)\n{{\n"
            f"    ASSERT((unsigned int)value < {count});\n    return {enum.name}_texts[value];\n}}\n\n"
            f"bool {enum.name}_from_text(const char *text, enum {enum.name} *ret_value)\n{{\n"
            f"    unsigned int value = 0;\n"
            f"    if (!find({enum.name}_texts, {1 if enum.absent else 0}, {count}, text, &value)) {{\n"
            f"        return false;\n    }}\n    *ret_value = (enum {enum.name})value;\n    return true;\n}}\n\n")


FIND = """static bool find(const char *const *texts, unsigned int first, unsigned int count, const char *text,
                 unsigned int *ret_value)
{
    for (unsigned int i = first; i < count; i++) {
        if (strcmp(texts[i], text) == 0) {
            *ret_value = i;
            return true;
        }
    }
    return false;
}

"""


def types_source(contract):
    out = [MARK, '#include "contract/types.h"\n\n#include <string.h>\n\n#include "base/assert.h"\n\n', FIND]
    out.extend(enum_source(enum) for enum in contract.enums.values())
    out.append(names_source(contract.commands, "command"))
    out.append(names_source(contract.events, "event"))
    out.append(names_source(contract.notices, "notice"))
    return "".join(out)


PERMISSIONS_HEADER = """// What capacities can do: contract/capacities.json. Who may do what: the matrix of contract/commands (by,
// on_behalf_of_chair).
#pragma once

#include <stdbool.h>

#include "contract/types.h"

// One bit each, so that one can ask for any of several.
@ABILITIES@
// Whether somebody of this capacity has any of these: ABILITY_SPEAKS | ABILITY_HAS_DESK.
bool capacity_can(enum capacity capacity, unsigned int abilities);
#define CAPACITY_WORDS @WORDS@ // all of them, as people read them

enum permission_grant {
    PERMISSION_NONE,
    PERMISSION_OWN,               // in the participant's own right
    PERMISSION_ON_BEHALF_OF_CHAIR // allowed, and logged as done on the chair's behalf
};

enum permission_grant permission_grant(enum command_type type, enum capacity capacity);
// The participant whom the event is about ("participant" field), or NULL when it is about none. Within `event`.
const char *event_subject(const struct event *event);
// True: the meeting core decides; false: the app itself does.
bool command_is_meeting(enum command_type type);
"""


def mask(capacities, chosen):
    return "0x%xu" % sum(1 << index for index, name in enumerate(capacities) if name in chosen)


def ability_value(name):
    return f"ABILITY_{name}".upper()


def permissions_header(contract):
    out = ["enum ability {\n"]
    for index, (name, doc) in enumerate(contract.capacities.abilities.items()):
        out.append(comment(doc, "    ") + f"    {ability_value(name)} = 1 << {index},\n")
    out.append("};\n")
    return MARK + PERMISSIONS_HEADER.replace("@ABILITIES@\n", "".join(out)).replace("@WORDS@", quoted(", ".join(contract.capacities.can)))


def abilities_source(contract):
    out = ["static const unsigned int abilities_of[CAPACITY_COUNT] = {\n"]
    for capacity, can in contract.capacities.can.items():
        out.append(f"    [CAPACITY_{capacity.upper()}] = {' | '.join(map(ability_value, can)) or '0'},\n")
    out.append("};\n\nbool capacity_can(enum capacity capacity, unsigned int abilities)\n{\n"
               "    ASSERT((unsigned int)capacity < CAPACITY_COUNT);\n    return (abilities_of[capacity] & abilities) != 0;\n}\n\n")
    return "".join(out)


def permissions_source(contract):
    capacities = contract.enums["capacity"].values
    out = [MARK, '#include "contract/permissions.h"\n\n#include "base/assert.h"\n\n', abilities_source(contract),
           "// One bit for each capacity.\nstruct permission {\n    unsigned int own;\n    unsigned int on_behalf;\n"
           "    bool meeting;\n};\n\nstatic const struct permission permissions[COMMAND_COUNT] = {\n"]
    for command in contract.commands.values():
        meeting = "true" if command.handler == "meeting" else "false"
        out.append(f"    [COMMAND_{command.c_name.upper()}] = {{{mask(capacities, command.by)}, "
                   f"{mask(capacities, command.on_behalf)}, {meeting}}},\n")
    out.append("""};

enum permission_grant permission_grant(enum command_type type, enum capacity capacity)
{
    ASSERT((unsigned int)type < COMMAND_COUNT && (unsigned int)capacity < CAPACITY_COUNT);
    if ((permissions[type].own >> capacity & 1u) != 0) {
        return PERMISSION_OWN;
    }
    return (permissions[type].on_behalf >> capacity & 1u) != 0 ? PERMISSION_ON_BEHALF_OF_CHAIR : PERMISSION_NONE;
}

bool command_is_meeting(enum command_type type)
{
    ASSERT((unsigned int)type < COMMAND_COUNT);
    return permissions[type].meeting;
}

const char *event_subject(const struct event *event)
{
    switch (event->type) {
""")
    for event in contract.events.values():
        field = next((field for field in event.fields if field.name == "participant"), None)
        subject = "NULL"
        if field:
            subject = f"event->as.{event.c_name}.participant" + (".id" if field.kind == "resource" else "")
        out.append(f"    case EVENT_{event.c_name.upper()}: return {subject};\n")
    out.append("    case EVENT_COUNT: break;\n    }\n    return NULL;\n}\n")
    return "".join(out).replace('#include "base/assert.h"', '#include <stddef.h>\n\n#include "base/assert.h"')


ROUTES_HEADER = """// The REST routes of contract/routes.json, and the workers of contract/workers.json that they wait for: what the api
// dispatches on, and what it refuses before a handler is asked.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/refusal.h"

#define REST_PARAMETERS_MAX 3
#define REST_PARAMETER_MAX  @ACCOUNT_MAX@
#define REST_BODY_MAX       @BODY_MAX@ // what anybody may send; of more, a route's handler says who may

// A thread, with a queue before it.
struct rest_worker_row {
    const char *name;
    uint32_t jobs_max; // waiting and at work
    bool one_each;     // of a person and meeting
    int retry_after_s; // for who finds it full
    bool gives_way;    // to sound and to the loop
};

struct rest_route {
    const char *method; // "GET"
    const char *path;   // with its {parameters}, REST_PARAMETERS_MAX at most, each a whole segment
    size_t parameters_most[REST_PARAMETERS_MAX]; // bytes of each: those of an id, or of an account's name
    bool of_meeting;    // the first parameter is a meeting: its bearer asks with the seat that they have there
    bool bearer;        // signing in is needed; false also where the handshake looks after that
    bool door;          // tokens of a door are good here, and pages of other origins may read it
    bool expired;       // whose date has come may still end what is theirs
    bool streamed;      // the answer is read while it is sent
    size_t body_max;
    const char *accepts;        // the body's media types, ", " between them; NULL: any
    enum refusal_reason kinds;  // the words for another media type; REFUSAL_NONE for none
    enum rest_worker worker;
};

extern const struct rest_worker_row rest_workers[REST_WORKER_COUNT];
extern const struct rest_route rest_routes[REST_ROUTE_COUNT];
"""


def worker_value(name):
    return f"REST_WORKER_{name or 'none'}".upper()


def routes_header(contract):
    routes = [f"REST_ROUTE_{route.operation}".upper() for route in contract.routes] + ["REST_ROUTE_COUNT"]
    workers = [worker_value(name) for name in (None, *contract.workers)] + ["REST_WORKER_COUNT"]
    marker = "// A thread, with a queue"
    enums = enum_declaration("rest_route_id", routes, "") + "\n" + enum_declaration("rest_worker", workers, "") + "\n"
    return MARK + ROUTES_HEADER.replace(marker, enums + marker).replace("@BODY_MAX@", str(BODY_MAX)).replace("@ACCOUNT_MAX@", str(ACCOUNT_MAX))


def flag(value):
    return "true" if value else "false"


def route_row(route):
    # 101: who comes is looked at by the handshake, which reads the bearer elsewhere too.
    bearer = route.bearer and route.status != 101
    kinds = f"REFUSAL_{route.kinds or 'none'}".upper()
    members = [f".method = {quoted(route.method)}", f".path = {quoted(route.path)}", f".body_max = {route.body_max}", f".kinds = {kinds}",
               f".worker = {worker_value(route.worker)}"]
    members += [f".parameters_most = {{{', '.join(map(str, route.parameters_most))}}}"] if route.parameters_most else []
    members += [f".{name} = true" for name, value in (("bearer", bearer), ("of_meeting", route.of_meeting), *((name, getattr(route, name)) for name in route.FLAGS)) if value]
    members += [f".accepts = {quoted(route.accepts)}"] if route.accepts else []
    return f"    [REST_ROUTE_{route.operation.upper()}] = {{{', '.join(members)}}},\n"


def routes_source(contract):
    out = [MARK, '#include "contract/routes.h"\n\nconst struct rest_worker_row rest_workers[REST_WORKER_COUNT] = {\n',
           '    [REST_WORKER_NONE] = {.name = "none"},\n']
    for worker in contract.workers.values():
        out.append(f"    [{worker_value(worker.name)}] = {{{quoted(worker.name)}, {worker.jobs_max}, {flag(worker.one_each)}, "
                   f"{worker.retry_after}, {flag(worker.gives_way)}}},\n")
    out.append("};\n\nconst struct rest_route rest_routes[REST_ROUTE_COUNT] = {\n")
    out.extend(route_row(route) for route in contract.routes)
    out.append("};\n")
    return "".join(out)


HANDLERS_HEADER = """// Who answers each route of contract/routes.json; implemented in src/api.
#pragma once

#include <stddef.h>

#include "contract/routes.h"

struct call; // api/call.h

struct rest_handler {
    // Answers, now or later.
    void (*answer)(struct call *call);
    // How much of a body this caller may send; 0: nothing. NULL: REST_BODY_MAX is enough.
    size_t (*room)(const struct call *call);
};

"""


def handlers_header(contract):
    out = [MARK, HANDLERS_HEADER]
    out.extend(f"void rest_{name}(struct call *call);\n" for name in dict.fromkeys(route.handler for route in contract.routes))
    out.extend(f"size_t rest_{name}_room(const struct call *call);\n"
               for name in dict.fromkeys(route.handler for route in contract.routes if route.is_large))
    out.append("\nextern const struct rest_handler rest_handlers[REST_ROUTE_COUNT];\n")
    return "".join(out)


def handlers_source(contract):
    out = [MARK, '#include "contract/handlers.h"\n\nconst struct rest_handler rest_handlers[REST_ROUTE_COUNT] = {\n']
    for route in contract.routes:
        room = f"rest_{route.handler}_room" if route.is_large else "NULL"
        out.append(f"    [REST_ROUTE_{route.operation.upper()}] = {{rest_{route.handler}, {room}}},\n")
    out.append("};\n")
    return "".join(out)


REFUSAL_HEADER = """// Why commands are refused: contract/refusals.json.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "contract/types.h"

// A reason, and what its words name; the rest is zero. Zero: none.
struct refusal {
    enum refusal_reason reason;
    int64_t came; // of what there can be `most`
    int64_t most;
    char participant[CONTRACT_ID_MAX + 1];
};

// As on the wire and in the catalogues; "" for none. Never NULL.
const char *refusal_reason_name(enum refusal_reason reason);
// An English sentence with its arguments' places, for logs; "" for none. Never NULL.
const char *refusal_reason_words(enum refusal_reason reason);
// The kind of problem that it is; ERR_NONE for none.
enum err refusal_reason_err(enum refusal_reason reason);
"""


def refusal_header(contract):
    values = ["REFUSAL_NONE", *(f"REFUSAL_{name}".upper() for name in contract.refusals), "REFUSAL_COUNT"]
    marker = "// A reason, and what"
    return MARK + REFUSAL_HEADER.replace(marker, enum_declaration("refusal_reason", values, "") + "\n" + marker)


def refusal_source(contract):
    out = [MARK, '#include "contract/refusal.h"\n\n#include "base/assert.h"\n\n',
           "static const struct {\n    const char *name;\n    const char *words;\n    enum err err;\n} reasons[REFUSAL_COUNT] = {\n",
           '    [REFUSAL_NONE] = {"", "", ERR_NONE},\n']
    for refusal in contract.refusals.values():
        out.append(f"    [REFUSAL_{refusal.name.upper()}] = {{{quoted(refusal.name)}, {quoted(refusal.words)}, ERR_{refusal.problem.upper()}}},\n")
    out.append("};\n")
    for returns, member in (("const char *", "name"), ("const char *", "words"), ("enum err ", "err")):
        out.append(f"\n{returns}refusal_reason_{member}(enum refusal_reason reason)\n{{\n"
                   f"    ASSERT((unsigned int)reason < REFUSAL_COUNT);\n    return reasons[reason].{member};\n}}\n")
    return "".join(out)


def files(contract):
    return {"types.h": types_header(contract), "types.c": types_source(contract),
            "permissions.h": permissions_header(contract), "permissions.c": permissions_source(contract),
            "routes.h": routes_header(contract), "routes.c": routes_source(contract),
            "handlers.h": handlers_header(contract), "handlers.c": handlers_source(contract),
            "refusal.h": refusal_header(contract), "refusal.c": refusal_source(contract)}
