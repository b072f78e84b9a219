// A line on the desk that says what is to be known now, or what is wrong.

import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { adopt } from '../styles/adopt.ts';
import styles from './DeskNotice.css?inline';

adopt(styles);

interface DeskNoticeProps {
    tone?: 'plain' | 'warn' | 'alarm';
    icon?: IconName;
    size?: number;
    class?: string;
    role?: 'alert';
    children: ComponentChildren;
}

export function DeskNotice(props: DeskNoticeProps) {
    const { tone = 'plain', icon = 'warning', size = 18, class: more = '', role, children } = props;
    return (
        <p class={`desk-notice${tone === 'plain' ? '' : ` desk-notice-${tone}`} ${more}`} role={role}>
            <Icon name={icon} size={size} />
            {children}
        </p>
    );
}
