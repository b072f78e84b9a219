// Light, dark, or as the device says. A reader's choice is remembered; the interpreter's desk is dark until one is made.

import { computed, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const REMEMBERED = 'plenary.theme';

const choice = signal<Theme | null>(null);
const suggestion = signal<Theme>('system');

// What the switch shows.
export const theme = computed<Theme>(() => choice.value ?? suggestion.value);

export function startTheme(): void {
    choice.value = remembered();
    paint();
}

export function chooseTheme(value: Theme): void {
    choice.value = value;
    try {
        localStorage.setItem(REMEMBERED, value);
    } catch {
        // A browser that keeps nothing still changes now.
    }
    paint();
}

// What a page prefers as long as the reader has not chosen.
export function suggestTheme(value: Theme): void {
    suggestion.value = value;
    paint();
}

function paint(): void {
    if (theme.value === 'system') {
        delete document.documentElement.dataset.theme;
    } else {
        document.documentElement.dataset.theme = theme.value;
    }
}

function remembered(): Theme | null {
    try {
        return THEMES.find((value) => value === localStorage.getItem(REMEMBERED)) ?? null;
    } catch {
        return null;
    }
}
