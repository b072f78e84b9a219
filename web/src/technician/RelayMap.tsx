// Who interprets from whom, drawn from the floor to the last hand, and the same in sentences.

import { CARRIED_WORDS } from '../areas/room_words.ts';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { languageName, OWN_NAMES, pageDirection, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './RelayMap.css?inline';
import { type Placed, placeNodes, type RelayNode, relayNodes } from './relay.ts';

adopt(styles);

const WIDTH = 116;
const HEIGHT = 40;
const GAP_X = 52;
const GAP_Y = 12;

function channelName(id: RelayNode['id'] | 'floor'): string {
    return id === 'floor' ? text('channel.floor_name') : languageName(id);
}

export function RelayMap() {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const nodes = relayNodes(now);
    return (
        <section class="card" aria-labelledby="relay-heading">
            <header class="section-head">
                <h2 id="relay-heading">{text('relay.title')}</h2>
            </header>
            {nodes
                .filter((one) => one.warning)
                .map((one) => (
                    <p key={one.id} class="relay-warning">
                        <Mark icon="warning" tone="warn">
                            {text('relay.warning', {
                                channel: channelName(one.id),
                                offer: channelName(one.offer),
                            })}
                        </Mark>
                    </p>
                ))}
            <Drawing placed={placeNodes(nodes)} />
            <ul class="relay-list small">
                {nodes.map((one) => (
                    <li key={one.id}>
                        <Icon name={signOf(one)} size={16} />
                        <span>{sentence(one)}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}

function signOf(node: RelayNode): IconName {
    return node.warning ? 'warning' : CARRIED_WORDS[node.state].icon;
}

function sentence(node: RelayNode): string {
    const channel = channelName(node.id);
    if (node.state === 'floor') {
        return text('relay.carries_floor', { channel });
    }
    if (node.state === 'silent' || node.from === null) {
        return text('relay.silent', { channel });
    }
    const values = {
        channel,
        from: channelName(node.from),
        booth: node.booth === null ? '' : languageName(node.booth),
        depth: node.depth,
    };
    const how = text(node.booth === null ? 'relay.by_feed' : 'relay.by_booth', values);
    return node.relays === 0 ? how : `${how} ${text('relay.taken', { count: node.relays })}`;
}

function Drawing({ placed }: { placed: readonly Placed[] }) {
    const columns = Math.max(...placed.map((one) => one.column)) + 1;
    const rows = Math.max(...placed.map((one) => one.row)) + 1;
    const width = columns * WIDTH + (columns - 1) * GAP_X;
    const height = rows * HEIGHT + (rows - 1) * GAP_Y;
    const mirrored = pageDirection.value === 'rtl';
    const left = (column: number): number => {
        const at = column * (WIDTH + GAP_X);
        return mirrored ? width - at - WIDTH : at;
    };
    const top = (row: number): number => row * (HEIGHT + GAP_Y);
    const floorTop = (height - HEIGHT) / 2;
    const place = (id: RelayNode['from']): { column: number; top: number } | null => {
        if (id === 'floor') {
            return { column: 0, top: floorTop };
        }
        const found = placed.find((one) => one.node.id === id);
        return found === undefined ? null : { column: found.column, top: top(found.row) };
    };
    return (
        // The sentences below say the same.
        <div class="relay-drawing" aria-hidden="true">
            <svg
                viewBox={`-1 -1 ${width + 2} ${height + 2}`}
                width={width}
                height={height}
                aria-hidden="true"
                focusable="false"
            >
                {placed.map(({ node, column, row }) => {
                    const from = place(node.from);
                    return (
                        from !== null && (
                            <path
                                key={node.id}
                                class={`relay-edge relay-edge-${node.state}`}
                                d={curve(
                                    left(from.column) + (mirrored ? 0 : WIDTH),
                                    from.top + HEIGHT / 2,
                                    left(column) + (mirrored ? WIDTH : 0),
                                    top(row) + HEIGHT / 2,
                                )}
                            />
                        )
                    );
                })}
                <Box x={left(0)} y={floorTop} name={text('channel.floor_name')} detail="" tone="floor" />
                {placed.map(({ node, column, row }) => (
                    <Box
                        key={node.id}
                        x={left(column)}
                        y={top(row)}
                        name={OWN_NAMES[node.id]}
                        detail={detail(node)}
                        tone={node.warning ? 'warning' : node.state}
                    />
                ))}
            </svg>
        </div>
    );
}

function detail(node: RelayNode): string {
    if (node.state !== 'interpreted') {
        return text(node.state === 'floor' ? 'channel.floor' : 'channel.silent');
    }
    return node.booth === null || node.booth === node.id
        ? text('channel.interpreted')
        : text('relay.booth', { booth: languageName(node.booth) });
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

interface BoxProps {
    x: number;
    y: number;
    name: string;
    detail: string;
    tone: string;
}

function Box({ x, y, name, detail, tone }: BoxProps) {
    return (
        <g class={`relay-box relay-box-${tone}`}>
            <rect x={x} y={y} width={WIDTH} height={HEIGHT} rx={6} />
            <text
                x={x + WIDTH / 2}
                y={y + (detail === '' ? HEIGHT / 2 + 5 : 17)}
                text-anchor="middle"
                class="relay-name"
            >
                {name}
            </text>
            {detail !== '' && (
                <text x={x + WIDTH / 2} y={y + 32} text-anchor="middle" class="relay-detail">
                    {detail}
                </text>
            )}
        </g>
    );
}
