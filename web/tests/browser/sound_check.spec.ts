// While no sitting is open, an interpreter's open microphone is a sound check: who works with it hears it, the meeting does not, and the
// pages say so.
import { expect, test } from './fixtures.ts';
import { LightPeople } from './light_people.ts';

const SOPHIE = 1100;

test('before a sitting interpreters are heard among themselves, and by all when it opens', async ({
    person,
    plenary,
}) => {
    const light = new LightPeople(plenary);
    const chair = await light.join({ role: 'chair', tone: 500 });
    const sophie = await person({
        role: 'interpreter',
        participant: 'interpreter-fr-1',
        language: 'fr',
        tone: SOPHIE,
    });
    const technician = await person({ role: 'technician' });
    const listener = await person({ role: 'listener' });
    await technician.chooseLanguage('fr');
    await listener.chooseLanguage('fr');
    await chair.command('sitting.suspend');
    await expect(sophie.page.locator('.desk-warnings')).toContainText('your press is a sound check');

    await sophie.page.keyboard.press('m');
    await technician.hears('language', SOPHIE);
    await expect(sophie.page.locator('.desk-air')).toHaveText('Sound check');
    await expect(sophie.page.locator('.desk-warnings')).toContainText(
        'only booths, technicians and moderators hear you',
    );
    await expect(sophie.page.locator('.on-air-mark')).toHaveCount(0);
    const notice = listener.page.locator('.notice-sound-check');
    await expect(notice).toContainText('You will hear the interpreters when it opens.');
    await expect(listener.page.locator('.language-key').nth(4)).toContainText('Sound check');
    // The technician has heard it for a while: so would the listener.
    expect((await listener.tones('language', [SOPHIE]))[0]).toBeLessThan(-60);

    await chair.command('sitting.open');
    await listener.hears('language', SOPHIE);
    await expect(sophie.page.locator('.desk-air')).toHaveText('On air');
    await expect(sophie.page.locator('[data-desk=assertive]')).toHaveText(
        'The sitting is open: everyone who listens to you hears you now.',
    );
    await expect(notice).toHaveCount(0);

    // The sitting is over, and with it what is heard.
    await chair.command('sitting.close');
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await expect.poll(async () => (await listener.tones('language', [SOPHIE]))[0]).toBeLessThan(-60);
    await light.close();
});
