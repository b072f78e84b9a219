// A plain page of another origin that knows nothing of Plenary but the two standard doors: it publishes a code of tones by WHIP and
// hears it by WHEP. The code changes its tone every 80 ms, so that what is lost, repeated or guessed by the decoder is told from
// what was sent; it stands for speech, whose sounds are about as long.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';

export const TONES = [400, 700, 1000, 1300, 1600, 1900, 2200, 2500];
const TONE_MS = 80;
const BLOCK_MS = 10;
const CODE_LENGTH = 750; // a minute
const SILENCE = -1;

/** The code: never the same tone twice in a row. */
export function code(): number[] {
    const tones: number[] = [];
    for (let state = 7, tone = 0; tones.length < CODE_LENGTH; ) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        tone = (tone + 1 + ((state >>> 16) % (TONES.length - 1))) % TONES.length;
        tones.push(tone);
    }
    return tones;
}

const BLOCKS_A_TONE = TONE_MS / BLOCK_MS;
const SEGMENT_BLOCKS = 160;

/**
 * The share of blocks that hold the tone they should. Each stretch of 1.6 s is laid where it fits the code best, because a decoder may
 * stretch or shorten time. Blocks at the change of tones hold both, so that about nine in ten is all there is to reach.
 */
export function shareRight(heard: number[]): number {
    const sent = code().flatMap((tone) => Array.from({ length: BLOCKS_A_TONE }, () => tone));
    let right = 0;
    let all = 0;
    for (let from = 0; from + SEGMENT_BLOCKS <= heard.length; from += SEGMENT_BLOCKS) {
        let best = 0;
        for (let at = 0; at < sent.length; at += 1) {
            let fits = 0;
            for (let block = 0; block < SEGMENT_BLOCKS; block += 1) {
                fits += heard[from + block] === sent[(at + block) % sent.length] ? 1 : 0;
            }
            best = Math.max(best, fits);
        }
        right += best;
        all += SEGMENT_BLOCKS;
    }
    return all === 0 ? 0 : right / all;
}

/** Serves the empty page. */
export async function serveEmptyPage(): Promise<{ url: string; server: Server }> {
    const server = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>Doors</title>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

interface Wish {
    url: string;
    token: string;
    /** Media goes to this port instead of the server's. */
    mediaPort?: number;
}

/** Publishes the code; resolves when the connection stands. */
export async function publish(page: Page, wish: Wish): Promise<void> {
    await page.evaluate(
        async ({ wish, tones, sequence, toneMs }) => {
            const context = new AudioContext({ sampleRate: 48_000 });
            const oscillator = new OscillatorNode(context);
            const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
            oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(out);
            const begin = context.currentTime + 0.1;
            for (let round = 0; round < 5; round += 1) {
                sequence.forEach((tone, at) => {
                    const when = begin + ((round * sequence.length + at) * toneMs) / 1000;
                    oscillator.frequency.setValueAtTime(tones[tone]!, when);
                });
            }
            oscillator.start();
            const peer = new RTCPeerConnection();
            peer.addTransceiver(out.stream.getAudioTracks()[0]!, { direction: 'sendonly' });
            await peer.setLocalDescription(await peer.createOffer());
            const answer = await fetch(wish.url, {
                method: 'POST',
                body: peer.localDescription!.sdp,
                headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${wish.token}` },
            });
            if (answer.status !== 201) {
                throw new Error(`${answer.status}: ${await answer.text()}`);
            }
            await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
            await new Promise<void>((connected) => {
                peer.onconnectionstatechange = () => peer.connectionState === 'connected' && connected();
            });
            const location = new URL(answer.headers.get('Location')!, wish.url).href;
            Object.assign(window, { published: { peer, context, location } }); // kept from being collected
        },
        { wish, tones: TONES, sequence: code(), toneMs: TONE_MS },
    );
}

/** Hears a channel for so long as the page lives; resolves when the connection stands. `name` is for heard(). */
export async function hear(page: Page, name: string, wish: Wish): Promise<void> {
    await page.evaluate(
        async ({ name, wish, tones, blockMs, silence }) => {
            // The strongest tone of each block (Goertzel's algorithm), in the audio thread.
            const ear = `registerProcessor('ear', class extends AudioWorkletProcessor {
                constructor() { super(); this.block = new Float32Array(sampleRate * ${blockMs} / 1000); this.filled = 0; this.found = []; }
                process([[samples]]) {
                    for (let i = 0; i < 128; i += 1) {
                        this.block[this.filled] = samples ? samples[i] : 0;
                        this.filled += 1;
                        if (this.filled === this.block.length) { this.filled = 0; this.found.push(this.strongest()); }
                    }
                    if (this.found.length >= 10) { this.port.postMessage(this.found); this.found = []; }
                    return true;
                }
                strongest() {
                    const powers = ${JSON.stringify(tones)}.map((tone) => {
                        const twice = 2 * Math.cos((2 * Math.PI * tone) / sampleRate);
                        let before = 0, last = 0;
                        for (const sample of this.block) { const next = sample + twice * last - before; before = last; last = next; }
                        return (last * last + before * before - twice * last * before) / this.block.length ** 2;
                    });
                    const most = Math.max(...powers);
                    return most < 1e-5 ? ${silence} : powers.indexOf(most);
                }
            });`;
            type Ears = {
                context: AudioContext;
                heard: Record<string, number[]>;
                peers: RTCPeerConnection[];
                locations: string[];
            };
            const own = window as unknown as { ears?: Promise<Ears> };
            own.ears ??= (async () => {
                const context = new AudioContext({ sampleRate: 48_000 });
                await context.audioWorklet.addModule(
                    URL.createObjectURL(new Blob([ear], { type: 'text/javascript' })),
                );
                return { context, heard: {}, peers: [], locations: [] };
            })();
            const ears = await own.ears;
            const peer = new RTCPeerConnection();
            ears.peers.push(peer);
            peer.addTransceiver('audio', { direction: 'recvonly' });
            peer.ontrack = ({ track }) => {
                const stream = new MediaStream([track]);
                const element = new Audio(); // Chromium decodes only what an element plays
                element.muted = true;
                element.srcObject = stream;
                void element.play();
                const node = new AudioWorkletNode(ears.context, 'ear', { numberOfOutputs: 1 });
                ears.heard[name] = [];
                node.port.onmessage = ({ data }) => ears.heard[name]!.push(...(data as number[]));
                ears.context.createMediaStreamSource(stream).connect(node).connect(ears.context.destination);
            };
            await peer.setLocalDescription(await peer.createOffer());
            const answer = await fetch(wish.url, {
                method: 'POST',
                body: peer.localDescription!.sdp,
                headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${wish.token}` },
            });
            if (answer.status !== 201) {
                throw new Error(`${answer.status}: ${await answer.text()}`);
            }
            ears.locations.push(new URL(answer.headers.get('Location')!, wish.url).href);
            const own_port = wish.mediaPort;
            const sdp = (await answer.text()).replace(
                /^(a=candidate:\S+ 1 udp \d+ \S+) \d+ /gim,
                (line, start: string) => (own_port === undefined ? line : `${start} ${own_port} `),
            );
            await peer.setRemoteDescription({ type: 'answer', sdp });
            await new Promise<void>((connected) => {
                peer.onconnectionstatechange = () => peer.connectionState === 'connected' && connected();
            });
        },
        { name, wish, tones: TONES, blockMs: BLOCK_MS, silence: SILENCE },
    );
}

/** What was heard so far: a tone a block. */
export async function heard(page: Page): Promise<Record<string, number[]>> {
    return page.evaluate(async () => {
        const own = window as unknown as { ears: Promise<{ heard: Record<string, number[]> }> };
        return (await own.ears).heard;
    });
}

/** What was heard since the last call of this function, which forgets it: for tests that hear for long. */
export async function takeHeard(page: Page): Promise<Record<string, number[]>> {
    return page.evaluate(async () => {
        const own = window as unknown as { ears: Promise<{ heard: Record<string, number[]> }> };
        const { heard } = await own.ears;
        return Object.fromEntries(Object.entries(heard).map(([name, blocks]) => [name, blocks.splice(0)]));
    });
}

/**
 * Restarts ICE by PATCH (RFC 9725, section 4.3.3) for what the page publishes, or for the first channel that it hears. Resolves
 * when the connection stands on the new credentials.
 */
export async function restartIce(page: Page, side: 'published' | 'heard', token: string): Promise<void> {
    await page.evaluate(
        async ({ side, token }) => {
            type Session = { peer: RTCPeerConnection; location: string };
            type Ears = { peers: RTCPeerConnection[]; locations: string[] };
            const own = window as unknown as { published: Session; ears: Promise<Ears> };
            const ears = side === 'heard' ? await own.ears : undefined;
            const peer = ears ? ears.peers[0]! : own.published.peer;
            const location = ears ? ears.locations[0]! : own.published.location;
            const before = peer.remoteDescription!.sdp;
            peer.restartIce();
            await peer.setLocalDescription(await peer.createOffer());
            const line = (sdp: string, start: string): string =>
                sdp.split('\r\n').find((one) => one.startsWith(start))!;
            const offer = peer.localDescription!.sdp;
            const fragment = ['a=ice-ufrag:', 'a=ice-pwd:', 'm=', 'a=mid:'].map((start) =>
                line(offer, start),
            );
            const answer = await fetch(location, {
                method: 'PATCH',
                body: `${fragment.join('\r\n')}\r\n`,
                headers: {
                    'Content-Type': 'application/trickle-ice-sdpfrag',
                    'If-Match': '*',
                    Authorization: `Bearer ${token}`,
                },
            });
            const text = await answer.text();
            if (answer.status !== 200) {
                throw new Error(`${answer.status}: ${text}`);
            }
            if (answer.headers.get('ETag') === null) {
                throw new Error('The new ICE session has no name.');
            }
            const ufrag = line(text, 'a=ice-ufrag:');
            const sdp = before
                .replace(/^a=ice-ufrag:.*$/gm, ufrag)
                .replace(/^a=ice-pwd:.*$/gm, line(text, 'a=ice-pwd:'));
            await peer.setRemoteDescription({ type: 'answer', sdp });
            const until = Date.now() + 10_000;
            const stands = async (): Promise<boolean> => {
                for (const one of (await peer.getStats()).values()) {
                    const pair = one as RTCIceCandidatePairStats;
                    if (pair.type === 'candidate-pair' && pair.nominated && pair.state === 'succeeded') {
                        const remote = (await peer.getStats()).get(pair.remoteCandidateId);
                        const named = remote?.usernameFragment as string | undefined;
                        if (named === undefined || `a=ice-ufrag:${named}` === ufrag) {
                            return peer.connectionState === 'connected';
                        }
                    }
                }
                return false;
            };
            while (!(await stands())) {
                if (Date.now() > until) {
                    throw new Error(`ICE did not restart: ${peer.iceConnectionState}`);
                }
                await new Promise((passed) => setTimeout(passed, 50));
            }
        },
        { side, token },
    );
}
