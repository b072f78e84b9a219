// The order of an agenda, and what its next item is called.

/** A list with one of its things at another place. */
export function reordered<Thing extends { id: string }>(
    things: readonly Thing[],
    id: string,
    to: number,
): Thing[] {
    const moved = things.filter((one) => one.id === id);
    const others = things.filter((one) => one.id !== id);
    const at = Math.max(0, Math.min(to, others.length));
    return [...others.slice(0, at), ...moved, ...others.slice(at)];
}

/** After "3" comes "4", after "3.1" comes "3.2"; after what has no number at its end nothing is proposed. */
export function nextNumber(numbers: readonly string[]): string {
    const last = numbers.at(-1);
    if (last === undefined) {
        return '1';
    }
    const [, before = '', digits] = last.match(/^(.*?)(\d{1,6})$/) ?? [];
    return digits === undefined ? '' : `${before}${Number(digits) + 1}`;
}
