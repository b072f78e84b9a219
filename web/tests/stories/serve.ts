// The built stories, with what a server would answer in each of them.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Seat } from '../../src/contract/generated.ts';
import { answerHouse } from './house_server.ts';
import { beIn } from './place.ts';

export { STORIES, storiesAt } from './names.ts';

const BUILT = join(import.meta.dirname, '../../test-results/stories-build');
const TYPES: Readonly<Record<string, string>> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
};

// The same Content-Security-Policy as the server's in what concerns scripts and styles: a story that breaks it is a page that breaks.
const POLICY =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:";

/** With which status a page came that is none of ours. */
const CAME_WITH: Readonly<Record<string, number>> = {
    'missing-private': 403,
    'missing-gone': 410,
    'missing-busy': 503,
};

/** How a personal link is answered. */
const LINKS: Readonly<Record<string, readonly [status: number, type: string]>> = {
    'link-expired': [401, 'expired'],
    'link-invalid': [401, 'unauthenticated'],
    'link-many': [429, 'too-many'],
};

const PAPER = readFileSync(join(import.meta.dirname, 'paper.pdf'));
// Its key is made of a password that nobody has.
const LOCKED = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]/Size 5>>
%%EOF`;

const STATEMENT = `Thank you, Chair.

Kenya thanks the secretariat for the report in document C26/12, and for the care with which the six official languages have been served.

We note that 1,204 hours were interpreted in the last year, 8.5 % more than before.

Ninety-four delegations spoke in a language other than English.`;

function seat(meeting: string, title: Seat['title'], sitting: Seat['sitting']): Seat {
    const body = { ar: '', zh: '', en: '', fr: '', ru: '', es: '' };
    return { meeting, participant: 'bra', capacity: 'delegate', title, body, sitting, expires_at: 0 };
}

function said(en: string, ar: string): Seat['title'] {
    return { ar, zh: en, en, fr: en, ru: en, es: en };
}

const SEATS: readonly Seat[] = [
    seat('demo', said('Council 2026: demonstration sitting', 'المجلس 2026: جلسة إيضاحية'), 'open'),
    seat('working-group', said('Working Group on Languages', 'فريق العمل المعني باللغات'), 'open'),
    seat('plenary', said('Plenary Assembly', 'الجمعية العامة'), 'closed'),
];

function seatsOf(story: string): readonly Seat[] {
    return story === 'choose' || story === 'house' || story.startsWith('room-meetings') ? SEATS : [];
}

interface Answer {
    status?: number;
    type?: string;
    body?: string | Buffer;
}

// Nothing for what this server does not know; null for an answer that never comes.
function answer(story: string, method: string, path: string): Answer | undefined | null {
    if (path === '/api/v1/session') {
        const [status, type] = LINKS[story] ?? [0, ''];
        return status === 0 ? null : { status, body: JSON.stringify({ type, title: type, status }) };
    }
    if (path === '/api/v1/seats') {
        return story === 'choose-missing'
            ? { status: 503, body: '{}' }
            : { body: JSON.stringify({ seats: seatsOf(story) }) };
    }
    if (path === '/api/v1/meetings/demo/documents/doc-2') {
        return { body: story === 'room-pdf-locked' ? LOCKED : PAPER, type: 'application/pdf' };
    }
    if (path.startsWith('/api/v1/meetings/demo/documents/')) {
        return { body: STATEMENT, type: 'text/plain' };
    }
    return answerHouse(story, method, path);
}

function file(story: string, path: string): Answer | null {
    // The screen that does not come.
    if (story === 'arriving' && path.includes('/Room-')) {
        return null;
    }
    let body: string | Buffer;
    try {
        body = readFileSync(join(BUILT, path));
    } catch {
        return { status: 404, body: '' };
    }
    const status = CAME_WITH[story];
    if (status !== undefined && path === '/story.html') {
        body = String(body).replace('<head>', `<head><meta name="plenary-status" content="${status}">`);
    }
    return { body, type: TYPES[extname(path)] ?? 'application/octet-stream' };
}

// One page at a time asks this server, so that it knows whose questions the others are.
let story = '';

function serve(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stories.test');
    if (pathname === '/story.html') {
        story = searchParams.get('name') ?? '';
    }
    const answered = answer(story, request.method ?? 'GET', pathname);
    const found = answered === undefined ? file(story, pathname) : answered;
    if (found === null) {
        response.destroy();
        return;
    }
    response.writeHead(found.status ?? 200, {
        'Content-Type': found.type ?? 'application/json',
        'Content-Security-Policy': POLICY,
        // Their names follow from what is in them.
        'Cache-Control': pathname.startsWith('/assets/') ? 'max-age=3600' : 'no-store',
    });
    response.end(found.body);
}

const server = createServer(serve).unref();
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address() as AddressInfo;

/** From now on the page can go to `storyAddress`. Once for each page. */
export async function serveStories(page: Page): Promise<void> {
    await page.addInitScript(beIn);
}

export function storyAddress(name: string, language: string, more = ''): string {
    return `http://127.0.0.1:${port}/story.html?name=${name}&language=${language}${more}`;
}

/** Resolves when the story is drawn; rejects when it does not come about. */
export async function openStory(page: Page, name: string, language = 'en', more = ''): Promise<void> {
    await page.goto(storyAddress(name, language, more));
    const root = page.locator('html[data-story]');
    await root.waitFor({ state: 'attached' });
    const drawn = await root.getAttribute('data-story');
    if (drawn !== 'drawn') {
        throw new Error(`${name}: ${drawn}`);
    }
}
