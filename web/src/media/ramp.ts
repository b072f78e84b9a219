// A picture begins small and grows, one layer after the other, so that its first seconds do not fill a narrow line and let the voice
// wait there. The browser's own limit (the server's word, by REMB) holds at every step. While the server says that the line does not
// carry one's pictures, none is sent.

/** What is sent for a while. */
export interface Step {
    /** Bits a second of each encoding; 0: not sent. */
    bits: readonly number[];
    /** Half as wide and high as it will be, and a few frames a second: it asks whether the line carries a picture at all. */
    first?: boolean;
    /** It may be too much: one's voice makes room as long as that is not known, and takes no more bits than these. */
    voice?: number;
}
export type Steps = readonly Step[];

export const CAMERA_STEPS: Steps = [
    { bits: [30_000, 0, 0], first: true, voice: 14_000 },
    { bits: [60_000, 0, 0], voice: 14_000 },
    { bits: [80_000, 0, 0], voice: 14_000 },
    { bits: [100_000, 0, 0], voice: 14_000 },
    { bits: [125_000, 0, 0], voice: 14_000 },
    { bits: [150_000, 0, 0], voice: 14_000 },
    { bits: [150_000, 150_000, 0] },
    { bits: [150_000, 250_000, 0] },
    { bits: [150_000, 350_000, 0] },
    { bits: [150_000, 500_000, 0] },
    { bits: [150_000, 500_000, 700_000] },
    { bits: [150_000, 500_000, 1_500_000] },
];
export const SCREEN_STEPS: Steps = [
    { bits: [300_000], voice: 14_000 },
    { bits: [800_000] },
    { bits: [2_500_000] },
];

/** Long enough for the server to see what a step does, and to say so. */
const STEP_MS = 1500;
/** Of steps that are small. */
const SMALL_STEP_MS = 1000;
const FIRST_FRAMES = 8;
/** As many as a camera gives. */
const FRAMES = 60;

/** The part of a sender that is used here. */
export type RampSender = Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;

/** What one sender's encodings may take. */
export class Ramp {
    private readonly sender: RampSender;
    private readonly steps: Steps;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private running = false;
    private held = false;
    private readonly changed: () => void;
    private readonly isWide: () => boolean;
    private beside: number | undefined;
    /** By how much each encoding is smaller than the camera's picture, as agreed. */
    private scales: readonly number[] | undefined;

    /** `changed` is told when the voice beside it may take more or less. A line that is known to be wide is not asked with a first look. */
    constructor(
        sender: RampSender,
        steps: Steps,
        changed: () => void = () => {},
        isWide: () => boolean = () => false,
    ) {
        this.sender = sender;
        this.steps = steps;
        this.changed = changed;
        this.isWide = isWide;
    }

    /** What it leaves of the voice; undefined for all. */
    get voice(): number | undefined {
        return this.beside;
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
        this.leave(undefined);
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
        if (this.held) {
            this.leave(undefined);
            await this.apply({ bits: [] });
        } else {
            const small = this.steps.filter((step) => step.voice !== undefined).length - 1;
            await this.step(this.isWide() ? small : 0);
        }
    }

    private async step(index: number): Promise<void> {
        const wanted = this.steps[index];
        if (wanted === undefined || !this.running || this.held) {
            return;
        }
        this.timer = setTimeout(
            () => void this.step(index + 1),
            wanted.voice === undefined ? STEP_MS : SMALL_STEP_MS,
        );
        this.leave(wanted.voice);
        await this.apply(wanted);
    }

    private leave(voice: number | undefined): void {
        if (this.beside !== voice) {
            this.beside = voice;
            this.changed();
        }
    }

    private async apply({ bits: wanted, first }: Step): Promise<void> {
        const parameters = this.sender.getParameters();
        this.scales ??= parameters.encodings.map((one) => one.scaleResolutionDownBy ?? 1);
        for (const [index, encoding] of parameters.encodings.entries()) {
            const bits = wanted[index] ?? 0;
            encoding.active = bits > 0;
            if (bits > 0) {
                encoding.maxBitrate = bits;
                encoding.scaleResolutionDownBy = (this.scales[index] ?? 1) * (first ? 2 : 1);
                encoding.maxFramerate = first ? FIRST_FRAMES : FRAMES;
            }
        }
        try {
            await this.sender.setParameters(parameters);
        } catch {
            // Not every browser changes encodings at every moment; what was agreed stays.
        }
    }
}
