// Giving a command from a view: a refusal is shown in words on the page's notice line until it is closed or the next
// command succeeds.

import { signal } from '@preact/signals';
import type { CommandName, Commands } from '../contract/generated.ts';
import { type MessageKey, type MessageValues, text } from '../i18n/index.ts';
import { command } from '../live/actions.ts';
import { type Problem, problemOf } from '../live/problem.ts';
import { problemWords } from './refusals.ts';

type Refusal = { key: MessageKey; values: MessageValues } | { problem: Problem };

// What the notice line says; null for nothing.
export const refusal = signal<Refusal | null>(null);

export function dismissRefusal(): void {
    refusal.value = null;
}

// Says on the notice line what went wrong on this device.
export function say(key: MessageKey, values: MessageValues = {}): void {
    refusal.value = { key, values };
}

// Says what the server refused, or why it was not reached.
export function sayProblem(thrown: unknown): void {
    refusal.value = { problem: problemOf(thrown) };
}

// Gives a command. Never throws; false when it was refused.
export function act<N extends CommandName>(name: N, data: Commands[N]): Promise<boolean> {
    return attempt(() => command(name, data));
}

// The same for actions that are more than one command.
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
        await action();
        refusal.value = null;
        return true;
    } catch (thrown) {
        sayProblem(thrown);
        return false;
    }
}

export function refusalText(shown: Refusal): string {
    return 'problem' in shown ? problemWords(shown.problem) : text(shown.key, shown.values);
}
