// Keys every page of the room has.

import { CHANNEL_ID_VALUES } from '../contract/generated.ts';
import type { Shortcut } from '../elements/shortcuts.ts';
import { shortcutListOpen } from '../elements/shortcuts.ts';
import { setListening } from '../state/listening.ts';

export const LISTENING_SHORTCUTS: readonly Shortcut[] = [
    ...CHANNEL_ID_VALUES.map(
        (id, index): Shortcut => ({
            codes: [`Digit${index}`, `Numpad${index}`],
            legend: String(index),
            words: id === 'floor' ? 'shortcuts.floor' : `shortcuts.channel_${id}`,
            press: () => setListening(id),
        }),
    ),
    {
        codes: ['Slash', 'F1'],
        legend: '? F1',
        words: 'shortcuts.list',
        press: () => {
            shortcutListOpen.value = true;
        },
    },
];
