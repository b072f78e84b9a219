// The call to the help desk: asked, on its way. The key opens the conversation, and says how the call stands;
// what it looks like while one calls comes with that (HelpPanel.css).

import type { ComponentChildren } from 'preact';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { me } from '../state/store.ts';
import { openHelp } from './help_parts.ts';

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
