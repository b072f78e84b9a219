// How much of the floor stays behind the interpretation, and how loud all of it is.

import { useId } from 'preact/hooks';
import { Icon } from '../elements/Icon.tsx';
import type { MessageKey } from '../i18n/index.ts';
import { formatPercent, text } from '../i18n/index.ts';
import {
    BALANCE_PRESETS,
    balance,
    balanceMatters,
    SOFT_CHOICES,
    setBalance,
    setSoftMs,
    setVolume,
    softMs,
    volume,
} from '../state/listening.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Balance.css?inline';

adopt(styles);

const PRESETS: readonly { key: MessageKey; value: number }[] = [
    { key: 'balance.interpretation', value: BALANCE_PRESETS.interpretation },
    { key: 'balance.floor_behind', value: BALANCE_PRESETS.floorBehind },
    { key: 'balance.both', value: BALANCE_PRESETS.both },
];

export function Balance({ presets = true }: { presets?: boolean }) {
    const id = useId();
    const idle = !balanceMatters.value;
    return (
        <div class={`balance${idle ? ' balance-idle' : ''}`}>
            <label for={id} class="balance-label">
                {text('balance.label')}
            </label>
            <div class="balance-row">
                <span class="balance-end" aria-hidden="true">
                    {text('balance.end_interpretation')}
                </span>
                <input
                    id={id}
                    class="slider"
                    type="range"
                    min="0"
                    max="100"
                    step="5"
                    value={Math.round(balance.value * 100)}
                    aria-valuetext={balanceWords(balance.value)}
                    aria-describedby={idle ? `${id}-idle` : undefined}
                    onInput={(event) => setBalance(event.currentTarget.valueAsNumber / 100)}
                />
                <span class="balance-end" aria-hidden="true">
                    {text('balance.end_floor')}
                </span>
            </div>
            {presets && (
                <fieldset class="balance-presets" aria-label={text('balance.presets')}>
                    {PRESETS.map((preset) => (
                        <button
                            key={preset.key}
                            type="button"
                            class="button button-small"
                            aria-pressed={balance.value === preset.value}
                            onClick={() => setBalance(preset.value)}
                        >
                            {text(preset.key)}
                        </button>
                    ))}
                </fieldset>
            )}
            <p id={`${id}-idle`} class="hidden-text">
                {text('balance.idle')}
            </p>
        </div>
    );
}

function balanceWords(value: number): string {
    return text('balance.value', {
        interpretation: formatPercent(Math.min(1, 2 * (1 - value))),
        floor: formatPercent(Math.min(1, 2 * value)),
    });
}

export function Volume() {
    const id = useId();
    return (
        <div class="volume">
            <label for={id} class="volume-label">
                <Icon name="headphones" size={18} />
                <span>{text('volume.label')}</span>
            </label>
            <input
                id={id}
                class="slider"
                type="range"
                min="0"
                max="100"
                step="5"
                value={Math.round(volume.value * 100)}
                aria-valuetext={formatPercent(volume.value)}
                onInput={(event) => setVolume(event.currentTarget.valueAsNumber / 100)}
            />
        </div>
    );
}

const SOFT_WORDS: Readonly<Record<(typeof SOFT_CHOICES)[number], MessageKey>> = {
    0: 'soft.at_once',
    150: 'soft.quickly',
    300: 'soft.usual',
    1000: 'soft.slowly',
};

// How another voice comes: the floor after an interpreter, another language, another relay.
export function SoftChange() {
    const id = useId();
    return (
        <div class="device">
            <label class="device-label" for={id}>
                <Icon name="loudspeaker" />
                <span>{text('soft.label')}</span>
            </label>
            <select
                id={id}
                class="select"
                value={softMs.value}
                onChange={(event) => setSoftMs(Number(event.currentTarget.value))}
            >
                {SOFT_CHOICES.map((value) => (
                    <option key={value} value={value}>
                        {text(SOFT_WORDS[value])}
                    </option>
                ))}
            </select>
        </div>
    );
}
