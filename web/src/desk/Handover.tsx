// The handover within the booth: what it is waiting for in one sentence, and the two keys, each with what it means now; and the team.

import { clockNow } from '../areas/clock.ts';
import { brief } from '../elements/characters.ts';
import { Icon } from '../elements/Icon.tsx';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import { gate } from '../elements/steady.ts';
import { type MessageKey, text } from '../i18n/index.ts';
import { deskState } from '../state/booths.ts';
import { type HandoverRole, handoverRole, ownPlace, type Place } from '../state/desk.ts';
import { meeting, participant, serverNow } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
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
} from './commands.ts';
import { DeskPanel } from './DeskPanel.tsx';
import styles from './Handover.css?inline';
import { handoverWords } from './handover_words.ts';
import { MatePicture, Mates, TeamKeys } from './Mates.tsx';
import { handoverResult } from './news.ts';

adopt(styles);

export function HandoverPanel() {
    const place = ownPlace.value;
    return (
        <DeskPanel class={`desk-handover${chimeFlash.value ? ' is-chimed' : ''}`} heading="desk-handover">
            <header class="section-head">
                <h2 id="desk-handover">{text('desk.handover')}</h2>
                {place !== null && (
                    <span class="handover-choices">
                        <WhomChoice place={place} />
                        <MomentChoice />
                    </span>
                )}
            </header>
            {place === null ? (
                <p class="empty">{text('desk.no_desk')}</p>
            ) : (
                <>
                    <Waiting place={place} />
                    <TeamKeys desk={place.desk} />
                    <Mates place={place} />
                    <MatePicture place={place} />
                </>
            )}
        </DeskPanel>
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

function sentence(role: HandoverRole, { booth }: Place): string {
    const { handover } = booth;
    const seconds = secondsTo(handover.state === 'counting' ? handover.deadline : handover.moment);
    const from = nameOf(handover.from);
    const to = nameOf(handover.to);
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
            return text(handoverWords(role, booth), { from, to, seconds });
    }
}

// A sentence of two lines, a line for when it is to be or how the last one ended, and two keys: each has its place, whether there is
// something to say and to press or not.
function Waiting({ place }: { place: Place }) {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const { handover } = place.booth;
    const role = handoverRole(now, place);
    const counting = handover.state === 'counting';
    const words = sentence(role, place);
    const urgent =
        counting || role === 'requested_of_me' || role === 'offered_to_me' || role.startsWith('i_');
    return (
        <div class={`handover handover-${role}${urgent ? ' is-urgent' : ''}`}>
            <p class="handover-words" title={words}>
                {words}
            </p>
            <Aside moment={counting ? 0 : (handover.moment ?? 0)} idle={role === 'nothing'} />
            <HandoverKeys role={role} />
        </div>
    );
}

function Aside({ moment: at, idle }: { moment: number; idle: boolean }) {
    const result = handoverResult.value;
    return (
        <p class="handover-aside">
            {at > 0 && (
                <>
                    <Icon name="clock" size={16} />
                    <span>{text('handover.in', { seconds: secondsTo(at) })}</span>
                </>
            )}
            {at === 0 && idle && result !== null && (
                <span class="muted">{text(`handover_result.${result}`)}</span>
            )}
        </p>
    );
}

interface HandoverKey {
    words: MessageKey;
    legend: string;
    press: () => void;
}

// What the two keys mean: what one may do, and how one says no to it. Null where nothing would come of it.
function keysOf(role: HandoverRole): { yes: HandoverKey | null; no: HandoverKey | null } {
    const no = (words: MessageKey): HandoverKey => ({ words, legend: 'N', press: declineHandover });
    const yes = (words: MessageKey, legend: string, press: () => void): HandoverKey => ({
        words,
        legend,
        press,
    });
    switch (role) {
        case 'may_request':
        case 'stands_in':
        case 'nobody_stands_in':
            return { yes: yes('handover.request', 'H', requestHandover), no: null };
        case 'may_offer':
            return { yes: yes('handover.offer', 'H', offerHandover), no: null };
        case 'requested_of_me':
        case 'offered_to_me':
            return { yes: yes('handover.accept', 'Y', acceptHandover), no: no('handover.decline') };
        case 'requested_by_me':
        case 'offered_by_me':
            return { yes: null, no: no('handover.withdraw') };
        case 'i_take':
            return { yes: yes('handover.take', 'H', openMicrophone), no: no('handover.call_off') };
        case 'i_give':
            return {
                yes: yes('handover.give', 'H', () => setMicrophone('off')),
                no: no('handover.call_off'),
            };
        case 'i_stand_in':
            return { yes: yes('handover.take_now', 'Y', acceptHandover), no: no('handover.pass_on') };
        default:
            return { yes: null, no: null };
    }
}

// Once one of them has acted, both mean something else.
const handoverKeys = gate();

function HandoverKeys({ role }: { role: HandoverRole }) {
    const { yes, no } = keysOf(role);
    return (
        <div class="handover-keys">
            <Key meaning={yes} otherwise={{ words: 'handover.request', legend: 'H' }} filled />
            <Key meaning={no} otherwise={{ words: 'handover.decline', legend: 'N' }} />
        </div>
    );
}

function Key(props: {
    meaning: HandoverKey | null;
    otherwise: { words: MessageKey; legend: string };
    filled?: boolean;
}) {
    const { meaning, otherwise, filled = false } = props;
    const { words, legend } = meaning ?? otherwise;
    return (
        <SteadyKey
            class={`button handover-key${filled ? ' button-filled handover-key-filled' : ''}`}
            gate={handoverKeys}
            means={meaning === null ? '' : words}
            unable={meaning === null}
            onPress={() => meaning?.press()}
        >
            <span>{text(words)}</span>
            <span class="kbd" aria-hidden="true">
                {legend}
            </span>
        </SteadyKey>
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
    const ready = place.booth.desks.filter(
        (one) =>
            one.participant !== place.desk.participant && now !== null && deskState(now, one) === 'standby',
    );
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
