// The head of the wall: the meeting, what is discussed, the house's clock, and whether the sitting is open.

import { clockNow } from '../areas/clock.ts';
import { sittingWords } from '../areas/words.ts';
import { Mark } from '../elements/Mark.tsx';
import { formatTime, localized, text } from '../i18n/index.ts';
import { currentItem, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ProjectorHead.css?inline';
import { Both, BothOf } from './ProjectorWords.tsx';
import { inFirst } from './projector_languages.ts';
import { roomOf } from './projector_room.ts';

adopt(styles);

export function ProjectorClock() {
    const now = clockNow();
    return (
        <time class="projector-clock" dateTime={new Date(now).toISOString()}>
            <bdi dir="ltr">{inFirst(() => formatTime(now))}</bdi>
        </time>
    );
}

function Item() {
    const item = currentItem.value;
    if (item === null) {
        return null;
    }
    const room = roomOf(inFirst(() => localized(item.title)));
    return (
        <p class={`projector-item projector-item-${room}`}>
            <bdi class="item-number" dir="ltr">
                {item.number}
            </bdi>
            <span class="projector-item-words">
                <BothOf value={item.title} />
                {item.document && <bdi class="item-document projector-document">{item.document}</bdi>}
            </span>
        </p>
    );
}

/** `interrupted`: what is shown may not be so any more. */
export function ProjectorHead({ interrupted }: { interrupted: boolean }) {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const open = now.sitting === 'open';
    return (
        <header class="projector-head">
            <div class="projector-subject">
                <h1 class="projector-title">
                    <BothOf value={now.title} />
                </h1>
                <Item />
            </div>
            <div class="projector-marks">
                <ProjectorClock />
                {interrupted ? (
                    <Mark icon="warning" tone="bad">
                        <Both say={() => text('wall.interrupted')} />
                    </Mark>
                ) : (
                    <Mark icon={open ? 'check' : 'clock'} tone={open ? 'good' : 'warn'}>
                        <Both say={() => text(sittingWords(now.sitting))} />
                    </Mark>
                )}
            </div>
        </header>
    );
}
