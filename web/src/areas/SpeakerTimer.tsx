// The time of whoever has the floor, and of those who will: the same on the stage, the consoles, the desks and the wall.

import { minutesAndSeconds } from '../elements/duration.ts';
import { Icon } from '../elements/Icon.tsx';
import { Timer } from '../elements/Timer.tsx';
import { text } from '../i18n/index.ts';
import { allowedMsOf } from '../state/speaking_times.ts';
import type { FloorPlate, Plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { clockNow } from './clock.ts';
import styles from './SpeakerTimer.css?inline';

adopt(styles);

export function SpeakerTimer({ plate, large = false }: { plate: FloorPlate; large?: boolean }) {
    return (
        <Timer now={clockNow} openedAt={plate.openedAt} allowedMs={allowedMsOf(plate)} left large={large} />
    );
}

// What somebody on the list may use; nothing without limit.
export function TimeToCome({ plate }: { plate: Plate }) {
    const allowed = allowedMsOf(plate);
    if (allowed === undefined) {
        return null;
    }
    return (
        <span class="time-to-come" title={text('timer.allowed')}>
            <Icon name="clock" size={14} />
            <span class="hidden-text">{text('timer.allowed')}</span>
            <bdi dir="ltr">{minutesAndSeconds(allowed)}</bdi>
        </span>
    );
}
