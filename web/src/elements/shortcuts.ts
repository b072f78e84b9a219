// Keys of a page: each view says which it has, one listener hears them all. Keys are places on the keyboard (codes), so that
// they are the same with an Arabic, Russian or French keyboard. Single keys can be switched off (WCAG 2.1.4).

import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MessageKey } from '../i18n/index.ts';

export interface Shortcut {
    // KeyboardEvent.code values; any of them.
    codes: readonly string[];
    // As printed on the key and in the list.
    legend: string;
    words: MessageKey;
    press: () => void;
    // For keys that act while they are held.
    release?: () => void;
    // The same key with Shift; without it Shift makes no difference.
    shifted?: () => void;
    // The heading under which the printed key map has it.
    group?: MessageKey;
    // Also on a focused button: only for keys that must work whatever has the focus.
    everywhere?: () => boolean;
}

const REMEMBERED = 'plenary.shortcuts';
const active = signal<readonly Shortcut[]>([]);
const enabled = signal(readEnabled());
// The page's own window, and those that hold a part of it.
const windows = signal<readonly Window[]>([window]);

// The list of the keys comes behind the first screen (views/consoles.ts).
export const shortcutListOpen = signal(false);

export const activeShortcuts = active;
export const shortcutsEnabled = enabled;

export function setShortcutsEnabled(value: boolean): void {
    enabled.value = value;
    try {
        localStorage.setItem(REMEMBERED, value ? 'on' : 'off');
    } catch {
        // Forgotten with the page.
    }
}

// The keys work in this window too, until what is returned is called.
export function shareShortcuts(other: Window): () => void {
    windows.value = [...windows.value, other];
    return () => {
        windows.value = windows.value.filter((one) => one !== other);
    };
}

// The keys of a view, as long as it is shown. The functions may be new ones at each drawing.
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
    const current = useRef(shortcuts);
    current.current = shortcuts;
    useEffect(() => {
        const mine = current.current;
        active.value = mine;
        const held = new Map<string, Shortcut>();
        const down = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey) {
                return;
            }
            const found = current.current.find((one) => one.codes.includes(event.code));
            if (found === undefined || !reaches(event, found)) {
                return;
            }
            event.preventDefault();
            if (!event.repeat) {
                if (found.release !== undefined) {
                    held.set(event.code, found);
                }
                if (event.shiftKey && found.shifted !== undefined) {
                    found.shifted();
                } else {
                    found.press();
                }
            }
        };
        const up = (event: KeyboardEvent) => {
            const found = held.get(event.code);
            if (found !== undefined) {
                event.preventDefault();
                held.delete(event.code);
                const now = current.current.find((one) => one.codes.includes(event.code));
                (now ?? found).release?.();
            }
        };
        // A key whose release another window sees would stay held for ever.
        const letGo = () => {
            for (const one of held.values()) {
                one.release?.();
            }
            held.clear();
        };
        const stop = effect(() => {
            const listened = windows.value;
            for (const one of listened) {
                one.addEventListener('keydown', down, true);
                one.addEventListener('keyup', up, true);
                one.addEventListener('blur', letGo);
            }
            return () => {
                for (const one of listened) {
                    one.removeEventListener('keydown', down, true);
                    one.removeEventListener('keyup', up, true);
                    one.removeEventListener('blur', letGo);
                }
            };
        });
        return () => {
            letGo();
            // The next view may have come first: a view that goes is cleaned up after the next drawing.
            if (active.peek() === mine) {
                active.value = [];
            }
            stop();
        };
    }, []);
}

const WRITING =
    'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';

// Whether a key is meant for the page and not for what has the focus.
function reaches(event: KeyboardEvent, shortcut: Shortcut): boolean {
    // Elements of another window are of another Element class.
    const target = event.target as Element | null;
    const typing = typeof target?.closest === 'function' && target.closest(WRITING) !== null;
    const asked = windows.value.some((one) => one.document.querySelector('dialog[open]') !== null);
    if (typing || asked) {
        // Function keys write nothing: a microphone's must work while one types.
        return /^F[89]$/.test(event.code);
    }
    const always = shortcut.everywhere?.();
    if (always !== undefined) {
        return always;
    }
    return enabled.value;
}

function readEnabled(): boolean {
    try {
        return localStorage.getItem(REMEMBERED) !== 'off';
    } catch {
        return true;
    }
}
