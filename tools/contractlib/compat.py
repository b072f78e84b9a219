"""Whether a journal that an earlier contract wrote can still be read: descriptions of events, and what must not change in them."""
import json

from .model import ID_MAX, INTEGER_MAX, fail, keys, read

SUFFIX = ".contract.json"
# What may stand in a field: as low and high as the decoder takes it (c_json.field_row).
BOUNDED = ("text", "localized", "integer", "list", "sdp")


def describe_field(contract, field):
    said = {"type": field.kind, "required": not field.optional}
    if field.kind == "integer":
        said["min"], said["max"] = field.bounds
    elif field.kind in BOUNDED:
        said["min"], said["max"] = field.min or 0, field.max
        if field.counts == "characters":
            said["counts"] = field.counts  # ages before it counted bytes, of which a character has at least one
    elif field.kind in ("id", "time"):
        said["max"] = ID_MAX if field.kind == "id" else INTEGER_MAX
    elif field.kind == "enum":
        said["values"] = sorted(field.only or contract.enums[field.of].values)
    if field.of in contract.resources and field.kind in ("resource", "list"):
        said["of"] = field.of
    return said


def describe_fields(contract, fields, reached):
    """By name; the resources that are met on the way are added to `reached`. None holds itself (model.Contract.order)."""
    said = {}
    for field in fields:
        said[field.name] = describe_field(contract, field)
        of = said[field.name].get("of")
        if of and of not in reached:
            reached[of] = describe_fields(contract, contract.resources[of].fields, reached)
    return said


def describe_state(contract):
    """The rooms of a meeting's state: what has happened must find place in it again."""
    reached = {}
    reached["meeting"] = describe_fields(contract, contract.resources["meeting"].fields, reached)
    return {f"{name}.{field}": said["max"] for name, fields in reached.items() for field, said in fields.items() if said["type"] == "list"}


def describe(contract):
    resources = {}
    events = {event.name: describe_fields(contract, event.fields, resources) for event in contract.events.values()}
    return {"events": events, "resources": resources, "state": describe_state(contract)}


def generate(contract):
    return json.dumps(describe(contract), indent=1, sort_keys=True) + "\n"


def field_losses(then, now):
    """What a value of then would meet in the field of now. The resource's own name is written nowhere."""
    if now["type"] != then["type"]:
        yield f"was {then['type']} and is {now['type']}"
        return
    if "counts" in then and "counts" not in now:
        yield "its length counted characters and counts bytes"
    if ("of" in then) != ("of" in now):
        yield "was a list of other things"
    if now["required"] and not then["required"]:
        yield "could be left out and is required"
    if now.get("max", 0) < then.get("max", 0):
        yield f"its maximum was {then['max']} and is {now['max']}"
    if now.get("min", 0) > then.get("min", 0):
        yield f"its minimum was {then['min']} and is {now['min']}"
    for value in sorted(set(then.get("values", [])) - set(now.get("values", []))):
        yield f"the value {value!r} is gone"


class Comparison:
    """Two descriptions, and the words for what a journal of then would not survive."""

    def __init__(self, then, now):
        self.then, self.now = then, now
        self.losses = []

    def lose(self, where, what):
        if f"{where}: {what}" not in self.losses:
            self.losses.append(f"{where}: {what}")

    def compare_fields(self, where, then, now):
        for name, field in then.items():
            if name not in now:
                self.lose(f"{where}.{name}", "the field is gone")
                continue
            for loss in field_losses(field, now[name]):
                self.lose(f"{where}.{name}", loss)
            if "of" in field and "of" in now[name]:
                self.compare_fields(f"{where}.{name}", self.then["resources"][field["of"]], self.now["resources"][now[name]["of"]])
        for name in now.keys() - then.keys():
            if now[name]["required"]:
                self.lose(f"{where}.{name}", "a new field is required, and no old event has it")

    def run(self):
        for name, fields in self.then["events"].items():
            if name not in self.now["events"]:
                self.lose(name, "the kind of event is gone")
            else:
                self.compare_fields(name, fields, self.now["events"][name])
        for name, room in self.then["state"].items():
            if self.now["state"].get(name, room) < room:
                self.lose(name, f"its maximum was {room} and is {self.now['state'][name]}: what happened finds no place")
        return self.losses


def compare(then, now):
    return Comparison(then, now).run()


def check(contract, folder):
    """The losses against every golden journal's contract, as lines."""
    journals = sorted(folder.glob("*.db"))
    if not journals:
        fail(folder, "there is no golden journal")
    now = describe(contract)
    for journal in journals:
        path = journal.with_suffix(SUFFIX)
        if not path.exists():
            yield f"{journal.name} has no {path.name}: tools/contract.py describe > {path}"
            continue
        then = read(path)
        keys(path, then, ["events", "resources", "state"])
        yield from (f"{path.name}: {loss}" for loss in compare(then, now))
