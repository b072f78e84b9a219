// Bodies below each other.
import type { Body } from '../contract/generated.ts';

export interface Placed {
    body: Body;
    depth: number;
}

/** Each after the one that it belongs to; one whose own is not there stands at the top. */
export function treeOf(bodies: readonly Body[]): Placed[] {
    const known = new Set(bodies.map((one) => one.id));
    const placed = new Set<string>();
    const place = (body: Body, depth: number): Placed[] => {
        if (placed.has(body.id)) {
            return [];
        }
        placed.add(body.id);
        const below = bodies.filter((one) => one.parent === body.id);
        return [{ body, depth }, ...below.flatMap((one) => place(one, depth + 1))];
    };
    const top = bodies.filter(({ parent }) => parent === undefined || !known.has(parent));
    // A circle has no top: what is in one is not lost.
    return [...top.flatMap((one) => place(one, 0)), ...bodies.flatMap((one) => place(one, 0))];
}

/** A body and all below it: what it cannot be put under. */
export function belowOf(bodies: readonly Body[], id: string): Set<string> {
    const found = new Set([id]);
    for (let before = 0; before !== found.size; ) {
        before = found.size;
        for (const { id: one, parent } of bodies) {
            if (parent !== undefined && found.has(parent)) {
                found.add(one);
            }
        }
    }
    return found;
}
