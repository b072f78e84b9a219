// The channels: what each carries, from whom, how many listen, how much it is held back; the switches of each.

import { useEffect, useState } from 'preact/hooks';
import { carriedBy, carriedWords } from '../areas/carried.ts';
import { sayHold } from '../areas/hold.ts';
import { TeamKey } from '../areas/TeamKey.tsx';
import { CHANNEL_ID_VALUES, type Channel } from '../contract/generated.ts';
import { DepthMark } from '../elements/DepthMark.tsx';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Mark } from '../elements/Mark.tsx';
import { PlateView } from '../elements/Plate.tsx';
import { formatNumber, languageName, OWN_NAMES, type PageLanguage, text } from '../i18n/index.ts';
import { depthOf, spoken } from '../state/desk.ts';
import { levelOf, sourceKey } from '../state/levels.ts';
import { channels, floorPlates, listeners, may, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Channels.css?inline';
import { ListenToChannel } from './ListenKey.tsx';
import { actOnChannel } from './last_act.ts';
import { DELAY_MS_MAX } from './limits.ts';
import { Meter, MeterScale } from './Meter.tsx';
import { channelName } from './names.ts';
import { releaseQuestion } from './release.ts';

adopt(styles);

export function Channels() {
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="matrix-heading">{text('matrix.title')}</h2>
                <TeamKey />
            </header>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <section class="table-scroll" tabIndex={0} aria-labelledby="matrix-heading">
                <table class="table channels">
                    <thead>
                        <tr>
                            <th scope="col">{text('matrix.channel')}</th>
                            <th scope="col">{text('matrix.state')}</th>
                            <th scope="col">{text('technician.relay')}</th>
                            <th scope="col">{text('matrix.holder')}</th>
                            <th scope="col">
                                <span class="hidden-text">{text('technician.level')}</span>
                                <MeterScale />
                            </th>
                            <th scope="col">{text('technician.listen')}</th>
                            <th scope="col" class="table-number">
                                {text('matrix.listeners')}
                            </th>
                            <th scope="col">{text('technician.delay')}</th>
                            <th scope="col">{text('matrix.auto_floor')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {channels.value.map((one) => (
                            <ChannelRow key={one.id} channel={one} />
                        ))}
                    </tbody>
                </table>
            </section>
        </div>
    );
}

function ChannelRow({ channel }: { channel: Channel }) {
    const { id } = channel;
    const heard = listeners.value.channels?.[CHANNEL_ID_VALUES.indexOf(id)];
    const source = channel.feed ? { feed: channel.feed } : { participant: channel.holder ?? '' };
    const sounds = channel.state !== 'silent' && (channel.feed || channel.holder);
    return (
        <tr class={`matrix-${id === 'floor' ? 'original' : channel.state}`}>
            <th scope="row">
                {id === 'floor' ? (
                    <span class="matrix-name">{channelName(id)}</span>
                ) : (
                    <>
                        <span class="matrix-name" lang={id}>
                            {OWN_NAMES[id]}
                        </span>
                        <span class="small muted">{languageName(id)}</span>
                    </>
                )}
            </th>
            <td>
                <State channel={channel} />
            </td>
            <td>
                <Relay channel={channel} />
            </td>
            <td>
                <Holders channel={channel} />
            </td>
            <td>
                {sounds ? (
                    <Meter
                        level={levelOf(sourceKey(source))}
                        label={text('technician.level_of', { name: channelName(id) })}
                    />
                ) : (
                    <span class="muted">{text('matrix.unknown')}</span>
                )}
            </td>
            <td>
                <ListenToChannel id={id} name={channelName(id)} />
            </td>
            <td class="table-number">{heard === undefined ? text('matrix.unknown') : formatNumber(heard)}</td>
            <td>
                <Delay channel={channel} />
            </td>
            <td>{id !== 'floor' && <AutoFloor id={id} channel={channel} />}</td>
        </tr>
    );
}

function State({ channel }: { channel: Channel }) {
    const { id } = channel;
    const carried = carriedBy(channel);
    const { icon, words } =
        id === 'floor'
            ? { icon: 'loudspeaker' as const, words: text('channel.original') }
            : { icon: carried.icon, words: carriedWords(carried) };
    return (
        <>
            <Mark icon={icon} tone={carried.state === 'interpreted' ? 'good' : 'plain'}>
                <span class="channel-carries">{words}</span>
            </Mark>
            {channel.forced === true && id !== 'floor' && (
                <div class="forced">
                    <Mark icon="lock" tone="warn">
                        {text('technician.forced')}
                    </Mark>
                    {channel.reason && (
                        <span class="small muted" dir="auto">
                            {channel.reason}
                        </span>
                    )}
                    {may('channel.release') && (
                        <HoldKey
                            bare
                            class="button button-small"
                            attributes={{ 'aria-label': releaseQuestion(id).title }}
                            // A channel that is silent can only win by it.
                            atOnce={channel.state === 'silent'}
                            onHeld={() =>
                                void actOnChannel({ name: 'channel.release', data: { channel: id } })
                            }
                            onShort={sayHold}
                            question={releaseQuestion(id)}
                        >
                            {text('technician.release')}
                        </HoldKey>
                    )}
                </div>
            )}
        </>
    );
}

// From which language the channel's interpreter works, and at which hand.
function Relay({ channel }: { channel: Channel }) {
    const depth = channel.id === 'floor' ? null : depthOf(channel.id, channel);
    if (depth === null || channel.state !== 'interpreted') {
        return <span class="muted">{text('matrix.unknown')}</span>;
    }
    return (
        <span class="channel-relay">
            <DepthMark depth={depth} />
            <span>{channelName(spoken(channel.source) ?? 'floor')}</span>
        </span>
    );
}

function Holders({ channel }: { channel: Channel }) {
    const holders =
        channel.id === 'floor'
            ? floorPlates.value
            : [plate(channel.holder)].flatMap((one) => (one === null ? [] : [one]));
    if (channel.feed) {
        return <bdi>{channel.feed}</bdi>;
    }
    if (holders.length === 0) {
        return <span class="muted">{text('matrix.nobody')}</span>;
    }
    return (
        <>
            {holders.map((one) => (
                <PlateView key={one.participant.id} plate={one} size="line" />
            ))}
        </>
    );
}

// Sent when the field is left or Enter is pressed, not at each digit.
function Delay({ channel }: { channel: Channel }) {
    const set = channel.delay_ms ?? 0;
    const [typed, setTyped] = useState(String(set));
    useEffect(() => setTyped(String(set)), [set]);
    if (!may('channel.delay')) {
        return <span>{text('unit.milliseconds', { value: set })}</span>;
    }
    const give = (): void => {
        const value = Math.min(DELAY_MS_MAX, Math.max(0, Math.round(Number(typed) || 0)));
        setTyped(String(value));
        if (value !== set) {
            void actOnChannel({ name: 'channel.delay', data: { channel: channel.id, delay_ms: value } });
        }
    };
    return (
        <input
            class="input input-small delay-field"
            type="number"
            inputMode="numeric"
            min={0}
            max={DELAY_MS_MAX}
            step={10}
            aria-label={text('technician.delay_of', { channel: channelName(channel.id) })}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onBlur={give}
            onKeyDown={(event) => {
                if (event.key === 'Enter') {
                    give();
                }
            }}
        />
    );
}

// Switching it on, or off where nothing is heard, takes nothing from anybody.
function AutoFloor({ id, channel }: { id: PageLanguage; channel: Channel }) {
    const name = languageName(id);
    const on = channel.auto_floor;
    return (
        <HoldKey
            bare
            class="toggle"
            attributes={{
                role: 'switch',
                'aria-checked': on,
                'aria-label': text('matrix.auto_floor_of', { name }),
            }}
            disabled={!may('channel.auto_floor')}
            atOnce={!on || channel.state === 'silent'}
            onHeld={() => void actOnChannel({ name: 'channel.auto_floor', data: { channel: id, on: !on } })}
            onShort={sayHold}
            question={{
                title: text('matrix.auto_floor_of', { name }),
                detail: text('matrix.auto_floor_detail'),
                confirm: text('matrix.auto_floor_end'),
            }}
        >
            <span class="toggle-track" aria-hidden="true">
                <span class="toggle-thumb" />
            </span>
            <span>{text(on ? 'toggle.on' : 'toggle.off')}</span>
        </HoldKey>
    );
}
