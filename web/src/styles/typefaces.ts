// The page's own typefaces are some hundred kilobytes, and it reads well in the device's own. On a far or narrow line they would take the place
// of the first sound, and cost whoever pays by the megabyte: there the device's stay.
import { lineIsQuick } from '../live/quick.ts';

/** Called once, when the page's script begins. */
export function bringTypefaces(): void {
    if (lineIsQuick) {
        // What cannot be fetched is shown in the device's own, too.
        import('./fonts.ts').then(() => import('./fonts-zh.ts')).catch(() => {});
    }
}
