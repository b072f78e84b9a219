// Listening: the floor or any channel, what stands in for the floor, four keys of one's own, the boothmate, the levels.

import { useId, useRef } from 'preact/hooks';
import { Volume } from '../areas/Balance.tsx';
import { LanguageKeys } from '../areas/LanguageKeys.tsx';
import type { ChannelId, SlotName } from '../contract/generated.ts';
import { DepthMark } from '../elements/DepthMark.tsx';
import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { formatPercent, languageName, OWN_NAMES, text } from '../i18n/index.ts';
import { setSlotGain, slotGain, slotLevel } from '../media/media.ts';
import { carriesFloor } from '../state/booths.ts';
import { autoRelayAt, depthOf, heardChannel, ownPlace, takesOver } from '../state/desk.ts';
import { boothmateMonitored } from '../state/listening.ts';
import { preselectsOf } from '../state/preselects.ts';
import { channel, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { listenTo, recall, store, toggleBoothmate, toggleOriginal } from './commands.ts';
import { DeskPanel } from './DeskPanel.tsx';
import { PRESELECT_LEGENDS } from './keys.ts';
import styles from './Listen.css?inline';
import { type Noticed, NoticePlace } from './NoticePlace.tsx';
import { RepeatKeys } from './RepeatKeys.tsx';

adopt(styles);

// How long a key is held until it stores instead of recalling.
const STORE_MS = 700;

export function Listen() {
    return (
        <DeskPanel class="desk-listen" heading="desk-listen">
            <h2 id="desk-listen" class="hidden-text">
                {text('desk.listen')}
            </h2>
            <Source />
            <LanguageKeys
                chosen={chosenChannel()}
                onChoose={(id) => listenTo(id)}
                label={text('desk.listen_keys')}
                depths
                class="desk-languages"
            />
            <Preselects />
            <BoothmateKey />
            <div class="desk-gains">
                <Volume />
                <Gain slots={['floor_1', 'floor_2']} label={text('desk.gain_floor')} />
                <Gain slots={['relay']} label={text('desk.gain_relay')} />
                <Gain slots={['boothmate']} label={text('desk.boothmate')} />
            </div>
            <RepeatKeys />
        </DeskPanel>
    );
}

// What is in the ears, with its level; below it what is to be known about that.
function Source() {
    const heard = heardChannel.value;
    const relayed = heard !== 'floor' && !carriesFloor(channel(heard));
    return (
        <div class="desk-source-place">
            <p class="desk-source">
                <Icon name="headphones" size={18} />
                <span class="desk-source-name">{channelName(heard)}</span>
                <Depth id={heard} />
                <LevelMeter
                    level={slotLevel(relayed ? 'relay' : 'floor_1')}
                    label={text('desk.source_level')}
                />
            </p>
            <NoticePlace class="desk-notices" list={sourceNotices()}>
                <p class="small muted">{text('desk.preselects_hint')}</p>
            </NoticePlace>
        </div>
    );
}

// The key that was pressed; under auto-relay that is still the floor's.
function chosenChannel(): ChannelId {
    const source = ownPlace.value?.desk.source;
    return source === undefined || source === 'none' ? 'floor' : source;
}

function channelName(id: ChannelId): string {
    return id === 'floor' ? text('channel.floor_name') : languageName(id);
}

function Depth({ id }: { id: ChannelId }) {
    const depth = depthOf(id, channel(id));
    return depth === null ? null : <DepthMark depth={depth} />;
}

// It is no longer interpreted, a handover is near, something stands in for the floor: the gravest first.
function sourceNotices(): Noticed[] {
    const place = ownPlace.value;
    const now = meeting.value;
    if (place === null || now === null) {
        return [];
    }
    const found: Noticed[] = [];
    const heard = heardChannel.value;
    if (heard !== 'floor' && channel(heard)?.state !== 'interpreted') {
        found.push(relayLost(heard));
    }
    if (takesOver(place.booth.handover, place.desk.participant)) {
        found.push({ key: 'in_front', icon: 'handover', words: text('desk.boothmate_in_front') });
    }
    const auto = autoRelayAt(now, place.booth);
    if (auto !== null && chosenChannel() === 'floor') {
        found.push(autoRelay(place.desk.original === true, auto));
    }
    return found;
}

function relayLost(heard: ChannelId): Noticed {
    const offer = channel(heard)?.offer;
    const better = offer === undefined || offer === 'none' ? 'floor' : offer;
    return {
        key: 'lost',
        tone: 'warn',
        words: text('desk.relay_lost', { language: channelName(heard) }),
        action: (
            <button type="button" class="button button-small" onClick={() => listenTo(better)}>
                {text('desk.take', { language: channelName(better) })}
            </button>
        ),
    };
}

function autoRelay(original: boolean, auto: NonNullable<ReturnType<typeof autoRelayAt>>): Noticed {
    return {
        key: 'auto',
        icon: 'interpreted',
        words: text(original ? 'desk.original_heard' : 'desk.auto_relay', {
            language: languageName(auto.channel),
            booth: auto.from === null ? '' : languageName(auto.from),
        }),
        action: (
            <button
                type="button"
                class="button button-small"
                aria-pressed={original}
                onClick={toggleOriginal}
            >
                <span>{text('desk.original')}</span>
                <span class="kbd" aria-hidden="true">
                    O
                </span>
            </button>
        ),
    };
}

function Preselects() {
    const place = ownPlace.value;
    const now = meeting.value;
    const keys = place === null || now === null ? [] : preselectsOf(now, place);
    const hint = useId();
    return (
        <fieldset class="preselects" aria-describedby={hint}>
            <legend class="hidden-text">{text('desk.preselects')}</legend>
            {keys.map((key, index) => (
                <PreselectKey
                    key={index}
                    position={index + 1}
                    channel={key}
                    first={keys.indexOf(key) === index}
                />
            ))}
            <p id={hint} class="hidden-text">
                {text('desk.preselects_hint')}
            </p>
        </fieldset>
    );
}

// A press recalls; held, or with Shift, it stores what is heard now.
function PreselectKey(props: { position: number; channel: ChannelId; first: boolean }) {
    const { position, channel: id, first } = props;
    const timer = useRef(0);
    const stored = useRef(false);
    const end = (): void => {
        clearTimeout(timer.current);
        timer.current = 0;
    };
    return (
        <button
            type="button"
            class="preselect"
            aria-pressed={first && heardChannel.value === id}
            title={text('desk.preselects_hint')}
            onPointerDown={() => {
                stored.current = false;
                timer.current = window.setTimeout(() => {
                    stored.current = true;
                    void store(position);
                }, STORE_MS);
            }}
            onPointerUp={end}
            onPointerLeave={end}
            onPointerCancel={end}
            onClick={(event) => {
                if (event.shiftKey) {
                    void store(position);
                } else if (!stored.current) {
                    recall(position);
                }
                stored.current = false;
            }}
        >
            <span class="hidden-text">{text('desk.preselect', { position, language: channelName(id) })}</span>
            <bdi class="preselect-name" aria-hidden="true" lang={id === 'floor' ? undefined : id}>
                {id === 'floor' ? text('channel.floor_name') : OWN_NAMES[id]}
            </bdi>
            <span class="preselect-foot" aria-hidden="true">
                <Depth id={id} />
                <span class="kbd">{PRESELECT_LEGENDS[position - 1]}</span>
            </span>
        </button>
    );
}

function BoothmateKey() {
    const on = boothmateMonitored.value;
    return (
        <button
            type="button"
            class={`button boothmate-key${on ? ' is-on' : ''}`}
            aria-pressed={on}
            onClick={toggleBoothmate}
        >
            <Icon name="people" />
            <span>{text('desk.hear_boothmate')}</span>
            <LevelMeter level={slotLevel('boothmate')} label={text('desk.boothmate_level')} />
            <span class="kbd" aria-hidden="true">
                P
            </span>
        </button>
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
