// What of the server needs somebody, and how large things are.
import type { Upkeep } from '../../contract/generated.ts';

export interface Thing {
    name: 'backup' | 'certificate' | 'disk' | 'version';
    well: boolean;
}

const DAY_MS = 24 * 3600 * 1000;
// A backup is for the day after the disaster.
const BACKUP_MAX_MS = 7 * DAY_MS;
// Whoever renews by hand has that long.
const CERTIFICATE_LEAST_MS = 14 * DAY_MS;

export function thingsOf(upkeep: Upkeep, now: number): Thing[] {
    const { backup_at: backup, certificate_expires_at: until, certificate_refused: refused } = upkeep;
    return [
        { name: 'backup', well: backup !== undefined && now - backup < BACKUP_MAX_MS },
        {
            name: 'certificate',
            well: !refused && (until === undefined || until - now > CERTIFICATE_LEAST_MS),
        },
        { name: 'disk', well: upkeep.store === 'well' },
        { name: 'version', well: true },
    ];
}

const MEGA = 1_000_000;
const GIGA = 1_000_000_000;

/** To one place behind the point. */
export function sizeOf(bytes: number): { unit: 'mega' | 'giga'; value: number } {
    const unit = bytes < GIGA ? 'mega' : 'giga';
    return { unit, value: Math.round((bytes / (unit === 'mega' ? MEGA : GIGA)) * 10) / 10 };
}
