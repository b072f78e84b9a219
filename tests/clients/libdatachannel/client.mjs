// A WHIP publisher or WHEP listener made of libdatachannel. Opus frames, one a line in hexadecimal, come from standard input and go to
// standard output.
//
//   node client.mjs URL TOKEN            URL is https://HOST/whip/MEETING/FEED or /whep/MEETING/CHANNEL
//
// A listener offers a second section, which no door takes: an answer may reject a part.
import readline from "node:readline";
import libdatachannel from "node-datachannel";

const FRAME_MS = 20;
const FRAME_TICKS = 960;
const TYPE = 111;
const SSRC = 0x51ab3;
const HEADER = 12;

const [url, token] = process.argv.slice(2);
const publishes = url.includes("/whip/");
const peer = new libdatachannel.PeerConnection("plenary", { iceServers: [], disableAutoNegotiation: true });

function fail(words) {
    console.error(words);
    process.exit(1);
}

function header(sequence) {
    const bytes = Buffer.alloc(HEADER);
    bytes.writeUInt8(0x80, 0);
    bytes.writeUInt8(TYPE, 1);
    bytes.writeUInt16BE(sequence & 0xffff, 2);
    bytes.writeUInt32BE((sequence * FRAME_TICKS) >>> 0, 4);
    bytes.writeUInt32BE(SSRC, 8);
    return bytes;
}

// RFC 3550 section 5.1
function payload(packet) {
    const at = HEADER + 4 * (packet[0] & 0x0f);
    const extension = packet[0] & 0x10 ? 4 + 4 * packet.readUInt16BE(at + 2) : 0;
    const padding = packet[0] & 0x20 ? packet[packet.length - 1] : 0;
    return packet.subarray(at + extension, packet.length - padding);
}

async function publish(track) {
    const began = performance.now();
    let sequence = 0;
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const wait = began + sequence * FRAME_MS - performance.now();
        if (wait > 0) {
            await new Promise((resolve) => setTimeout(resolve, wait)); // the pace of a sound card
        }
        track.sendMessageBinary(Buffer.concat([header(sequence), Buffer.from(line, "hex")]));
        sequence++;
    }
    process.exit(0);
}

const description = new libdatachannel.Audio("sound", publishes ? "SendOnly" : "RecvOnly");
description.addOpusCodec(TYPE);
if (publishes) {
    description.addSSRC(SSRC, "plenary", "stream", "track");
}
const track = peer.addTrack(description);
if (!publishes) {
    const more = new libdatachannel.Audio("more", "RecvOnly");
    more.addOpusCodec(TYPE);
    peer.addTrack(more);
}
track.onMessage((message) => {
    const packet = Buffer.from(message);
    if ((packet[1] & 0x7f) === TYPE) {
        console.log(payload(packet).toString("hex"));
    }
});
track.onOpen(() => publishes && publish(track).catch(fail));
peer.onStateChange((state) => {
    console.error(state);
    if (state === "failed") {
        fail("the connection failed");
    }
});
const gathered = new Promise((resolve) => peer.onGatheringStateChange((state) => state === "complete" && resolve()));
peer.setLocalDescription();
await gathered;
const response = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" },
    body: peer.localDescription().sdp,
});
const answer = await response.text();
if (response.status !== 201) {
    fail(`${response.status}: ${answer}`);
}
console.error(response.headers.get("Location"));
peer.setRemoteDescription(answer, "answer");
