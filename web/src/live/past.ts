// What has left the meeting's state, section by section, from the journal.
import type { PastPage } from '../contract/generated.ts';
import { problemFrom, request } from './request.ts';

/** The events of a section before one of them; undefined: from the end. Throws a `Problem`. */
export async function readPast(
    token: string,
    meeting: string,
    section: string,
    before: number | undefined,
): Promise<PastPage> {
    const query = before === undefined ? '' : `?before=${before}`;
    const response = await request('GET', `/api/v1/meetings/${meeting}/past/${section}${query}`, token);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return (await response.json()) as PastPage;
}
