// After signing in with an account: which of one's meetings. The only one there is, is opened at once.

import { useEffect } from 'preact/hooks';
import { MeetingList } from '../areas/Meetings.tsx';
import { text } from '../i18n/index.ts';
import { openMeeting, signOut } from '../live/actions.ts';
import { seats } from '../state/store.ts';
import { QuietPage } from './Pages.tsx';

export function ChooseMeeting() {
    const list = seats.value;
    const only = list.length === 1 ? list[0]?.meeting : undefined;
    useEffect(() => {
        if (only !== undefined) {
            openMeeting(only);
        }
    }, [only]);
    return (
        <QuietPage heading={text('meetings.title')} lead={text('meetings.choose')}>
            <MeetingList />
            <div class="page-actions">
                <button type="button" class="button" onClick={() => void signOut()}>
                    {text('sign_out')}
                </button>
            </div>
        </QuietPage>
    );
}
