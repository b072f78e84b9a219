import { defineConfig } from '@playwright/test';

// The tests start their own server and their own browsers (fixtures.ts): Debian's Chromium and Firefox, one after the other, on two cores.
export default defineConfig({
    testDir: '.',
    testMatch: '*.spec.ts',
    // With PLENARY_LONG: pictures for people to look at.
    testIgnore: process.env.PLENARY_LONG ? [] : ['screens.spec.ts'],
    workers: 1,
    retries: 0,
    timeout: process.env.PLENARY_LONG ? 45 * 60_000 : 6 * 60_000,
    // Deadlines for machines that are slow and busy; whoever promises a time measures it (heartbeat.ts).
    expect: { timeout: 30_000 },
    reporter: [
        ['list'],
        [
            'json',
            { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? '../../test-results/browser.json' },
        ],
    ],
    outputDir: '../../test-results/browser',
});
