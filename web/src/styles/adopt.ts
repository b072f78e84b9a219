// What the entrance and the quiet pages wear, and every console.
import styles from './index.css?inline';
import { adopt } from './sheets.ts';

adopt(styles);
