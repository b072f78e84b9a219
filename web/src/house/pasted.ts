// Lines for many people at once, "Name; capacity; delegation; address", as they come out of a letter or a sheet. Every line is looked at
// before anybody is added. Pure: the words that a reader may use for capacities and languages are given.
import {
    type Capacity,
    can,
    type Delegation,
    type Language,
    type PersonWish,
} from '../contract/generated.ts';
import { countCharacters } from '../elements/characters.ts';

export const LINES_MAX = 500;
const NAME_MOST = 120;
/** Of whom nothing is said. */
const USUAL: Capacity = 'delegate';
const ADDRESS_MOST_BYTES = 254;
const PARTS_MAX = 4;
// One alone may be somebody's name.
const HEADINGS_LEAST = 2;

/** What is wrong with a line. `already`: somebody of this name is in the meeting in this capacity. */
export type Fault =
    | 'no_name'
    | 'long_name'
    | 'capacity'
    | 'delegation'
    | 'language'
    | 'address'
    | 'parts'
    | 'twice'
    | 'already';

export interface Line {
    /** As the page counts them, from 1, blank ones too. */
    number: number;
    text: string;
    /** null when there is a fault. */
    wish: PersonWish | null;
    faults: readonly Fault[];
}

export interface Known {
    /** By folded words. */
    capacities: ReadonlyMap<string, Capacity>;
    languages: ReadonlyMap<string, Language>;
    delegations: readonly Delegation[];
    /** Who is there, by keyOf(). */
    people: ReadonlySet<string>;
    /** What the first line may call its columns, folded. */
    headings: ReadonlySet<string>;
}

/** Without accents, case and blanks around: how words are compared. */
export function fold(words: string): string {
    return words
        .normalize('NFKD')
        .replaceAll(/\p{M}/gu, '')
        .replaceAll(/\s+/g, ' ')
        .trim()
        .toLocaleLowerCase('en');
}

export function keyOf(name: string, capacity: Capacity): string {
    return `${fold(name)}/${capacity}`;
}

/** By code, id or a name in any language. */
export function delegationNamed(words: string, all: readonly Delegation[]): Delegation | undefined {
    const wanted = fold(words);
    return (
        all.find((one) => fold(one.code) === wanted || one.id === wanted) ??
        all.find((one) => Object.values(one.name).some((name) => fold(name) === wanted))
    );
}

export function isAddress(words: string): boolean {
    return /^[^\s@<>;,]+@[^\s@<>;,]+\.[^\s@<>;,]+$/.test(words);
}

function partsOf(text: string): string[] {
    return text.split(text.includes('\t') ? '\t' : /[;；؛]/).map((part) => part.trim());
}

function readLine(text: string, known: Known): { wish: PersonWish; faults: Fault[] } {
    const parts = partsOf(text);
    const [name = '', said = '', third = '', address = ''] = parts;
    const faults: Fault[] = [];
    const fault = (found: boolean, one: Fault): void => {
        if (found) {
            faults.push(one);
        }
    };
    const capacity = said === '' ? USUAL : known.capacities.get(fold(said));
    const interprets = can(capacity, 'has_desk');
    const delegation = interprets || third === '' ? undefined : delegationNamed(third, known.delegations);
    const language = interprets ? known.languages.get(fold(third)) : undefined;
    fault(
        parts.slice(PARTS_MAX).some((part) => part !== ''),
        'parts',
    );
    fault(name === '', 'no_name');
    fault(countCharacters(name) > NAME_MOST, 'long_name');
    fault(capacity === undefined, 'capacity');
    fault(interprets && language === undefined, 'language');
    fault(capacity !== undefined && !interprets && third !== '' && delegation === undefined, 'delegation');
    const long = new TextEncoder().encode(address).length > ADDRESS_MOST_BYTES;
    fault(address !== '' && (!isAddress(address) || long), 'address');
    const wish: PersonWish = {
        name,
        capacity: capacity ?? USUAL,
        ...(delegation === undefined ? {} : { delegation: delegation.id }),
        ...(language === undefined ? {} : { language }),
        ...(address === '' ? {} : { address }),
    };
    return { wish, faults };
}

function isHeading(text: string, known: Known): boolean {
    return partsOf(text).filter((part) => known.headings.has(fold(part))).length >= HEADINGS_LEAST;
}

/** What would be added, line by line; blank lines and a line of headings are left out. */
export function readPasted(pasted: string, known: Known): Line[] {
    const seen = new Set<string>();
    return pasted
        .split(/\r\n|\r|\n/)
        .map((text, index) => ({ text: text.trim(), number: index + 1 }))
        .filter(({ text, number }) => text !== '' && !(number === 1 && isHeading(text, known)))
        .map(({ text, number }) => {
            const { wish, faults } = readLine(text, known);
            const key = keyOf(wish.name, wish.capacity);
            if (wish.name !== '' && seen.has(key)) {
                faults.push('twice');
            } else if (known.people.has(key)) {
                faults.push('already');
            }
            seen.add(key);
            return { number, text, wish: faults.length > 0 ? null : wish, faults };
        });
}
