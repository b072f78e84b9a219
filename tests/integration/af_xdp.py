#!/usr/bin/env python3
"""Sound through AF_XDP: af_xdp.py MEDIA_SERVE MEDIA_LOAD

The media process in one network namespace, its clients in another, a veth pair between them. Clients that open every packet prove headers and
checksums; a client in the server's own namespace proves that what is local goes by the socket. A second pair is the way around when the first
fails in the middle of the sound. Without the right to make namespaces, or a
kernel without AF_XDP, the test is skipped and says so (exit status 77).
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import media_link  # noqa: E402

SERVE, LOAD = sys.argv[1:3]
SERVER, CLIENT = f"transmit-xdp-s{os.getpid()}", f"transmit-xdp-c{os.getpid()}"
ADDRESS, PORT = "10.98.1.1", 20710
COUNT = 20


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def ip(*words, check=True):
    return subprocess.run(["ip", *words], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def namespaces_make():
    if not ip("netns", "add", SERVER, check=False) or not ip("netns", "add", CLIENT, check=False):
        skip("network namespaces cannot be made here (root is needed)")
    if not ip("-n", SERVER, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", CLIENT, check=False):
        skip("veth pairs cannot be made here")
    for name, address in ((SERVER, ADDRESS), (CLIENT, "10.98.1.2")):
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "address", "add", address + "/24", "dev", "veth0")
        ip("-n", name, "link", "set", "veth0", "up")


def way_around_make():
    """A longer way, by a second pair, taken when the first has no carrier or is down."""
    ip("-n", SERVER, "link", "add", "veth1", "type", "veth", "peer", "name", "veth1", "netns", CLIENT)
    for name, own, other in ((SERVER, "10.98.2.1", "10.98.2.2"), (CLIENT, "10.98.2.2", "10.98.2.1")):
        ip("-n", name, "address", "add", own + "/24", "dev", "veth1")
        ip("-n", name, "link", "set", "veth1", "up")
        ip("-n", name, "route", "add", "10.98.1.0/24", "via", other, "metric", "500")
        for interface in ("all", "veth0", "veth1"):
            ip("netns", "exec", name, "sysctl", "-w", f"net.ipv4.conf.{interface}.ignore_routes_with_linkdown=1")


def load_start(namespace, sections):
    process = subprocess.Popen(["ip", "netns", "exec", namespace, LOAD, f"{ADDRESS}:{PORT}", *sections],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    offers = []
    for _ in range(sum(int(count) for count in sections[::2])):
        size = int(process.stdout.readline().split()[2])
        offers.append(process.stdout.read(size).decode())
    return process, offers


def join(media, process, offers, first, sending):
    for number, offer in enumerate(offers):
        section = (media_link.AUDIO, media_link.SEND, 1) if sending and number == 0 else (media_link.AUDIO, media_link.RECEIVE, 0, 1)
        answer = media.create(first + number, [section], offer).encode()
        process.stdin.write(f"answer {number} {len(answer)}\n".encode() + answer)
        process.stdin.flush()
    deadline = time.monotonic() + 20
    while any(media.phases.get(first + number) != media_link.CONNECTED for number in range(len(offers))):
        assert time.monotonic() < deadline, "not all connect"
        media.read(0.05)


def measure(process, milliseconds):
    process.stdin.write(f"measure {milliseconds}\n".encode())
    process.stdin.flush()


def play(transmit, interface_way):
    """The counters, and what clients heard; fails when sound is missing."""
    media = media_link.Media(SERVE, 1, PORT, ADDRESS, after=(transmit,),
                             # Confined as in the product; a sanitizer's leak check does not work there.
                             before=("ip", "netns", "exec", SERVER, "env", "MEDIA_SERVE_CONFINED=1", "ASAN_OPTIONS=detect_leaks=0"))
    far, far_offers = load_start(CLIENT, ["1", "sa", str(COUNT), "ra"])
    near, near_offers = load_start(SERVER, ["1", "ra"])
    join(media, far, far_offers, 1, True)
    join(media, near, near_offers, 100, False)
    media.set_channel(1, 1)
    measure(far, 2000)
    measure(near, 2000)
    heard, heard_near = json.loads(far.stdout.readline()), json.loads(near.stdout.readline())
    counters = media.read_counters()
    for process in (far, near):
        process.stdin.close()
        process.wait(10)
    status = media.close()
    assert status == 0, f"the media process ended with {status}"
    assert heard["hearing"] == COUNT and heard["received"] > COUNT * 50, heard
    assert heard_near["hearing"] == 1 and heard_near["received"] > 50, heard_near
    assert counters["send_failed_total"] == 0, counters
    by_af_xdp = counters["transmit_af_xdp_total"]
    if interface_way:
        # Everything but the one local client, the answers to checks and DTLS.
        assert by_af_xdp >= heard["received"], (by_af_xdp, heard)
        assert counters["datagrams_out_total"] - by_af_xdp >= heard_near["received"], counters
    else:
        assert by_af_xdp == 0, counters
    print(f"{transmit}: {heard['received']} heard, {heard['lost']} lost, {by_af_xdp} by AF_XDP of {counters['datagrams_out_total']}")
    return counters


def play_fault(words, namespace):
    """The first pair fails for all on the way: within a second they hear by the other one, and when it is back, by AF_XDP."""
    media = media_link.Media(SERVE, 1, PORT, ADDRESS, after=("af_xdp:veth0",),
                             before=("ip", "netns", "exec", SERVER, "env", "MEDIA_SERVE_CONFINED=1", "ASAN_OPTIONS=detect_leaks=0"))
    far, offers = load_start(CLIENT, ["1", "sa", str(COUNT), "ra"])
    join(media, far, offers, 1, True)
    media.set_channel(1, 1)
    time.sleep(1)
    measure(far, 4000)
    time.sleep(0.8)
    before = media.read_counters()
    assert before["transmit_af_xdp_total"] > 0 and before["transmit_faults_total"] == 0, before
    ip("-n", namespace, "link", "set", "veth0", "down")
    heard = json.loads(far.stdout.readline())
    counters = media.read_counters()
    print(f"{words}: {heard['received']} of {COUNT * 200} heard, {counters['transmit_faults_total']} fault, {counters['transmit_af_xdp_total']} by AF_XDP")
    assert heard["hearing"] == COUNT and heard["received"] > COUNT * 50 * 3 and heard["lost"] < COUNT * 50, heard
    assert counters["transmit_faults_total"] >= 1, counters
    ip("-n", namespace, "link", "set", "veth0", "up")
    deadline = time.monotonic() + 20  # tried after a second, or six, and each peer's way is asked for every five
    while media.read_counters()["transmit_af_xdp_total"] < counters["transmit_af_xdp_total"] + COUNT * 50:
        assert time.monotonic() < deadline, "AF_XDP is not used again"
        media.read(0.2)
    assert all(media.phases[1 + number] == media_link.CONNECTED for number in range(len(offers))), media.phases
    far.stdin.close()
    far.wait(10)
    assert media.close() == 0


def main():
    try:
        namespaces_make()
        probe = subprocess.run([sys.executable, "-c", "import socket; socket.socket(44, socket.SOCK_RAW)"], stderr=subprocess.DEVNULL, check=False)
        if probe.returncode != 0:
            skip("this kernel gives no AF_XDP socket")
        play("af_xdp:veth0", True)
        play("af_xdp:nowhere0", False)
        play("sendmmsg", False)
        way_around_make()
        play_fault("an interface that is down", SERVER)
        play_fault("an interface without carrier", CLIENT)
    finally:
        for name in (SERVER, CLIENT):
            ip("netns", "del", name, check=False)


main()
