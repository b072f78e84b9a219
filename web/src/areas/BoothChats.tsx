// The consoles' side of the booths' chats: one for each booth.

import { useId } from 'preact/hooks';
import { OWN_NAMES, PAGE_LANGUAGES, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { Chats, type ChatTab } from './Chats.tsx';

export function BoothChats({ room }: { room: 'technician' | 'moderator' }) {
    const heading = useId();
    const there = PAGE_LANGUAGES.filter((one) =>
        meeting.value?.booths.some((booth) => booth.language === one),
    );
    if (there.length === 0) {
        return null;
    }
    const tabs = there.map(
        (language): ChatTab => ({ room, booth: language, label: OWN_NAMES[language], lang: language }),
    );
    return (
        <section class="card" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{text('chat.booths')}</h2>
            </header>
            <Chats tabs={tabs} />
        </section>
    );
}
