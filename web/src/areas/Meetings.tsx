// One's meetings: a list to go from one to another, the key that opens it when there are several, and who calls from one that is not shown.

import { useState } from 'preact/hooks';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { gap, localized, localizedLanguage, type MessageKey, text } from '../i18n/index.ts';
import { openMeeting } from '../live/actions.ts';
import { type Call, callingMeetings, maySwitch, type OwnMeeting, ownMeetings } from '../state/meetings.ts';
import { shownWaits } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Meetings.css?inline';
import { problemKey, sittingWords } from './words.ts';

adopt(styles);

const CALL_WORDS: Readonly<Record<Call, MessageKey>> = {
    floor: 'meetings.floor',
    next: 'meetings.next',
    opened: 'meetings.opened',
};

/** Nothing for who sits in one meeting. */
export function MeetingsKey() {
    const [open, setOpen] = useState(false);
    if (ownMeetings.value.length < 2) {
        return null;
    }
    const calls = callingMeetings.value.length;
    return (
        <>
            <button
                type="button"
                class="button button-quiet meetings-key"
                aria-haspopup="dialog"
                onClick={() => setOpen(true)}
            >
                <Icon name="door" />
                <span class="meetings-key-words">{text('meetings.title')}</span>
                {calls > 0 && <bdi class="meetings-calls">{calls}</bdi>}
            </button>
            {open && (
                <Dialog title={text('meetings.title')} onClose={() => setOpen(false)}>
                    <MeetingList onOpen={() => setOpen(false)} />
                </Dialog>
            )}
        </>
    );
}

/** The meetings as keys; the one that is shown is marked. */
export function MeetingList({ onOpen }: { onOpen?: () => void }) {
    return (
        <>
            {!maySwitch.value && <p role="status">{text('meetings.on_air')}</p>}
            <ul class="meetings">
                {ownMeetings.value.map((one) => (
                    <li key={one.seat.meeting}>
                        <MeetingKey one={one} onOpen={onOpen} />
                    </li>
                ))}
            </ul>
        </>
    );
}

function hereWords(): MessageKey {
    return shownWaits.value === '' ? 'meetings.here' : 'waiting.title';
}

function MeetingKey({ one, onOpen }: { one: OwnMeeting; onOpen?: (() => void) | undefined }) {
    const { seat, shown, call } = one;
    const held = !shown && !maySwitch.value;
    return (
        <button
            type="button"
            class="button meetings-line"
            aria-current={shown ? 'true' : undefined}
            aria-disabled={held}
            onClick={() => {
                if (!held) {
                    openMeeting(seat.meeting);
                    onOpen?.();
                }
            }}
        >
            <span class="meetings-title" lang={localizedLanguage(seat.title)}>
                {localized(seat.title)}
            </span>
            <span class="small muted">
                {text(shown ? hereWords() : call === null ? sittingWords(seat.sitting) : CALL_WORDS[call])}
            </span>
        </button>
    );
}

function waitingWords(kind: string): string {
    return text(kind === 'streams' ? 'meetings.too_many' : problemKey(kind));
}

/** In the place of a meeting that is not given now. */
export function MeetingWaits() {
    return (
        <>
            <p role="alert">{waitingWords(shownWaits.value)}</p>
            <p>{text('meetings.asks_again')}</p>
            <MeetingList />
        </>
    );
}

/** Why the meeting that is shown stands still, and a line for each other that calls, with the way there. */
export function MeetingCalls() {
    return (
        <>
            {shownWaits.value !== '' && (
                <div class="notice" data-testid="meeting-waits">
                    <Icon name="warning" />
                    <p>
                        {waitingWords(shownWaits.value)} {text('meetings.asks_again')}
                    </p>
                </div>
            )}
            <CallLines />
        </>
    );
}

function CallLines() {
    return callingMeetings.value.map(({ seat, call }) => (
        <div key={seat.meeting} class="notice" data-testid="meeting-call">
            <Icon name="door" />
            <p>
                <strong>{text(CALL_WORDS[call ?? 'opened'])}</strong>
                {gap()}
                <bdi lang={localizedLanguage(seat.title)}>{localized(seat.title)}</bdi>
            </p>
            {maySwitch.value && (
                <button type="button" class="button button-small" onClick={() => openMeeting(seat.meeting)}>
                    {text('meetings.go')}
                </button>
            )}
        </div>
    ));
}
