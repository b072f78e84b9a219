// A meter with a scale: the level, the loudest of the last two seconds as a line and as a figure. It moves by itself, without
// drawing the page around it again.

import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { levelWords } from '../elements/words.ts';
import { formatNumber, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Meter.css?inline';
import { decibels, FLOOR, LOUD_FROM, MARKS, place } from './meter_scale.ts';
import { holdPeak, NO_PEAK, PEAK_HOLD_MS } from './peak.ts';

adopt(styles);

interface MeterProps {
    // 0 … 1 over 60 dB.
    level: ReadonlySignal<number>;
    label: string;
}

function at(dbfs: number): { '--at': string } {
    return { '--at': `${place(dbfs)}%` };
}

// The loudest of the last two seconds.
function usePeak(level: ReadonlySignal<number>): number {
    const peak = useSignal(NO_PEAK);
    useEffect(() => {
        peak.value = NO_PEAK; // another's before
        const take = (): void => {
            peak.value = holdPeak(peak.peek(), level.peek(), performance.now());
        };
        const stop = level.subscribe(take);
        // Also while the level stays as it is.
        const timer = setInterval(take, PEAK_HOLD_MS / 4);
        return () => {
            stop();
            clearInterval(timer);
        };
    }, [level]);
    return peak.value.level;
}

export function Meter({ level, label }: MeterProps) {
    const now = decibels(level.value);
    const loudest = decibels(usePeak(level));
    const heard = loudest > FLOOR;
    return (
        <span class="scaled">
            {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn as a ladder in every browser. */}
            <span
                class="scaled-ladder"
                role="meter"
                aria-label={label}
                aria-valuemin={FLOOR}
                aria-valuemax={0}
                aria-valuenow={now}
                aria-valuetext={text('technician.level_words', {
                    level: formatNumber(now),
                    words: text(levelWords(level.value)),
                })}
                style={{
                    '--level': String(place(now) / 100),
                    '--peak': String(place(loudest) / 100),
                    '--scaled-loud': `${place(LOUD_FROM)}%`,
                }}
            >
                <span class="scaled-bar" />
                {MARKS.slice(1, -1).map((one) => (
                    <span key={one} class="scaled-tick" style={at(one)} />
                ))}
                {heard && <span class="scaled-peak" />}
            </span>
            <span class="scaled-figure" aria-hidden="true" dir="ltr">
                {heard ? formatNumber(loudest) : ''}
            </span>
        </span>
    );
}

/** Above a column of meters. */
export function MeterScale() {
    return (
        <span class="scaled-scale" aria-hidden="true">
            <span class="scaled-marks">
                {MARKS.map((one) => (
                    <span key={one} class="scaled-mark" style={at(one)}>
                        <bdi dir="ltr">{formatNumber(one)}</bdi>
                    </span>
                ))}
            </span>
            <span>{text('unit.decibels')}</span>
        </span>
    );
}
