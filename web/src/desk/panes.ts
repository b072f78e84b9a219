// Panes of the desk in windows of their own: a second screen for the pictures, another for the chats. A window is an empty document of
// this page, drawn by this page: it has no connection of its own, and closing it puts the pane back.

import { effect, signal } from '@preact/signals';
import { furnish, openWindow } from '../elements/own_window.ts';
import { shareShortcuts } from '../elements/shortcuts.ts';
import { pageDirection, pageLanguage } from '../i18n/index.ts';

export type PaneName = 'see' | 'chats';

const SIZES: Readonly<Record<PaneName, string>> = {
    see: 'popup,width=960,height=800',
    chats: 'popup,width=480,height=720',
};

const open = signal<ReadonlyMap<PaneName, Window>>(new Map());
const blocked = signal(false);

// A pane's window; undefined while it is in its place.
function windowOf(name: PaneName): Window | undefined {
    return open.value.get(name);
}

function toggle(name: PaneName): void {
    const there = open.peek().get(name);
    if (there !== undefined) {
        there.close();
        return;
    }
    const made = openWindow(name, SIZES[name]);
    blocked.value = made === null;
    if (made !== null) {
        adopt(name, made);
    }
}

function adopt(name: PaneName, made: Window): void {
    const stops: (() => void)[] = [];
    furnish(made, () => {
        for (const stop of stops) {
            stop();
        }
        const rest = new Map(open.peek());
        rest.delete(name);
        open.value = rest;
    });
    const page = made.document;
    stops.push(
        effect(() => {
            page.documentElement.lang = pageLanguage.value;
            page.documentElement.dir = pageDirection.value;
        }),
        shareShortcuts(made),
    );
    open.value = new Map(open.peek()).set(name, made);
}

function closeAll(): void {
    for (const one of open.peek().values()) {
        one.close();
    }
}

export const panes = { windowOf, toggle, closeAll, blocked };
