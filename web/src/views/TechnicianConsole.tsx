// The technician's console: which channel carries whom and who listens, the auto-floor switches, each connection in numbers.

import { CHANNEL_ID_VALUES, type Channel } from '../contract/generated.ts';
import { formatNumber, languageName, OWN_NAMES, type PageLanguage, text } from '../i18n/index.ts';
import { act } from '../parts/act.ts';
import { Dock } from '../parts/Dock.tsx';
import { Feeds, Receivers } from '../parts/Feeds.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Mark } from '../parts/Mark.tsx';
import { HealthMark, HelpCalls, platesWith } from '../parts/People.tsx';
import { PlateView } from '../parts/Plate.tsx';
import { ReportCard } from '../parts/ReportCard.tsx';
import { SpeakerPlates } from '../parts/Stage.tsx';
import { useShortcuts } from '../parts/shortcuts.ts';
import { TopBar } from '../parts/TopBar.tsx';
import { channelWords } from '../parts/words.ts';
import { channels, floorPlates, health, listeners, may, plate } from '../state/store.ts';
import { LISTENING_SHORTCUTS } from './Room.tsx';

export function TechnicianConsole() {
    useShortcuts(LISTENING_SHORTCUTS);
    return (
        <div class="meeting meeting-technician">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <main id="main" class="console console-technician" tabIndex={-1}>
                <div class="console-column console-main">
                    <Matrix />
                    <Feeds />
                    <Receivers />
                    <HealthTable />
                    <ReportCard />
                </div>
                <div class="console-column">
                    <HelpCalls />
                    <section class="card" aria-labelledby="tech-floor">
                        <h2 id="tech-floor">{text('floor.title')}</h2>
                        <SpeakerPlates />
                    </section>
                </div>
            </main>
            <Dock />
        </div>
    );
}

function Matrix() {
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="matrix-heading">{text('matrix.title')}</h2>
            </header>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <section class="table-scroll" tabIndex={0} aria-labelledby="matrix-heading">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text('matrix.channel')}</th>
                            <th scope="col">{text('matrix.state')}</th>
                            <th scope="col">{text('matrix.holder')}</th>
                            <th scope="col" class="table-number">
                                {text('matrix.listeners')}
                            </th>
                            <th scope="col">{text('matrix.auto_floor')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {channels.value.map((one) => (
                            <MatrixRow key={one.id} channel={one} />
                        ))}
                    </tbody>
                </table>
            </section>
        </div>
    );
}

function MatrixRow({ channel }: { channel: Channel }) {
    const { id } = channel;
    const original = id === 'floor';
    const words = original
        ? { key: 'channel.original' as const, icon: 'loudspeaker' as const }
        : channelWords(channel.state);
    const holders = original
        ? floorPlates.value
        : [plate(channel.holder)].flatMap((one) => (one === null ? [] : [one]));
    const heard = listeners.value[CHANNEL_ID_VALUES.indexOf(channel.id)];
    return (
        <tr class={`matrix-${original ? 'original' : channel.state}`}>
            <th scope="row">
                {id !== 'floor' ? (
                    <>
                        <span class="matrix-name" lang={id}>
                            {OWN_NAMES[id]}
                        </span>
                        <span class="small muted">{languageName(id)}</span>
                    </>
                ) : (
                    <span class="matrix-name">{text('channel.floor_name')}</span>
                )}
            </th>
            <td>
                <Mark icon={words.icon} tone={channel.state === 'interpreted' ? 'good' : 'plain'}>
                    {text(words.key)}
                </Mark>
            </td>
            <td>
                {channel.feed ? (
                    <bdi>{channel.feed}</bdi>
                ) : holders.length === 0 ? (
                    <span class="muted">{text('matrix.nobody')}</span>
                ) : (
                    holders.map((one) => <PlateView key={one.participant.id} plate={one} size="line" />)
                )}
            </td>
            <td class="table-number">{heard === undefined ? text('matrix.unknown') : formatNumber(heard)}</td>
            <td>{id !== 'floor' && <AutoFloor id={id} on={channel.auto_floor} />}</td>
        </tr>
    );
}

function AutoFloor({ id, on }: { id: PageLanguage; on: boolean }) {
    const name = languageName(id);
    return (
        <button
            type="button"
            role="switch"
            class="toggle"
            aria-checked={on}
            aria-label={text('matrix.auto_floor_of', { name })}
            disabled={!may('channel.auto_floor')}
            onClick={() => void act('channel.auto_floor', { channel: id, on: !on })}
        >
            <span class="toggle-track" aria-hidden="true">
                <span class="toggle-thumb" />
            </span>
            <span>{text(on ? 'toggle.on' : 'toggle.off')}</span>
        </button>
    );
}

function HealthTable() {
    const measured = health.value;
    const people = platesWith(['present', 'entrance', 'lost']).filter((one) =>
        measured.has(one.participant.id),
    );
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="health-heading">{text('health.title')}</h2>
            </header>
            {people.length === 0 ? (
                <p class="empty">{text('health.none')}</p>
            ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
                <section class="table-scroll" tabIndex={0} aria-labelledby="health-heading">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text('health.person')}</th>
                                <th scope="col">{text('health.verdict')}</th>
                                <th scope="col" class="table-number">
                                    {text('health.round_trip')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.loss_up')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.loss_down')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.jitter')}
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {people.map((one) => {
                                const numbers = measured.get(one.participant.id);
                                return numbers === undefined ? null : (
                                    <tr key={one.participant.id}>
                                        <th scope="row">
                                            <PlateView plate={one} size="line" />
                                        </th>
                                        <td>
                                            <HealthMark measured={numbers} />
                                        </td>
                                        <td class="table-number">{milliseconds(numbers.round_trip_ms)}</td>
                                        <td class="table-number">{permille(numbers.loss_up_permille)}</td>
                                        <td class="table-number">{permille(numbers.loss_down_permille)}</td>
                                        <td class="table-number">{milliseconds(numbers.jitter_ms)}</td>
                                    </tr>
                                );
                            })}
                        </tbody>
                    </table>
                </section>
            )}
            <p class="small muted">
                <Icon name="help" size={16} /> <span>{text('health.explained')}</span>
            </p>
        </div>
    );
}

function milliseconds(value: number): string {
    return text('unit.milliseconds', { value });
}

function permille(value: number): string {
    return text('unit.percent', { value: value / 10 });
}
