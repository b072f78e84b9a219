// Where a story's browser stands: what devices it has, and what it lacks. Runs in the page before everything else, so it names nothing
// outside itself.

/** For Playwright's addInitScript. */
export function beIn(): void {
    const story = new URLSearchParams(location.search).get('name') ?? '';
    const wanted = new URLSearchParams(location.search);

    const LACKS: Readonly<Record<string, string>> = {
        unable: 'RTCPeerConnection',
        'unable-sound': 'AudioContext',
        'unable-line': 'WebSocket',
    };
    const lack = LACKS[story];
    if (lack !== undefined) {
        Object.defineProperty(globalThis, lack, { value: undefined, configurable: true });
    }
    if (story === 'unable-devices') {
        Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
        return;
    }

    // Devices that look the same in each picture: no sound, and a picture that stands.
    const device = (kind: MediaDeviceKind, deviceId: string, label: string) => ({
        kind,
        deviceId,
        label,
        groupId: '',
        toJSON: () => ({}),
    });
    const devices = [
        device('audioinput', 'default', 'Default - Jabra Evolve2 65 (0b0e:030c)'),
        device('audioinput', 'jabra', 'Jabra Evolve2 65 (0b0e:030c)'),
        device('audioinput', 'laptop', 'Built-in microphone array'),
        device('videoinput', 'camera', 'Logitech BRIO (046d:085e)'),
        device('audiooutput', 'default', 'Default - Jabra Evolve2 65 (0b0e:030c)'),
        device('audiooutput', 'jabra', 'Jabra Evolve2 65 (0b0e:030c)'),
    ];
    const drawn = (): MediaStreamTrack[] => {
        const canvas = document.createElement('canvas');
        canvas.width = 640;
        canvas.height = 360;
        const pen = canvas.getContext('2d');
        const draw = (): void => {
            if (pen !== null) {
                pen.fillStyle = '#5b6f80';
                pen.fillRect(0, 0, 640, 360);
                pen.fillStyle = '#c9b7a5';
                pen.beginPath();
                pen.arc(320, 150, 80, 0, 7);
                pen.fill();
                pen.fillRect(180, 250, 280, 110);
            }
        };
        draw();
        setInterval(draw, 100); // a picture is sent when something is drawn
        return canvas.captureStream().getVideoTracks();
    };
    const FAILS: Readonly<Record<string, string>> = {
        'entrance-denied': 'NotAllowedError',
        'entrance-no-device': 'NotFoundError',
        'room-no-device': 'NotFoundError',
        'interpreter-no-device': 'NotFoundError',
    };
    const media = navigator.mediaDevices;
    const failure = FAILS[story];
    media.enumerateDevices = async () => (failure === 'NotFoundError' ? [] : devices);
    media.getUserMedia = async (asked) => {
        if (failure !== undefined) {
            throw new DOMException('', failure);
        }
        const stream = new MediaStream();
        if (asked?.audio) {
            for (const track of new AudioContext().createMediaStreamDestination().stream.getTracks()) {
                stream.addTrack(track);
            }
        }
        if (asked?.video) {
            for (const track of drawn()) {
                stream.addTrack(track);
            }
        }
        return stream;
    };

    // A clock that stands, for pictures that are compared. 18 November 2026, 10:42 in Geneva.
    if (wanted.has('still')) {
        const at = Date.UTC(2026, 10, 18, 9, 42, 7);
        const Real = Date;
        class Still extends Real {
            constructor(...parts: unknown[]) {
                super(...((parts.length === 0 ? [at] : parts) as [number]));
            }
            static override now(): number {
                return at;
            }
        }
        globalThis.Date = Still as DateConstructor;
        let now = 60_000;
        performance.now = () => now;
        // What comes after a while comes at once: keys that are no longer deaf (steady.ts), the wall's keys that go (projector_still.ts).
        const later = globalThis.setTimeout;
        const sooner = (act: () => void, ms = 0) => {
            const due = now + ms;
            if (ms === 600) {
                return later(() => {
                    now = Math.max(now, due);
                    act();
                });
            }
            return later(act, ms === 3000 ? 0 : ms);
        };
        globalThis.setTimeout = sooner as typeof setTimeout;
    }
}
