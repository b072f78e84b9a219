// The page's own typefaces are some hundred kilobytes, and it reads well in the device's own. On a far or narrow line they would take the place
// of the first sound, and cost whoever pays by the megabyte: there the device's stay.
const QUICK_MS = 1500;

/** Called once, when the page's script begins: how long that took tells what the line carries. */
export function bringTypefaces(): void {
    if (performance.now() < QUICK_MS) {
        // What cannot be fetched is shown in the device's own, too.
        import('./fonts.ts').then(() => import('./fonts-zh.ts')).catch(() => {});
    }
}
