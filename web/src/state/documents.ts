// Documents of the meeting, as each page shows them. The server has left out what one may not read.
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Document } from '../contract/generated.ts';
import { currentItem, floorPlates, iCan, me, meeting, requestPlates } from './store.ts';

/** How many speakers of the list the desk shows texts of. */
const NEXT_SPEAKERS = 3;

export const documents: ReadonlySignal<readonly Document[]> = computed(() => meeting.value?.documents ?? []);

/**
 * Documents and texts that belong to an agenda item, oldest first; those of none for ''. What was under embargo when this page came stands
 * where it stands for others, although it was told of it last.
 */
export function documentsOf(list: readonly Document[], item: string): Document[] {
    return list
        .filter((one) => (one.item ?? '') === item)
        .sort((one, other) => one.added_at - other.added_at);
}

/** Whether one may release, replace and remove it. Reactive. */
export function mayChange(document: Document): boolean {
    const id = me.value?.id;
    return (
        id !== undefined && (iCan('keeps_papers') || document.participant === id || document.added_by === id)
    );
}

/**
 * The texts of some speakers, in their order; a speaker's texts for the current item first, then those for none, the own language
 * before others, newest first. Texts for other items are left out.
 */
export function speechesOf(
    list: readonly Document[],
    speakers: readonly string[],
    item: string,
    language: string,
): Document[] {
    const speeches = list.filter((one) => one.kind === 'speech' && ['', item].includes(one.item ?? ''));
    const rank = (one: Document): number =>
        (one.item === item && item !== '' ? 0 : 2) + (one.language === language ? 0 : 1);
    return speakers.flatMap((speaker) =>
        speeches
            .filter((one) => one.participant === speaker)
            .sort((a, b) => rank(a) - rank(b) || b.added_at - a.added_at),
    );
}

/** The texts of those who have the floor, and of the next of the list. */
export const speechesNow: ReadonlySignal<readonly Document[]> = computed(() => {
    const speakers = [
        ...[...floorPlates.value].reverse(),
        ...requestPlates.value.slice(0, NEXT_SPEAKERS),
    ].map((one) => one.participant.id);
    return speechesOf(
        documents.value,
        [...new Set(speakers)],
        currentItem.value?.id ?? '',
        me.value?.language ?? 'none',
    );
});

/** What is no speech: of an item, then of none, which is for the whole meeting: its glossary, its lists of names. */
export function papersOf(list: readonly Document[], item: string): Document[] {
    return [...new Set([item, ''])]
        .flatMap((one) => documentsOf(list, one))
        .filter((one) => one.kind === 'document');
}

/** Those beside the speaker. */
export const papersNow: ReadonlySignal<readonly Document[]> = computed(() =>
    papersOf(documents.value, currentItem.value?.id ?? ''),
);
