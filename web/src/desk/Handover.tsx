// The handover within the booth: what it is waiting for in one sentence, and the one or two keys that make sense now; the booth's
// team in the order of the rota with everybody's turn.

import { clockNow } from '../areas/clock.ts';
import type { Desk } from '../contract/generated.ts';
import { brief } from '../elements/characters.ts';
import { Icon } from '../elements/Icon.tsx';
import { Mark, OnAir } from '../elements/Mark.tsx';
import { Timer } from '../elements/Timer.tsx';
import { Video } from '../elements/Video.tsx';
import { text } from '../i18n/index.ts';
import { videoStream } from '../media/media.ts';
import { deskState } from '../state/booths.ts';
import { handoverRole, nextOfRota, ownPlace, type Place } from '../state/desk.ts';
import { heldPictures, me, meeting, participant, serverNow, soundCheck } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { ChimeChoice } from './ChimeChoice.tsx';
import { chimeFlash } from './chime.ts';
import {
    acceptHandover,
    declineHandover,
    MOMENTS,
    moment,
    nextName,
    offeredTo,
    offerHandover,
    openMicrophone,
    requestHandover,
    setMicrophone,
    toggleRest,
} from './commands.ts';
import { DeskPanel } from './DeskPanel.tsx';
import { openDialog } from './dialogs.ts';
import styles from './Handover.css?inline';
import { handoverWords } from './handover_words.ts';
import { handoverResult } from './news.ts';
import { deskWords } from './Strip.tsx';

adopt(styles);

export function HandoverPanel() {
    const place = ownPlace.value;
    return (
        <DeskPanel class={`desk-handover${chimeFlash.value ? ' is-chimed' : ''}`} heading="desk-handover">
            <header class="section-head">
                <h2 id="desk-handover">{text('desk.handover')}</h2>
                <ChimeChoice />
            </header>
            {place === null ? (
                <p class="empty">{text('desk.no_desk')}</p>
            ) : (
                <>
                    <Waiting place={place} />
                    <PartnerPicture place={place} />
                    <Mates place={place} />
                </>
            )}
        </DeskPanel>
    );
}

// The partner's picture, when their camera is on: one sees who is about to take over.
function PartnerPicture({ place }: { place: Place }) {
    const seen = place.booth.desks
        .filter((one) => one.participant !== place.desk.participant && participant(one.participant)?.camera)
        .reduce<Desk | null>((best, one) => ((one.opened ?? 0) > (best?.opened ?? -1) ? one : best), null);
    const name = participant(seen?.participant)?.name;
    if (name === undefined || heldPictures.value.partner_held) {
        return null;
    }
    return (
        <figure class="partner-picture">
            <Video stream={videoStream('partner')} label={text('handover.picture_of', { name })} />
            <figcaption>
                <bdi dir="auto">{name}</bdi>
            </figcaption>
        </figure>
    );
}

// For a sentence, which has to say the rest as well.
function nameOf(id: string | undefined): string {
    return brief(participant(id)?.name ?? '');
}

// Whole seconds until a moment of the server's clock.
function secondsTo(at: number | undefined): number {
    clockNow();
    return at === undefined || at === 0 ? 0 : Math.max(0, Math.ceil((at - serverNow()) / 1000));
}

function Waiting({ place }: { place: Place }) {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const { handover } = place.booth;
    const role = handoverRole(now, place);
    const timed = handover.moment !== undefined && handover.moment > 0;
    const counting = handover.state === 'counting';
    const seconds = secondsTo(counting ? handover.deadline : handover.moment);
    const from = nameOf(handover.from);
    const to = nameOf(handover.to);
    const words = ((): string => {
        switch (role) {
            case 'nothing':
                return text('handover.nothing');
            case 'may_request':
                return text('handover.may_request');
            case 'may_offer':
                return text('handover.may_offer', { name: nextName() });
            case 'others':
                return text('handover.others', { from, to });
            default:
                return text(handoverWords(role, place.booth), { from, to, seconds });
        }
    })();
    const urgent =
        counting || role === 'requested_of_me' || role === 'offered_to_me' || role.startsWith('i_');
    const result = handoverResult.value;
    return (
        <div class={`handover handover-${role}${urgent ? ' is-urgent' : ''}`}>
            <p class="handover-words" title={words}>
                {words}
            </p>
            {timed && !counting && (
                <p class="handover-moment">
                    <Icon name="clock" size={16} />
                    <span>{text('handover.in', { seconds })}</span>
                </p>
            )}
            {role === 'nothing' && result !== null && (
                <p class="small muted">{text(`handover_result.${result}`)}</p>
            )}
            <HandoverKeys role={role} place={place} />
        </div>
    );
}

function HandoverKeys({ role, place }: { role: ReturnType<typeof handoverRole>; place: Place }) {
    switch (role) {
        case 'may_request':
            return (
                <div class="handover-keys">
                    <Key legend="H" filled onPress={requestHandover} words={text('handover.request')} />
                    <MomentChoice />
                </div>
            );
        case 'may_offer':
            return (
                <div class="handover-keys">
                    <Key legend="H" filled onPress={offerHandover} words={text('handover.offer')} />
                    <WhomChoice place={place} />
                    <MomentChoice />
                </div>
            );
        case 'requested_of_me':
        case 'offered_to_me':
            return (
                <div class="handover-keys">
                    <Key legend="Y" filled onPress={acceptHandover} words={text('handover.accept')} />
                    <Key legend="N" onPress={declineHandover} words={text('handover.decline')} />
                </div>
            );
        case 'requested_by_me':
        case 'offered_by_me':
            return (
                <div class="handover-keys">
                    <Key legend="N" onPress={declineHandover} words={text('handover.withdraw')} />
                </div>
            );
        case 'i_take':
            return (
                <div class="handover-keys">
                    <Key legend="H" filled onPress={openMicrophone} words={text('handover.take')} />
                    <Key legend="N" onPress={declineHandover} words={text('handover.call_off')} />
                </div>
            );
        case 'i_give':
            return (
                <div class="handover-keys">
                    <Key
                        legend="H"
                        filled
                        onPress={() => setMicrophone('off')}
                        words={text('handover.give')}
                    />
                    <Key legend="N" onPress={declineHandover} words={text('handover.call_off')} />
                </div>
            );
        case 'i_stand_in':
            return (
                <div class="handover-keys">
                    <Key legend="Y" filled onPress={acceptHandover} words={text('handover.take_now')} />
                    <Key legend="N" onPress={declineHandover} words={text('handover.pass_on')} />
                </div>
            );
        case 'stands_in':
        case 'nobody_stands_in':
            return (
                <div class="handover-keys">
                    <Key legend="H" filled onPress={requestHandover} words={text('handover.request')} />
                </div>
            );
        default:
            return null;
    }
}

function Key(props: { legend: string; words: string; filled?: boolean; onPress: () => void }) {
    return (
        <button
            type="button"
            class={`button${props.filled === true ? ' button-filled handover-key-filled' : ''}`}
            onClick={props.onPress}
        >
            <span>{props.words}</span>
            <span class="kbd" aria-hidden="true">
                {props.legend}
            </span>
        </button>
    );
}

function MomentChoice() {
    return (
        <label class="handover-choice">
            <span class="hidden-text">{text('handover.when')}</span>
            <select
                class="select select-small"
                value={moment.value}
                onChange={(event) => {
                    moment.value = Number(event.currentTarget.value);
                }}
            >
                {MOMENTS.map((minutes) => (
                    <option key={minutes} value={minutes}>
                        {minutes === 0 ? text('handover.now') : text('handover.minutes', { count: minutes })}
                    </option>
                ))}
            </select>
            <span class="kbd" aria-hidden="true">
                T
            </span>
        </label>
    );
}

// To whom, when there is a choice.
function WhomChoice({ place }: { place: Place }) {
    const now = meeting.value;
    const ready = place.booth.desks.filter((one) => now !== null && deskState(now, one) === 'standby');
    if (ready.length < 2) {
        return null;
    }
    return (
        <label class="handover-choice">
            <span class="hidden-text">{text('handover.whom')}</span>
            <select
                class="select select-small"
                value={offeredTo.value}
                onChange={(event) => {
                    offeredTo.value = event.currentTarget.value;
                }}
            >
                <option value="">{text('handover.next')}</option>
                {ready.map((one) => (
                    <option key={one.participant} value={one.participant}>
                        {nameOf(one.participant)}
                    </option>
                ))}
            </select>
        </label>
    );
}

// The booth in the order of its rota: who works, since when, who is next, and one's own place in it.
function Mates({ place }: { place: Place }) {
    const now = meeting.value;
    const { booth, desk } = place;
    const onAir = booth.desks.find((one) => one.microphone !== 'off');
    const next = now === null || onAir === undefined ? null : nextOfRota(now, booth, onAir.participant);
    return (
        <>
            <ol class="mates">
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
