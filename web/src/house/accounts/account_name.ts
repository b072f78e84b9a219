// A name for an account, from the name of whoever it is for, as long as nobody has written another.

interface Named {
    account: string;
    name: string;
}

const MARKS = /\p{M}/gu;
const OTHERS = /[^a-z0-9]+/g;
const EDGES = /^\.+|\.+$/g;

/** "Awa Keïta" is awa.keita; of a name in another script nothing is left, and it is written by hand. */
export function accountOf(name: string): string {
    return name
        .normalize('NFKD')
        .replace(MARKS, '')
        .toLowerCase()
        .replace(OTHERS, '.')
        .replace(EDGES, '')
        .slice(0, 63)
        .replace(EDGES, '');
}

export function sameName(before: Named, name: string): Partial<Named> {
    return before.account === accountOf(before.name) ? { name, account: accountOf(name) } : { name };
}
