// The list of speakers as everybody sees it: the next first, one's own place in words.

import { Mark } from '../elements/Mark.tsx';
import { useOrderedMotion } from '../elements/motion.ts';
import { PlateView } from '../elements/Plate.tsx';
import { text } from '../i18n/index.ts';
import { me, meeting, myRequestPosition, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './SpeakersList.css?inline';
import { TimeToCome } from './SpeakerTimer.tsx';

adopt(styles);

export function ListState() {
    const open = meeting.value?.list === 'open';
    return (
        <Mark icon={open ? 'check' : 'close'} tone={open ? 'good' : 'plain'}>
            {text(open ? 'list.open' : 'list.closed')}
        </Mark>
    );
}

function MyPlace() {
    const place = myRequestPosition.value;
    if (place === 0) {
        return null;
    }
    return <p class="my-place">{text('list.my_place', { place })}</p>;
}

export function SpeakersList({ heading }: { heading: string }) {
    const requests = requestPlates.value;
    const list = useOrderedMotion<HTMLOListElement>(requests.map((line) => line.request.id).join());
    return (
        <section class="rail-section" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{text('list.title')}</h2>
                <ListState />
            </header>
            <MyPlace />
            {requests.length === 0 ? (
                <p class="empty">
                    {text(meeting.value?.list === 'open' ? 'list.empty' : 'list.empty_closed')}
                </p>
            ) : (
                <ol class="speakers" ref={list}>
                    {requests.map((line) => (
                        <li
                            key={line.request.id}
                            data-key={line.request.id}
                            class={line.participant.id === me.value?.id ? 'speaker speaker-me' : 'speaker'}
                        >
                            <span class="speaker-place" aria-hidden="true">
                                {line.place}
                            </span>
                            <PlateView plate={line} size="line" />
                            <span class="speaker-side">
                                <TimeToCome plate={line} />
                                {line.participant.id === me.value?.id && (
                                    <span class="you">{text('list.you')}</span>
                                )}
                            </span>
                        </li>
                    ))}
                </ol>
            )}
        </section>
    );
}
