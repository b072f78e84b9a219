// The interpreter's desk by the keyboard alone: relay, keys of one's own, outputs, handover, interlock, signals, chats, a second window.
import type { Page } from '@playwright/test';
import { expect, type PersonOptions, test } from './fixtures.ts';
import type { LightPeople, LightPerson } from './light_people.ts';
import { opensMicrophone } from './press.ts';

const SPEAKER = 500;
const FRENCH = 1100;
const ENGLISH = 1900;
const CHINESE = 2300;

function interpreter(id: string, tone?: number): PersonOptions {
    const language = id.slice(0, 2);
    return {
        role: 'interpreter',
        participant: `interpreter-${id}`,
        language,
        ...(tone === undefined ? {} : { tone }),
    };
}

/** A delegation has the floor and speaks. */
async function speech(light: LightPeople): Promise<void> {
    await light.speech({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
}

const pressed = (page: Page, selector: string) => page.locator(`${selector}[aria-pressed=true]`);

test('listening: relay, the floor again, keys of one’s own, all by keys and all heard', async ({
    person,
    light,
}) => {
    await speech(light);
    const english = await light.join(interpreter('en-1', ENGLISH));
    const french = await person(interpreter('fr-1', FRENCH));
    const { page } = french;
    await french.hears('mix', SPEAKER, [ENGLISH]);
    // A relay that is not interpreted carries the floor: it is said, and the floor is heard all the same.
    await page.keyboard.press('3');
    await expect(page.locator('.desk-notice-warn')).toContainText('English is not interpreted now');
    await french.hears('mix', SPEAKER, [ENGLISH]);
    await english.microphone('on');
    await french.hears('mix', ENGLISH, [SPEAKER]);
    await expect(page.locator('.desk-source .depth')).toHaveText('Interpreted from the original');
    // The keys of one's own begin with the pivots; with the first that is stored they are all one's own.
    const keys = page.locator('.preselect-name');
    await expect(keys).toHaveText(['English', 'Español', 'Русский', '中文']);
    await page.keyboard.press('Shift+W');
    await expect(keys).toHaveText(['English', 'English', 'Русский', '中文']);
    await page.keyboard.press('0');
    await french.hears('mix', SPEAKER, [ENGLISH]);
    await page.keyboard.press('w');
    await french.hears('mix', ENGLISH, [SPEAKER]);
    await expect(pressed(page, '.language-key')).toContainText('English');
    // What one hears is kept by the server: a page loaded anew hears it too.
    await page.reload();
    await expect.poll(async () => (await french.state()).relay).toBe('en');
    await french.hears('mix', ENGLISH, [SPEAKER]);
});

test('speaking by B stands in for the floor at the other desks; the original is one key away', async ({
    person,
    light,
}) => {
    await speech(light);
    const chinese = await person(interpreter('zh-1', CHINESE));
    const french = await person(interpreter('fr-1', FRENCH));
    await expect(chinese.page.locator('.output-key')).toHaveCount(3);
    await chinese.page.keyboard.press('b');
    await expect(pressed(chinese.page, '.output-key')).toContainText('English');
    await opensMicrophone(chinese);
    await expect(chinese.page.locator('.output-mine')).toContainText('English');
    await expect(french.page.locator('.desk-notices')).toContainText('Auto-relay: English (booth: Chinese)');
    await french.hears('mix', CHINESE, [SPEAKER]);
    await french.page.keyboard.press('o');
    await french.hears('mix', SPEAKER, [CHINESE]);
    await french.page.keyboard.press('o');
    await french.hears('mix', CHINESE, [SPEAKER]);
    // Back to A in one step: the floor is the floor again.
    await chinese.page.keyboard.press('a');
    await french.hears('mix', SPEAKER, [CHINESE]);
});

test('the interlock refuses what another booth holds, and says who holds it', async ({ person, light }) => {
    const english = await light.join(interpreter('en-1', ENGLISH));
    const chinese = await person(interpreter('zh-1', CHINESE));
    const channel = await light.hear('en');
    await english.microphone('on');
    const began = await channel.hears(ENGLISH);
    const { page } = chinese;
    await page.keyboard.press('b');
    await expect(page.locator('.output-kept')).toContainText('Margaret Ellis');
    await page.keyboard.press('m');
    await expect(page.locator('.notice')).toContainText('English is held by Margaret Ellis (booth: English)');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    // On the air by A a refused B keeps what one had.
    await page.keyboard.press('a');
    await page.keyboard.press('m');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('b');
    await expect(page.locator('.notice')).toContainText('held by Margaret Ellis');
    await expect(page.locator('.output-mine')).toContainText('中文');
    expect((await channel.between(began)).order).toEqual([ENGLISH]);
});

test('a handover between two desks: asked, declined, offered, accepted, taken over', async ({
    person,
    light,
}) => {
    const sophie = await person(interpreter('fr-1', FRENCH));
    const mamadou = await person(interpreter('fr-2', 1500));
    const channel = await light.hear('fr');
    await sophie.page.keyboard.press('m');
    const began = await channel.hears(FRENCH);
    // The partner is heard on standby, and in front of the source while the handover is agreed.
    await mamadou.hears('mix', FRENCH);
    const mine = sophie.page.locator('.handover-words');
    const other = mamadou.page.locator('.handover-words');
    await mamadou.page.keyboard.press('h');
    await expect(mine).toHaveText('Mamadou Keïta asks for the microphone.');
    await expect(other).toHaveText('You asked Sophie Laurent; waiting for the answer.');
    await sophie.page.keyboard.press('n');
    await expect(other).toHaveText('Your boothmate is on air.');
    // Off the air one is told; on the air nothing is spoken but alarms.
    await expect(mamadou.page.locator('[data-desk=polite]')).toHaveText('Declined.');
    await expect(sophie.page.locator('[data-desk=polite]')).toHaveText('');
    await sophie.page.keyboard.press('h');
    await expect(other).toHaveText('Sophie Laurent offers you the microphone.');
    await mamadou.page.keyboard.press('y');
    await expect(mamadou.page.locator('.desk-notices')).toContainText('your boothmate is in front');
    await mamadou.page.keyboard.press('h');
    await channel.hears(1500);
    expect((await channel.between(began)).order).toEqual([FRENCH, 1500]);
    await expect(sophie.page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await expect(mamadou.page.locator('.desk-air')).toContainText('On air');
    await expect(sophie.page.locator('.mate').nth(1)).toContainText('On air');
});

test('a page loaded anew while on the air is off the air, and stays off until it is pressed', async ({
    person,
    light,
}) => {
    const french = await person(interpreter('fr-1', FRENCH));
    const channel = await light.hear('fr');
    await opensMicrophone(french);
    await channel.hears(FRENCH);
    await french.page.reload();
    const key = french.page.locator('.microphone-key');
    await expect(key).toHaveAttribute('aria-pressed', 'false');
    await channel.hears(0);
    await opensMicrophone(french);
    await channel.hears(FRENCH);
});

test('signals reach the speaker in no name; suspension reaches everyone with its words', async ({
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair' });
    const delegate = await person({ role: 'delegate', participant: 'delegate-bra', tone: SPEAKER });
    await delegate.press('Ask for the floor');
    await expect.poll(async () => (await delegate.meeting())?.requests.length).toBe(1);
    await chair.command('floor.give', { participant: 'delegate-bra' });
    await expect(delegate.page.locator('.stage')).toContainText('You have the floor');
    const french = await person(interpreter('fr-1', FRENCH));
    const listener = await person({ role: 'listener' });
    await french.page.keyboard.press('s');
    const notice = delegate.page.locator('.signal-notice');
    await expect(notice).toHaveText('The interpreters ask you: please slow down.');
    expect(JSON.stringify((await delegate.meeting())?.signals)).not.toContain('interpreter');
    await expect(listener.page.locator('.signal-notice')).toHaveCount(0);
    await french.page.keyboard.press('u');
    await expect(french.page.getByRole('dialog')).toBeVisible();
    await french.page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).focus();
    await french.page.keyboard.press('Enter');
    await expect(listener.page.locator('.notice-suspension')).toContainText(
        'L’interprétation vers le français',
    );
    await expect(listener.page.locator('.language-key').nth(4)).toContainText('Suspended');
    await french.page.keyboard.press('m');
    await expect(listener.page.locator('.notice-suspension')).toHaveCount(0);
});

test('chats: a booth’s line is new to the partner until it is read; a canned line speaks the reader’s language', async ({
    person,
}) => {
    const sophie = await person(interpreter('fr-1'));
    const mamadou = await person({ ...interpreter('fr-2'), interfaceLanguage: 'fr' });
    const english = await person(interpreter('en-1'));
    const { page } = sophie;
    await page.keyboard.press('Shift+K');
    await expect(page.getByRole('tab', { selected: true })).toContainText('All');
    await page.keyboard.type('Page 2 of the text');
    await page.keyboard.press('Enter');
    await expect(english.page.getByRole('tab', { name: /All/ })).toContainText('1');
    await expect(page.locator('.chat-line')).toHaveValue('');
    // Letters are written and press nothing; the microphone's function key still does.
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('F8');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('F8');
    await page.keyboard.press('Escape');
    await english.page.keyboard.press('Shift+K');
    await expect(english.page.locator('.chat-words')).toHaveText('Page 2 of the text');
    await expect(english.page.getByRole('tab', { name: /All/ })).toHaveText('All');
    // What was read stays read when the page is loaded anew.
    await english.page.reload();
    await expect(english.page.getByRole('tab', { name: /All/ })).toHaveText('All');
    await page.getByRole('tab', { name: 'Booth' }).click();
    await page.getByRole('button', { name: 'Phrases' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Please take over.' }).focus();
    await page.keyboard.press('Enter');
    await expect(mamadou.page.locator('.chat-words')).toHaveText('Merci de prendre le micro.');
    await expect(english.page.getByRole('tab', { name: 'Booth' })).toHaveText('Booth');
});

test('chats: lines that have left the state are read when one looks for them, and stay', async ({
    person,
    light,
}) => {
    const others: LightPerson[] = [];
    for (const id of ['en-1', 'en-2', 'es-1']) {
        others.push(
            await light.join({
                role: 'interpreter',
                participant: `interpreter-${id}`,
                language: id.slice(0, 2),
            }),
        );
    }
    const say = (line: number) =>
        others[line % 3]?.command('chat.send', { room: 'interpreters', text: `line ${line}` });
    for (let line = 1; line <= 90; line++) {
        await say(line);
    }
    const { page } = await person(interpreter('fr-1'));
    await page.keyboard.press('Shift+K');
    const words = page.locator('.chat-words');
    const earlier = page.getByRole('button', { name: 'Earlier messages' });
    await expect(words).toHaveCount(64);
    await expect(words.first()).toHaveText('line 27');
    await earlier.focus();
    await page.keyboard.press('Enter');
    await expect(words).toHaveCount(90);
    await expect(words.first()).toHaveText('line 1');
    // There is nothing older: the key is gone, and the keyboard is not.
    await expect(earlier).toHaveCount(0);
    await expect(page.locator('.chat-log')).toBeFocused();
    await say(91);
    await expect(words.last()).toHaveText('line 91');
    await expect(words).toHaveCount(91);
});

test('a pane in a second window keeps its keys and comes back when the window closes', async ({ person }) => {
    const { page } = await person(interpreter('fr-1', FRENCH));
    const opened = page.waitForEvent('popup');
    await page.keyboard.press('v');
    const second = await opened;
    await expect(second.locator('.desk-see .stage-frame')).toBeVisible();
    // It is drawn as on the page: the tokens and the styles of every part it is made of.
    await expect(second.locator('.desk-see')).toHaveCSS('border-radius', '10px');
    await expect(second.locator('.desk-see .stage-frame')).toHaveCSS('position', 'relative');
    await expect(page.locator('main .desk-see')).toContainText('in a window of its own');
    await second.bringToFront();
    await second.keyboard.press('m');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'true');
    await second.keyboard.press('F8');
    await expect(page.locator('.microphone-key')).toHaveAttribute('aria-pressed', 'false');
    await second.close();
    await expect(page.locator('main .desk-see .stage-frame')).toBeVisible();
});

test('the key map prints every key, and nothing else', async ({ person }) => {
    const { page } = await person(interpreter('fr-1'));
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.key-map')).toBeVisible();
    await expect(page.locator('.desk')).toBeHidden();
    await expect(page.locator('.key-map kbd').filter({ hasText: /^F8$/ })).toBeVisible();
    expect(await page.locator('.key-map tr').count()).toBeGreaterThan(30);
});

test('a moderator arranges the team: a booth’s outputs and turn, a leader who may do the same', async ({
    person,
}) => {
    const moderator = await person({ role: 'moderator', participant: 'moderator' });
    const english = await person(interpreter('en-1'));
    await expect(english.page.locator('.output-key')).toHaveCount(1);
    await moderator.press('Team');
    const dialog = moderator.page.getByRole('dialog');
    await dialog.getByLabel('Team leader').selectOption({ label: 'Margaret Ellis' });
    await dialog.getByLabel(/^Booth/).selectOption('en');
    await dialog.getByLabel('Français').check();
    await expect(english.page.locator('.output-key')).toHaveCount(3);
    await dialog.getByLabel('B at first').selectOption('fr');
    await expect(english.page.locator('.output-key').nth(1)).toContainText('Français');
    await english.press('Team');
    const own = english.page.getByRole('dialog');
    await own.getByLabel(/^Booth/).selectOption('en');
    await own.getByLabel('Length of a turn').selectOption('20');
    await expect(dialog.getByLabel('Length of a turn')).toHaveValue('20');
    await expect(own.getByLabel(/^Interlock/)).toHaveCount(0);
    await english.page.keyboard.press('Escape');
    // Who leads the team has the meeting's report beside the hours; nobody else of the booths has.
    await english.press('Hours sheet');
    const saved = english.page.waitForEvent('download');
    await own.getByRole('button', { name: /PDF/ }).click();
    expect((await saved).suggestedFilename()).toBe('demo-report.pdf');
    const other = await person(interpreter('en-2'));
    await other.press('Hours sheet');
    await expect(other.page.getByRole('dialog').getByRole('button', { name: /PDF/ })).toHaveCount(0);
});
