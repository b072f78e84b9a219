// For who looks after the server: the last backup, the certificate, the disk, the version.

import type { Upkeep } from '../../contract/generated.ts';
import { formatDate, formatTime, gap, text } from '../../i18n/index.ts';
import { adopt } from '../../styles/adopt.ts';
import { useLoaded } from '../loaded.ts';
import { Coming, PageHead, StateMark } from '../Parts.tsx';
import { readUpkeep } from './api.ts';
import styles from './Server.css?inline';
import { sizeOf, type Thing, thingsOf } from './upkeep.ts';

adopt(styles);

export function Server() {
    const loaded = useLoaded(readUpkeep, 'upkeep');
    return (
        <>
            <PageHead title={text('server.title')} />
            <p class="muted">{text('server.lead')}</p>
            <Coming {...loaded} />
            {loaded.value !== null && (
                <div class="server-things">
                    {thingsOf(loaded.value, Date.now()).map((thing) => (
                        <ThingCard key={thing.name} thing={thing} upkeep={loaded.value as Upkeep} />
                    ))}
                </div>
            )}
        </>
    );
}

function ThingCard({ thing: { name, well }, upkeep }: { thing: Thing; upkeep: Upkeep }) {
    return (
        <section class="card" aria-labelledby={`server-${name}`}>
            <div class="section-head">
                <h2 id={`server-${name}`}>{text(`server.${name}`)}</h2>
                {name !== 'version' && (
                    <StateMark
                        tone={well ? 'good' : 'warn'}
                        words={text(well ? 'server.good' : 'server.attention')}
                    />
                )}
            </div>
            {sentences(name, upkeep).map((words) => (
                <p key={words}>{words}</p>
            ))}
        </section>
    );
}

function size(bytes: number): string {
    const { unit, value } = sizeOf(bytes);
    return text(`server.${unit}`, { size: value });
}

function sentences(name: Thing['name'], upkeep: Upkeep): string[] {
    switch (name) {
        case 'backup':
            return [backupWords(upkeep), text('server.backup_hint')];
        case 'certificate':
            return certificateWords(upkeep);
        case 'disk':
            return [
                text(`server.store_${upkeep.store}`),
                text('server.free', { size: size(upkeep.free_bytes) }),
            ];
        default:
            return [text('server.version_now', { version: upkeep.version })];
    }
}

function backupWords({ backup_at: at, backup_bytes: bytes = 0, backup_sealed: sealed }: Upkeep): string {
    if (at === undefined) {
        return text('server.backup_none');
    }
    const made = text('server.backup_at', { date: formatDate(at), time: formatTime(at), size: size(bytes) });
    return `${made}${gap()}${text(sealed ? 'server.backup_sealed' : 'server.backup_open')}`;
}

function certificateWords({ certificate_expires_at: until, certificate_refused: refused }: Upkeep): string[] {
    const words =
        until === undefined
            ? text('server.certificate_elsewhere')
            : text('server.certificate_until', { date: formatDate(until) });
    return refused ? [words, text('server.certificate_refused')] : [words];
}
