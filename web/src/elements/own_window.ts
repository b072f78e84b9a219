// A window of its own that this page draws: an empty document in the page's styles, without a connection. It goes with the page.

import { shareStyles } from '../styles/adopt.ts';

/** Opens it, or finds the one of that name; null when the browser does not let it. Call it in a press. */
export function openWindow(name: string, features: string): Window | null {
    return window.open('', `plenary-${name}`, features);
}

/** Makes the window's document an empty one that looks as this page does; `ended` is called once, when the window goes. */
export function furnish(made: Window, ended: () => void): void {
    const page = made.document;
    // With a doctype: without one the browser draws as in the last century.
    page.open();
    page.write('<!doctype html><title></title>');
    page.close();
    // The typefaces stand in the page's links, everything else in its sheets.
    for (const style of document.querySelectorAll('link[rel=stylesheet]')) {
        page.head.append(page.importNode(style, true));
    }
    const stopStyles = shareStyles(page);
    const look = new MutationObserver(() => copyTheme(page));
    look.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    copyTheme(page);
    const closeWithPage = (): void => made.close();
    const end = (): void => {
        stopStyles();
        look.disconnect();
        window.removeEventListener('pagehide', closeWithPage);
        ended();
    };
    made.addEventListener('pagehide', end, { once: true });
    window.addEventListener('pagehide', closeWithPage);
}

function copyTheme(page: Document): void {
    const { theme } = document.documentElement.dataset;
    if (theme === undefined) {
        delete page.documentElement.dataset.theme;
    } else {
        page.documentElement.dataset.theme = theme;
    }
}
