// What the page measures of its own sound while one is on the air is told from wherever one may go on the air.

import { useEffect } from 'preact/hooks';
import { command } from '../live/actions.ts';
import { watchOwnSound } from '../live/sound_report.ts';
import { iAmOnTheAir } from '../state/store.ts';

export function useOwnSoundReport(): void {
    useEffect(
        () =>
            watchOwnSound(
                () => iAmOnTheAir.peek(),
                // A report that is refused is lost: the meeting's says of how many it knows.
                (report) => void command('desk.sound_report', report).catch(() => {}),
            ),
        [],
    );
}
