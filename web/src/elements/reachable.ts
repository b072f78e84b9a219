// A region that scrolls can be scrolled by keyboard: by what it holds when that takes the focus, else by itself.

const TAKES_FOCUS = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';

/** What takes the focus has a name: that of its first heading, where it has none of its own. */
function name(region: HTMLElement): void {
    const heading = region.querySelector('h2[id], h3[id]')?.id;
    if (region.localName === 'div' && heading !== undefined) {
        region.setAttribute('role', 'group');
        region.setAttribute('aria-labelledby', heading);
    }
}

/** Focusable while it scrolls and holds nothing that is; no stop for the keyboard otherwise. */
function look(region: HTMLElement): void {
    const scrolls = region.scrollHeight > region.clientHeight || region.scrollWidth > region.clientWidth;
    if (scrolls && region.querySelector(TAKES_FOCUS) === null) {
        region.tabIndex = 0;
        name(region);
    } else if (document.activeElement !== region) {
        region.removeAttribute('tabindex');
    }
}

/** As the `ref` of a region that scrolls. What watches it goes with it. */
export function reachable(region: HTMLElement | null): void {
    if (region === null) {
        return;
    }
    const sizes = new ResizeObserver(() => look(region));
    const watch = (): void => {
        sizes.disconnect();
        for (const one of [region, ...region.children]) {
            sizes.observe(one); // tells at once, too
        }
    };
    watch();
    new MutationObserver(watch).observe(region, { childList: true });
}
