// The built stories without a server: handed to the browser by interception.
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';

const BUILT = join(import.meta.dirname, '../../test-results/stories-build');
const TYPES: Readonly<Record<string, string>> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
};

/** Every screen and state there is a story of. */
export const STORIES = [
    'sign-in',
    'entrance',
    'entrance-listener',
    'room-delegate',
    'room-speaking',
    'room-idle',
    'room-two',
    'room-reconnecting',
    'chair',
    'chair-two',
    'chair-pause',
    'chair-closed',
    'moderator',
    'secretary',
    'moderator-limits',
    'interpreter',
    'interpreter-on',
    'interpreter-two',
    'interpreter-relay',
    'interpreter-outputs',
    'technician',
    'technician-limits',
    'technician-relay',
    'trainer',
    'projector',
    'projector-two',
    'projector-pause',
    'shortcuts',
    'here',
    'unable',
    'help',
    'ended',
    'waiting',
    'missing',
];

// The same Content-Security-Policy as the server's in what concerns scripts and styles: a story that breaks it is a page that breaks.
const POLICY =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:";

export async function serveStories(page: Page): Promise<void> {
    // What the story of a browser that lacks something lacks.
    await page.addInitScript(() => {
        if (location.search.startsWith('?name=unable')) {
            Object.defineProperty(globalThis, 'RTCPeerConnection', { value: undefined, configurable: true });
        }
    });
    await page.route('https://stories.test/**', async (route) => {
        const path = new URL(route.request().url()).pathname;
        try {
            await route.fulfill({
                body: readFileSync(join(BUILT, path)),
                contentType: TYPES[extname(path)] ?? 'application/octet-stream',
                headers: { 'Content-Security-Policy': POLICY },
            });
        } catch {
            await route.fulfill({ status: 404, body: '' });
        }
    });
}

export function storyAddress(name: string, language: string): string {
    return `https://stories.test/story.html?name=${name}&language=${language}`;
}
