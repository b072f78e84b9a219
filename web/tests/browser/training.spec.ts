// The rehearsal room, measured by frequency: the trainer's file is the floor, the student interprets it, the trainer hears each in an ear
// of its own, and the student's recording holds both sides. No meeting that is not a rehearsal has any of it.
import { BROWSERS, expect, type Person, test } from './fixtures.ts';

const SPEECH = 500;
const STUDENT = 900;
const RATE = 16_000;

/** A tone as a WAV file (16 bit, one channel). */
function tone(frequency: number, seconds: number): Buffer {
    const samples = RATE * seconds;
    const file = Buffer.alloc(44 + 2 * samples);
    file.write('RIFF', 0);
    file.writeUInt32LE(36 + 2 * samples, 4);
    file.write('WAVEfmt ', 8);
    file.writeUInt32LE(16, 16);
    file.writeUInt16LE(1, 20);
    file.writeUInt16LE(1, 22);
    file.writeUInt32LE(RATE, 24);
    file.writeUInt32LE(2 * RATE, 28);
    file.writeUInt16LE(2, 32);
    file.writeUInt16LE(16, 34);
    file.write('data', 36);
    file.writeUInt32LE(2 * samples, 40);
    for (let at = 0; at < samples; at += 1) {
        file.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * frequency * at) / RATE)), 44 + 2 * at);
    }
    return file;
}

/** dBFS of the frequencies on each side of the recording that the page gave an address last, in its middle second. */
async function sidesOf(person: Person): Promise<{ left: number[]; right: number[] }> {
    return person.page.evaluate(
        async (frequencies) => {
            const recording = (window as unknown as { given: Blob }).given;
            const data = await recording.arrayBuffer();
            const sound = await new OfflineAudioContext(2, 1, 48_000).decodeAudioData(data);
            const level = (side: number, frequency: number): number => {
                const all = sound.getChannelData(side);
                const from = Math.floor(all.length / 2) - 24_000;
                let sine = 0;
                let cosine = 0;
                for (let at = 0; at < 48_000; at += 1) {
                    const shape = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / 48_000);
                    const sample = (all[from + at] ?? 0) * shape;
                    sine += sample * Math.sin((2 * Math.PI * frequency * at) / 48_000);
                    cosine += sample * Math.cos((2 * Math.PI * frequency * at) / 48_000);
                }
                return 20 * Math.log10((4 * Math.hypot(sine, cosine)) / 48_000 + 1e-10);
            };
            return {
                left: frequencies.map((one) => level(0, one)),
                right: frequencies.map((one) => level(1, one)),
            };
        },
        [SPEECH, STUDENT],
    );
}

for (const browser of BROWSERS) {
    test(`${browser}: a speech is the floor, a student interprets it, each has an ear and a side`, async ({
        person,
    }) => {
        const trainer = await person({
            role: 'technician',
            participant: 'trainer',
            meeting: 'rehearsal',
            browser,
        });
        const student = await person({
            role: 'interpreter',
            participant: 'interpreter-fr-1',
            language: 'fr',
            meeting: 'rehearsal',
            tone: STUDENT,
            browser,
        });
        await expect(trainer.page.locator('.top-bar')).toContainText('Rehearsal');

        await trainer.page
            .locator('.speech-file input')
            .setInputFiles({ name: 'speech.wav', mimeType: 'audio/wav', buffer: tone(SPEECH, 60) });
        await trainer.page.getByLabel('Language of the speech').selectOption('es');
        await trainer.page.getByRole('button', { name: 'Play as the floor' }).click();
        await student.hears('floor_1', SPEECH);
        await expect.poll(async () => (await student.meeting())?.floor_language).toBe('es');
        await expect(student.page.locator('.plate-heading')).toHaveText('A recorded speech');

        // The student records, and interprets.
        await student.page.keyboard.press('-');
        await expect(student.page.locator('.take-key')).toHaveAttribute('aria-pressed', 'true');
        await student.page.keyboard.press('m');
        await trainer.page.locator('.student-key', { hasText: 'French' }).click();
        await trainer.hears('left', SPEECH, [STUDENT]);
        await trainer.hears('right', STUDENT, [SPEECH]);
        await trainer.page.getByLabel('Original right, interpretation left').check();
        await trainer.hears('left', STUDENT, [SPEECH]);
        await trainer.hears('right', SPEECH, [STUDENT]);

        // Pause is silence on the floor; the end takes the speech off it.
        await student.page.keyboard.press('m');
        await student.page.keyboard.press('-');
        await trainer.page.getByRole('button', { name: 'Pause' }).click();
        await expect.poll(async () => (await student.tones('floor_1', [SPEECH]))[0]!).toBeLessThan(-60);
        await trainer.page.getByLabel('Position in the speech').fill('59');
        await trainer.page.getByRole('button', { name: 'Play as the floor' }).click();
        await expect
            .poll(async () => (await trainer.meeting())?.feeds.find((one) => one.id === 'speech')?.target)
            .toBe('none');
        await trainer.page.getByRole('button', { name: 'End the speech' }).click();
        await expect.poll(async () => (await trainer.meeting())?.feeds.length).toBe(0);

        // The take: the original on its left, the student on its right, and when the microphone was on.
        await student.page.evaluate(() => {
            const plain = URL.createObjectURL;
            URL.createObjectURL = (one) => {
                (window as unknown as { given: unknown }).given = one;
                return plain.call(URL, one);
            };
        });
        await student.page.locator('.take-list .document-key').click();
        const dialog = student.page.getByRole('dialog');
        await expect(dialog.locator('.take-marks')).toContainText('on the air');
        await expect(dialog.getByRole('link', { name: 'Save' })).toHaveAttribute(
            'download',
            /^rehearsal-1\./,
        );
        const { left, right } = await sidesOf(student);
        expect(left[0]!, 'the speech on the left').toBeGreaterThan(-40);
        expect(left[1]!, 'not the student').toBeLessThan(left[0]! - 40);
        expect(right[1]!, 'the student on the right').toBeGreaterThan(-40);
        expect(right[0]!, 'not the speech').toBeLessThan(right[1]! - 40);
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await expect(student.page.locator('.take-list')).toHaveCount(0);
    });
}

test('no meeting that is not a rehearsal has a recorder or a speech to play', async ({ person }) => {
    const interpreter = await person({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
    });
    const technician = await person({ role: 'technician' });
    await interpreter.page.keyboard.press('-');
    await expect(interpreter.page.locator('.desk')).toBeVisible();
    await expect(interpreter.page.locator('.take-key')).toHaveCount(0);
    await expect(technician.page.getByText('Speech to interpret')).toHaveCount(0);
});
