// Giving a command from a view: a refusal is told in words, above the dock or else on the notice line, until it is closed or the next
// command succeeds. What others did to oneself is told in the same place, and is not forgotten by a command.

import { signal } from '@preact/signals';
import type { CommandName, Commands } from '../contract/generated.ts';
import { type MessageKey, type MessageValues, text } from '../i18n/index.ts';
import { command } from '../live/actions.ts';
import { type Problem, problemOf } from '../live/problem.ts';
import { problemWords } from './refusals.ts';

/** `who` did it to oneself: it stays until it is closed. */
type Told = { key: MessageKey; values: MessageValues; who?: string } | { problem: Problem };

// What is told; null for nothing.
export const told = signal<Told | null>(null);

// Whether the page has a line of its own for it, above the dock.
export const toldLines = signal(0);

export function dismissTold(): void {
    told.value = null;
}

// Says what went wrong on this device.
export function say(key: MessageKey, values: MessageValues = {}): void {
    told.value = { key, values };
}

// Says what somebody did to oneself; `who` may be nobody that one knows.
export function sayFate(key: MessageKey, values: MessageValues, who: string): void {
    told.value = { key, values, who };
}

// Says what the server refused, or why it was not reached.
export function sayProblem(thrown: unknown): void {
    told.value = { problem: problemOf(thrown) };
}

// Gives a command. Never throws; false when it was refused.
export function act<N extends CommandName>(name: N, data: Commands[N]): Promise<boolean> {
    return attempt(() => command(name, data));
}

// The same for actions that are more than one command.
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
        await action();
        if (told.value !== null && !('who' in told.value)) {
            told.value = null;
        }
        return true;
    } catch (thrown) {
        sayProblem(thrown);
        return false;
    }
}

export function toldText(shown: Told): string {
    if ('problem' in shown) {
        return problemWords(shown.problem);
    }
    const words = text(shown.key, shown.values);
    return shown.who ? `${words} · \u2068${shown.who}\u2069` : words; // isolated: it may run the other way
}
