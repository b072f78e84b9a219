// The wall in a window of its own, opened by a console and drawn by its page: it needs no link, takes nobody's place in the meeting, and goes
// with the page, with the meeting that is shown, and with one's access to it.

import { effect, signal } from '@preact/signals';
import { type FunctionComponent, render } from 'preact';
import { say } from '../areas/act.ts';
import { furnish, openWindow } from '../elements/own_window.ts';
import { hasEnded, session, shownMeeting } from '../state/store.ts';
import { bringBehind } from './consoles.ts';

const FEATURES = 'popup,width=1280,height=720';

// null until it was wanted and is here.
const part = signal<FunctionComponent<{ page: Document }> | null>(null);
let opened: Window | null = null;

// Its words it brings itself, in its own languages.
async function load(): Promise<FunctionComponent<{ page: Document }>> {
    return (await import('./Projector.tsx')).WallInWindow;
}

function InWindow({ page }: { page: Document }) {
    const Wall = part.value;
    return Wall === null ? null : <Wall page={page} />;
}

/** Opens it, or brings it to the front. Call it in the press itself: browsers open windows for nothing else. */
export function openWall(): void {
    if (opened !== null) {
        opened.focus();
        return;
    }
    const made = openWindow('wall', FEATURES);
    if (made === null) {
        say('wall.blocked');
        return;
    }
    opened = made;
    if (part.peek() === null) {
        void bringBehind(load).then((wall) => {
            part.value = wall;
        });
    }
    const page = made.document;
    const meeting = shownMeeting.peek();
    const stop = effect(() => {
        if (session.value === null || hasEnded.value || shownMeeting.value !== meeting) {
            made.close();
        }
    });
    furnish(made, () => {
        stop();
        render(null, page.body);
        opened = null;
    });
    render(<InWindow page={page} />, page.body);
}
