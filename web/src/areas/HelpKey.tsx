// The call to the help desk: asked, on its way. The key opens the conversation, and says how the call stands.

import type { ComponentChildren } from 'preact';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { me } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './HelpKey.css?inline';
import { openHelp } from './help_parts.ts';

adopt(styles);

interface HelpKeyProps {
    class: string;
    // Room for its words (HelpKeyRoom.tsx).
    children?: ComponentChildren;
}

export function HelpKey({ class: more, children }: HelpKeyProps) {
    const state = me.value?.help ?? 'none';
    return (
        <button
            type="button"
            class={`button help-key ${more}${state === 'none' ? '' : ' is-calling'}`}
            aria-haspopup="dialog"
            onClick={openHelp}
        >
            <Icon name="help" />
            <span>
                {text(`help_call.${state}`)}
                {children}
            </span>
        </button>
    );
}
