// Signals by one press: the speaker and the podium see what is asked, not who asks.

import { clockNow } from '../areas/clock.ts';
import { openHelp } from '../areas/help_parts.ts';
import { SIGNAL_ICONS } from '../areas/Signals.tsx';
import type { SignalKind } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { freshSignals } from '../state/signals.ts';
import { me, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { sendSignal } from './commands.ts';
import styles from './SignalKeys.css?inline';

adopt(styles);

// As the keys stand: the short words above.
const KINDS: readonly SignalKind[] = ['slow_down', 'louder', 'bad_sound', 'microphone_off'];

const LEGENDS: Readonly<Record<SignalKind, string>> = {
    slow_down: 'S',
    louder: 'L',
    microphone_off: 'X',
    bad_sound: 'D',
};

export function SignalKeys() {
    const now = meeting.value;
    const floor = now?.floor.map((one) => one.participant) ?? [];
    const fresh = (now?.signals.length ?? 0) === 0 ? [] : freshSignals(now?.signals ?? [], floor, clockNow());
    const help = me.value?.help ?? 'none';
    return (
        <fieldset class="signal-keys" aria-label={text('desk.signals')}>
            {KINDS.map((kind) => {
                const sent = fresh.some((one) => one.kind === kind);
                return (
                    <button
                        key={kind}
                        type="button"
                        class={`button signal-key${sent ? ' is-sent' : ''}`}
                        disabled={floor.length === 0}
                        onClick={() => sendSignal(kind)}
                    >
                        <Icon name={sent ? 'check' : SIGNAL_ICONS[kind]} size={18} />
                        <span>{text(`signal.${kind}`)}</span>
                        {sent && <span class="hidden-text">{text('signals.sent')}</span>}
                        <span class="kbd" aria-hidden="true">
                            {LEGENDS[kind]}
                        </span>
                    </button>
                );
            })}
            <button
                type="button"
                class={`button signal-key signal-key-help${help === 'none' ? '' : ' is-sent'}`}
                aria-haspopup="dialog"
                onClick={openHelp}
            >
                <Icon name="help" size={18} />
                <span>{text(`help_call.${help}`)}</span>
                <span class="kbd" aria-hidden="true">
                    G
                </span>
            </button>
        </fieldset>
    );
}
