// The icons of the room and the consoles: who imports this has them (Icon.tsx).

import { addShapes } from './Icon.tsx';

const ROOM_SHAPES = {
    microphone_off:
        'M9 9.5v2a3 3 0 0 0 5.1 2.1M15 9.8V5.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5a6 6 0 0 1-.4 2.2M12 18v3M8.5 21h7M4 4l16 16',
    screen: 'M3.5 5.5h17v11h-17zM8 20.5h8M12 16.5v4M12 13.5v-5M9.8 10.5L12 8.3l2.2 2.2',
    wall: 'M3 4.5h18V16H3zM7 8.5h10M9 12h6M12 16v4M8 20h8',
    hand: 'M8 12V6.2a1.3 1.3 0 0 1 2.6 0M10.6 11V4.7a1.3 1.3 0 0 1 2.6 0V11M13.2 11V5.7a1.3 1.3 0 0 1 2.6 0V12M15.8 12V8.2a1.3 1.3 0 0 1 2.6 0V14.5a6.5 6.5 0 0 1-6.5 6.5c-2.6 0-4.2-1.2-5.5-3.3L4.2 14a1.4 1.4 0 0 1 2.3-1.6L8 14.2V12',
    list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1',
    up: 'M6 14.5L12 8.5l6 6',
    down: 'M6 9.5l6 6 6-6',
    grip: 'M9 6h.1M9 12h.1M9 18h.1M15 6h.1M15 12h.1M15 18h.1',
    gavel: 'M13.5 4.5l6 6M11 7l6 6M16.5 3.5l-7 7M20.5 10l-6 6M12.5 10.5L4 19M4 21h9',
    people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2.2.6 3.6 2.4 4 5.2',
    interpreted: 'M4 10v4M8 7v10M12 4.5v15M16 7v10M20 10v4',
    carries_floor: 'M4 8.5h10.5M11.5 5.5l3 3-3 3M20 15.5H9.5M12.5 12.5l-3 3 3 3',
    balance: 'M4 7h9M17 7h3M15 4.8v4.4M4 17h3M11 17h9M9 14.8v4.4',
    plus: 'M12 5v14M5 12h14',
    window: 'M10 5.5H4.5v14h14V14M13.5 4.5h6v6M19.5 4.5l-8.5 8.5',
    window_back: 'M10 5.5H4.5v14h14V14M17.5 13h-6V7M11.5 13L20 4.5',
    bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5zM10.5 21h3',
    lock: 'M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5',
    chat: 'M4 5.5h16v10.5h-8.5L7 20v-4H4z',
    handover: 'M4 8.5h13M13.5 5l3.5 3.5-3.5 3.5M20 15.5H7M10.5 12L7 15.5l3.5 3.5',
    pause: 'M8.5 5.5v13M15.5 5.5v13',
    undo: 'M8.5 5.5L4.5 9.5l4 4M4.5 9.5H14a5 5 0 0 1 0 10H9',
    sort: 'M8 5v14M4.5 8.5L8 5l3.5 3.5M16 19V5M12.5 15.5L16 19l3.5-3.5',
    leave: 'M13.5 4H5v16h8.5M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
    keyboard: 'M2.5 6.5h19v11h-19zM6 10h.1M9 10h.1M12 10h.1M15 10h.1M18 10h.1M8 14h8',
    print: 'M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z',
} as const;

export type RoomShapes = typeof ROOM_SHAPES;

addShapes(ROOM_SHAPES);
