// The page's own line icons, on a grid of 24; room_icons.ts and house_icons.ts have those that the entrance does not need. They are decoration: the word beside them says what they mean,
// so they are hidden from screen readers.

import type { HouseShapes } from './house_icons.ts';
import type { RoomShapes } from './room_icons.ts';

const SHAPES = {
    microphone: 'M9 5.5a3 3 0 0 1 6 0v6a3 3 0 0 1-6 0zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7',
    camera: 'M3.5 7.5a1.5 1.5 0 0 1 1.5-1.5h9a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H5a1.5 1.5 0 0 1-1.5-1.5zM15.5 10.5l5-3v9l-5-3',
    camera_off:
        'M8 6h6a1.5 1.5 0 0 1 1.5 1.5V14M15.5 16.5A1.5 1.5 0 0 1 14 18H5a1.5 1.5 0 0 1-1.5-1.5V8M15.5 10.5l5-3v9l-3-1.8M4 4l16 16',
    help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.3 9.5a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.5 1.1-1.5 2.1M12 16.9v.1',
    book: 'M12 6.5C10 5 7 4.5 3.5 5v13.5c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5V5C17 4.5 14 5 12 6.5zM12 6.5V20',
    check: 'M4.5 12.5l5 5 10-11',
    close: 'M6 6l12 12M18 6L6 18',
    clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.3l3.3 2',
    record: 'M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
    stream: 'M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8',
    sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
    globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.7 3.7 5.7 3.7 9s-1.2 6.3-3.7 9c-2.5-2.7-3.7-5.7-3.7-9S9.5 5.7 12 3z',
    headphones:
        'M4 14.5V12a8 8 0 0 1 16 0v2.5M4 14.5h2.5v5.5H5.5A1.5 1.5 0 0 1 4 18.5zM20 14.5h-2.5v5.5h1a1.5 1.5 0 0 0 1.5-1.5z',
    loudspeaker: 'M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
    warning: 'M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.1',
    person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.5-6 7.5-6s6.7 2 7.5 6',
    door: 'M5 21V3.5h10V21M2.5 21h19M15 6h4v15M11.7 12v.1',
    silent: 'M5 12h14',
    more: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
    signal: 'M4.5 18.5v-3M9.5 18.5v-6M14.5 18.5v-9M19.5 18.5v-13',
    play: 'M7.5 5l11 7-11 7z',
    stop: 'M6.5 6.5h11v11h-11z',
    eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z',
} as const;

export type IconName = keyof typeof SHAPES | keyof RoomShapes | keyof HouseShapes;

const shapes: Record<string, string> = { ...SHAPES };

/** Once, when a screen comes that has more. */
export function addShapes(more: Readonly<Record<string, string>>): void {
    Object.assign(shapes, more);
}

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
    return (
        <svg
            class={`icon icon-${name}`}
            width={size}
            height={size}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d={shapes[name]} />
        </svg>
    );
}
