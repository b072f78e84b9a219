// What the booths ask of the room by one press. To the speaker it says what to do, in no name; consoles have the list.

import { useId } from 'preact/hooks';
import type { Signal, SignalKind } from '../contract/generated.ts';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { formatTime, languageName, text } from '../i18n/index.ts';
import { freshSignals } from '../state/signals.ts';
import { health, me, meeting, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { clockNow } from './clock.ts';
import styles from './Signals.css?inline';

adopt(styles);

export const SIGNAL_ICONS: Readonly<Record<SignalKind, IconName>> = {
    slow_down: 'clock',
    louder: 'loudspeaker',
    microphone_off: 'microphone_off',
    bad_sound: 'warning',
};

// Over the stage's lower edge, where no control is; gone by itself.
export function SignalNotice() {
    const now = meeting.value;
    const signals = now?.signals ?? [];
    if (now === null || signals.length === 0) {
        return null;
    }
    const floor = now.floor.map((one) => one.participant);
    const fresh = freshSignals(signals, floor, clockNow());
    return (
        <div class="signal-place" role="status">
            {fresh.map((one) => (
                <p key={one.kind} class="signal-notice">
                    <Icon name={SIGNAL_ICONS[one.kind]} size={24} />
                    <span>
                        {text(
                            one.participant === me.value?.id
                                ? `signal_you.${one.kind}`
                                : `signal_room.${one.kind}`,
                        )}
                    </span>
                </p>
            ))}
        </div>
    );
}

// The consoles' list: what, about whom, when, and for bad sound the booth and what the line of the speaker measures.
export function SignalList() {
    const heading = useId();
    const signals = (meeting.value?.signals ?? []).slice(-8).reverse();
    return (
        <section class="card" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{text('signals.title')}</h2>
            </header>
            {signals.length === 0 ? (
                <p class="empty">{text('signals.none')}</p>
            ) : (
                <ul class="signal-list">
                    {signals.map((one) => (
                        <SignalLine key={`${one.kind}${one.at}`} signal={one} />
                    ))}
                </ul>
            )}
        </section>
    );
}

function SignalLine({ signal }: { signal: Signal }) {
    const about = plate(signal.participant);
    const measured = signal.kind === 'bad_sound' ? health.value.get(signal.participant ?? '') : undefined;
    const booth = signal.language;
    return (
        <li class="signal-line">
            <Icon name={SIGNAL_ICONS[signal.kind]} size={18} />
            <span class="signal-words">
                <span>{text(`signal.${signal.kind}`)}</span>
                {about !== null && (
                    <>
                        {' · '}
                        <bdi>{plateWords(about).heading}</bdi>
                    </>
                )}
                {booth !== undefined && booth !== 'none' && (
                    <span class="muted"> · {text('booth.of', { language: languageName(booth) })}</span>
                )}
                {measured !== undefined && (
                    <span class="small muted signal-facts">
                        {text('signals.measured', {
                            loss: measured.loss_up_permille / 10,
                            jitter: measured.jitter_ms,
                            round: measured.round_trip_ms,
                        })}
                    </span>
                )}
            </span>
            <time class="small muted" dateTime={new Date(signal.at).toISOString()}>
                <bdi dir="ltr">{formatTime(signal.at)}</bdi>
            </time>
        </li>
    );
}
