// One intent, one consequence, for every key of every screen of a meeting: a press that gives a command makes its own place deaf for as
// long as presses follow each other, and so does one that opens or closes something over it (train.ts). Keys whose meaning is changed by
// others have their own deafness (steady.ts).

import type { Shortcut } from '../elements/shortcuts.ts';
import { DEAF_MS } from '../elements/steady.ts';
import { continues, type Train } from '../elements/train.ts';
import { currentConnection } from '../live/binding.ts';

let train: Train | null = null;
let givenBefore = 0;

function given(): number {
    return currentConnection()?.lastId ?? 0;
}

function keyOf(target: EventTarget | null): Element | null {
    if (!(target instanceof Element)) {
        return null;
    }
    // The veil of a dialog closes it.
    return target.closest('button') ?? (target instanceof HTMLDialogElement ? target : null);
}

function hear(event: MouseEvent): void {
    const { timeStamp: at, clientX: x, clientY: y } = event;
    const press = { at, x, y, key: keyOf(event.target), byKey: event.detail === 0 };
    if (train !== null && press.key !== null && continues(train, press)) {
        train.at = at;
        event.preventDefault();
        event.stopImmediatePropagation();
    } else {
        train = { ...press, acted: false };
        givenBefore = given();
    }
}

// After whoever acts on it.
function heard(): void {
    if (train !== null && given() > givenBefore) {
        train.acted = true;
    }
}

/** Called once, when the first screen of a meeting comes. */
function keepOnePress(): void {
    window.addEventListener('click', hear, true);
    window.addEventListener('click', heard);
    window.addEventListener(
        'keydown',
        ({ key }) => {
            // A hand that goes elsewhere by keyboard means something else.
            if (train?.byKey && key !== 'Enter' && key !== ' ') {
                train = null;
            }
        },
        true,
    );
}

keepOnePress();

interface LetterTrain {
    code: string;
    view: Window | null;
    at: number;
}

let letters: LetterTrain | null = null;

function heardLetter(event: KeyboardEvent, press: Shortcut['press']): void {
    const { code, view, timeStamp: at } = event;
    if (letters !== null && letters.code === code && letters.view === view && at - letters.at < DEAF_MS) {
        letters.at = at;
        return;
    }
    const before = given();
    press(event);
    letters = given() > before ? { code, view, at } : null;
}

/** The same for keys by letter. What acts while it is held is heard each time, and what goes one step on with Shift. */
export function onePress(shortcuts: readonly Shortcut[]): readonly Shortcut[] {
    return shortcuts.map((one) =>
        one.release === undefined ? { ...one, press: (event) => heardLetter(event, one.press) } : one,
    );
}
