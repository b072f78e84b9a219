// The icons of the house: who imports this has them (Icon.tsx).

import { addShapes } from './Icon.tsx';

const HOUSE_SHAPES = {
    copy: 'M9 9.5h11v11H9zM15 9.5V4H4v11h5',
    edit: 'M4.5 19.5l1-4.5L15.8 4.7l3.5 3.5L9 18.5zM13.5 7l3.5 3.5',
    bin: 'M5 7h14M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.3 10.5v6M13.7 10.5v6',
    link: 'M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.3 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7L11.7 18',
    unlink: 'M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.3 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7L11.7 18M3.5 3.5l17 17',
    menu: 'M4 7h16M4 12h16M4 17h16',
    mail: 'M3.5 6h17v12h-17zM3.5 7l8.5 6.5L20.5 7',
} as const;

export type HouseShapes = typeof HOUSE_SHAPES;

addShapes(HOUSE_SHAPES);
