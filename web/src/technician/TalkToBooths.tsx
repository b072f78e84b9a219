// Talkback to the booths: a key for each, held to speak; and who of the booths speaks to the technicians.

import { TalkingToMe, TalkKey } from '../areas/Talkback.tsx';
import { languageName, text } from '../i18n/index.ts';
import { spoken } from '../state/desk.ts';
import { meeting } from '../state/store.ts';

export function TalkToBooths() {
    const booths = (meeting.value?.booths ?? []).flatMap((booth) => spoken(booth.language) ?? []);
    return (
        <section class="card" aria-labelledby="talk-booths">
            <header class="section-head">
                <h2 id="talk-booths">{text('talk.booths')}</h2>
            </header>
            <TalkingToMe />
            <div class="talk-keys">
                {booths.map((language) => (
                    <TalkKey key={language} to="booth" booth={language} words={languageName(language)} />
                ))}
            </div>
            <p class="small muted">{text('talk.hold')}</p>
        </section>
    );
}
