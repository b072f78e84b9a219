"""The contract's reader refuses what cannot be, and what is generated hangs together."""
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from contractlib import c_json, c_types, items, openapi, permissions, sections, typescript, visibility  # noqa: E402
from contractlib.model import Capacities, Contract, ContractError  # noqa: E402


class Refusals(unittest.TestCase):
    """Each case writes one wrong thing into a copy of contract/."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "contract"
        shutil.copytree(ROOT / "contract", self.root)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def refuse(self, path, text):
        (self.root / path).write_text(text, encoding="utf-8")
        with self.assertRaises(ContractError):
            Contract(self.root)

    def refuse_field(self, field):
        self.refuse("resources/thing.json", json.dumps({"name": "thing", "doc": "", "fields": [field]}))

    def test_refusals(self):
        for wrong in [
            {"problem": "colour", "words": "No."},
            {"problem": "conflict"},
            {"problem": "full", "words": "{most} at most."},
            {"problem": "full", "words": "Full.", "arguments": ["most"]},
            {"problem": "conflict", "words": "{name} has it.", "arguments": ["most"]},
        ]:
            with self.subTest(wrong=wrong):
                self.refuse("refusals.json", json.dumps({"thing": wrong}))
        self.refuse("refusals.json", json.dumps({"none": {"problem": "conflict", "words": "No."}}))

    def test_a_sound_field_passes(self):
        field = {"name": "a", "type": "text", "max": 5}
        (self.root / "resources/thing.json").write_text(json.dumps({"name": "thing", "doc": "", "fields": [field]}))
        self.assertIn("thing", Contract(self.root).resources)

    def test_fields(self):
        for field in [
            {"name": "a", "type": "colour"},
            {"name": "a", "type": "text"},
            {"name": "a", "type": "text", "max": 0},
            {"name": "a", "type": "text", "max": "5"},
            {"name": "a", "type": "text", "max": 5, "colour": 1},
            {"name": "A", "type": "boolean"},
            {"name": "int", "type": "boolean"},
            {"name": "a", "type": "boolean", "max": 1},
            {"name": "a", "type": "enum:colour"},
            {"name": "a", "type": "enum:language", "only": ["de"]},
            {"name": "a", "type": "enum:capacity", "optional": True},
            {"name": "a", "type": "resource:colour"},
            {"name": "a", "type": "resource:thing"},
            {"name": "a", "type": "list:desk"},
            {"name": "a", "type": "integer", "min": 5, "max": 4},
            {"name": "a", "type": "integer", "max": 2**53},
            {"name": "a", "type": "integer", "optional": True},
            {"name": "a", "type": "localized", "max": 5, "optional": True},
            {"type": "boolean"},
        ]:
            with self.subTest(field=field):
                self.refuse_field(field)

    def test_shapes(self):
        good = {"name": "a.b", "doc": "", "handler": "meeting", "by": ["presides"], "fields": []}
        for change in [{"name": "a.c"}, {"handler": "door"}, {"by": []}, {"by": ["rules"]}, {"by": ["chair"]}, {"by": "anybody"}, {"by": ["presides", "presides"]},
                       {"on_behalf_of_chair": ["speaks"]}, {"colour": 1}]:
            with self.subTest(change=change):
                self.refuse("commands/a.b.json", json.dumps({**good, **change}))

    def test_readers(self):
        rule = {"embargoed": [False]}
        for wrong in [
            {"any": [rule]},
            {"doc": "", "any": []},
            {"doc": "", "any": [{}]},
            {"doc": "", "any": [rule, {"colour": ["red"]}]},
            {"doc": "", "any": [{"embargoed": [1]}]},
            {"doc": "", "any": [{"kind": ["colour"]}]},
            {"doc": "", "any": [{"ability": []}]},
            {"doc": "", "any": [{"ability": ["chair"]}]},
            {"doc": "", "any": [{"capacity": ["chair"]}]},
            {"doc": "", "any": [{"self": "kind"}]},
            {"doc": "", "any": [{"same": "kind"}]},
        ]:
            with self.subTest(wrong=wrong):
                readers = json.loads((ROOT / "contract/readers.json").read_text())
                self.refuse("readers.json", json.dumps({**readers, "document": wrong}))

    def test_who_is_told(self):
        event = {"name": "a.b", "doc": "", "fields": [{"name": "embargoed", "type": "boolean"}]}
        self.refuse("events/a.b.json", json.dumps({**event, "reader": "nobody"}))
        self.refuse("events/a.b.json", json.dumps({**event, "reader": "document"}))  # it has not the fields
        self.refuse("events/a.b.json", json.dumps({**event, "reader": "chat", "visible_to": ["presides"]}))
        self.refuse("events/a.b.json", json.dumps({**event, "visible_to": ["presides"], "subject": ["speaks"]}))  # there is none
        event["fields"].append({"name": "participant", "type": "id"})
        self.refuse("events/a.b.json", json.dumps({**event, "subject": ["speaks"]}))  # everybody is told
        self.refuse("events/a.b.json", json.dumps({**event, "visible_to": ["presides"], "subject": ["sings"]}))
        (self.root / "events/a.b.json").unlink()
        self.refuse_field({"name": "a", "type": "boolean", "told_by": "help.changed"})
        meeting = (self.root / "resources/meeting.json").read_text()
        for wrong in [meeting.replace('"told_by": "chat.said"', '"told_by": "no.such"'),
                      meeting.replace('"told_by": "chat.said"', '"told_by": "document.added"')]:
            self.refuse("resources/meeting.json", wrong)

    def test_sections(self):
        good = json.loads((self.root / "sections.json").read_text(encoding="utf-8"))
        for change in [{"Votes": "A name is a name"}, {"count": "The enum's own"}, {"people": ""}, {"votes": "Of which nothing is"}]:
            with self.subTest(change=change):
                self.refuse("sections.json", json.dumps({**good, **change}))
        self.refuse("sections.json", json.dumps({name: doc for name, doc in good.items() if name != "people"}))
        (self.root / "sections.json").write_text(json.dumps(good), encoding="utf-8")
        meeting = json.loads((self.root / "resources/meeting.json").read_text(encoding="utf-8"))
        del meeting["fields"][0]["section"]
        self.refuse("resources/meeting.json", json.dumps(meeting))

    def test_a_section_is_the_meetings_alone(self):
        self.refuse_field({"name": "a", "type": "boolean", "section": "people"})

    def test_what_events_do(self):
        feed = {"name": "feed", "type": "resource:feed"}
        identifier = {"name": "feed", "type": "id"}
        for does, fields in [("steal:feeds", [feed]), ("put", [feed]), ("put:colours", [feed]), ("put:title", [feed]),
                             ("put:signals", [{"name": "signal", "type": "resource:signal"}]),
                             ("put:requests", [feed]), ("put:feeds", [identifier]), ("set:feeds", [identifier]),
                             ("remove:requests", [identifier]), ("put:feeds", []),
                             ("put:feeds", [feed, {"name": "more", "type": "boolean"}])]:
            with self.subTest(does=does, fields=fields):
                self.refuse("events/a.b.json", json.dumps({"name": "a.b", "doc": "", "does": does, "fields": fields}))

    def test_what_events_set(self):
        language = {"name": "language", "type": "enum:language"}
        for sets, fields in [({}, [language]), ("floor_language", [language]), ({"colour": "language"}, [language]), ({"floor_language": "colour"}, [language]),
                             ({"list": "language"}, [language]), ({"floor_language": "language"}, [language, {"name": "more", "type": "boolean"}]),
                             ({"chat": "line"}, [{"name": "line", "type": "list:chat_line", "max": 64}]),
                             ({"sitting": "state"}, [{"name": "state", "type": "enum:silence", "optional": True}]),
                             ({"title": "title"}, [{"name": "title", "type": "localized", "max": 20}]),
                             ({"recorded": "on"}, [{"name": "on", "type": "boolean", "optional": True}])]:
            with self.subTest(sets=sets, fields=fields):
                self.refuse("events/a.b.json", json.dumps({"name": "a.b", "doc": "", "sets": sets, "fields": fields}))
        fields = [{"name": "who", "type": "id"}, {"name": "on", "type": "boolean"}]
        good = {"name": "a.b", "doc": "", "sets": {"team_leader": "who", "recorded": "on", "streamed": "on"}, "fields": fields}
        self.refuse("events/a.b.json", json.dumps({**good, "does": "put:feeds"}))
        (self.root / "events/a.b.json").write_text(json.dumps(good))
        contract = Contract(self.root)
        made = items.files(contract)["items.c"]
        for line in ("memcpy(meeting->team_leader, event->as.a_b.who, sizeof meeting->team_leader);", "meeting->streamed = event->as.a_b.on;"):
            self.assertIn(line, made)
        self.assertIn("'a.b': ['set', 'team_leader', 'who', 'recorded', 'on', 'streamed', 'on'],", items.typescript(contract))

    def test_an_item_is_removed_by_its_id_or_as_it_was(self):
        for number, field in enumerate([{"name": "feed", "type": "id"}, {"name": "feed", "type": "resource:feed"}]):
            name = f"a.b{number}"
            (self.root / f"events/{name}.json").write_text(
                json.dumps({"name": name, "doc": "", "does": "remove:feeds", "fields": [field]}))
        made = items.files(Contract(self.root))["items.c"]
        self.assertIn("EVENT_A_B0: feeds_remove(meeting, event->as.a_b0.feed);", made)
        self.assertIn("EVENT_A_B1: feeds_remove(meeting, event->as.a_b1.feed.id);", made)

    def test_capacities(self):
        good = {"doc": "", "abilities": {"sings": "Sings."}, "capacities": {"singer": ["sings"], "guest": []}}
        for change in [{"abilities": {}}, {"abilities": {"sings": ""}}, {"abilities": {"Sings": "Sings."}}, {"capacities": {}},
                       {"capacities": {"singer": []}}, {"capacities": {"singer": ["sings", "sings"]}}, {"capacities": {"singer": ["sings", "plays"]}},
                       {"capacities": {"singer": "sings"}}, {"colour": 1}]:
            with self.subTest(change=change):
                with self.assertRaises(ContractError):
                    Capacities({**good, **change})
        capacities = Capacities(good)
        self.assertEqual(capacities.having("", ["sings"]), ["singer"])
        self.assertEqual(capacities.having("", "everyone"), ["singer", "guest"])
        enums = json.loads((ROOT / "contract/enums.json").read_text())
        self.refuse("enums.json", json.dumps({**enums, "capacity": {"doc": "", "values": ["singer"]}}))

    def test_broken_files(self):
        self.refuse("commands/a.b.json", "{")
        self.refuse("commands/a.b.json", '{"name": "a.b", "name": "a.b"}')

    def test_a_file_of_another_kind(self):
        self.refuse("events/readme.txt", "")

    def test_names_that_clash_in_c(self):
        self.refuse("resources/capacity.json", json.dumps({"name": "capacity", "doc": "", "fields": []}))

    ROUTE = {"operation": "a", "method": "POST", "path": "/a", "doc": "", "bearer": True, "status": 200}

    def test_routes(self):
        for change in [{"method": "STEAL"}, {"path": "a"}, {"path": "/{a}/{b}/{c}/{d}"}, {"status": 700}, {"returns": "colour"}, {"bearer": 1},
                       {"handler": "A"}, {"handler": 1}, {"worker": "colour"}, {"worker": "none"}, {"door": 1}, {"expired": "yes"}, {"streamed": None},
                       {"accepts": "pdf"}, {"accepts": "text/plain,application/pdf"}, {"accepts": "text/plain", "body": "sign_in"}, {"body": "colour"},
                       {"body_max": 5}, {"accepts": "text/plain", "body_max": 0}, {"accepts": "text/plain", "body_max": True},
                       {"accepts": "text/plain", "body_max": 70000, "bearer": False}, {"accepts": "text/plain", "body_max": 70000, "method": "PATCH"},
                       {"kinds": "document_kinds"}, {"accepts": "text/plain", "kinds": "colour"}]:
            with self.subTest(change=change):
                self.refuse("routes.json", json.dumps([{**self.ROUTE, **change}]))
        self.refuse("routes.json", json.dumps([self.ROUTE, self.ROUTE]))

    def test_workers(self):
        good = {"doc": "", "jobs_max": 1, "one_each": True, "retry_after": 1, "gives_way": True}
        for change in [{"jobs_max": 0}, {"jobs_max": True}, {"retry_after": 0}, {"one_each": 1}, {"gives_way": "no"}, {"colour": 1}]:
            with self.subTest(change=change):
                self.refuse("workers.json", json.dumps({"thing": {**good, **change}}))
        self.refuse("workers.json", json.dumps({"none": good}))

    def test_what_follows_from_a_route(self):
        """One row: the table, the handler's name and the page have what it says."""
        (self.root / "workers.json").write_text(json.dumps(
            {"votes": {"doc": "", "jobs_max": 7, "one_each": True, "retry_after": 9, "gives_way": False}}))
        row = {**self.ROUTE, "operation": "vote_send", "path": "/votes/{id}", "accepts": "text/csv, text/plain", "body_max": 70000, "worker": "votes",
               "kinds": "document_kinds", "door": True}
        (self.root / "routes.json").write_text(json.dumps([row, {**self.ROUTE, "handler": "vote_send", "streamed": True}]))
        contract = Contract(self.root)
        made = c_types.files(contract)
        self.assertIn('[REST_WORKER_VOTES] = {"votes", 7, true, 9, false}', made["routes.c"])
        vote = next(line for line in made["routes.c"].splitlines() if "REST_ROUTE_VOTE_SEND" in line)
        for part in (".body_max = 70000", ".worker = REST_WORKER_VOTES", ".kinds = REFUSAL_DOCUMENT_KINDS", ".door = true", ".bearer = true",
                     '.accepts = "text/csv, text/plain"'):
            self.assertIn(part, vote)
        self.assertIn("size_t rest_vote_send_room(const struct call *call);", made["handlers.h"])
        self.assertEqual(made["handlers.h"].count("void rest_vote_send("), 1)
        self.assertIn("[REST_ROUTE_A] = {rest_vote_send, NULL}", made["handlers.c"])
        paths = json.loads(openapi.generate(contract))["paths"]
        vote = paths["/votes/{id}"]["post"]
        self.assertEqual(vote["requestBody"]["description"], "At most 70000 bytes.")
        self.assertEqual(set(vote["requestBody"]["content"]), {"text/csv", "text/plain"})
        self.assertLessEqual({"401", "404", "413", "415", "429", "503"}, set(vote["responses"]))
        self.assertTrue(vote["responses"]["429"]["headers"]["Retry-After"]["required"])
        self.assertIn("Content-Disposition", paths["/a"]["post"]["responses"]["200"]["headers"])


class Generated(unittest.TestCase):
    contract = Contract(ROOT / "contract")

    def references(self, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "$ref":
                    yield inner
                yield from self.references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.references(inner)

    def test_what_follows_from_a_section(self):
        made = {**sections.files(self.contract), **visibility.files(self.contract), **items.files(self.contract)}
        self.assertIn("MEETING_SECTION_PAPERS", made["sections.h"])
        self.assertIn("offsetof(struct meeting, documents)", made["sections.c"])
        self.assertIn("EVENT_DOCUMENT_ADDED: return 1u << MEETING_SECTION_PAPERS;", made["items.c"])
        hides = made["visibility.c"].partition("bool meeting_section_hides")[2].partition("}")[0]
        self.assertIn("MEETING_SECTION_PEOPLE", hides)
        self.assertNotIn("MEETING_SECTION_AGENDA", hides)

    def test_openapi_refers_to_what_is_there(self):
        document = json.loads(openapi.generate(self.contract))
        schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
        found = set(self.references(document))
        self.assertGreater(len(found), 50)
        self.assertLessEqual(found, schemas)
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        self.assertEqual(len(operations), len(self.contract.routes))

    def test_what_is_sent_needs_one_language_and_what_is_answered_has_six(self):
        schemas = json.loads(openapi.generate(self.contract))["components"]["schemas"]
        sent = schemas["Delegation"]["properties"]["name"]
        self.assertEqual((sent.get("required"), sent["minProperties"], len(sent["properties"])), (None, 1, 6))
        answered = schemas["Meeting"]["properties"]["title"]
        self.assertEqual((len(answered["required"]), answered.get("minProperties")), (6, None))

    def test_typescript_names_everything(self):
        text = typescript.generate(self.contract)
        for shape in [*self.contract.commands.values(), *self.contract.events.values(), *self.contract.notices.values()]:
            self.assertIn(f"'{shape.name}': ", text)

    def test_the_same_again(self):
        again = Contract(ROOT / "contract")
        self.assertEqual(c_types.files(self.contract), c_types.files(again))
        self.assertEqual(c_json.files(self.contract, ""), c_json.files(again, ""))

    def test_the_page_of_permissions_is_up_to_date(self):
        page = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
        self.assertEqual(page, permissions.generate(self.contract))


if __name__ == "__main__":
    unittest.main()
