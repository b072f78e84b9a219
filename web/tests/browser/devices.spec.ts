// A microphone that is refused or lost comes back by the key itself and by the notice, without a menu and without a reload; what the
// server receives meanwhile is heard at a light ear.
import { expect, test } from './fixtures.ts';

const HEADSET = { label: 'Headset', tone: 900 };
const BUILT_IN = { label: 'Built-in', tone: 600 };

test('refused by the browser: the key asks again, and goes on when it is permitted', async ({
    person,
    light,
}) => {
    const chair = await person({ role: 'chair', browser: 'strict', stay: true });
    const { page, context } = chair;
    await expect(page.locator('.field-problem')).toContainText('The browser does not permit it');
    await chair.enter();
    const floor = await light.hear('floor');
    const notice = page.getByTestId('microphone-trouble');
    await expect(notice).toContainText('Press the lock beside the address');
    await chair.press('Take the floor');
    await expect(notice).toContainText('Nothing was opened');
    await expect(notice.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect((await chair.meeting())?.floor).toEqual([]);

    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await context.grantPermissions(['microphone']);
    const since = Date.now();
    await chair.press('Take the floor');
    await expect(page.getByTestId('microphone-state')).toContainText('everyone hears you');
    await expect(notice).toHaveCount(0);
    await expect.poll(async () => (await floor.between(since)).packets).toBeGreaterThan(50);
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
});

test('pulled while on the air: another one is heard at once; back, it is offered; nothing left is said', async ({
    person,
    light,
}) => {
    const chair = await person({ role: 'chair', microphones: [HEADSET, BUILT_IN] });
    const { page } = chair;
    const floor = await light.hear('floor');
    await chair.press('Take the floor');
    await floor.hears(HEADSET.tone);
    const joins = (await chair.state()).joins;
    const senders = (): Promise<number> =>
        page.evaluate(
            () =>
                window.testPeers
                    ?.at(-1)
                    ?.getSenders()
                    .filter((one) => one.track?.kind === 'audio').length ?? 0,
        );

    await page.evaluate(() => window.testHardware?.pull('Headset'));
    await floor.hears(BUILT_IN.tone);
    const moved = page.getByTestId('microphone-moved');
    await expect(moved).toContainText('“Headset” is gone: “Built-in” is your microphone now.');
    await expect(page.getByTestId('microphone-state')).toContainText('everyone hears you');

    const plugged = Date.now();
    await page.evaluate(() => window.testHardware?.plug('Headset'));
    await expect(moved).toContainText('“Headset” is there again. Your microphone is still “Built-in”.');
    // It does not go back by itself.
    await expect.poll(async () => (await floor.between(plugged)).packets).toBeGreaterThan(50);
    expect((await floor.between(plugged)).order).toEqual([BUILT_IN.tone]);
    const pressed = Date.now();
    await moved.getByRole('button', { name: 'Use “Headset” again' }).click();
    await floor.hears(HEADSET.tone, pressed);
    await expect(moved).toHaveCount(0);

    await page.evaluate(() => window.testHardware?.pull('Built-in'));
    await page.evaluate(() => window.testHardware?.pull('Headset'));
    const trouble = page.getByTestId('microphone-trouble');
    await expect(trouble).toContainText('Plug one in, then try again');
    await expect(page.getByTestId('microphone-state')).toContainText('nobody hears you');
    const back = Date.now();
    await page.evaluate(() => window.testHardware?.plug('Built-in'));
    await floor.hears(BUILT_IN.tone, back);
    await expect(trouble).toHaveCount(0);
    // All of it in the same place of the same connection.
    expect((await chair.state()).joins).toBe(joins);
    expect(await senders()).toBe(1);
});

test('an interpreter whose microphone is taken by another program presses, and takes another one', async ({
    person,
    light,
}) => {
    const options = { role: 'interpreter', participant: 'interpreter-fr-1', language: 'fr' } as const;
    const sophie = await person({ ...options, microphones: [HEADSET, BUILT_IN] });
    const { page } = sophie;
    const channel = await light.hear('fr');
    await page.evaluate(() => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wanted) => {
            const audio = wanted?.audio as MediaTrackConstraints;
            const { exact } = (audio.deviceId ?? {}) as ConstrainDOMStringParameters;
            if (exact !== 'Built-in') {
                throw new DOMException('taken', 'NotReadableError');
            }
            return ask(wanted);
        };
        // Its track ends, though it stays in the list.
        window.testHardware?.pull('Headset');
        window.testHardware?.plug('Headset');
    });
    // The other one was taken by itself: it goes too, and comes back as one among several.
    const trouble = page.getByTestId('microphone-trouble');
    await expect(page.getByTestId('microphone-moved').or(trouble)).toBeVisible();
    await page.evaluate(() => {
        window.testHardware?.pull('Built-in');
    });
    await expect(trouble).toBeVisible();
    await page.keyboard.press('m');
    await expect(trouble).toContainText('Nothing was opened');
    await expect(trouble).toContainText('Another program uses it');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await page.evaluate(() => window.testHardware?.plug('Built-in'));
    await trouble.getByRole('button', { name: 'Built-in' }).click();
    await expect(trouble).toHaveCount(0);
    await page.keyboard.press('m');
    await channel.hears(BUILT_IN.tone);
});

test('a request that the browser never answers: said on the notice, which asks anew', async ({
    person,
    light,
}) => {
    const chair = await person({ role: 'chair', microphones: [HEADSET, BUILT_IN] });
    const { page } = chair;
    const floor = await light.hear('floor');
    await chair.press('Take the floor');
    await floor.hears(HEADSET.tone);
    await page.evaluate(() => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = () => {
            navigator.mediaDevices.getUserMedia = ask;
            return new Promise(() => {});
        };
        window.testHardware?.pull('Headset');
    });
    const trouble = page.getByTestId('microphone-trouble');
    await expect(trouble).toContainText('The browser has not answered', { timeout: 30_000 });
    await expect(trouble.getByRole('button', { name: 'Built-in' })).toBeVisible();
    await trouble.getByRole('button', { name: 'Try again' }).click();
    await expect(trouble).toHaveCount(0);
    await floor.hears(BUILT_IN.tone);
});

test('a camera that ends while others see it: said on the notice, and another one is taken there', async ({
    person,
}) => {
    const chair = await person({ role: 'chair', picture: 'red' });
    const { page } = chair;
    await page.evaluate(() => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        const cameras = ['Front', 'Back'].map((label) => {
            const one = { kind: 'videoinput', deviceId: label, groupId: label, label };
            return { ...one, toJSON: () => one } as MediaDeviceInfo;
        });
        navigator.mediaDevices.enumerateDevices = async () => cameras;
        navigator.mediaDevices.getUserMedia = async (wanted) => {
            const stream = await ask(wanted);
            const { deviceId } = (wanted?.video ?? {}) as { deviceId?: { exact?: string } };
            for (const track of stream.getVideoTracks()) {
                track.getSettings = () => ({ deviceId: deviceId?.exact ?? 'Front' });
                Object.assign(window, { testCamera: track });
            }
            return stream;
        };
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    });
    const trouble = page.getByTestId('camera-trouble');
    const seen = async (): Promise<boolean | undefined> =>
        (await chair.meeting())?.participants.find((one) => one.id === 'chair')?.camera;
    const pull = (): Promise<void> =>
        page.evaluate(() => {
            const { testCamera } = window as unknown as { testCamera: MediaStreamTrack };
            testCamera.stop();
            testCamera.dispatchEvent(new Event('ended'));
        });
    await chair.press(/^Camera/);
    await expect.poll(seen).toBe(true);
    await pull();
    await expect(trouble).toContainText('Camera: It stopped or was unplugged');
    await expect.poll(seen).toBeFalsy();
    await expect(trouble.getByRole('button', { name: 'Front' })).toHaveCount(0);
    await trouble.getByRole('button', { name: 'Back' }).click();
    await expect(trouble).toHaveCount(0);
    await expect.poll(seen).toBe(true);

    await pull();
    await expect(trouble.getByRole('button', { name: 'Front' })).toBeVisible();
    await trouble.getByRole('button', { name: 'Try again' }).click();
    await expect(trouble).toHaveCount(0);
    await expect.poll(seen).toBe(true);

    // Closed by a press of one's own: nothing is said.
    await chair.press(/^Camera/);
    await expect.poll(seen).toBeFalsy();
    await expect(trouble).toHaveCount(0);
});
