// What the wall of the chamber shows, in the house's language and one more: who speaks, the time, who is next, the item, the languages served;
// in a pause that it is one. It fills its window and never scrolls. `page` is the document that it stands in.

import '../elements/room_icons.ts';
import { useEffect } from 'preact/hooks';
import { connectionPhase, meeting, placedPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { ProjectorHead } from './ProjectorHead.tsx';
import { ProjectorPlaces } from './ProjectorPlaces.tsx';
import { ProjectorServed } from './ProjectorServed.tsx';
import { ProjectorSlide } from './ProjectorSlide.tsx';
import { ProjectorTools } from './ProjectorTools.tsx';
import styles from './ProjectorWall.css?inline';
import { useAwake } from './projector_awake.ts';
import { bringWallWords, wallLanguages } from './projector_languages.ts';
import { useStill } from './projector_still.ts';

adopt(styles);

// A sitting that is not open, while nobody speaks. In a rehearsal nobody opens one.
function isPause(): boolean {
    const now = meeting.value;
    return now?.sitting !== 'open' && now?.rehearsal !== true && placedPlates.value.length === 0;
}

export function Wall({ page }: { page: Document }) {
    const languages = wallLanguages.value;
    const still = useStill(page);
    useAwake(page);
    useEffect(() => {
        // Without them the wall speaks the page's language, or one alone.
        bringWallWords(languages).catch(() => {});
    }, [languages]);
    if (meeting.value === null) {
        return null;
    }
    return (
        <main
            id="main"
            class={`projector${still ? ' projector-still' : ''}`}
            lang={languages.first}
            dir={languages.first === 'ar' ? 'rtl' : 'ltr'}
            tabIndex={-1}
        >
            {isPause() ? (
                <ProjectorSlide />
            ) : (
                <>
                    <ProjectorHead interrupted={connectionPhase.value.phase !== 'live'} />
                    <ProjectorPlaces />
                    <ProjectorServed />
                </>
            )}
            <ProjectorTools page={page} />
        </main>
    );
}
