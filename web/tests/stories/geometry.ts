// What is wrong with where things stand, by rectangles. Runs in the page, so it names nothing outside itself.

/** In words; nothing when all is well. */
export function misplaced(): string[] {
    const SLACK = 1.5;
    const found: string[] = [];
    const root = document.documentElement;
    const controls = 'button, a[href], select, input, textarea, summary';
    // What lies over everything else is looked at alone.
    const dialogs = [...document.querySelectorAll('dialog:modal')];
    const ground: Element = dialogs.at(-1) ?? document.body;

    const nameOf = (one: Element): string => {
        const words = one.getAttribute('aria-label') ?? one.textContent ?? '';
        return `${one.tagName.toLowerCase()}.${one.className.toString().split(' ').join('.')} "${words.trim().slice(0, 40)}"`;
    };

    interface Box {
        left: number;
        right: number;
        top: number;
        bottom: number;
    }
    const boxOf = (one: Element): Box => one.getBoundingClientRect();
    const sizeOf = ({ left, right, top, bottom }: Box): number =>
        Math.max(0, right - left) * Math.max(0, bottom - top);
    const common = (one: Box, other: Box): Box => ({
        left: Math.max(one.left, other.left),
        right: Math.min(one.right, other.right),
        top: Math.max(one.top, other.top),
        bottom: Math.min(one.bottom, other.bottom),
    });

    // The nearest part around it that scrolls by itself, or lies fixed over what scrolls: one sees another part of it after a scroll.
    const scrolled = (one: Element): Element => {
        for (let at = one.parentElement; at !== null; at = at.parentElement) {
            const { overflowX, overflowY, position } = getComputedStyle(at);
            const scrolls = /auto|scroll/.test(overflowX + overflowY);
            const more = at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth;
            if ((scrolls && more) || position === 'fixed' || position === 'sticky') {
                return at;
            }
        }
        return root;
    };

    // What is left of a box by parts around it that cut and do not scroll, `from` and outwards.
    const cut = (whole: Box, from: Element | null): Box => {
        let box = whole;
        for (let at = from; at !== null && at !== root; at = at.parentElement) {
            const { overflowX, overflowY, position } = getComputedStyle(at);
            if (/auto|scroll/.test(overflowX + overflowY)) {
                break;
            }
            if (overflowX !== 'visible' || overflowY !== 'visible') {
                box = common(box, boxOf(at));
            }
            if (position === 'fixed') {
                break;
            }
        }
        return box;
    };
    const seen = (one: Element): Box => cut(boxOf(one), one.parentElement);

    const forEye = (one: Element): boolean => {
        const { width, height } = one.getBoundingClientRect();
        if (
            width <= 2 ||
            height <= 2 ||
            !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        ) {
            return false; // for the ear alone, or not there
        }
        return getComputedStyle(one).clipPath === 'none';
    };

    // ---- The document is as large as its window, or scrolls up and down. ----
    if (root.scrollWidth > innerWidth) {
        found.push(`the document is ${root.scrollWidth} wide in ${innerWidth}`);
    }
    // Unless something within it was chosen.
    const chosen = document.activeElement?.closest('main :not(#main), dialog') ?? null;
    if (chosen === null && (scrollX !== 0 || scrollY !== 0)) {
        found.push(`the page opens scrolled to ${scrollX}, ${scrollY}`);
    }
    const frame = document.querySelector('.meeting, .projector');
    if (frame !== null && innerWidth >= 1024 && innerHeight >= 640 && root.scrollHeight > innerHeight) {
        found.push(`the document is ${root.scrollHeight} high in ${innerHeight}`);
    }
    for (const one of dialogs) {
        const { left, right, top, bottom } = boxOf(one);
        if (left < -SLACK || top < -SLACK || right > innerWidth + SLACK || bottom > innerHeight + SLACK) {
            found.push(`a dialog reaches out of the window: ${nameOf(one)}`);
        }
        if (one.scrollWidth > one.clientWidth + SLACK) {
            found.push(`a dialog scrolls sideways: ${one.scrollWidth} in ${one.clientWidth}`);
        }
    }

    // ---- Controls: apart, whole, with their words inside. ----
    const all = [...ground.querySelectorAll(controls)].filter(forEye);
    const boxes = all.map((one) => ({ one, box: seen(one), within: scrolled(one) }));
    for (const [index, { one, box, within }] of boxes.entries()) {
        if (sizeOf(box) < 0.98 * sizeOf(boxOf(one)) - 1) {
            found.push(`cut by what is around it: ${nameOf(one)}`);
        }
        for (const other of boxes.slice(index + 1)) {
            const both = common(box, other.box);
            const over = both.right - both.left > SLACK && both.bottom - both.top > SLACK;
            const nested = one.contains(other.one) || other.one.contains(one);
            const inField =
                one.parentElement?.matches('.input-with-key') &&
                other.one.parentElement === one.parentElement;
            if (over && !nested && !inField && within === other.within) {
                found.push(`over each other: ${nameOf(one)} and ${nameOf(other.one)}`);
            }
        }
    }
    // Of the words that are seen: where they are drawn.
    const inked = (text: Text): Box => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getBoundingClientRect();
    };
    for (const key of ground.querySelectorAll('button, a[href].button, summary')) {
        if (!forEye(key)) {
            continue;
        }
        const outer = boxOf(key);
        const texts = document.createTreeWalker(key, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
            const parent = text.parentElement;
            if (parent === null || text.nodeValue?.trim() === '' || !forEye(parent)) {
                continue;
            }
            const drawn = cut(inked(text as Text), parent);
            if (
                drawn.left < outer.left - SLACK ||
                drawn.right > outer.right + SLACK ||
                drawn.top < outer.top - SLACK - 2 ||
                drawn.bottom > outer.bottom + SLACK + 2
            ) {
                found.push(`"${text.nodeValue?.trim().slice(0, 40)}" reaches out of ${nameOf(key)}`);
            }
            // Names of people are cut in their box; the words of a key never.
            const wide = parent.scrollWidth > parent.clientWidth + SLACK && parent.clientWidth > 0;
            const cuts = getComputedStyle(parent).overflowX !== 'visible';
            if (cuts && wide && parent.closest('bdi, [dir=auto], [title]') === null) {
                found.push(`"${text.nodeValue?.trim().slice(0, 40)}" is cut in ${nameOf(key)}`);
            }
        }
    }

    // ---- What one must always see. ----
    if (dialogs.length === 0 && innerHeight >= 360 && scrollY === 0) {
        const always =
            '.dock .floor-key, .dock .help-key, .top-bar-tools > button, .dock-language .language-key, .dock-listen .language-key';
        const atADesk = '.microphone-key, .cough-key, .output-key, .handover-key';
        const high = innerWidth >= 1280 && innerHeight >= 720;
        for (const one of document.querySelectorAll(high ? `${always}, ${atADesk}` : always)) {
            const { left, right, top, bottom } = boxOf(one);
            if (left < -SLACK || top < -SLACK || right > innerWidth + SLACK || bottom > innerHeight + SLACK) {
                found.push(`out of the window: ${nameOf(one)}`);
            }
        }
    }
    const close = dialogs.at(-1)?.querySelector('.dialog-head button');
    if (close) {
        const { top, bottom } = boxOf(close);
        if (top < 0 || bottom > innerHeight) {
            found.push('the key that closes is out of the window');
        }
    }
    return [...new Set(found)];
}
