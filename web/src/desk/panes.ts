// Panes of the desk in windows of their own: a second screen for the pictures, another for the chats. A window is an empty document of
// this page, drawn by this page: it has no connection of its own, and closing it puts the pane back.

import { effect, signal } from '@preact/signals';
import { pageDirection, pageLanguage } from '../i18n/index.ts';
import { shareShortcuts } from '../parts/shortcuts.ts';
import { dressWindow } from '../styles/sheets.ts';

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
    const made = window.open('', `plenary-${name}`, SIZES[name]);
    blocked.value = made === null;
    if (made !== null) {
        adopt(name, made);
    }
}

function adopt(name: PaneName, made: Window): void {
    const page = made.document;
    // With a doctype: without one the browser draws as in the last century.
    page.open();
    page.write('<!doctype html><title></title>');
    page.close();
    for (const style of document.querySelectorAll('link[rel=stylesheet], style')) {
        page.head.append(page.importNode(style, true)); // the typefaces
    }
    dressWindow(made);
    const stopPaint = effect(() => {
        page.documentElement.lang = pageLanguage.value;
        page.documentElement.dir = pageDirection.value;
    });
    const look = new MutationObserver(() => copyTheme(page));
    look.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    copyTheme(page);
    const stopKeys = shareShortcuts(made);
    const end = (): void => {
        stopPaint();
        stopKeys();
        look.disconnect();
        window.removeEventListener('pagehide', closeWithPage);
        const rest = new Map(open.peek());
        rest.delete(name);
        open.value = rest;
    };
    const closeWithPage = (): void => made.close();
    made.addEventListener('pagehide', end, { once: true });
    window.addEventListener('pagehide', closeWithPage);
    open.value = new Map(open.peek()).set(name, made);
}

function copyTheme(page: Document): void {
    const { theme } = document.documentElement.dataset;
    if (theme === undefined) {
        delete page.documentElement.dataset.theme;
    } else {
        page.documentElement.dataset.theme = theme;
    }
}

function closeAll(): void {
    for (const one of open.peek().values()) {
        one.close();
    }
}

export const panes = { windowOf, toggle, closeAll, blocked };
