// Documents and reports: what is fetched and sent beside the live connection, by the consoles.
import type { Content } from '../contract/generated.ts';
import { Problem } from './problem.ts';
import { CONTENTS_MAX_MS, problemFrom, request } from './request.ts';

/** The meeting's report, signed or on paper. Throws a `Problem`. */
export async function requestReport(
    token: string,
    meeting: string,
    form: 'json' | 'pdf',
    language: string,
): Promise<Blob> {
    const query = form === 'pdf' ? `?language=${language}` : '';
    const response = await request('GET', `/api/v1/meetings/${meeting}/report.${form}${query}`, token);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return response.blob();
}

/** Keeps the contents of a document to be (`document.add`). Throws a `Problem`. */
export async function sendContents(token: string, meeting: string, contents: Blob): Promise<Content> {
    const response = await request('POST', `/api/v1/meetings/${meeting}/documents`, token, contents);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return (await response.json()) as Content;
}

async function fetchContents(token: string, path: string): Promise<Blob> {
    const response = await request('GET', path, token, undefined, CONTENTS_MAX_MS);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    try {
        return await response.blob();
    } catch {
        throw Problem.local('unreachable');
    }
}

/** The contents of a document. Throws a `Problem`. */
export function readDocument(token: string, meeting: string, document: string): Promise<Blob> {
    return fetchContents(token, `/api/v1/meetings/${meeting}/documents/${document}`);
}

/** All that one may read of an agenda item, or with null of the meeting, as a ZIP archive. Throws a `Problem`. */
export function readPapers(token: string, meeting: string, item: string | null): Promise<Blob> {
    const query = item === null ? '' : `?item=${encodeURIComponent(item)}`;
    return fetchContents(token, `/api/v1/meetings/${meeting}/papers.zip${query}`);
}
