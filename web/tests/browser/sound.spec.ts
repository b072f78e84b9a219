// Sound where one looks for it: one panel behind one key for every role; what stands in for a language that nobody interprets; the controls
// of a lock screen.

import { expect, type Person, type PersonOptions, test } from './fixtures.ts';
import { CutLine } from './lines.ts';

const TEST_TONE = 500;
const FLOOR = 700;
const ENGLISH = 1100;
const CHINESE = 1700;
const HEADSET = { label: 'Headset', tone: 900 };
const DESK = { label: 'Desk microphone', tone: 600 };

async function openPanel(one: Person) {
    await one.page.locator('.sound-key, .desk-sound-devices').first().click();
    const panel = one.page.getByRole('dialog');
    await expect(panel.getByRole('heading', { level: 2 })).toHaveText('Sound');
    return panel;
}

const ROLES: PersonOptions[] = [
    { role: 'delegate', participant: 'delegate-fra' },
    { role: 'listener' },
    { role: 'chair' },
    { role: 'secretary' },
    { role: 'moderator' },
    { role: 'technician' },
    { role: 'interpreter', participant: 'interpreter-fr-1', language: 'fr' },
];
const LISTENING = ['listener', 'technician'];

for (const options of ROLES) {
    test(`${options.role}: devices, test tone, level and camera stand under Sound`, async ({ person }) => {
        const one = await person({ ...options, microphones: [HEADSET, DESK] });
        const panel = await openPanel(one);
        await expect(panel.getByText('Volume')).toBeVisible();
        const sends = !LISTENING.includes(options.role);
        const chooser = (name: string) => panel.getByRole('combobox', { name, exact: true });
        await expect(chooser('Earphones')).toBeVisible();
        await expect(chooser('Microphone')).toHaveCount(sends ? 1 : 0);
        await expect(panel.getByRole('meter')).toHaveCount(sends ? 1 : 0);
        const camera = await one.page.locator('.preview').count();
        expect(camera).toBe(await chooser('Camera').count());

        await panel.getByRole('button', { name: 'Test tone' }).click();
        await one.hears('left', TEST_TONE);
        await one.hears('right', TEST_TONE);
        // The focus goes back to the key.
        await one.page.keyboard.press('Escape');
        await expect(panel).toHaveCount(0);
        await expect(one.page.locator(':focus')).toHaveText('Sound');
    });
}

test('a device is called by its own name, and the level is grey until the microphone is open', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    const delegate = await person({
        role: 'delegate',
        participant: 'delegate-fra',
        microphones: [HEADSET, DESK],
        picture: 'green',
    });
    const level = delegate.page.locator('.microphone-state .level');
    await expect(level).toHaveClass(/level-idle/);
    const panel = await openPanel(delegate);
    const choice = panel.getByLabel('Microphone', { exact: true });
    await expect(choice.locator('option:checked')).toHaveText('Headset (the device’s own choice)');
    await expect(panel.locator('.level')).toHaveClass(/level-idle/);
    await expect(panel).toContainText('only you see this level');
    await choice.selectOption('Desk microphone');
    await expect(choice).toHaveValue('Desk microphone');
    await delegate.hears('microphone', DESK.tone);

    // The camera is seen here by oneself alone, and is closed with the panel.
    await panel.getByRole('button', { name: 'Try the camera' }).click();
    await expect(panel.locator('video')).toBeVisible();
    await delegate.page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
    await openPanel(delegate);
    await expect(panel.locator('video')).toHaveCount(0);
    await delegate.page.keyboard.press('Escape');

    await delegate.press('Ask for the floor');
    await chair.command('floor.give', { participant: 'delegate-fra' });
    await expect(delegate.page.getByTestId('microphone-state')).toContainText('everyone hears you');
    await expect(level).not.toHaveClass(/level-idle/);
    await openPanel(delegate);
    await expect(panel.getByRole('button', { name: 'Test tone' })).toHaveAttribute('aria-disabled', 'true');
    await expect(panel).toContainText('Not while your microphone is open');
});

test('the language chosen for it stands in while nobody interprets, is told, and goes again', async ({
    person,
    light,
}) => {
    await light.speech({ role: 'delegate', participant: 'delegate-bra', tone: FLOOR });
    const interpreter = (id: string, tone: number) =>
        light.join({
            role: 'interpreter',
            participant: `interpreter-${id}-1`,
            language: id,
            tone,
        });
    await (await interpreter('en', ENGLISH)).microphone('on');
    const chinese = await interpreter('zh', CHINESE);
    await chinese.microphone('on');
    const listener = await person({ role: 'listener' });
    const told = listener.page.getByTestId('fallback');
    await listener.chooseLanguage('zh');
    await listener.hears('mix', CHINESE, [FLOOR, ENGLISH]);
    const panel = await openPanel(listener);
    await panel.getByLabel('When my language is not interpreted').selectOption('en');
    await listener.page.keyboard.press('Escape');
    await expect(told).toHaveText('');
    const keys = listener.page.locator('.language-key').first();
    const before = await keys.boundingBox();

    await chinese.microphone('off');
    await listener.hears('mix', ENGLISH, [FLOOR, CHINESE]);
    await expect(told).toHaveText('Chinese: not interpreted now. You hear: English.');
    // The person's own key stays pressed, and nothing has moved.
    await expect(listener.page.locator('.language-key[aria-pressed=true]')).toContainText('中文');
    expect(await keys.boundingBox()).toEqual(before);

    await chinese.microphone('on');
    await listener.hears('mix', CHINESE, [FLOOR, ENGLISH]);
    await expect(told).toHaveText('');
    // It is remembered.
    await chinese.microphone('off');
    await listener.page.reload();
    await listener.enter();
    await expect(told).toContainText('You hear: English');
});

/** Keeps what the page gives the lock screen where a test can press it. */
function keepControls(): void {
    const kept = new Map<string, (() => void) | null>();
    const original = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
    navigator.mediaSession.setActionHandler = (action, handler) => {
        kept.set(action, handler as (() => void) | null);
        original(action, handler);
    };
    Object.assign(window, { testControls: kept });
}

test('a lock screen says which meeting and language, and pauses the sound of the meeting', async ({
    person,
    light,
}) => {
    await light.speech({ role: 'delegate', participant: 'delegate-bra', tone: FLOOR });
    const listener = await person({ role: 'listener', stay: true });
    const { page } = listener;
    await page.addInitScript(keepControls);
    await page.reload();
    await listener.enter();
    await listener.hears('mix', FLOOR);
    const shown = () =>
        page.evaluate(() => {
            const { metadata, playbackState } = navigator.mediaSession;
            return [metadata?.title, metadata?.artist, playbackState];
        });
    const press = (action: string) =>
        page.evaluate(
            (name) =>
                (window as unknown as { testControls: Map<string, () => void> }).testControls.get(name)?.(),
            action,
        );
    const title = (await listener.meeting())?.title.en;
    await expect.poll(shown).toEqual([title, 'Floor', 'playing']);
    await listener.chooseLanguage('fr');
    await expect.poll(shown).toEqual([title, 'French', 'playing']);
    await listener.chooseLanguage('floor');

    await press('pause');
    const paused = page.getByTestId('sound-paused');
    await expect(paused).toContainText('You have paused the sound of the meeting');
    await expect.poll(shown).toEqual([title, 'Floor', 'paused']);
    await expect.poll(async () => (await listener.tones('mix', [FLOOR]))[0]).toBeLessThan(-60);
    await press('play');
    await listener.hears('mix', FLOOR);
    await expect(paused).toHaveCount(0);

    await press('pause');
    await paused.getByRole('button', { name: 'Turn the sound on' }).click();
    await listener.hears('mix', FLOOR);
    await expect.poll(shown).toEqual([title, 'Floor', 'playing']);
});

test('while the connection alone is away nobody is told that nobody hears', async ({
    person,
    plenary,
    light,
}) => {
    const line = new CutLine();
    const pagePort = await line.open(plenary.port);
    const chair = await light.join({ role: 'chair' });
    const delegate = await person({ role: 'delegate', participant: 'delegate-fra', tone: FLOOR, pagePort });
    await delegate.press('Ask for the floor');
    await chair.command('floor.give', { participant: 'delegate-fra' });
    const state = delegate.page.getByTestId('microphone-state');
    await expect(state).toContainText('everyone hears you');
    line.cut();
    await expect(delegate.page.locator('.connection')).toContainText('your place is kept');
    await expect(state).toContainText('whether you are heard is not known now');
    await expect(state).not.toContainText('nobody hears');
    line.mend();
    line.close();
});
