import { defineConfig } from '@playwright/test';

// What looks at places, words and answers, and measures neither time nor sound: two of these run at once.
const BESIDE = [
    'access',
    'access_date',
    'accounts',
    'addresses',
    'answers',
    'awake',
    'console',
    'desk_fate',
    'dock',
    'documents',
    'entrance',
    'focus',
    'help',
    'house',
    'lacks',
    'leaving',
    'longest',
    'meetings',
    'names',
    'notices',
    'refusal',
    'speaking_time',
    'storage',
    'words',
].map((name) => `**/${name}.spec.ts`);
// With PLENARY_LONG: pictures for people to look at.
const LEFT_OUT = process.env.PLENARY_LONG ? [] : ['**/screens.spec.ts'];

// The tests start their own server and their own browsers (fixtures.ts): Debian's Chromium and Firefox, one after the other, on two cores.
export default defineConfig({
    testDir: '.',
    projects: [
        { name: 'beside', testMatch: BESIDE },
        { name: 'alone', testMatch: '*.spec.ts', testIgnore: [...BESIDE, ...LEFT_OUT] },
    ],
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
