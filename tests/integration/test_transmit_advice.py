"""What `plenary doctor` says about how datagrams leave: in a network namespace with an interface of its own, by who may and who may not."""
import json
import os
import shutil
import subprocess
import time

from plenary import BINARY, free_port, main

NAMESPACE = f"plenary-advice-{os.getpid()}"
ADDRESS = "10.99.7.1"
WITHOUT_THE_RIGHT = ["setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]


def ip(*words):
    return subprocess.run(["ip", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


class Place:
    """A namespace with a veth pair, whose driver is known and which has one queue. `made` is false where none can be made."""

    def __enter__(self):
        self.made = os.geteuid() == 0 and shutil.which("ip") is not None and ip("netns", "add", NAMESPACE)
        self.made = self.made and all((
            ip("-n", NAMESPACE, "link", "add", "veth0", "type", "veth", "peer", "name", "veth1"),
            ip("-n", NAMESPACE, "address", "add", ADDRESS + "/24", "dev", "veth0"),
            ip("-n", NAMESPACE, "link", "set", "veth0", "up"),
            ip("-n", NAMESPACE, "link", "set", "lo", "up")))
        if not self.made:
            print("  not tried: it needs root and network namespaces")
        return self

    def __exit__(self, *_):
        ip("netns", "del", NAMESPACE)

    def doctor(self, *options, before=()):
        result = subprocess.run(["ip", "netns", "exec", NAMESPACE, *before, BINARY, "doctor", "--json", "--data", "/nonexistent", "--port", str(free_port()), "--host", ADDRESS,
                                 "--set", "media.threads=1", *options], capture_output=True, text=True, timeout=60)
        found, = [each for each in json.loads(result.stdout)["findings"] if each["name"] == "transmit"]
        return found["verdict"], found["words"]


def kernel_has_af_xdp():
    return subprocess.run(["python3", "-c", "import socket; socket.socket(44, socket.SOCK_RAW)"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def test_it_says_what_would_be_gained_and_how():
    with Place() as place:
        if place.made and kernel_has_af_xdp():
            verdict, words = place.doctor()
            assert verdict == "good", words
            for part in ("sendmmsg; AF_XDP would serve on veth0", "driver veth, 1 queue;", "3.1 µs", "5.3", "measured on another machine", "media.transmit: af_xdp:veth0", "CAP_NET_RAW"):
                assert part in words, (part, words)


def test_it_says_what_stands_in_the_way():
    with Place() as place:
        if place.made:
            verdict, words = place.doctor(before=WITHOUT_THE_RIGHT)
            assert verdict == "good", words  # nothing was wished that cannot be had
            assert "would not serve on veth0 (driver veth): " in words and "3.1" not in words, words
            if kernel_has_af_xdp():
                assert words.endswith("CAP_NET_RAW is missing"), words
            ip("-n", NAMESPACE, "link", "set", "veth0", "down")
            assert place.doctor()[1] == "sendmmsg; no interface is up for AF_XDP"


def test_it_looks_at_what_is_wished():
    with Place() as place:
        if place.made and kernel_has_af_xdp():
            wished = ("--set", "media.transmit=af_xdp:veth0")
            verdict, words = place.doctor(*wished)
            assert (verdict, words) == ("good", "af_xdp:veth0 (driver veth, 1 queue to send by)")
            verdict, words = place.doctor(*wished, "--set", "media.threads=3")
            if "the queue is in use" in words:  # the kernel takes it back a moment after the one before has ended
                time.sleep(1)
                verdict, words = place.doctor(*wished, "--set", "media.threads=3")
            assert verdict == "warning" and "fewer than media threads" in words, words
            verdict, words = place.doctor(*wished, before=WITHOUT_THE_RIGHT)
            assert verdict == "warning" and words.startswith("af_xdp:veth0: CAP_NET_RAW is missing; "), words
            verdict, words = place.doctor("--set", "media.transmit=af_xdp:nowhere0")
            assert verdict == "warning" and "no such Ethernet interface" in words, words
            verdict, words = place.doctor("--set", "media.transmit=by-pigeon")
            assert verdict == "failed" and "sendmmsg or af_xdp:INTERFACE" in words, words


main(globals())
