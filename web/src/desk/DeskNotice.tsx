// A line on the desk that says what is to be known now, or what is wrong.

import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { adopt } from '../styles/adopt.ts';
import styles from './DeskNotice.css?inline';

adopt(styles);

interface DeskNoticeProps {
    tone?: 'plain' | 'warn' | 'alarm' | undefined;
    icon?: IconName | undefined;
    role?: 'alert' | undefined;
    children: ComponentChildren;
}

export function DeskNotice({ tone = 'plain', icon = 'warning', role, children }: DeskNoticeProps) {
    return (
        <p class={`desk-notice${tone === 'plain' ? '' : ` desk-notice-${tone}`}`} role={role}>
            <Icon name={icon} size={18} />
            {children}
        </p>
    );
}
