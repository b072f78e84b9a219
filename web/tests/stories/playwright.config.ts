import { defineConfig } from '@playwright/test';

// `npm run stories` builds the stories and runs these tests in Debian's Chromium; no server is needed.
export default defineConfig({
    testDir: '.',
    testMatch: '*.spec.ts',
    workers: 1,
    timeout: 120_000,
    reporter: [['list']],
    outputDir: '../../test-results/stories-failed',
    use: {
        launchOptions: {
            executablePath: '/usr/bin/chromium',
            args: [
                '--no-sandbox',
                '--disable-gpu',
                '--use-fake-device-for-media-stream',
                '--use-fake-ui-for-media-stream',
            ],
        },
    },
});
