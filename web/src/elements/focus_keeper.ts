// The focus is never lost with the key that had it. A key goes when what it meant is done, or can no longer be pressed: then the focus goes to
// one of the same kind that comes after it (the next line's of a list), else to what stands in its place, else outwards from there.

const TAKES_FOCUS =
    'a[href], button, input, select, textarea, summary, audio[controls], [tabindex]:not([tabindex="-1"])';
// What belongs together, from the inside outwards; the page itself is the last.
const PARTS = 'dialog, form, section, aside, header, main, #page';

interface Place {
    parent: Node;
    // What stood before it.
    before: Node | null;
}

function isGone(element: HTMLElement): boolean {
    return !element.isConnected || element.matches(':disabled');
}

// What had it.
interface Lost {
    element: HTMLElement;
    kind: string;
    // By keyboard: what takes it then comes into view. Under a pointer nothing may move.
    byKey: boolean;
}

// Keys of one kind are dressed alike, whatever state they are in.
function kindOf(element: Element): string {
    const classes = [...element.classList].filter((one) => !one.startsWith('is-'));
    return `${element.localName} ${classes.join(' ')}`;
}

// Where the outermost of what was removed around it stood. What came at the same time comes after that place: it may be there instead.
function placeOf(lost: Node, records: readonly MutationRecord[]): Place | null {
    const added = new Set(records.flatMap((one) => [...one.addedNodes]));
    let place: Place | null = null;
    let within = lost;
    for (const { target, removedNodes, previousSibling } of records) {
        if ([...removedNodes].some((one) => one.contains(within))) {
            place = { parent: target, before: previousSibling };
            within = target;
        }
    }
    while (place?.before && added.has(place.before)) {
        place.before = place.before.previousSibling;
    }
    return place;
}

/** What comes after the place within a part, and what before it, nearest first. */
function around(part: Element, place: Place, lost: Node): { after: HTMLElement[]; before: HTMLElement[] } {
    const mark = lost.isConnected ? lost : place.before?.isConnected ? place.before : place.parent;
    // Inside what is left of the place itself all comes after; what stood before the place comes before, with all that is in it.
    const inside = mark === place.parent;
    const after: HTMLElement[] = [];
    const before: HTMLElement[] = [];
    for (const one of part.querySelectorAll<HTMLElement>(TAKES_FOCUS)) {
        if (one === lost || one.tabIndex < 0 || isGone(one)) {
            continue;
        }
        const where = mark.compareDocumentPosition(one);
        const within = (where & Node.DOCUMENT_POSITION_CONTAINED_BY) !== 0;
        const follows = within ? inside : (where & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
        if (follows) {
            after.push(one);
        } else {
            before.unshift(one);
        }
    }
    return { after, before };
}

function handOn({ element, kind, byKey }: Lost, place: Place): void {
    // What is hidden, for one of many reasons, does not take it.
    const takes = (one: HTMLElement): boolean => {
        one.focus({ preventScroll: !byKey });
        return document.activeElement === one;
    };
    const from = place.parent instanceof Element ? place.parent : place.parent.parentElement;
    for (let part = from?.closest(PARTS); part; part = part.parentElement?.closest(PARTS)) {
        const { after, before } = around(part, place, element);
        const alike = (one: HTMLElement): boolean => kindOf(one) === kind;
        const inOrder = [...after.filter(alike), ...before.filter(alike), ...after, ...before];
        if (inOrder.some(takes)) {
            return;
        }
    }
    document.getElementById('main')?.focus({ preventScroll: true });
}

function focusIsLost(): boolean {
    const at = document.activeElement;
    return at === null || at === document.body || at === document.documentElement;
}

/** Called once. */
export function keepFocus(): void {
    let last: Lost | null = null;
    document.addEventListener('focusin', ({ target }) => {
        if (target instanceof HTMLElement) {
            last = { element: target, kind: kindOf(target), byKey: target.matches(':focus-visible') };
        }
    });
    const look = (records: readonly MutationRecord[]): void => {
        if (last === null) {
            return;
        }
        const { element } = last;
        if (!isGone(element) || !(document.activeElement === element || focusIsLost())) {
            return;
        }
        const removed = placeOf(element, records);
        if (removed === null && !element.isConnected) {
            return; // it went before, and the focus was put elsewhere by a hand
        }
        handOn(last, removed ?? { parent: element.parentElement ?? document.body, before: element });
    };
    const options = { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] };
    new MutationObserver(look).observe(document.body, options);
}
