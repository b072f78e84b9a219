// One's own voice on a narrow line: it steps down when packets wait, rises seldom, and a far line is no narrow one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VOICE_BEGINS_BITS } from '../src/media/peer.ts';
import { VOICE_STEPS, VoiceRate } from '../src/media/voice_rate.ts';

const EVERY_MS = 2000;
const HEADERS_BITS = 23_000;

/** A line of so many bits a second, with a queue of a second, before which the voice runs for so long. */
function speak(
    rate: VoiceRate,
    lineBits: number,
    forMs: number,
    leastMs = 50,
    from = EVERY_MS,
    narrow = false,
) {
    const steps: number[] = [];
    // Connected for a while before.
    rate.step({ at: from - 1, sent: false, roundTripMs: leastMs, lossUp: 0, narrow: false });
    let waitingMs = 0;
    let lost = 0;
    for (let at = from; at < from + forMs; at += EVERY_MS) {
        const over = (rate.bits + HEADERS_BITS) / lineBits - 1;
        const wanted = waitingMs + over * EVERY_MS;
        waitingMs = Math.min(1000, Math.max(0, wanted));
        const lossUp = Math.max(0, wanted - 1000) / ((1 + over) * EVERY_MS);
        lost += lossUp;
        steps.push(rate.step({ at, sent: true, roundTripMs: leastMs + waitingMs, lossUp, narrow }));
    }
    return { steps, lost };
}

test('a voice is judged from where it begins', () => {
    assert.equal(new VoiceRate().bits, VOICE_BEGINS_BITS);
});

test('on a wide line the voice rises to all it may take, and stays there', () => {
    const rate = new VoiceRate();
    const { steps } = speak(rate, 2_000_000, 60_000);
    assert.equal(steps[0], 32_000);
    assert.equal(steps.at(-1), 96_000);
    assert.ok(steps.every((bits, i) => i === 0 || bits >= (steps[i - 1] ?? 0)));
});

test('on a narrow line it steps down until nothing waits, and tries again ever more seldom', () => {
    for (const [line, fits] of [
        [96_000, 56_000],
        [64_000, 32_000],
        [48_000, 20_000],
    ] as const) {
        const rate = new VoiceRate();
        const { steps } = speak(rate, line, 600_000);
        const tries = steps.filter((bits, i) => bits > (steps[i - 1] ?? Number.POSITIVE_INFINITY)).length;
        assert.ok(steps.slice(-100).filter((bits) => bits <= fits).length > 80, `${line}: ${steps}`);
        assert.ok(tries <= 6, `${line}: ${tries} tries`);
    }
});

test('a voice never ends, however full the line', () => {
    const rate = new VoiceRate();
    const { steps } = speak(rate, 10_000, 60_000);
    assert.equal(Math.min(...steps), VOICE_STEPS.at(-1));
});

/** Full from the first measurement on: the shortest round trip that is known is already that of the queue. */
function speakInto(
    rate: VoiceRate,
    line: { bits: number; queueMs: number; byChance?: number },
    forMs = 600_000,
) {
    const steps: number[] = [];
    const losses: number[] = [];
    let waitingMs = line.queueMs;
    let seed = 1;
    for (let at = EVERY_MS; at < forMs; at += EVERY_MS) {
        const sent = rate.bits + HEADERS_BITS;
        const wanted = waitingMs + (sent / line.bits - 1) * EVERY_MS;
        waitingMs = Math.min(line.queueMs, Math.max(0, wanted));
        const share = Math.max(0, ((wanted - line.queueMs) * line.bits) / (sent * EVERY_MS));
        losses.push(share);
        // What the last report was of: so few packets that chance shows another share each time.
        let missing = 0;
        for (let packet = 0; packet < 25; packet += 1) {
            seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
            missing += seed / 2 ** 31 < (line.byChance ?? 0) ? 1 : 0;
        }
        const lossUp = Math.min(1, share + missing / 25);
        steps.push(rate.step({ at, sent: true, roundTripMs: 100 + waitingMs, lossUp, narrow: false }));
    }
    return { steps, losses };
}

const mean = (of: number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;

test('a line that was full before anything was measured is seen by what it loses', () => {
    for (const queueMs of [100, 300, 1000, 3000]) {
        for (const [bits, fits] of [
            [48_000, 20_000],
            [40_000, 14_000],
        ] as const) {
            const { steps, losses } = speakInto(new VoiceRate(), { bits, queueMs });
            const told = `${bits} bits, ${queueMs} ms: ${steps}`;
            assert.ok(
                steps.slice(20).filter((step) => step <= fits).length > 0.85 * (steps.length - 20),
                told,
            );
            assert.ok(mean(losses.slice(20)) < 0.02, told);
        }
    }
});

test('a line too narrow for any step leaves the voice at the lowest, with few tries', () => {
    const { steps } = speakInto(new VoiceRate(), { bits: 30_000, queueMs: 1000 });
    assert.ok(
        steps.slice(20).filter((step) => step === 14_000).length > 0.85 * (steps.length - 20),
        `${steps}`,
    );
    assert.ok(Math.max(...steps.slice(20)) <= 20_000, `${steps}`);
});

test('what a wide line loses by chance does not hold the voice down', () => {
    for (const byChance of [0.03, 0.06, 0.08, 0.11, 0.15, 0.25]) {
        const { steps } = speakInto(new VoiceRate(), { bits: 10_000_000, queueMs: 0, byChance });
        const wide = steps.filter((step) => step >= 56_000).length / steps.length;
        assert.ok(wide > 0.75, `${byChance}: ${steps}`);
        // Asked again after five minutes, not before.
        const falls = steps.filter((step, i) => step < 56_000 && (steps[i - 1] ?? 56_000) >= 56_000).length;
        assert.ok(falls <= 4, `${byChance}: ${steps}`);
    }
});

test('a far line is no narrow one, and neither is one that loses packets by chance', () => {
    const far = new VoiceRate();
    assert.equal(speak(far, 2_000_000, 60_000, 1400).steps.at(-1), 96_000);
    const lossy = new VoiceRate();
    for (let at = 2000; at < 60_000; at += EVERY_MS) {
        lossy.step({ at, sent: true, roundTripMs: 60, lossUp: 0.05, narrow: false });
    }
    assert.equal(lossy.bits, 96_000);
});

test('a line that has become longer is learned within a minute', () => {
    const rate = new VoiceRate();
    speak(rate, 2_000_000, 60_000);
    speak(rate, 2_000_000, 60_000, 900, 62_000);
    speak(rate, 2_000_000, 900_000, 900, 122_000);
    assert.equal(rate.bits, 96_000);
});

test('while nothing is sent nothing is learned of the line', () => {
    const rate = new VoiceRate();
    for (let at = 2000; at < 600_000; at += EVERY_MS) {
        rate.step({
            at,
            sent: false,
            roundTripMs: at % 8000 === 0 ? 2000 : 50,
            lossUp: 0,
            narrow: false,
        });
    }
    assert.equal(rate.bits, 32_000);
});

test('a line that hardly carries a picture is not asked for a larger voice, and its voice gives way at once', () => {
    const held = new VoiceRate();
    assert.ok(speak(held, 2_000_000, 300_000, 50, EVERY_MS, true).steps.every((bits) => bits === 32_000));
    const wide = new VoiceRate();
    assert.equal(speak(wide, 2_000_000, 60_000).steps.at(-1), 96_000);
    assert.equal(speak(wide, 2_000_000, 4000, 50, 62_000, true).steps[0], 32_000);
    // While a picture is tried again nothing is said of the line.
    assert.ok(speak(wide, 2_000_000, 50_000, 50, 66_000).steps.every((bits) => bits === 32_000));
    assert.equal(speak(wide, 2_000_000, 60_000, 50, 126_000).steps.at(-1), 96_000);
});

test('a rise that loses more than was lost before is taken back by the next reading', () => {
    const { steps } = speakInto(new VoiceRate(), { bits: 64_000, queueMs: 100 });
    const risen = steps.flatMap((bits, i) => (bits > 32_000 && (steps[i - 1] ?? 0) <= 32_000 ? [i] : []));
    assert.ok(risen.length > 0 && risen.length <= 6, `${steps}`);
    assert.ok(
        risen.every((i) => (steps[i + 1] ?? 0) <= 32_000),
        `${steps}`,
    );
});
