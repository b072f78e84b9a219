"""HTTP itself, byte for byte: what two readers could understand in two ways is refused, alone and behind a proxy; targets, slashes."""
import asyncio
import json
import re
import socket

from measure import metrics
from plenary import Server, join, main
from proxies import Nginx
from raw_live import RawLive

HIDDEN = b"GET /problems/too-many HTTP/1.1\r\nHost: a\r\n\r\n"
INNOCENT = b"GET /problems/malformed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
POST = b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
GET = b"GET /healthz HTTP/1.1\r\n"

# name, bytes, our answer when nobody stands in front. Most carry a second request that must never be answered.
AMBIGUOUS = [
    ("Content-Length and Transfer-Encoding", POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("Transfer-Encoding and Content-Length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("two Content-Length", POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + HIDDEN, 400),
    ("two equal Content-Length", POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN, 400),
    ("a list in Content-Length", POST + b"Content-Length: 0, 44\r\n\r\n" + HIDDEN, 400),
    ("a sign in Content-Length", POST + b"Content-Length: +0\r\n\r\n" + HIDDEN, 400),
    ("space before the colon of Content-Length", POST + b"Content-Length : 44\r\n\r\n" + HIDDEN, 400),
    ("space before the colon of Transfer-Encoding", POST + b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("Transfer-Encoding: xchunked", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("Transfer-Encoding: chunked, identity", POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("Transfer-Encoding: gzip, chunked", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 501),
    ("two Transfer-Encoding", POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("vertical tab before chunked", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("bare LF everywhere", b"GET /healthz HTTP/1.1\nHost: a\n\n" + HIDDEN, 400),
    ("bare LF between fields", GET + b"Host: a\nX: y\r\n\r\n" + HIDDEN, 400),
    ("bare CR in a value", GET + b"Host: a\r\nX: y\rContent-Length: 44\r\n\r\n" + HIDDEN, 400),
    ("folded line", GET + b"Host: a\r\nX: y\r\n Content-Length: 44\r\n\r\n" + HIDDEN, 400),
    ("NUL in a value", GET + b"Host: a\r\nX: y\x00z\r\n\r\n" + HIDDEN, 400),
    ("no Host", GET + b"\r\n" + HIDDEN, 400),
    ("two Host", GET + b"Host: a\r\nHost: b\r\n\r\n" + HIDDEN, 400),
    ("empty Host", GET + b"Host:\r\n\r\n" + HIDDEN, 400),
    *((f"Host: {host}", GET + b"Host: " + host.encode() + b"\r\n\r\n" + HIDDEN, 400)
      for host in ("a:x", "a:99999", "[::1", "[a]", "a%zz", "a..b:", "a,b")),
    *((f"two {name}", GET + b"Host: a\r\n" + f"{name}: {one}\r\n{name}: {other}\r\n\r\n".encode() + HIDDEN, 400) for name, one, other in (
        ("Authorization", "Bearer x", "Bearer y"), ("Content-Type", "application/json", "text/plain"), ("Origin", "http://a", "http://b"),
        ("If-Match", '"a"', '"b"'), ("Range", "bytes=0-0", "bytes=1-1"), ("Sec-WebSocket-Key", "a", "b"), ("Sec-WebSocket-Version", "13", "8"),
        ("Sec-WebSocket-Protocol", "bearer.x", "bearer.y"))),
    ("body on GET", GET + b"Host: a\r\nContent-Length: 44\r\n\r\n" + HIDDEN, 400),
    ("chunked body on GET", GET + b"Host: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("two spaces in the first line", b"GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, 400),
    ("tab in the first line", b"GET /healthz\tHTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, 400),
    ("no version", b"GET /healthz\r\n\r\n" + HIDDEN, 400),
    ("HTTP/1.0 in chunks", b"POST /api/v1/session HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    ("HTTP/2.0 by name", b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n" + HIDDEN, 505),
    ("raw bytes in the target", b"GET /healthz\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, 400),
    ("CONNECT", b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, 400),
    ("bare LF behind a chunk's size", POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n" + HIDDEN, 400),
    ("bare LF behind a chunk", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n" + HIDDEN, 400),
    ("a chunk longer than said", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" + HIDDEN, 400),
    ("space behind a chunk's size", POST + b"Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n" + HIDDEN, 400),
    ("0x before a chunk's size", POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + HIDDEN, 400),
    ("a chunk's size beyond counting", POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n" + HIDDEN, 400),
    ("a faulty trailer", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX : y\r\n\r\n" + HIDDEN, 400),
]


class Raw:
    """Bytes there and back on one connection."""

    def __init__(self, server, port=None):
        plain = socket.create_connection(("127.0.0.1", port or server.port), timeout=20)
        self.socket = server.certificate_context().wrap_socket(plain, server_hostname="127.0.0.1") if port is None and server.tls else plain
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)
        return self

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        self.buffer += data
        return bool(data)

    def answer(self):
        """The next whole answer as (status, head, body); None at the end of the connection."""
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                status = int(head.split(b" ", 2)[1])
                length = re.search(rb"(?i)^content-length: (\d+)", head, re.M)
                size = int(length.group(1)) if length and status not in (204, 304) else 0
                if b"transfer-encoding: chunked" in head.lower():
                    size = rest.index(b"0\r\n\r\n") + 5 if b"0\r\n\r\n" in rest else 1 << 30
                if len(rest) >= size:
                    self.buffer = rest[size:]
                    if status != 100:
                        return status, head, rest[:size]
                    continue
            if not self.more():
                assert not self.buffer, f"cut off: {self.buffer[:200]}"
                return None

    def rest(self):
        """Whatever comes, to the end of the connection."""
        while self.more():
            pass
        self.socket.close()
        return self.buffer

    def all(self):
        answers = []
        while (answer := self.answer()) is not None:
            answers.append(answer)
        self.socket.close()
        return answers


def is_problem(answer):
    """A refusal in the one form that all have (RFC 9457), and never a page of the library's own."""
    status, head, body = answer
    return re.search(rb"(?im)^content-type: application/problem\+json\r?$", head) is not None and json.loads(body)["status"] == status


def each_is_refused(server):
    for name, data, status in AMBIGUOUS:
        answers = Raw(server).send(data).all()  # to the end of the connection
        assert [answer[0] for answer in answers] == [status], f"{name}: {[(a[0], a[2][:80]) for a in answers]}"
        assert re.search(rb"(?im)^connection: close\r?$", answers[0][1]), f"{name}: {answers[0][1]}"
        assert is_problem(answers[0]), f"{name}: {answers[0]}"
    # Behind a request that is good, the answers keep their order.
    answers = Raw(server).send(GET + b"Host: a\r\n\r\n" + GET + b"Host : a\r\n\r\n" + HIDDEN).all()
    assert [answer[0] for answer in answers] == [200, 400] and answers[0][2] == b"ok\n", answers


def test_what_could_be_understood_in_two_ways_is_refused(server):
    each_is_refused(server)
    assert asyncio.run(metrics(server))["plenary_http_ambiguous_total"] == len(AMBIGUOUS) + 1


def test_the_same_over_tls():
    with Server("--set", "http.tls=on") as server:
        each_is_refused(server)


BEHIND = """
  upstream plenary {{ server 127.0.0.1:{server}; keepalive 1; }}
  server {{
    listen 127.0.0.1:{{port}};
    ignore_invalid_headers {ignore};
    keepalive_timeout 200ms; client_header_timeout 200ms; client_body_timeout 200ms;
    location / {{ proxy_pass http://plenary; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering {buffering}; }}
  }}
"""


def test_behind_nginx_everybody_gets_their_own_answer(server):
    """nginx keeps one connection to us for everybody: if the two ever disagreed, the next person would get another's answer."""
    for ignore, buffering in (("on", "on"), ("off", "off")):
        before = asyncio.run(metrics(server))
        with Nginx(BEHIND.format(server=server.port, ignore=ignore, buffering=buffering)) as proxy:
            for name, data, _ in AMBIGUOUS:
                said = Raw(server, proxy.port).send(data).rest()
                status, _, body = Raw(server, proxy.port).send(INNOCENT).answer()
                assert status == 200 and body.startswith(b"malformed"), f"behind {name}: {status} {body}"
                # Where nginx takes the second request for one of its own, it is one; else nobody may have answered it.
                lines = proxy.read("access.log").splitlines()
                seen = sum("/problems/too-many" in line for line in lines)
                assert said.count(b"too-many: ") <= 1 and (seen > 0 or b"too-many: " not in said), f"{name}: nginx did not send what was answered"
            forwarded = sum(bool(re.match(r"\d+ [1-5]", line)) for line in lines)
        after = asyncio.run(metrics(server))
        # Requests that nginx sent and we refused for their form are counted apart; one is the scraping of the figures itself.
        arrived = after["plenary_http_requests_total"] - before["plenary_http_requests_total"] - 1
        refused = after["plenary_http_ambiguous_total"] - before["plenary_http_ambiguous_total"]
        assert len(AMBIGUOUS) <= arrived <= forwarded <= arrived + refused, f"nginx sent {forwarded}, {arrived} arrived and {refused} were refused"


def test_targets_and_slashes(server):
    def status(target, method=b"GET"):
        return Raw(server).send(method + b" " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").all()[0][0]
    for target in (b"/healthz", b"http://x/healthz", b"https://x:8443/healthz?a=b", b"/healthz/", b"http://x", b"http://x/m/demo/", b"/sign-in/", b"/problems/malformed/"):
        assert status(target) == 200, target
    for target in (b"//healthz", b"/healthz//", b"/assets/"):
        assert status(target) == 404, target
    token = server.token("listener").encode()
    for target in (b"/whep/demo/fr", b"/whep/demo/fr/", b"http://x/whep/demo/fr"):
        head = b"POST " + target + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + b"\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"
        assert Raw(server).send(head).answer()[0] == 415, target
        assert status(target, b"OPTIONS") == 204, target


def asks(server, path, accept, language="en", method="GET"):
    head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\nAccept-Language: {language}\r\nConnection: close\r\n\r\n"
    raw = Raw(server).send(head.encode())
    if method == "HEAD":
        head, _, body = raw.rest().partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), head, body
    return raw.all()[0]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_every_address_answers_a_person(server):
    """With a browser one reads the product's own page, under the status that a program reads in JSON."""
    refused = (("/nothing", 404), ("/m/demo/nothing", 404), ("/projector/demo", 404), ("/assets/gone.js", 404), ("/api/v1/nothing", 404), ("/problems/nothing", 404),
               ("/api/v1/session", 401), ("/api/v1/meetings/demo", 401), ("/api/v1/meetings/demo/report.pdf", 401), ("/whep/demo/fr", 405), ("/api/v1/live", 400))
    for path, status in refused:
        answer = asks(server, path, BROWSER)
        assert answer[0] == status, f"{path}: {answer[:2]}"
        assert re.search(rb"(?im)^content-type: text/html; charset=utf-8\r?$", answer[1]) and re.search(rb"(?im)^cache-control: no-store\r?$", answer[1]), answer[1]
        assert b'name="plenary-status" content="%d"' % status in answer[2] and b'id="page"' in answer[2], f"{path}: {answer[2][:900]}"
        for accept in ("*/*", "application/json", "application/problem+json", "application/json, text/html;q=0.9"):
            assert is_problem(asks(server, path, accept)), f"{path}, {accept}"
    assert re.search(rb"(?im)^allow: ", asks(server, "/whep/demo/fr", BROWSER)[1])  # what the status asks for is said as well
    for language, direction in (("ar", "rtl"), ("zh", "ltr"), ("fr-CH", "ltr"), ("ru", "ltr"), ("es", "ltr"), ("en", "ltr"), ("de", "ltr")):
        body = asks(server, "/nothing", BROWSER, language)[2]
        assert b'<html lang="%s" dir="%s">' % (b"en" if language == "de" else language[:2].encode(), direction.encode()) in body, language
    whole = asks(server, "/nothing", BROWSER)
    status, head, body = asks(server, "/nothing", BROWSER, method="HEAD")
    assert (status, body) == (404, b"") and b"Content-Length: %d" % len(whole[2]) in head, head
    # Its own pages, and what is no page but is there.
    for path in ("/", "/help", "/help/chair", "/m/demo", "/m/nobody-knows-it", "/m/demo/projector", "/sign-in"):
        answer = asks(server, path, BROWSER)
        assert answer[0] == 200 and b'name="plenary-status" content="200"' in answer[2], path
    assert asks(server, "/healthz", BROWSER)[2] == b"ok\n"
    # What is no question is answered to programs alone.
    posted = Raw(server).send(b"POST /nothing HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").all()[0]
    assert posted[0] == 404 and is_problem(posted), posted


def test_under_a_path_the_page_of_an_unknown_address_knows_where_it_stands():
    with Server("--set", "http.url=http://127.0.0.1/sub") as server:
        answer = asks(server, "/sub/nothing", BROWSER)
        assert answer[0] == 404 and b'name="plenary-base" content="/sub/"' in answer[2] and b'"/sub/assets/' in answer[2], answer


def test_many_requests_on_one_connection_are_answered_in_order(server):
    many = b"".join(b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"1\r\n{\r\n1;x=y\r\n}\r\n0\r\nX: y\r\n\r\nGET /problems/%s HTTP/1.1\r\nHost: a\r\n\r\n" % slug
                    for slug in (b"malformed", b"full") * 20)
    connection = Raw(server).send(many + INNOCENT)
    answers = connection.all()
    assert len(answers) == 81
    for number in range(40):
        assert answers[2 * number][0] == 422 and answers[2 * number + 1][2].startswith(b"full" if number % 2 else b"malformed"), number


def test_blanks_behind_a_value_are_no_part_of_it(server):
    """Blanks and tabs are legal there; each request has one answer, and the next one its own."""
    post = b"POST /api/v1/session HTTP/1.1\r\nHost: a%b\r\nContent-Type: application/json%b\r\n"
    for blank in (b"", b" ", b"\t", b" \t  "):
        for framing in (b"Content-Length: 13%b\r\n\r\n{\"token\":\"x\"}", b"Transfer-Encoding: chunked%b\r\n\r\nd\r\n{\"token\":\"x\"}\r\n0\r\n\r\n"):
            answers = Raw(server).send((post + framing) % (blank, blank, blank) + INNOCENT).all()
            assert [answer[0] for answer in answers] == [401, 200], f"{blank}, {framing}: {[(a[0], a[2][:80]) for a in answers]}"


# Heads that are large and good, and heads of which one part is too large: each has one answer.
LARGE = [
    ("3,000 cookies", GET + b"Host: a\r\nCookie: " + b"a=b; " * 3000 + b"\r\n\r\n", 200),
    ("a field of 16,000 bytes", GET + b"Host: a\r\nX: " + b"x" * 16000 + b"\r\n\r\n", 200),
    ("99 fields of 150 bytes", GET + b"Host: a\r\n" + b"".join(b"X%d: %s\r\n" % (number, b"y" * 150) for number in range(99)) + b"\r\n", 200),
    ("a query of 16,000 bytes", b"GET /healthz?" + b"a" * 16000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 200),
    ("64 arguments and 99 fields", b"GET /healthz?" + b"a=%20&" * 63 + b"a HTTP/1.1\r\nHost: a\r\n" + b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 99 + b"\r\n", 200),
    ("a path of 16,000 bytes", b"GET /" + b"a" * 16000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    ("65 arguments", b"GET /healthz?" + b"a&" * 64 + b"a HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("7,000 arguments", b"GET /healthz?" + b"a&" * 7000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("101 fields", GET + b"Host: a\r\n" + b"X: y\r\n" * 100 + b"\r\n", 431),
    ("a field of 17,000 bytes", GET + b"Host: a\r\nX: " + b"x" * 17000 + b"\r\n\r\n", 431),
    ("broken escapes", b"GET /%zz?%q=%1 HTTP/1.1\r\nHost: a\r\n\r\n", 404),
]


def test_a_large_head_has_one_answer(server):
    for name, data, status in LARGE:
        answers = Raw(server).send(data + (INNOCENT if status < 414 else HIDDEN)).all()
        assert [answer[0] for answer in answers] == [status, 200][:2 if status < 414 else 1], f"{name}: {[(a[0], a[2][:80]) for a in answers]}"
    # A proxy takes a second head for the body.
    with Nginx(BEHIND.format(server=server.port, ignore="on", buffering="on")) as proxy:
        for name, data, status in LARGE:
            said = Raw(server, proxy.port).send(data.replace(b"Host: a", b"Host: a\r\nConnection: close")).rest()
            assert said.count(b"HTTP/1.1 ") == 1, f"{name}: {said[:400]}"


# Bodies and targets that libmicrohttpd would answer by itself if it saw them.
BY_THE_LIBRARY = [
    ("a chunk's size that is none", POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    ("no chunk's size", POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n"),
    ("a chunk without its end", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}!!0\r\n\r\n"),
    ("the second chunk is none", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n!\r\n"),
    ("a trailer that is none", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n: x\r\n\r\n"),
    ("one's own word for a body that was cut", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nBody-Cut: too-large\r\n\r\n"),
    ("a zero in the query", b"GET /api/v1/meetings?a=%00&%00=b HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a percent sign at the end", b"GET /api/v1/meetings?% HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a path that nobody has", b"GET /%ff%fe%e0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("another method", b"BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("the method of a proxy", b"CONNECT /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("the word for what was refused", b"REFUSED /999 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an expectation nobody knows", POST + b"Expect: tea\r\nContent-Length: 2\r\n\r\n[]"),
]


def test_the_library_answers_nothing_by_itself(server):
    for name, data in BY_THE_LIBRARY:
        answer = Raw(server).send(data).answer()
        assert answer and is_problem(answer), f"{name}: {answer}"
    for name, data, status in LARGE:
        if status >= 400:
            assert is_problem(Raw(server).send(data).answer()), name
    # Who goes away in the middle of a body hears nothing.
    framings = (b"Content-Length: 20\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"Content-Le")
    left = [Raw(server).send(POST + framing) for framing in framings]
    for connection in left:
        connection.socket.shutdown(socket.SHUT_WR)
    for framing, connection in zip(framings, left):
        assert connection.rest() == b"", framing


def test_two_bearers_are_nobody(server):
    """Of two people neither is believed, whoever comes first."""
    bearers = [b"Authorization: Bearer " + server.token(role).encode() + b"\r\n" for role in ("delegate", "chair")]
    for first, second in (bearers, bearers[::-1], bearers[:1] * 2):
        answers = Raw(server).send(b"GET /api/v1/seats HTTP/1.1\r\nHost: a\r\n" + first + b"X: y\r\n" + second + b"\r\n" + HIDDEN).all()
        assert [answer[0] for answer in answers] == [400] and is_problem(answers[0]), answers


def test_a_good_host_is_served(server):
    for host in ("a", "a:", "a:65535", "plenary_upstream", "meet.example.org.:443", "%D0%BC", "[::1]:8443", "[2001:db8::192.0.2.1]"):
        answers = Raw(server).send(GET + b"Host: " + host.encode() + b"\r\n\r\n" + INNOCENT).all()
        assert [answer[0] for answer in answers] == [200, 200], f"{host}: {answers}"


def test_a_body_in_a_coding_is_not_read(server):
    body = b'{"token":"x"}'
    for codings, status in ((("gzip",), 415), (("br",), 415), (("identity", "gzip"), 415), (("gzip, identity",), 415), (("Identity",), 401), (("",), 401),
                            (("identity", "identity"), 401), ((), 401)):
        fields = b"".join(b"Content-Encoding: %s\r\n" % coding.encode() for coding in codings)
        for framing in (b"Content-Length: 13\r\n\r\n" + body, b"Transfer-Encoding: chunked\r\n\r\nd\r\n" + body + b"\r\n0\r\n\r\n"):
            answers = Raw(server).send(POST + fields + framing + INNOCENT).all()
            assert [answer[0] for answer in answers] == [status, 200] and is_problem(answers[0]), f"{codings}: {answers}"
            named = re.search(rb"(?im)^accept-encoding: identity\r?$", answers[0][1]) is not None
            assert named == (status == 415), answers[0][1]
            if status == 415:
                assert json.loads(answers[0][2])["refusal"]["reason"] == "body_of_another_kind", answers[0][2]


MIB = 1 << 20


def sends(token, size, method=b"POST", path=b"/api/v1/meetings/demo/documents", extra=b""):
    return method + b" " + path + b" HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n%s" % (size, extra) + \
        (b"Authorization: Bearer %s\r\n\r\n" % token.encode() if token else b"\r\n")


def filled(size):
    """A body in which every line could be a request."""
    return (HIDDEN * (size // len(HIDDEN) + 1))[:size]


def large_bodies_have_their_answer(server, port=None):
    delegate, moderator, listener = (server.token(role) for role in ("delegate", "moderator", "listener"))
    cases = [(delegate, size, 413) for size in (2 * MIB + 1, 3 * MIB, 5 * MIB, 20 * MIB)]
    cases += [(moderator, 21 * MIB, 413), (listener, 5 * MIB, 403), ("y" * 43, 5 * MIB, 401), (None, 5 * MIB, 401), (delegate, MIB, 201)]
    for token, size, status in cases:
        answers = Raw(server, port).send(sends(token, size) + filled(size)).all() if status != 201 else \
            [Raw(server, port).send(sends(token, size) + filled(size)).answer()]
        assert [answer[0] for answer in answers] == [status], f"{size}: {[a[:2] for a in answers]}"
    # Whoever asks first is answered without the body.
    for token, size, status in cases[:-1]:
        said = Raw(server, port).send(sends(token, size, extra=b"Expect: 100-continue\r\n")).rest()
        assert said.startswith(b"HTTP/1.1 %d " % status) and said.count(b"HTTP/1.1 ") == 1, said
    allowed = Raw(server, port).send(sends(delegate, MIB, extra=b"Expect: 100-continue\r\n"))
    while b"\r\n\r\n" not in allowed.buffer:
        assert allowed.more()
    assert allowed.buffer == b"HTTP/1.1 100 Continue\r\n\r\n", allowed.buffer
    assert allowed.send(filled(MIB)).answer()[0] == 201
    # Other methods, other paths, and nobody says how much comes.
    assert [answer[0] for answer in Raw(server, port).send(sends(delegate, MIB, b"PATCH", b"/whip/demo/stage") + filled(MIB)).all()] == [413]
    assert [answer[0] for answer in Raw(server, port).send(sends(None, MIB, path=b"/api/v1/session") + filled(MIB)).all()] == [413]
    chunks = b"".join(b"%x\r\n%s\r\n" % (8000, filled(8000)) for _ in range(400)) + b"0\r\n\r\n"
    for token, status in ((delegate, 413), ("y" * 43, 401)):
        head = sends(token, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        assert [answer[0] for answer in Raw(server, port).send(head + chunks + HIDDEN).all()] == [status]
    # One's own upload is on its way.
    first = Raw(server, port).send(sends(moderator, MIB) + b"x")
    for size in (200000, 5 * MIB):
        answers = Raw(server, port).send(sends(moderator, size) + filled(size)).all()
        assert [answer[0] for answer in answers] == [429] and b"Retry-After" in answers[0][1], answers
    assert first.send(b"x" * (MIB - 1)).answer()[0] == 201


def test_a_body_that_is_too_large_has_an_answer(server):
    large_bodies_have_their_answer(server)


def test_a_body_that_is_too_large_has_an_answer_over_tls():
    with Server("--set", "http.tls=on") as server:
        large_bodies_have_their_answer(server)


UPGRADE = b" /api/v1/live?meeting=demo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: Bearer %s\r\n\r\n"


def test_only_a_get_of_http_1_1_is_upgraded(server):
    data = UPGRADE % server.token("listener").encode()
    connection = Raw(server).send(b"HEAD" + data)
    connection.socket.settimeout(3)
    while b"\r\n\r\n" not in connection.buffer:
        assert connection.more(), connection.buffer
    head, _, rest = connection.buffer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and rest == b"", connection.buffer
    connection.buffer = b""
    assert connection.send(INNOCENT).answer()[0] == 200  # and still speaks HTTP
    answers = Raw(server).send(b"GET" + data.replace(b"HTTP/1.1", b"HTTP/1.0")).all()
    assert [answer[0] for answer in answers] == [400], answers
    assert Raw(server).send(b"GET" + data).answer()[0] == 101


async def test_an_upgrade_that_is_refused_leaves_a_connection_that_speaks_http(server):
    head = "GET /api/v1/live?meeting=demo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: Bearer nobody\r\n\r\n"
    connection = Raw(server).send(head.encode() + GET + b"Host: a\r\n\r\n" + INNOCENT)
    assert [answer[0] for answer in await asyncio.get_running_loop().run_in_executor(None, connection.all)] == [401, 200, 200]
    # And one that is granted carries bytes that no HTTP could.
    live = await join(server, "listener")
    await live.close()
    raw = await asyncio.get_running_loop().run_in_executor(None, RawLive, server, live.token)
    raw.socket.sendall(raw.frame(9, b"\n\n\r\r"))
    raw.send({"pong": 1})
    assert "hello" in await asyncio.get_running_loop().run_in_executor(None, raw.message)
    raw.close()


main(globals())
