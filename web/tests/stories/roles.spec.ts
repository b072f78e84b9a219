// What a screen reader is given, of the page of each role: its tree, kept as files. `npm run trees` writes them anew.
import { expect, test } from '@playwright/test';
import { openStory, serveStories } from './serve.ts';
import { contextOf, sizeOf } from './window.ts';

const ROLES = {
    chair: 'chair-two',
    secretary: 'secretary',
    delegate: 'room-asks',
    interpreter: 'interpreter-relay',
    moderator: 'moderator-help',
    technician: 'technician-relay',
} as const;

test.use(contextOf(sizeOf(1440), 'light'));

for (const [role, story] of Object.entries(ROLES)) {
    test(`${role}: the tree that a screen reader walks`, async ({ page }) => {
        await serveStories(page);
        await openStory(page, story, 'en', '&still');
        // It is drawn: there is nothing to wait for.
        const name = `${role}.aria.yml`;
        await expect(page.locator('body')).toMatchAriaSnapshot({ name, timeout: 3000 });
    });
}
