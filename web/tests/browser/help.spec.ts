// A call for help is a conversation: three presses from the trouble to the answer, both know whom they speak with, the chooser stands where the
// suggestion is, and no key of the dock is anywhere else for it.
import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { showLanguage } from './screens.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 640 };
const PICTURES = process.env.PLENARY_PICTURES;
const LONG = process.env.PLENARY_LONG !== undefined || PICTURES !== undefined;
const WAYS = LONG
    ? ['en', 'ar', 'zh', 'fr', 'ru', 'es'].flatMap((language) =>
          [WIDE, PHONE].map((size) => ({ size, language })),
      )
    : [
          { size: WIDE, language: 'en' },
          { size: PHONE, language: 'ar' },
      ];
const TITLE = `Paper ${'Abcdefghij'.repeat(11)}`;
const NAME = `Maximiliana-${'Abcdefghij'.repeat(9)}`;

/** Of the dock's keys, in each size and language; what is wider than its window, or than the conversation, fails. */
async function look(page: Page, what: string): Promise<Record<string, number[][]>> {
    const all: Record<string, number[][]> = {};
    for (const { size, language } of WAYS) {
        await page.setViewportSize(size);
        await showLanguage(page, language);
        const where = `${language} ${size.width}`;
        const { keys, spilled } = await page.evaluate(() => ({
            keys: [...document.querySelectorAll('.dock-keys button')].map((key) => {
                const { x, y, width, height } = key.getBoundingClientRect();
                return [x, y, width, height].map(Math.round);
            }),
            spilled: [...document.querySelectorAll('.dialog, .help-call, .help-log, .notice, html')]
                .filter((one) => one.scrollWidth > one.clientWidth + 1)
                .map((one) => `${one.className} ${one.scrollWidth} in ${one.clientWidth}`),
        }));
        expect(spilled, `${what}, ${where}`).toEqual([]);
        all[where] = keys;
        if (PICTURES !== undefined) {
            mkdirSync(PICTURES, { recursive: true });
            await page.screenshot({ path: `${PICTURES}/help-${what}-${language}-${size.width}.png` });
        }
    }
    await page.setViewportSize(WIDE);
    await showLanguage(page, 'en');
    return all;
}

async function addPaper(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Add a document' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Title').fill(TITLE);
    await form.getByLabel('Agenda item').selectOption('');
    await form.getByLabel('Or the text itself').fill('One, two.');
    await form.getByRole('button', { name: 'Add a document' }).click();
    await expect(form).toBeHidden();
}

test('help with an answer in three presses, and a conversation until it is solved', async ({
    person,
    light,
}) => {
    const caller = await person({ role: 'delegate', name: NAME });
    const helper = await person({ role: 'moderator', participant: 'moderator' });
    const technician = await light.join({ role: 'technician', participant: 'technician' });
    const { page } = caller;
    const id = (await caller.meeting())?.participants.find((one) => one.name === NAME)?.id ?? '';
    const talk = page.getByRole('dialog', { name: 'Help desk' });
    const status = talk.getByRole('status');
    const call = helper.page.locator('.help-call');
    const still = await look(page, 'before');

    await caller.press('Call for help');
    await talk.getByRole('button', { name: 'Sound' }).click();
    await expect(status).toContainText('Nobody has answered yet');
    await expect(call).toContainText('Sound');
    // Helpers hear of it, and the tab says so while another is in front.
    await expect(helper.page.getByTestId('new-call')).toHaveText(`${NAME} calls for help: Sound`);
    await expect(helper.page).toHaveTitle(/^Calls for help: 1 · /);
    await call.getByRole('button', { name: /^Take the call of/ }).click();
    await expect(status).toHaveText(/answers you/);
    await expect(call).toContainText('You answer');
    await expect(helper.page).not.toHaveTitle(/Calls for help/);

    // Both ways, and the focus stays where one writes.
    await talk.getByRole('textbox').fill('Nobody hears me');
    await page.keyboard.press('Enter');
    await expect(call.getByRole('log')).toContainText('Nobody hears me');
    await expect(talk.getByRole('textbox')).toBeFocused();
    await expect(call.locator('.help-call-facts')).toContainText(/Fake/i, { timeout: 20_000 });
    await call.getByRole('button', { name: 'Other microphone' }).click();
    await talk.getByRole('button', { name: 'Choose a microphone' }).click();
    const chooser = talk.getByRole('combobox', { name: 'Microphone' });
    await expect(chooser).toBeFocused();
    await look(page, 'chooser');
    await look(helper.page, 'answering');

    // The documents stand in the conversation too; a text that is opened is read in its place.
    await addPaper(helper.page);
    await call.getByRole('button', { name: 'Where documents are' }).click();
    await talk.getByRole('button', { name: 'Show the documents' }).click();
    const paper = talk.getByRole('button', { name: TITLE });
    await expect(paper).toBeFocused();
    await look(page, 'documents');
    await paper.click();
    await expect(page.getByRole('dialog', { name: TITLE })).toContainText('One, two.');
    await expect(talk).toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.locator('.dock .help-key').click();
    await expect(talk.locator(':focus')).toHaveCount(1); // it hears Escape from now on

    // Closed, it says what is new, and the keys are where they were.
    await page.keyboard.press('Escape');
    await expect(page.locator('.dock .help-key')).toBeFocused();
    const words = `Try ${'another-'.repeat(30)}one`;
    await call.getByRole('textbox').fill(words);
    await helper.page.keyboard.press('Enter');
    await expect(page.getByTestId('help-news')).toContainText('Try another-');
    expect(await look(page, 'news')).toEqual(still);

    // A second helper knows whose it is, and the caller who stepped in.
    await expect(technician.command('help.handle', { participant: id, state: 'handled' })).rejects.toThrow();
    await technician.command('help.handle', {
        participant: id,
        state: 'handled',
        instead_of: 'moderator',
    });
    await expect(page.getByTestId('help-news')).toContainText('answers your call');
    await expect(call.getByRole('button', { name: /^Step in/ })).toBeVisible();
    await expect(call.getByRole('textbox')).toHaveCount(0);

    // A new page goes on where the old one was.
    await page.reload();
    await page.getByRole('button', { name: 'Help is with you' }).click();
    await expect(talk.getByRole('log')).toContainText('Nobody hears me');
    await technician.command('help.handle', { participant: id, state: 'none' });
    await expect(status).toContainText('Your call is over');
    await expect(call).toHaveCount(0);
    await talk.getByRole('button', { name: 'Something else' }).click();
    await expect(call).toContainText('Something else');
    await talk.getByRole('button', { name: 'Take the call back' }).click();
    await expect(call).toHaveCount(0);

    // Whoever answers may go: the caller hears it, in a place that is read at once.
    await talk.getByRole('button', { name: 'Sound' }).click();
    await technician.command('help.handle', { participant: id, state: 'handled' });
    await expect(status).toContainText('answers you');
    await page.keyboard.press('Escape');
    await technician.leave();
    const news = page.getByRole('alert').getByTestId('help-news');
    await expect(news).toContainText('is not connected now. Your call waits');
    if (LONG) {
        await look(page, 'over');
    }
});
