// A state as a small sign: icon and word together, never colour alone.

import type { ComponentChildren } from 'preact';
import { adopt } from '../styles/adopt.ts';
import { Icon, type IconName } from './Icon.tsx';
import styles from './Mark.css?inline';

adopt(styles);

interface MarkProps {
    icon: IconName;
    tone?: 'plain' | 'good' | 'warn' | 'bad' | 'accent' | 'on-air';
    children: ComponentChildren;
}

export function Mark({ icon, tone = 'plain', children }: MarkProps) {
    return (
        <span class={`mark mark-${tone}`}>
            <Icon name={icon} size={16} />
            <span>{children}</span>
        </span>
    );
}

// On the air: the only thing that is red.
export function OnAir({ children, class: more = '' }: { children: ComponentChildren; class?: string }) {
    return (
        <span class={`on-air-mark ${more}`}>
            <span class="on-air-dot" aria-hidden="true" />
            <span>{children}</span>
        </span>
    );
}
