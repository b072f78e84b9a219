// What the consoles wear besides.
import { addShapes } from '../parts/Icon.tsx';
import { ROOM_SHAPES } from '../parts/room_icons.ts';
import styles from './consoles_index.css?inline';
import { adopt } from './sheets.ts';

adopt(styles);
addShapes(ROOM_SHAPES);
