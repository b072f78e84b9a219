"""C with jansson: contract/json.h and .c, the tables that src/contract/codec.c interprets; openapi.h and .c."""
from types import SimpleNamespace

from . import visibility
from .c_types import MARK, quoted
from .model import INTEGER_MAX, ID_MAX
from .sections import section_name

KINDS = {"id": "CODEC_ID", "text": "CODEC_TEXT", "localized": "CODEC_LOCALIZED", "integer": "CODEC_INTEGER",
         "boolean": "CODEC_BOOLEAN", "time": "CODEC_TIME", "enum": "CODEC_ENUM", "resource": "CODEC_RESOURCE",
         "sdp": "CODEC_SDP"}

HEADER = """// The contract's types to and from JSON. Decoders are strict: unknown or missing fields, wrong types, texts that are too
// long, not UTF-8 or hold control characters, and numbers out of range are ERR_INVALID with the field's name. Commands
// come from people: their texts are cleaned (words/words.h) before they are looked at. Events and resources are what
// was kept: theirs are taken as they are.
// Decoded structs own nothing; `sdp` fields are borrowed from the json_t. Encoders return a new reference, NULL
// when memory is short. No shared state: any thread.
#pragma once

#include <jansson.h>

#include "base/err.h"
#include "contract/codec.h"
#include "contract/refusal.h"
#include "contract/types.h"
#include "contract/visibility.h"

// `data` may be NULL for a command without fields. An unknown name is ERR_INVALID with the field "command".
// `ret_refusal`: the reason when it has words of its own, a text that is too long; else zero.
enum err CHECKED command_decode(const char *name, const json_t *data, struct command *ret_command,
                                char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal);
json_t *command_encode(const struct command *command);
// What commands of this type carry, for who gives one without knowing it. Static.
const struct codec_shape *command_shape(enum command_type type);
json_t *event_encode_data(const struct event *event);
// Fills `type` and `as` alone.
enum err CHECKED event_decode_data(enum event_type type, const json_t *data, struct event *ret_event);
json_t *notice_encode(const struct notice *notice);
""" + visibility.SNAPSHOT_DECLARATION


def field_row(owner, field, enums):
    offset = f"offsetof({owner}, {field.name})"
    kind = KINDS.get(field.kind)
    low, high = 0, field.max or 0
    extra = []
    if field.kind == "list":
        kind = "CODEC_INTEGER_LIST" if field.of == "integer" else "CODEC_RESOURCE_LIST"
        extra.append(f".count_offset = offsetof({owner}, {field.name}_count)")
    if field.kind in ("resource", "list") and field.of != "integer":
        extra.append(f".of = &{field.of}_shape")
    if field.kind == "text":
        low = field.min or 0
        kind = "CODEC_TEXT" if field.counts == "characters" else "CODEC_BYTES"
    if field.kind == "id":
        high = ID_MAX
    if field.kind == "integer":
        low, high = field.bounds
    if field.kind == "time":
        high = INTEGER_MAX
    if field.kind == "enum":
        enum = enums[field.of]
        high = len(enum.c_values) - 1
        low = 1 if enum.absent else 0
        extra.append(f".texts = {field.of}_texts")
        if field.only is not None:
            extra.append(".only = 0x%xu" % sum(1 << enum.c_values.index(value) for value in field.only))
    if field.optional:
        extra.append(".optional = true")
    extra = "".join(", " + part for part in extra)
    return (f"    {{.name = {quoted(field.name)}, .kind = {kind}, .offset = {offset}, "
            f".min = INT64_C({low}), .max = INT64_C({high}){extra}}},\n")


def shape_table(shape, struct, table, enums):
    if not shape.fields:
        return f"static const struct codec_shape {table}_shape = {{.name = {quoted(shape.name)}}};\n\n"
    rows = "".join(field_row(f"struct {struct}", field, enums) for field in shape.fields)
    return (f"static const struct codec_field {table}_fields[] = {{\n{rows}}};\n"
            f"static const struct codec_shape {table}_shape = {{.name = {quoted(shape.name)}, .fields = {table}_fields,\n"
            f"    .field_count = {len(shape.fields)}, .size = sizeof(struct {struct})}};\n\n")


def group_tables(group, prefix, enums):
    out = [shape_table(shape, f"{prefix}_{shape.c_name}", f"{prefix}_{shape.c_name}", enums) for shape in group.values()]
    out.append(f"static const struct codec_shape *const {prefix}_shapes[{prefix.upper()}_COUNT] = {{\n")
    out.extend(f"    [{prefix.upper()}_{shape.c_name.upper()}] = &{prefix}_{shape.c_name}_shape,\n"
               for shape in group.values())
    out.append("};\n\n")
    return "".join(out)


def section_tables(contract):
    out = []
    for name in contract.sections:
        shape = SimpleNamespace(name="meeting", fields=contract.section_fields(name))
        out.append(shape_table(shape, "meeting", f"section_{name}", contract.enums))
    out.append("static const struct codec_shape *const section_shapes[MEETING_SECTION_COUNT] = {\n")
    out.extend(f"    [{section_name(name)}] = &section_{name}_shape,\n" for name in contract.sections)
    out.append("};\n\n")
    return "".join(out)


FUNCTIONS = """enum err command_decode(const char *name, const json_t *data, struct command *ret_command,
                        char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal)
{
    *ret_refusal = (struct refusal){0};
    memset(ret_command, 0, sizeof(*ret_command));
    if (!command_from_name(name, &ret_command->type)) {
        codec_name_field(field, "command");
        return ERR_INVALID;
    }
    return codec_take(command_shapes[ret_command->type], data, &ret_command->as, field, ret_refusal);
}

json_t *command_encode(const struct command *command)
{
    ASSERT((unsigned int)command->type < COMMAND_COUNT);
    return codec_encode(command_shapes[command->type], &command->as);
}

const struct codec_shape *command_shape(enum command_type type)
{
    ASSERT((unsigned int)type < COMMAND_COUNT);
    return command_shapes[type];
}

json_t *event_encode_data(const struct event *event)
{
    ASSERT((unsigned int)event->type < EVENT_COUNT);
    return codec_encode(event_shapes[event->type], &event->as);
}

enum err event_decode_data(enum event_type type, const json_t *data, struct event *ret_event)
{
    ASSERT((unsigned int)type < EVENT_COUNT);
    char field[CODEC_FIELD_MAX + 1];
    ret_event->type = type;
    memset(&ret_event->as, 0, sizeof(ret_event->as));
    return codec_decode(event_shapes[type], data, &ret_event->as, field);
}

json_t *notice_encode(const struct notice *notice)
{
    ASSERT((unsigned int)notice->type < NOTICE_COUNT);
    return codec_encode(notice_shapes[notice->type], &notice->as);
}
"""


def sent(contract):
    """The resources that are bodies of requests."""
    bodies = {route.body for route in contract.routes}
    return [shape for shape in contract.resources.values() if shape.name in bodies]


def json_header(contract):
    out = [MARK, HEADER, "\n"]
    for shape in contract.resources.values():
        out.append(f"json_t *{shape.name}_encode(const struct {shape.name} *{shape.name});\n"
                   f"enum err CHECKED {shape.name}_decode(const json_t *data, struct {shape.name} *ret_{shape.name},\n"
                   f"    char field[CODEC_FIELD_MAX + 1]);\n")
    out.append("// What people send: as above, and their texts are cleaned (words/words.h). `ret_refusal`: as of command_decode().\n")
    for shape in sent(contract):
        out.append(f"enum err CHECKED {shape.name}_take(const json_t *data, struct {shape.name} *ret_{shape.name},\n"
                   f"    char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal);\n")
    return "".join(out)


def json_source(contract):
    out = [MARK, '#include "contract/json.h"\n\n#include <stddef.h>\n#include <string.h>\n\n'
           '#include "base/assert.h"\n\n']
    for shape in contract.resource_order:
        out.append(shape_table(shape, shape.name, shape.name, contract.enums))
    for group, prefix in ((contract.commands, "command"), (contract.events, "event"), (contract.notices, "notice")):
        out.append(group_tables(group, prefix, contract.enums))
    out.append(section_tables(contract) + FUNCTIONS)
    for shape in contract.resources.values():
        out.append(f"\njson_t *{shape.name}_encode(const struct {shape.name} *{shape.name})\n{{\n"
                   f"    return codec_encode(&{shape.name}_shape, {shape.name});\n}}\n"
                   f"\nenum err {shape.name}_decode(const json_t *data, struct {shape.name} *ret_{shape.name},\n"
                   f"    char field[CODEC_FIELD_MAX + 1])\n{{\n"
                   f"    memset(ret_{shape.name}, 0, sizeof(*ret_{shape.name}));\n"
                   f"    return codec_decode(&{shape.name}_shape, data, ret_{shape.name}, field);\n}}\n")
    for shape in sent(contract):
        out.append(f"\nenum err {shape.name}_take(const json_t *data, struct {shape.name} *ret_{shape.name},\n"
                   f"    char field[CODEC_FIELD_MAX + 1], struct refusal *ret_refusal)\n{{\n"
                   f"    memset(ret_{shape.name}, 0, sizeof(*ret_{shape.name}));\n"
                   f"    return codec_take(&{shape.name}_shape, data, ret_{shape.name}, field, ret_refusal);\n}}\n")
    out.append(visibility.snapshot_source(contract))
    return "".join(out)


OPENAPI_HEADER = """// The OpenAPI 3.1 description of this server, as served at /api/v1/openapi.json. Static.
#pragma once

#include <stddef.h>

extern const char openapi_text[];
extern const size_t openapi_size;
"""


def openapi_source(text):
    data = text.encode()
    rows = [",".join(str(byte) for byte in data[at:at + 32]) for at in range(0, len(data), 32)]
    return (MARK + '#include "contract/openapi.h"\n\nconst char openapi_text[] = {\n' + ",\n".join(rows) +
            "\n};\nconst size_t openapi_size = sizeof(openapi_text);\n")


def files(contract, openapi_text):
    return {"json.h": json_header(contract), "json.c": json_source(contract),
            "openapi.h": MARK + OPENAPI_HEADER, "openapi.c": openapi_source(openapi_text)}
