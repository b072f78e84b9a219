// The media connection over fake RTCPeerConnections: when it joins, when it joins again, and that what is sent survives.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import type { MediaPlan } from '../src/contract/generated.ts';

class FakeTransceiver {
    sender = {
        track: null as unknown,
        async replaceTrack(track: unknown) {
            this.track = track;
        },
    };
    receiver = { track: { id: `t${Math.random()}` } };
    init: RTCRtpTransceiverInit;
    kind: string;
    codecs: string[] = [];
    constructor(kind: string, init: RTCRtpTransceiverInit) {
        this.kind = kind;
        this.init = init;
    }
    setCodecPreferences(codecs: { mimeType: string }[]) {
        this.codecs = codecs.map((codec) => codec.mimeType);
    }
}

class FakePeer {
    static made: FakePeer[] = [];
    transceivers: FakeTransceiver[] = [];
    connectionState = 'new';
    localDescription: { sdp: string } | null = null;
    answer = '';
    closed = false;
    iceConnectionState = 'new';
    #listeners = new Map<string, () => void>();
    constructor() {
        FakePeer.made.push(this);
    }
    addEventListener(name: string, listener: () => void) {
        this.#listeners.set(name, listener);
    }
    addTransceiver(kind: string, init: RTCRtpTransceiverInit) {
        const made = new FakeTransceiver(kind, init);
        this.transceivers.push(made);
        return made;
    }
    async setLocalDescription() {
        this.localDescription = { sdp: `offer ${FakePeer.made.indexOf(this)}` };
    }
    async setRemoteDescription(description: { sdp: string }) {
        this.answer = description.sdp;
    }
    close() {
        this.closed = true;
    }
    become(state: string) {
        this.connectionState = state;
        this.#listeners.get('connectionstatechange')?.();
    }
    reach() {
        this.iceConnectionState = 'connected';
        this.#listeners.get('iceconnectionstatechange')?.();
    }
}

const capabilities = { codecs: ['video/VP8', 'video/rtx', 'video/H264'].map((mimeType) => ({ mimeType })) };
Object.assign(globalThis, {
    RTCPeerConnection: FakePeer,
    RTCRtpSender: { getCapabilities: () => capabilities },
    RTCRtpReceiver: { getCapabilities: () => capabilities },
    MediaStream: class {},
});

const { blockedPort, mediaPhase, portOf, rejoin, setSending, startMedia, stopMedia, takeMediaState } =
    await import('../src/media/peer.ts');

const plan: MediaPlan = {
    sections: [
        { kind: 'audio', direction: 'send', track: 'microphone' },
        { kind: 'video', direction: 'send', track: 'camera' },
        { kind: 'video', direction: 'receive', slot: 'speaker' },
    ],
};

let offers: string[] = [];
let joined = 0;
let refuse = false;
let roundTrip = 0;

const join = async (offer: string): Promise<string> => {
    offers.push(offer);
    if (refuse) {
        throw new Error('not connected');
    }
    return `answer to ${offer}\r\na=candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host\r\n`;
};

const newest = (): FakePeer => FakePeer.made.at(-1) as FakePeer;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function begin(): void {
    startMedia(
        plan,
        join,
        () => {
            joined += 1;
        },
        () => roundTrip,
    );
}

async function connected(): Promise<FakePeer> {
    begin();
    await settled();
    newest().become('connected');
    return newest();
}

mock.timers.enable({ apis: ['setTimeout'] });

beforeEach(() => {
    stopMedia();
    setSending('microphone', null);
    FakePeer.made = [];
    offers = [];
    joined = 0;
    refuse = false;
    roundTrip = 0;
});

test('one offer, from the plan and in its order', async () => {
    const peer = await connected();
    assert.deepEqual(
        peer.transceivers.map((one) => [one.kind, one.init.direction]),
        [
            ['audio', 'sendonly'],
            ['video', 'sendonly'],
            ['video', 'recvonly'],
        ],
    );
    assert.deepEqual(
        peer.transceivers[1]?.init.sendEncodings?.map((one) => one.rid),
        ['l', 'm', 'h'],
    );
    assert.deepEqual(peer.transceivers[1]?.codecs, ['video/VP8', 'video/rtx']);
    assert.deepEqual(peer.transceivers[2]?.codecs, ['video/VP8', 'video/rtx', 'video/H264']);
    assert.deepEqual(offers, ['offer 0']);
    assert.match(peer.answer, /^answer to offer 0\r/);
    assert.equal(joined, 1);
    assert.equal(mediaPhase.value, 'connected');
});

test('a live connection that comes back leaves standing media alone', async () => {
    const peer = await connected();
    begin();
    await settled();
    assert.equal(FakePeer.made.length, 1);
    assert.equal(peer.closed, false);
});

test('disconnected for two seconds: a new one; back before: not', async () => {
    const peer = await connected();
    peer.become('disconnected');
    mock.timers.tick(1999);
    peer.become('connected');
    mock.timers.tick(10_000);
    assert.equal(FakePeer.made.length, 1);
    peer.become('disconnected');
    mock.timers.tick(2000);
    mock.timers.tick(0);
    await settled();
    assert.equal(FakePeer.made.length, 2);
    assert.equal(peer.closed, true);
    assert.equal(mediaPhase.value, 'rejoining');
    newest().become('connected');
    assert.equal(mediaPhase.value, 'connected');
});

test('failed, or media lost: at once, and what was sent is sent again', async () => {
    const track = { id: 'voice' } as MediaStreamTrack;
    await connected();
    setSending('microphone', track);
    assert.equal(newest().transceivers[0]?.sender.track, track);
    newest().become('failed');
    mock.timers.tick(0);
    await settled();
    assert.equal(FakePeer.made.length, 2);
    assert.equal(newest().transceivers[0]?.sender.track, track);
    newest().become('connected');
    rejoin();
    await settled();
    assert.equal(FakePeer.made.length, 3);
    setSending('microphone', null);
    assert.equal(newest().transceivers[0]?.sender.track, null);
});

test('refused joins are tried again with growing pauses, and at once when the live connection is back', async () => {
    refuse = true;
    begin();
    await settled();
    const times = [0, 400, 800, 1600, 3000, 3000];
    for (const [n, pause] of times.entries()) {
        assert.equal(offers.length, n + 1);
        if (pause > 0) {
            mock.timers.tick(pause - 1);
            await settled();
            assert.equal(offers.length, n + 1);
        }
        mock.timers.tick(pause === 0 ? 0 : 1);
        await settled();
    }
    refuse = false;
    begin();
    await settled();
    assert.equal(offers.length, times.length + 2);
    assert.ok(newest().answer.startsWith(`answer to ${offers.at(-1)}\r`));
});

test('a far server is given twelve round trips, and twice as long with each try', async () => {
    roundTrip = 1400;
    begin();
    await settled();
    let made = 1;
    for (const waited of [16_800, 33_600, 60_000, 60_000]) {
        mock.timers.tick(waited - 1);
        await settled();
        assert.equal(FakePeer.made.length, made);
        mock.timers.tick(1);
        // The pause before the next try.
        mock.timers.tick(3000);
        await settled();
        made += 1;
        assert.equal(FakePeer.made.length, made);
    }
    // Once connected, patience begins anew; a silence is borne for three round trips.
    newest().become('connected');
    newest().become('disconnected');
    mock.timers.tick(4199);
    await settled();
    assert.equal(FakePeer.made.length, made);
    mock.timers.tick(1);
    mock.timers.tick(0);
    await settled();
    assert.equal(FakePeer.made.length, made + 1);
});

test('an answered offer from which nothing comes back says which port is blocked, until something does', async () => {
    begin();
    await settled();
    assert.equal(blockedPort.value, 0);
    mock.timers.tick(5000);
    assert.equal(blockedPort.value, 8443);
    mock.timers.tick(0);
    await settled();
    newest().become('connected');
    assert.equal(blockedPort.value, 0);
    // Whoever was reached and is lost later is not blocked, nor is who was reached and could not agree on keys.
    newest().become('failed');
    assert.equal(blockedPort.value, 0);
    mock.timers.tick(0);
    await settled();
    newest().reach();
    mock.timers.tick(5000);
    assert.equal(blockedPort.value, 0);
    assert.equal(portOf('v=0\r\na=candidate:1 1 tcp 1 192.0.2.1 9 typ host\r\n'), 0);
});

test('an answer without a connection is not waited for longer than five seconds', async () => {
    begin();
    await settled();
    mock.timers.tick(5000);
    mock.timers.tick(0);
    await settled();
    assert.equal(FakePeer.made.length, 2);
});

test('the server lost the peer it had seen: joins again; a word about an older peer does not count', async () => {
    await connected();
    takeMediaState(false);
    await settled();
    assert.equal(FakePeer.made.length, 1);
    takeMediaState(true);
    takeMediaState(false);
    await settled();
    assert.equal(FakePeer.made.length, 2);
});

test('the end: closed, and no way back by timers', async () => {
    const peer = await connected();
    peer.become('disconnected');
    stopMedia();
    mock.timers.tick(60_000);
    await settled();
    assert.equal(peer.closed, true);
    assert.equal(FakePeer.made.length, 1);
    assert.equal(mediaPhase.value, 'idle');
});
