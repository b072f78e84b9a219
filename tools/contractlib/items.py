"""What events do to the lists of a meeting and set in it ("does" and "sets" in contract/events): contract/items.h and .c, and the same
for the page."""
from .c_types import MARK
from .model import maximum_name
from .sections import section_name
from .typescript import literal

HEADER = """// What events do that put an item into a list of the meeting, set one or remove one, by its id ("does" in contract/events),
// or set fields of the meeting ("sets").
#pragma once

#include "contract/types.h"

// The sections that the event has changed, as bits (contract/sections.h). None: it does something else, and nothing was
// changed. What is put is not there yet; what is set or removed is.
unsigned int items_apply(struct meeting *meeting, const struct event *event);
// Those that an event of this type changes in that way.
unsigned int items_sections(enum event_type type);
"""


def plain_type(field):
    return {"id": "const char *", "integer": "int64_t "}.get(field.kind) or f"enum {field.of} "


def finder(does):
    name, key = does.field.name, does.key
    differs = f"strcmp(meeting->{name}[at].id, id) != 0" if key.kind == "id" else f"meeting->{name}[at].id != id"
    return (f"static uint32_t {name}_at(const struct meeting *meeting, {plain_type(key)}id)\n{{\n"
            f"    uint32_t at = 0;\n    while (at < meeting->{name}_count && {differs}) {{\n        at++;\n    }}\n"
            f"    return at;\n}}\n\n")


def put(contract, does):
    name = does.field.name
    return (f"static void {name}_put(struct meeting *meeting, const struct {does.field.of} *one)\n{{\n"
            f"    ASSERT(meeting->{name}_count < {maximum_name(contract.resources['meeting'], does.field)});\n"
            f"    ASSERT({name}_at(meeting, one->id) == meeting->{name}_count);\n"
            f"    meeting->{name}[meeting->{name}_count++] = *one;\n}}\n\n")


def set_(_contract, does):
    name = does.field.name
    return (f"static void {name}_set(struct meeting *meeting, const struct {does.field.of} *one)\n{{\n"
            f"    uint32_t at = {name}_at(meeting, one->id);\n    ASSERT(at < meeting->{name}_count);\n"
            f"    meeting->{name}[at] = *one;\n}}\n\n")


def remove(_contract, does):
    name = does.field.name
    return (f"static void {name}_remove(struct meeting *meeting, {plain_type(does.key)}id)\n{{\n"
            f"    uint32_t at = {name}_at(meeting, id);\n    ASSERT(at < meeting->{name}_count);\n"
            f"    meeting->{name}_count--;\n"
            f"    memmove(&meeting->{name}[at], &meeting->{name}[at + 1],\n"
            f"            (meeting->{name}_count - at) * sizeof meeting->{name}[0]);\n"
            f"    memset(&meeting->{name}[meeting->{name}_count], 0, sizeof meeting->{name}[0]);\n}}\n\n")


MAKERS = {"put": put, "set": set_, "remove": remove}


def events_of(contract):
    return [event for event in contract.events.values() if event.does or event.sets]


def setting(event):
    """The statements that set what the event sets."""
    out = []
    for to, of in event.sets.pairs:
        target, value = f"meeting->{to.name}", f"event->as.{event.c_name}.{of.name}"
        # These are arrays, and of one size.
        array = to.kind in ("id", "text", "localized")
        out.append(f"        memcpy({target}, {value}, sizeof {target});\n" if array else f"        {target} = {value};\n")
    return "".join(out)


def changed_sections(event):
    """The sections that the event changes, as C's bits."""
    fields = [to for to, _ in event.sets.pairs] if event.sets else [event.does.field]
    return " | ".join(f"1u << {section_name(name)}" for name in dict.fromkeys(field.section for field in fields))


def case(event):
    if event.sets:
        return f"    case EVENT_{event.c_name.upper()}:\n{setting(event)}        break;\n"
    call = f"{event.does.field.name}_{event.does.verb}(meeting, {argument(event)})"
    return f"    case EVENT_{event.c_name.upper()}: {call}; break;\n"


def argument(event):
    """What the function of a list is given: the item, or its id."""
    does = event.does
    value = f"event->as.{event.c_name}.{does.argument.name}"
    if does.verb != "remove":
        return "&" + value
    return value + (".id" if does.argument.kind == "resource" else "")


def items_source(contract):
    out = [MARK, '#include "contract/items.h"\n\n#include <string.h>\n\n#include "base/assert.h"\n'
           '#include "contract/sections.h"\n\n']
    made = set()
    for does in (event.does for event in events_of(contract) if event.does):
        for name, make in ((does.field.name, lambda: finder(does)),
                           ((does.field.name, does.verb), lambda: MAKERS[does.verb](contract, does))):
            if name not in made:
                made.add(name)
                out.append(make())
    out.append("unsigned int items_sections(enum event_type type)\n{\n    switch ((int)type) {\n")
    out.extend(f"    case EVENT_{event.c_name.upper()}: return {changed_sections(event)};\n" for event in events_of(contract))
    out.append("    default: return 0;\n    }\n}\n\n")
    out.append("unsigned int items_apply(struct meeting *meeting, const struct event *event)\n{\n    switch ((int)event->type) {\n")
    out.extend(map(case, events_of(contract)))
    out.append("    default: break;\n    }\n    return items_sections(event->type);\n}\n")
    return "".join(out)


def files(contract):
    return {"items.h": MARK + HEADER, "items.c": items_source(contract)}


TYPESCRIPT = """
type Item = { id: string | number };

/** A list with this item in the place of the one with its id, or at its end. */
export function putItem<T extends Item>(list: readonly T[], item: T): T[] {
    const found = list.some((one) => one.id === item.id);
    return found ? list.map((one) => (one.id === item.id ? item : one)) : [...list, item];
}

export function removeItem<T extends Item>(list: readonly T[], id: T['id']): T[] {
    return list.filter((one) => one.id !== id);
}

"""

REDUCE = """export function isItemEvent(event: EventMessage): event is ItemEvent {
    return event.type in ITEM_EVENTS;
}

function changed(verb: string, before: unknown, value: unknown): unknown {
    if (verb === 'set') {
        return value;
    }
    const list = (before ?? []) as Item[]; // an optional list that is empty is not given
    return verb === 'put' ? putItem(list, value as Item) : removeItem(list, (value as Item).id ?? value);
}

export function reduceItem(meeting: Meeting, event: ItemEvent): Meeting {
    const [verb, ...names] = ITEM_EVENTS[event.type];
    const next: Record<string, unknown> = { ...meeting };
    for (let i = 0; i < names.length; i += 2) {
        const [to, of] = names.slice(i) as [string, string];
        next[to] = changed(verb, next[to], (event.data as Record<string, unknown>)[of]);
    }
    return next as unknown as Meeting;
}
"""


def row(event):
    """What is done, and then in turn the field of the meeting and the event's. An item that is set is put as well: who could not see it
    before has not got it yet."""
    pairs = [(to.name, of.name) for to, of in event.sets.pairs] if event.sets else [(event.does.field.name, event.does.argument.name)]
    verb = "set" if event.sets else "remove" if event.does.verb == "remove" else "put"
    return [verb, *(name for pair in pairs for name in pair)]


def typescript(contract):
    events = events_of(contract)
    names = " | ".join(literal(event.name) for event in events)
    out = [TYPESCRIPT, "/** Events that put an item into a list of the meeting, remove one by its id, or set fields, and do nothing else. */\n",
           f"export type ItemEvent = Extract<EventMessage, {{ type: {names} }}>;\n",
           "const ITEM_EVENTS: Readonly<Record<ItemEvent['type'], readonly [verb: string, ...names: string[]]>> = {\n"]
    out.extend(f"    {literal(event.name)}: [{', '.join(map(literal, row(event)))}],\n" for event in events)
    out.append("};\n" + REDUCE)
    return "".join(out)
