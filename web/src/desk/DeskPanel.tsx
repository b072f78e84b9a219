// One of the desk's panels: Listen, Speak, See, Team.

import type { ComponentChildren } from 'preact';
import { reachable } from '../elements/reachable.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DeskPanel.css?inline';

adopt(styles);

interface DeskPanelProps {
    class: string;
    // The id of its heading; one that has none is named by `label`.
    heading?: string;
    label?: string;
    children: ComponentChildren;
}

export function DeskPanel({ class: more, heading, label, children }: DeskPanelProps) {
    return (
        <section
            class={`card desk-panel ${more}`}
            aria-labelledby={heading}
            aria-label={label}
            ref={reachable}
        >
            {children}
        </section>
    );
}
