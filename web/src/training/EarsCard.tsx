// The trainer's ears: the original in one, the interpretation of whom one hears (StudentsCard.tsx) in the other.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SlotName } from '../contract/generated.ts';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { formatPercent, type MessageKey, text } from '../i18n/index.ts';
import { type Side, setSlotGain, setSlotSide, slotGain, slotLevel } from '../media/media.ts';
import { BALANCE_PRESETS, setBalance } from '../state/listening.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './EarsCard.css?inline';

adopt(styles);

const ORIGINAL: readonly SlotName[] = ['floor_1', 'floor_2'];
const INTERPRETATION: readonly SlotName[] = ['language'];
const CHOICES: readonly { side: Side; words: MessageKey }[] = [
    { side: 'left', words: 'training.original_left' },
    { side: 'right', words: 'training.original_right' },
    { side: 'both', words: 'training.both_ears' },
];

// Where the original is heard.
const original = signal<Side>('left');

function opposite(side: Side): Side {
    return side === 'both' ? 'both' : side === 'left' ? 'right' : 'left';
}

function hear(side: Side): void {
    original.value = side;
    for (const slot of ORIGINAL) {
        setSlotSide(slot, side);
    }
    for (const slot of INTERPRETATION) {
        setSlotSide(slot, opposite(side));
    }
}

export function EarsCard() {
    useEffect(() => {
        hear(original.value);
        setBalance(BALANCE_PRESETS.both);
        return () => {
            for (const slot of [...ORIGINAL, ...INTERPRETATION]) {
                setSlotSide(slot, 'both');
            }
        };
    }, []);
    return (
        <section class="card" aria-labelledby="ears-heading">
            <header class="section-head">
                <h2 id="ears-heading">{text('training.ears')}</h2>
            </header>
            <fieldset class="ears">
                <legend class="hidden-text">{text('training.ears')}</legend>
                {CHOICES.map((one) => (
                    <label key={one.side} class="tick">
                        <input
                            type="radio"
                            name="ears"
                            checked={original.value === one.side}
                            onChange={() => hear(one.side)}
                        />
                        <span>{text(one.words)}</span>
                    </label>
                ))}
            </fieldset>
            <Gain slots={ORIGINAL} words="training.original" />
            <Gain slots={INTERPRETATION} words="training.interpretation" />
        </section>
    );
}

function Gain({ slots, words }: { slots: readonly SlotName[]; words: MessageKey }) {
    const first = slots[0] ?? 'language';
    const gain = slotGain(first).value;
    return (
        <label class="slider-field">
            <span>{text(words)}</span>
            <input
                class="slider"
                type="range"
                min="0"
                max="150"
                step="5"
                value={Math.round(gain * 100)}
                aria-valuetext={formatPercent(gain)}
                onInput={(event) => {
                    for (const slot of slots) {
                        setSlotGain(slot, event.currentTarget.valueAsNumber / 100);
                    }
                }}
            />
            <LevelMeter level={slotLevel(first)} label={text(words)} />
        </label>
    );
}
