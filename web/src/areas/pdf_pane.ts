// What draws PDFs, fetched with its words when the first is opened.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { bringWords } from '../i18n/index.ts';
import type { PdfPaneProps } from '../paper/PdfPane.tsx';

const pane = signal<FunctionComponent<PdfPaneProps> | null>(null);

/** null until it is here. */
export const pdfPane = pane;

/** Rejects when it cannot be fetched. */
export async function bringPdfPane(): Promise<void> {
    if (pane.value === null) {
        const [{ PdfPane }] = await Promise.all([import('../paper/PdfPane.tsx'), bringWords(['paper'])]);
        pane.value = PdfPane;
    }
}
