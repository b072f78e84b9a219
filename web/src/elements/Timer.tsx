// How long a microphone has been open, and what is left of its time. Digits are not mirrored in Arabic.

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { leftOf, minutesAndSeconds } from './duration.ts';
import { Icon } from './Icon.tsx';
import styles from './Timer.css?inline';
import { timerTone } from './words.ts';

adopt(styles);

interface TimerProps {
    // What time it is, anew each second: a signal is read in it.
    now: () => number;
    openedAt: number;
    // Without it the timer only counts.
    allowedMs?: number | undefined;
    // Also what is left, from the beginning.
    left?: boolean;
    large?: boolean;
}

export function Timer({ now, openedAt, allowedMs, left = false, large = false }: TimerProps) {
    const used = Math.max(0, now() - openedAt);
    return (
        <span class={`timer${large ? ' timer-large' : ''}`}>
            {/* The time is no live region: it would speak each second. */}
            <bdi dir="ltr" role="timer" aria-live="off" aria-label={text('timer.label')}>
                {minutesAndSeconds(used)}
            </bdi>
            {allowedMs !== undefined && <Left used={used} allowedMs={allowedMs} always={left} />}
        </span>
    );
}

// Its form and its words change with it: a plain line, a frame, a filled sign. Never red, which is the open microphone's.
function Left({ used, allowedMs, always }: { used: number; allowedMs: number; always: boolean }) {
    const tone = timerTone(used, allowedMs);
    const time = minutesAndSeconds(leftOf(allowedMs, used));
    if (tone === 'plain') {
        return always ? <span class="timer-left">{text('timer.left', { time })}</span> : null;
    }
    return (
        <span class={`timer-left timer-${tone}`}>
            <Icon name={tone === 'over' ? 'warning' : 'clock'} size={18} />
            <span>{text(tone === 'over' ? 'timer.over' : 'timer.ending')}</span>
            {always && tone === 'ending' && <bdi dir="ltr">{time}</bdi>}
        </span>
    );
}
