"""What events do to the lists of a meeting ("does" in contract/events): contract/items.h and .c, and the same for the page."""
from .c_types import MARK
from .model import maximum_name
from .typescript import literal

HEADER = """// What events do that put an item into a list of the meeting, set one or remove one, by its id ("does" in contract/events).
#pragma once

#include <stdbool.h>

#include "contract/types.h"

// False: the event does something else, and nothing was changed. What is put is not there yet; what is set or removed is.
bool items_apply(struct meeting *meeting, const struct event *event);
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
    return [event for event in contract.events.values() if event.does]


def argument(event):
    """What the function of a list is given: the item, or its id."""
    does = event.does
    value = f"event->as.{event.c_name}.{does.argument.name}"
    if does.verb != "remove":
        return "&" + value
    return value + (".id" if does.argument.kind == "resource" else "")


def items_source(contract):
    out = [MARK, '#include "contract/items.h"\n\n#include <string.h>\n\n#include "base/assert.h"\n\n']
    made = set()
    for event in events_of(contract):
        does = event.does
        for name, make in ((does.field.name, lambda: finder(does)),
                           ((does.field.name, does.verb), lambda: MAKERS[does.verb](contract, does))):
            if name not in made:
                made.add(name)
                out.append(make())
    out.append("bool items_apply(struct meeting *meeting, const struct event *event)\n{\n    switch ((int)event->type) {\n")
    out.extend(f"    case EVENT_{event.c_name.upper()}: {event.does.field.name}_{event.does.verb}(meeting, {argument(event)}); return true;\n"
               for event in events_of(contract))
    out.append("    default: return false;\n    }\n}\n")
    return "".join(out)


def files(contract):
    return {"items.h": MARK + HEADER, "items.c": items_source(contract)}


TYPESCRIPT = """
/** A list with this item in the place of the one with its id, or at its end. */
export function putItem<T extends { id: string | number }>(list: readonly T[], item: T): T[] {
    const found = list.some((one) => one.id === item.id);
    return found ? list.map((one) => (one.id === item.id ? item : one)) : [...list, item];
}

export function removeItem<T extends { id: string | number }>(list: readonly T[], id: T['id']): T[] {
    return list.filter((one) => one.id !== id);
}

"""


def typescript(contract):
    """An item that is set is put as well: who could not see it before has not got it yet."""
    events = events_of(contract)
    names = [literal(event.name) for event in events]
    out = [TYPESCRIPT, "/** Events that put an item into a list of the meeting, set one or remove one by its id, and do nothing else. */\n",
           f"export type ItemEvent = Extract<EventMessage, {{ type: {' | '.join(names)} }}>;\n",
           f"const ITEM_EVENTS: readonly string[] = [{', '.join(names)}];\n",
           "export function isItemEvent(event: EventMessage): event is ItemEvent {\n    return ITEM_EVENTS.includes(event.type);\n}\n\n",
           "export function reduceItem(meeting: Meeting, event: ItemEvent): Meeting {\n    switch (event.type) {\n"]
    for event in events:
        does = event.does
        value = f"event.data.{does.argument.name}"
        if does.verb == "remove" and does.argument.kind == "resource":
            value += ".id"
        function = "removeItem" if does.verb == "remove" else "putItem"
        name = does.field.name
        out.append(f"        case {literal(event.name)}:\n"
                   f"            return {{ ...meeting, {name}: {function}(meeting.{name}, {value}) }};\n")
    out.append("    }\n}\n")
    return "".join(out)
