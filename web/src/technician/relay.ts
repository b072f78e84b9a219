// The relay map: from the floor to each channel, through whom. Pure.
import type { Channel, Language, Meeting } from '../contract/generated.ts';
import { depthOf, type Spoken, spoken } from '../state/desk.ts';

export interface RelayNode {
    id: Spoken;
    // 0: carries the floor, or nothing; else at which hand.
    depth: 0 | 1 | 2 | 3;
    from: Spoken | 'floor' | null;
    booth: Spoken | null;
    relays: number;
    warning: boolean;
    offer: Spoken | 'floor';
    state: Channel['state'];
}

function language(value: Language | undefined): Spoken | null {
    return spoken(value);
}

/** The six channels in the contract's order. */
export function relayNodes(meeting: Meeting): RelayNode[] {
    return meeting.channels.flatMap((one) => {
        const id = one.id === 'floor' ? null : one.id;
        if (id === null) {
            return [];
        }
        const interpreted = one.state === 'interpreted';
        const from = interpreted ? (language(one.source) ?? 'floor') : one.state === 'floor' ? 'floor' : null;
        return [
            {
                id,
                depth: interpreted ? (depthOf(one.id, one) ?? 0) : 0,
                from,
                booth: language(one.booth),
                relays: one.relays ?? 0,
                warning: one.warning === true,
                offer: language(one.offer) ?? 'floor',
                state: one.state,
            } satisfies RelayNode,
        ];
    });
}

export interface Placed {
    node: RelayNode;
    column: number;
    row: number;
}

/** Columns by hand; what carries the floor or nothing stands with those at the first. */
export function placeNodes(nodes: readonly RelayNode[]): Placed[] {
    const next = [0, 0, 0, 0];
    return nodes.map((node) => {
        const column = Math.max(1, node.depth);
        const row = next[column] ?? 0;
        next[column] = row + 1;
        return { node, column, row };
    });
}
