// Opening a document: a text is read in the page, PDF in a window of the browser's.

import { signal } from '@preact/signals';
import type { Document } from '../contract/generated.ts';
import { readDocument } from '../live/contents.ts';
import { problemOf } from '../live/problem.ts';
import { session } from '../state/store.ts';
import { dismissTold, say } from './act.ts';
import { problemWords } from './refusals.ts';

export interface Reading {
    document: Document;
    words: string;
}

const open = signal<Reading | null>(null);

// The text that is being read; null for none.
export const reading = open;

export function stopReading(): void {
    open.value = null;
}

async function contents(document: Document): Promise<Blob | null> {
    const own = session.value;
    if (own?.token === undefined || own.meeting === undefined) {
        return null;
    }
    try {
        const blob = await readDocument(own.token, own.meeting, document.id);
        dismissTold();
        return blob;
    } catch (thrown) {
        say('documents.unreadable', { detail: problemWords(problemOf(thrown)) });
        return null;
    }
}

function follow(blob: Blob, how: { download?: string; target?: string }): void {
    const address = URL.createObjectURL(blob);
    const link = window.document.createElement('a');
    Object.assign(link, { href: address, rel: 'noopener', ...how });
    link.click();
    // The window that opens reads it first.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function openDocument(document: Document): Promise<void> {
    const blob = await contents(document);
    if (blob === null) {
        return;
    }
    if (document.form === 'pdf') {
        follow(blob, { target: '_blank' });
    } else {
        open.value = { document, words: await blob.text() };
    }
}

export async function saveDocument(document: Document): Promise<void> {
    const blob = await contents(document);
    if (blob !== null) {
        follow(blob, { download: `${document.title}.${document.form === 'pdf' ? 'pdf' : 'txt'}` });
    }
}
