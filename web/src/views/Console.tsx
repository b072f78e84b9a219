// What the consoles of chair, secretary, moderator, technician and trainer stand in: columns, one of them the main one.

import type { ComponentChildren } from 'preact';
import { reachable } from '../elements/reachable.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Console.css?inline';

adopt(styles);

interface ConsoleProps {
    kind: 'chair' | 'secretary' | 'moderator' | 'technician' | 'trainer';
    children: ComponentChildren;
}

export function Console({ kind, children }: ConsoleProps) {
    return (
        <main id="main" class={`console console-${kind}`} tabIndex={-1}>
            {children}
        </main>
    );
}

interface ColumnProps {
    // `first`: comes first on a telephone, and beside the main one where there is room.
    place?: 'first' | 'main';
    children: ComponentChildren;
}

export function Column({ place, children }: ColumnProps) {
    return (
        <div class={`console-column${place === undefined ? '' : ` console-${place}`}`} ref={reachable}>
            {children}
        </div>
    );
}
