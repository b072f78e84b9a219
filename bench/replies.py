#!/usr/bin/env python3
"""How long a reply waits: a table, then one line of JSON. No pass or fail.

    /usr/bin/python3 bench/replies.py [--clients 8] [--rate 19] [--seconds 10] [--server PROGRAM]

So many interpreters, each with so many commands a second (`desk.preselect`, which makes one event for everybody in the booth), over plain HTTP and over
TLS, on the loopback. A reply's delay is from the command's send() to the read that brings the reply. Reads are counted too: where events and replies leave
in one write, there are fewer reads than messages.
"""
import argparse
import json
import os
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
sys.argv, ARGUMENTS = sys.argv[:1], sys.argv[1:]
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


class Interpreter(threading.Thread):
    """One client that commands at its own beat, whatever the replies do; a second thread reads."""

    def __init__(self, raw, rate, seconds, offset):
        super().__init__()
        self.raw, self.rate, self.seconds, self.offset = raw, rate, seconds, offset
        self.sent, self.delays, self.problems, self.reads, self.messages = {}, [], 0, 0, 0
        self.reader = threading.Thread(target=self.read)

    def read(self):
        while len(self.delays) < int(self.rate * self.seconds):
            if not self.raw.buffer:
                self.raw.more()
                self.reads += 1
            arrived = time.perf_counter()
            message = self.raw.message()
            self.messages += 1
            if "reply" in message:
                self.delays.append(arrived - self.sent.pop(message["reply"]))
                self.problems += "problem" in message

    def run(self):
        self.reader.start()
        began = time.perf_counter() + self.offset
        for number in range(int(self.rate * self.seconds)):
            time.sleep(max(0, began + number / self.rate - time.perf_counter()))
            self.sent[number + 1] = time.perf_counter()
            self.raw.send({"id": number + 1, "command": "desk.preselect", "data": {"position": 1 + number % 4, "channel": LANGUAGES[number // 4 % 6]}})
        self.reader.join()


def session(server, language):
    import urllib.request
    request = urllib.request.Request(f"{server.url}/api/v1/session", json.dumps({"token": server.token("interpreter", language=language)}).encode(),
                                     {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, context=server.certificate_context() if server.tls else None, timeout=10) as response:
        return json.load(response)["token"]


def measure(clients, rate, seconds, tls):
    from plenary import Server
    from raw_live import RawLive
    with Server("--set", f"http.tls={'on' if tls else 'off'}") as server:
        interpreters = []
        for number in range(clients):
            raw = RawLive(server, session(server, LANGUAGES[number % 6]), receive_buffer=1 << 20)
            while "snapshot" not in raw.message():
                pass
            interpreters.append(Interpreter(raw, rate, seconds, number / clients / rate))
        for interpreter in interpreters:
            interpreter.start()
        for interpreter in interpreters:
            interpreter.join()
        delays = [1000 * delay for interpreter in interpreters for delay in interpreter.delays]
        result = {"tls": tls, "replies": len(delays), "problems": sum(i.problems for i in interpreters),
                  "messages_a_read": round(sum(i.messages for i in interpreters) / sum(i.reads for i in interpreters), 2),
                  **{f"p{int(100 * share)}_ms": round(percentile(delays, share), 2) for share in (0.5, 0.9, 0.99)}, "worst_ms": round(max(delays), 2)}
        for interpreter in interpreters:
            interpreter.raw.close()
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, default=19)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--server", default=os.path.join(ROOT, "build", "plenary"))
    options = parser.parse_args(ARGUMENTS)
    os.environ["PLENARY_BINARY"] = options.server
    results = [measure(options.clients, options.rate, options.seconds, tls) for tls in (False, True)]
    print(f"{options.clients} interpreters, {options.rate:g} commands a second each")
    print("        replies   p50 ms   p90 ms   p99 ms    worst   messages a read")
    for result in results:
        print(f"{'TLS' if result['tls'] else 'plain':7} {result['replies']:7} {result['p50_ms']:8} {result['p90_ms']:8} {result['p99_ms']:8} "
              f"{result['worst_ms']:8} {result['messages_a_read']:10}" + (f"   {result['problems']} problems" if result["problems"] else ""))
    print(json.dumps(results))


main()
