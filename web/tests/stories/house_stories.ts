// The house: what its server answers stands in house_server.ts.
import * as store from '../../src/state/store.ts';
import type { StoryName } from './names.ts';
import type { Story } from './told.ts';

const ACCOUNT = 't.brunner';
const PATIENCE_MS = 60;

function signedIn(): void {
    store.setSession({
        token: 'story',
        capacity: 'listener',
        name: 'Thomas Brunner',
        account: ACCOUNT,
        expires_at: Date.now() + 3_600_000,
    });
}

function at(path: string, more: Partial<Story> = {}): Story {
    return { person: '', path, after: signedIn, ...more };
}

async function fieldFor(selector: string): Promise<HTMLInputElement | HTMLTextAreaElement> {
    for (;;) {
        const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
        if (field !== null) {
            return field;
        }
        await new Promise((later) => setTimeout(later, PATIENCE_MS));
    }
}

async function write(selector: string, words: string): Promise<void> {
    const field = await fieldFor(selector);
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((later) => setTimeout(later, PATIENCE_MS));
}

async function press(selector: string): Promise<void> {
    await fieldFor(selector);
    document.querySelector<HTMLElement>(selector)?.click();
    await new Promise((later) => setTimeout(later, PATIENCE_MS));
}

const PASTED = `Amina Hassan; delegate; EGY; amina@example.org
Olga Petrova; interpreter; ru
Somebody; king; FRA
Diego Hernández; delegate; XYZ; diego.example.org
Wanjiku Kamau; delegate; KEN`;

const COUNCIL = '/house/m/council';

export const HOUSE = {
    house: at('/house'),
    'house-listener': at('/house'),
    'house-empty': at('/house'),
    'house-new': at('/house/new'),
    'house-new-council': at('/house/new', {
        press: ['.new-preset:nth-of-type(2) input', '.localized summary'],
    }),
    'house-meeting': at(COUNCIL),
    'house-call-off': at('/house/m/languages', { press: ['.overview-life .button:last-child'] }),
    'house-conflict': at(COUNCIL, {
        drawn: async () => {
            await write('.overview-form .localized input', 'Council');
            await press('.overview-form button[type=submit]');
        },
    }),
    'house-people': at(`${COUNCIL}/people`),
    'house-person': at(`${COUNCIL}/people`, { press: ['.people-keys .button-filled'] }),
    'house-pasted': at(`${COUNCIL}/people`, {
        drawn: async () => {
            await press('.people-keys .button:nth-child(2)');
            await write('.paste-lines', PASTED);
            await press('dialog button[type=submit]');
        },
    }),
    'house-link': at(`${COUNCIL}/people`, {
        drawn: async () => {
            await press('.made-line .button');
            await fieldFor('.made-keys');
        },
        press: ['.people-line:nth-child(4) .people-line-keys button'],
    }),
    'house-table': at(`${COUNCIL}/people`, {
        drawn: async () => {
            await press('.people-keys .button:first-child');
            const field = await fieldFor('dialog input[type=file]');
            const files = new DataTransfer();
            files.items.add(new File(['Name;Capacity'], 'people.csv', { type: 'text/csv' }));
            (field as HTMLInputElement).files = files.files;
            field.dispatchEvent(new Event('change', { bubbles: true }));
            await press('dialog button[type=submit]');
        },
    }),
    'house-delegations': at(`${COUNCIL}/delegations`),
    'house-countries': at(`${COUNCIL}/delegations`, {
        drawn: async () => {
            await press('.delegations-tools .button-filled');
            await write('.countries-codes', 'PER, SEN, PSE, WTO');
            await press('dialog button[type=submit]');
        },
    }),
    'house-agenda': at(`${COUNCIL}/agenda`),
    'house-item': at(`${COUNCIL}/agenda`, { press: ['.agenda-plan-tools .button-filled'] }),
    'house-badges': at(`${COUNCIL}/people`, {
        drawn: async () => {
            await press('.made-line .button');
            await press('.made-keys a');
            await fieldFor('.badge-code');
        },
    }),
    'house-bodies': at('/house/bodies'),
    'house-body': at('/house/bodies', { press: ['.bodies-line:nth-child(2) button:nth-child(2)'] }),
    'house-unsaved': at('/house/new', {
        drawn: () => write('.localized input', 'Drafting group'),
        press: ['.new-keys .button:first-child'],
    }),
} satisfies Partial<Record<StoryName, Story>>;
