// Presses that follow each other in one place are one press: a hand that clicks twice, or three times, means what it meant the first time,
// whatever has come to stand there. Pure.

import { DEAF_MS } from './steady.ts';

export interface Press {
    /** When, ms; of presses of one window. */
    at: number;
    x: number;
    y: number;
    /** What was pressed; null for nothing that can be. */
    key: unknown;
    /** By Enter, Space or an assistive technology: it has no place. */
    byKey: boolean;
}

/** The press that was meant, and when the last came that belongs to it. */
export interface Train extends Press {
    /** A command was given because of it. */
    acted: boolean;
}

// A finger does not hit one place twice.
const NEAR_PX = 24;

/** Whether a press is one that has been already, and is not heard again. */
export function continues(train: Train | null, press: Press): boolean {
    if (train === null || press.at - train.at >= DEAF_MS || train.byKey !== press.byKey) {
        return false;
    }
    if (train.key === press.key) {
        return train.acted; // what gives no command may be pressed as fast as one likes
    }
    if (press.byKey) {
        return train.acted; // the page has put the focus elsewhere
    }
    const near = Math.abs(press.x - train.x) <= NEAR_PX && Math.abs(press.y - train.y) <= NEAR_PX;
    return train.key !== null && near;
}
