// What a screen reader is told of the desk. On the air it is told alarms and nothing else: a voice in the ear of who interprets is one
// too many.

import { useEffect, useState } from 'preact/hooks';
import { deskIsQuiet } from '../areas/Announcer.tsx';
import { text } from '../i18n/index.ts';
import { newestEvents } from '../state/store.ts';
import { deskFate, deskFateWords } from './fate.ts';
import { newsOf } from './news.ts';

export function DeskAnnouncer() {
    const [polite, setPolite] = useState('');
    const [urgent, setUrgent] = useState('');
    const events = newestEvents.value;
    const fate = deskFate();
    useEffect(() => {
        for (const event of events) {
            const news = newsOf(event);
            if (news?.alarm === true) {
                setUrgent(text(news.key, news.values));
            } else if (news !== null && !deskIsQuiet()) {
                setPolite(text(news.key, news.values));
            }
        }
    }, [events]);
    useEffect(() => {
        if (fate !== null) {
            setUrgent(deskFateWords(fate));
        }
    }, [fate]);
    return (
        <>
            <p class="hidden-text" aria-live="polite" data-desk="polite">
                {polite}
            </p>
            <p class="hidden-text" aria-live="assertive" data-desk="assertive">
                {urgent}
            </p>
        </>
    );
}
