// Every screen of the product in a meeting that is under way: one speaker, a list of speakers, two booths at work, a call for help. Only the
// screen that is looked at is a page, and where pictures are wanted the speaker with a camera; everybody else is light.
import type { Page } from '@playwright/test';
import { expect, type Person, type PersonOptions, type PlenaryServer } from './fixtures.ts';
import type { LightPeople } from './light_people.ts';

interface Means {
    person: (options: PersonOptions) => Promise<Person>;
    visit: (path: string) => Promise<Page>;
    light: LightPeople;
    plenary: PlenaryServer;
    /** The speaker has a camera. */
    pictures?: boolean;
}

const FRENCH = 1100;
const SPANISH = 1700;

const own = <Role extends PersonOptions['role']>(participant: string, role: Role) => ({ role, participant });
const interpreter = (id: string, tone: number) => ({
    ...own(`interpreter-${id}`, 'interpreter'),
    language: id.slice(0, 2),
    tone,
});

/** The meeting as far as others make it; `without` is the participant whose page is opened. */
async function getUnderWay({ person, light, pictures }: Means, without: string): Promise<void> {
    const chair = await light.join({ role: 'chair' });
    if (pictures) {
        const france = await person({ ...own('delegate-fra', 'delegate'), tone: 500, picture: 'blue' });
        await france.press('Ask for the floor');
        await chair.command('floor.give', { participant: 'delegate-fra' });
        await expect(france.page.locator('.stage')).toContainText('You have the floor');
        await france.press(/^Camera/);
    } else {
        await light.giveFloor(chair, await light.join({ ...own('delegate-fra', 'delegate'), tone: 500 }));
    }
    for (const id of ['delegate-bra', 'delegate-ken']) {
        if (id !== without) {
            const delegate = await light.join(own(id, 'delegate'));
            await delegate.command('floor.request');
            await delegate.command('help.ask');
        }
    }
    if (without === 'chair') {
        await chair.leave();
    }
    for (const one of [interpreter('fr-1', FRENCH), interpreter('es-1', SPANISH)]) {
        if (one.participant !== without) {
            await (await light.join(one)).microphone('on');
        }
    }
}

type Open = (means: Means) => Promise<Page>;

async function rehearsalStudent({ person }: Means): Promise<Page> {
    const student = await person({ ...interpreter('ru-1', 500), meeting: 'rehearsal' });
    await student.page.keyboard.press('-');
    await expect(student.page.locator('.take-key')).toHaveAttribute('aria-pressed', 'true');
    await student.page.keyboard.press('-');
    await expect(student.page.locator('.take-list .document-key')).toBeVisible();
    return student.page;
}

const OPEN: Record<string, Open> = {
    'sign-in': async ({ visit }) => {
        const page = await visit('/');
        await expect(page.locator('form')).toBeVisible();
        return page;
    },
    'link-expired': async ({ visit, plenary }) => {
        const page = await visit(`/m/demo#${plenary.expiredToken({ role: 'listener' })}`);
        await expect(page.locator('main')).toContainText('This link has expired');
        return page;
    },
    entrance: async (means) => {
        await getUnderWay(means, '');
        return (await means.person({ ...own('delegate-egy', 'delegate'), stay: true })).page;
    },
    room: async (means) => {
        await getUnderWay(means, 'delegate-ken');
        const kenya = await means.person(own('delegate-ken', 'delegate'));
        await kenya.press('Ask for the floor');
        await kenya.chooseLanguage('fr');
        await kenya.hears('language', FRENCH);
        return kenya.page;
    },
    chair: async (means) => {
        await getUnderWay(means, 'chair');
        return (await means.person({ role: 'chair' })).page;
    },
    secretary: async (means) => {
        await getUnderWay(means, '');
        return (await means.person({ role: 'secretary' })).page;
    },
    moderator: async (means) => {
        await getUnderWay(means, '');
        return (await means.person(own('moderator', 'moderator'))).page;
    },
    interpreter: async (means) => {
        await getUnderWay(means, 'interpreter-fr-1');
        const french = await means.person(interpreter('fr-1', FRENCH));
        await french.toggleMicrophone();
        await expect(french.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
        return french.page;
    },
    technician: async (means) => {
        await getUnderWay(means, '');
        return (await means.person(own('technician', 'technician'))).page;
    },
    trainer: async (means) => {
        const student = await means.light.join({ ...interpreter('ru-1', 500), meeting: 'rehearsal' });
        await student.microphone('on');
        return (await means.person({ ...own('trainer', 'technician'), meeting: 'rehearsal' })).page;
    },
    student: rehearsalStudent,
    projector: async (means) => {
        await getUnderWay(means, '');
        const page = await means.visit(`/m/demo/projector#${means.plenary.token({ role: 'listener' })}`);
        await expect(page.locator('.projector')).toBeVisible();
        return page;
    },
    help: async ({ visit }) => {
        const page = await visit('/help/delegate');
        await expect(page.locator('.help')).toBeVisible();
        return page;
    },
};

export const SCREENS = Object.keys(OPEN);

export async function openScreen(name: string, means: Means): Promise<Page> {
    return OPEN[name]!(means);
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
