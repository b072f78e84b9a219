// Pictures in H.264 as encoders send them, without header extensions, from GStreamer into a plain page.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serveEmptyPage } from './door_page.ts';
import { expect, test } from './fixtures.ts';

const ENCODER = fileURLToPath(new URL('../../../tests/integration/gstreamer_door.py', import.meta.url));
const FRAMES = 30;
const COLOUR_ERROR = 25;

interface Seen {
    codec: string;
    frames: number;
    colour: number[];
}

test('chromium: a plain page sees what an encoder sends in H.264', async ({ plenary, browsers }) => {
    const { url, server } = await serveEmptyPage();
    const technician = plenary.run(['token', '--meeting', 'demo', '--role', 'technician']);
    const encoder = spawn('/usr/bin/python3', [
        ENCODER,
        plenary.url,
        '/whip/demo/floor',
        technician,
        '600',
        'h264',
    ]);
    const page = await (await browsers('chromium')).newPage();
    try {
        await page.goto(url);
        await page.evaluate(
            async ({ door, token }) => {
                const peer = new RTCPeerConnection();
                const video = document.createElement('video');
                video.muted = true;
                document.body.append(video);
                peer.ontrack = ({ track }) => {
                    if (track.kind === 'video') {
                        video.srcObject = new MediaStream([track]);
                        void video.play();
                    }
                };
                peer.addTransceiver('audio', { direction: 'recvonly' });
                peer.addTransceiver('video', { direction: 'recvonly' });
                await peer.setLocalDescription();
                const response = await fetch(door, {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
                    body: peer.localDescription?.sdp ?? '',
                });
                await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
                const see = async (): Promise<Seen> => {
                    const seen: Seen = { codec: '', frames: 0, colour: [] };
                    const report = await peer.getStats();
                    report.forEach((one) => {
                        if (one.type === 'inbound-rtp' && one.kind === 'video') {
                            seen.frames = one.framesDecoded ?? 0;
                            seen.codec = report.get(one.codecId)?.mimeType ?? '';
                        }
                    });
                    const canvas = document.createElement('canvas');
                    canvas.width = canvas.height = 1;
                    const context = canvas.getContext('2d');
                    context?.drawImage(video, 0, 0, 1, 1);
                    seen.colour = [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
                    return seen;
                };
                Object.assign(window, { see });
            },
            { door: `${plenary.url}/whep/demo/floor`, token: technician },
        );
        const see = (): Promise<Seen> =>
            page.evaluate(() => (window as unknown as { see: () => Promise<Seen> }).see());
        await expect.poll(async () => (await see()).frames, { timeout: 30_000 }).toBeGreaterThan(FRAMES);
        const { codec, colour } = await see();
        expect(codec).toBe('video/H264');
        [0x30, 0xa0, 0x50].forEach((wanted, at) => {
            expect(Math.abs((colour[at] ?? 0) - wanted), `colour ${colour}`).toBeLessThan(COLOUR_ERROR);
        });
    } finally {
        encoder.kill();
        await page.close();
        server.close();
    }
});
