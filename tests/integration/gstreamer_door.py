"""GStreamer's webrtcbin at a door, the POST made by hand as whipsink and whepsrc make it. Publishes a tone, or waits until it is heard;
with h264 also a picture of one colour in H.264, or waits until it is seen; with elements these publish, or hear in the place of its own.

    gstreamer_door.py URL PATH TOKEN HERTZ [h264 | elements TEXT]     PATH is /whip/MEETING/FEED or /whep/MEETING/CHANNEL
"""
import math
import sys
import threading
import urllib.request

import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

RATE = 48000
OPUS = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
PUBLISH = f"audiotestsrc is-live=true wave=sine freq={{}} volume=0.3 ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=111 ! {OPUS} ! queue name=out"
H264 = "application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,packetization-mode=(string)1"
COLOUR = (0x30, 0xA0, 0x50)
FILM = ("videotestsrc is-live=true pattern=solid-color foreground-color=0xff30a050 ! video/x-raw,format=I420,width=320,height=180,framerate=15/1 ! "
        f"openh264enc gop-size=15 bitrate=300000 ! rtph264pay pt=96 config-interval=-1 aggregate-mode=zero-latency ! {H264} ! queue name=film")
SEE = "rtph264depay ! h264parse ! openh264dec ! videoconvert ! video/x-raw,format=RGB ! appsink name=eye emit-signals=true sync=false"
FRAMES = 20
EAR = "audioconvert ! audioresample ! audio/x-raw,format=F32LE,channels=1,rate=48000 ! appsink name=ear emit-signals=true sync=false"
HEAR = "rtpopusdepay ! opusdec"
WHEPSRC = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000"  # which says nothing of channels


def level(samples, hertz):
    window = numpy.hanning(len(samples))
    phase = numpy.exp(-2j * math.pi * hertz * numpy.arange(len(samples)) / RATE)
    return 20 * math.log10(max(2 * abs((samples * window * phase).sum()) / window.sum(), 1e-7))


class Session:
    def __init__(self, url, path, token, hertz, pictures=False, elements=None):
        self.elements = elements
        self.url, self.path, self.token, self.hertz = url, path, token, hertz
        self.heard = threading.Event()
        self.seen = threading.Event()
        self.frames = 0
        self.gathered = threading.Event()
        self.ready = threading.Event()  # it knows what it will send
        self.samples = numpy.zeros(0, dtype=numpy.float32)
        publishes = path.startswith("/whip/")
        tone = f"{elements} ! queue name=out" if elements else PUBLISH.format(hertz)
        self.pipeline = Gst.parse_launch(tone + (" " + FILM if pictures else "")) if publishes else Gst.Pipeline.new(None)
        self.webrtc = Gst.ElementFactory.make("webrtcbin", "webrtc")
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        direction = GstWebRTC.WebRTCRTPTransceiverDirection
        if publishes:
            self.pipeline.get_by_name("out").link(self.webrtc)
            if pictures:
                self.pipeline.get_by_name("film").link(self.webrtc)
            for index in range(2 if pictures else 1):
                self.webrtc.emit("get-transceiver", index).set_property("direction", direction.SENDONLY)
        else:
            for caps in (WHEPSRC,) if elements else (OPUS, H264) if pictures else (OPUS,):
                self.webrtc.emit("add-transceiver", direction.RECVONLY, Gst.Caps.from_string(caps))
            self.webrtc.connect("pad-added", self.pad_added)
        self.webrtc.connect("notify::ice-gathering-state", self.gathering)
        self.webrtc.connect("on-negotiation-needed", lambda _: self.ready.set())

    def gathering(self, *_):
        if self.webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            self.gathered.set()

    def call(self, signal, *arguments):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, *arguments, promise)
        promise.wait()
        return promise.get_reply()

    def open(self):
        self.pipeline.set_state(Gst.State.PLAYING)
        assert self.ready.wait(20), "nothing to offer"
        reply = self.call("create-offer", None)
        self.call("set-local-description", reply.get_value("offer"))
        assert self.gathered.wait(10), "no candidates"
        sdp = self.webrtc.get_property("local-description").sdp.as_text()
        request = urllib.request.Request(self.url + self.path, data=sdp.encode(), method="POST",
                                         headers={"Content-Type": "application/sdp", "Authorization": f"Bearer {self.token}"})
        # As whepsrc's.
        assert not self.elements or "OPUS/48000\r\n" in sdp or self.path.startswith("/whip/"), sdp
        with urllib.request.urlopen(request, timeout=15) as response:
            assert response.status == 201, response.status
            self.location = response.headers["Location"]
            answer = response.read()
        _, message = GstSdp.SDPMessage.new()
        GstSdp.sdp_message_parse_buffer(answer, message)
        self.call("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message))

    def pad_added(self, _, pad):
        if pad.get_current_caps().get_structure(0).get_string("media") == "video":
            sink = Gst.parse_bin_from_description(SEE, True)
            sink.get_by_name("eye").connect("new-sample", self.new_picture)
        else:
            sink = Gst.parse_bin_from_description(f"{self.elements or HEAR} ! {EAR}", True)
            sink.get_by_name("ear").connect("new-sample", self.new_sample)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def new_sample(self, ear):
        buffer = ear.emit("pull-sample").get_buffer()
        part = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype=numpy.float32)
        self.samples = numpy.concatenate([self.samples, part])[-RATE // 5:]
        if len(self.samples) == RATE // 5 and level(self.samples, self.hertz) > -20:
            self.heard.set()
        return Gst.FlowReturn.OK

    def new_picture(self, eye):
        buffer = eye.emit("pull-sample").get_buffer()
        picture = numpy.frombuffer(buffer.extract_dup(0, buffer.get_size()), dtype=numpy.uint8)[:320 * 180 * 3]
        colour = picture.reshape(-1, 3).mean(axis=0)
        self.frames += bool(abs(colour - COLOUR).max() < 25)
        if self.frames >= FRAMES:
            self.seen.set()
        return Gst.FlowReturn.OK

    def delete(self):
        request = urllib.request.Request(self.url + self.location, method="DELETE", headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=15) as response:
            assert response.status == 200, response.status


Gst.init(None)
threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
pictures = sys.argv[5:] == ["h264"]
session = Session(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), pictures, sys.argv[6] if sys.argv[5:6] == ["elements"] else None)
session.open()
if sys.argv[2].startswith("/whip/"):
    threading.Event().wait()  # until the test ends it
assert session.heard.wait(40), "nothing was heard"
assert not pictures or session.seen.wait(10), f"{session.frames} pictures of the right colour were seen"
print(f"webrtcbin hears {sys.argv[4]} Hz at {level(session.samples, session.hertz):.0f} dB through {sys.argv[2]}")
session.delete()
session.pipeline.set_state(Gst.State.NULL)
