// What is installed in a page before its own scripts run: microphones, cameras and screens made by the page itself, so that a test knows
// what must come out elsewhere. Each function is sent to the page as text: it may use nothing from outside itself.

export type Colour = 'red' | 'green' | 'blue' | 'magenta';

export interface FakeMicrophone {
    label: string;
    tone: number;
}

export interface FakeDevices {
    /** The microphone is a sine of this frequency; none: the browser's own fake device. */
    tone?: number | undefined;
    /** Microphones that a test plugs and pulls (`window.testHardware`), each with a tone of its own. All are plugged in at first. */
    microphones?: FakeMicrophone[] | undefined;
    /** The camera is a plain of this colour with a moving mark; none: the browser's own fake device. */
    picture?: Colour | undefined;
    /** The shared screen is such a plain; none: the browser's own. */
    screen?: Colour | undefined;
    /** The person does not permit the microphone. */
    denied?: boolean | undefined;
}

export function installDevices(fake: FakeDevices): void {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
        return; // the blank page before the first address
    }
    const original = devices.getUserMedia.bind(devices);

    async function sine(frequency: number): Promise<MediaStreamTrack[]> {
        const context = new AudioContext({ sampleRate: 48000, latencyHint: 0.02 });
        const oscillator = new OscillatorNode(context, { frequency });
        const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
        oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
        oscillator.start();
        await context.resume();
        return destination.stream.getAudioTracks();
    }

    function plain(colour: string): MediaStreamTrack[] {
        const canvas = document.createElement('canvas');
        canvas.width = 320;
        canvas.height = 180;
        const pen = canvas.getContext('2d');
        let step = 0;
        const draw = (): void => {
            step += 1;
            if (pen) {
                pen.fillStyle = colour;
                pen.fillRect(0, 0, 320, 180);
                pen.fillStyle = 'black';
                pen.fillRect((step * 8) % 300, 80, 20, 20);
            }
        };
        draw();
        const timer = setInterval(draw, 100);
        const tracks = canvas.captureStream(10).getVideoTracks();
        const stop = tracks[0]?.stop.bind(tracks[0]);
        if (tracks[0] && stop) {
            tracks[0].stop = () => {
                clearInterval(timer);
                stop();
            };
        }
        return tracks;
    }

    const plugged = new Set(fake.microphones);
    const live = new Map<MediaStreamTrack, FakeMicrophone>();
    const change = (): boolean => devices.dispatchEvent(new Event('devicechange'));
    const named = (label: string): FakeMicrophone =>
        fake.microphones?.find((one) => one.label === label) as FakeMicrophone;

    async function openHardware(audio: MediaTrackConstraints): Promise<MediaStreamTrack[]> {
        const wanted = (audio.deviceId as ConstrainDOMStringParameters | undefined)?.exact;
        const found = [...plugged].find((one) => wanted === undefined || one.label === wanted);
        if (found === undefined) {
            throw new DOMException(
                'not plugged in',
                wanted === undefined ? 'NotFoundError' : 'OverconstrainedError',
            );
        }
        const [track] = await sine(found.tone);
        if (track) {
            Object.defineProperty(track, 'label', { value: found.label });
            track.getSettings = () => ({ deviceId: found.label, groupId: found.label });
            live.set(track, found);
        }
        return track ? [track] : [];
    }

    if (fake.microphones !== undefined) {
        devices.enumerateDevices = async () =>
            [...plugged].map(({ label }) => {
                const one = { kind: 'audioinput', deviceId: label, groupId: label, label };
                return { ...one, toJSON: () => one } as MediaDeviceInfo;
            });
        window.testHardware = {
            pull: (label) => {
                plugged.delete(named(label));
                for (const [track, source] of live) {
                    if (source.label === label && track.readyState === 'live') {
                        track.stop();
                        track.dispatchEvent(new Event('ended'));
                    }
                }
                change();
            },
            plug: (label) => {
                plugged.add(named(label));
                change();
            },
        };
    }

    const { screen } = fake;
    if (screen !== undefined) {
        devices.getDisplayMedia = async () => new MediaStream(plain(screen));
    }
    devices.getUserMedia = async (constraints?: MediaStreamConstraints) => {
        const tracks: MediaStreamTrack[] = [];
        if (constraints?.audio) {
            if (fake.denied) {
                throw new DOMException('Permission denied', 'NotAllowedError');
            }
            const hardware =
                fake.microphones && (await openHardware(constraints.audio as MediaTrackConstraints));
            const own = hardware ?? (fake.tone === undefined ? null : await sine(fake.tone));
            tracks.push(...(own ?? (await original({ audio: constraints.audio })).getTracks()));
        }
        if (constraints?.video) {
            const own = fake.picture === undefined ? null : plain(fake.picture);
            tracks.push(...(own ?? (await original({ video: constraints.video })).getTracks()));
        }
        return new MediaStream(tracks);
    };
}

declare global {
    interface Window {
        /** Every RTCPeerConnection of the page, oldest first. */
        testPeers?: RTCPeerConnection[];
        /** The microphones of `FakeDevices.microphones`, by their labels. */
        testHardware?: { pull: (label: string) => void; plug: (label: string) => void };
    }
}

/** Keeps the page's connections where a test finds their statistics; `port`: media goes through this UDP port instead of the server's. */
export function keepPeers(port: number | null): void {
    const Original = globalThis.RTCPeerConnection as typeof RTCPeerConnection | undefined;
    if (!Original) {
        return;
    }
    const kept: RTCPeerConnection[] = [];
    window.testPeers = kept;
    window.RTCPeerConnection = class extends Original {
        constructor(configuration?: RTCConfiguration) {
            super(configuration);
            kept.push(this);
        }
        override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
            if (port === null) {
                return super.setRemoteDescription(description);
            }
            // One candidate is left, with the other port.
            const sdp = (description.sdp ?? '')
                .split('\r\n')
                .filter((line) => !line.startsWith('a=candidate:') || / 127\.0\.0\.1 \d+ /.test(line))
                .map((line) =>
                    line.startsWith('a=candidate:')
                        ? line.replace(/ 127\.0\.0\.1 \d+ /, ` 127.0.0.1 ${port} `)
                        : line,
                )
                .join('\r\n');
            return super.setRemoteDescription({ ...description, sdp });
        }
    };
}
