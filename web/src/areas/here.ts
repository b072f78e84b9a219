// What a page does as long as somebody is there with it, whatever the screen: keeps the focus, says in its tab what matters, keeps a phone
// awake, comes back after a sleep, asks before one leaves.

import { useEffect } from 'preact/hooks';
import { keepFocus } from '../elements/focus_keeper.ts';
import { followWaking } from '../live/waking.ts';
import { followAwake } from './awake.ts';
import { followLeaving } from './leaving.ts';
import { followTab } from './tab.ts';

let begun = false;

export function useBeingHere(): void {
    useEffect(() => {
        if (!begun) {
            begun = true;
            for (const begin of [keepFocus, followTab, followAwake, followWaking, followLeaving]) {
                begin();
            }
        }
    }, []);
}
