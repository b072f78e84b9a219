// The matrix: a row for each place that sound comes from, with its level, a column for each channel; a press at a crossing routes by hand, or
// releases. The arrow keys go from crossing to crossing.

import { useRef, useState } from 'preact/hooks';
import { sayHold } from '../areas/hold.ts';
import { CHANNEL_ID_VALUES } from '../contract/generated.ts';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { formatNumber, languageName, OWN_NAMES, pageDirection, text } from '../i18n/index.ts';
import type { Spoken } from '../state/desk.ts';
import { levelOf } from '../state/levels.ts';
import { channel, may, meeting, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { ForceDialog, type Forcing } from './ForceDialog.tsx';
import { ListenToSource } from './ListenKey.tsx';
import { actOnChannel } from './last_act.ts';
import styles from './Matrix.css?inline';
import { Meter, MeterScale } from './Meter.tsx';
import { channelName } from './names.ts';
import { releaseQuestion } from './release.ts';
import { type Place, type Source, sounding, sourcesOf } from './sources.ts';
import { UndoLine } from './UndoLine.tsx';

adopt(styles);

const SILENCE: Source = {
    key: 'silence',
    place: { kind: 'other' },
    participant: '',
    feed: '',
    carriedBy: [],
};

function placeName(place: Place): string {
    switch (place.kind) {
        case 'floor':
            return text('technician.place_floor', { number: formatNumber(place.number) });
        case 'booth':
            return text('relay.booth', { booth: languageName(place.booth) });
        default:
            return text('technician.silence');
    }
}

// Two lines in every row, so that who comes and goes leaves the rows as high as they were.
function SourceName({ source }: { source: Source }) {
    const shown = source.participant === '' ? null : plate(source.participant);
    if (shown === null) {
        const free = sounding(source) === '' && source.key !== SILENCE.key;
        return <bdi class={free ? 'source-free' : 'source-name'}>{sourceName(source)}</bdi>;
    }
    const { heading, language, person, role } = plateWords(shown);
    const more = person === '' ? role : person;
    return (
        <span class="source" title={[heading, person, role].filter(Boolean).join(' · ')}>
            <bdi class="source-name" lang={language}>
                {heading}
            </bdi>
            <bdi class="source-more">{more}</bdi>
        </span>
    );
}

function sourceName(source: Source): string {
    if (sounding(source) === '') {
        return placeName(source.place);
    }
    const shown = source.feed === '' ? plate(source.participant) : null;
    return shown === null ? source.feed || source.participant : plateWords(shown).heading;
}

export function Matrix() {
    const [forcing, force] = useState<Forcing | null>(null);
    const [at, setAt] = useState({ row: 0, column: 1 });
    const table = useRef<HTMLTableElement>(null);
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const silenced = now.channels
        .filter((one) => one.forced === true && !one.holder && !one.feed)
        .map((one) => one.id);
    const rows = [...sourcesOf(now), { ...SILENCE, carriedBy: silenced }];
    const focus = { row: Math.min(at.row, rows.length - 1), column: at.column };
    const onKeyDown = (event: KeyboardEvent): void => {
        const forward = pageDirection.value === 'rtl' ? -1 : 1;
        const step: Record<string, [number, number]> = {
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
            ArrowLeft: [0, -forward],
            ArrowRight: [0, forward],
        };
        const [down, aside] = step[event.key] ?? [0, 0];
        if (down === 0 && aside === 0) {
            return;
        }
        event.preventDefault();
        const row = Math.min(rows.length - 1, Math.max(0, focus.row + down));
        const column = Math.min(CHANNEL_ID_VALUES.length - 1, Math.max(1, focus.column + aside));
        setAt({ row, column });
        table.current?.querySelector<HTMLElement>(`[data-place="${row}-${column}"]`)?.focus();
    };
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="crossings-heading">{text('technician.matrix')}</h2>
                <UndoLine />
            </header>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <section class="table-scroll" tabIndex={0} aria-labelledby="crossings-heading">
                <table class="table crossings" ref={table} onKeyDown={onKeyDown}>
                    <thead>
                        <tr>
                            <th scope="col" class="source-head">
                                {text('technician.source')}
                            </th>
                            <th scope="col" class="level-head">
                                <span class="hidden-text">{text('technician.level')}</span>
                                <MeterScale />
                            </th>
                            <th scope="col" class="crossing-head">
                                {text('technician.listen')}
                            </th>
                            {CHANNEL_ID_VALUES.map((id) => (
                                <th key={id} scope="col" class="crossing-head">
                                    {id === 'floor' ? (
                                        channelName(id)
                                    ) : (
                                        <abbr title={languageName(id)} lang={id}>
                                            {OWN_NAMES[id]}
                                        </abbr>
                                    )}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((source, row) => (
                            <Row key={source.key} source={source} row={row} focus={focus} onForce={force} />
                        ))}
                    </tbody>
                </table>
            </section>
            <p class="small muted">{text('technician.matrix_explained')}</p>
            {forcing !== null && <ForceDialog forcing={forcing} onClose={() => force(null)} />}
        </div>
    );
}

interface RowProps {
    source: Source;
    row: number;
    focus: { row: number; column: number };
    onForce: (forcing: Forcing) => void;
}

function Row({ source, row, focus, onForce }: RowProps) {
    const name = sourceName(source);
    const sound = sounding(source);
    return (
        <tr>
            <th scope="row">
                <SourceName source={source} />
            </th>
            <td>
                {sound !== '' && (
                    <Meter level={levelOf(sound)} label={text('technician.level_of', { name })} />
                )}
            </td>
            <td class="crossing">
                {source.key !== SILENCE.key && <ListenToSource source={source} name={name} />}
            </td>
            {CHANNEL_ID_VALUES.map((id, column) => (
                <td key={id} class="crossing">
                    {id === 'floor' ? (
                        <Sign carried={source.carriedBy.includes(id)} />
                    ) : (
                        <Crossing
                            source={source}
                            name={name}
                            id={id}
                            place={`${row}-${column}`}
                            here={focus.row === row && focus.column === column}
                            onForce={onForce}
                        />
                    )}
                </td>
            ))}
        </tr>
    );
}

function Sign({ carried }: { carried: boolean }) {
    return (
        <>
            {carried && <Icon name="check" />}
            <span class="hidden-text">{text(carried ? 'technician.carries' : 'technician.carries_not')}</span>
        </>
    );
}

interface CrossingProps {
    source: Source;
    name: string;
    id: Spoken;
    place: string;
    here: boolean;
    onForce: (forcing: Forcing) => void;
}

// Why a crossing cannot be pressed now; nothing for one that can.
function unableWords(source: Source): string | undefined {
    if (source.feed !== '') {
        return text('technician.put_in_feeds');
    }
    return source.participant === '' && source.key !== SILENCE.key
        ? text('technician.nobody_open')
        : undefined;
}

function Crossing({ source, name, id, place, here, onForce }: CrossingProps) {
    const carried = source.carriedBy.includes(id);
    const forced = carried && channel(id)?.forced === true;
    if (!may('channel.force')) {
        return <Sign carried={carried} />;
    }
    return (
        <HoldKey
            bare
            class={`button button-icon crossing-key${forced ? ' is-forced' : ''}`}
            attributes={{
                'data-place': place,
                tabIndex: here ? 0 : -1,
                'aria-pressed': carried,
                'aria-label': text(forced ? 'technician.crossing_forced' : 'technician.crossing', {
                    source: name,
                    channel: languageName(id),
                }),
            }}
            unable={unableWords(source)}
            // Routing asks for its reason, and takes no hold; releasing may silence who listens, unless nothing is heard there.
            atOnce={!forced || source.key === SILENCE.key}
            onHeld={() => {
                if (forced) {
                    void actOnChannel({ name: 'channel.release', data: { channel: id } });
                } else {
                    onForce({ channel: id, participant: source.participant, name });
                }
            }}
            onShort={sayHold}
            question={releaseQuestion(id)}
        >
            {carried ? (
                <Icon name={forced ? 'lock' : 'check'} />
            ) : (
                <span class="crossing-dot" aria-hidden="true" />
            )}
        </HoldKey>
    );
}
