// What is set once a day about the desk's own sound, in the drawer of all sound: ears, tone, hearing protection, exposure, the chime.

import { useId } from 'preact/hooks';
import { SoftChange } from '../areas/Balance.tsx';
import { SoundPart } from '../areas/SoundPanel.tsx';
import { formatNumber, formatPercent, type MessageKey, text } from '../i18n/index.ts';
import {
    CALIBRATION_DB,
    CEILING_DB,
    deskSoundSettings,
    deskSoundState,
    type Ear,
    SUSTAINED_DB,
    setDeskSound,
    TONE_MAX_DB,
} from '../media/desk_media.ts';
import type { Side } from '../media/media.ts';
import { adopt } from '../styles/adopt.ts';
import { ChimeChoice } from './ChimeChoice.tsx';
import styles from './DeskSoundSettings.css?inline';

adopt(styles);

const EARS: readonly { ear: Ear; words: MessageKey }[] = [
    { ear: 'floor', words: 'desk.gain_floor' },
    { ear: 'relay', words: 'desk.gain_relay' },
    { ear: 'boothmate', words: 'desk.boothmate' },
];
const SIDES: readonly { side: Side; words: MessageKey; sign: MessageKey }[] = [
    { side: 'left', words: 'desk_sound.left', sign: 'desk_sound.left_sign' },
    { side: 'both', words: 'desk_sound.both', sign: 'desk_sound.both_sign' },
    { side: 'right', words: 'desk_sound.right', sign: 'desk_sound.right_sign' },
];
const NEW_HEADSET_DB = 110;

export function DeskSoundSettings() {
    return (
        <SoundPart title={text('desk_sound.settings')}>
            <Protection />
            <Sides />
            <SoftChange />
            <Slider of="bassDb" words="desk_sound.bass" least={-TONE_MAX_DB} most={TONE_MAX_DB} />
            <Slider of="trebleDb" words="desk_sound.treble" least={-TONE_MAX_DB} most={TONE_MAX_DB} />
            <Slider of="ceilingDb" words="desk_sound.ceiling" {...CEILING_DB} />
            <Slider of="sustainedDb" words="desk_sound.sustained" {...SUSTAINED_DB} />
            <Calibration />
            <div class="desk-sound-chime">
                <span>{text('chime.title')}</span>
                <ChimeChoice />
            </div>
        </SoundPart>
    );
}

function Protection() {
    const { failed, hits, reductionDb, levelDb, listenedS, dose } = deskSoundState.value;
    if (failed) {
        return <p>{text('desk_sound.failed')}</p>;
    }
    const minutes = Math.floor(listenedS / 60);
    return (
        <dl class="desk-sound-facts">
            <div class={reductionDb < -1 ? 'is-acting' : ''}>
                <dt>{text('desk_sound.limiter')}</dt>
                <dd>
                    {text('desk_sound.hits', { count: hits })}
                    {reductionDb < -1 && (
                        <>
                            {' · '}
                            {text('desk_sound.decibels', { value: formatNumber(Math.round(reductionDb)) })}
                        </>
                    )}
                </dd>
            </div>
            <div>
                <dt>{text('desk_sound.exposure')}</dt>
                <dd>
                    {dose === null
                        ? text('desk_sound.relative', { level: formatNumber(Math.round(levelDb)), minutes })
                        : text('desk_sound.dose', {
                              level: formatNumber(Math.round(levelDb)),
                              share: formatPercent(dose),
                              minutes,
                          })}
                </dd>
            </div>
        </dl>
    );
}

function Sides() {
    const { sides } = deskSoundSettings.value;
    return (
        <>
            {EARS.map(({ ear, words }) => (
                <fieldset key={ear} class="desk-sound-sides">
                    <legend>{text('desk_sound.ear_of', { source: text(words) })}</legend>
                    {SIDES.map(({ side, words: name, sign }) => (
                        <button
                            key={side}
                            type="button"
                            class="button button-small"
                            aria-pressed={sides[ear] === side}
                            aria-label={text(name)}
                            title={text(name)}
                            onClick={() => setDeskSound({ sides: { ...sides, [ear]: side } })}
                        >
                            {text(sign)}
                        </button>
                    ))}
                </fieldset>
            ))}
        </>
    );
}

function Slider(props: {
    of: 'bassDb' | 'trebleDb' | 'ceilingDb' | 'sustainedDb';
    words: MessageKey;
    least: number;
    most: number;
}) {
    const id = useId();
    const value = deskSoundSettings.value[props.of];
    const decibels = text('desk_sound.decibels', { value: formatNumber(value) });
    return (
        <div class="desk-sound-slider">
            <label for={id}>{text(props.words)}</label>
            <input
                id={id}
                class="slider"
                type="range"
                min={props.least}
                max={props.most}
                step="1"
                value={value}
                aria-valuetext={decibels}
                onInput={(event) => setDeskSound({ [props.of]: event.currentTarget.valueAsNumber })}
            />
            <output for={id}>{decibels}</output>
        </div>
    );
}

// The level of a full-scale tone at the ear, as measured with this headset: without it a dose would be made up.
function Calibration() {
    const id = useId();
    const { calibrationDb } = deskSoundSettings.value;
    return (
        <div class="desk-sound-calibration">
            <label class="tick">
                <input
                    type="checkbox"
                    checked={calibrationDb !== null}
                    onChange={(event) =>
                        setDeskSound({ calibrationDb: event.currentTarget.checked ? NEW_HEADSET_DB : null })
                    }
                />
                <span>{text('desk_sound.calibrated')}</span>
            </label>
            {calibrationDb !== null && (
                <div class="desk-sound-slider">
                    <label for={id}>{text('desk_sound.full_scale')}</label>
                    <input
                        id={id}
                        class="input"
                        type="number"
                        min={CALIBRATION_DB.least}
                        max={CALIBRATION_DB.most}
                        value={calibrationDb}
                        onChange={(event) => {
                            const wanted = event.currentTarget.valueAsNumber;
                            if (Number.isFinite(wanted)) {
                                setDeskSound({ calibrationDb: wanted });
                            }
                        }}
                    />
                </div>
            )}
        </div>
    );
}
