// The mark: seven channels meeting in one round, the floor in the middle.

import { adopt } from '../styles/adopt.ts';
import styles from './Brand.css?inline';

adopt(styles);

export function Brand({ size = 28 }: { size?: number }) {
    return (
        <svg
            class="brand"
            width={size}
            height={size}
            viewBox="0 0 32 32"
            aria-hidden="true"
            focusable="false"
        >
            <path
                d="M5.5 20.5a11 11 0 1 1 21 0"
                fill="none"
                stroke="currentColor"
                stroke-width="3"
                stroke-linecap="round"
            />
            <path
                d="M10.5 20.5a5.6 5.6 0 1 1 11 0"
                fill="none"
                stroke="currentColor"
                stroke-width="3"
                stroke-linecap="round"
            />
            <path d="M4 26.5h24" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
            <circle cx="16" cy="19" r="2.2" fill="currentColor" />
        </svg>
    );
}
