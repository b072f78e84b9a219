// Nobody touches the screen of a hall for hours: it stays on while the wall is seen. A browser takes the lock away with the page's visibility.

import { useEffect } from 'preact/hooks';

export function useAwake(page: Document): void {
    useEffect(() => {
        const device = page.defaultView?.navigator;
        if (device === undefined || !('wakeLock' in device)) {
            return;
        }
        let lock: Promise<WakeLockSentinel | null> = Promise.resolve(null);
        const take = (): void => {
            if (page.visibilityState === 'visible') {
                // Refused by a device that saves power.
                lock = device.wakeLock.request('screen').catch(() => null);
            }
        };
        take();
        page.addEventListener('visibilitychange', take);
        return () => {
            page.removeEventListener('visibilitychange', take);
            void lock.then((held) => held?.release());
        };
    }, [page]);
}
