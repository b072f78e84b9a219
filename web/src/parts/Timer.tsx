// How long a microphone has been open. Digits are not mirrored in Arabic.

import { text } from '../i18n/index.ts';
import { clockNow, minutesAndSeconds } from './clock.ts';
import { Icon } from './Icon.tsx';
import { timerTone } from './room_words.ts';

interface TimerProps {
    openedAt: number;
    // Without it the timer only counts.
    allowedMs?: number | undefined;
    large?: boolean;
}

export function Timer({ openedAt, allowedMs, large = false }: TimerProps) {
    const spoken = Math.max(0, clockNow() - openedAt);
    const tone = allowedMs === undefined ? 'plain' : timerTone(spoken, allowedMs);
    return (
        <span class={`timer timer-${tone}${large ? ' timer-large' : ''}`}>
            {tone !== 'plain' && <Icon name="clock" size={large ? 24 : 18} />}
            {/* The time is no live region: it would speak each second. */}
            <bdi dir="ltr" role="timer" aria-live="off" aria-label={text('timer.label')}>
                {minutesAndSeconds(spoken)}
            </bdi>
            {tone !== 'plain' && (
                <span class="timer-words">{text(tone === 'over' ? 'timer.over' : 'timer.ending')}</span>
            )}
        </span>
    );
}
