// The booth's team in the order of the rota, with everybody's turn; what one can do about one's own place in it.

import { clockNow } from '../areas/clock.ts';
import type { Desk } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { Mark, OnAir } from '../elements/Mark.tsx';
import { reachable } from '../elements/reachable.ts';
import { Timer } from '../elements/Timer.tsx';
import { Video } from '../elements/Video.tsx';
import { text } from '../i18n/index.ts';
import { videoStream } from '../media/media.ts';
import { nextOfRota, type Place } from '../state/desk.ts';
import { heldPictures, me, meeting, participant, soundCheck } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { toggleRest } from './commands.ts';
import { openDialog } from './dialogs.ts';
import styles from './Mates.css?inline';
import { deskWords } from './Strip.tsx';

adopt(styles);

export function TeamKeys({ desk }: { desk: Desk }) {
    return (
        <div class="mates-keys">
            <button
                type="button"
                class={`button button-small${desk.resting === true ? ' is-on' : ''}`}
                aria-pressed={desk.resting === true}
                disabled={desk.microphone !== 'off'}
                onClick={toggleRest}
            >
                <Icon name="pause" size={16} />
                <span>{text('desk.rest')}</span>
                <span class="kbd" aria-hidden="true">
                    Z
                </span>
            </button>
            <button
                type="button"
                class="button button-small"
                aria-haspopup="dialog"
                onClick={() => openDialog('hours')}
            >
                <Icon name="clock" size={16} />
                <span>{text('hours.title')}</span>
            </button>
            {meeting.value?.team_leader === me.value?.id && me.value !== null && (
                <button
                    type="button"
                    class="button button-small"
                    aria-haspopup="dialog"
                    onClick={() => openDialog('team')}
                >
                    <Icon name="people" size={16} />
                    <span>{text('team.title')}</span>
                </button>
            )}
        </div>
    );
}

// The booth in the order of its rota: who works, since when, who is next, and one's own place in it.
export function Mates({ place }: { place: Place }) {
    const now = meeting.value;
    const { booth } = place;
    const onAir = booth.desks.find((one) => one.microphone !== 'off');
    const next = now === null || onAir === undefined ? null : nextOfRota(now, booth, onAir.participant);
    return (
        <>
            <ol class="mates" ref={reachable}>
                {booth.desks.map((one) => (
                    <Mate
                        key={one.participant}
                        desk={one}
                        minutes={booth.setting.turn_minutes}
                        next={next?.participant === one.participant}
                    />
                ))}
            </ol>
            {booth.desks.length === 1 && <p class="small muted">{text('desk.alone')}</p>}
        </>
    );
}

function Mate({ desk, minutes, next }: { desk: Desk; minutes: number; next: boolean }) {
    const person = participant(desk.participant);
    if (person === null) {
        return null;
    }
    const words = deskWords(desk);
    const since = desk.opened_at ?? 0;
    return (
        <li class={`mate${person.id === me.value?.id ? ' mate-me' : ''}`}>
            <span class="mate-name">
                <bdi dir="auto">{person.name}</bdi>
                {person.id === me.value?.id && <span class="small muted"> {text('list.you')}</span>}
                {meeting.value?.team_leader === person.id && (
                    <span class="small muted"> · {text('team.leader')}</span>
                )}
            </span>
            <span class="mate-state">
                {desk.microphone === 'on' ? (
                    <>
                        {since > 0 && (
                            <Timer
                                now={clockNow}
                                openedAt={since}
                                allowedMs={minutes > 0 ? minutes * 60_000 : undefined}
                            />
                        )}
                        {soundCheck.value ? (
                            <Mark icon="microphone" tone="warn">
                                {text('channel.sound_check')}
                            </Mark>
                        ) : (
                            <OnAir>{text('desk.on_air')}</OnAir>
                        )}
                    </>
                ) : (
                    <>
                        {next && <span class="small mate-next">{text('desk.next')}</span>}
                        <Mark icon={words.icon}>{text(words.key)}</Mark>
                    </>
                )}
            </span>
        </li>
    );
}

// The picture of the boothmate, when their camera is on: one sees who is about to take over.
export function MatePicture({ place }: { place: Place }) {
    const seen = place.booth.desks
        .filter((one) => one.participant !== place.desk.participant && participant(one.participant)?.camera)
        .reduce<Desk | null>((best, one) => ((one.opened ?? 0) > (best?.opened ?? -1) ? one : best), null);
    const name = participant(seen?.participant)?.name;
    if (name === undefined || heldPictures.value.partner_held) {
        return null;
    }
    return (
        <figure class="mate-picture">
            <Video stream={videoStream('partner')} label={text('handover.picture_of', { name })} />
            <figcaption>
                <bdi dir="auto">{name}</bdi>
            </figcaption>
        </figure>
    );
}
