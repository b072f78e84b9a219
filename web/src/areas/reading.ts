// Opening a document: it is read in the page, and saved where that is wished.

import { signal } from '@preact/signals';
import type { AgendaItem, Document } from '../contract/generated.ts';
import { readDocument, readPapers } from '../live/contents.ts';
import { problemOf } from '../live/problem.ts';
import { session } from '../state/store.ts';
import { dismissTold, say } from './act.ts';
import { bringPdfPane } from './pdf_pane.ts';
import { problemWords } from './refusals.ts';

export interface Reading {
    document: Document;
    /** Of a text; a PDF is drawn from its contents. */
    words: string;
    pdf: Blob | null;
}

const open = signal<Reading | null>(null);

// What is being read; null for none.
export const reading = open;

export function stopReading(): void {
    open.value = null;
}

async function fetched(read: (token: string, meeting: string) => Promise<Blob>): Promise<Blob | null> {
    const own = session.value;
    if (own?.token === undefined || own.meeting === undefined) {
        return null;
    }
    try {
        const blob = await read(own.token, own.meeting);
        dismissTold();
        return blob;
    } catch (thrown) {
        say('documents.unreadable', { detail: problemWords(problemOf(thrown)) });
        return null;
    }
}

function contents(document: Document): Promise<Blob | null> {
    return fetched((token, meeting) => readDocument(token, meeting, document.id));
}

function save(blob: Blob, download: string): void {
    const address = URL.createObjectURL(blob);
    const link = window.document.createElement('a');
    Object.assign(link, { href: address, rel: 'noopener', download });
    link.click();
    // The browser reads it first.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function openDocument(document: Document): Promise<void> {
    const blob = await contents(document);
    if (blob === null) {
        return;
    }
    if (document.form !== 'pdf') {
        open.value = { document, words: await blob.text(), pdf: null };
        return;
    }
    try {
        await bringPdfPane();
        open.value = { document, words: '', pdf: blob };
    } catch {
        save(blob, nameOf(document)); // what draws it cannot be had now: another program does
    }
}

function nameOf(document: Document): string {
    return `${document.title}.${document.form === 'pdf' ? 'pdf' : 'txt'}`;
}

export async function saveDocument(document: Document): Promise<void> {
    const blob = await contents(document);
    if (blob !== null) {
        save(blob, nameOf(document));
    }
}

/** All papers that one may read, of an item or with null of the meeting. */
export async function savePapers(item: Pick<AgendaItem, 'id' | 'number'> | null): Promise<void> {
    const blob = await fetched((token, meeting) => readPapers(token, meeting, item?.id ?? null));
    if (blob !== null) {
        save(blob, item === null ? 'papers.zip' : `papers-${item.number}.zip`);
    }
}
