"""C: contract/visibility.h and .c, who may see what; and the part of contract/json.c that follows from it."""
from .c_types import MARK, ability_value, mask
from .sections import section_name

HEADER = """// Who may see what, said once: contract/events (visible_to, reader), contract/readers.json, and told_by in
// contract/resources. Pure functions of their arguments: any thread.
#pragma once

#include <stdbool.h>

#include "contract/sections.h"
#include "contract/types.h"

// Who looks.
struct viewer {
    enum capacity capacity;
    const char *participant; // "": nobody of the meeting. Borrowed
    enum language language;  // a desk's booth; LANGUAGE_NONE for others
};

// As a person of the meeting. Borrows its id.
struct viewer viewer_of(const struct participant *participant);
// The event with all that it holds; of one that is not told, the number alone. One is always told of
// oneself.
bool event_told(const struct event *event, const struct viewer *viewer);
// Whether there may be events of this type that the viewer is told: if not, event_told() is false of all.
bool event_type_told(enum event_type type, const struct viewer *viewer);
"""


def parameter(field):
    words = {"enum": f"enum {field.of} ", "boolean": "bool ", "id": "const char *"}
    return words[field.kind] + field.name


def signature(contract, reader):
    shape = next(shape for shape in contract.events.values() if shape.reader == reader.name)
    fields = ", ".join(parameter(field) for field in reader.types(shape, contract))
    return f"bool {reader.name}_reads(const struct viewer *viewer, {fields})"


def condition(contract, reader, key, value):
    shape = next(shape for shape in contract.events.values() if shape.reader == reader.name)
    kinds = {field.name: field for field in reader.types(shape, contract)}
    if key == "self":
        return f"is_self(viewer, {value})"
    if key == "same":
        return f"viewer->language == {value}"
    if key == "ability":
        return f"capacity_can(viewer->capacity, {' | '.join(map(ability_value, value))})"
    if kinds[key].kind == "boolean":
        return key if value == [True] else f"!{key}"
    return f"is_one_of((unsigned int){key}, {mask(contract.enums[kinds[key].of].c_values, value)})"


def reader_source(contract, reader):
    rules = [" && ".join(condition(contract, reader, *item) for item in rule.items()) for rule in reader.rules]
    body = " ||\n           ".join(f"({rule})" for rule in rules)
    return f"\n{signature(contract, reader)}\n{{\n    return {body};\n}}\n"


def call(contract, reader, shape, path):
    held, within = reader.holder(shape, contract)
    prefix = f"{path}{within}." if within else path
    return f"{reader.name}_reads(viewer, " + ", ".join(prefix + field.name for field in reader.types(held, contract)) + ")"


def event_case(contract, event):
    if event.reader is not None:
        told = call(contract, contract.readers[event.reader], event, f"event->as.{event.c_name}.")
    elif event.visible_to is not None:
        told = f"is_one_of((unsigned int)viewer->capacity, {mask(contract.enums['capacity'].values, event.visible_to)})"
    else:
        told = "true"
    return f"    case EVENT_{event.c_name.upper()}: return {told};\n"


def may_read(reader):
    """What a viewer must be for any of the reader's rules to hold, whatever is read."""
    rules = {f"capacity_can(viewer->capacity, {' | '.join(map(ability_value, rule['ability']))})" if "ability" in rule else "true"
             for rule in reader.rules}
    return "true" if "true" in rules else " ||\n               ".join(sorted(rules))


def type_case(contract, event):
    if event.reader is not None:
        told = may_read(contract.readers[event.reader])
    elif event.visible_to is not None:
        told = f"is_one_of((unsigned int)viewer->capacity, {mask(contract.enums['capacity'].values, event.visible_to)})"
    else:
        return ""
    if event.has_participant and told != "true":
        told = f"{told} ||\n               may_be_subject(type, viewer)"
    return f"    case EVENT_{event.c_name.upper()}:\n        return {told};\n"


def subject_source(contract):
    cases = "".join(f"    case EVENT_{event.c_name.upper()}: return is_one_of((unsigned int)viewer->capacity, "
                    f"{mask(contract.enums['capacity'].values, event.subject)});\n"
                    for event in contract.events.values() if event.subject is not None)
    return ("\nstatic bool may_be_subject(enum event_type type, const struct viewer *viewer)\n{\n"
            f"    switch ((int)type) {{\n{cases}    default: return true;\n    }}\n}}\n")


def type_source(contract):
    """Only of what is hidden from some."""
    cases = "".join(type_case(contract, event) for event in contract.events.values())
    return ("\nbool event_type_told(enum event_type type, const struct viewer *viewer)\n{\n"
            f"    switch ((int)type) {{\n{cases}    default: return true;\n    }}\n}}\n")


def parts(contract):
    """(the resource that holds the part, its field) for all that is told by an event."""
    return [(shape, field) for shape in contract.resources.values() for field in shape.fields if field.told_by is not None]


def part_signature(shape, field):
    if field.kind == "list":
        return f"bool {field.of}_told(const struct {field.of} *{field.of}, const struct viewer *viewer)"
    return f"bool {shape.name}_{field.name}_told(const struct {shape.name} *{shape.name}, const struct viewer *viewer)"


def part_source(contract, shape, field):
    event, item = contract.events[field.told_by], contract.resources[field.of] if field.kind == "list" else shape
    if event.reader is not None:
        told = call(contract, contract.readers[event.reader], item, f"{item.name}->")
    else:
        told = f"is_one_of((unsigned int)viewer->capacity, {mask(contract.enums['capacity'].values, event.visible_to)})"
    subject = next((each for each in event.fields if each.name == "participant"), None)
    if subject is not None:
        own = "id" if item.name == "participant" else "participant"
        told = f"is_self(viewer, {item.name}->{own}) ||\n           {told}"
    return f"\n{part_signature(shape, field)}\n{{\n    return {told};\n}}\n"


ALIKE_DECLARATION = """// Whether something of the section may be hidden from some.
bool meeting_section_hides(enum meeting_section section);
// Whether the section as it is looks the same to both, so that they can be sent the same bytes.
bool meeting_told_alike(const struct meeting *meeting, enum meeting_section section, const struct viewer *one,
                        const struct viewer *other);
"""


def parts_by_section(contract):
    """{section: [(the resource that holds the part, its field)]} for those of which something may be hidden."""
    people = next(field for field in contract.resources["meeting"].fields if field.of == "participant")
    found = {}
    for shape, field in parts(contract):
        found.setdefault(field.section or people.section, []).append((shape, field))
    return found


def alike_loop(shape, field):
    listed = field.kind == "list"
    name, many = (f"{field.of}_told", field.name) if listed else (f"participant_{field.name}_told", "participants")
    # What is hidden of a participant looks like none.
    some = "" if listed else f"meeting->participants[i].{field.name} != {field.of.upper()}_NONE &&\n            "
    return (f"    for (uint32_t i = 0; i < meeting->{many}_count; i++) {{\n"
            f"        if ({some}{name}(&meeting->{many}[i], one) != {name}(&meeting->{many}[i], other)) {{\n"
            f"            return false;\n        }}\n    }}\n")


def alike_source(contract):
    sections = parts_by_section(contract)
    out = ["\nbool meeting_section_hides(enum meeting_section section)\n{\n    return is_one_of((unsigned int)section, "
           + " | ".join(f"1u << {section_name(name)}" for name in sections) + ");\n}\n"]
    for name, held in sections.items():
        out.append(f"\nstatic bool {name}_told_alike(const struct meeting *meeting, const struct viewer *one, const struct viewer *other)\n{{\n")
        out.extend(alike_loop(*part) for part in held)
        out.append("    return true;\n}\n")
    out.append("\nbool meeting_told_alike(const struct meeting *meeting, enum meeting_section section, const struct viewer *one,\n"
               "                        const struct viewer *other)\n{\n    switch ((int)section) {\n")
    out.extend(f"    case {section_name(name)}: return {name}_told_alike(meeting, one, other);\n" for name in sections)
    out.append("    default: return true;\n    }\n}\n")
    return "".join(out)


def header(contract):
    out = [MARK, HEADER, "\n"]
    for reader in contract.readers.values():
        out.append(f"// Is {reader.doc}?\n{signature(contract, reader)};\n")
    for shape, field in parts(contract):
        out.append(f"// As {field.told_by} is.\n{part_signature(shape, field)};\n")
    out.append(ALIKE_DECLARATION)
    return "".join(out)


def source(contract):
    out = [MARK, '#include "contract/visibility.h"\n\n#include "base/assert.h"\n#include "base/text.h"\n'
           '#include "contract/permissions.h"\n\n',
           "static bool is_one_of(unsigned int value, unsigned int values)\n{\n    return (values >> value & 1u) != 0;\n}\n"
           "\nstatic bool is_self(const struct viewer *viewer, const char *participant)\n{\n"
           "    return participant[0] != '\\0' && text_equal(participant, viewer->participant);\n}\n"]
    out.append("\nstruct viewer viewer_of(const struct participant *participant)\n{\n"
               "    bool desk = capacity_can(participant->capacity, ABILITY_HAS_DESK);\n"
               "    return (struct viewer){.capacity = participant->capacity, .participant = participant->id,\n"
               "        .language = desk ? participant->language : LANGUAGE_NONE};\n}\n")
    out.extend(reader_source(contract, reader) for reader in contract.readers.values())
    out.append("\nstatic bool told_to_others(const struct event *event, const struct viewer *viewer)\n{\n    switch (event->type) {\n")
    out.extend(event_case(contract, event) for event in contract.events.values())
    out.append("    case EVENT_COUNT: break;\n    }\n    return false;\n}\n"
               f"{subject_source(contract)}"
               "\nbool event_told(const struct event *event, const struct viewer *viewer)\n{\n"
               "    ASSERT((unsigned int)event->type < EVENT_COUNT);\n"
               "    const char *subject = event_subject(event);\n"
               "    return (subject != NULL && may_be_subject(event->type, viewer) && is_self(viewer, subject)) ||\n"
               "           told_to_others(event, viewer);\n}\n")
    out.append(type_source(contract))
    out.extend(part_source(contract, shape, field) for shape, field in parts(contract))
    out.append(alike_source(contract))
    return "".join(out)


SNAPSHOT_DECLARATION = """// As this viewer may see it: without what is told to others alone. All of it, and the fields of one section.
json_t *meeting_encode_for(const struct meeting *meeting, const struct viewer *viewer);
json_t *meeting_encode_section(const struct meeting *meeting, enum meeting_section section, const struct viewer *viewer);
"""


def hide_list(field):
    return (f"    for (uint32_t i = meeting->{field.name}_count; i-- > 0;) {{\n"
            f"        if (!{field.of}_told(&meeting->{field.name}[i], viewer)) {{\n"
            f"            (void)json_array_remove(json_object_get(object, \"{field.name}\"), i);\n        }}\n    }}\n")


def hide_of_participants(field):
    return (f"    for (uint32_t i = 0; i < meeting->participants_count && right; i++) {{\n"
            f"        if (!participant_{field.name}_told(&meeting->participants[i], viewer)) {{\n"
            f"            json_t *person = json_array_get(json_object_get(object, \"participants\"), i);\n"
            f"            right = json_object_set_new(person, \"{field.name}\",\n"
            f"                json_string({field.of}_text({field.of.upper()}_NONE))) == 0;\n        }}\n    }}\n")


def hide_source(name, held):
    out = [f"\nstatic bool hide_of_{name}(json_t *object, const struct meeting *meeting, const struct viewer *viewer)\n{{\n    bool right = true;\n"
           "    // Lists from the last to the first, so that the places of those before stay.\n"]
    out.extend(hide_list(field) if field.kind == "list" else hide_of_participants(field) for _, field in held)
    out.append("    return right;\n}\n")
    return "".join(out)


ENCODE_SECTION = """
json_t *meeting_encode_section(const struct meeting *meeting, enum meeting_section section, const struct viewer *viewer)
{
    ASSERT((unsigned int)section < MEETING_SECTION_COUNT);
    json_t *object = codec_encode(section_shapes[section], meeting);
    if (object != NULL && !hide(object, meeting, section, viewer)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *meeting_encode_for(const struct meeting *meeting, const struct viewer *viewer)
{
    json_t *whole = json_object();
    bool right = whole != NULL;
    for (int i = 0; i < MEETING_SECTION_COUNT && right; i++) {
        json_t *part = meeting_encode_section(meeting, (enum meeting_section)i, viewer);
        right = part != NULL && json_object_update(whole, part) == 0;
        json_decref(part);
    }
    if (!right) {
        json_decref(whole);
        return NULL;
    }
    return whole;
}
"""


def snapshot_source(contract):
    """After the shapes of the sections: c_json."""
    sections = parts_by_section(contract)
    out = [hide_source(name, held) for name, held in sections.items()]
    out.append("\nstatic bool hide(json_t *object, const struct meeting *meeting, enum meeting_section section, const struct viewer *viewer)\n{\n"
               "    switch ((int)section) {\n")
    out.extend(f"    case {section_name(name)}: return hide_of_{name}(object, meeting, viewer);\n" for name in sections)
    out.append("    default: return true;\n    }\n}\n" + ENCODE_SECTION)
    return "".join(out)


def files(contract):
    return {"visibility.h": header(contract), "visibility.c": source(contract)}
