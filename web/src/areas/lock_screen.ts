// Who listens on a telephone puts it away: its lock screen says which meeting and which language is heard, and pauses its sound.

import { useEffect } from 'preact/hooks';
import { languageName, localized, text } from '../i18n/index.ts';
import { showOnLockScreen } from '../media/lock_screen.ts';
import { heardNow, pauseSound, soundPaused } from '../state/listening.ts';
import { meeting } from '../state/store.ts';

export function useLockScreen(): void {
    useEffect(() => {
        const stop = showOnLockScreen(() => {
            const now = meeting.value;
            const heard = heardNow.value;
            return {
                title: now === null ? '' : localized(now.title),
                artist: heard === 'floor' ? text('channel.floor_name') : languageName(heard),
                album: now === null ? '' : localized(now.body),
                paused: soundPaused.value,
            };
        }, pauseSound);
        return () => {
            stop();
            pauseSound(false);
        };
    }, []);
}
