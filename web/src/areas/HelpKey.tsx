// The call to the help desk: asked, on its way, done.

import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { me } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './HelpKey.css?inline';

adopt(styles);

export function HelpKey({ class: more }: { class: string }) {
    const state = me.value?.help ?? 'none';
    const calling = state !== 'none';
    const words = text(
        state === 'none' ? 'help_call.ask' : state === 'asked' ? 'help_call.asked' : 'help_call.handled',
    );
    return (
        <button
            type="button"
            class={`button help-key ${more}${calling ? ' is-calling' : ''}`}
            title={calling ? text('help_call.cancel') : undefined}
            onClick={() => void act(calling ? 'help.cancel' : 'help.ask', {})}
        >
            <Icon name="help" />
            <span>{words}</span>
        </button>
    );
}
