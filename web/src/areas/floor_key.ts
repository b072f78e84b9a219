// Ask for the floor, withdraw, end my intervention: one place, because only one of them makes sense at a time. What it means changes with a
// press of the chair's too, so it is deaf while that is new: who was about to withdraw does not end an intervention that has just begun.

import type { IconName } from '../elements/Icon.tsx';
import { gate, settledSince } from '../elements/steady.ts';
import type { MessageKey } from '../i18n/index.ts';
import { tryMicrophone } from '../live/press.ts';
import { iHaveTheFloor, may, meeting, myRequestPosition } from '../state/store.ts';
import { act } from './act.ts';
import { microphoneReady } from './device_words.ts';

type Meaning = 'end' | 'withdraw' | 'ask' | 'closed';

interface Face {
    icon: IconName;
    words: MessageKey;
    press: () => void;
}

export const FLOOR_KEY: Readonly<Record<Meaning, Face>> = {
    end: { icon: 'stop', words: 'floor.end_mine', press: endIntervention },
    withdraw: { icon: 'close', words: 'floor.withdraw', press: withdraw },
    ask: { icon: 'hand', words: 'floor.ask', press: ask },
    closed: { icon: 'hand', words: 'floor.list_closed', press: () => {} },
};

export function floorKeyMeans(): Meaning {
    if (iHaveTheFloor.value) {
        return 'end';
    }
    if (myRequestPosition.value > 0) {
        return 'withdraw';
    }
    return meeting.value?.list === 'open' ? 'ask' : 'closed';
}

export const floorKey = gate();

function endIntervention(): void {
    void act('floor.yield', {});
}

function withdraw(): void {
    void act('floor.withdraw', {});
}

function ask(): void {
    // The place on the list does not wait for the microphone: there is time to put it right until one's turn.
    if (!microphoneReady()) {
        void tryMicrophone();
    }
    void act('floor.request', {});
}

const settled = settledSince(() => (floorKeyMeans() === 'closed' ? undefined : floorKeyMeans()));

// The same by one key of the keyboard. Never ends an intervention: that is a press on the button.
export function askOrWithdraw(): void {
    const means = floorKeyMeans();
    if (may('floor.request') && means !== 'end' && settled() && !floorKey.deaf()) {
        floorKey.act();
        FLOOR_KEY[means].press();
    }
}
