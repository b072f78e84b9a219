// A speech handed in under embargo: the interpreter reads it before it is spoken, the room not before it was delivered; and documents of
// an item.
import { expect, test } from './fixtures.ts';

const WORDS = 'Monsieur le Président,\n\nla délégation française se félicite de ce rapport.';

test('a speech is read by the booth first, and by the room when it was delivered', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    const speaker = await person({
        role: 'delegate',
        delegation: 'FRA',
        participant: 'delegate-fra',
        tone: 440,
    });
    const other = await person({ role: 'delegate', delegation: 'BRA', participant: 'delegate-bra' });
    const interpreter = await person({
        role: 'interpreter',
        participant: 'interpreter-en-1',
        language: 'en',
    });

    const page = speaker.page;
    await page.getByRole('button', { name: 'Hand in my speech' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Hand in', exact: true }).click();
    await expect(form).toContainText('Give it a title.');
    await form.getByLabel('Title').fill('Déclaration de la France');
    await form.getByRole('button', { name: 'Hand in', exact: true }).click();
    await expect(form).toContainText('Choose a file, or write the text.');
    await form.getByLabel('Agenda item').selectOption('');
    await form.getByLabel('Or the text itself').fill(WORDS);
    await form.getByRole('button', { name: 'Hand in', exact: true }).click();
    await expect(form).toBeHidden();
    await expect(page.locator('.document')).toContainText('Check against delivery');

    // The booth sees it as soon as the speaker is on the list; the key 7 opens it, and the desk's keys go on working.
    await page.keyboard.press('a');
    const paper = interpreter.page.locator('.see-papers .document');
    await expect(paper).toContainText('Déclaration de la France');
    await expect(paper).toContainText('Check against delivery');
    await interpreter.page.keyboard.press('7');
    const text = interpreter.page.locator('.reading-words');
    await expect(text).toHaveText(/se félicite de ce rapport/);
    await expect(text).toBeFocused();
    await interpreter.page.getByRole('button', { name: 'Larger letters' }).click();
    await expect(text).toHaveAttribute('data-size', '1.25');
    await interpreter.page.keyboard.press('m');
    await expect(interpreter.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');

    // The room is told nothing, not even that there is something.
    expect(await other.page.locator('.document').count()).toBe(0);
    expect(JSON.stringify(await other.meeting())).not.toContain('Déclaration de la France');

    await chair.command('floor.give', { participant: 'delegate-fra' });
    await expect(page.locator('[data-testid=microphone-state]')).toContainText(/on|open|floor/i);
    await page.waitForTimeout(11_000); // what counts as delivered is a time in which one is heard on the floor
    await chair.command('floor.end', { participant: 'delegate-fra' });
    await expect(other.page.locator('.document')).toContainText('Déclaration de la France');
    await expect(paper.getByText('Check against delivery')).toHaveCount(0);
    await other.page.locator('.document-key').click();
    await expect(other.page.getByRole('dialog')).toContainText('se félicite de ce rapport');
});

test('a document of an item, replaced and removed', async ({ person }) => {
    const moderator = await person({ role: 'moderator' });
    const delegate = await person({ role: 'delegate', delegation: 'BRA', participant: 'delegate-bra' });
    const page = moderator.page;
    await page.getByRole('button', { name: 'Add a document' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Agenda item').selectOption({ index: 1 });
    await form
        .getByLabel(/^File/)
        .setInputFiles({ name: 'C20-5.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF') });
    await expect(form.getByLabel('Title')).toHaveValue('C20-5');
    await form.getByRole('button', { name: 'Add a document' }).click();
    await expect(form).toContainText('Only PDF and plain text');
    await form.getByLabel(/^File/).setInputFiles({
        name: 'C20-5.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\n%%EOF'),
    });
    await form.getByRole('button', { name: 'Add a document' }).click();
    await expect(form).toBeHidden();
    const line = delegate.page.locator('.agenda-item .document');
    await expect(line).toContainText('C20-5');
    await expect(line).toContainText('PDF');
    await expect(line.getByRole('button', { name: 'Remove' })).toHaveCount(0);

    await page.getByRole('button', { name: 'Replace' }).click();
    await form.getByLabel('Title').fill('C20-5 Rev.1');
    await form.getByLabel('Or the text itself').fill('The text');
    await form.getByRole('button', { name: 'Add a document' }).click();
    // The new one stands before the old one goes.
    await expect(line).toHaveText([/C20-5 Rev\.1/]);
    await line.locator('.document-key').click();
    await expect(delegate.page.getByRole('dialog')).toContainText('The text');

    // What is withdrawn is closed wherever it is being read.
    await page.getByRole('button', { name: 'Remove', exact: true }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(line).toHaveCount(0);
    await expect(delegate.page.getByRole('dialog')).toHaveCount(0);
});
