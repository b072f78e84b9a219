// Whoever is refused reads why in their own language.
import { WORDS } from '../words_of_the_page.ts';
import { expect, test } from './fixtures.ts';

const arabic = (key: string): string => WORDS[key]?.ar ?? '';

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
    await page.getByRole('button', { name: new RegExp(`^${arabic('screen.off')}`) }).click();
    const why = arabic('refusal.screen_taken').replace('{name}', `\u2068${name}\u2069`); // isolated: the name is Latin in an Arabic sentence
    await expect(page.getByTestId('told-line').getByRole('alert')).toHaveText(
        arabic('problem.refused').replace('{why}', why),
    );
});
