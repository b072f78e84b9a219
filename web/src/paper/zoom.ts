// How large pages are drawn: as wide as there is room, or a step of these.

export const ZOOMS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
/** CSS pixels of a point at 1. */
export const POINT = 96 / 72;

export type Zoom = number | 'fit';

/** The step above or below what is shown now; the last one stays. */
export function stepFrom(shown: number, by: 1 | -1): number {
    const slight = 0.01;
    const next =
        by > 0
            ? ZOOMS.find((one) => one > shown + slight)
            : [...ZOOMS].reverse().find((one) => one < shown - slight);
    return next ?? shown;
}

/** CSS pixels of a point, for a page of so many points in so many pixels. */
export function scaleOf(zoom: Zoom, points: number, room: number): number {
    return zoom === 'fit' ? Math.max(room, 1) / Math.max(points, 1) : zoom * POINT;
}

// What the smallest devices can draw.
const PIXELS_MAX = 16_000_000;

/** Device pixels of a CSS pixel, less for what is very large. */
export function densityOf(width: number, height: number, device: number): number {
    return Math.min(device, Math.sqrt(PIXELS_MAX / Math.max(width * height, 1)));
}
