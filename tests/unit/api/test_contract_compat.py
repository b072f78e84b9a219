"""A change of contract that an old journal would not survive is refused, and any other passes."""
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from contractlib import compat  # noqa: E402
from contractlib.model import Contract, ContractError  # noqa: E402

# An age of its own: what the real contract becomes does not change these tests.
CAPACITIES = {"doc": "", "abilities": {"speaks": "Speaks."}, "capacities": {"chair": ["speaks"], "delegate": []}}
ENUMS = {"colour": {"doc": "", "values": ["none", "red", "green"]}}
RESOURCES = {"meeting": [{"name": "people", "type": "list:person", "max": 100}, {"name": "title", "type": "text", "max": 50}],
             "person": [{"name": "id", "type": "id"}, {"name": "name", "type": "text", "max": 80}, {"name": "colour", "type": "enum:colour"},
                        {"name": "age", "type": "integer", "min": 1, "max": 150, "optional": True},
                        {"name": "badges", "type": "list:badge", "max": 4}],
             "badge": [{"name": "number", "type": "integer"}]}
EVENTS = {"person.added": [{"name": "person", "type": "resource:person"}], "person.removed": [{"name": "person", "type": "id"}]}


def write(root, enums, resources, events):
    (root / "capacities.json").write_text(json.dumps(CAPACITIES), encoding="utf-8")
    (root / "enums.json").write_text(json.dumps(enums), encoding="utf-8")
    (root / "refusals.json").write_text("{}", encoding="utf-8")
    (root / "readers.json").write_text("{}", encoding="utf-8")
    (root / "routes.json").write_text("[]", encoding="utf-8")
    (root / "workers.json").write_text("{}", encoding="utf-8")
    (root / "sections.json").write_text(json.dumps({"all": "All of it"} if resources["meeting"] else {}), encoding="utf-8")
    resources = {**resources, "meeting": [{**field, "section": "all"} for field in resources["meeting"]]}
    for folder, shapes in (("resources", resources), ("events", events), ("commands", {}), ("notices", {})):
        (root / folder).mkdir()
        for name, fields in shapes.items():
            (root / folder / f"{name}.json").write_text(json.dumps({"name": name, "doc": "", "fields": fields}), encoding="utf-8")


class Compat(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.enums, self.resources, self.events = (json.loads(json.dumps(part)) for part in (ENUMS, RESOURCES, EVENTS))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def describe(self, enums, resources, events):
        root = Path(tempfile.mkdtemp(dir=self.folder))
        write(root, enums, resources, events)
        return compat.describe(Contract(root))

    def losses(self):
        return compat.compare(self.describe(ENUMS, RESOURCES, EVENTS), self.describe(self.enums, self.resources, self.events))

    def field(self, resource, name):
        return next(field for field in self.resources[resource] if field["name"] == name)

    def refused(self, *words):
        self.assertEqual(self.losses(), list(words))

    def test_the_same_passes(self):
        self.refused()

    def test_a_kind_removed(self):
        del self.events["person.removed"]
        self.refused("person.removed: the kind of event is gone")

    def test_a_kind_renamed(self):
        self.events["person.gone"] = self.events.pop("person.removed")
        self.refused("person.removed: the kind of event is gone")

    def test_a_required_field_added(self):
        self.events["person.removed"].append({"name": "why", "type": "text", "max": 9})
        self.refused("person.removed.why: a new field is required, and no old event has it")

    def test_a_required_field_added_to_what_an_event_holds(self):
        self.resources["badge"].append({"name": "valid", "type": "boolean"})
        self.refused("person.added.person.badges.valid: a new field is required, and no old event has it")

    def test_a_field_becomes_required(self):
        del self.field("person", "age")["optional"]
        self.refused("person.added.person.age: could be left out and is required")

    def test_a_field_removed(self):
        self.resources["person"].remove(self.field("person", "age"))
        self.refused("person.added.person.age: the field is gone")

    def test_a_field_renamed(self):
        self.field("person", "age")["name"] = "years"
        self.refused("person.added.person.age: the field is gone")

    def test_a_field_of_another_type(self):
        field = self.field("person", "name")
        field.clear()
        field.update(name="name", type="localized", max=80)
        self.refused("person.added.person.name: was text and is localized")

    def test_a_list_of_other_things(self):
        self.field("person", "badges")["type"] = "list:integer"
        self.refused("person.added.person.badges: was a list of other things")

    def test_a_maximum_lowered(self):
        self.field("person", "name")["max"] = 79
        self.refused("person.added.person.name: its maximum was 80 and is 79")

    def test_a_minimum_raised(self):
        self.field("person", "name")["min"] = 1
        self.refused("person.added.person.name: its minimum was 0 and is 1")

    def test_bounds_where_there_were_none(self):
        self.resources["badge"][0].update(min=0, max=9)
        self.refused("person.added.person.badges.number: its maximum was 9007199254740991 and is 9",
                     "person.added.person.badges.number: its minimum was -9007199254740991 and is 0")

    def test_a_shorter_list(self):
        self.field("person", "badges")["max"] = 3
        self.refused("person.added.person.badges: its maximum was 4 and is 3",
                     "person.badges: its maximum was 4 and is 3: what happened finds no place")

    def test_less_room_in_the_meeting(self):
        self.field("meeting", "people")["max"] = 99
        self.refused("meeting.people: its maximum was 100 and is 99: what happened finds no place")

    def test_a_value_removed(self):
        self.enums["colour"]["values"].remove("green")
        self.refused("person.added.person.colour: the value 'green' is gone")

    def test_a_value_no_longer_allowed_here(self):
        self.field("person", "colour")["only"] = ["none", "red"]
        self.refused("person.added.person.colour: the value 'green' is gone")

    def test_what_widens_passes(self):
        self.enums["colour"]["values"].append("blue")
        self.events["person.painted"] = [{"name": "colour", "type": "enum:colour"}]
        self.resources["person"].append({"name": "title", "type": "text", "max": 9, "optional": True})
        self.field("person", "name").update(max=200, optional=True)
        self.field("person", "badges")["max"] = 9
        self.field("person", "age")["max"] = 200
        self.resources["meeting"] = []  # what shows a meeting is made anew from what happened
        self.refused()

    def test_another_name_for_a_resource_passes(self):
        self.resources["human"] = self.resources.pop("person")
        self.events["person.added"][0]["type"] = "resource:human"
        self.field("meeting", "people")["type"] = "list:human"
        self.refused()


class Journals(unittest.TestCase):
    """The golden journals of this tree, and a folder that lacks something."""
    contract = Contract(ROOT / "contract")
    journals = ROOT / "tests" / "data" / "journals"

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())

    def tearDown(self):
        shutil.rmtree(self.folder)

    def test_this_contract_reads_them(self):
        self.assertEqual(list(compat.check(self.contract, self.journals)), [])

    def test_each_has_its_contract(self):
        (self.folder / "001-a.db").write_bytes(b"")
        self.assertIn("has no 001-a.contract.json", "".join(compat.check(self.contract, self.folder)))

    def test_there_is_one(self):
        with self.assertRaises(ContractError):
            list(compat.check(self.contract, self.folder))

    def test_losses_name_the_journal(self):
        then = compat.describe(self.contract)
        then["events"]["gong.struck"] = {}
        (self.folder / "001-a.db").write_bytes(b"")
        (self.folder / "001-a.contract.json").write_text(json.dumps(then), encoding="utf-8")
        self.assertEqual(list(compat.check(self.contract, self.folder)), ["001-a.contract.json: gong.struck: the kind of event is gone"])


if __name__ == "__main__":
    unittest.main()
