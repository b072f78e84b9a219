// A PDF is read in the page, in whatever script it is written; one that cannot be read says why; all papers are had as one archive.
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const PAGES = `<style>p { font: 20pt 'Noto Sans', 'Noto Sans Arabic'; } p + p { break-before: page; }</style>
    <p lang="en">The Council considered the report of the Secretary-General on multilingualism.</p>
    <p lang="ar" dir="rtl">شكر المجلس وفدَ فَرنسا على التقرير، وأيّد اقتراح فرنسا.</p>`;

async function made(context: BrowserContext): Promise<Buffer> {
    const page = await context.newPage();
    await page.setContent(PAGES);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    await page.close();
    return pdf;
}

// Its key is made of a password that nobody has.
const LOCKED = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]/Size 5>>
%%EOF`);

async function add(page: Page, name: string, buffer: Buffer): Promise<void> {
    await page.getByRole('button', { name: 'Add a document' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^File/).setInputFiles({ name, mimeType: 'application/pdf', buffer });
    await form.getByRole('button', { name: 'Add a document' }).click();
    await expect(form).toBeHidden();
}

test('a PDF is read in the page', async ({ person }) => {
    const moderator = await person({ role: 'moderator' });
    const delegate = await person({ role: 'delegate', delegation: 'BRA', participant: 'delegate-bra' });
    const interpreter = await person({
        role: 'interpreter',
        participant: 'interpreter-en-1',
        language: 'en',
    });
    await add(moderator.page, 'C20-5.pdf', await made(moderator.context));
    await add(moderator.page, 'Locked.pdf', LOCKED);
    await add(moderator.page, 'Broken.pdf', Buffer.from('%PDF-1.4\nthe rest is missing'));

    const page = delegate.page;
    const refused: string[] = [];
    page.on('console', (line) => {
        if (/Content.Security.Policy/i.test(line.text())) {
            refused.push(line.text());
        }
    });
    const opened = (title: string) => page.locator('.document-key', { hasText: title }).first().click();
    await opened('C20-5');
    const dialog = page.getByRole('dialog');
    const first = dialog.getByRole('region', { name: 'Page 1', exact: true });
    const second = dialog.getByRole('region', { name: 'Page 2', exact: true });
    await expect(dialog).toContainText('of 2');
    await expect(first.locator('canvas')).toHaveCount(1);
    await expect(first).toContainText('The Council considered the report');
    // Something is drawn: not every pixel is the paper's.
    expect(
        await first.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
            const copy = document.createElement('canvas');
            copy.width = canvas.width;
            copy.height = canvas.height;
            const context = copy.getContext('2d');
            context?.drawImage(canvas, 0, 0);
            return context?.getImageData(0, 0, copy.width, copy.height).data.some((byte) => byte < 100);
        }),
    ).toBe(true);

    const field = dialog.getByRole('textbox', { name: /^Page/ });
    await field.fill('2');
    await field.press('Enter');
    await expect(second.locator('canvas')).toHaveCount(1);
    await expect(second).toBeInViewport();
    await expect(field).toHaveValue('2');

    const shown = dialog.locator('.pdf-shown');
    await dialog.getByRole('button', { name: 'Fit width' }).focus();
    const fitted = await shown.textContent();
    await page.keyboard.press('+');
    await expect(shown).not.toHaveText(fitted ?? '');
    await page.keyboard.press('0');
    await expect(shown).toHaveText(fitted ?? '');

    // With vowel signs or without them, it is the same word.
    await page.keyboard.press('Control+f');
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type('فرنسا');
    const found = dialog.getByRole('status');
    await expect(found).toHaveText('1 of 2');
    await expect(second.locator('.pdf-mark.is-chosen')).not.toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(found).toHaveText('2 of 2');
    await dialog.getByRole('searchbox').fill('COUNCIL  considered');
    await expect(found).toHaveText('1 of 1');
    await expect(first.locator('.pdf-mark.is-chosen')).toBeInViewport();
    await dialog.getByRole('searchbox').fill('nothing of it');
    await expect(found).toHaveText('Not found');
    await page.keyboard.press('Escape'); // the search, then what it stands in
    await expect(dialog.getByRole('searchbox')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);

    for (const [title, why] of [
        ['Locked', 'protected by a password'],
        ['Broken', 'not a whole PDF'],
    ] as const) {
        await opened(title);
        await expect(dialog.getByRole('alert')).toContainText(why);
        const saved = page.waitForEvent('download');
        await dialog.getByRole('button', { name: 'Download' }).click();
        expect((await saved).suggestedFilename()).toBe(`${title}.pdf`);
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
    }
    const archive = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download all' }).first().click();
    const saved = await archive;
    expect(saved.suggestedFilename()).toBe('papers-1.zip'); // of the item that the form proposes
    const bytes = readFileSync(await saved.path());
    expect(['1 C20-5.pdf', '2 Locked.pdf', '3 Broken.pdf'].every((name) => bytes.includes(name))).toBe(true);
    expect(refused).toEqual([]);
    expect(delegate.context.pages()).toHaveLength(1);

    // At a desk it stands beside the picture, and the keys go on working.
    await interpreter.page.locator('.see-papers .document-key', { hasText: 'C20-5' }).click();
    const pane = interpreter.page.locator('.desk-reading .pdf-pages');
    await expect(pane).toBeFocused();
    await expect(pane).toContainText('The Council considered the report');
    await interpreter.page.keyboard.press('m');
    await expect(interpreter.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
});
