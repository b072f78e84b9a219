#!/usr/bin/env python3
"""A real browser sends a tone and simulcast video through the media process and receives both again.

usage: peer_browser.py MEDIA_SERVE chromium|firefox-esr
"""

import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../support"))

import media_link as link  # noqa: E402

PREFERENCES = {
    "media.autoplay.default": 0,
    "media.autoplay.block-webaudio": False,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}


def own_address():
    """The address a client would use; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def command(browser, profile, url):
    if browser == "chromium":
        return ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile,
                "--autoplay-policy=no-user-gesture-required", url]
    with open(profile + "/user.js", "w", encoding="utf-8") as file:
        for name, value in PREFERENCES.items():
            file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
    return [browser, "--headless", "--no-remote", "--profile", profile, url]


def sound(profile):
    """Firefox runs no audio graph without a sound device: a PulseAudio of our own with a null sink."""
    place = profile + "/pulse"
    server = subprocess.Popen(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                               "-L", "module-null-sink", "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + place],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": profile})
    return server, {"PULSE_SERVER": "unix:" + place}


class Page(http.server.BaseHTTPRequestHandler):
    media = None
    result = None
    done = threading.Event()

    def reply(self, body, kind="text/plain"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(HERE + "/peer_browser.html", "rb") as file:
            self.reply(file.read(), "text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/join":
            wish = json.loads(body)
            if "-v" in sys.argv:
                print(wish["sdp"])
            self.reply(Page.media.create(wish["peer"], wish["sections"], wish["sdp"]).encode())
        elif self.path == "/end":
            Page.media.end(int(body))
            self.reply(b"")
        else:
            Page.result = json.loads(body)
            self.reply(b"")
            Page.done.set()

    def log_message(self, *arguments):
        pass


def main():
    Page.media = link.Media(sys.argv[1], address=own_address())
    Page.media.set_channel(7, 100)
    Page.media.set_channel(8, 200)
    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        device, environment = (None, {}) if sys.argv[2] == "chromium" else sound(profile)
        browser = subprocess.Popen(command(sys.argv[2], profile, f"http://127.0.0.1:{server.server_port}/"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "HOME": profile, **environment})
        finished = Page.done.wait(60)
        browser.terminate()
        browser.wait(10)
        if device:
            device.terminate()
            device.wait(10)
    counters = Page.media.read_counters()
    status = Page.media.close()
    print(json.dumps(Page.result))
    print({name: value for name, value in counters.items() if value})
    assert finished, "the page did not finish"
    assert "error" not in Page.result, Page.result["error"]
    assert abs(Page.result["frequency"] - 1000) < 12 and Page.result["level"] > -40, "the tone was not heard"
    assert Page.result["frames"] > 60 and Page.result["width"] >= 320, "the picture was not seen"
    assert Page.result["end_seen_ms"] < 1000, "the end was not noticed"
    assert status == 0


main()
