// Speaking: whether one is on the air, into which output, who else holds it; the microphone, cough, and every warning about them.

import { act } from '../areas/act.ts';
import { deskAlarms } from '../areas/alarms.ts';
import { clockNow } from '../areas/clock.ts';
import { deviceProblem } from '../areas/device_words.ts';
import { flowWords } from '../areas/room_words.ts';
import { TalkingToMe, TalkKey } from '../areas/Talkback.tsx';
import { CHANNEL_ID_VALUES, type Output } from '../contract/generated.ts';
import { brief } from '../elements/characters.ts';
import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { Mark, OnAir } from '../elements/Mark.tsx';
import { Timer } from '../elements/Timer.tsx';
import {
    formatClock,
    isPageLanguage,
    languageName,
    OWN_NAMES,
    type PageLanguage,
    text,
} from '../i18n/index.ts';
import { deskSilenced } from '../live/desk.ts';
import { deviceStates, microphoneLevel } from '../media/media.ts';
import {
    chosenOutput,
    deskOpens,
    holderOf,
    microphoneFeeds,
    OUTPUTS,
    outputLanguage,
    ownPlace,
    type Place,
    pressOf,
    routedAway,
    wrongDirection,
} from '../state/desk.ts';
import { flow, listeners, me, meeting, participant, soundCheck } from '../state/store.ts';
import { iTalk } from '../state/talkback.ts';
import { adopt } from '../styles/adopt.ts';
import { Audience } from './Audience.tsx';
import { beginCough, chooseOutput, endCough, microphone, toggleMicrophone } from './commands.ts';
import { DeskNotice } from './DeskNotice.tsx';
import { DeskPanel } from './DeskPanel.tsx';
import { openDialog } from './dialogs.ts';
import { displacedWords } from './displaced.ts';
import styles from './Speak.css?inline';

adopt(styles);

export function Speak() {
    const place = ownPlace.value;
    const state = microphone();
    const look = state === 'on' && soundCheck.value ? 'check' : state;
    return (
        <DeskPanel class={`desk-speak desk-speak-${look}`} heading="desk-speak">
            <header class="section-head">
                <h2 id="desk-speak">{text('desk.speak')}</h2>
                <SuspendKey place={place} />
            </header>
            <AirState place={place} />
            {place !== null && (
                <fieldset class="outputs" aria-label={text('desk.outputs')}>
                    {OUTPUTS.map((output) => (
                        <OutputKey key={output} output={output} place={place} />
                    ))}
                </fieldset>
            )}
            <MicrophoneKey />
            <CoughKey />
            <Warnings place={place} />
            <fieldset class="talk-aside" aria-label={text('talk.aside')}>
                <TalkingToMe otherwise={text('talk.aside')} />
                <div class="talk-keys">
                    <TalkKey to="partners" words={text('talk.partner_short')} legend="8" />
                    <TalkKey to="technicians" words={text('capacity.technician')} legend="9" />
                </div>
            </fieldset>
            <Facts place={place} />
            <Audience />
        </DeskPanel>
    );
}

// Red only while one is heard, as far as anyone knows; and never calm while nobody serves the language.
function AirState({ place }: { place: Place | null }) {
    const state = microphone();
    const silenced = deskSilenced.value;
    const opens = deskOpens.value;
    const unheard = state === 'on' && !silenced && place?.desk.silence !== undefined;
    const now = meeting.value;
    const away = state === 'on' && !silenced && now !== null && place !== null && routedAway(now, place);
    const unsure = state === 'on' && !silenced && !unheard && !flow.value.acknowledged;
    const unserved =
        state === 'off' &&
        !opens &&
        now !== null &&
        place !== null &&
        deskAlarms(now, place, clockNow()).some((one) => one.key === 'desk.unserved');
    if (unheard || away || unsure || unserved) {
        const words = unheard
            ? 'desk.on_air_unheard'
            : away
              ? 'desk.on_air_by_hand'
              : unsure
                ? 'connection.not_acknowledged'
                : 'strip.unserved';
        return (
            <div class="desk-air desk-air-alarm">
                <Mark icon="warning" tone="warn">
                    {text(words)}
                </Mark>
            </div>
        );
    }
    return (
        <div class="desk-air">
            {state === 'on' && !silenced && !soundCheck.value && (
                <OnAir class="desk-on-air">{text('desk.on_air')}</OnAir>
            )}
            {state === 'on' && !silenced && soundCheck.value && (
                <Mark icon="microphone" tone="warn">
                    {text('channel.sound_check')}
                </Mark>
            )}
            {state === 'cough' && (
                <Mark icon="microphone_off">{text(iTalk.value ? 'talk.muted_now' : 'desk.cough_now')}</Mark>
            )}
            {state === 'on' && silenced && <Mark icon="microphone_off">{text('desk.silenced_here')}</Mark>}
            {state === 'off' && opens && <Mark icon="microphone">{text('desk.opening')}</Mark>}
            {state === 'off' && !opens && <Mark icon="silent">{text('desk.off_air')}</Mark>}
        </div>
    );
}

// An output: its language, whether it is chosen, and a lamp that says who holds it.
function OutputKey({ output, place }: { output: Output; place: Place }) {
    const now = meeting.value;
    const { booth, desk } = place;
    const language = outputLanguage(booth, desk, output);
    const allowed = booth.setting.allowed.map((one) => one.language).filter(isPageLanguage);
    if (now === null || (output !== 'a' && allowed.length === 0)) {
        return null;
    }
    const holder = language === null ? null : holderOf(now, language);
    const mine = holder?.desk.participant === desk.participant;
    const kept = pressOf(now, place, output) === 'kept';
    const lamp = holder === null ? 'free' : mine ? 'mine' : kept ? 'kept' : 'busy';
    const turns = output !== 'a' && allowed.length > 1;
    const awaited = desk.microphone !== 'off' && desk.opening_output === output;
    return (
        <div class={`output output-${lamp}`}>
            <button
                type="button"
                class="output-key"
                aria-pressed={chosenOutput(desk) === output}
                onClick={() => chooseOutput(output)}
            >
                <span class="output-letter">{output.toUpperCase()}</span>
                <bdi class="output-language" lang={language ?? undefined}>
                    {language === null ? text('desk.output_none') : OWN_NAMES[language]}
                </bdi>
                <span class="output-lamp">
                    <span class="lamp" aria-hidden="true" />
                    <bdi>
                        {awaited
                            ? text('desk.output_awaited')
                            : holder === null
                              ? text('desk.output_free')
                              : mine
                                ? text('desk.output_mine')
                                : participant(holder.desk.participant)?.name}
                    </bdi>
                    {kept && <span class="hidden-text">{text('desk.output_kept')}</span>}
                </span>
            </button>
            {turns && <OutputLanguages output={output} allowed={allowed} chosen={language} />}
        </div>
    );
}

function OutputLanguages(props: {
    output: Output;
    allowed: readonly PageLanguage[];
    chosen: PageLanguage | null;
}) {
    return (
        <select
            class="select select-small output-choice"
            aria-label={text('desk.output_language', { output: props.output.toUpperCase() })}
            value={props.chosen ?? ''}
            onChange={(event) => {
                const chosen = props.allowed.find((one) => one === event.currentTarget.value);
                if (chosen !== undefined) {
                    chooseOutput(props.output, chosen);
                }
            }}
        >
            {props.chosen === null && <option value="">{text('desk.output_none')}</option>}
            {props.allowed.map((one) => (
                <option key={one} value={one}>
                    {languageName(one)}
                </option>
            ))}
        </select>
    );
}

function MicrophoneKey() {
    const state = microphone();
    const on = state !== 'off' || deskOpens.value;
    return (
        <div class="desk-microphone">
            <button type="button" class="microphone-key" aria-pressed={on} onClick={toggleMicrophone}>
                <Icon name={state === 'cough' || !on ? 'microphone_off' : 'microphone'} size={56} />
                <span class="microphone-key-words">{text('devices.microphone')}</span>
                <span>{text(on ? 'toggle.on' : 'toggle.off')}</span>
                <span class="key-legends" aria-hidden="true">
                    <span class="kbd">M</span>
                    <span class="kbd">F8</span>
                </span>
            </button>
            <LevelMeter
                level={microphoneLevel}
                label={text('level.own')}
                idle={state !== 'on'}
                withWords
                vertical
            />
        </div>
    );
}

function CoughKey() {
    const state = microphone();
    return (
        <button
            type="button"
            class="button button-large cough-key"
            disabled={state === 'off'}
            aria-pressed={state === 'cough'}
            onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                beginCough();
            }}
            onPointerUp={endCough}
            onPointerCancel={endCough}
            onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.repeat) {
                    beginCough();
                }
            }}
            onKeyUp={(event) => {
                if (event.key === 'Enter') {
                    endCough();
                }
            }}
        >
            <Icon name="microphone_off" size={24} />
            <span>{text('desk.cough')}</span>
            <span class="key-legends" aria-hidden="true">
                <span class="kbd">{text('shortcuts.space')}</span>
                <span class="kbd">F9</span>
            </span>
        </button>
    );
}

// What is wrong now; alarms first. The place is always there, so that nothing moves when one appears.
function Warnings({ place }: { place: Place | null }) {
    const now = meeting.value;
    const problem = deviceProblem(deviceStates.value.microphone);
    if (place === null || now === null) {
        return null;
    }
    const alarms = deskAlarms(now, place, clockNow());
    const { booth, desk } = place;
    const wrong = wrongDirection(now, place);
    const target = microphoneFeeds(booth, desk);
    const alarm = (booth.alarm_since ?? 0) > 0;
    return (
        <div class="desk-warnings">
            {alarm && (
                <DeskNotice tone="alarm">
                    <span>{text('desk.alarm')}</span>
                </DeskNotice>
            )}
            {soundCheck.value && (
                <DeskNotice icon="clock">
                    <span>
                        {text(desk.microphone === 'off' ? 'desk.sound_check_off' : 'desk.sound_check')}
                    </span>
                </DeskNotice>
            )}
            {alarms.map((one) => (
                <DeskNotice key={one.key} tone="alarm" size={24}>
                    <span>{text(one.key, one.values)}</span>
                </DeskNotice>
            ))}
            {flowWords(flow.value).map((key) => (
                <DeskNotice key={key} tone="alarm" size={24}>
                    <span>{text(key)}</span>
                </DeskNotice>
            ))}
            {wrong !== null && target !== null && (
                <DeskNotice tone="warn">
                    <span>{text(`desk.wrong_${wrong}`, { language: languageName(target) })}</span>
                </DeskNotice>
            )}
            {(desk.overridden_by ?? '') !== '' && (
                <DeskNotice tone="warn">
                    <span>
                        {text('desk.overridden', {
                            name: brief(participant(desk.overridden_by)?.name ?? ''),
                        })}
                    </span>
                </DeskNotice>
            )}
            <Displaced place={place} />
            <CutOff place={place} />
            {problem !== null && (
                <DeskNotice tone="warn">
                    <span>{text(problem)}</span>
                </DeskNotice>
            )}
        </div>
    );
}

function Displaced({ place: { booth, desk } }: { place: Place }) {
    const words = displacedWords(booth, desk.displaced_by);
    return words === null ? null : (
        <DeskNotice tone="alarm">
            <span>{text(words.key, words.values)}</span>
        </DeskNotice>
    );
}

// Off the air without a press: since when, and whether a partner has taken over meanwhile.
function CutOff({ place: { booth, desk } }: { place: Place }) {
    const at = desk.lost_at ?? 0;
    if (at === 0 || desk.microphone !== 'off') {
        return null;
    }
    const partner = booth.desks.find((one) => one.microphone !== 'off');
    const time = formatClock(at);
    const name = brief(participant(partner?.participant)?.name ?? '');
    return (
        <DeskNotice tone="alarm" role="alert">
            <span>
                {partner === undefined
                    ? text('desk.cut_off', { time })
                    : text('desk.cut_off_taken', { time, name })}
            </span>
        </DeskNotice>
    );
}

function Facts({ place }: { place: Place | null }) {
    const since = me.value?.microphone_since ?? 0;
    const minutes = place?.booth.setting.turn_minutes ?? 0;
    const target = place === null ? null : microphoneFeeds(place.booth, place.desk);
    const heard = target === null ? 0 : (listeners.value.channels?.[CHANNEL_ID_VALUES.indexOf(target)] ?? 0);
    return (
        <div class="desk-facts">
            <p>
                <Icon name="headphones" size={18} />
                <span>
                    {text('desk.own_listeners', {
                        count: heard,
                        language: target === null ? '' : languageName(target),
                    })}
                </span>
            </p>
            {microphone() !== 'off' && since > 0 ? (
                <p>
                    <Icon name="clock" size={18} />
                    <span>{text('desk.turn')}</span>
                    <Timer
                        now={clockNow}
                        openedAt={since}
                        allowedMs={minutes > 0 ? minutes * 60_000 : undefined}
                    />
                    {minutes > 0 && <span class="muted">{text('desk.turn_of', { count: minutes })}</span>}
                </p>
            ) : (
                <p class="muted">
                    <Icon name="microphone_off" size={18} />
                    <span>{text('desk.never_by_itself')}</span>
                </p>
            )}
        </div>
    );
}

function SuspendKey({ place }: { place: Place | null }) {
    const language = place?.booth.language;
    if (language === undefined || language === 'none') {
        return null;
    }
    const suspended = (place?.booth.suspended_since ?? 0) > 0;
    return suspended ? (
        <button
            type="button"
            class="button button-small is-on"
            onClick={() => void act('interpretation.resume', { language })}
        >
            <Icon name="clock" size={18} />
            <span>{text('suspension.resume')}</span>
        </button>
    ) : (
        <button
            type="button"
            class="button button-small"
            aria-haspopup="dialog"
            onClick={() => openDialog('suspend')}
        >
            <span>{text('suspension.ask')}</span>
            <span class="kbd" aria-hidden="true">
                U
            </span>
        </button>
    );
}
