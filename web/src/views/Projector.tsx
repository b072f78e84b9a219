// The wall of the chamber: at an address of its own, and in a window that a console opens (projector_window.tsx).

import { useEffect } from 'preact/hooks';
import { localized, showLanguage } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { Wall } from './ProjectorWall.tsx';
import { inFirst, wallLanguages } from './projector_languages.ts';

/** At its address: the page is the wall's alone. */
export function Projector() {
    const { first } = wallLanguages.value;
    useEffect(() => {
        // Stays as it was when the words do not come.
        showLanguage(first).catch(() => {});
    }, [first]);
    return <Wall page={document} />;
}

/** In another document of this page, whose own language is the console's. */
export function WallInWindow({ page }: { page: Document }) {
    const now = meeting.value;
    const { first } = wallLanguages.value;
    const title = now === null ? '' : inFirst(() => localized(now.title));
    useEffect(() => {
        page.title = title;
        page.documentElement.lang = first;
    }, [page, title, first]);
    return <Wall page={page} />;
}
