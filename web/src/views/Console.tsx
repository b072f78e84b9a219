// What the consoles of chair, secretary, moderator and technician stand in: columns, one of them the main one.

import type { ComponentChildren } from 'preact';
import { reachable } from '../elements/reachable.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Console.css?inline';

adopt(styles);

interface ConsoleProps {
    kind: 'chair' | 'secretary' | 'moderator' | 'technician';
    children: ComponentChildren;
}

export function Console({ kind, children }: ConsoleProps) {
    return (
        <main id="main" class={`console console-${kind}`} tabIndex={-1}>
            {children}
        </main>
    );
}

export function Column({ main = false, children }: { main?: boolean; children: ComponentChildren }) {
    return (
        <div class={`console-column${main ? ' console-main' : ''}`} ref={reachable}>
            {children}
        </div>
    );
}
