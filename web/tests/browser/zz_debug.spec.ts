import { test } from './fixtures.ts';
for (const tone of [undefined, 500]) test(`debug ${tone}`, async ({ person }) => {
    const p = await person({ role: 'chair', browser: 'firefox', stay: true, ...(tone ? {tone} : {}) });
    for (let i = 0; i < 12; i++) { const s = await p.state(); console.log(s.media, s.joins, s.joinMs, s.stage); await p.page.waitForTimeout(500); }
    await p.page.locator('.entrance-join .button-filled').click();
    for (let i = 0; i < 12; i++) { const s = await p.state(); console.log(s.media, s.joins, s.joinMs, s.stage); await p.page.waitForTimeout(500); }
});
