// The scale of the technician's meters: 60 dB below the loudest possible, evenly. Pure.

const RANGE_DB = 60;
/** Where it begins, dBFS: what is quieter is not heard. */
export const FLOOR = -RANGE_DB;
/** Where it has its marks, dBFS. */
export const MARKS: readonly number[] = [FLOOR, -40, -20, 0];
/** From here on it is too loud, as everywhere on the page. */
export const LOUD_FROM = -4;

/** A level of 0 … 1 in whole dBFS; `FLOOR` for what is not heard. */
export function decibels(level: number): number {
    return Math.round((level - 1) * RANGE_DB);
}

/** Where on the ladder a figure stands, in percent of its length. */
export function place(dbfs: number): number {
    return Math.min(100, Math.max(0, (1 + dbfs / RANGE_DB) * 100));
}
