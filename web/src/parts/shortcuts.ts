// Keys of a page: each view says which it has, one listener hears them all. Keys are places on the keyboard (codes), so that
// they are the same with an Arabic, Russian or French keyboard. Single keys can be switched off (WCAG 2.1.4).

import { signal } from '@preact/signals';
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
    // Also on a focused button: only for keys that must work whatever has the focus.
    everywhere?: () => boolean;
}

const REMEMBERED = 'plenary.shortcuts';
const active = signal<readonly Shortcut[]>([]);
const enabled = signal(readEnabled());

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

// The keys of a view, as long as it is shown. The functions may be new ones at each drawing.
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
    const current = useRef(shortcuts);
    current.current = shortcuts;
    useEffect(() => {
        active.value = current.current;
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
                found.press();
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
        window.addEventListener('keydown', down, true);
        window.addEventListener('keyup', up, true);
        window.addEventListener('blur', letGo);
        return () => {
            letGo();
            active.value = [];
            window.removeEventListener('keydown', down, true);
            window.removeEventListener('keyup', up, true);
            window.removeEventListener('blur', letGo);
        };
    }, []);
}

const WRITING =
    'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';

// Whether a key is meant for the page and not for what has the focus.
function reaches(event: KeyboardEvent, shortcut: Shortcut): boolean {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(WRITING) || document.querySelector('dialog[open]') !== null) {
        return false;
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
