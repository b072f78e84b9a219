// A picture begins small and grows, one layer after the other, so that its first seconds do not fill a narrow line and let the voice
// wait there. The browser's own limit (the server's word, by REMB) holds at every step. While the server says that the line does not
// carry one's pictures, none is sent.

/** Bits a second of each encoding, step after step; 0: not sent. */
export type Steps = readonly (readonly number[])[];

export const CAMERA_STEPS: Steps = [
    [100_000, 0, 0],
    [150_000, 0, 0],
    [150_000, 150_000, 0],
    [150_000, 250_000, 0],
    [150_000, 350_000, 0],
    [150_000, 500_000, 0],
    [150_000, 500_000, 700_000],
    [150_000, 500_000, 1_500_000],
];
export const SCREEN_STEPS: Steps = [[300_000], [800_000], [2_500_000]];

/** Long enough for the server to see what a step does, and to say so. */
const STEP_MS = 1500;

/** The part of a sender that is used here. */
export type RampSender = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/** What one sender's encodings may take. */
export class Ramp {
    private readonly sender: RampSender;
    private readonly steps: Steps;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private running = false;
    private held = false;

    constructor(sender: RampSender, steps: Steps) {
        this.sender = sender;
        this.steps = steps;
    }

    /** A picture begins; resolves once the first step holds. */
    async start(): Promise<void> {
        this.running = true;
        await this.begin();
    }

    /** The picture ended, or the connection. */
    stop(): void {
        this.running = false;
        clearTimeout(this.timer);
    }

    /** The line does not carry it, or may again. */
    hold(on: boolean): void {
        if (this.held === on) {
            return;
        }
        this.held = on;
        if (this.running) {
            void this.begin();
        }
    }

    private async begin(): Promise<void> {
        clearTimeout(this.timer);
        await (this.held ? this.apply(this.steps[0]?.map(() => 0) ?? []) : this.step(0));
    }

    private async step(index: number): Promise<void> {
        const wanted = this.steps[index];
        if (wanted === undefined || !this.running || this.held) {
            return;
        }
        this.timer = setTimeout(() => void this.step(index + 1), STEP_MS);
        await this.apply(wanted);
    }

    private async apply(wanted: readonly number[]): Promise<void> {
        const parameters = this.sender.getParameters();
        for (const [index, encoding] of parameters.encodings.entries()) {
            const bits = wanted[index] ?? 0;
            encoding.active = bits > 0;
            if (bits > 0) {
                encoding.maxBitrate = bits;
            }
        }
        try {
            await this.sender.setParameters(parameters);
        } catch {
            // Not every browser changes encodings at every moment; what was agreed stays.
        }
    }
}
