// Leaving the page asks first while somebody would be cut off: one's own microphone is open or opens, one trains, or this page holds what
// would go with it. Closing and reloading are asked by the browser, in its own words. Going back, which on a phone is a swipe at the edge, is
// a step within the page as long as there is an entry of ours to step out of: then the page asks.

import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { leaveRoom } from '../live/actions.ts';
import { deskOpens } from '../state/own_desk.ts';
import { hasEnded, iAmOnTheAir, iCan, me, meeting, stage } from '../state/store.ts';
import { iTalk } from '../state/talkback.ts';

const held = signal<ReadonlySet<string>>(new Set());
const asked = signal(false);

/** While a part is shown: whether it holds something that goes with the page. */
export function useStake(name: string, holds: boolean): void {
    useEffect(() => {
        const others = [...held.peek()].filter((one) => one !== name);
        held.value = new Set(holds ? [...others, name] : others);
        return () => {
            held.value = new Set([...held.peek()].filter((one) => one !== name));
        };
    }, [name, holds]);
}

function speaks(): boolean {
    return iAmOnTheAir.value || me.value?.microphone === 'cough' || deskOpens.value || iTalk.value;
}

function trains(): boolean {
    return meeting.value?.rehearsal === true && iCan('has_desk');
}

/** Whether leaving now would cut somebody off. */
export const atStake: ReadonlySignal<boolean> = computed(
    () => stage.value === 'room' && !hasEnded.value && (speaks() || trains() || held.value.size > 0),
);

/** The question is open. */
export const leavingAsked: ReadonlySignal<boolean> = asked;

// The entry of the history that one steps out of by going back.
const MARK = 'plenary.stay';
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
    if (asked.peek()) {
        leave(); // a second swipe is an answer
    } else if (out && atStake.peek()) {
        asked.value = true;
    } else if (out) {
        history.back();
    }
}

/** Stays, and is asked again the next time. */
export function stay(): void {
    asked.value = false;
    guard();
}

/** Goes where the person wanted to; nobody hears this page from now on. */
export function leave(): void {
    asked.value = false;
    window.removeEventListener('beforeunload', ask);
    void leaveRoom().catch(() => {});
    history.back();
}

/** Called once. */
export function followLeaving(): void {
    window.addEventListener('popstate', steppedBack);
    effect(() => {
        if (atStake.value) {
            window.addEventListener('beforeunload', ask);
            guard();
        } else {
            window.removeEventListener('beforeunload', ask);
        }
    });
}
