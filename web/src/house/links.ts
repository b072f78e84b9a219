// Personal links that were made in this window. The server shows a link once and keeps only what recognises it, so they are nowhere but here,
// in memory: a page that is loaded anew has none.
import { signal } from '@preact/signals';
import type { Language, NewLinks, Person } from '../contract/generated.ts';
import { base } from '../router/base.ts';

/** Whose link it is: what a list of links says of them. */
export type LinkHolder = Pick<Person, 'name' | 'capacity' | 'delegation' | 'address'> & {
    language?: Language;
};

export interface MadeLink {
    holder: LinkHolder;
    address: string;
}

/** By meeting, then by participant. */
const made = signal<ReadonlyMap<string, ReadonlyMap<string, MadeLink>>>(new Map());

function put(meeting: string, links: ReadonlyMap<string, MadeLink>): void {
    made.value = new Map(made.value).set(meeting, links);
}

function linkOf(meeting: string, holder: LinkHolder, token: string): MadeLink {
    const address = `${location.origin}${base}/m/${encodeURIComponent(meeting)}#${token}`;
    return { holder, address };
}

/** Of an answer that has a token; of others nothing is kept. */
export function keepLink(meeting: string, person: Person): void {
    if (person.token !== undefined) {
        const { token, ...holder } = person;
        put(meeting, new Map(linksOf(meeting)).set(person.id, linkOf(meeting, holder, token)));
    }
}

/** Those that were made at once. */
export function keepLinks(meeting: string, { links }: NewLinks): void {
    const made = links.map(
        ({ participant, token, ...holder }) => [participant, linkOf(meeting, holder, token)] as const,
    );
    put(meeting, new Map([...linksOf(meeting), ...made]));
}

/** It opens nothing any more. */
export function dropLink(meeting: string, person: string): void {
    const links = new Map(linksOf(meeting));
    links.delete(person);
    put(meeting, links);
}

/** Reactive. */
export function linksOf(meeting: string): ReadonlyMap<string, MadeLink> {
    return made.value.get(meeting) ?? new Map();
}

/** Signed out: nobody after this person finds them. */
export function forgetLinks(): void {
    made.value = new Map();
}
