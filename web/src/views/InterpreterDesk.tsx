// The interpreter's desk. Listen on one side, Speak in the middle, Team on the other, all booths at a glance above. Every key
// of the keyboard is printed on its key. A microphone goes on only by its own press: never by reconnecting.

import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import {
    type Booth,
    CHANNEL_ID_VALUES,
    type ChannelId,
    type Desk,
    type SlotName,
} from '../contract/generated.ts';
import { formatNumber, formatPercent, isPageLanguage, OWN_NAMES, text } from '../i18n/index.ts';
import { setDeskMicrophone } from '../live/actions.ts';
import { deskSilenced } from '../live/desk.ts';
import { deviceStates, microphoneLevel, setSlotGain, slotGain, slotLevel } from '../media/media.ts';
import { attempt } from '../parts/act.ts';
import { Volume } from '../parts/Balance.tsx';
import { deviceProblem, useOpenMicrophone } from '../parts/DevicePicker.tsx';
import { NextThree } from '../parts/FloorControls.tsx';
import { HelpKey } from '../parts/HelpKey.tsx';
import { Icon } from '../parts/Icon.tsx';
import { LanguageKeys } from '../parts/LanguageKeys.tsx';
import { LevelMeter } from '../parts/LevelMeter.tsx';
import { Mark, OnAir } from '../parts/Mark.tsx';
import { PlateView } from '../parts/Plate.tsx';
import { shortcutListOpen } from '../parts/ShortcutList.tsx';
import { Stage } from '../parts/Stage.tsx';
import { type Shortcut, useShortcuts } from '../parts/shortcuts.ts';
import { Timer } from '../parts/Timer.tsx';
import { TopBar } from '../parts/TopBar.tsx';
import { channelWords } from '../parts/words.ts';
import {
    boothmateMonitored,
    relayListening,
    setBoothmateMonitored,
    setRelayListening,
} from '../state/listening.ts';
import { channel, listeners, me, meeting, participant, plate } from '../state/store.ts';

export function InterpreterDesk() {
    useShortcuts(deskShortcuts());
    useOpenMicrophone();
    return (
        <div class="meeting meeting-desk">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <Glance />
            <main id="main" class="desk" tabIndex={-1}>
                <Speak />
                <Listen />
                <Team />
            </main>
        </div>
    );
}

function microphone(): 'off' | 'on' | 'cough' {
    return me.value?.microphone ?? 'off';
}

function setMicrophone(state: 'off' | 'on' | 'cough'): void {
    void attempt(() => setDeskMicrophone(state));
}

function toggleMicrophone(): void {
    setMicrophone(microphone() === 'off' ? 'on' : 'off');
}

function beginCough(): void {
    if (microphone() === 'on') {
        setMicrophone('cough');
    }
}

// The server may not have answered yet: what this page asked for counts.
function endCough(): void {
    if (microphone() !== 'off') {
        setMicrophone('on');
    }
}

function deskShortcuts(): Shortcut[] {
    const own = ownChannel();
    return [
        { codes: ['KeyM', 'F8'], legend: 'M F8', words: 'shortcuts.own_microphone', press: toggleMicrophone },
        {
            codes: ['Space'],
            legend: 'Space',
            words: 'shortcuts.cough',
            press: beginCough,
            release: endCough,
            // On the air the bar coughs whatever has the focus; off the air it belongs to the focused key.
            everywhere: () => microphone() !== 'off',
        },
        ...CHANNEL_ID_VALUES.flatMap((id, index): Shortcut[] =>
            id === own
                ? []
                : [
                      {
                          codes: [`Digit${index}`, `Numpad${index}`],
                          legend: String(index),
                          words: id === 'floor' ? 'shortcuts.relay_off' : `shortcuts.channel_${id}`,
                          press: () => setRelayListening(id),
                      },
                  ],
        ),
        {
            codes: ['KeyB'],
            legend: 'B',
            words: 'shortcuts.boothmate',
            press: () => setBoothmateMonitored(!boothmateMonitored.value),
        },
        {
            codes: ['Slash', 'F1'],
            legend: '? F1',
            words: 'shortcuts.list',
            press: () => {
                shortcutListOpen.value = true;
            },
        },
    ];
}

function ownChannel(): ChannelId | undefined {
    const language = me.value?.language;
    return isPageLanguage(language) ? language : undefined;
}

function Listen() {
    const relay = relayListening.value;
    const source: SlotName = relay === 'floor' ? 'floor_1' : 'relay';
    return (
        <section class="card desk-panel desk-listen" aria-labelledby="desk-listen">
            <h2 id="desk-listen">{text('desk.listen')}</h2>
            <LanguageKeys
                chosen={relay}
                onChoose={setRelayListening}
                label={text('desk.listen_keys')}
                without={ownChannel()}
            />
            <div class="desk-meter">
                <span class="device-label">{text('desk.source_level')}</span>
                <LevelMeter level={slotLevel(source)} label={text('desk.source_level')} withWords />
            </div>
            <div class="desk-gains">
                <Volume />
                <Gain slots={['floor_1', 'floor_2']} label={text('desk.gain_floor')} />
                <Gain slots={['relay']} label={text('desk.gain_relay')} />
                <Gain slots={['boothmate']} label={text('desk.gain_boothmate')} />
            </div>
        </section>
    );
}

function Gain({ slots, label }: { slots: readonly [SlotName, ...SlotName[]]; label: string }) {
    const id = useId();
    const value = slotGain(slots[0]).value;
    return (
        <div class="volume">
            <label for={id} class="volume-label">
                {label}
            </label>
            <input
                id={id}
                class="slider"
                type="range"
                min="0"
                max="150"
                step="5"
                value={Math.round(value * 100)}
                aria-valuetext={formatPercent(value)}
                onInput={(event) => {
                    for (const slot of slots) {
                        setSlotGain(slot, event.currentTarget.valueAsNumber / 100);
                    }
                }}
            />
        </div>
    );
}

function Speak() {
    const own = ownChannel();
    const state = microphone();
    const on = state === 'on';
    const carried = own === undefined ? null : channel(own);
    const problem = deviceProblem(deviceStates.value.microphone);
    // While the channel carries the floor, its holder is a speaker of the floor, not a colleague.
    const holder = carried?.state === 'interpreted' ? participant(carried.holder) : null;
    const other = holder !== null && holder.id !== me.value?.id ? holder : null;
    const heard = own === undefined ? 0 : (listeners.value[CHANNEL_ID_VALUES.indexOf(own)] ?? 0);
    return (
        <section class={`card desk-panel desk-speak desk-speak-${state}`} aria-labelledby="desk-speak">
            <header class="section-head">
                <h2 id="desk-speak">{text('desk.speak')}</h2>
                {own !== undefined && isPageLanguage(own) && (
                    <p class="desk-output" lang={own}>
                        {OWN_NAMES[own]}
                    </p>
                )}
            </header>
            <div class="desk-air" role="status">
                {state === 'on' && !deskSilenced.value && <OnAir>{text('desk.on_air')}</OnAir>}
                {state === 'cough' && <Mark icon="microphone_off">{text('desk.cough_now')}</Mark>}
                {state === 'on' && deskSilenced.value && (
                    <Mark icon="microphone_off">{text('desk.silenced_here')}</Mark>
                )}
                {state === 'off' && <Mark icon="silent">{text('desk.off_air')}</Mark>}
            </div>
            <div class="desk-microphone">
                <button
                    type="button"
                    class="microphone-key"
                    aria-pressed={state !== 'off'}
                    onClick={toggleMicrophone}
                >
                    <Icon name={on ? 'microphone' : 'microphone_off'} size={64} />
                    <span class="microphone-key-words">{text('devices.microphone')}</span>
                    <span>{text(state === 'off' ? 'toggle.off' : 'toggle.on')}</span>
                    <span class="key-legends" aria-hidden="true">
                        <span class="kbd">M</span>
                        <span class="kbd">F8</span>
                    </span>
                </button>
                <LevelMeter level={microphoneLevel} label={text('level.own')} withWords vertical />
            </div>
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
                <span class="kbd" aria-hidden="true">
                    {text('shortcuts.space')}
                </span>
            </button>
            <div class="desk-facts">
                {problem !== null && (
                    <p class="field-problem">
                        <Icon name="warning" size={18} />
                        <span>{text(problem)}</span>
                    </p>
                )}
                {other !== null && state === 'off' && (
                    <p>
                        <Icon name="person" size={18} />
                        <span>{text('desk.held_by', { name: other.name })}</span>
                    </p>
                )}
                {on && me.value?.microphone_since !== undefined && me.value.microphone_since > 0 && (
                    <p>
                        <span>{text('desk.turn')}</span> <Timer openedAt={me.value.microphone_since} />
                    </p>
                )}
                <p>
                    <Icon name="headphones" size={18} />
                    <span>{text('desk.listeners', { count: heard })}</span>
                </p>
            </div>
        </section>
    );
}

function Team() {
    const own = ownChannel();
    const booth = meeting.value?.booths.find((one) => one.language === own);
    const mates = (booth?.desks ?? []).filter((desk) => desk.participant !== me.value?.id);
    return (
        <div class="desk-side">
            <div class="desk-see">
                <Stage />
            </div>
            <section class="card desk-panel" aria-labelledby="desk-team">
                <header class="section-head">
                    <h2 id="desk-team">{text('desk.team')}</h2>
                    <HelpKey compact />
                </header>
                {mates.length === 0 ? (
                    <p class="empty">{text('desk.alone')}</p>
                ) : (
                    <ul class="mates">
                        {mates.map((desk) => (
                            <Mate key={desk.participant} desk={desk} />
                        ))}
                    </ul>
                )}
                <button
                    type="button"
                    class={`button boothmate-key${boothmateMonitored.value ? ' is-on' : ''}`}
                    onClick={() => setBoothmateMonitored(!boothmateMonitored.value)}
                >
                    <Icon name="headphones" />
                    <span>
                        {text(boothmateMonitored.value ? 'desk.boothmate_heard' : 'desk.boothmate_hear')}
                    </span>
                    <span class="kbd" aria-hidden="true">
                        B
                    </span>
                </button>
                <NextThree />
            </section>
        </div>
    );
}

function Mate({ desk }: { desk: Desk }) {
    const shown = plate(desk.participant);
    if (shown === null) {
        return null;
    }
    const { presence, microphone_since: since } = shown.participant;
    return (
        <li class="mate">
            <PlateView plate={shown} size="line" />
            {desk.microphone === 'on' ? (
                <span class="mate-air">
                    <OnAir>{text('desk.on_air')}</OnAir>
                    {since !== undefined && since > 0 && <Timer openedAt={since} />}
                </span>
            ) : (
                <Mark icon={desk.microphone === 'cough' ? 'microphone_off' : 'silent'}>
                    {text(
                        presence !== 'present'
                            ? `presence.${presence}`
                            : desk.microphone === 'cough'
                              ? 'desk.cough_now'
                              : 'desk.standby',
                    )}
                </Mark>
            )}
        </li>
    );
}

// All six booths in one line: who holds the channel, who is there, how many listen.
export function Glance() {
    const booths = meeting.value?.booths ?? [];
    return (
        <section class="glance" aria-labelledby="glance-heading">
            <h2 id="glance-heading" class="hidden-text">
                {text('glance.title')}
            </h2>
            <ul class="glance-list">
                {CHANNEL_ID_VALUES.filter(isPageLanguage).map((language) => (
                    <GlanceBooth
                        key={language}
                        language={language}
                        booth={booths.find((one) => one.language === language)}
                    />
                ))}
            </ul>
        </section>
    );
}

function GlanceBooth({ language, booth }: { language: keyof typeof OWN_NAMES; booth: Booth | undefined }) {
    const carried = channel(language);
    const state = carried?.state ?? 'silent';
    const words = channelWords(state);
    const holder = state === 'interpreted' ? participant(carried?.holder) : null;
    const present = (booth?.desks ?? []).filter(
        (desk) => participant(desk.participant)?.presence === 'present',
    ).length;
    const heard = useComputed(() => listeners.value[CHANNEL_ID_VALUES.indexOf(language)]);
    return (
        <li class={`glance-booth language-key-${state}${language === ownChannel() ? ' glance-own' : ''}`}>
            <p class="glance-name">
                <span lang={language}>{OWN_NAMES[language]}</span>
                {heard.value !== undefined && (
                    <span class="glance-count">
                        <Icon name="headphones" size={14} />
                        <span class="hidden-text">{text('desk.listeners', { count: heard.value })}</span>
                        <span aria-hidden="true">{formatNumber(heard.value)}</span>
                    </span>
                )}
            </p>
            <p class="language-key-state">
                <Icon name={words.icon} size={16} />
                <span>{text(words.key)}</span>
            </p>
            <p class="glance-holder small muted">
                {holder === null ? (
                    text('glance.desks', { count: present })
                ) : (
                    <bdi dir="auto">{holder.name}</bdi>
                )}
            </p>
        </li>
    );
}
