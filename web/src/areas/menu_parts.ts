// The menu of the bar comes behind the first screen, and what only some consoles have in it comes with them.

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

export interface MenuProps {
    onClose: () => void;
}

export interface MenuParts {
    Menu: FunctionComponent<MenuProps>;
    /** The keys of the page. */
    ShortcutList: FunctionComponent;
    WhoIsHere: FunctionComponent;
}

/** null until they are here. */
export const menuParts = signal<MenuParts | null>(null);

/** The meeting's report, to keep; null until a console that gives it is here. */
export const menuReport = signal<FunctionComponent | null>(null);
