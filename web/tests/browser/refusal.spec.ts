// Whoever is refused reads why in their own language.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from './fixtures.ts';

const ARABIC = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../src/i18n/ar.json'), 'utf8'),
) as Record<string, string>;

test('a second screen is refused in Arabic, by the name of whose screen is shown', async ({
    person,
    light,
}) => {
    const { speaker } = await light.speech({ role: 'delegate', delegation: 'BRA', tone: 700 });
    await speaker.command('screen.set', { on: true });
    const { page, diagnose } = await person({
        role: 'secretary',
        screen: 'red',
        interfaceLanguage: 'ar',
    }).then((secretary) => ({ page: secretary.page, diagnose: secretary.diagnose.bind(secretary) }));
    const name = await diagnose(
        (diagnostics, id) => diagnostics.meeting()?.participants.find((one) => one.id === id)?.name ?? '?',
        speaker.participant,
    );
    await page.getByRole('button', { name: new RegExp(`^${ARABIC['screen.off']}`) }).click();
    const why = (ARABIC['refusal.screen_taken'] ?? '').replace('{name}', name);
    await expect(page.locator('.notice-place p')).toHaveText(
        (ARABIC['problem.refused'] ?? '').replace('{why}', why),
    );
});
