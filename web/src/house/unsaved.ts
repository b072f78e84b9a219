// What was written and not saved: leaving it asks first. Closing and reloading are asked by the browser, in its own words; a key of the house
// and the browser's own way back are asked by the page. As in areas/leaving.ts, there is then an entry of our own in the history to step out of.
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { navigate } from '../router/router.ts';

const written = signal<ReadonlySet<string>>(new Set());
/** Where one wants to go; null when nothing is asked. */
const wanted = signal<(() => void) | null>(null);

/** The question is open. */
export const unsavedAsked: ReadonlySignal<(() => void) | null> = wanted;

/** While a form is shown: whether there is something in it that is not saved. */
export function useUnsaved(form: string, dirty: boolean): void {
    useEffect(() => {
        const others = [...written.peek()].filter((one) => one !== form);
        written.value = new Set(dirty ? [...others, form] : others);
        return () => {
            written.value = new Set([...written.peek()].filter((one) => one !== form));
        };
    }, [form, dirty]);
}

function unless(act: () => void): void {
    if (written.peek().size === 0) {
        act();
    } else {
        wanted.value = act;
    }
}

/** Goes to another page of the house, after a question while something is not saved. */
export function go(path: string): void {
    unless(() => navigate(path));
}

/** The same for what leads elsewhere than to an address. */
export function leaveFor(act: () => void): void {
    unless(act);
}

const MARK = 'plenary.unsaved';
let inside = '';

function ask(event: BeforeUnloadEvent): void {
    event.preventDefault();
    // Browsers of 2023 ask only for this.
    event.returnValue = true;
}

function guard(): void {
    if (history.state !== MARK) {
        history.pushState(MARK, '');
    }
    inside = location.pathname;
}

function steppedBack(): void {
    const out = inside === location.pathname && history.state !== MARK;
    inside = history.state === MARK ? location.pathname : '';
    if (out && written.peek().size > 0) {
        wanted.value = () => history.back();
    } else if (out) {
        history.back();
    }
}

export function stay(): void {
    wanted.value = null;
    if (written.peek().size > 0) {
        guard();
    }
}

/** Goes where one wanted to; what was written is lost. */
export function leave(): void {
    const act = wanted.peek();
    wanted.value = null;
    written.value = new Set();
    act?.();
}

/** While the house is shown. */
export function followUnsaved(): () => void {
    window.addEventListener('popstate', steppedBack);
    const stop = effect(() => {
        if (written.value.size > 0) {
            window.addEventListener('beforeunload', ask);
            guard();
        } else {
            window.removeEventListener('beforeunload', ask);
        }
    });
    return () => {
        stop();
        window.removeEventListener('popstate', steppedBack);
        window.removeEventListener('beforeunload', ask);
    };
}
