"""The OpenAPI 3.1 description: REST routes, all schemas, problems, and the live messages as schemas."""
import json

from .model import ACCOUNT_MAX, BODY_MAX, ID_MAX, INTEGER_MAX, LANGUAGES, pascal

STATUS_TEXTS = {101: "Switching protocols", 200: "Done", 201: "Made", 204: "Done, nothing to say", 302: "Elsewhere", 400: "Cannot be read",
                401: "Sign in first", 403: "Not permitted", 404: "No such thing", 406: "No other kind of answer",
                409: "Not now", 412: "Another session by now", 413: "Too large", 415: "Another kind of body is needed",
                422: "A value is missing or out of range", 428: "If-Match is missing", 429: "Slow down", 503: "Not available now",
                507: "It cannot be kept: the disk is full or fails"}
ID_SCHEMA = {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{1,{ID_MAX}}}$"}


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def schema_of(field, enums, taken=False):
    if field.kind == "id":
        return dict(ID_SCHEMA)
    if field.kind == "text":
        schema = {"type": "string", "maxLength": field.max}
        if field.min:
            schema["minLength"] = 1
        return schema
    if field.kind == "sdp":
        return {"type": "string", "minLength": 1, "maxLength": field.max}
    if field.kind == "localized":
        text = {"type": "string", "maxLength": field.max}
        schema = object_of({language: text for language in LANGUAGES}, [] if taken else LANGUAGES)
        return {**schema, "minProperties": 1} if taken else schema
    if field.kind == "integer":
        low, high = field.bounds
        return {"type": "integer", "minimum": low, "maximum": high}
    if field.kind == "time":
        return {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX, "format": "unix-time-ms"}
    if field.kind == "boolean":
        return {"type": "boolean"}
    if field.kind == "enum":
        if field.only is not None:
            return {"type": "string", "enum": field.only}
        return reference(pascal(field.of))
    if field.kind == "resource":
        return reference(pascal(field.of))
    items = {"type": "integer"} if field.of == "integer" else reference(pascal(field.of))
    return {"type": "array", "maxItems": field.max, "items": items}


def object_of(properties, required, doc=""):
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if doc:
        schema["description"] = doc
    return schema


def fields_schema(fields, enums, doc="", taken=False):
    """`taken`: a client may send it, and need not say everything in six languages."""
    properties = {}
    for field in fields:
        properties[field.name] = schema_of(field, enums, taken)
        if field.doc:
            properties[field.name]["description"] = field.doc
    return object_of(properties, [field.name for field in fields if not field.optional], doc)


def one_of(kind, group):
    return {"oneOf": [reference(f"{kind}{pascal(shape.name)}") for shape in group.values()]}


def live_schemas(contract):
    integer, text = {"type": "integer"}, {"type": "string"}
    stream = {"stream": reference("Stream")}
    schemas = {"Stream": {
        "type": "string", "pattern": f"^meeting/[A-Za-z0-9_-]{{1,{ID_MAX}}}$",
        "description": "Which stream a message belongs to. The one of the connection's address is not named in messages."}}
    for command in contract.commands.values():
        data = fields_schema(command.fields, contract.enums, taken=True)
        schemas[f"Command{pascal(command.name)}"] = object_of(
            {"id": {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX}, "command": {"const": command.name}, "data": data,
             **stream},
            ["id", "command"] + (["data"] if command.fields else []), command.doc)
    for event in contract.events.values():
        schemas[f"Event{pascal(event.name)}"] = object_of(
            {"seq": integer, "at": integer, "by": text, "on_behalf_of_chair": {"const": True}, "type": {"const": event.name},
             "data": fields_schema(event.fields, contract.enums)}, ["seq", "at", "by", "type", "data"], event.doc)
    for notice in contract.notices.values():
        schemas[f"Notice{pascal(notice.name)}"] = object_of(
            {"notice": {"const": notice.name}, "data": fields_schema(notice.fields, contract.enums), **stream},
            ["notice", "data"],
            notice.doc)
    schemas["EventWithheld"] = object_of({"seq": integer, "type": {"const": "withheld"}}, ["seq", "type"],
                                         "An event that this person may not see: only its number.")
    schemas["Event"] = one_of("Event", contract.events)
    schemas["Event"]["oneOf"].append(reference("EventWithheld"))
    schemas["Notice"] = one_of("Notice", contract.notices)
    schemas["Command"] = one_of("Command", contract.commands)
    schemas["Hello"] = object_of(
        {"protocol": {"const": 1}, "participant": dict(ID_SCHEMA), "self": reference("Participant"), "meeting": dict(ID_SCHEMA), "capacity": reference("Capacity"),
         "now": integer, "seq": integer, "resumed": {"type": "boolean"}, "plan": reference("MediaPlan"),
         "may": {"type": "array", "items": {"enum": list(contract.commands)}}},
        ["protocol", "participant", "meeting", "capacity", "now", "seq", "resumed", "plan", "may"],
        "The first message of every stream.")
    schemas["LiveServerMessage"] = {"description": "One text message of the WebSocket, from the server.", "oneOf": [
        object_of({"hello": reference("Hello"), **stream}, ["hello"]),
        object_of({"snapshot": reference("Meeting"), "seq": integer, **stream}, ["snapshot", "seq"]),
        object_of({"events": {"type": "array", "items": reference("Event")}, **stream}, ["events"]),
        reference("Notice"),
        object_of({"reply": integer, "data": {"type": "object"}, "seq": integer, **stream}, ["reply", "seq"]),
        object_of({"reply": integer, "problem": reference("Problem"), **stream}, ["reply", "problem"]),
        object_of({"ping": integer, "streams": {"type": "object", "additionalProperties": integer}}, ["ping"])]}
    schemas["LiveClientMessage"] = {
        "description": f"One text message of the WebSocket, to the server: at most {BODY_MAX} bytes and 8 levels.",
        "oneOf": [reference("Command"), object_of({"pong": integer}, ["pong"]),
                  object_of({"id": integer, "subscribe": object_of({**stream, "after": integer}, ["stream"])}, ["id", "subscribe"]),
                  object_of({"id": integer, "unsubscribe": object_of(stream, ["stream"])}, ["id", "unsubscribe"])]}
    return schemas


def refusal_schema(contract):
    reasons = "\n".join(f"{refusal.name}: {refusal.words}" for refusal in contract.refusals.values())
    return object_of({"reason": {"type": "string", "enum": list(contract.refusals), "description": reasons},
                      "came": {"type": "integer"}, "most": {"type": "integer"}, "participant": dict(ID_SCHEMA)}, ["reason"],
                     "Why a command was refused, and what its words name.")


def fixed_schemas(contract):
    integer, text = {"type": "integer"}, {"type": "string"}
    events = {"type": "array", "items": reference("Event")}
    return {
        "Problem": object_of(
            {"type": {"type": "string", "format": "uri-reference"}, "title": text, "status": integer, "detail": text,
             "refusal": refusal_schema(contract), "field": text, "instance": text}, ["type", "title", "status"], "A refusal (RFC 9457)."),
        "Snapshot": object_of({"meeting": reference("Meeting"), "seq": integer}, ["meeting", "seq"],
                              "A meeting's state, and the number of the last event in it."),
        "EventPage": object_of({"events": events, "seq": integer}, ["events", "seq"],
                               "Events in order, and the number of the meeting's last event."),
        "PastPage": object_of({"events": events, "before": integer}, ["events"],
                              "Events in order, oldest first, and before which to go on; without it there is nothing older."),
    }


def taken_by_routes(contract):
    """The resources that clients send, and those within."""
    taken = set()

    def visit(name):
        if name in contract.resources and name not in taken:
            taken.add(name)
            for field in contract.resources[name].fields:
                visit(field.of)

    for route in contract.routes:
        visit(route.body)
    return taken


def schemas_of(contract):
    schemas, taken = {}, taken_by_routes(contract)
    for enum in contract.enums.values():
        schemas[pascal(enum.name)] = {"type": "string", "enum": enum.values, "description": enum.doc}
    for shape in contract.resources.values():
        schemas[pascal(shape.name)] = fields_schema(shape.fields, contract.enums, shape.doc, shape.name in taken)
    return {**schemas, **fixed_schemas(contract), **live_schemas(contract)}


def problems_of(route):
    """Those that the route names, and those that follow from what it is: what every request may meet (nonsense, no place, no disk), a bearer
    that is good for nothing here, a body that is too large or of another kind, a worker with a queue before it."""
    common = {400, 503, 507} | ({401, 403, 429} if route.bearer else set()) | ({404} if "{" in route.path else set())
    body = {413, 415, 422} if route.accepts else set()
    return sorted(common | body | ({429} if route.worker else set()) | set(route.problems))


def problem_response(status, method):
    response = {"description": STATUS_TEXTS[status], "content": {"application/problem+json": {"schema": reference("Problem")}}}
    if method == "GET":
        response["content"]["text/html"] = {}  # the page, to who prefers it: a person in a browser
    if status in (429, 503):
        # Too many requests always come again; what is not available may not come back.
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": status == 429, "description": "Seconds"}}
    return response


def body_of(route):
    schema = reference(pascal(route.body)) if route.body else {"type": "string"}
    return {"required": True, "description": f"At most {route.body_max} bytes.",
            "content": {kind: {"schema": schema} for kind in route.accepts.split(", ")}}


def done_of(route):
    done = {"description": STATUS_TEXTS[route.status]}
    if route.returns:
        done["content"] = {"application/json": {"schema": reference(pascal(route.returns))}}
    elif route.status == 200 or (route.status == 201 and route.media_type != "application/json"):
        done["content"] = {kind: {} for kind in route.media_type.split(", ")}
    if route.status == 302:
        done["headers"] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "Where the browser goes on"}}
    if route.streamed:
        text = {"schema": {"type": "string"}, "required": True}
        done["headers"] = {"Content-Disposition": {**text, "description": "The file's name"}, "ETag": dict(text)}
    return done

PARAMETER_SCHEMAS = {"id": ID_SCHEMA, "integer": {"type": "integer", "minimum": 0},
                     "text": {"type": "string", "maxLength": 120},
                     "token": {"type": "string", "maxLength": 4095},
                     "account": {"type": "string", "pattern": f"^[a-z0-9._@+-]{{1,{ACCOUNT_MAX}}}$"}}


def operation_of(route):
    responses = {str(route.status): done_of(route)}
    for status, media_type in route.also.items():
        responses[status] = {"description": STATUS_TEXTS[int(status)], "content": {media_type: {}}}
    responses.update((str(status), problem_response(status, route.method)) for status in problems_of(route))
    # What HTTP itself refuses before it is known what was asked for: 405, 408, 414, 431, 501, 505.
    responses["default"] = {"description": "Refused before it was looked at",
                            "content": {"application/problem+json": {"schema": reference("Problem")}}}
    operation = {"operationId": route.operation, "summary": route.doc, "responses": responses,
                 "security": [{"bearer": []}] if route.bearer else []}
    if route.accepts:
        operation["requestBody"] = body_of(route)
    if route.parameters:
        operation["parameters"] = [
            {"name": parameter["name"], "in": "path" if "{" + parameter["name"] + "}" in route.path else "query",
             "required": parameter.get("required", False), "description": parameter["doc"],
             "schema": dict(PARAMETER_SCHEMAS[parameter["type"]])}
            for parameter in route.parameters]
    return operation


def generate(contract):
    paths = {}
    for route in contract.routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation_of(route)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Plenary", "version": "1", "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
                 "description": "Formal meetings in several languages. Lengths of texts count characters (code points), of "
                                "those that people write in the normal form C: such a text is trimmed and freed of what is not seen when it comes in. What has six languages may be sent in "
                                "one: those that are missing become the English text, or without it the first of those given; answers have all six. Times are "
                                "milliseconds since 1970 UTC."},
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas_of(contract),
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
