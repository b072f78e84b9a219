// What comes into the meeting and goes out of it without a page: feeds that encoders and halls publish, and listeners from outside.

import {
    CHANNEL_ID_VALUES,
    type ChannelId,
    FEED_TARGET_VALUES,
    type Feed,
    type FeedTarget,
    type Receiver,
} from '../contract/generated.ts';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Mark } from '../elements/Mark.tsx';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { formatNumber, formatTime, languageName, text } from '../i18n/index.ts';
import { feeds, may, plate, receivers } from '../state/store.ts';
import { act } from './act.ts';
import { sayHold } from './hold.ts';

function channelName(id: ChannelId): string {
    return id === 'floor' ? text('channel.floor_name') : languageName(id);
}

function targetName(target: FeedTarget): string {
    return target === 'none' ? text('feeds.nothing') : channelName(target);
}

export function Feeds() {
    const all = feeds.value;
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="feeds-heading">{text('feeds.title')}</h2>
                <span class="count">{formatNumber(all.length)}</span>
            </header>
            {all.length === 0 ? (
                <p class="empty">{text('feeds.none')}</p>
            ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
                <section class="table-scroll" tabIndex={0} aria-labelledby="feeds-heading">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text('feeds.name')}</th>
                                <th scope="col">{text('feeds.state')}</th>
                                <th scope="col">{text('feeds.on')}</th>
                                <th scope="col">{text('feeds.end')}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {all.map((one) => (
                                <FeedRow key={one.id} feed={one} />
                            ))}
                        </tbody>
                    </table>
                </section>
            )}
        </div>
    );
}

function FeedRow({ feed }: { feed: Feed }) {
    const state = feed.sound ? (feed.picture ? 'feeds.picture' : 'feeds.sound') : 'feeds.silent';
    return (
        <tr>
            <th scope="row">
                <bdi>{feed.id}</bdi>
            </th>
            <td>
                <Mark icon={feed.sound ? 'loudspeaker' : 'clock'} tone={feed.sound ? 'good' : 'plain'}>
                    {text(state)}
                </Mark>
            </td>
            <td>
                <select
                    class="select"
                    aria-label={text('feeds.on_of', { name: feed.id })}
                    value={feed.target}
                    disabled={!may('feed.put')}
                    onChange={(change) => {
                        const target = FEED_TARGET_VALUES.find((one) => one === change.currentTarget.value);
                        change.currentTarget.value = feed.target; // until the server says so
                        if (target !== undefined) {
                            void act('feed.put', { feed: feed.id, target });
                        }
                    }}
                >
                    {FEED_TARGET_VALUES.map((target) => (
                        <option key={target} value={target}>
                            {targetName(target)}
                        </option>
                    ))}
                </select>
            </td>
            <td>
                {may('feed.end') && (
                    <EndKey
                        name={feed.id}
                        detail={text('feeds.end_detail')}
                        onEnd={() => void act('feed.end', { feed: feed.id })}
                    />
                )}
            </td>
        </tr>
    );
}

// A channel or a hall may fall silent by it.
function EndKey({ name, detail, onEnd }: { name: string; detail: string; onEnd: () => void }) {
    return (
        <HoldKey
            bare
            class="button button-quiet"
            attributes={{ 'aria-label': text('feeds.end_of', { name }) }}
            onHeld={onEnd}
            onShort={sayHold}
            question={{ title: text('feeds.end_of', { name }), detail, confirm: text('feeds.end') }}
        >
            {text('feeds.end')}
        </HoldKey>
    );
}

export function Receivers() {
    const { total, receivers: shown } = receivers.value;
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="receivers-heading">{text('receivers.title')}</h2>
                <span class="count">{formatNumber(total)}</span>
            </header>
            {total === 0 ? (
                <p class="empty">{text('receivers.none')}</p>
            ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
                <section class="table-scroll" tabIndex={0} aria-labelledby="receivers-heading">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text('receivers.who')}</th>
                                <th scope="col">{text('receivers.since')}</th>
                                <th scope="col">{text('receivers.channel')}</th>
                                <th scope="col">{text('feeds.end')}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {shown.map((one) => (
                                <ReceiverRow key={one.id} receiver={one} />
                            ))}
                        </tbody>
                    </table>
                </section>
            )}
            {total > shown.length && (
                <p class="small muted">{text('receivers.more', { count: total - shown.length })}</p>
            )}
        </div>
    );
}

function ReceiverRow({ receiver }: { receiver: Receiver }) {
    const person = plate(receiver.participant);
    // The last digits tell two machines apart; the first ones are the time.
    const name =
        person !== null
            ? plateWords(person).heading
            : text('receivers.machine', { name: receiver.id.slice(-4) });
    return (
        <tr>
            <th scope="row">{person !== null ? <PlateView plate={person} size="line" /> : name}</th>
            <td>{receiver.connected ? formatTime(receiver.since) : text('receivers.connecting')}</td>
            <td>
                <select
                    class="select"
                    aria-label={text('receivers.channel_of', { name })}
                    value={receiver.channel}
                    disabled={!may('receiver.switch')}
                    onChange={(change) => {
                        const channel = CHANNEL_ID_VALUES.find((one) => one === change.currentTarget.value);
                        change.currentTarget.value = receiver.channel; // until the server says so
                        if (channel !== undefined) {
                            void act('receiver.switch', { receiver: receiver.id, channel });
                        }
                    }}
                >
                    {CHANNEL_ID_VALUES.map((id) => (
                        <option key={id} value={id}>
                            {channelName(id)}
                        </option>
                    ))}
                </select>
            </td>
            <td>
                {may('receiver.end') && (
                    <EndKey
                        name={name}
                        detail={text('receivers.end_detail')}
                        onEnd={() => void act('receiver.end', { receiver: receiver.id })}
                    />
                )}
            </td>
        </tr>
    );
}
