// After signing in with an account: which of one's meetings. The only one there is, is opened at once.

import { useEffect } from 'preact/hooks';
import { MeetingList } from '../areas/Meetings.tsx';
import type { Seat } from '../contract/generated.ts';
import { type MessageKey, text } from '../i18n/index.ts';
import { openMeeting, signOut } from '../live/actions.ts';
import { listSeatsNow, seatsMissing } from '../live/seats.ts';
import { seats, seatsAsked } from '../state/store.ts';
import { QuietPage } from './Pages.tsx';

export function ChooseMeeting() {
    const list = seats.value;
    const only = list.length === 1 ? list[0]?.meeting : undefined;
    useEffect(() => {
        if (only !== undefined) {
            openMeeting(only);
        }
    }, [only]);
    if (list === seatsMissing) {
        return <MissingList />;
    }
    return (
        <QuietPage heading={text('meetings.title')} lead={text(leadWords(list))}>
            <MeetingList />
            <div class="page-actions">
                <SignOutKey />
            </div>
        </QuietPage>
    );
}

function leadWords(list: readonly Seat[]): MessageKey {
    if (list.length > 0) {
        return 'meetings.choose';
    }
    return list === seatsAsked ? 'waiting.lead' : 'meetings.none';
}

function MissingList() {
    return (
        <QuietPage heading={text('meetings.title')}>
            <p role="alert">{text('meetings.missing')}</p>
            <p>{text('meetings.asks_again')}</p>
            <div class="page-actions">
                <button type="button" class="button button-filled" onClick={listSeatsNow}>
                    {text('coming.again')}
                </button>
                <SignOutKey />
            </div>
        </QuietPage>
    );
}

function SignOutKey() {
    return (
        <button type="button" class="button" onClick={() => void signOut()}>
            {text('sign_out')}
        </button>
    );
}
