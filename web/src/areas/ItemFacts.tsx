// What stands below an item's title, on one line: how far it is, what it is on the agenda for, how long it is planned to take, its paper.

import type { AgendaItem } from '../contract/generated.ts';
import { text } from '../i18n/index.ts';

export function ItemFacts({ item }: { item: AgendaItem }) {
    const { state, purpose, minutes, document } = item;
    return (
        <>
            {text(`item.${state}`)}
            {purpose !== undefined && ` · ${text(`item.${purpose}`)}`}
            {minutes !== undefined && ` · ${text('item.minutes', { minutes })}`}
            {document && (
                <>
                    {' · '}
                    <bdi>{document}</bdi>
                </>
            )}
        </>
    );
}
