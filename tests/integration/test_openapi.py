"""The OpenAPI page is exact: every operation, driven from the page itself with right, wrong and absent bearers, bodies, parameters and media
types; every answer is one that the page names, of a media type that it names, and fits its schema."""
import asyncio
import http.client
import json
import string

import jsonschema
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as some
from plenary import LONG, join, main

EXAMPLES = 300 if LONG else 40
TEXT = some.text(alphabet=string.ascii_letters + string.digits + " -_.:/#%&'\"<>é中ع\u0000\u202e\U0001f600", max_size=40)
STRANGE_TYPES = ["", "text/html", "application/json; charset=utf-8", "application/octet-stream", "APPLICATION/JSON", "application/sdp", ";", "x" * 300]
ROLES = ["chair", "moderator", "delegate", "technician", "listener"]


class Page:
    """What the server says of itself, and bearers to try it with."""

    def __init__(self, server):
        self.server = server
        status, _, body = self.call("GET", "/api/v1/openapi.json")
        assert status == 200
        self.page = json.loads(body)
        self.resolver = jsonschema.RefResolver("", self.page)
        self.sign_in_all()
        self.documents = []
        self.answered = set()
        asyncio.run(self.add_documents())
        self.doors = [server.token("publisher", source="stage"), server.token("listener", channel="fr")]

    async def add_documents(self):
        """A text and a PDF, so that there is something to be read."""
        moderator = await join(self.server, "moderator")
        for kind, contents in (("text/plain", b"Mr Chair"), ("application/pdf", b"%PDF-1.4\n")):
            headers = {"Authorization": f"Bearer {moderator.token}", "Content-Type": kind}
            status, _, body = await asyncio.to_thread(self.call, "POST", "/api/v1/meetings/demo/documents", headers, contents)
            assert status == 201, body
            document = json.loads(body)["id"]
            await moderator.command("document.add", document=document, kind="document", title="A paper", language="en", embargoed=False)
            self.documents.append(document)
        await moderator.close()

    def sign_in_all(self):
        self.links = [self.server.token(role) for role in ROLES]
        self.sessions = [self.sign_in(link) for link in self.links]

    def sign_in(self, link):
        status, _, body = self.call("POST", "/api/v1/session", {"Content-Type": "application/json"}, json.dumps({"token": link}).encode())
        assert status == 201, body
        return json.loads(body)["token"]

    def call(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response, response.read()
        finally:
            connection.close()

    def operations(self):
        for path, item in self.page["paths"].items():
            for method, operation in item.items():
                yield method.upper(), path, operation

    def fits(self, schema, value):
        jsonschema.Draft202012Validator(schema, resolver=self.resolver).validate(value)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.page["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def values(self, schema):
        """What fits a schema; of texts also what is odd."""
        schema = self.resolve(schema)
        if "const" in schema:
            return some.just(schema["const"])
        if "enum" in schema:
            return some.sampled_from(schema["enum"])
        if "oneOf" in schema:
            return some.one_of([self.values(one) for one in schema["oneOf"]])
        kind = schema.get("type")
        if kind == "object":
            properties = {name: self.values(one) for name, one in schema.get("properties", {}).items()}
            required = schema.get("required", [])
            made = some.fixed_dictionaries({name: properties[name] for name in required},
                                           optional={name: one for name, one in properties.items() if name not in required})
            return made.filter(lambda one: len(one) >= schema.get("minProperties", 0))
        if kind == "array":
            return some.lists(self.values(schema["items"]), max_size=3)
        if kind == "integer":
            return some.integers(schema.get("minimum", -10), schema.get("maximum", 10 ** 9))
        if kind == "boolean":
            return some.booleans()
        if "pattern" in schema:
            return some.from_regex(schema["pattern"], fullmatch=True)
        return TEXT.map(lambda text: text[:schema.get("maxLength", 40)])


def parameter(page, operation, name, place):
    found = next((one for one in operation.get("parameters", []) if one["name"] == name and one["in"] == place), None)
    fitting = page.values(found["schema"]) if found else some.just("")
    known = {"meeting": ["demo", "rehearsal"], "id": ["demo"], "document": page.documents, "channel": ["fr", "floor"], "feed": ["stage", "floor"], "slug": ["forbidden", "invalid"],
             "language": ["fr", "ar"], "after": ["0", "3"]}.get(name, [])
    return some.integers(0, 5).flatmap(lambda chance: some.sampled_from(known) if known and chance < 4 else fitting.map(str) if chance < 5 else TEXT)


def quote(text):
    safe = string.ascii_letters + string.digits + "-_."
    return "".join(one if one in safe else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "surrogatepass")) for one in text)


@some.composite
def requests(draw, page, path, operation):
    target = path
    for one in operation.get("parameters", []):
        if one["in"] == "path":
            target = target.replace("{" + one["name"] + "}", quote(draw(parameter(page, operation, one["name"], "path"))))
    query = [(one["name"], draw(parameter(page, operation, one["name"], "query"))) for one in operation.get("parameters", [])
             if one["in"] == "query" and (one.get("required") or draw(some.booleans()))]
    if query:
        target += "?" + "&".join(f"{name}={quote(value)}" for name, value in query)
    headers = {}
    bearer = draw(some.sampled_from(["", "A" * 43, "?", *page.sessions * 3, *page.links, *page.doors * 2]))
    if bearer:
        headers["Authorization"] = draw(some.sampled_from(["Bearer ", "bearer ", "Bearer   "])) + bearer
    body = None
    contents = operation.get("requestBody", {}).get("content", {})
    if contents and draw(some.integers(0, 9)) > 0:
        kind = draw(some.sampled_from([*list(contents) * 4, *STRANGE_TYPES]))
        schema = contents.get(kind, {}).get("schema", {"type": "string"})
        valid = page.values(schema)
        if operation["operationId"] == "session_create":
            valid = some.one_of(valid, some.sampled_from(page.links).map(lambda link: {"token": link}))
        wrong = some.one_of(TEXT, some.lists(TEXT, max_size=3), some.none(), some.dictionaries(TEXT, TEXT, max_size=3))
        body = draw(some.one_of(valid.map(json.dumps), valid.map(json.dumps), wrong.map(json.dumps), TEXT)).encode("utf-8", "surrogatepass")
        if kind:
            headers["Content-Type"] = kind
    if draw(some.integers(0, 4)) == 0:
        headers["Accept"] = draw(some.sampled_from(["*/*", "text/html", "application/json", "application/sdp;q=0.5"]))
    if draw(some.integers(0, 3)) == 0:
        headers["If-Match"] = draw(some.sampled_from(["*", '"*"', '"x"', 'W/"x"', "x"]))
    return target, headers, body


def must_be_named(page, method, path, operation, request):
    target, headers, body = request
    if "//" in target or target.split("?")[0].endswith("/"):
        return  # an empty parameter names another path
    status, response, answer = page.call(method, target, headers, body)
    page.answered.add((operation["operationId"], status))
    words = f"{method} {target} {headers} {body!r} -> {status} {answer[:300]!r}"
    named = operation["responses"].get(str(status))
    assert named is not None, f"the status is not named: {words}"
    content = named.get("content", {})
    kind = (response.getheader("Content-Type") or "").split(";")[0].strip()
    if not content:
        assert answer == b"", f"a body that is not named: {words}"
        return
    assert kind in content, f"the media type {kind} is not named: {words}"
    schema = content[kind].get("schema")
    if schema:
        try:
            page.fits(schema, json.loads(answer))
        except jsonschema.ValidationError as error:
            raise AssertionError(f"{error.message} at {list(error.absolute_path)}: {words}") from None
    for name, header in named.get("headers", {}).items():
        value = response.getheader(name)
        assert value is not None or not header.get("required"), f"{name} is missing: {words}"
        if value is not None and header["schema"]["type"] == "integer":
            assert value.isdigit(), f"{name} is no number: {words}"


def drive(page, method, path, operation):
    """What was found, once for each kind. Not raised in between: what was tried before changes the server, so that nothing could be tried again."""
    found = {}

    @seed(20)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, print_blob=False, suppress_health_check=list(HealthCheck))
    @given(request=requests(page, path, operation))
    def each(request):
        try:
            must_be_named(page, method, path, operation, request)
        except AssertionError as finding:
            words = str(finding)
            found.setdefault(words.split(":")[0] + words.split(" -> ")[-1][:3], words)

    each()
    return list(found.values())


def test_the_page_is_a_page(server):
    page = Page(server)
    operations = list(page.operations())
    assert len(operations) > 20, len(operations)
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)
    for name, schema in page.page["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
    for method, path, operation in operations:
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for kind in part.get("content", {}):
                assert kind.count("/") == 1 and "," not in kind and " " not in kind, f"{method} {path}: {kind} is no media type"


def test_every_answer_is_named(server):
    page = Page(server)
    findings = []
    for method, path, operation in page.operations():
        if operation["operationId"] == "live":
            continue  # an upgrade: test_live.py

        findings += drive(page, method, path, operation)
        if operation["operationId"].startswith("session") and method == "DELETE":
            page.sign_in_all()
    assert not findings, "\n".join(["", *findings])
    # What was tried also succeeded, each in its turn: else nothing was compared but refusals.
    good = {name for name, status in page.answered if status < 300}
    assert good >= {"session_create", "session_read", "sessions_list", "meeting_read", "meeting_events", "content_send", "document_read", "report_json",
                    "openapi", "problem", "health", "ready", "metrics", "report_key", "whip_options", "whep_options"}, sorted(good)


main(globals())
