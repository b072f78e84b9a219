// Every screen of the product in a meeting that is under way: one speaker with a camera, a list of speakers, two booths at work, a call
// for help.
import type { Page } from '@playwright/test';
import { expect, type Person, type PersonOptions, type PlenaryServer } from './fixtures.ts';

export type Screens = Map<string, Page>;

type MakePerson = (options: PersonOptions) => Promise<Person>;
type Visit = (path: string) => Promise<Page>;

export async function openScreens(
    person: MakePerson,
    visit: Visit,
    plenary: PlenaryServer,
): Promise<Screens> {
    const own = (participant: string, role: PersonOptions['role'] = 'delegate'): PersonOptions => ({
        role,
        participant,
    });
    const chair = await person({ role: 'chair' });
    const france = await person({ ...own('delegate-fra'), tone: 500, picture: 'blue' });
    const brazil = await person(own('delegate-bra'));
    const kenya = await person(own('delegate-ken'));
    const moderator = await person(own('moderator', 'moderator'));
    const technician = await person(own('technician', 'technician'));
    const french = await person({ ...own('interpreter-fr-1', 'interpreter'), language: 'fr', tone: 1100 });
    const spanish = await person({ ...own('interpreter-es-1', 'interpreter'), language: 'es', tone: 1700 });
    const entrance = await person({ ...own('delegate-egy'), stay: true });

    await france.press('Ask for the floor');
    await chair.press(/^Give the floor/);
    await expect(france.page.locator('.stage')).toContainText('You have the floor');
    await france.press(/^Camera/);
    await brazil.press('Ask for the floor');
    await kenya.press('Ask for the floor');
    await brazil.press('Call for help');
    await french.toggleMicrophone();
    await spanish.toggleMicrophone();
    await kenya.chooseLanguage('fr');
    await kenya.hears('language', 1100);

    const trainer = await person({ ...own('trainer', 'technician'), meeting: 'rehearsal' });
    const student = await person({
        ...own('interpreter-ru-1', 'interpreter'),
        language: 'ru',
        meeting: 'rehearsal',
    });
    await student.page.keyboard.press('-');
    await expect(student.page.locator('.take-key')).toHaveAttribute('aria-pressed', 'true');
    await student.page.keyboard.press('-');
    await expect(student.page.locator('.take-list .document-key')).toBeVisible();

    const projector = await visit(`/m/demo/projector#${plenary.token({ role: 'listener' })}`);
    await expect(projector.locator('.projector')).toBeVisible();
    const expired = await visit(`/m/demo#${plenary.token({ role: 'listener', lifetimeHours: 0 })}`);
    await expect(expired.locator('main')).toContainText('This link has expired');
    const signIn = await visit('/');
    await expect(signIn.locator('form')).toBeVisible();
    const help = await visit('/help/delegate');
    await expect(help.locator('.help')).toBeVisible();
    return new Map([
        ['sign-in', signIn],
        ['link-expired', expired],
        ['entrance', entrance.page],
        ['room', kenya.page],
        ['chair', chair.page],
        ['moderator', moderator.page],
        ['interpreter', french.page],
        ['technician', technician.page],
        ['trainer', trainer.page],
        ['student', student.page],
        ['projector', projector],
        ['help', help],
    ]);
}

/** Shows a screen in a language, as its own switch does. */
export async function showLanguage(page: Page, language: string): Promise<void> {
    if ((await page.locator('html').getAttribute('lang')) !== language) {
        await page.locator('.switch-language select').first().selectOption(language);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
    }
}

/** Light or dark: as the device says, and against what a desk prefers by itself. */
export async function showTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.evaluate((wanted) => {
        if (document.documentElement.dataset.theme !== undefined) {
            document.documentElement.dataset.theme = wanted;
        }
    }, theme);
}
