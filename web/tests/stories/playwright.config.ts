import { defineConfig } from '@playwright/test';
import { LAUNCH } from './window.ts';

// `npm run stories` builds the stories and runs these tests in Debian's Chromium; no server is needed.
export default defineConfig({
    testDir: '.',
    testMatch: '*.spec.ts',
    workers: 1,
    timeout: 120_000,
    expect: { timeout: 30_000 },
    snapshotPathTemplate: '{testDir}/trees/{arg}{ext}',
    reporter: [
        ['list'],
        [
            'json',
            { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? '../../test-results/stories.json' },
        ],
    ],
    outputDir: '../../test-results/stories-failed',
    use: { launchOptions: LAUNCH },
});
