// Giving a command from a view: a refusal is shown in words on the page's notice line until it is closed or the next
// command succeeds.

import { signal } from '@preact/signals';
import type { CommandName, Commands } from '../contract/generated.ts';
import { type MessageKey, type MessageValues, text } from '../i18n/index.ts';
import { command } from '../live/actions.ts';
import { problemOf } from '../live/problem.ts';
import { problemKey } from './words.ts';

interface Refusal {
    key: MessageKey;
    values: MessageValues;
}

// What the notice line says; null for nothing.
export const refusal = signal<Refusal | null>(null);

export function dismissRefusal(): void {
    refusal.value = null;
}

// Says on the notice line what went wrong on this device.
export function say(key: MessageKey, values: MessageValues = {}): void {
    refusal.value = { key, values };
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
        const problem = problemOf(thrown);
        refusal.value = {
            key: problemKey(problem.kind),
            values: { detail: problem.detail || problem.kind },
        };
        return false;
    }
}

export function refusalText(shown: Refusal): string {
    return text(shown.key, shown.values);
}
