// The audio thread's end of the desk's sound: what is about to reach the ear is kept for repeating, limited, and measured as an ear
// would hear it. Settings and commands come by messages, readings go back about ten times a second.
import { AWeighting } from './exposure.ts';
import { DEFAULT_LIMITS, Limiter, type LimiterLimits } from './limiter.ts';
import { Rewind } from './rewind.ts';

/** To the audio thread. */
export type DeskSoundOrder = { limits: LimiterLimits } | { back: number } | { live: true };

/** From the audio thread. */
export interface DeskSoundReading {
    hits: number;
    reductionDb: number;
    behindS: number;
    /** A-weighted mean square of the louder ear over `seconds`. */
    meanSquare: number;
    seconds: number;
}

// What the audio thread has of its own; TypeScript knows only the page's side.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
    readonly port: MessagePort;
}
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void;

const READINGS_A_SECOND = 10;

class DeskSoundProcessor extends AudioWorkletProcessor {
    private readonly limiter = new Limiter(sampleRate, DEFAULT_LIMITS);
    private readonly rewind = new Rewind(sampleRate);
    private readonly weightingLeft = new AWeighting(sampleRate);
    private readonly weightingRight = new AWeighting(sampleRate);
    private energyLeft = 0;
    private energyRight = 0;
    private count = 0;

    constructor() {
        super();
        this.port.onmessage = ({ data }: MessageEvent<DeskSoundOrder>) => {
            if ('limits' in data) {
                this.limiter.set(data.limits);
            } else if ('back' in data) {
                this.rewind.back(data.back);
            } else {
                this.rewind.live();
            }
        };
    }

    process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
        const [left, right] = outputs[0] ?? [];
        if (left === undefined || right === undefined) {
            return true;
        }
        const input = inputs[0] ?? [];
        left.set(input[0] ?? new Float32Array(left.length));
        right.set(input[1] ?? input[0] ?? new Float32Array(right.length));
        this.rewind.process(left, right);
        this.limiter.process(left, right);
        this.energyLeft += energyOf(this.weightingLeft, left);
        this.energyRight += energyOf(this.weightingRight, right);
        this.count += left.length;
        if (this.count >= sampleRate / READINGS_A_SECOND) {
            this.tell();
        }
        return true;
    }

    private tell(): void {
        const reading: DeskSoundReading = {
            hits: this.limiter.hits,
            reductionDb: this.limiter.reductionDb,
            behindS: this.rewind.behindS,
            meanSquare: Math.max(this.energyLeft, this.energyRight) / this.count,
            seconds: this.count / sampleRate,
        };
        this.port.postMessage(reading);
        this.count = 0;
        this.energyLeft = 0;
        this.energyRight = 0;
    }
}

function energyOf(weighting: AWeighting, samples: Float32Array): number {
    let energy = 0;
    for (const sample of samples) {
        const weighted = weighting.next(sample);
        energy += weighted * weighted;
    }
    return energy;
}

registerProcessor('desk-sound', DeskSoundProcessor);
