"""Reads contract/*.json strictly: every file, field and name is checked, so that the generators need not doubt."""
import json
import re
from pathlib import Path

LANGUAGES = ["ar", "zh", "en", "fr", "ru", "es"]
ID_MAX = 31
INTEGER_MAX = 2**53 - 1  # what a JavaScript number carries exactly
BODY_MAX = 65536
JSON_DEPTH_MAX = 8
NAME = re.compile(r"^[a-z][a-z0-9_]*$")
DOTTED = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
PATH = re.compile(r"^/[a-z0-9_./{}-]*$")
MEDIA_TYPE = re.compile(r"^[a-z]+/[a-z0-9.+-]+$")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PARAMETER = re.compile(r"\{([a-z_]+)\}")
PATH_PARAMETERS_MAX = 3
ACCOUNT_MAX = 63  # characters of an account's name
FIELD_KEYS = {"name", "type", "min", "max", "counts", "optional", "only", "told_by", "section", "doc"}
# The problems (base/err.h) that a refusal can be, and what its words can name.
PROBLEMS = ["conflict", "forbidden", "full", "invalid", "malformed", "not_acceptable", "not_found", "storage", "too_large", "too_many",
            "unauthenticated", "unavailable", "unsupported"]
ARGUMENTS = {"came": "{came}", "most": "{most}", "participant": "{name}"}
C_WORDS = {"auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
           "extern", "false", "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return",
           "short", "signed", "sizeof", "static", "struct", "switch", "true", "typedef", "union", "unsigned", "void",
           "volatile", "while"}


class ContractError(Exception):
    """A file of contract/ says something that cannot be."""


def fail(where, what):
    raise ContractError(f"{where}: {what}")


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ContractError(f"the key {key!r} stands twice")
    return dict(pairs)


def read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_duplicates)
    except (ValueError, ContractError) as error:
        raise ContractError(f"{path}: {error}") from error


def keys(where, thing, needed, allowed=()):
    if not isinstance(thing, dict):
        fail(where, "must be an object")
    for key in needed:
        if key not in thing:
            fail(where, f"{key!r} is missing")
    for key in thing:
        if key not in needed and key not in allowed:
            fail(where, f"unknown key {key!r}")


class Enum:
    """A closed list of words. `absent`: C has NONE = 0 for "not given", which is never on the wire."""

    def __init__(self, name, raw):
        where = f"enums.json: {name}"
        keys(where, raw, ["doc", "values"], ["absent"])
        if not NAME.match(name):
            fail(where, "not a name")
        self.name, self.doc, self.values = name, raw["doc"], raw["values"]
        self.absent = raw.get("absent", False)
        if not isinstance(self.values, list) or not 1 <= len(self.values) <= 31:
            fail(where, "needs 1 to 31 values")
        if len(set(self.values)) != len(self.values) or not all(NAME.match(value) for value in self.values):
            fail(where, "values must be different names")
        if self.absent and "none" in self.values:
            fail(where, "absent makes the value none itself")

    @property
    def has_none(self):
        return self.absent or self.values[0] == "none"

    @property
    def c_values(self):
        return (["none"] if self.absent else []) + self.values


class Capacities:
    """capacities.json: what a capacity can do, by name. Nothing else in contract/ and in the code asks which capacity it is."""

    def __init__(self, raw):
        where = "capacities.json"
        keys(where, raw, ["doc", "abilities", "capacities"])
        self.abilities, self.can = raw["abilities"], raw["capacities"]
        self.enum = Enum("capacity", {"doc": raw["doc"], "values": list(self.can)})
        if not 1 <= len(self.abilities) <= 31 or not all(NAME.match(name) for name in self.abilities):
            fail(where, "needs 1 to 31 abilities, whose names are names")
        for ability, doc in self.abilities.items():
            if not isinstance(doc, str) or not doc:
                fail(where, f"{ability} needs a line that says what it is")
            if not any(ability in can for can in self.can.values()):
                fail(where, f"nobody can do {ability!r}")
        for capacity, can in self.can.items():
            self.check_group(f"{where}: {capacity}", can)

    def check_group(self, where, abilities):
        if not isinstance(abilities, list) or len(set(abilities)) != len(abilities) or not set(abilities) <= set(self.abilities):
            fail(where, f"{abilities}: names an ability that does not exist, or twice")

    def having(self, where, abilities):
        """The capacities that have any of these abilities; "everyone" is all of them."""
        if abilities == "everyone":
            return list(self.can)
        self.check_group(where, abilities)
        return [capacity for capacity, can in self.can.items() if set(can) & set(abilities)]


class Refusal:
    """Why a command is refused. `words`: English, for logs; the page has its own in six languages."""

    def __init__(self, name, raw):
        where = f"refusals.json: {name}"
        keys(where, raw, ["problem", "words"], ["arguments"])
        if not NAME.match(name) or name in ("none", "count"):
            fail(where, "not a usable name")
        self.name, self.problem, self.words = name, raw["problem"], raw["words"]
        self.arguments = raw.get("arguments", [])
        if self.problem not in PROBLEMS:
            fail(where, f"unknown problem {self.problem!r}")
        named = sorted(argument for argument, place in ARGUMENTS.items() if place in self.words)
        if named != sorted(self.arguments):
            fail(where, f"its words name {named}, its arguments are {self.arguments}")


class Field:
    """One field of a resource, command, event, notice or reply."""

    def __init__(self, where, raw):
        keys(where, raw, ["name", "type"], FIELD_KEYS)
        self.name, self.doc = raw["name"], raw.get("doc", "")
        self.where = f"{where}.{self.name}"
        if not NAME.match(self.name) or self.name in C_WORDS:
            fail(self.where, "not a usable name")
        self.kind, _, self.of = raw["type"].partition(":")
        self.min, self.max = raw.get("min"), raw.get("max")
        # What its length counts: of people's text characters, of what machines make bytes, and it is taken as it is.
        self.counts = raw.get("counts", "characters" if self.kind in ("text", "localized") else None)
        self.optional, self.only = raw.get("optional", False), raw.get("only")
        self.told_by = raw.get("told_by")  # the event that tells it: who is not told that does not see it
        self.section = raw.get("section")  # of the meeting's state: sections.json
        for limit in (self.min, self.max):
            if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
                fail(self.where, "limits are whole numbers")
        if not isinstance(self.optional, bool):
            fail(self.where, "optional is true or false")

    def check(self, contract):
        allowed_limits = {"text": {"min", "max"}, "localized": {"max"}, "integer": {"min", "max"}, "list": {"max"},
                          "sdp": {"max"}, "id": set(), "boolean": set(), "time": set(), "enum": set(),
                          "resource": set()}
        if self.kind not in allowed_limits:
            fail(self.where, f"unknown type {self.kind!r}")
        for name in ("min", "max"):
            if getattr(self, name) is not None and name not in allowed_limits[self.kind]:
                fail(self.where, f"{name} has no meaning for {self.kind}")
        if self.kind == "text" and self.counts not in ("characters", "bytes") or self.kind != "text" and self.counts not in (None, "characters"):
            fail(self.where, "a text counts characters or bytes")
        if self.kind in ("text", "localized", "list", "sdp") and (self.max is None or not 1 <= self.max <= 65535):
            fail(self.where, "needs a max from 1 to 65535")
        self.check_reference(contract)
        self.check_optional(contract)
        if self.kind == "integer":
            low, high = self.bounds
            if not -INTEGER_MAX <= low <= high <= INTEGER_MAX:
                fail(self.where, "min and max must be in order and exact in a double")

    def check_reference(self, contract):
        if self.kind == "enum" and self.of not in contract.enums:
            fail(self.where, f"no enum {self.of!r}")
        if self.kind == "resource" and self.of not in contract.resources:
            fail(self.where, f"no resource {self.of!r}")
        if self.kind == "list" and self.of != "integer" and self.of not in contract.resources:
            fail(self.where, f"no resource {self.of!r}")
        if self.kind not in ("enum", "resource", "list") and self.of:
            fail(self.where, f"{self.kind} takes no name")
        if self.only is not None:
            if self.kind != "enum" or not self.only or not set(self.only) <= set(contract.enums[self.of].values):
                fail(self.where, "only lists some of an enum's values")

    def check_optional(self, contract):
        if not self.optional:
            return
        if self.kind in ("resource", "localized", "sdp"):
            fail(self.where, f"{self.kind} cannot be optional")
        if self.kind == "enum" and not contract.enums[self.of].has_none:
            fail(self.where, "an optional enum needs none as its first value, or absent")
        if self.kind == "integer" and self.bounds[0] < 1:
            fail(self.where, "an optional integer needs a min of at least 1, for 0 means none")
        if self.kind == "text" and (self.min or 0) > 0:
            fail(self.where, "an optional text has no min")

    @property
    def bounds(self):
        low = -INTEGER_MAX if self.min is None else self.min
        return low, INTEGER_MAX if self.max is None else self.max


class Does:
    """What an event does and nothing else: "put:agenda", "set:agenda" or "remove:agenda", by the item's id."""

    def __init__(self, event, text, contract):
        self.verb, _, name = text.partition(":")
        lists = {field.name: field for field in contract.resources["meeting"].fields if field.kind == "list"}
        if self.verb not in ("put", "set", "remove") or name not in lists or len(event.fields) != 1:
            fail(event.where, "does is put, set or remove, and a list of the meeting; such an event has one field")
        self.field, self.argument = lists[name], event.fields[0]
        self.key = next((field for field in contract.resources[self.field.of].fields if field.name == "id"), None)
        if self.key is None:
            fail(event.where, f"{name} is no list of items with an id")
        if (self.argument.kind, self.argument.of) not in self.accepted():
            fail(event.where, f"its field is no item of {name}" + (", and no id of one" if self.verb == "remove" else ""))

    def accepted(self):
        item = ("resource", self.field.of)
        return [item, (self.key.kind, self.key.of)] if self.verb == "remove" else [item]


class Sets:
    """What an event sets and nothing else: {"a field of the meeting": "the event's field that it becomes"}."""

    def __init__(self, event, raw, contract):
        of_meeting = {field.name: field for field in contract.resources["meeting"].fields}
        of_event = {field.name: field for field in event.fields}
        if not isinstance(raw, dict) or not raw or set(raw.values()) != set(of_event) or not set(raw) <= set(of_meeting):
            fail(event.where, "sets names fields of the meeting, and all of the event's own that they become")
        self.pairs = [(of_meeting[to], of_event[of]) for to, of in raw.items()]
        for to, of in self.pairs:
            if (to.kind, to.of, to.max) != (of.kind, of.of, of.max) or to.kind in ("list", "resource", "sdp"):
                fail(event.where, f"the meeting's {to.name} cannot become the event's {of.name}")
            if of.optional and not to.optional:
                fail(event.where, f"the meeting always has {to.name}")


class Shape:
    """A named list of fields: a resource, command, event or notice."""

    def __init__(self, kind, path, raw, dotted):
        needed = {"resource": [], "command": ["handler", "by"], "event": [], "notice": []}[kind]
        allowed = {"resource": [], "command": ["on_behalf_of_chair", "reply"], "event": ["visible_to", "reader", "subject", "does", "sets"], "notice": []}
        where = f"{path.parent.name}/{path.name}"
        keys(where, raw, ["name", "doc", "fields", *needed], allowed[kind])
        self.kind, self.name, self.doc, self.where = kind, raw["name"], raw["doc"], where
        if self.name != path.name.removesuffix(".json") or not (DOTTED if dotted else NAME).match(self.name):
            fail(where, "the name must be the file's and well-formed")
        if self.name in C_WORDS:
            fail(where, "the name is a word of C")
        self.fields = [Field(self.name, field) for field in raw["fields"]]
        self.reply = [Field(f"{self.name} reply", field) for field in raw.get("reply", [])]
        for fields in (self.fields, self.reply):
            names = [field.name for field in fields]
            if len(set(names)) != len(names):
                fail(where, "a field stands twice")
        self.handler = raw.get("handler")
        # Abilities as they are written; the capacities that have one once it is checked.
        self.by, self.on_behalf = raw.get("by", []), raw.get("on_behalf_of_chair", [])
        self.visible_to, self.reader = raw.get("visible_to"), raw.get("reader")
        self.subject = raw.get("subject")  # whom alone the event's participant can be; None: anybody
        self.does, self.sets = raw.get("does"), raw.get("sets")  # a Does and a Sets once it is checked

    @property
    def c_name(self):
        return self.name.replace(".", "_")

    @property
    def has_participant(self):
        return any(field.name == "participant" for field in self.fields)

    def check(self, contract):
        for field in self.fields + self.reply:
            field.check(contract)
        self.by = contract.capacities.having(self.where, self.by)
        self.on_behalf = contract.capacities.having(self.where, self.on_behalf)
        if self.visible_to is not None:
            self.visible_to = contract.capacities.having(self.where, self.visible_to)
        if self.visible_to is not None and self.reader is not None:
            fail(self.where, "visible_to or reader, not both")
        if self.subject is not None:
            self.subject = contract.capacities.having(self.where, self.subject)
            if self.visible_to is None or not self.has_participant:
                fail(self.where, "subject is of a participant whose events others are not told")
        if self.reader is not None:
            if self.reader not in contract.readers:
                fail(self.where, f"no reader {self.reader!r}")
            contract.readers[self.reader].check(self, contract)
        if set(self.by) & set(self.on_behalf):
            fail(self.where, "a capacity acts in its own right or on the chair's behalf, not both")
        if self.does is not None and self.sets is not None:
            fail(self.where, "does or sets, not both")
        if self.does is not None:
            self.does = Does(self, self.does, contract)
        if self.sets is not None:
            self.sets = Sets(self, self.sets, contract)
        if self.kind == "command" and (self.handler not in ("meeting", "app") or not self.by):
            fail(self.where, "handler is meeting or app, and someone must be allowed")


class Reader:
    """Who reads something, by its own fields. Any of the rules; of a rule, all: `ability` is one that the viewer has; `same` names a
    field that holds the viewer's language, `self` one that holds the viewer's id; any other key is a field and its values."""

    def __init__(self, name, raw):
        self.where = f"readers.json: {name}"
        keys(self.where, raw, ["doc", "any"])
        self.name, self.doc, self.rules = name, raw["doc"], raw["any"]
        if not NAME.match(name) or not self.rules or not all(self.rules):
            fail(self.where, "needs a name, and rules that say something")
        self.fields = []  # their names, in the order in which the rules name them
        for rule in self.rules:
            for key, value in rule.items():
                field = value if key in ("same", "self") else key
                if key != "ability" and field not in self.fields:
                    self.fields.append(field)

    def holder(self, shape, contract):
        """The shape that has the fields, and the name of the shape's field that holds it; "" when it is the shape itself."""
        if all(any(field.name == name for field in shape.fields) for name in self.fields):
            return shape, ""
        for field in shape.fields:
            if field.kind == "resource":
                held = contract.resources[field.of]
                if self.holder(held, contract) == (held, ""):
                    return held, field.name
        fail(shape.where, f"has not the fields {self.fields} of its reader {self.name!r}")

    def types(self, shape, contract):
        """The fields that the rules ask for, as this shape has them."""
        held, _ = self.holder(shape, contract)
        return [next(field for field in held.fields if field.name == name) for name in self.fields]

    def check(self, shape, contract):
        fields = {field.name: field for field in self.types(shape, contract)}
        for rule in self.rules:
            for key, value in rule.items():
                self.check_condition(key, value, fields, contract)

    def check_condition(self, key, value, fields, contract):
        if key == "self":
            right = fields[value].kind == "id"
        elif key == "same":
            right = (fields[value].kind, fields[value].of) == ("enum", "language")
        elif key == "ability":
            right = bool(value) and bool(contract.capacities.having(self.where, value))
        elif fields[key].kind == "enum":
            right = bool(value) and set(value) <= set(contract.enums[fields[key].of].values)
        else:
            right = fields[key].kind == "boolean" and len(value) == 1 and isinstance(value[0], bool)
        if not right:
            fail(self.where, f"{key}: {value} cannot be asked")


class Worker:
    """A thread that requests wait for: how many may, and when who finds it full shall come again."""

    def __init__(self, name, raw):
        where = f"workers.json: {name}"
        keys(where, raw, ["doc", "jobs_max", "one_each", "retry_after", "gives_way"])
        if not NAME.match(name) or name == "none":
            fail(where, "a name is letters, digits and _")
        for key, least in (("jobs_max", 1), ("retry_after", 1)):
            if not isinstance(raw[key], int) or isinstance(raw[key], bool) or raw[key] < least:
                fail(where, f"{key} is a number from {least}")
        if not isinstance(raw["one_each"], bool) or not isinstance(raw["gives_way"], bool):
            fail(where, "one_each and gives_way are true or false")
        self.name, self.doc, self.jobs_max, self.one_each = name, raw["doc"], raw["jobs_max"], raw["one_each"]
        self.retry_after, self.gives_way = raw["retry_after"], raw["gives_way"]


class Route:
    """One method on one path of the REST API, with everything that is decided before its handler is asked."""

    FLAGS = ("door", "expired", "streamed")

    def __init__(self, raw):
        where = f"routes.json: {raw.get('operation')}"
        keys(where, raw, ["operation", "method", "path", "doc", "bearer", "status"],
             ["handler", "body", "accepts", "body_max", "kinds", "worker", "returns", "media_type", "parameters", "problems", "also", *self.FLAGS])
        self.operation, self.method, self.path = raw["operation"], raw["method"], raw["path"]
        self.doc, self.bearer, self.status = raw["doc"], raw["bearer"], raw["status"]
        self.handler = raw.get("handler", self.operation)
        self.body, self.returns = raw.get("body"), raw.get("returns")
        self.accepts = "application/json" if self.body else raw.get("accepts")
        self.body_max = raw.get("body_max", BODY_MAX)  # more than BODY_MAX: the handler says who may send so much
        self.kinds = raw.get("kinds")  # the refusal that words it when the body is of another media type
        self.worker = raw.get("worker")
        self.media_type = raw.get("media_type", "application/json")
        self.parameters, self.problems = raw.get("parameters", []), raw.get("problems", [])
        self.also = raw.get("also", {})
        self.door = raw.get("door", False)  # tokens of a door are good here, pages of other origins may read the answer
        self.expired = raw.get("expired", False)  # whose date has come may still end what is theirs
        self.streamed = raw.get("streamed", False)  # the answer is read while it is sent
        self.where = where
        self.check(raw)

    @property
    def of_meeting(self):
        return "/{meeting}" in self.path or "/meetings/{id}" in self.path

    @property
    def parameters_most(self):
        """How many characters each {parameter} of the path has at most."""
        accounts = [parameter["name"] for parameter in self.parameters if parameter["type"] == "account"]
        return [ACCOUNT_MAX if name in accounts else ID_MAX for name in PARAMETER.findall(self.path)]

    @property
    def is_large(self):
        return self.body_max > BODY_MAX

    def check(self, raw):
        where = self.where
        if not NAME.match(self.operation) or self.method not in METHODS or not PATH.match(self.path):
            fail(where, "operation, method or path is not well-formed")
        if not isinstance(self.handler, str) or not NAME.match(self.handler):
            fail(where, "handler is a name")
        if self.path.count("{") > PATH_PARAMETERS_MAX or self.path.count("{") != self.path.count("}"):
            fail(where, f"a path holds at most {PATH_PARAMETERS_MAX} {{names}}")
        if not isinstance(self.bearer, bool) or self.status not in (101, 200, 201, 204, 302):
            fail(where, "bearer is true or false, status 101, 200, 201, 204 or 302")
        if any(not isinstance(getattr(self, flag), bool) for flag in self.FLAGS):
            fail(where, f"{', '.join(self.FLAGS)} are true or false")
        self.check_body(raw)
        for parameter in self.parameters:
            keys(where, parameter, ["name", "type", "doc"], ["required"])
            if parameter["type"] not in ("id", "integer", "text", "token", "account") or not NAME.match(parameter["name"]):
                fail(where, "a parameter is an id, an integer, a text, a token or an account")

    def check_body(self, raw):
        if "body" in raw and "accepts" in raw:
            fail(self.where, "a body is a resource, or of other media types")
        if self.accepts is not None and not all(MEDIA_TYPE.match(kind) for kind in self.accepts.split(", ")):
            fail(self.where, "accepts is media types with a comma and a blank between")
        if not isinstance(self.body_max, int) or isinstance(self.body_max, bool) or self.body_max < 1:
            fail(self.where, "body_max is a number of bytes")
        for key in ("body_max", "kinds"):
            if key in raw and self.accepts is None:
                fail(self.where, f"{key} without a body")
        if self.is_large and (self.method not in ("POST", "PUT") or not self.bearer):
            fail(self.where, f"more than {BODY_MAX} bytes are taken with POST and PUT from who has a bearer")


class Contract:
    """Everything in contract/, checked."""

    def __init__(self, root):
        self.root = Path(root)
        self.capacities = Capacities(read(self.root / "capacities.json"))
        raw = read(self.root / "enums.json")
        if "capacity" in raw:
            fail("enums.json", "the capacities stand in capacities.json")
        self.enums = {"capacity": self.capacities.enum, **{name: Enum(name, value) for name, value in raw.items()}}
        raw = read(self.root / "refusals.json")
        self.refusals = {name: Refusal(name, value) for name, value in raw.items()}
        raw = read(self.root / "readers.json")
        self.readers = {name: Reader(name, value) for name, value in raw.items()}
        self.sections = read(self.root / "sections.json")
        self.resources = self.shapes("resource", "resources", False)
        self.commands = self.shapes("command", "commands", True)
        self.events = self.shapes("event", "events", True)
        self.notices = self.shapes("notice", "notices", True)
        raw = read(self.root / "workers.json")
        self.workers = {name: Worker(name, value) for name, value in raw.items()}
        self.routes = [Route(route) for route in read(self.root / "routes.json")]
        for shape in self.all_shapes():
            shape.check(self)
        self.check_told()
        self.check_sections()
        self.check_routes()
        self.resource_order = self.order()
        self.check_names()

    def shapes(self, kind, folder, dotted):
        found = {}
        for path in sorted((self.root / folder).iterdir()):
            if path.suffix != ".json":
                fail(path, "only .json files belong here")
            shape = Shape(kind, path, read(path), dotted)
            found[shape.name] = shape
        return found

    def all_shapes(self):
        for group in (self.resources, self.commands, self.events, self.notices):
            yield from group.values()

    def check_told(self):
        """A part of the state that one event tells: a list of the meeting, or an enum with none of a person."""
        for shape in self.all_shapes():
            for field in shape.fields:
                if field.told_by is None:
                    continue
                if field.told_by not in self.events:
                    fail(field.where, f"no event {field.told_by!r}")
                part = (shape.name, field.kind) in (("meeting", "list"), ("participant", "enum"))
                if shape.kind != "resource" or not part:
                    fail(field.where, "only a list of the meeting and an enum of a participant are told by an event")
                event = self.events[field.told_by]
                if event.reader is not None:
                    self.readers[event.reader].check(self.resources[field.of], self)

    def check_sections(self):
        """The meeting's state is its sections: each of its fields stands in one, and each of them holds some."""
        for name, doc in self.sections.items():
            if not NAME.match(name) or name == "count" or not isinstance(doc, str) or not doc:
                fail("sections.json", f"{name}: needs a usable name, and a line that says what it is")
            if not self.section_fields(name):
                fail("sections.json", f"{name} holds nothing")
        for shape in self.all_shapes():
            for field in shape.fields:
                of_meeting = (shape.kind, shape.name) == ("resource", "meeting")
                if (field.section in self.sections) != of_meeting or (not of_meeting and field.section is not None):
                    fail(field.where, "every field of the meeting, and no other, stands in one of the sections")

    def section_fields(self, name):
        return [field for field in self.resources["meeting"].fields if field.section == name]

    def check_routes(self):
        seen = set()
        for route in self.routes:
            for key in (route.operation, (route.method, route.path)):
                if key in seen:
                    fail(route.where, "stands twice")
                seen.add(key)
            if route.body is not None and route.body not in self.resources:
                fail(route.where, f"no resource {route.body!r}")
            if route.returns not in (None, "snapshot", "event_page", "past_page") and route.returns not in self.resources:
                fail(route.where, f"no resource {route.returns!r}")
            *first, last = self.sections or [""]
            for parameter in route.parameters:
                if parameter["name"] == "section" and parameter["doc"] != f"{', '.join(first)} or {last}":
                    fail(route.where, f"the sections are {', '.join(self.sections)}")
            if route.worker is not None and route.worker not in self.workers:
                fail(route.where, f"no worker {route.worker!r}")
            if route.kinds is not None and route.kinds not in self.refusals:
                fail(route.where, f"no refusal {route.kinds!r}")

    def order(self):
        """The resources, each after those it holds."""
        done, open_ = [], []

        def visit(name):
            if name in done:
                return
            if name in open_:
                fail(f"resources/{name}.json", "holds itself")
            open_.append(name)
            for field in self.resources[name].fields:
                if field.kind in ("resource", "list") and field.of in self.resources:
                    visit(field.of)
            open_.remove(name)
            done.append(name)

        for name in self.resources:
            visit(name)
        return [self.resources[name] for name in done]

    def check_names(self):
        """No two things may have the same name in C."""
        seen = {}
        for name in [*self.enums, *self.resources]:
            if name in seen or name in ("event", "command", "notice", "reply", "permission_grant", "ability", "rest_route", "rest_route_id", "rest_worker",
                                        "rest_worker_row", "rest_handler", "call"):
                fail(name, "is the name of two things")
            seen[name] = True
        macros = set()
        for enum in self.enums.values():
            macros.update(f"{enum.name}_{value}".upper() for value in [*enum.c_values, "count"])
        for shape in self.all_shapes():
            for field in shape.fields:
                for name in filter(None, (maximum_name(shape, field), size_name(shape, field))):
                    if name in macros:
                        fail(field.where, f"{name} is made twice")
                    macros.add(name)


def maximum_name(shape, field):
    """PARTICIPANT_NAME_MAX, COMMAND_MEDIA_JOIN_SDP_MAX; None when the field has no maximum of its own."""
    if field.max is None:
        return None
    prefix = "" if shape.kind == "resource" else shape.kind + "_"
    return f"{prefix}{shape.c_name}_{field.name}_max".upper()


def size_name(shape, field):
    """PARTICIPANT_NAME_SIZE: the bytes that a text of so many characters needs, with its end; None for any other field."""
    return maximum_name(shape, field).removesuffix("_MAX") + "_SIZE" if field.counts == "characters" else None


def pascal(name):
    return "".join(part.capitalize() for part in re.split(r"[._]", name))
