// Searching a whole document: page after page, in the order of reading, so that the first are shown while others are looked through.

import { type Signal, signal } from '@preact/signals';
import type { Pdf } from './pdfjs.ts';
import { findIn, type PageWords, type Part, partsOf, piecesOf, wordsOfPage } from './search.ts';

/** More than these are not counted. */
export const FOUND_MAX = 2000;

export interface Found {
    page: number;
    parts: readonly Part[];
}

export interface Finding {
    query: string;
    found: readonly Found[];
    /** Which of them is shown. */
    at: number;
    searching: boolean;
    /** Whether any page has words at all; a scanned one has none. */
    words: boolean;
}

const NOTHING: Finding = { query: '', found: [], at: 0, searching: false, words: true };

export class Finder {
    readonly finding: Signal<Finding> = signal(NOTHING);
    private readonly pdf: Pdf;
    private readonly pages = new Map<number, PageWords>();
    private turn = 0;

    constructor(pdf: Pdf) {
        this.pdf = pdf;
    }

    /** Looks for other words, from a page on: what is found there first is shown. */
    async look(query: string, from: number): Promise<void> {
        const mine = ++this.turn;
        const count = this.pdf.document.numPages;
        const found: Found[] = [];
        let words = false;
        this.finding.value = { ...NOTHING, query, searching: query.trim() !== '' };
        for (let page = 1; page <= count && query.trim() !== '' && found.length < FOUND_MAX; page++) {
            const own = await this.wordsOf(page);
            if (mine !== this.turn) {
                return;
            }
            words ||= own.text.trim() !== '';
            for (const one of findIn(own, query, FOUND_MAX - found.length)) {
                found.push({ page, parts: partsOf(own, one) });
            }
            const at = Math.max(
                0,
                found.findIndex((one) => one.page >= from),
            );
            this.finding.value = { query, found: [...found], at, searching: page < count, words: true };
        }
        if (query.trim() !== '') {
            this.finding.value = { ...this.finding.value, searching: false, words };
        }
    }

    /** The next one or the one before, round at the end. */
    step(by: 1 | -1): void {
        const now = this.finding.value;
        const count = now.found.length;
        if (count > 0) {
            this.finding.value = { ...now, at: (now.at + by + count) % count };
        }
    }

    stop(): void {
        this.turn++;
        this.finding.value = NOTHING;
    }

    private async wordsOf(page: number): Promise<PageWords> {
        let words = this.pages.get(page);
        if (words === undefined) {
            words = await this.pdf.document
                .getPage(page)
                .then((one) => one.getTextContent())
                .then(({ items }) => wordsOfPage(piecesOf(items)))
                .catch(() => wordsOfPage([])); // a broken page is passed over
            this.pages.set(page, words);
        }
        return words;
    }
}
