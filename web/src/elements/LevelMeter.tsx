// A level of sound, drawn as a ladder and said in a word. The ladder moves without drawing the page again.

import { type ReadonlySignal, useComputed } from '@preact/signals';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './LevelMeter.css?inline';
import { levelWords } from './words.ts';

adopt(styles);

interface LevelMeterProps {
    // 0 … 1 over 60 dB, as the media half gives it.
    level: ReadonlySignal<number>;
    label: string;
    withWords?: boolean;
    // Grey: it moves, and nobody else hears it.
    idle?: boolean;
}

export function LevelMeter(props: LevelMeterProps) {
    const { level, label, withWords = false, idle = false } = props;
    const words = useComputed(() => levelWords(level.value));
    // The meter rests between steps of 1/20: finer ones cannot be seen and would only cost time.
    const share = useComputed(() => ({ '--level': String(Math.round(level.value * 20) / 20) }));
    const percent = useComputed(() => Math.round(level.value * 20) * 5);
    return (
        <span class={`level${idle ? ' level-idle' : ''}`}>
            {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn as a ladder in every browser. */}
            <span
                class="level-ladder"
                role="meter"
                aria-label={label}
                aria-valuemin={0}
                aria-valuemax={100}
                aria-valuenow={percent.value}
                aria-valuetext={text(words.value)}
            >
                <span
                    class={`level-bar level-bar-${words.value.replace('level.', '')}`}
                    style={share.value}
                />
            </span>
            {withWords && <span class="level-words">{text(words.value)}</span>}
        </span>
    );
}
